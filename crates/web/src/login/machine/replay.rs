use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use aws_lc_rs::digest::{Context, SHA256};
use jiff::{SignedDuration, Timestamp};

/// How long a proof is remembered: longer than any is taken.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(3);

/// The most proofs that are remembered. More in three minutes are refused rather than forgotten.
const PROOFS_MAX: usize = 200_000;

/// The proofs that this node let in.
#[derive(Debug, Default)]
pub(super) struct Replay(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    until: BTreeMap<[u8; 32], Timestamp>,
    swept: Option<Timestamp>,
}

impl Replay {
    /// Whether a proof of this key with this id is let in for the first time; remembers it.
    pub(super) fn is_new(&self, key: &str, id: &str, now: Timestamp) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.sweep(now);
        let proof = name_of(key, id);
        if seen.until.len() >= PROOFS_MAX || seen.until.contains_key(&proof) {
            return false;
        }
        seen.until.insert(proof, now.saturating_add(REMEMBERED).unwrap_or(now));
        true
    }
}

impl Seen {
    /// Forgets what is over, once in three minutes or when there is no room.
    fn sweep(&mut self, now: Timestamp) {
        let is_due = self.swept.is_none_or(|at| now.duration_since(at) >= REMEMBERED);
        if is_due || self.until.len() >= PROOFS_MAX {
            self.until.retain(|_, until| *until >= now);
            self.swept = Some(now);
        }
    }
}

fn name_of(key: &str, id: &str) -> [u8; 32] {
    let mut hash = Context::new(&SHA256);
    hash.update(key.as_bytes());
    hash.update(b"\0");
    hash.update(id.as_bytes());
    let mut name = [0; 32];
    name.copy_from_slice(hash.finish().as_ref());
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_let_in_once_by_each_key() {
        let (replay, now) = (Replay::default(), Timestamp::UNIX_EPOCH);
        assert!(replay.is_new("k", "a", now));
        assert!(!replay.is_new("k", "a", now));
        assert!(replay.is_new("k", "b", now) && replay.is_new("l", "a", now));
    }

    #[test]
    fn a_proof_is_forgotten_when_no_clock_would_take_it_any_more() {
        let (replay, now) = (Replay::default(), Timestamp::UNIX_EPOCH);
        assert!(replay.is_new("k", "a", now));
        let later = |secs| now + SignedDuration::from_secs(secs);
        assert!(!replay.is_new("k", "a", later(180)));
        replay.is_new("k", "c", later(181));
        assert!(!replay.is_new("k", "c", later(181)));
        assert!(replay.is_new("k", "a", later(361)));
    }
}
