use std::borrow::Cow;

use samspill_agreement::{Diagnostic, DiagnosticSeverity, model::Language};

/// A line of a file, with what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextLine<'t> {
    /// Its number, from 1.
    pub number: usize,
    /// What it says.
    pub text: &'t str,
    /// The mistakes in it.
    pub remarks: Vec<Remark<'t>>,
}

/// A mistake in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark<'t> {
    /// Its code: `A011`.
    pub code: &'static str,
    /// Whether the proposal can be used all the same.
    pub severity: DiagnosticSeverity,
    /// The column, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: Cow<'t, str>,
    /// What to write instead.
    pub help: Option<Cow<'t, str>>,
}

/// The lines of a file, each with its mistakes in a language. A mistake past the end stands at the last line.
pub fn beside<'t>(
    file: &str,
    text: &'t str,
    diagnostics: &'t [Diagnostic],
    language: Language,
) -> Vec<TextLine<'t>> {
    let mut lines: Vec<TextLine<'t>> = (1..)
        .zip(text.split('\n'))
        .map(|(number, text)| TextLine { number, text, remarks: Vec::new() })
        .collect();
    for found in diagnostics.iter().filter(|found| &*found.at.place.file == file) {
        let index = (found.at.place.line as usize).clamp(1, lines.len()) - 1;
        lines[index].remarks.push(Remark {
            code: found.code.as_str(),
            severity: found.severity,
            column: found.at.column,
            message: found.message_in(language),
            help: found.help_in(language),
        });
    }
    lines
}
