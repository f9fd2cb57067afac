//! Entries into the log, and into the notes of their messages which cases they are in and what is asked.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samspill_base::Entry;
use samspill_store::{Append, AppendKey, MessageNumber, Standing, StoreError, Tx};

use super::{
    Notes,
    past::{Asked, Earlier, Past, unplaced},
};
use crate::exchange::meaning::{QuestionKind, message_in};

/// Appends entries, all or none, under a key that says what they are for. Gives how many.
pub(super) async fn append(
    tx: &mut Tx,
    key: &str,
    entries: Vec<Entry>,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let count = entries.len();
    if count > 0 {
        let entries = entries.into_iter().map(unplaced).collect();
        tx.put_append(&Append { key: AppendKey::new(key)?, recorded: now, entries }).await?;
    }
    Ok(count)
}

/// The key of what a message gave.
pub(super) fn key_of(number: MessageNumber) -> String {
    format!("melding-{}", number.0)
}

/// The cases of entries, by the message that each names.
pub(super) fn cases(entries: &[Entry]) -> BTreeMap<String, BTreeSet<String>> {
    let mut cases: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in entries {
        let message = entry.id.as_deref().map(message_in).unwrap_or_default();
        cases.entry(message.to_owned()).or_default().insert(entry.case.clone());
    }
    cases
}

/// Notes for earlier messages which cases they have entries in now, and, where all was read anew, what is asked about them then.
pub(super) async fn note_others(
    tx: &mut Tx,
    past: &Past,
    cases: &BTreeMap<String, BTreeSet<String>>,
    asked: Option<&Asked>,
) -> Result<(), StoreError> {
    for earlier in &past.earlier {
        let mut notes = earlier.notes.clone();
        notes.cases.extend(cases.get(&earlier.id).into_iter().flatten().cloned());
        if let Some(asked) = asked.filter(|_| !past.is_cut) {
            notes.questions.retain(|it| it.message != earlier.id || it.what == QuestionKind::Rejected);
            notes.questions.extend(asked.get(&earlier.id).into_iter().flatten().cloned());
        }
        if notes != earlier.notes {
            let case = cases.get(&earlier.id).and_then(|now| now.last()).or(earlier.case.as_ref());
            let standing = standing(earlier, &notes);
            tx.stand(earlier.number, standing, case.map(String::as_str), &notes.write()).await?;
        }
    }
    Ok(())
}

/// How a message stands with what is noted now. A question that only another message can have answered is settled.
fn standing(earlier: &Earlier, notes: &Notes) -> Standing {
    let was_asked = !earlier.notes.questions.is_empty();
    match (earlier.standing, notes.questions.is_empty()) {
        (Standing::Question, true) if was_asked => Standing::Settled,
        (Standing::Taken | Standing::Settled, false) => Standing::Question,
        (standing, _) => standing,
    }
}
