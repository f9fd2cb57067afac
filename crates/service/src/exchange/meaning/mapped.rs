use std::collections::BTreeMap;

use samspill_base::{Entry, Value};
use samspill_formats::messages::types::Receipt;

use super::{Newness, Placement, Suggestion, known::Cancellation, traits::Traits};

/// What a message means for the log.
#[derive(Clone, Debug)]
pub struct Mapped {
    /// Its id, as it is compared.
    pub id: String,
    /// Whether it was there before. What was there gives no entries again.
    pub newness: Newness,
    /// The stay it belongs to.
    pub placement: Placement,
    /// The entries, in the order in which they belong into the log. While the stay isn't settled their case is empty; then
    /// [`Mapped::in_case`] gives them one.
    pub entries: Vec<Entry>,
    /// What a person must settle.
    pub questions: Vec<Question>,
    /// What was read in one of several ways, and what is worth a look.
    pub remarks: Vec<Remark>,
    /// What a reply seems to say.
    pub suggestion: Option<Suggestion>,
    /// The receipt that it is.
    pub receipt: Option<Receipt>,
    pub(super) carried: BTreeMap<String, Value>,
    /// The entry that tells of the admission.
    pub(super) admission: Option<String>,
    /// The cancellation that it is.
    pub(super) cancellation: Option<Cancellation>,
    /// Whether it was cancelled before it came.
    pub(super) is_void: bool,
    pub(super) traits: Traits,
}

impl Mapped {
    /// The entries in a case that a person chose.
    pub fn in_case(&self, case: &str) -> Vec<Entry> {
        let placed = |entry: &Entry| Entry { case: case.to_owned(), ..entry.clone() };
        self.entries.iter().map(placed).collect()
    }
}

/// Something that only a person can settle.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Question {
    /// The message that it is about.
    pub message: String,
    /// What is asked.
    pub what: QuestionKind,
    /// The question in words, for whom it is put to.
    pub text: String,
    /// The answers there are; empty where any is.
    pub choices: Vec<Choice>,
}

/// One answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Choice {
    /// What is chosen: a case, a message, a kind.
    pub value: String,
    /// Why it may be this one.
    pub reasons: Vec<String>,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuestionKind {
    /// Which stay the message belongs to.
    WhichStay,
    /// Who the patient is.
    WhichPerson,
    /// Two messages have one id and say different things: which one counts.
    WhichContent,
    /// Which message a cancellation or change is about.
    WhichMessage,
    /// What the municipality answered.
    WhichAnswer,
    /// What the message is, where its type leaves it open.
    WhichKind,
    /// Which of two times of admission is right.
    WhichAdmission,
    /// Whether a status that the profile forbids for the message was meant.
    WhetherMeant,
    /// When it happened: the message has no time that can be read.
    When,
    /// Which municipality pays, where the receiver serves several.
    WhichMunicipality,
    /// The receiver refused the message: what to do instead.
    Rejected,
}

impl QuestionKind {
    /// All of them, in the order of the type.
    pub const ALL: [Self; 11] = [
        Self::WhichStay,
        Self::WhichPerson,
        Self::WhichContent,
        Self::WhichMessage,
        Self::WhichAnswer,
        Self::WhichKind,
        Self::WhichAdmission,
        Self::WhetherMeant,
        Self::When,
        Self::WhichMunicipality,
        Self::Rejected,
    ];

    /// Its name, as it is kept and as commands have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WhichStay => "which-stay",
            Self::WhichPerson => "which-person",
            Self::WhichContent => "which-content",
            Self::WhichMessage => "which-message",
            Self::WhichAnswer => "which-answer",
            Self::WhichKind => "which-kind",
            Self::WhichAdmission => "which-admission",
            Self::WhetherMeant => "whether-meant",
            Self::When => "when",
            Self::WhichMunicipality => "which-municipality",
            Self::Rejected => "rejected",
        }
    }

    /// The question of a name.
    pub fn called(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|question| question.as_str() == name)
    }
}

/// Something that was read in one of several ways, or is worth a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The message that it is about.
    pub message: String,
    /// What.
    pub what: RemarkKind,
    /// In words.
    pub text: String,
}

/// What a remark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RemarkKind {
    /// A day without time was read as an instant.
    DayOnly,
    /// A local time fell into the hour of a clock change.
    ClockChange,
    /// It was made after it was received: a clock is wrong.
    MadeAfterReceived,
    /// The day that it names is another than the day it was given.
    OtherDay,
    /// A cancellation waits for what it cancels.
    Waits,
    /// The message belongs to no stay, or means nothing to it.
    Outside,
    /// A status that isn't known was read as new.
    UnknownStatus,
    /// It was there before.
    Duplicate,
    /// The message was cancelled before it came.
    CancelledBefore,
}
