//! Parts that many pages show.

use std::{fmt::Display, ops::Range};

use super::fill;

/// Something to choose in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the reader sees.
    pub label: String,
    /// Whether it is chosen.
    pub selected: bool,
}

impl Choice {
    /// A choice, which is chosen if it is what the address or the form says.
    pub fn new(value: impl Into<String>, label: impl Into<String>, chosen: &str) -> Self {
        let value = value.into();
        Self { selected: value == chosen, label: label.into(), value }
    }
}

/// Where a page of a list stands, and what comes before and after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    /// The address of the page before; none on the first.
    pub previous: Option<String>,
    /// The address of the page after; none on the last.
    pub next: Option<String>,
    /// `1–50 av 312`.
    pub text: String,
    /// What the way back is called.
    pub previous_words: &'static str,
    /// What the way on is called.
    pub next_words: &'static str,
}

/// What a pager says: `{first}–{last} av {total}`, back, on.
#[derive(Clone, Copy, Debug)]
pub struct PagerWords {
    /// Which lines of how many.
    pub shown: &'static str,
    /// The way back.
    pub before: &'static str,
    /// The way on.
    pub after: &'static str,
}

impl Pager {
    /// Which lines a page of a list shows, and its pager. A page beyond the last is the last; without lines there is one, empty.
    pub fn cut(
        total: usize,
        (size, asked): (usize, usize),
        address: impl Fn(usize) -> String,
        words: PagerWords,
    ) -> (Range<usize>, Self) {
        let last_page = total.div_ceil(size).max(1);
        let page = asked.clamp(1, last_page);
        let first = (page - 1) * size;
        let last = total.min(first + size);
        let numbers: [(&str, &dyn Display); 3] =
            [("first", &(first + 1)), ("last", &last), ("total", &total)];
        let pager = Self {
            previous: (page > 1).then(|| address(page - 1)),
            next: (page < last_page).then(|| address(page + 1)),
            text: if total == 0 { String::new() } else { fill(words.shown, &numbers) },
            previous_words: words.before,
            next_words: words.after,
        };
        (first..last, pager)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: PagerWords =
        PagerWords { shown: "{first}–{last} av {total}", before: "Forrige", after: "Neste" };

    fn cut(total: usize, asked: usize) -> (Range<usize>, Option<String>, Option<String>, String) {
        let (lines, pager) = Pager::cut(total, (50, asked), |page| format!("?side={page}"), WORDS);
        (lines, pager.previous, pager.next, pager.text)
    }

    #[test]
    fn a_page_has_its_lines_and_ways_to_those_that_there_are() {
        let to = |page: usize| Some(format!("?side={page}"));
        assert_eq!(cut(50, 1), (0..50, None, None, "1–50 av 50".to_owned()));
        assert_eq!(cut(51, 1), (0..50, None, to(2), "1–50 av 51".to_owned()));
        assert_eq!(cut(51, 2), (50..51, to(1), None, "51–51 av 51".to_owned()));
    }

    #[test]
    fn a_page_that_is_not_there_is_the_nearest_one() {
        assert_eq!(cut(51, 99).0, 50..51);
        assert_eq!(cut(51, 0).0, 0..50);
        assert_eq!(cut(0, 3), (0..0, None, None, String::new()));
    }
}
