//! Mistakes in files: what is wrong, where, and what to write instead.

mod code;
mod norwegian;
mod render;
mod report;

use std::ops::Range;

pub use code::Code;
pub use render::{Look, render_diagnostics};
pub(crate) use report::{Report, did_you_mean};

use crate::model::Place;

/// A mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What sort of mistake; the code never changes its meaning.
    pub code: Code,
    /// Whether the agreement can be used all the same.
    pub severity: DiagnosticSeverity,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub at: Location,
    /// What to write instead.
    pub help: Option<String>,
    /// Other places that it has to do with.
    pub related: Vec<Related>,
}

/// Whether an agreement with this mistake can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DiagnosticSeverity {
    /// No.
    Error,
    /// Yes; somebody should look at it.
    Warning,
}

/// A place in a file, to the letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// File and line.
    pub place: Place,
    /// The column in characters, from 1.
    pub column: u32,
    /// The bytes of the file.
    pub span: Range<usize>,
}

/// Another place that a mistake has to do with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub at: Location,
    /// What is there.
    pub text: String,
}

/// `{"code": "A011", "severity": "error", "message", "file", "line", "column", "help", "related": [{"file", "line", "column", "text"}]}`
impl serde::Serialize for Diagnostic {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let related: Vec<serde_json::Value> = self.related.iter().map(related_as_json).collect();
        serde_json::json!({
            "code": self.code.as_str(),
            "severity": self.severity,
            "message": self.message,
            "file": &*self.at.place.file,
            "line": self.at.place.line,
            "column": self.at.column,
            "help": self.help,
            "related": related,
        })
        .serialize(serializer)
    }
}

fn related_as_json(related: &Related) -> serde_json::Value {
    serde_json::json!({
        "file": &*related.at.place.file,
        "line": related.at.place.line,
        "column": related.at.column,
        "text": related.text,
    })
}
