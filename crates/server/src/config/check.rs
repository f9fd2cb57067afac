//! A file against the table: every mistake, and the values with defaults filled in.

use std::{borrow::Cow, collections::BTreeMap, ops::Range, path::Path};

use toml::{
    Spanned, Table, Value,
    de::{DeTable, DeValue},
};

use super::{
    form::{self, Trouble},
    mistake::{Code, Mistakes},
    shape::{Need, Section, Setting, Shape},
    table::ROOT,
};

/// A file larger than this is refused unread.
const FILE_BYTES_MAX: usize = 1 << 20;
/// Syntax errors beyond this are not listed: the rest follows from the first.
const SYNTAX_ERRORS_MAX: usize = 20;

type Found<'t> = Spanned<DeValue<'t>>;

/// The values of a file, with paths resolved and defaults filled in, and where those that were written stand:
/// `channel.0.name`.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) values: Table,
    pub(super) spans: BTreeMap<String, Range<usize>>,
}

/// Reads a file by the table.
pub(super) fn check(text: &str, base: &Path, mistakes: &mut Mistakes) -> Checked {
    if text.len() > FILE_BYTES_MAX {
        let says = format!("the file holds {} bytes; at most {FILE_BYTES_MAX} are read", text.len());
        mistakes.error(Code::Unread, 0..0, says, "see that this is the configuration".into());
        return Checked::default();
    }
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors.iter().take(SYNTAX_ERRORS_MAX) {
        syntax(error, mistakes);
    }
    let mut checker = Checker { base, mistakes, spans: BTreeMap::new() };
    let values = checker.section(&ROOT, root.get_ref(), 0..0, "");
    Checked { values, spans: checker.spans }
}

fn syntax(error: &toml::de::Error, mistakes: &mut Mistakes) {
    let help = if error.message().contains("duplicate key") {
        "each key stands once in its section: remove one of the two"
    } else {
        "texts stand in \"quotes\", lists in [brackets], yes and no are true and false"
    };
    let says = format!("this is not TOML: {}", error.message());
    mistakes.error(Code::Syntax, error.span().unwrap_or(0..0), says, help.into());
}

struct Checker<'c> {
    base: &'c Path,
    mistakes: &'c mut Mistakes,
    spans: BTreeMap<String, Range<usize>>,
}

