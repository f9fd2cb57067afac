use super::{Code, Diagnostic, DiagnosticSeverity, Location, Related};
use crate::source::{Sources, Spot};

/// The mistakes found so far, and the files they are in.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) sources: Sources,
    diagnostics: Vec<Diagnostic>,
}

/// The mistake just reported, to say more about it.
pub(crate) struct Reported<'r> {
    report: &'r mut Report,
}

impl Report {
    pub(crate) fn error(&mut self, code: Code, spot: Spot, message: impl Into<String>) -> Reported<'_> {
        self.add(DiagnosticSeverity::Error, code, spot, message.into())
    }

    pub(crate) fn warning(&mut self, code: Code, spot: Spot, message: impl Into<String>) -> Reported<'_> {
        self.add(DiagnosticSeverity::Warning, code, spot, message.into())
    }

    fn add(&mut self, severity: DiagnosticSeverity, code: Code, spot: Spot, message: String) -> Reported<'_> {
        let at = self.location(spot);
        self.diagnostics.push(Diagnostic { code, severity, message, at, help: None, related: Vec::new() });
        Reported { report: self }
    }

    pub(crate) fn location(&self, spot: Spot) -> Location {
        let spot = self.sources.within(spot);
        Location { place: self.sources.place(spot), column: self.sources.column(spot), span: spot.range() }
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == DiagnosticSeverity::Error)
    }

    /// All of them, by file and line; one that was found twice (a shared file read for two versions) once.
    pub(crate) fn finish(self) -> (Vec<Diagnostic>, Sources) {
        let mut diagnostics = self.diagnostics;
        diagnostics.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.at.place.file.clone(), d.at.span.start, d.code, d.message.clone());
            key(a).cmp(&key(b))
        });
        diagnostics.dedup();
        (diagnostics, self.sources)
    }
}

impl Reported<'_> {
    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        if let Some(last) = self.report.diagnostics.last_mut() {
            last.help = Some(as_a_phrase(&help.into()));
        }
        self
    }

    pub(crate) fn related(self, spot: Spot, text: impl Into<String>) -> Self {
        let at = self.report.location(spot);
        if let Some(last) = self.report.diagnostics.last_mut() {
            last.related.push(Related { at, text: text.into() });
        }
        self
    }
}

/// With a small first letter and no full stop: the sentences of [`Code::mend`] read as the other helps do.
fn as_a_phrase(text: &str) -> String {
    let text = text.strip_suffix('.').unwrap_or(text);
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// The name nearest to what was written, if one is near enough to have been meant.
pub(crate) fn did_you_mean<'n>(written: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    const NEAR_ENOUGH_PERCENT: f64 = 0.75;
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&written.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(nearness, _)| *nearness >= NEAR_ENOUGH_PERCENT)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
