use std::collections::HashMap;

/// The store's statements as SQLite counts their parameters.
///
/// To SQLite `$2` is a name, and its number that of its first appearance; `?2` is number two. The store's statements have `$` nowhere
/// else.
#[derive(Debug, Default)]
pub(super) struct Statements(HashMap<&'static str, Box<str>>);

impl Statements {
    /// The statement with `?1` for `$1`.
    pub(super) fn counted(&mut self, sql: &'static str) -> &str {
        self.0.entry(sql).or_insert_with(|| sql.replace('$', "?").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbers_in_place_of_names() {
        let mut statements = Statements::default();
        for _ in 0..2 {
            let counted = statements.counted("UPDATE t SET y = $2 WHERE x IN ($1, $12)");
            assert_eq!(counted, "UPDATE t SET y = ?2 WHERE x IN (?1, ?12)");
        }
        assert_eq!(statements.0.len(), 1);
    }
}
