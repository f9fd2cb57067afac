use super::Param;

/// Statements that go to the database together, in their order. SQLite has its own thread, and waking it takes longer than
/// what it then does.
#[derive(Debug, Default)]
pub(super) struct Batch {
    doing: &'static str,
    text: String,
    params: Vec<Kept>,
    statements: usize,
}

/// A parameter that waits.
#[derive(Debug)]
pub(super) enum Kept {
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
    MaybeInt(Option<i64>),
    MaybeText(Option<String>),
    MaybeBytes(Option<Vec<u8>>),
}

impl Batch {
    /// Statements that wait at the most.
    const STATEMENTS_MAX: usize = 16;

    /// Adds a statement. `doing` of the first stands for all of them where they fail.
    pub(super) fn add(&mut self, doing: &'static str, sql: &str, params: &[Param<'_>]) {
        if self.statements == 0 {
            self.doing = doing;
        } else {
            self.text.push_str("; ");
        }
        renumber(sql, self.params.len(), &mut self.text);
        self.params.extend(params.iter().map(Kept::from));
        self.statements += 1;
    }

    /// Whether it must be sent before another is added.
    pub(super) fn is_full(&self) -> bool {
        self.statements >= Self::STATEMENTS_MAX
    }

    /// What waits, if something does: what it is for, its text, its parameters. Nothing waits afterwards.
    pub(super) fn take(&mut self) -> Option<(&'static str, String, Vec<Kept>)> {
        if self.statements == 0 {
            return None;
        }
        let Self { doing, text, params, .. } = std::mem::take(self);
        Some((doing, text, params))
    }
}

impl From<&Param<'_>> for Kept {
    fn from(param: &Param<'_>) -> Self {
        match *param {
            Param::Int(number) => Self::Int(number),
            Param::Text(text) => Self::Text(text.to_owned()),
            Param::Bytes(bytes) => Self::Bytes(bytes.to_vec()),
            Param::MaybeInt(number) => Self::MaybeInt(number),
            Param::MaybeText(text) => Self::MaybeText(text.map(str::to_owned)),
            Param::MaybeBytes(bytes) => Self::MaybeBytes(bytes.map(<[u8]>::to_vec)),
        }
    }
}

/// Writes a statement whose `$1` becomes the parameter after `before` others. The statements of the store have `$` nowhere else.
fn renumber(sql: &str, before: usize, out: &mut String) {
    let mut parts = sql.split('$');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        let number = number.parse::<usize>().map_or(0, |number| number + before);
        out.push('$');
        out.push_str(&number.to_string());
        out.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_count_through_all_statements() {
        let mut batch = Batch::default();
        batch.add("a", "INSERT INTO t VALUES ($1, $2)", &[Param::Int(1), Param::Text("x")]);
        batch.add("b", "UPDATE t SET y = $2 WHERE x IN ($1, $12)", &[Param::Int(3), Param::Int(4)]);
        let (doing, text, params) = batch.take().unwrap();
        assert_eq!((doing, params.len()), ("a", 4));
        assert_eq!(text, "INSERT INTO t VALUES ($1, $2); UPDATE t SET y = $4 WHERE x IN ($3, $14)");
        assert!(batch.take().is_none());
    }

    #[test]
    fn no_more_wait_than_a_batch_has_room_for() {
        let mut batch = Batch::default();
        for _ in 0..Batch::STATEMENTS_MAX {
            assert!(!batch.is_full());
            batch.add("a", "DELETE FROM t", &[]);
        }
        assert!(batch.is_full());
    }
}