impl Checker<'_> {
    /// A section's values; `span` is where it begins.
    fn section(
        &mut self,
        section: &'static Section,
        table: &DeTable<'_>,
        span: Range<usize>,
        path: &str,
    ) -> Table {
        let kind = kind_of(section, table);
        for (key, _) in table {
            self.known(section, key, kind.as_deref());
        }
        let mut values = Table::new();
        for setting in section.settings {
            let found = table.get(setting.name);
            if !is_of(setting, kind.as_deref()) {
                continue;
            }
            let place = joined(path, setting.name);
            let value = match found {
                Some(found) => {
                    self.spans.insert(place.clone(), found.span());
                    self.value(setting.name, &setting.shape, found, &place)
                }
                None => self.missing(section, setting, &span, &place),
            };
            if let Some(value) = value {
                values.insert(setting.name.to_owned(), value);
            }
        }
        values
    }

    fn known(&mut self, section: &'static Section, key: &Spanned<Cow<'_, str>>, kind: Option<&str>) {
        let name = key.get_ref().as_ref();
        let header = if section.header.is_empty() { "the file" } else { section.header };
        match section.setting(name) {
            None => {
                let says = format!("unknown key `{name}` in {header}");
                self.mistakes.error(Code::UnknownKey, key.span(), says, suggestion(section, name, kind));
            }
            Some(setting) if kind.is_some() && !is_of(setting, kind) => {
                let kind = kind.unwrap_or_default();
                let says = format!(
                    "`{name}` belongs to channels of kind \"{}\", and this is \"{kind}\"",
                    setting.of
                );
                self.mistakes.error(Code::OtherKind, key.span(), says, "remove it, or correct `kind`".into());
            }
            Some(_) => {}
        }
    }

    fn missing(
        &mut self,
        section: &'static Section,
        setting: &'static Setting,
        span: &Range<usize>,
        path: &str,
    ) -> Option<Value> {
        match setting.need {
            Need::Optional => None,
            Need::Default(_) => Some(self.default_of(setting, path)),
            Need::Required => {
                let (says, help) = if let Some(inner) = setting.section() {
                    (format!("there is no section {}", inner.header), format!("add {}", lines_of(inner)))
                } else {
                    let says =
                        format!("{} has no `{}`: {}", section.header, setting.name, small(setting.doc));
                    (says, format!("add {} = {}", setting.name, setting.example))
                };
                self.mistakes.error(Code::Missing, span.clone(), says, help);
                None
            }
        }
    }

    /// The default, read as if it stood in the file: so that what the table says is what holds.
    fn default_of(&mut self, setting: &'static Setting, path: &str) -> Value {
        let Need::Default(text) = setting.need else { return Value::Boolean(false) };
        let line = format!("it = {text}");
        let (table, _) = DeTable::parse_recoverable(&line);
        let value = table.get_ref().get("it").and_then(|found| {
            let known = self.spans.clone();
            let value = self.value(setting.name, &setting.shape, found, path);
            self.spans = known;
            value
        });
        value.unwrap_or(Value::Boolean(false))
    }

    fn value(&mut self, name: &str, shape: &'static Shape, found: &Found<'_>, path: &str) -> Option<Value> {
        match (shape, found.get_ref()) {
            (Shape::Table(section), DeValue::Table(table)) => {
                Some(Value::Table(self.section(section, table, found.span(), path)))
            }
            (Shape::Tables(section), DeValue::Array(items)) => {
                let tables = items.iter().enumerate();
                let tables =
                    tables.filter_map(|(at, item)| self.one_of_tables(name, shape, section, item, at, path));
                Some(Value::Array(tables.collect()))
            }
            (Shape::List(of), DeValue::Array(items)) => {
                let items = items.iter().enumerate().filter_map(|(at, item)| {
                    let place = self.stands(path, at, item);
                    self.value(name, of, item, &place)
                });
                Some(Value::Array(items.collect()))
            }
            (Shape::Secret, DeValue::Table(table)) => self.secret(name, table, found),
            (Shape::Claims, DeValue::Table(_)) => self.told(claims(name, found), found),
            (Shape::Switch, DeValue::Boolean(yes)) => Some(Value::Boolean(*yes)),
            (Shape::Whole(least, most, _), DeValue::Integer(number)) => {
                let number = i64::from_str_radix(number.as_str(), number.radix()).ok();
                let fits = number.filter(|number| (least..=most).contains(&number));
                let trouble = || Trouble::range(format!("`{name}` must be {}", shape.in_words()));
                self.told(fits.map(Value::Integer).ok_or_else(trouble), found)
            }
            (Shape::Secret, DeValue::String(_)) => self.secret_in_text(name, found),
            (_, DeValue::String(text)) if form::is_text(shape) => {
                let read = form::read(name, shape, text, self.base);
                self.told(read, found)
            }
            _ => self.wrong_type(name, shape, found),
        }
    }

    /// One of several sections; `at` counts from 0.
    fn one_of_tables(
        &mut self,
        name: &str,
        shape: &'static Shape,
        section: &'static Section,
        item: &Found<'_>,
        at: usize,
        path: &str,
    ) -> Option<Value> {
        let place = self.stands(path, at, item);
        match item.get_ref() {
            DeValue::Table(table) => Some(Value::Table(self.section(section, table, item.span(), &place))),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_) => self.wrong_type(name, shape, item),
        }
    }

    /// Notes where a member of a list stands.
    fn stands(&mut self, path: &str, at: usize, item: &Found<'_>) -> String {
        let place = joined(path, &at.to_string());
        self.spans.insert(place.clone(), item.span());
        place
    }

    fn secret_in_text(&mut self, name: &str, found: &Found<'_>) -> Option<Value> {
        let says = format!("`{name}` stands in the configuration itself");
        let help = format!(
            "write {name} = {{ file = \"<path>\" }} or {{ env = \"<NAME>\" }}, and change the secret: it has been written down"
        );
        self.mistakes.error(Code::SecretInText, found.span(), says, help);
        None
    }

    fn told(&mut self, read: Result<Value, Trouble>, found: &Found<'_>) -> Option<Value> {
        match read {
            Ok(value) => Some(value),
            Err(trouble) => {
                self.mistakes.error(trouble.code, found.span(), trouble.says, trouble.help);
                None
            }
        }
    }

    fn secret(&mut self, name: &str, table: &DeTable<'_>, found: &Found<'_>) -> Option<Value> {
        let one = if table.len() == 1 { table.iter().next() } else { None };
        let text = |value: &Found<'_>| match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Some(text.to_string()),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => None,
        };
        let read = one.and_then(|(key, value)| match key.get_ref().as_ref() {
            "file" => text(value).map(|path| ("file", form::resolved(self.base, &path))),
            "env" => text(value).map(|name| ("env", name)),
            _ => None,
        });
        let Some((key, value)) = read else { return self.wrong_type(name, &Shape::Secret, found) };
        Some(Value::Table(Table::from_iter([(key.to_owned(), Value::String(value))])))
    }

    fn wrong_type(&mut self, name: &str, shape: &Shape, found: &Found<'_>) -> Option<Value> {
        let says = format!("`{name}` is {}", sort_in_words(found.get_ref()));
        let help = format!("write {}", shape.in_words());
        self.mistakes.error(Code::WrongType, found.span(), says, help);
        None
    }
}

