use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::problem::Problem;

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
        URL_SAFE_NO_PAD.encode(format!("{}.{}", self.position, self.name))
    }
}

fn parsed(text: &str) -> Option<Cursor> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (position, name) = text.split_once('.')?;
    Some(Cursor { position: position.parse().ok()?, name: name.to_owned() })
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
        for bad in ["", "7", "!", "MQ", "LTEu"] {
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
