use std::collections::BTreeMap;

use crate::{
    draft::{Field, TextField, TimeField},
    item::shown,
};

/// Which columns of a table are which fields of an entry.
///
/// Written as a short text of `field=column` pairs:
/// `case=Case ID,kind=Activity,at=Complete Timestamp,fact:amount=amount,body:svar="Svar, siste"`.
/// Fields are `case`, `kind`, `at`, `sent`, `received`, `acknowledged`, `recorded`, `as_of`, `id`, `person`, `from`,
/// `to`, `fact:NAME` and `body:NAME`; a column name with a comma or quote stands in quotes. Besides:
/// `kind:constant=betaling` gives every row the same kind, `delimiter=semicolon` (or `comma`, `tab`, `pipe`, or the
/// character) says what parts cells, and `rest=body` reads the columns that aren't named into the body (`rest=ignore`,
/// the default, doesn't).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnMap {
    named: Vec<(Target, String)>,
    kind_constant: Option<String>,
    delimiter: Option<u8>,
    rest: Rest,
}

/// What becomes of columns that a mapping doesn't name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rest {
    /// They are passed over.
    #[default]
    Ignore,
    /// They become fields of the body, by the names in the header.
    Body,
}

/// What a column is read into.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    Case,
    Kind,
    Time(u8),
    Text(u8),
    Fact(String),
    Body(String),
}

/// What is wrong with a column mapping.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnMapError {
    /// A part of the mapping's text isn't `field=column`.
    #[error("column mapping: «{part}» is not field=column: write for example kind=Activity")]
    NotAPair {
        /// The part.
        part: String,
    },
    /// The mapping names a field that entries don't have.
    #[error(
        "column mapping: entries have no field «{field}»: use one of case, kind, at, sent, received, acknowledged, recorded, id, person, from, to, as_of, fact:NAME, body:NAME, kind:constant, delimiter, rest"
    )]
    UnknownField {
        /// The field.
        field: String,
    },
    /// A field has two columns.
    #[error("column mapping: «{field}» is given twice: keep one")]
    Twice {
        /// The field.
        field: String,
    },
    /// `delimiter` or `rest` has a value it can't have.
    #[error("column mapping: {field} can't be «{given}»: write {instead}")]
    BadSetting {
        /// The setting.
        field: &'static str,
        /// What was written.
        given: String,
        /// What can be written.
        instead: &'static str,
    },
    /// The table has no such column.
    #[error("the table has no column «{column}» for «{field}»; it has {available}")]
    NoColumn {
        /// The field of the mapping.
        field: String,
        /// The column that isn't there.
        column: String,
        /// The columns that are.
        available: String,
    },
    /// The table has two columns of this name.
    #[error("the table has two columns «{column}»: rename one of them")]
    SameName {
        /// The name.
        column: String,
    },
    /// No column is recognised as case, kind or time.
    #[error(
        "no column is recognised as «{field}»: say which it is with {field}=COLUMN; the table has {available}"
    )]
    NotRecognised {
        /// `case`, `kind` or `at`.
        field: &'static str,
        /// The columns that are there.
        available: String,
    },
    /// The header row is empty, too long, not UTF-8 or has an unclosed quote.
    #[error("the header row can't be read: {message}")]
    Header {
        /// Why.
        message: String,
    },
}

/// Names under which tables usually have a field; the first that is there counts.
const USUAL_NAMES: [(&str, &[&str]); 3] = [
    ("case", &["case", "case_id", "caseid", "case id", "case:concept:name", "sak", "saksid"]),
    ("kind", &["kind", "activity", "concept:name", "event", "hendelse", "activity name"]),
    (
        "at",
        &[
            "at",
            "timestamp",
            "time:timestamp",
            "time",
            "complete timestamp",
            "tidspunkt",
            "complete_timestamp",
        ],
    ),
];

impl ColumnMap {
    /// Reads the text of a mapping.
    ///
    /// # A table with its own names
    /// ```
    /// # use samspill_formats::ColumnMap;
    /// assert!(ColumnMap::parse("case=Case ID,kind=Activity,at=Complete Timestamp,fact:amount=amount").is_ok());
    /// assert!(ColumnMap::parse("case").unwrap_err().to_string().contains("field=column"));
    /// ```
    pub fn parse(text: &str) -> Result<Self, ColumnMapError> {
        let mut map = Self::default();
        for part in parts(text) {
            let (field, column) =
                part.split_once('=').ok_or_else(|| ColumnMapError::NotAPair { part: shown(part) })?;
            map.add(field.trim(), &unquoted(column.trim()))?;
        }
        Ok(map)
    }

    /// What parts cells, if the mapping says so; otherwise the reader looks at the header row.
    pub(crate) fn delimiter(&self) -> Option<u8> {
        self.delimiter
    }

    /// The kind of every row, if the mapping says so.
    pub(crate) fn kind_constant(&self) -> Option<&str> {
        self.kind_constant.as_deref()
    }

    fn add(&mut self, field: &str, column: &str) -> Result<(), ColumnMapError> {
        if column.is_empty() {
            return Err(ColumnMapError::NotAPair { part: format!("{}=", shown(field)) });
        }
        match field {
            "kind:constant" => self.kind_constant = Some(column.to_owned()),
            "delimiter" => self.delimiter = Some(delimiter_named(column)?),
            "rest" => self.rest = rest_named(column)?,
            _ => {
                let target = Target::named(field)
                    .ok_or_else(|| ColumnMapError::UnknownField { field: shown(field) })?;
                if self.named.iter().any(|(other, _)| *other == target) {
                    return Err(ColumnMapError::Twice { field: shown(field) });
                }
                self.named.push((target, column.to_owned()));
            }
        }
        if self.kind_constant.is_some() && self.named.iter().any(|(target, _)| *target == Target::Kind) {
            return Err(ColumnMapError::Twice { field: "kind".to_owned() });
        }
        Ok(())
    }

