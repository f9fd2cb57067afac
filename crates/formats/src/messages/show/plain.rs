//! Pages as plain text.

use super::blocks::{Block, Cell, ListKind, Page, Rich, Table, in_one_line, spans_text};
use super::safe::safe;
use super::wrap::{padded, width, wrapped};

/// The width of a page in columns.
const COLUMNS: usize = 100;
/// Labels are set in a column of their own, at most this wide.
const LABEL_COLUMNS_MAX: usize = 30;
/// A column of a table isn't made narrower than this; if it would have to be, rows are told one by one.
const CELL_COLUMNS_MIN: usize = 8;
/// A word longer than this may be cut to make a column narrower.
const WORD_COLUMNS_MAX: usize = 24;
/// How far what stands under a heading of the third level or below is moved in.
const INDENT: usize = 2;
/// The least that is left of the width when parts lie deep in one another.
const TEXT_COLUMNS_MIN: usize = 40;

/// The page as text.
pub(super) fn render(page: &Page) -> String {
    let mut printer = Printer::new();
    printer.underlined(&page.title, '=');
    for status in &page.status {
        printer.text(status);
    }
    printer.gap();
    printer.blocks(&page.blocks, 2, &page.title);
    printer.finish()
}

struct Printer {
    lines: Vec<String>,
    indent: usize,
    /// What is under a heading follows it closely.
    is_after_heading: bool,
}

impl Printer {
    fn new() -> Self {
        Self { lines: Vec::new(), indent: 0, is_after_heading: false }
    }

    fn finish(mut self) -> String {
        while self.lines.last().is_some_and(String::is_empty) {
            self.lines.pop();
        }
        self.lines.join("\n") + "\n"
    }

    fn columns(&self) -> usize {
        COLUMNS - self.indent
    }

    fn line(&mut self, line: &str) {
        let line = format!("{}{line}", " ".repeat(self.indent));
        self.lines.push(line.trim_end().to_owned());
        self.is_after_heading = false;
    }

    fn text(&mut self, text: &str) {
        for line in wrapped(&safe(text), self.columns()) {
            self.line(&line);
        }
    }

