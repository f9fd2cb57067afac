//! Parties that act by what they know.

use jiff::{SignedDuration, Timestamp};
use samspill_base::Entry;

use crate::{Act, Chance, settings::Behaviour, time::minutes};

/// A party that acts by its plans and by what its own log says. It knows nothing else: neither what others plan nor what was
/// sent and didn't come.
///
/// What it does hangs on its seed and on what it has seen, not on how often it is asked. So a network with faults between
/// parties is tested by handing each of them its own log only, and a log read anew from its beginning gives the same party again.
pub trait Partner: std::fmt::Debug + Send + Sync {
    /// What the region calls it.
    fn name(&self) -> &str;

    /// What it does up to `now`, in the order of time.
    ///
    /// `seen` is what has come into its log since it was asked last, in the order of the log; its own entries may be among it and
    /// are passed over. An act is never earlier than the instant at which it was asked last. `now` earlier than that gives
    /// nothing, and nothing is lost: what was seen is taken in, and done when time has come.
    fn next(&mut self, seen: &[Entry], now: Timestamp) -> Vec<Act>;

    /// When it wants to be asked again if nothing is seen before: when its next plan is due. None where it plans nothing.
    fn wakes(&self) -> Option<Timestamp>;
}

/// How long something takes this time, by how a party behaves; none where it is forgotten.
pub(crate) fn delay(
    chance: &mut Chance,
    behaviour: Behaviour,
    usual: [u32; 2],
    late: [u32; 2],
) -> Option<SignedDuration> {
    if chance.hits(behaviour.missing) {
        return None;
    }
    let range = if chance.hits(behaviour.late) { late } else { usual };
    Some(minutes(chance.within(range)))
}

/// The message that an id of an entry names, without what the log adds to it (`#kind`, `~2`).
pub(crate) fn message_of(id: &str) -> &str {
    id.split(['#', '~']).next().unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_always_missing_never_comes_and_what_is_always_late_comes_late() {
        let mut chance = Chance::of(1);
        let missing = Behaviour { missing: 1000, ..Behaviour::default() };
        assert_eq!(delay(&mut chance, missing, [1, 2], [3, 4]), None);
        let late = Behaviour { late: 1000, ..Behaviour::default() };
        assert_eq!(delay(&mut chance, late, [1, 2], [3, 3]), Some(minutes(3)));
        assert_eq!(delay(&mut chance, Behaviour::default(), [1, 1], [3, 3]), Some(minutes(1)));
    }

    #[test]
    fn an_entry_names_its_message() {
        for id in ["a-b", "a-b#innlagt", "a-b~2", "a-b#innlagt~2"] {
            assert_eq!(message_of(id), "a-b");
        }
    }
}
