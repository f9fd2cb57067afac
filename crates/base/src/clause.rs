use std::fmt;

/// Where a rule stands: the clause of an agreement, guideline, regulation or standard, as its readers cite it.
///
/// The text is kept as written ("Retningslinje 2 pkt. 4.1", "§ 13 annet ledd"); Samspill never interprets it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct ClauseRef(String);

impl ClauseRef {
    /// A reference with this wording.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The wording.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClauseRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
