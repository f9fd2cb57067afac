//! From entries to messages that are sent.
//!
//! The log knows what happened, when, and between whom; names, addresses and telephone numbers come from an [`AddressBook`]
//! and from what the record system gives [`Beside`]. Which entry becomes which message, and which field which part of it, the
//! table says (`[entry.write]` in `data/meaning.toml`).

mod book;
mod care;
mod dialog;
mod events;
mod fields;
mod frame;
mod lines;
mod reply;

use jiff::tz::TimeZone;
use samspill_base::{Entry, Value};
use samspill_formats::{
    messages::{
        make::{
            CareContent, CareDraft, Draft, EpicrisisContent, EpicrisisDraft, FileDraft, HeadDraft, Made,
            MakeContext, PatientDraft, PersonDraft, Refused, RequestDraft, StatusDraft,
        },
        norway,
        read::{MessageLimits, read},
        types::Kind,
    },
    xml::{XmlLimits, parse},
};

pub use book::{Address, AddressBook, Fact};
pub(super) use events::happening;
pub use fields::{FieldStands, MessageField, MessageShape};

use super::{
    Known, Table,
    entries::said,
    status::may_be_changed,
    table::{Role, Rule, Write},
};

/// What a message needs beside the log and the addresses.
#[derive(Clone, Debug)]
pub struct Outgoing<'a> {
    /// The message's id, a GUID.
    pub id: &'a str,
    /// Which entry becomes which message.
    pub table: &'a Table,
    /// The zone of local times.
    pub zone: TimeZone,
    /// The messages so far, for conversations and for whom to answer.
    pub known: &'a Known,
    /// What the record system knows that the log doesn't.
    pub beside: &'a Beside,
}

impl<'a> Outgoing<'a> {
    /// A message with the shipped table and Norwegian time.
    pub fn new(id: &'a str, known: &'a Known, beside: &'a Beside) -> Self {
        Self { id, table: Table::shipped(), zone: norway(), known, beside }
    }
}

/// What the record system knows that the log doesn't. Where it says something in coded form that the log has in words, this is
/// what is sent; [`Written::unsaid`] tells if that says something else.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// The patient. Without an id it gets the one that the entry has.
    pub patient: PatientDraft,
    /// Who answers for the message (`ansvarlige`), the unit to call (`enheter`), medicines, services, next of kin …
    pub care: CareContent,
    /// More people with a role in a dialogue message, such as whom it is meant for (role 24).
    pub people: Vec<PersonDraft>,
    /// The request that is sent, or that is answered.
    pub request: Option<RequestDraft>,
    /// The theme's code in a dialogue message, where it isn't the usual one.
    pub theme: Option<String>,
    /// An epicrisis.
    pub epicrisis: EpicrisisContent,
    /// Files.
    pub files: Vec<FileDraft>,
    /// P for production, D for debugging.
    pub processing: Option<String>,
}

/// A message that says what an entry says.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// What it was made of.
    pub draft: Draft,
    /// The message.
    pub made: Made,
    /// Fields of the entry that the message, read again, doesn't say, or says otherwise.
    pub unsaid: Vec<String>,
}

