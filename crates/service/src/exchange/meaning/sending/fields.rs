//! Which fields of an entry the message that tells of it can say.

use samspill_formats::messages::codes::table_by_number;

use super::{Address, rule_for};
use crate::exchange::meaning::{
    Table,
    sources::{CarePart, DialogPart, Part, Source},
    status::may_be_changed,
    table::{At, Role, Rule, When, Write},
};

/// The table of functions.
const FUNCTIONS: u32 = 9111;

/// A field that a message can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageField {
    /// Its name in the body of the entry.
    pub name: String,
    /// Where in the log it stands then.
    pub stands: FieldStands,
    /// What a text must begin with to be known again: `Personlig hygiene: `. None where any text is.
    pub opening: Option<String>,
    /// Whether what is written there goes into the message by itself. Otherwise the record system must give it.
    pub is_written: bool,
}

/// Where what a message says stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldStands {
    /// With the entry of the message.
    Here,
    /// With a later notice of the stay, which it belongs to.
    WithNotice,
}

/// What a message of a kind is like, for who writes one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "these are the yes-or-no keys of the table, each told there"
)]
pub struct MessageShape {
    /// The kind of entry that the message gives when it is read: another one where only a person can tell the kind that was meant.
    pub reads_as: String,
    /// The fields that it can say, in the order of the table.
    pub fields: Vec<MessageField>,
    /// Whether it may be sent again as a change of an earlier one.
    pub may_be_changed: bool,
    /// Whether it may be cancelled: dialogue can't.
    pub may_be_cancelled: bool,
    /// Whether it is the reply to a ready notice.
    pub is_reply: bool,
    /// Whether it tells of an event that may have taken place before it is sent.
    pub tells_event: bool,
    /// Whether it takes with it what the latest health information said: [`FieldStands::WithNotice`].
    pub takes_carried: bool,
}

impl Table {
    /// What the message of a kind is like, sent by a party that plays this role (`sykehus`, `kommune`, `fastlege`); none where no
    /// message tells of the kind.
    pub fn message_shape(&self, kind: &str, party: &str) -> Option<MessageShape> {
        let (rule, write) = rule_for(kind, role_of(party), self)?;
        let own = rule.body.iter().map(|(name, sources)| (name, sources, FieldStands::Here));
        let carried = rule.carried.iter().map(|(name, sources)| (name, sources, FieldStands::WithNotice));
        let fields = own.chain(carried).filter(|(name, sources, _)| self.is_said(rule, name, sources));
        let fields = fields.map(|(name, sources, stands)| MessageField {
            name: name.clone(),
            stands,
            opening: sources.iter().find_map(opening),
            is_written: sources.iter().any(is_written) || tells_day(write, name),
        });
        Some(MessageShape {
            reads_as: rule.kind.clone(),
            fields: fields.collect(),
            may_be_changed: may_be_changed(rule.message),
            may_be_cancelled: super::Family::of(rule.message) != super::Family::Dialog,
            is_reply: rule.flags.is_reply,
            takes_carried: rule.flags.takes_carried,
            tells_event: matches!(rule.at, At::Event(_)),
        })
    }

    /// The kind of message in which what belongs with a notice travels, and what it is like: the latest kind of health
    /// information that has any such field. None where the role sends none.
    pub fn health_information(&self, party: &str) -> Option<(&str, MessageShape)> {
        let rule = self.rules.iter().rfind(|rule| !rule.carried.is_empty() && rule.write.is_some())?;
        Some((rule.kind.as_str(), self.message_shape(&rule.kind, party)?))
    }

    /// The kind whose message carries one of a kind that the table lacks, by the code that a vocabulary gives it:
    /// `HELSEOPPL_SOKNAD 9140/2`. None where no message fits.
    pub fn carrier(&self, code: &str) -> Option<&str> {
        let first = code.split(',').next().unwrap_or_default().trim();
        let (message, content) = first.split_once(' ').unwrap_or((first, ""));
        let content = content.split_once('/').map(|(_, content)| content);
        let fits = |rule: &&Rule| {
            let write = rule.write.as_ref();
            rule.message.message_type() == message
                && write.is_some_and(|write| content.is_none() || write.content.as_deref() == content)
        };
        self.rules.iter().find(fits).map(|rule| rule.kind.as_str())
    }

    /// The field by which an entry names the one that it replaces.
    pub fn replaced_field(&self) -> &str {
        &self.log.replaced_field
    }

    /// The kind of a cancellation, and the field by which it names what it cancels.
    pub fn cancellation(&self) -> (&str, &str) {
        (&self.log.cancellation, &self.log.cancelled_field)
    }

    /// Whether a person writes it: not what a message refers to, nor what lies in attachments.
    fn is_said(&self, rule: &Rule, name: &str, sources: &[Source]) -> bool {
        let is_frame = |source: &Source| source.parts.iter().any(|part| matches!(part, Part::Frame(_)));
        let reply_words = [&self.log.answer_field, &self.log.from_field, &self.log.expected_field];
        let is_typed = rule.flags.is_reply && reply_words.iter().any(|word| *word == name);
        is_typed || !sources.iter().all(is_frame)
    }
}

impl Address {
    /// What the party does in the process, as agreements call it: `sykehus`, `kommune`, `fastlege`.
    pub fn role_id(&self) -> &'static str {
        match self.role {
            Role::Sykehus => "sykehus",
            Role::Kommune => "kommune",
            Role::Fastlege => "fastlege",
        }
    }
}

fn role_of(id: &str) -> Option<Role> {
    match id {
        "sykehus" => Some(Role::Sykehus),
        "kommune" => Some(Role::Kommune),
        "fastlege" => Some(Role::Fastlege),
        _ => None,
    }
}

/// The name of the first function that a source takes words on.
fn opening(source: &Source) -> Option<String> {
    let codes = source.parts.iter().find_map(|part| match part {
        Part::Care(CarePart::FunctionTexts(codes)) => codes.first(),
        Part::Care(_) | Part::Clinical(_) | Part::Dialog(_) | Part::Frame(_) | Part::Question => None,
    })?;
    let known = table_by_number(FUNCTIONS)?.codes();
    let code = known.iter().find(|code| code.value == *codes)?;
    Some(format!("{}: ", code.name))
}

/// Whether a text has a place there when a message is made.
fn is_written(source: &Source) -> bool {
    source.parts.iter().all(|part| match part {
        Part::Clinical(_) | Part::Question => true,
        Part::Dialog(part) => *part == DialogPart::Note,
        Part::Care(part) => match part {
            CarePart::Services
            | CarePart::ServiceTexts
            | CarePart::Functions(_)
            | CarePart::FunctionTexts(_)
            | CarePart::Units
            | CarePart::Responsible
            | CarePart::DischargedTo => true,
            CarePart::Texts(element) => element == "BetegnelseHjelpemiddel",
            CarePart::Date(_)
            | CarePart::Time(_)
            | CarePart::Needs
            | CarePart::ServiceIs { .. }
            | CarePart::Medicines
            | CarePart::State => false,
        },
        Part::Frame(_) => false,
    })
}

/// Whether an event of the message tells the day in the field.
fn tells_day(write: &Write, name: &str) -> bool {
    write.events.iter().any(|told| match &told.when {
        When::Day(field) => field.as_deref() == Some(name),
        When::Expected(field) => field == name,
        When::Admitted | When::AdmittedIfKnown | When::LeftIfKnown | When::Happened => false,
    })
}
