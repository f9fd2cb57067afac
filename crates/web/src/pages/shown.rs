//! Parts that many pages show.

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
