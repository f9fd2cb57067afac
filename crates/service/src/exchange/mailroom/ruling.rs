//! What people decided about a message, as it is kept.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_store::{KeptDecision, KeptMessage, StoreError, Tx};

use super::past::decided;
use crate::exchange::meaning::{QuestionKind, Ruling};

/// What a person decided about a message, and stands by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruled {
    /// What.
    pub ruling: Ruling,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why, in their words; may be empty.
    pub why: String,
}

/// A row of what people say about what a message says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Word {
    Ruled(Ruling),
    /// What was said of a question doesn't stand; of none: that it was handled.
    TakenBack(Option<QuestionKind>),
}

impl Word {
    /// What can't be read, as that of a newer program, decides nothing.
    pub(super) fn read(value: &str) -> Option<Self> {
        serde_json::from_str(value).ok()
    }

    pub(super) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Under what it is kept what people decided about a message: its id, and of one without an id its number.
pub(super) fn subject_of(kept: &KeptMessage) -> String {
    if kept.id.is_empty() { format!("melding-{}", kept.number) } else { kept.id.clone() }
}

/// What people decided about a message and stand by, the latest last.
pub(super) async fn rulings_of(tx: &mut Tx, kept: &KeptMessage) -> Result<Vec<Ruled>, StoreError> {
    let decisions = tx.decisions(&BTreeSet::from([subject_of(kept)])).await?;
    let mut standing: Vec<Ruled> = Vec::new();
    for decision in decisions {
        let word = match decision.what.as_str() {
            decided::STAY => Some(Word::Ruled(Ruling::Stay(decision.value.clone()))),
            decided::RULING => Word::read(&decision.value),
            _ => None,
        };
        match word {
            Some(Word::Ruled(ruling)) => {
                standing.retain(|it| it.ruling.question() != ruling.question());
                standing.push(ruled(ruling, decision));
            }
            Some(Word::TakenBack(question)) => standing.retain(|it| it.ruling.question() != question),
            None => {}
        }
    }
    Ok(standing)
}

fn ruled(ruling: Ruling, decision: KeptDecision) -> Ruled {
    Ruled { ruling, by: decision.by, at: decision.at, why: decision.why }
}
