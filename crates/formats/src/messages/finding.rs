use std::fmt;

use crate::{Place, xml::El};

/// How much a finding weighs. In the order of weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing: an unknown code, an unusual way of writing. Nothing is asked of anybody.
    Note,
    /// A rule of a profile isn't followed. The message is received all the same.
    Warning,
    /// The schema isn't followed, or the message can't be understood. Whether it is refused, the rules of receipts say.
    Error,
}

/// Something about a message that isn't as it should be, or worth knowing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// A stable name for this kind of finding: `missing-element`, `unknown-code`.
    pub code: &'static str,
    /// Where, from the outermost element: `/MsgHead/MsgInfo/Patient/Ident[2]/Id`.
    pub path: String,
    /// The line and column there.
    pub place: Place,
    /// What is wrong and what to write instead, as a sentence without a full stop.
    pub text: String,
    /// The standard and section that asks for it, where one does: `HIS 1149:2014 5.2`.
    pub clause: Option<String>,
}

impl Finding {
    /// A finding at an element. What the text repeats of a message can't command a terminal or turn writing.
    pub fn at(element: El<'_>, severity: Severity, code: &'static str, text: impl Into<String>) -> Self {
        let text = super::show::safe(&text.into());
        Self { severity, code, path: element.path(), place: element.place(), text, clause: None }
    }

    /// With the clause that asks for it.
    pub fn by(mut self, clause: impl Into<String>) -> Self {
        self.clause = Some(clause.into());
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.place.line, self.place.column, self.path, self.text)?;
        match &self.clause {
            Some(clause) => write!(f, " ({clause})"),
            None => Ok(()),
        }
    }
}
