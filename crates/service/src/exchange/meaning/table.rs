//! The table that says which message gives which entry: `data/meaning.toml`, or another of the same form.

use std::{collections::BTreeMap, sync::LazyLock};

use jiff::civil::Date;
use samspill_base::{Entry, Value};
use samspill_formats::messages::types::Kind;

use super::{Answer, sources::Source};

/// Which message gives which entries, and which part of it which field.
///
/// Kinds, facts and fields are words of an agreement; another agreement's words are another table, and no code.
#[derive(Clone, Debug)]
pub struct Table {
    pub(super) rules: Vec<Rule>,
    pub(super) log: LogWords,
    pub(super) matching: Tolerances,
    /// The table of requests, by who asks.
    pub(super) requests: BTreeMap<Role, String>,
}

/// A table can't be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TableError(String);

impl TableError {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

static SHIPPED: LazyLock<Table> = LazyLock::new(|| {
    Table::read(include_str!("../../../data/meaning.toml"))
        .expect("the table is part of the program, and a test reads it")
});

impl Table {
    /// The table of the shipped agreements.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads a table.
    ///
    /// # Errors
    /// Where it is no TOML, has a key that tables don't have, or a source, condition or message that isn't known.
    pub fn read(text: &str) -> Result<Self, TableError> {
        let file: FileText = toml::from_str(text).map_err(|error| TableError::new(error.to_string()))?;
        let rules = file.entry.into_iter().map(Rule::read).collect::<Result<_, _>>()?;
        Ok(Self { rules, log: file.log, matching: file.matching, requests: file.requests })
    }

    /// The id of the entry that an entry cancels; none where it cancels nothing.
    pub fn cancels<'e>(&self, entry: &'e Entry) -> Option<&'e str> {
        let field =
            (entry.kind == self.log.cancellation).then(|| entry.field(&self.log.cancelled_field))??;
        field.as_text()
    }

    /// The typed answer of a reply; none where it only has words.
    pub fn answer_of(&self, entry: &Entry) -> Option<Answer> {
        let words = &self.log;
        let text = |field: &str| entry.field(field).and_then(Value::as_text);
        let day = |field: &str| text(field).and_then(|day| day.parse::<Date>().ok());
        match text(&words.answer_field)? {
            word if word == words.can => Some(Answer::CanReceive { from: day(&words.from_field) }),
            word if word == words.cannot => {
                Some(Answer::CannotReceive { expected: day(&words.expected_field) })
            }
            _ => None,
        }
    }

    /// The services that the profile gives entries of a kind to, and has them from, by what they do; where it says so.
    pub(crate) fn services_of(&self, kind: &str) -> UsualServices<'_> {
        let writes =
            || self.rules.iter().filter(|rule| rule.kind == kind).filter_map(|rule| rule.write.as_ref());
        UsualServices {
            from: writes().find_map(|write| write.from.as_deref()),
            to: writes().find_map(|write| write.to.as_deref()),
        }
    }

    /// Whether the profile gives any entries to a service that does this, or has any from it.
    pub(super) fn has_usual_service(&self, does: &str) -> bool {
        let writes = self.rules.iter().filter_map(|rule| rule.write.as_ref());
        writes.flat_map(|write| write.from.iter().chain(&write.to)).any(|usual| usual == does)
    }

    /// The rules for a kind of message, in their order.
    pub(super) fn rules_for(&self, kind: Kind) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |rule| rule.message == kind)
    }
}

/// The words by which the log says what messages do to each other.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LogWords {
    pub(super) cancellation: String,
    pub(super) cancelled_field: String,
    pub(super) replaced_field: String,
    pub(super) answer_field: String,
    pub(super) from_field: String,
    pub(super) expected_field: String,
    pub(super) can: String,
    pub(super) cannot: String,
    pub(super) payer_fact: String,
    pub(super) confirmed_by_field: String,
    pub(super) confirmed_how_field: String,
    pub(super) as_suggested: String,
    pub(super) own_choice: String,
    pub(super) told_field: String,
    pub(super) told_day: String,
    pub(super) responsible_role: String,
}

/// How near in time things must lie to be one stay without asking.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tolerances {
    pub(super) lead_hours: i64,
    pub(super) same_admission_hours: i64,
    pub(super) after_end_days: i64,
    pub(super) silent_days: i64,
}

