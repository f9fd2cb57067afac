//! A table of figures, whatever it is written as.

use samspill_base::Ore;

/// A table: the page, the CSV file and the XLSX file are made from it, so that none can say more than another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// Its name in addresses and files.
    pub(crate) id: String,
    /// What it shows.
    pub(crate) caption: String,
    /// Its columns.
    pub(crate) head: Vec<String>,
    /// Its rows. The first cell of each names it.
    pub(crate) rows: Vec<Vec<Datum>>,
    /// Whether the last row is the sum of the others.
    pub(crate) has_sum: bool,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Datum {
    /// A word.
    Text(String),
    /// How many.
    Count(u64),
    /// How many more or fewer.
    Change(i64),
    /// Øre.
    Money(i64),
    /// Øre more or less.
    MoneyChange(i64),
    /// Thousandths.
    Share(u64),
    /// Minutes.
    Minutes(i64),
    /// A small number, or one that would tell a small number.
    Hidden,
    /// Nothing to say.
    Nothing,
}

/// What stands for a number that is hidden.
const HIDDEN: &str = "·";

impl Table {
    /// A table without rows.
    pub(crate) fn new(id: impl Into<String>, caption: impl Into<String>, head: &[&str]) -> Self {
        Self {
            id: id.into(),
            caption: caption.into(),
            head: head.iter().map(|&name| name.to_owned()).collect(),
            rows: Vec::new(),
            has_sum: false,
        }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<Datum>) {
        self.rows.push(cells);
    }

    /// The same, whose last row is the sum.
    pub(crate) fn with_sum(mut self) -> Self {
        self.has_sum = true;
        self
    }

    /// Whether nothing stands in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether any number stands in it that isn't hidden: a table of sums that aren't shown yet says nothing.
    pub(crate) fn says_anything(&self) -> bool {
        self.rows
            .iter()
            .flatten()
            .any(|cell| !matches!(cell, Datum::Text(_) | Datum::Hidden | Datum::Nothing))
    }

    /// The number of the row that is the sum, from 1; 0 where there is none.
    pub(crate) fn sum_row(&self) -> usize {
        if self.has_sum { self.rows.len() } else { 0 }
    }

    /// Whether a number is hidden in it.
    pub(crate) fn hides(&self) -> bool {
        self.rows.iter().flatten().any(|cell| *cell == Datum::Hidden)
    }

    /// As CSV: a line a row, cells between commas, numbers without gaps and with a point. What a spreadsheet would take for a formula gets
    /// an apostrophe before it.
    pub(crate) fn csv(&self) -> String {
        let head = self.head.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(",");
        let line =
            |row: &Vec<Datum>| row.iter().map(|cell| quoted(&cell.plain())).collect::<Vec<_>>().join(",");
        let rows = self.rows.iter().map(line);
        std::iter::once(head).chain(rows).fold(String::new(), |text, line| text + &line + "\r\n")
    }
}

impl Datum {
    /// As a page writes it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => grouped(*count),
            Self::Change(change) => signed(*change, grouped(change.unsigned_abs())),
            Self::Money(ore) => kroner(*ore),
            Self::MoneyChange(ore) => signed(*ore, kroner(ore.saturating_abs())),
            Self::Share(thousandths) => format!("{},{} %", thousandths / 10, thousandths % 10),
            Self::Minutes(minutes) => span(*minutes),
            Self::Hidden => HIDDEN.to_owned(),
            Self::Nothing => "–".to_owned(),
        }
    }

    /// As a file has it: kroner with a decimal point, minutes as such.
    pub(crate) fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => count.to_string(),
            Self::Change(number) | Self::Minutes(number) => number.to_string(),
            Self::Money(ore) | Self::MoneyChange(ore) => {
                let sign = if *ore < 0 { "-" } else { "" };
                format!("{sign}{}.{:02}", ore.unsigned_abs() / 100, ore.unsigned_abs() % 100)
            }
            Self::Share(thousandths) => format!("{}.{}", thousandths / 10, thousandths % 10),
            Self::Hidden => HIDDEN.to_owned(),
            Self::Nothing => String::new(),
        }
    }

    /// Whether it is a number, or stands where one would.
    pub(crate) fn is_number(&self) -> bool {
        !matches!(self, Self::Text(_))
    }

    /// How many, where that is shown.
    pub(crate) fn count(&self) -> Option<u64> {
        if let Self::Count(count) = self { Some(*count) } else { None }
    }
}

/// So many per thousand of all; nothing of none.
pub(crate) fn share(part: u64, whole: u64) -> Datum {
    match whole {
        0 => Datum::Nothing,
        whole => Datum::Share((part * 2_000 + whole) / (2 * whole)),
    }
}

/// `12 345`, with gaps that don't break.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    grouped
}

/// Whole kroner: a page of sums needs no øre. Half a krone counts as one.
fn kroner(ore: i64) -> String {
    let whole = Ore(ore).scaled(1, 100).map_or(0, |kroner| kroner.0);
    let sign = if whole < 0 { "−" } else { "" };
    format!("{sign}{}", grouped(whole.unsigned_abs()))
}

fn signed(number: i64, absolute: String) -> String {
    match number.cmp(&0) {
        std::cmp::Ordering::Less => format!("−{absolute}"),
        std::cmp::Ordering::Equal => absolute,
        std::cmp::Ordering::Greater => format!("+{absolute}"),
    }
}

/// `3 d 4 t`, `4 t 20 min`, `20 min`.
fn span(minutes: i64) -> String {
    let (days, hours, left) = (minutes / 1_440, minutes % 1_440 / 60, minutes % 60);
    match (days, hours) {
        (0, 0) => format!("{left} min"),
        (0, hours) => format!("{hours} t {left} min"),
        (days, hours) => format!("{days} d {hours} t"),
    }
}

fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '@', '\t', '\r'])
        || (cell.starts_with('-') && cell.parse::<f64>().is_err());
    let cell = if is_formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people_on_pages_and_for_programs_in_files() {
        for (datum, shown, plain) in [
            (Datum::Count(12_345), "12\u{a0}345", "12345"),
            (Datum::Change(-3), "−3", "-3"),
            (Datum::Change(0), "0", "0"),
            (Datum::Money(1_234_550), "12\u{a0}346", "12345.50"),
            (Datum::MoneyChange(-50), "−1", "-0.50"),
            (share(1, 3), "33,3 %", "33.3"),
            (share(0, 0), "–", ""),
            (Datum::Minutes(59), "59 min", "59"),
            (Datum::Minutes(60), "1 t 0 min", "60"),
            (Datum::Minutes(1_440), "1 d 0 t", "1440"),
            (Datum::Hidden, "·", "·"),
        ] {
            assert_eq!((datum.shown().as_str(), datum.plain().as_str()), (shown, plain));
        }
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_text_and_numbers_stay_numbers() {
        let mut table = Table::new("t", "T", &["navn", "tall"]);
        table.row(vec![Datum::Text("=1+1, \"a\"".to_owned()), Datum::Change(-5)]);
        table.row(vec![Datum::Text("-x".to_owned()), Datum::Hidden]);
        assert_eq!(table.csv(), "navn,tall\r\n\"'=1+1, \"\"a\"\"\",-5\r\n'-x,·\r\n");
    }
}