    /// An empty line, unless one is there or a heading is.
    fn gap(&mut self) {
        if !self.is_after_heading && self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(String::new());
        }
    }

    fn underlined(&mut self, title: &str, mark: char) {
        let lines = wrapped(&safe(title), self.columns());
        let longest = lines.iter().map(|line| width(line)).max().unwrap_or_default();
        for line in &lines {
            self.line(line);
        }
        self.line(&mark.to_string().repeat(longest));
    }

    fn blocks(&mut self, blocks: &[Block], level: usize, title: &str) {
        let mut rest = blocks;
        while let Some((first, after)) = rest.split_first() {
            let facts = rest.iter().take_while(|block| matches!(block, Block::Fact { .. })).count();
            if facts > 0 {
                self.facts(&rest[..facts]);
                rest = &rest[facts..];
                continue;
            }
            self.block(first, level, title);
            rest = after;
        }
    }

    fn block(&mut self, block: &Block, level: usize, title: &str) {
        match block {
            Block::Section { title, blocks } => self.section(title, blocks, level),
            Block::Fact { .. } => self.facts(std::slice::from_ref(block)),
            Block::Table(table) => {
                self.gap();
                self.table(table, title);
                self.gap();
            }
            Block::Prose(value) => {
                self.gap();
                self.prose(value);
                self.gap();
            }
            Block::Note(text) => {
                self.gap();
                self.text(text);
                self.gap();
            }
            Block::Gap => self.gap(),
        }
    }

    fn section(&mut self, title: &str, blocks: &[Block], level: usize) {
        self.gap();
        if level == 2 {
            self.underlined(title, '-');
            self.is_after_heading = true;
            self.blocks(blocks, level + 1, title);
        } else {
            self.text(title);
            self.is_after_heading = true;
            let before = self.indent;
            self.indent = (self.indent + INDENT).min(COLUMNS - TEXT_COLUMNS_MIN);
            self.blocks(blocks, level + 1, title);
            self.indent = before;
        }
        self.gap();
    }

    /// Labels in one column, values in another.
    fn facts(&mut self, facts: &[Block]) {
        let labels = facts.iter().filter_map(|fact| match fact {
            Block::Fact { label, .. } => Some(width(&safe(label)) + 1),
            Block::Section { .. } | Block::Table(_) | Block::Prose(_) | Block::Note(_) | Block::Gap => None,
        });
        let column = labels.filter(|label| *label <= LABEL_COLUMNS_MAX).max().unwrap_or(INDENT) + 2;
        for fact in facts {
            if let Block::Fact { label, value } = fact {
                self.fact(label, value, column);
            }
        }
    }

    fn fact(&mut self, label: &str, value: &[Rich], column: usize) {
        let label = format!("{}:", safe(label));
        let columns = self.columns() - column;
        let lines: Vec<String> = value.iter().flat_map(|rich| rich_lines(rich, columns)).collect();
        let mut lines = lines.into_iter();
        if width(&label) < column {
            let first = lines.next().unwrap_or_default();
            self.line(&format!("{}{first}", padded(&label, column)));
        } else {
            self.text(&label);
        }
        for line in lines {
            self.line(&format!("{}{line}", " ".repeat(column)));
        }
    }

    /// Paragraphs with an empty line between them.
    fn prose(&mut self, value: &[Rich]) {
        for rich in value {
            self.gap();
            for line in rich_lines(rich, self.columns()) {
                self.line(&line);
            }
        }
    }

    fn table(&mut self, table: &Table, title: &str) {
        if table.caption != title {
            self.text(&table.caption);
        }
        let header: Vec<Vec<Rich>> =
            table.columns.iter().map(|column| vec![Rich::line(column.as_str())]).collect();
        let rows: Vec<&Vec<Vec<Rich>>> = std::iter::once(&header).chain(&table.rows).collect();
        match column_widths(&rows, self.columns()) {
            Some(widths) => self.ruled(&rows, &widths),
            None => self.records(table),
        }
    }

    /// A header, a rule and rows; if one has several lines, an empty line stands between them.
    fn ruled(&mut self, rows: &[&Vec<Vec<Rich>>], widths: &[usize]) {
        let Some((header, rows)) = rows.split_first() else { return };
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row_lines(row, widths)).collect();
        let is_tall = rows.iter().any(|row| row.len() > 1);
        let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
        for line in row_lines(header, widths).iter().chain([&rule.join("  ")]) {
            self.line(line);
        }
        for (place, row) in rows.iter().enumerate() {
            if is_tall && place > 0 {
                self.gap();
            }
            for line in row {
                self.line(line);
            }
        }
    }

    /// Rows one by one, for a table that is too wide: the first cell with a number, the others under it.
    fn records(&mut self, table: &Table) {
        for (row, number) in table.rows.iter().zip(1..) {
            self.gap();
            let cells = table.columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
            let facts: Vec<Block> = cells
                .map(|(column, cell)| Block::Fact { label: column.clone(), value: cell.clone() })
                .collect();
            self.line(&format!("{number}."));
            self.indent += INDENT;
            self.facts(&facts);
            self.indent -= INDENT;
        }
    }
}

/// How wide each column is: as it needs, the widest narrowed first until all fit, none below its longest word. `None` if they
/// can't.
fn column_widths(rows: &[&Vec<Vec<Rich>>], columns: usize) -> Option<Vec<usize>> {
    let count = rows.first()?.len();
    let least: Vec<usize> = (0..count).map(|place| longest_word(rows, place).min(WORD_COLUMNS_MAX)).collect();
    let mut widths: Vec<usize> = (0..count)
        .map(|place| {
            rows.iter().map(|row| natural_width(&row[place], columns)).max().unwrap_or_default().max(1)
        })
        .collect();
    let spaces = count.saturating_sub(1) * 2;
    let narrowest = widths.iter().zip(&least).map(|(width, least)| *width.min(least.max(&CELL_COLUMNS_MIN)));
    if narrowest.sum::<usize>() + spaces > columns {
        return None;
    }
    while widths.iter().sum::<usize>() + spaces > columns {
        let places = (0..count).filter(|place| widths[*place] > least[*place].max(CELL_COLUMNS_MIN));
        let widest = places.max_by_key(|place| widths[*place])?;
        widths[widest] -= 1;
    }
    Some(widths)
}

