//! Entries into the log, and into the notes of their messages which cases they are in.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use samspill_base::Entry;
use samspill_store::{Append, AppendKey, MessageNumber, StoreError, Tx};

use super::past::{Earlier, Past, unplaced};
use crate::exchange::meaning::message_in;

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
        tx.append(&Append { key: AppendKey::new(key)?, recorded: now, entries }).await?;
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

/// Notes for earlier messages which cases they have entries in now.
pub(super) async fn note_cases(
    tx: &mut Tx,
    past: &Past,
    cases: &BTreeMap<String, BTreeSet<String>>,
) -> Result<(), StoreError> {
    for earlier in &past.earlier {
        let Some(now) = cases.get(&earlier.id).filter(|now| !now.is_subset(&earlier.notes.cases)) else {
            continue;
        };
        note(tx, earlier, now).await?;
    }
    Ok(())
}

async fn note(tx: &mut Tx, earlier: &Earlier, now: &BTreeSet<String>) -> Result<(), StoreError> {
    let mut notes = earlier.notes.clone();
    notes.cases.extend(now.iter().cloned());
    let case = now.last().map(String::as_str);
    tx.stand(earlier.number, earlier.standing, case, &notes.write()).await
}
