use super::{key::hex, problem::Problem};

/// How many a page has at the most.
pub(crate) const LIMIT_MAX: usize = 1_000;

/// How many a page has if nobody says.
pub(crate) const LIMIT_DEFAULT: usize = 100;

/// Where a page ended: the position in the log of the last thing on it, and a name where several share one.
///
/// Pages go by position, so that what comes meanwhile is on a later page: nothing is passed over and nothing comes twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cursor {
    /// The position.
    pub(crate) position: u64,
    /// The name among those of the position; empty where there is but one.
    pub(crate) name: String,
}

impl Cursor {
    /// The cursor after the thing at a position.
    pub(crate) fn at(position: u64) -> Self {
        Self { position, name: String::new() }
    }

    /// Reads a cursor; none is the beginning.
    pub(crate) fn read(text: Option<&str>) -> Result<Self, Problem> {
        let Some(text) = text else { return Ok(Self::default()) };
        parsed(text).ok_or_else(|| {
            Problem::parameter(
                "after",
                "it is no cursor: take the one that the page before gave, or leave it out",
            )
        })
    }

    /// As it is given to callers, who need not understand it.
    pub(crate) fn text(&self) -> String {
        if self.name.is_empty() {
            return format!("{:x}", self.position);
        }
        format!("{:x}.{}", self.position, hex(self.name.as_bytes()))
    }
}

fn parsed(text: &str) -> Option<Cursor> {
    let (position, name) = text.split_once('.').unwrap_or((text, ""));
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if !is_hex(position) || !is_hex(name) {
        return None;
    }
    Some(Cursor { position: u64::from_str_radix(position, 16).ok()?, name: unhex(name)? })
}

fn unhex(text: &str) -> Option<String> {
    let pairs = text.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    });
    let bytes: Option<Vec<u8>> = pairs.collect();
    bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The size of a page that is asked for: 1 to [`LIMIT_MAX`].
pub(crate) fn limit(asked: Option<usize>) -> Result<usize, Problem> {
    match asked {
        None => Ok(LIMIT_DEFAULT),
        Some(limit) if (1..=LIMIT_MAX).contains(&limit) => Ok(limit),
        Some(_) => Err(Problem::parameter("limit", format!("write a number from 1 to {LIMIT_MAX}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_anything_else_is_refused() {
        for cursor in
            [Cursor::at(0), Cursor::at(u64::MAX), Cursor { position: 7, name: "svar.ny".to_owned() }]
        {
            assert_eq!(Cursor::read(Some(&cursor.text())).unwrap(), cursor);
        }
        assert_eq!(Cursor::read(None).unwrap(), Cursor::default());
        for bad in ["", "g", "!", "1.a", "1.zz", "A", "+1", "10000000000000000"] {
            assert!(Cursor::read(Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_page_has_one_line_at_least_and_a_thousand_at_most() {
        assert_eq!(
            [limit(Some(1)).unwrap(), limit(Some(1000)).unwrap(), limit(None).unwrap()],
            [1, 1000, 100]
        );
        assert!(limit(Some(0)).is_err() && limit(Some(1001)).is_err());
    }
}
