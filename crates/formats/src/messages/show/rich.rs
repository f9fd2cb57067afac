//! Texts with simple HTML in them, from a short list of elements. Of any other element the text is told.

use super::blocks::{Cell, CellKind, ListKind, Rich, Span};
use super::labels;
use crate::xml::{Content, El};

/// The namespace of XHTML.
const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// The most columns or rows that one cell is believed to take.
const SPAN_MAX: usize = 50;

/// Whether an element holds marked-up text: XHTML, or the same names in the message's own namespace where text is expected.
pub(super) fn is_rich(element: El<'_>) -> bool {
    let may_be_bare = labels::forms().marked_up.contains(element.local());
    element.children().any(|child| child.space() == XHTML || (may_be_bare && is_html_name(child.local())))
}

/// What it says, in paragraphs, lists and tables.
pub(super) fn told(element: El<'_>) -> Vec<Rich> {
    let mut flow = Flow::default();
    flow.contents(element);
    flow.finish()
}

fn is_html_name(local: &str) -> bool {
    matches!(
        local,
        "html"
            | "body"
            | "div"
            | "p"
            | "br"
            | "b"
            | "strong"
            | "i"
            | "em"
            | "span"
            | "ul"
            | "ol"
            | "li"
            | "table"
            | "tbody"
            | "thead"
            | "tr"
            | "td"
            | "th"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "pre"
            | "a"
            | "u"
    )
}

/// Paragraphs being filled.
#[derive(Default)]
struct Flow {
    done: Vec<Rich>,
    spans: Vec<Span>,
}

impl Flow {
    fn contents(&mut self, element: El<'_>) {
        for content in element.contents() {
            match content {
                Content::Text(text) => self.text(text),
                Content::Element(element) => self.element(element),
            }
        }
    }

    fn element(&mut self, element: El<'_>) {
        match element.local() {
            "br" => self.spans.push(Span::Break),
            "b" | "strong" | "i" | "em" => self.spans.push(marked(element)),
            "ul" => self.list(element, ListKind::Bullets),
            "ol" => self.list(element, ListKind::Numbers),
            "table" => self.table(element),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                self.spans.push(Span::Strong(inline(element)));
                self.flush();
            }
            local if is_inline(local) => {
                self.contents(element);
                self.shown_attributes(element);
            }
            _ => {
                self.flush();
                self.contents(element);
                self.shown_attributes(element);
                self.flush();
            }
        }
    }

    /// White space runs become one space, as in HTML.
    fn text(&mut self, text: &str) {
        let words: Vec<&str> = text.split_whitespace().collect();
        let before = if text.starts_with(char::is_whitespace) { " " } else { "" };
        let after = if text.ends_with(char::is_whitespace) && !words.is_empty() { " " } else { "" };
        self.spans.push(Span::Text(format!("{before}{}{after}", words.join(" "))));
    }

    /// Where a link leads and what a picture shows are part of what is said.
    fn shown_attributes(&mut self, element: El<'_>) {
        for attribute in
            element.attributes().filter(|it| matches!(it.local, "href" | "alt" | "title" | "src"))
        {
            if !attribute.value.trim().is_empty() {
                self.spans.push(Span::Text(format!(" ({})", attribute.value.trim())));
            }
        }
    }

    fn list(&mut self, element: El<'_>, kind: ListKind) {
        self.flush();
        let items = element.children().map(told).filter(|item| !item.is_empty()).collect();
        self.done.push(Rich::List { kind, items });
        self.stray_text(element);
    }

    fn table(&mut self, element: El<'_>) {
        self.flush();
        let mut rows = Vec::new();
        self.rows(element, &mut rows);
        if !rows.is_empty() {
            self.done.push(Rich::Grid(rows));
        }
    }

    /// The rows of a table, its head, body and foot; what else stands in it becomes paragraphs.
    fn rows(&mut self, element: El<'_>, rows: &mut Vec<Vec<Cell>>) {
        for child in element.children() {
            match child.local() {
                "tr" => rows.push(child.children().map(cell).collect()),
                "thead" | "tbody" | "tfoot" => self.rows(child, rows),
                _ => {
                    self.contents(child);
                    self.flush();
                }
            }
            if child.local() == "tr" {
                self.stray_text(child);
            }
        }
        self.stray_text(element);
    }

    /// Text between the items of a list or the rows of a table, where HTML has none.
    fn stray_text(&mut self, element: El<'_>) {
        let text = element.text();
        if !text.trim().is_empty() {
            self.text(&text);
            self.flush();
        }
    }

    fn flush(&mut self) {
        let spans = std::mem::take(&mut self.spans);
        let spans = trimmed(spans);
        if !spans.is_empty() {
            self.done.push(Rich::Paragraph(spans));
        }
    }

    fn finish(mut self) -> Vec<Rich> {
        self.flush();
        self.done
    }
}

fn is_inline(local: &str) -> bool {
    matches!(local, "span" | "a" | "u" | "sub" | "sup" | "small" | "font" | "code" | "abbr" | "label")
}

fn cell(element: El<'_>) -> Cell {
    let span = |name| match element.attribute(name).and_then(|value| value.trim().parse::<usize>().ok()) {
        Some(span) => span.clamp(1, SPAN_MAX),
        None => 1,
    };
    let kind = if element.local() == "th" { CellKind::Header } else { CellKind::Data };
    Cell { kind, columns: span("colspan"), rows: span("rowspan"), content: told(element) }
}

fn marked(element: El<'_>) -> Span {
    match element.local() {
        "b" | "strong" => Span::Strong(inline(element)),
        _ => Span::Emphasis(inline(element)),
    }
}

/// What an element says without paragraphs: they become breaks.
fn inline(element: El<'_>) -> Vec<Span> {
    let mut flow = Flow::default();
    flow.contents(element);
    if flow.done.is_empty() {
        return flow.spans;
    }
    let mut spans = Vec::new();
    for rich in flow.finish() {
        if !spans.is_empty() {
            spans.push(Span::Break);
        }
        match rich {
            Rich::Paragraph(inner) => spans.extend(inner),
            Rich::List { .. } | Rich::Grid(_) => spans.push(Span::Text(super::blocks::in_one_line(&[rich]))),
        }
    }
    spans
}

/// Without breaks and empty text at both ends.
fn trimmed(mut spans: Vec<Span>) -> Vec<Span> {
    let is_nothing = |span: &Span| match span {
        Span::Text(text) => text.trim().is_empty(),
        Span::Break => true,
        Span::Strong(spans) | Span::Emphasis(spans) => super::blocks::spans_text(spans).trim().is_empty(),
    };
    while spans.last().is_some_and(is_nothing) {
        spans.pop();
    }
    let first = spans.iter().position(|span| !is_nothing(span)).unwrap_or(spans.len());
    spans.drain(..first);
    spans
}