/// A value that stands for itself; JSON has no dates.
fn claims(name: &str, found: &Found<'_>) -> Result<Value, Trouble> {
    let of = |(key, value): (&Spanned<Cow<'_, str>>, &Found<'_>)| {
        Ok((key.get_ref().as_ref().to_owned(), claims(name, value)?))
    };
    match found.get_ref() {
        DeValue::Table(table) => Ok(Value::Table(table.iter().map(of).collect::<Result<_, _>>()?)),
        DeValue::Array(items) => {
            Ok(Value::Array(items.iter().map(|it| claims(name, it)).collect::<Result<_, _>>()?))
        }
        DeValue::String(text) => Ok(Value::String(text.to_string())),
        DeValue::Boolean(yes) => Ok(Value::Boolean(*yes)),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map(Value::Integer)
            .map_err(|_| Trouble::range(format!("a number in `{name}` is too large"))),
        DeValue::Float(_) | DeValue::Datetime(_) => Err(Trouble {
            code: Code::WrongType,
            says: format!("`{name}` holds {}", sort_in_words(found.get_ref())),
            help: "write it as a text in quotes".into(),
        }),
    }
}

/// The kind that a section says it is, where sections of its sort have kinds.
fn kind_of(section: &'static Section, table: &DeTable<'_>) -> Option<String> {
    let setting = section.setting("kind")?;
    let Shape::Word(words) = setting.shape else { return None };
    match table.get("kind")?.get_ref() {
        DeValue::String(kind) => words.iter().find(|word| *word == kind).map(|word| (*word).to_owned()),
        DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_)
        | DeValue::Table(_) => None,
    }
}

/// Whether a section of this kind has the setting. Where the kind is wrong, nothing more is asked of it.
fn is_of(setting: &Setting, kind: Option<&str>) -> bool {
    setting.of.is_empty() || kind == Some(setting.of)
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn suggestion(section: &'static Section, written: &str, kind: Option<&str>) -> String {
    let known = || section.settings.iter().filter(|setting| is_of(setting, kind));
    let near = known()
        .map(|setting| (strsim::jaro_winkler(&written.to_lowercase(), setting.name), setting.name))
        .filter(|(nearness, _)| *nearness >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, name)) = near {
        return format!("did you mean `{name}`?");
    }
    let names: Vec<String> = known().map(|setting| format!("`{}`", setting.name)).collect();
    format!("remove it; here stand {}", names.join(", "))
}

/// `[node] with name = "…"`
fn lines_of(section: &'static Section) -> String {
    let required = section.settings.iter().filter(|setting| setting.need == Need::Required);
    let lines: Vec<String> =
        required.map(|setting| format!("{} = {}", setting.name, setting.example)).collect();
    format!("{} with {}", section.header, lines.join(", "))
}

/// A sentence after a colon.
fn small(sentence: &str) -> String {
    let first = sentence.split_inclusive(". ").next().unwrap_or(sentence).trim().trim_end_matches('.');
    let mut letters = first.chars();
    letters.next().map(|letter| letter.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn sort_in_words(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