/// One kind of message gives one entry.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) message: Kind,
    /// Any of these must be so, if there are any.
    pub(super) only: Vec<Test>,
    /// None of these may be.
    pub(super) unless: Vec<Test>,
    pub(super) kind: String,
    pub(super) at: At,
    pub(super) hospital: Option<End>,
    pub(super) facts: BTreeMap<String, Value>,
    pub(super) body: Vec<(String, Vec<Source>)>,
    pub(super) carried: Vec<(String, Vec<Source>)>,
    pub(super) may_be: Vec<MayBe>,
    pub(super) ready_day: Option<String>,
    pub(super) flags: Flags,
    pub(super) write: Option<Write>,
}

/// The services at the ends of a kind of message, by what they do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UsualServices<'t> {
    pub(crate) from: Option<&'t str>,
    pub(crate) to: Option<&'t str>,
}

/// How an entry becomes a message again.
#[derive(Clone, Debug)]
pub(super) struct Write {
    /// The roles of senders; none: any.
    pub(super) by: Vec<Role>,
    pub(super) to: Option<String>,
    pub(super) from: Option<String>,
    pub(super) content: Option<String>,
    pub(super) state: Option<String>,
    pub(super) theme: Option<String>,
    pub(super) theme_text: String,
    pub(super) request: Option<String>,
    pub(super) parent: Option<String>,
    pub(super) follows: Vec<String>,
    pub(super) events: Vec<Told>,
    pub(super) fields: BTreeMap<String, Source>,
}

/// What a party does in the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A hospital.
    Sykehus,
    /// A municipality.
    Kommune,
    /// A general practitioner.
    Fastlege,
}

/// An event that a message tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) code: String,
    pub(super) when: When,
}

/// When an event that a message tells took place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// When the patient was admitted.
    Admitted,
    AdmittedIfKnown,
    /// When the stay ended.
    LeftIfKnown,
    /// When the entry says that it happened.
    Happened,
    /// The day that a field says, or else the day it happened.
    Day(Option<String>),
    /// The day that a field says, if it does: an estimate.
    Expected(String),
}

/// What holds of a rule besides.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "these are the yes-or-no keys of the file, each told there"
)]
#[serde(default)]
pub(super) struct Flags {
    pub(super) own_id: bool,
    pub(super) begins: bool,
    pub(super) opens: bool,
    pub(super) ends: bool,
    pub(super) after: bool,
    pub(super) payer: bool,
    pub(super) only_if_missing: bool,
    pub(super) takes_carried: bool,
    pub(super) is_reply: bool,
}

/// When an entry happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// When the sender made the message.
    Made,
    /// At the first event with any of these codes, in the order of the codes.
    Event(Vec<String>),
}

/// An end of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum End {
    Sender,
    Receiver,
}

/// A condition on a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Content { table: String, code: String },
    Theme { table: String, code: String },
    Event(String),
    State(String),
}

/// A kind that only a person can tell from the words.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MayBe {
    pub(super) kind: String,
    pub(super) words: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    log: LogWords,
    matching: Tolerances,
    #[serde(default)]
    requests: BTreeMap<Role, String>,
    entry: Vec<EntryText>,
}

