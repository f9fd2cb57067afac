use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_store::MessageNumber;

use super::past::Placed;
use crate::exchange::meaning::Question;

/// What is noted beside a message: why it stands as it does, and what people must settle.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Notes {
    /// The cases that have or had entries of it.
    pub cases: BTreeSet<String>,
    /// What is asked, and hasn't been answered.
    pub questions: Vec<Question>,
    /// What was read in one of several ways, and other things worth a look.
    pub remarks: Vec<String>,
    /// What was decided about receipts, and why.
    pub receipts: Vec<String>,
    /// That somebody saw to it. Why stands with the decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handled: Option<Handled>,
}

/// That somebody saw to a message.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Handled {
    /// The message that it was said of: this one, or the receipt or message that belongs with it.
    pub through: MessageNumber,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// How it stood with its receivers then. When it stands otherwise, and needs a person, it is theirs again.
    #[serde(default)]
    pub stood: String,
    /// What was asked, for when it is taken back.
    #[serde(default)]
    pub questions: Vec<Question>,
    /// Whether it stood as a question.
    #[serde(default)]
    pub was_question: bool,
}

impl Notes {
    /// Reads what was noted. What can't be read, as that of a newer program, is passed over: notes are for people.
    pub fn read(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// As it is kept.
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Takes up what reading a message found.
    pub(super) fn take(&mut self, placed: &Placed) {
        self.questions.extend(placed.questions());
        self.remarks.extend(placed.mapped.remarks.iter().map(|remark| remark.text.clone()));
    }
}