    /// What each column of a table with this header is read into.
    pub(crate) fn resolve(&self, header: &[&str]) -> Result<Vec<Option<Target>>, ColumnMapError> {
        let mut by_name = BTreeMap::new();
        for (index, name) in header.iter().enumerate() {
            if by_name.insert(name.trim(), index).is_some() && !name.trim().is_empty() {
                return Err(ColumnMapError::SameName { column: shown(name.trim()) });
            }
        }
        let mut targets = vec![None; header.len()];
        for (target, column) in &self.named {
            let index = by_name.get(column.as_str()).ok_or_else(|| ColumnMapError::NoColumn {
                field: target.name(),
                column: shown(column),
                available: listed(header),
            })?;
            targets[*index] = Some(target.clone());
        }
        self.recognise(header, &mut targets)?;
        if self.named.is_empty() || self.rest == Rest::Body {
            read_the_rest(header, &mut targets, self.named.is_empty());
        }
        Ok(targets)
    }

    /// Finds case, kind and time by their usual names where the mapping doesn't say.
    fn recognise(&self, header: &[&str], targets: &mut [Option<Target>]) -> Result<(), ColumnMapError> {
        for (field, names) in USUAL_NAMES {
            let Some(target) = Target::named(field) else { continue };
            let constant = target == Target::Kind && self.kind_constant.is_some();
            if constant || targets.iter().flatten().any(|other| *other == target) {
                continue;
            }
            let free = |index: &usize| targets[*index].is_none();
            let found = names.iter().find_map(|name| {
                header.iter().position(|column| column.trim().to_lowercase() == *name).filter(free)
            });
            let index =
                found.ok_or_else(|| ColumnMapError::NotRecognised { field, available: listed(header) })?;
            targets[index] = Some(target);
        }
        Ok(())
    }
}

/// Our own field names, `case:NAME` as a fact of the case, `fact:` and `body:`; everything else into the body.
fn read_the_rest(header: &[&str], targets: &mut [Option<Target>], own_names: bool) {
    for (index, name) in header.iter().enumerate() {
        let name = name.trim();
        if targets[index].is_some() || name.is_empty() {
            continue;
        }
        let own = if own_names { own_target(name) } else { None };
        let target = own.unwrap_or_else(|| Target::Body(name.to_owned()));
        let taken = targets.iter().flatten().any(|other| *other == target);
        targets[index] = (!taken).then_some(target);
    }
}

fn own_target(name: &str) -> Option<Target> {
    let fact = name.strip_prefix("case:").filter(|fact| !fact.is_empty());
    fact.map(|fact| Target::Fact(fact.to_owned())).or_else(|| Target::named(name))
}

impl Target {
    fn named(field: &str) -> Option<Self> {
        if let Some((prefix, name)) = field.split_once(':') {
            return match prefix {
                "fact" if !name.is_empty() => Some(Self::Fact(name.to_owned())),
                "body" if !name.is_empty() => Some(Self::Body(name.to_owned())),
                _ => None,
            };
        }
        match Field::named(field)? {
            Field::Case => Some(Self::Case),
            Field::Kind => Some(Self::Kind),
            Field::Time(field) => Some(Self::Time(field as u8)),
            Field::Text(field) => Some(Self::Text(field as u8)),
            Field::Facts | Field::Body => None,
        }
    }

    /// The field as a mapping names it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Case => "case".to_owned(),
            Self::Kind => "kind".to_owned(),
            Self::Time(index) => TimeField::ALL[usize::from(*index)].name().to_owned(),
            Self::Text(index) => TextField::ALL[usize::from(*index)].name().to_owned(),
            Self::Fact(name) => format!("fact:{name}"),
            Self::Body(name) => format!("body:{name}"),
        }
    }
}

/// The parts between commas that stand outside quotes.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    text.split(move |character| {
        inside ^= character == '"';
        character == ',' && !inside
    })
    .map(str::trim)
    .filter(|part| !part.is_empty())
}

fn unquoted(column: &str) -> String {
    let inner = column.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.map_or_else(|| column.to_owned(), |inner| inner.replace("\"\"", "\""))
}

fn delimiter_named(name: &str) -> Result<u8, ColumnMapError> {
    let instead =
        "comma, semicolon, tab, pipe, or one character that is neither a letter, a digit nor a quote";
    match name {
        "comma" => Ok(b','),
        "semicolon" => Ok(b';'),
        "tab" | "\\t" => Ok(b'\t'),
        "pipe" => Ok(b'|'),
        _ => match name.as_bytes() {
            [byte] if byte.is_ascii_punctuation() && *byte != b'"' => Ok(*byte),
            _ => Err(ColumnMapError::BadSetting { field: "delimiter", given: shown(name), instead }),
        },
    }
}

fn rest_named(name: &str) -> Result<Rest, ColumnMapError> {
    match name {
        "ignore" => Ok(Rest::Ignore),
        "body" => Ok(Rest::Body),
        _ => Err(ColumnMapError::BadSetting { field: "rest", given: shown(name), instead: "body or ignore" }),
    }
}

fn listed(header: &[&str]) -> String {
    const COLUMNS_MAX: usize = 40;
    let names: Vec<String> =
        header.iter().take(COLUMNS_MAX).map(|name| format!("«{}»", shown(name.trim()))).collect();
    let more = header.len().checked_sub(COLUMNS_MAX).filter(|more| *more > 0);
    names.join(", ") + &more.map_or_else(String::new, |more| format!(" and {more} more"))
}
