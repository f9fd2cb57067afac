use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{Entry, Item, Key, Node, Table};
use crate::{
    diagnostic::{Code, Report},
    source::Spot,
};

/// A larger file is refused unread.
const FILE_BYTES_MAX: usize = 1 << 20;
/// Tables in tables beyond this are refused; the language needs five.
const DEPTH_MAX: usize = 24;
/// Syntax errors beyond this are not listed: the rest follows from the first.
const SYNTAX_ERRORS_MAX: usize = 20;

/// Reads a file. What could be read comes back even where there are syntax errors, so that they hide no others.
pub(crate) fn parse(file: usize, report: &mut Report) -> Table {
    let text = report.sources.text_of(file).to_owned();
    let whole = Spot { file, start: 0, end: text.len() };
    if text.len() > FILE_BYTES_MAX {
        let spot = Spot { file, start: 0, end: 0 };
        report
            .error(
                Code::FileTooLarge,
                spot,
                format!("the file holds {} bytes; at most {FILE_BYTES_MAX} are read", text.len()),
            )
            .help("split it into several files in the same folder: together they are one agreement");
        return Table { entries: Vec::new(), spot: whole };
    }
    let (table, errors) = DeTable::parse_recoverable(&text);
    for error in errors.iter().take(SYNTAX_ERRORS_MAX) {
        report_syntax_error(file, error, report);
    }
    Reader { text: &text, file, report }.table(table.get_ref(), whole, 0)
}

fn report_syntax_error(file: usize, error: &toml::de::Error, report: &mut Report) {
    let span = error.span().unwrap_or(0..0);
    let spot = Spot { file, start: span.start, end: span.end };
    let message = error.message();
    let help = if message.contains("duplicate key") {
        "each key stands once in its section: remove one of the two, or begin a new section with its [[header]]"
    } else {
        "texts stand in \"quotes\", lists in [brackets], dates bare (2023-06-01), yes and no are true and false"
    };
    report.error(Code::Syntax, spot, format!("this is not TOML: {message}")).help(help);
}

struct Reader<'r> {
    text: &'r str,
    file: usize,
    report: &'r mut Report,
}

impl Reader<'_> {
    fn spot<T>(&self, spanned: &Spanned<T>) -> Spot {
        let span = spanned.span();
        Spot { file: self.file, start: span.start, end: span.end }
    }

    fn table(&mut self, table: &DeTable<'_>, spot: Spot, depth: usize) -> Table {
        let mut entries = Vec::new();
        for (key, value) in table {
            let key = Key { name: key.get_ref().to_string(), spot: self.spot(key) };
            let node = self.node(value, depth + 1);
            entries.push(Entry { key, node });
        }
        Table { entries, spot }
    }

    fn node(&mut self, value: &Spanned<DeValue<'_>>, depth: usize) -> Node {
        let spot = self.spot(value);
        if depth > DEPTH_MAX {
            self.report
                .error(Code::TooDeep, spot, format!("values inside values, more than {DEPTH_MAX} deep"))
                .help("no section of an agreement goes that deep: look for a bracket too many");
            return Node { item: Item::List(Vec::new()), spot };
        }
        let item = match value.get_ref() {
            DeValue::String(text) => Item::Str(text.to_string(), self.text_start(text, spot)),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or_else(|_| Item::Float(number.to_string()), Item::Int),
            DeValue::Float(number) => Item::Float(number.as_str().to_owned()),
            DeValue::Boolean(yes) => Item::Bool(*yes),
            DeValue::Datetime(time) => Item::Datetime(*time),
            DeValue::Array(items) => {
                Item::List(items.iter().map(|item| self.node(item, depth + 1)).collect())
            }
            DeValue::Table(table) => Item::Table(self.table(table, spot, depth)),
        };
        Node { item, spot }
    }

    /// Where a string's own text begins, if the file holds it without escapes.
    fn text_start(&self, value: &str, spot: Spot) -> Option<usize> {
        let raw = self.text.get(spot.range())?;
        let quotes = ["\"\"\"\n", "\"\"\"", "'''\n", "'''", "\"", "'"]
            .into_iter()
            .find(|quotes| raw.starts_with(quotes))?;
        raw[quotes.len()..].starts_with(value).then(|| spot.start + quotes.len())
    }
}