#[derive(serde::Deserialize)]
struct EntryText {
    message: String,
    #[serde(default, rename = "where")]
    only: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    kind: String,
    at: String,
    hospital: Option<End>,
    #[serde(default)]
    facts: BTreeMap<String, bool>,
    #[serde(default)]
    body: toml::Table,
    #[serde(default)]
    carried: toml::Table,
    #[serde(default)]
    may_be: Vec<MayBe>,
    ready_day: Option<String>,
    write: Option<WriteText>,
    #[serde(flatten)]
    flags: Flags,
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WriteText {
    by: Vec<Role>,
    to: Option<String>,
    from: Option<String>,
    content: Option<String>,
    state: Option<String>,
    theme: Option<String>,
    theme_text: String,
    request: Option<String>,
    parent: Option<String>,
    follows: Vec<String>,
    events: Vec<String>,
    fields: BTreeMap<String, String>,
}

impl Write {
    fn read(text: WriteText) -> Result<Self, TableError> {
        let fields = text.fields.into_iter().map(|(name, source)| Ok((name, Source::read(&source)?)));
        Ok(Self {
            events: text.events.iter().map(|event| Told::read(event)).collect::<Result<_, _>>()?,
            fields: fields.collect::<Result<_, TableError>>()?,
            by: text.by,
            to: text.to,
            from: text.from,
            content: text.content,
            state: text.state,
            theme: text.theme,
            theme_text: text.theme_text,
            request: text.request,
            parent: text.parent,
            follows: text.follows,
        })
    }
}

impl Told {
    fn read(text: &str) -> Result<Self, TableError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (code, when) = match words.as_slice() {
            [code, "admitted"] => (code, When::Admitted),
            [code, "admitted-if-known"] => (code, When::AdmittedIfKnown),
            [code, "left-if-known"] => (code, When::LeftIfKnown),
            [code, "happened"] => (code, When::Happened),
            [code, "day"] => (code, When::Day(None)),
            [code, "day", field] => (code, When::Day(Some((*field).to_owned()))),
            [code, "expected", field] => (code, When::Expected((*field).to_owned())),
            _ => {
                return Err(TableError::new(format!(
                    "«{text}» is no event to write: write \"1 admitted\", \"2 happened\", \"3 day FIELD\" or \"3 expected FIELD\""
                )));
            }
        };
        if super::sending::happening(code, false).is_none() {
            return Err(TableError::new(format!("«{text}»: no message tells an event with code {code}")));
        }
        Ok(Self { code: (*code).to_owned(), when })
    }
}

impl Rule {
    fn read(text: EntryText) -> Result<Self, TableError> {
        let place = format!("[[entry]] {} → {}", text.message, text.kind);
        let within = |error: TableError| TableError::new(format!("{place}: {error}"));
        let tests = |texts: &[String]| texts.iter().map(|text| Test::read(text)).collect::<Result<_, _>>();
        Ok(Self {
            message: kind_of(&text.message).map_err(within)?,
            only: tests(&text.only).map_err(within)?,
            unless: tests(&text.unless).map_err(within)?,
            at: At::read(&text.at).map_err(within)?,
            body: fields(&text.body).map_err(within)?,
            carried: fields(&text.carried).map_err(within)?,
            facts: text.facts.into_iter().map(|(name, yes)| (name, Value::Bool(yes))).collect(),
            kind: text.kind,
            hospital: text.hospital,
            may_be: text.may_be,
            ready_day: text.ready_day,
            flags: text.flags,
            write: text.write.map(Write::read).transpose().map_err(within)?,
        })
    }
}

impl At {
    fn read(text: &str) -> Result<Self, TableError> {
        match text.split_once(' ') {
            None if text == "made" => Ok(Self::Made),
            Some(("event", codes)) => Ok(Self::Event(codes.split(',').map(str::to_owned).collect())),
            None | Some(_) => Err(TableError::new(format!("at = «{text}»: write \"made\" or \"event 1\""))),
        }
    }
}

impl Test {
    fn read(text: &str) -> Result<Self, TableError> {
        let wrong = || {
            TableError::new(format!(
                "«{text}» is no condition: write \"content 9140/1\", \"theme 7322/7\", \"event 13\" or \"state 2\""
            ))
        };
        let (word, rest) = text.split_once(' ').ok_or_else(wrong)?;
        let in_table = || {
            let (table, code) = rest.split_once('/').ok_or_else(wrong)?;
            Ok((table.to_owned(), code.to_owned()))
        };
        match word {
            "content" => in_table().map(|(table, code)| Self::Content { table, code }),
            "theme" => in_table().map(|(table, code)| Self::Theme { table, code }),
            "event" => Ok(Self::Event(rest.to_owned())),
            "state" => Ok(Self::State(rest.to_owned())),
            _ => Err(wrong()),
        }
    }
}

fn fields(table: &toml::Table) -> Result<Vec<(String, Vec<Source>)>, TableError> {
    table
        .iter()
        .map(|(name, sources)| {
            let list = sources.as_array().into_iter().flatten();
            let sources = list.map(|source| Source::read(source.as_str().unwrap_or_default()));
            Ok((name.clone(), sources.collect::<Result<_, _>>()?))
        })
        .collect()
}

/// The kind that a code of table 8279 means in the table.
fn kind_of(code: &str) -> Result<Kind, TableError> {
    Kind::of_message_type(code).ok_or_else(|| {
        TableError::new(format!("no message is called «{code}»: write its code in table 8279, LOG_INNLAGT"))
    })
}
