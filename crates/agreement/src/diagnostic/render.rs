use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, DiagnosticSeverity, Location};
use crate::source::Sources;

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// Text without colours.
    #[default]
    Plain,
    /// Text with the colours of a terminal.
    Coloured,
}

/// The diagnostics as text: each with the lines of the file it points at, and what to write instead.
pub fn render_diagnostics(diagnostics: &[Diagnostic], sources: &Sources, look: Look) -> String {
    let renderer = match look {
        Look::Plain => Renderer::plain(),
        Look::Coloured => Renderer::styled(),
    };
    let mut text = String::new();
    for diagnostic in diagnostics {
        let help = diagnostic.help.as_deref().map(one_line);
        let message = one_line(&diagnostic.message);
        text.push_str(&renderer.render(&[group(diagnostic, &message, help.as_deref(), sources)]));
        text.push_str("\n\n");
    }
    text
}

fn group<'d>(
    diagnostic: &'d Diagnostic,
    message: &'d str,
    help: Option<&'d str>,
    sources: &'d Sources,
) -> Group<'d> {
    let level = match diagnostic.severity {
        DiagnosticSeverity::Error => Level::ERROR,
        DiagnosticSeverity::Warning => Level::WARNING,
    };
    let mut group = level.primary_title(message).id(diagnostic.code.as_str()).element(snippet(
        &diagnostic.at,
        sources,
        AnnotationKind::Primary,
        None,
    ));
    for related in &diagnostic.related {
        group = group.element(snippet(&related.at, sources, AnnotationKind::Context, Some(&related.text)));
    }
    match help {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    }
}

/// The lines around a place only: files can be long.
fn snippet<'d>(
    at: &Location,
    sources: &'d Sources,
    kind: AnnotationKind,
    label: Option<&'d str>,
) -> Snippet<'d, annotate_snippets::Annotation<'d>> {
    let text = sources.text(&at.place.file).unwrap_or("");
    let start = text[..at.span.start.min(text.len())].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = |from: usize| text[from..].find('\n').map_or(text.len(), |newline| from + newline);
    // Of a value over many lines, the first is shown.
    let end = line_end(at.span.start.min(text.len()));
    let span = (at.span.start.min(end) - start)..(at.span.end.min(end).max(at.span.start.min(end)) - start);
    let annotation = kind.span(span).label(label);
    Snippet::source(&text[start..end])
        .line_start(at.place.line as usize)
        .path(at.place.file.to_string())
        .annotation(annotation)
}

/// Text of a file may hold anything: no line breaks or control characters in a title.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
