//! Tables of text.

use anstyle::Style;

/// Which side of a column its texts stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A table: a head, and rows of as many cells.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<(String, Style)>>,
}

impl Table {
    /// A table with these columns.
    pub(crate) fn new(columns: &[(&str, Align)]) -> Self {
        Self {
            columns: columns.iter().map(|(name, align)| ((*name).to_owned(), *align)).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row of plain cells.
    pub(crate) fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.styled_row(cells.into_iter().map(|cell| (cell.into(), Style::new())));
    }

    /// Adds a row of cells with a style each.
    pub(crate) fn styled_row(&mut self, cells: impl IntoIterator<Item = (String, Style)>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as text, each line indented by so many blanks.
    pub(crate) fn text(&self, indent: usize) -> String {
        let widths: Vec<usize> = (0..self.columns.len()).map(|column| self.width(column)).collect();
        let bold = Style::new().bold();
        let head: Vec<_> = self.columns.iter().map(|(name, _)| (name.clone(), bold)).collect();
        let mut text = String::new();
        for row in std::iter::once(&head).chain(&self.rows) {
            text.push_str(&" ".repeat(indent));
            text.push_str(self.line(row, &widths).trim_end());
            text.push('\n');
        }
        text
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|(cell, _)| cell.chars().count());
        cells.chain([self.columns[column].0.chars().count()]).max().unwrap_or(0)
    }

    fn line(&self, row: &[(String, Style)], widths: &[usize]) -> String {
        let mut line = String::new();
        for (((cell, style), width), (_, align)) in row.iter().zip(widths).zip(&self.columns) {
            let blanks = " ".repeat(width - cell.chars().count());
            let (before, after) = match align {
                Align::Left => ("", blanks.as_str()),
                Align::Right => (blanks.as_str(), ""),
            };
            line.push_str(&format!("{before}{style}{cell}{style:#}{after}  "));
        }
        line
    }
}