/// Why no message is made of an entry.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SendError {
    /// The table has no message for the kind.
    #[error("no message tells of «{0}»: it is an event that a party registers, or the table lacks it")]
    NoMessage(String),
    /// The message repeats the time of admission, and the stay's isn't known.
    #[error("the message must say when the patient was admitted, and the stay doesn't know: enter it first")]
    NoAdmission,
    /// The reply says neither that the municipality can nor that it can't.
    #[error("the reply has no answer: confirm it first")]
    NoAnswer,
    /// The reply would be read otherwise than it is meant.
    #[error("the answer would be read as another one, for the day lies before the reply: correct the day")]
    UnclearAnswer,
    /// The entry doesn't say who sends it, or who gets it.
    #[error("the entry doesn't say {0}: enter it")]
    NoParty(&'static str),
    /// The address book doesn't know a party.
    #[error("the address book doesn't know «{0}»: enter its HER-ids")]
    UnknownParty(String),
    /// A party has no service that takes the message.
    #[error(
        "«{party}» has no service «{service}» in the address book, and several others: say which takes it"
    )]
    NoService {
        /// The party.
        party: String,
        /// What the profile says.
        service: String,
    },
    /// The patient of the record isn't the entry's.
    #[error("the entry is about another patient than the record that it is to be sent with")]
    OtherPatient,
    /// What is cancelled isn't in the log.
    #[error(
        "the entry «{0}» that is cancelled isn't in the log of the stay: a cancellation must say what it cancels"
    )]
    NothingToCancel(String),
    /// Messages of the kind can't be cancelled.
    #[error("a {0} can't be cancelled: send another one in the same conversation")]
    NotCancellable(&'static str),
    /// Messages of the kind can't be changed.
    #[error("a {0} can't be changed: cancel it, and send a new one")]
    NotChangeable(&'static str),
    /// The message mustn't be sent as it is.
    #[error("{0}")]
    Refused(#[from] Refused),
}

/// A message that says what an entry says, ready to be sent.
///
/// It is made when the entry was sent (`sent`, or else `happened`), to the second, and read again before it is given out:
/// [`Written::unsaid`] tells what of the entry doesn't come through.
///
/// - A message goes on with the conversation of the message that its entry answers, changes or cancels, and to who sent or got that.
/// - A cancellation names one entry; the message cancels all that the message of that entry gave. So of entries that cancel what
///   one message gave, one is sent. It has the events that the profile wants, and no clinical contents.
/// - A reply is helsefaglig dialog (theme 7322/7). Its typed answer is written as a sentence that [`super::suggest`] reads back,
///   clear; what it said in words besides follows only if the answer stays clear. Words that say the answer clearly by themselves
///   need no sentence.
/// - An event of which only the day is known is told as a day.
///
/// `stay` is the stay's log so far.
///
/// # Errors
/// Where no message tells of the kind, or what it must say isn't known, or the profile forbids it.
pub fn message(
    entry: &Entry,
    stay: &[Entry],
    parties: &AddressBook,
    context: &Outgoing<'_>,
) -> Result<Written, SendError> {
    let sending = Sending::of(entry, stay, parties, context)?;
    let draft = sending.draft()?;
    let made = draft.make(&MakeContext { id: context.id, made: sent(entry) })?;
    let unsaid = if sending.status == StatusDraft::Cancellation { Vec::new() } else { sending.unsaid(&made) };
    Ok(Written { draft, made, unsaid })
}

/// The draft of [`message`], for who wants to look at it or add to it before it is made.
///
/// # Errors
/// As [`message`], but for what the profile forbids.
pub fn draft(
    entry: &Entry,
    stay: &[Entry],
    parties: &AddressBook,
    context: &Outgoing<'_>,
) -> Result<Draft, SendError> {
    Sending::of(entry, stay, parties, context)?.draft()
}

fn sent(entry: &Entry) -> jiff::Timestamp {
    entry.sent.unwrap_or(entry.happened)
}

/// An entry on its way to be a message.
struct Sending<'a> {
    /// The entry itself; of a cancellation, the entry that is cancelled.
    told: &'a Entry,
    entry: &'a Entry,
    stay: &'a [Entry],
    rule: &'a Rule,
    write: &'a Write,
    status: StatusDraft,
    parties: &'a AddressBook,
    context: &'a Outgoing<'a>,
}

impl<'a> Sending<'a> {
    fn of(
        entry: &'a Entry,
        stay: &'a [Entry],
        parties: &'a AddressBook,
        context: &'a Outgoing<'a>,
    ) -> Result<Self, SendError> {
        let words = &context.table.log;
        let cancels = entry.kind == words.cancellation;
        let told = if cancels { frame::cancelled(entry, stay, context.table)? } else { entry };
        let sender = told.from.as_deref().and_then(|name| parties.find(name));
        let (rule, write) = rule_for(&told.kind, sender.map(|party| party.role), context.table)
            .ok_or_else(|| SendError::NoMessage(told.kind.clone()))?;
        let changes = entry.field(&words.replaced_field).is_some();
        let status = match (cancels, changes) {
            (true, _) if Family::of(rule.message) == Family::Dialog => {
                return Err(SendError::NotCancellable(rule.message.slug()));
            }
            (true, _) => StatusDraft::Cancellation,
            (false, true) if !may_be_changed(rule.message) => {
                return Err(SendError::NotChangeable(rule.message.slug()));
            }
            (false, true) => StatusDraft::Change,
            (false, false) => StatusDraft::New,
        };
        Ok(Self { told, entry, stay, rule, write, status, parties, context })
    }

    fn draft(&self) -> Result<Draft, SendError> {
        let (head, kind, files) = (self.head()?, self.rule.message, self.context.beside.files.clone());
        Ok(match Family::of(kind) {
            Family::Dialog => Draft::Dialog(kind, Box::new(self.dialog(head)?)),
            Family::Epicrisis => {
                let head = HeadDraft { conversation: None, ..head };
                Draft::Epicrisis(Box::new(EpicrisisDraft { head, content: self.epicrisis(), files }))
            }
            Family::Care => {
                Draft::Care(kind, Box::new(CareDraft { head, content: self.care()?, files, edition: None }))
            }
        })
    }

    /// The stay's beginning and end, and for a later one of a series the id of its document.
    fn epicrisis(&self) -> EpicrisisContent {
        let mut content = self.context.beside.epicrisis.clone();
        content.from = content.from.or_else(|| self.admitted().map(|time| self.told_time(time)));
        content.until = content.until.or_else(|| self.left().map(|time| self.told_time(time)));
        content.document_id = content.document_id.or_else(|| self.conversation().map(|it| it.parent));
        content
    }

    /// The fields that the message doesn't say: those that are read of it otherwise, but for the words of the log itself.
    fn unsaid(&self, made: &Made) -> Vec<String> {
        let Ok(document) = parse(&made.xml, &XmlLimits::default()) else { return Vec::new() };
        let (message, _) = read(&document, &MessageLimits::default());
        let read = said(self.rule, &message);
        let carried = self.context.known.stay(&self.entry.case).map(|stay| &stay.carried);
        let goes_elsewhere = |name: &String, value: &Value| {
            self.rule.flags.takes_carried && carried.and_then(|all| all.get(name)) == Some(value)
        };
        let fields = self.entry.body.iter().flatten();
        let lost = fields.filter(|(name, value)| {
            !self.is_word_of_log(name) && read.get(*name) != Some(*value) && !goes_elsewhere(name, value)
        });
        lost.map(|(name, _)| name.clone()).collect()
    }

    fn is_word_of_log(&self, name: &str) -> bool {
        let words = &self.context.table.log;
        let of_reply = [
            &words.answer_field,
            &words.from_field,
            &words.expected_field,
            &words.confirmed_by_field,
            &words.confirmed_how_field,
        ];
        let is_reply_word = self.rule.flags.is_reply && of_reply.iter().any(|word| *word == name);
        is_reply_word || *name == *words.replaced_field || *name == *words.told_field
    }
}

/// Messages that are drafted alike.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Care,
    Dialog,
    Epicrisis,
}

