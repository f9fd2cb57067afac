//! What people decided about what messages say.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::QuestionKind;

/// What a person decides about a message: the answer to one question, or that somebody saw to it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ruling {
    /// The stay that the message belongs to: one of the log, or a name for one that begins.
    Stay(String),
    /// Of the messages with its id, the number of the one that counts. The others say nothing.
    Content(u64),
    /// The id of the message that a cancellation is about.
    Message(String),
    /// The kind of entry that it is: one of the choices.
    Kind(String),
    /// When the patient was admitted: the time that the stay has, or the one that the message tells.
    Admission(Timestamp),
    /// What its status was meant to say.
    Meant(Meant),
    /// When what it tells of happened.
    When(Timestamp),
    /// The municipality that pays: one that the receiver serves.
    Municipality(String),
    /// Somebody saw to what was to be done, and nothing more is asked: these questions, which may be none.
    Handled(BTreeSet<QuestionKind>),
}

/// What the status of a message that can't be a change was meant to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meant {
    /// It is a message of its own; what was sent before stands.
    New,
    /// It replaces what was sent before, as it says.
    Change,
}

impl Meant {
    fn read(said: &str) -> Option<Self> {
        match said {
            "new" => Some(Self::New),
            "change" => Some(Self::Change),
            _ => None,
        }
    }
}

impl Ruling {
    /// The answer to a question as people write it: a stay, a number, an id, a kind, a time in the zone (`2026-03-09T14:20`), `new` or
    /// `change`, a municipality. None for what is no such answer, and for questions that are answered elsewhere.
    pub fn read(question: QuestionKind, said: &str, zone: &TimeZone) -> Option<Self> {
        let said = Some(said.trim()).filter(|said| !said.is_empty())?;
        let time = || {
            let local = said.parse::<DateTime>().ok()?;
            zone.to_ambiguous_timestamp(local).compatible().ok()
        };
        Some(match question {
            QuestionKind::WhichStay | QuestionKind::WhichPerson => Self::Stay(said.to_owned()),
            QuestionKind::WhichContent => Self::Content(said.parse().ok()?),
            QuestionKind::WhichMessage => Self::Message(said.to_owned()),
            QuestionKind::WhichKind => Self::Kind(said.to_owned()),
            QuestionKind::WhichAdmission => Self::Admission(time()?),
            QuestionKind::WhetherMeant => Self::Meant(Meant::read(said)?),
            QuestionKind::When => Self::When(time()?),
            QuestionKind::WhichMunicipality => Self::Municipality(said.to_owned()),
            QuestionKind::WhichAnswer | QuestionKind::Rejected => return None,
        })
    }

    /// The question that it answers; none of what was handled, for that answers none.
    pub fn question(&self) -> Option<QuestionKind> {
        match self {
            Self::Stay(_) => Some(QuestionKind::WhichStay),
            Self::Content(_) => Some(QuestionKind::WhichContent),
            Self::Message(_) => Some(QuestionKind::WhichMessage),
            Self::Kind(_) => Some(QuestionKind::WhichKind),
            Self::Admission(_) => Some(QuestionKind::WhichAdmission),
            Self::Meant(_) => Some(QuestionKind::WhetherMeant),
            Self::When(_) => Some(QuestionKind::When),
            Self::Municipality(_) => Some(QuestionKind::WhichMunicipality),
            Self::Handled(_) => None,
        }
    }
}

/// The rulings that stand, by message: of each question the latest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rulings(BTreeMap<String, BTreeMap<Option<QuestionKind>, Ruling>>);

impl Rulings {
    /// Takes up a ruling about a message, in the place of an earlier one.
    pub fn rule(&mut self, message: &str, ruling: Ruling) {
        self.0.entry(message.to_owned()).or_default().insert(ruling.question(), ruling);
    }

    /// Takes a ruling back: the question is open again. `None` names what was handled.
    pub fn take_back(&mut self, message: &str, question: Option<QuestionKind>) {
        if let Some(rulings) = self.0.get_mut(message) {
            rulings.remove(&question);
        }
    }

    /// Whether a question about a message is answered, or was seen to.
    pub fn settles(&self, message: &str, question: QuestionKind) -> bool {
        let is_handled = matches!(self.of(message, None), Some(Ruling::Handled(questions)) if questions.contains(&question));
        is_handled || self.of(message, Some(question)).is_some()
    }

    /// The numbers of the messages that count where several have one id.
    pub fn contents(&self) -> BTreeSet<u64> {
        self.0.keys().filter_map(|message| self.content(message)).collect()
    }

    /// The number of the message that counts among those with an id.
    pub fn content(&self, message: &str) -> Option<u64> {
        let Some(Ruling::Content(number)) = self.of(message, Some(QuestionKind::WhichContent)) else {
            return None;
        };
        Some(*number)
    }

    pub(super) fn message(&self, message: &str) -> Option<&str> {
        let Some(Ruling::Message(id)) = self.of(message, Some(QuestionKind::WhichMessage)) else {
            return None;
        };
        Some(id)
    }

    pub(super) fn kind(&self, message: &str) -> Option<&str> {
        let Some(Ruling::Kind(kind)) = self.of(message, Some(QuestionKind::WhichKind)) else { return None };
        Some(kind)
    }

    pub(super) fn admission(&self, message: &str) -> Option<Timestamp> {
        let Some(Ruling::Admission(at)) = self.of(message, Some(QuestionKind::WhichAdmission)) else {
            return None;
        };
        Some(*at)
    }

    pub(super) fn meant(&self, message: &str) -> Option<Meant> {
        let Some(Ruling::Meant(meant)) = self.of(message, Some(QuestionKind::WhetherMeant)) else {
            return None;
        };
        Some(*meant)
    }

    pub(super) fn when(&self, message: &str) -> Option<Timestamp> {
        let Some(Ruling::When(at)) = self.of(message, Some(QuestionKind::When)) else { return None };
        Some(*at)
    }

    pub(super) fn municipality(&self, message: &str) -> Option<&str> {
        let Some(Ruling::Municipality(name)) = self.of(message, Some(QuestionKind::WhichMunicipality)) else {
            return None;
        };
        Some(name)
    }

    fn of(&self, message: &str, question: Option<QuestionKind>) -> Option<&Ruling> {
        self.0.get(message)?.get(&question)
    }
}
