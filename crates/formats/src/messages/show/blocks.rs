//! What a page is made of, before it becomes text or HTML.

/// A message as it is told.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Page {
    pub(super) title: String,
    /// Below the title: the status, or what a receipt answers.
    pub(super) status: Vec<String>,
    pub(super) blocks: Vec<Block>,
}

/// A piece of a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    /// A heading with what stands under it.
    Section { title: String, blocks: Vec<Block> },
    /// A label and what it has.
    Fact { label: String, value: Vec<Rich> },
    /// Repeated things.
    Table(Table),
    /// Running text of the sender.
    Prose(Vec<Rich>),
    /// A sentence of our own.
    Note(String),
    /// Between facts of different things.
    Gap,
}

/// A table; the first column names the row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) columns: Vec<String>,
    /// As many cells a row as there are columns; an empty cell has nothing.
    pub(super) rows: Vec<Vec<Vec<Rich>>>,
}

/// A piece of text with its form.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Rich {
    Paragraph(Vec<Span>),
    List {
        kind: ListKind,
        items: Vec<Vec<Rich>>,
    },
    /// A table that the sender wrote in a text.
    Grid(Vec<Vec<Cell>>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListKind {
    Bullets,
    Numbers,
}

/// A cell of a [`Rich::Grid`]: how many columns and rows it takes, and what it has.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cell {
    pub(super) kind: CellKind,
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) content: Vec<Rich>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellKind {
    Header,
    Data,
}

/// A stretch of text in a paragraph.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Span {
    Text(String),
    Strong(Vec<Span>),
    Emphasis(Vec<Span>),
    Break,
}

impl Block {
    pub(super) fn fact(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Fact { label: label.into(), value: vec![Rich::line(value)] }
    }
}

impl Rich {
    /// A paragraph of plain text in one piece.
    pub(super) fn line(text: impl Into<String>) -> Self {
        Self::Paragraph(vec![Span::Text(text.into())])
    }

    /// Paragraphs of a text as people write it: an empty line parts them, a new line stays one. White space at the ends of lines
    /// goes, because it is how the XML was indented.
    pub(super) fn paragraphs(text: &str) -> Vec<Self> {
        let mut all = Vec::new();
        let mut spans: Vec<Span> = Vec::new();
        for line in
            text.replace("\r\n", "\n").split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).map(str::trim)
        {
            if line.is_empty() {
                flush(&mut spans, &mut all);
                continue;
            }
            if !spans.is_empty() {
                spans.push(Span::Break);
            }
            spans.push(Span::Text(line.to_owned()));
        }
        flush(&mut spans, &mut all);
        all
    }
}

/// A heading with what stands under it; nothing if nothing does.
pub(super) fn section(title: &str, blocks: Vec<Block>) -> Option<Block> {
    (!blocks.is_empty()).then(|| Block::Section { title: title.to_owned(), blocks })
}

fn flush(spans: &mut Vec<Span>, all: &mut Vec<Rich>) {
    if !spans.is_empty() {
        all.push(Rich::Paragraph(std::mem::take(spans)));
    }
}

/// Text with its form taken off: paragraphs and items parted by semicolons.
pub(super) fn in_one_line(value: &[Rich]) -> String {
    let pieces: Vec<String> = value.iter().map(rich_in_one_line).filter(|piece| !piece.is_empty()).collect();
    pieces.join("; ")
}

fn rich_in_one_line(rich: &Rich) -> String {
    match rich {
        Rich::Paragraph(spans) => spans_text(spans).replace('\n', " "),
        Rich::List { items, .. } => {
            let items: Vec<String> = items.iter().map(|item| in_one_line(item)).collect();
            items.join("; ")
        }
        Rich::Grid(rows) => {
            let rows: Vec<String> = rows
                .iter()
                .map(|row| row.iter().map(|cell| in_one_line(&cell.content)).collect::<Vec<_>>().join(" | "))
                .collect();
            rows.join("; ")
        }
    }
}

/// The text of spans; a break is a new line.
pub(super) fn spans_text(spans: &[Span]) -> String {
    spans.iter().fold(String::new(), |mut text, span| {
        match span {
            Span::Text(piece) => text.push_str(piece),
            Span::Strong(spans) | Span::Emphasis(spans) => text.push_str(&spans_text(spans)),
            Span::Break => text.push('\n'),
        }
        text
    })
}

/// Blocks as lines of text: `label: value`.
pub(super) fn as_lines(blocks: &[Block]) -> Vec<String> {
    let mut lines = Vec::new();
    for block in blocks {
        match block {
            Block::Section { title, blocks } => {
                lines.push(format!("{title}: {}", as_lines(blocks).join("; ")));
            }
            Block::Fact { label, value } => lines.push(format!("{label}: {}", in_one_line(value))),
            Block::Table(table) => {
                lines.extend(table.rows.iter().map(|row| row_as_line(&table.columns, row)));
            }
            Block::Prose(value) => lines.push(in_one_line(value)),
            Block::Note(text) => lines.push(text.clone()),
            Block::Gap => {}
        }
    }
    lines
}

fn row_as_line(columns: &[String], row: &[Vec<Rich>]) -> String {
    let cells: Vec<String> = columns
        .iter()
        .zip(row)
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(column, cell)| format!("{column}: {}", in_one_line(cell)))
        .collect();
    cells.join("; ")
}
