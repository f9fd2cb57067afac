use std::collections::BTreeSet;

use jiff::Timestamp;

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
    /// Of one that was sent and didn't get through: when a person last said that it is seen to, whatever way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen_to: Option<Timestamp>,
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