impl Family {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Foresporsel | Kind::Svar | Kind::Notat | Kind::Avvik | Kind::HelsefagligDialog => {
                Self::Dialog
            }
            Kind::Epikrise => Self::Epicrisis,
            Kind::Innlagt
            | Kind::Innleggelsesrapport
            | Kind::Helseopplysninger
            | Kind::Utskrivningsklar
            | Kind::Avmelding
            | Kind::Utskrevet
            | Kind::Utskrivningsrapport
            | Kind::Dodsfall
            | Kind::TilLege
            | Kind::Tjenestetilbud
            | Kind::MedisinskeOpplysninger
            | Kind::Fravar
            | Kind::Kvittering
            | Kind::Annen => Self::Care,
        }
    }
}

/// How a kind is written: by the first rule for it that is for senders of the role, or else by one whose messages may be it.
fn rule_for<'t>(kind: &str, role: Option<Role>, table: &'t Table) -> Option<(&'t Rule, &'t Write)> {
    let written = || table.rules.iter().filter_map(|rule| Some((rule, rule.write.as_ref()?)));
    let of = |write: &Write| write.by.is_empty() || role.is_some_and(|role| write.by.contains(&role));
    let own = written().find(|(rule, write)| rule.kind == kind && of(write));
    own.or_else(|| written().find(|(rule, _)| rule.may_be.iter().any(|may_be| may_be.kind == kind)))
}

/// A field of an entry as text.
fn text<'e>(entry: &'e Entry, name: &str) -> Option<&'e str> {
    entry.field(name).and_then(Value::as_text)
}