fn longest_word(rows: &[&Vec<Vec<Rich>>], place: usize) -> usize {
    let cells = rows.iter().map(|row| in_one_line(&row[place]));
    cells.map(|cell| cell.split_whitespace().map(width).max().unwrap_or_default()).max().unwrap_or_default()
}

/// A row in lines: each cell wrapped to its column.
fn row_lines(row: &[Vec<Rich>], widths: &[usize]) -> Vec<String> {
    let cells: Vec<Vec<String>> = row
        .iter()
        .zip(widths)
        .map(|(cell, width)| cell.iter().flat_map(|rich| rich_lines(rich, *width)).collect())
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or_default();
    let line = |place: usize| {
        let pieces = cells.iter().zip(widths);
        let pieces = pieces.map(|(cell, width)| padded(cell.get(place).map_or("", String::as_str), *width));
        pieces.collect::<Vec<_>>().join("  ")
    };
    (0..height).map(line).collect()
}

fn natural_width(cell: &[Rich], columns: usize) -> usize {
    cell.iter().flat_map(|rich| rich_lines(rich, columns)).map(|line| width(&line)).max().unwrap_or_default()
}

/// A paragraph, list or table of a text in lines.
fn rich_lines(rich: &Rich, columns: usize) -> Vec<String> {
    match rich {
        Rich::Paragraph(spans) => {
            spans_text(spans).split('\n').flat_map(|line| wrapped(&safe(line), columns)).collect()
        }
        Rich::List { kind, items } => items
            .iter()
            .zip(1..)
            .flat_map(|(item, number)| item_lines(*kind, number, item, columns))
            .collect(),
        Rich::Grid(rows) => grid_lines(rows, columns),
    }
}

fn item_lines(kind: ListKind, number: usize, item: &[Rich], columns: usize) -> Vec<String> {
    let mark = match kind {
        ListKind::Bullets => "- ".to_owned(),
        ListKind::Numbers => format!("{number}. "),
    };
    let indent = mark.len();
    let lines = item.iter().flat_map(|rich| rich_lines(rich, columns.saturating_sub(indent)));
    lines
        .enumerate()
        .map(
            |(place, line)| {
                if place == 0 { format!("{mark}{line}") } else { format!("{}{line}", " ".repeat(indent)) }
            },
        )
        .collect()
}

/// A table of the sender's: in columns if they fit, else a row a line.
fn grid_lines(grid: &[Vec<Cell>], columns: usize) -> Vec<String> {
    let rows = super::grid::unfolded(grid).unwrap_or_default();
    // To measure a cell is to lay it out: tables in tables would be laid out twice for each depth.
    let is_nested = grid.iter().flatten().any(|cell| holds_grid(&cell.content));
    let widths = if is_nested { None } else { column_widths(&rows.iter().collect::<Vec<_>>(), columns) };
    match widths {
        Some(widths) => rows.iter().flat_map(|row| row_lines(row, &widths)).collect(),
        None => grid.iter().flat_map(|row| wrapped(&safe(&cells_in_line(row)), columns)).collect(),
    }
}

fn holds_grid(content: &[Rich]) -> bool {
    content.iter().any(|rich| match rich {
        Rich::Paragraph(_) => false,
        Rich::List { items, .. } => items.iter().any(|item| holds_grid(item)),
        Rich::Grid(_) => true,
    })
}

fn cells_in_line(row: &[Cell]) -> String {
    row.iter().map(|cell| in_one_line(&cell.content)).collect::<Vec<_>>().join(" | ")
}
