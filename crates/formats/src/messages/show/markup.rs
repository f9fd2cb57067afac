//! Pages as HTML that is also XML: elements closed, everything escaped.

use super::Language;
use super::blocks::{Block, Cell, CellKind, ListKind, Page, Rich, Span, Table};
use super::safe::safe;

/// Headings deeper than HTML has are all of the last level.
const LEVEL_MAX: usize = 6;

/// Readable on a screen and on paper: dark on light, one column, no colour that means something.
const STYLE: &str = include_str!("../../../data/labels/page.css");

/// The page as an `<article>`.
pub(super) fn article(page: &Page, language: Language) -> String {
    let mut writer = Writer { out: String::new(), language };
    writer.out.push_str(&format!("<article class=\"melding\" lang=\"{}\">\n", language.tag()));
    writer.element("h1", &page.title);
    for status in &page.status {
        writer.out.push_str("<p class=\"status\">");
        writer.out.push_str(&escaped(status));
        writer.out.push_str("</p>\n");
    }
    writer.blocks(&page.blocks, 2);
    writer.out.push_str("</article>\n");
    writer.out
}

/// The page as a document of its own.
pub(super) fn standalone(page: &Page, language: Language) -> String {
    let title = escaped(&page.title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<meta name=\"referrer\" content=\"no-referrer\"/>\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
        language.tag(),
        article(page, language),
    )
}

/// Text that can't be taken for markup, as text or in an attribute.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in safe(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
    out
}

struct Writer {
    out: String,
    language: Language,
}

impl Writer {
    fn element(&mut self, name: &str, text: &str) {
        self.out.push_str(&format!("<{name}>{}</{name}>\n", escaped(text)));
    }

    fn blocks(&mut self, blocks: &[Block], level: usize) {
        let mut rest = blocks;
        while let Some((first, after)) = rest.split_first() {
            let facts = rest.iter().take_while(|block| matches!(block, Block::Fact { .. })).count();
            if facts > 0 {
                self.facts(&rest[..facts]);
                rest = &rest[facts..];
                continue;
            }
            self.block(first, level);
            rest = after;
        }
    }

    fn block(&mut self, block: &Block, level: usize) {
        match block {
            Block::Section { title, blocks } => {
                self.out.push_str("<section>\n");
                self.element(&format!("h{}", level.min(LEVEL_MAX)), title);
                self.blocks(blocks, level + 1);
                self.out.push_str("</section>\n");
            }
            Block::Fact { .. } => self.facts(std::slice::from_ref(block)),
            Block::Table(table) => self.table(table),
            Block::Prose(value) => {
                self.out.push_str(&format!("<div class=\"tekst\"{}>\n", self.sender_language()));
                self.riches(value);
                self.out.push_str("</div>\n");
            }
            Block::Note(text) => self.element("p", text),
            Block::Gap => self.out.push_str("<hr/>\n"),
        }
    }

    /// In an English page, texts of the sender are marked as Norwegian, so that they are read out as such.
    fn sender_language(&self) -> &'static str {
        match self.language {
            Language::Bokmal | Language::Nynorsk => "",
            Language::English => " lang=\"no\"",
        }
    }

    fn facts(&mut self, facts: &[Block]) {
        self.out.push_str("<dl>\n");
        for fact in facts {
            if let Block::Fact { label, value } = fact {
                self.out.push_str(&format!("<div><dt>{}</dt><dd>", escaped(label)));
                self.held(value);
                self.out.push_str("</dd></div>\n");
            }
        }
        self.out.push_str("</dl>\n");
    }

    fn table(&mut self, table: &Table) {
        let caption = escaped(&table.caption);
        self.out.push_str(&format!(
            "<div class=\"tabell\" role=\"region\" tabindex=\"0\" aria-label=\"{caption}\">\n"
        ));
        self.out.push_str(&format!("<table>\n<caption>{caption}</caption>\n<thead><tr>"));
        for column in &table.columns {
            self.out.push_str(&format!("<th scope=\"col\">{}</th>", escaped(column)));
        }
        self.out.push_str("</tr></thead>\n<tbody>\n");
        for row in &table.rows {
            self.row(row);
        }
        self.out.push_str("</tbody>\n</table>\n</div>\n");
    }

    /// The first cell names the row.
    fn row(&mut self, row: &[Vec<Rich>]) {
        self.out.push_str("<tr>");
        for (place, cell) in row.iter().enumerate() {
            let (open, close) = if place == 0 { ("<th scope=\"row\">", "</th>") } else { ("<td>", "</td>") };
            self.out.push_str(open);
            self.held(cell);
            self.out.push_str(close);
        }
        self.out.push_str("</tr>\n");
    }

    /// A value in a cell: one paragraph stands alone, several each as a paragraph.
    fn held(&mut self, value: &[Rich]) {
        match value {
            [Rich::Paragraph(spans)] => self.spans(spans),
            _ => self.riches(value),
        }
    }

    fn riches(&mut self, value: &[Rich]) {
        for rich in value {
            match rich {
                Rich::Paragraph(spans) => {
                    self.out.push_str("<p>");
                    self.spans(spans);
                    self.out.push_str("</p>\n");
                }
                Rich::List { kind, items } => self.list(*kind, items),
                Rich::Grid(rows) => self.grid(rows),
            }
        }
    }

    fn list(&mut self, kind: ListKind, items: &[Vec<Rich>]) {
        if items.is_empty() {
            return;
        }
        let name = match kind {
            ListKind::Bullets => "ul",
            ListKind::Numbers => "ol",
        };
        self.out.push_str(&format!("<{name}>\n"));
        for item in items {
            self.out.push_str("<li>");
            self.held(item);
            self.out.push_str("</li>\n");
        }
        self.out.push_str(&format!("</{name}>\n"));
    }

    fn grid(&mut self, rows: &[Vec<Cell>]) {
        self.out.push_str("<table>\n<tbody>\n");
        for (number, row) in rows.iter().enumerate() {
            self.out.push_str("<tr>");
            for cell in row {
                self.cell(cell, number);
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>\n</table>\n");
    }

    fn cell(&mut self, cell: &Cell, row: usize) {
        let (name, scope) = match (cell.kind, row) {
            (CellKind::Data, _) => ("td", ""),
            (CellKind::Header, 0) => ("th", " scope=\"col\""),
            (CellKind::Header, _) => ("th", " scope=\"row\""),
        };
        self.out.push_str(&format!("<{name}{scope}"));
        for (attribute, span) in [("colspan", cell.columns), ("rowspan", cell.rows)] {
            if span > 1 {
                self.out.push_str(&format!(" {attribute}=\"{span}\""));
            }
        }
        self.out.push('>');
        self.held(&cell.content);
        self.out.push_str(&format!("</{name}>"));
    }

    fn spans(&mut self, spans: &[Span]) {
        for span in spans {
            match span {
                Span::Text(text) => self.out.push_str(&escaped(text)),
                Span::Strong(spans) => self.wrapped("strong", spans),
                Span::Emphasis(spans) => self.wrapped("em", spans),
                Span::Break => self.out.push_str("<br/>"),
            }
        }
    }

    fn wrapped(&mut self, name: &str, spans: &[Span]) {
        self.out.push_str(&format!("<{name}>"));
        self.spans(spans);
        self.out.push_str(&format!("</{name}>"));
    }
}
