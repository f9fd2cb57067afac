//! Ids that follow from what they name.
//!
//! A receipt's id follows from the message and the receiver, and a parcel's from its document and the receiver. So whatever is done
//! twice, after a crash or by two nodes at once, has the same id both times: the standard's "exactly one receipt for each receiver"
//! (HITS 1168:2016 5.1) holds by construction, and a parcel that is sent again is known as the same.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Names of our own are made under this one. It never changes: ids made before must come out the same.
const OURS: Uuid = Uuid::from_u128(0x6c1f_7a52_9d0e_4b7b_8a53_5a6d_7370_696c);

/// The id of the receipt that a receiver sends for a message.
pub(super) fn of_receipt(message: &str, receiver: &str) -> String {
    named(&["receipt", message, receiver])
}

/// What a document is known by that has no id of its own.
pub(super) fn of_content(bytes: &[u8]) -> String {
    Uuid::new_v5(&OURS, &Sha256::digest(bytes)).to_string()
}

/// The id of a document's parcel to a receiver. `series` counts up where a parcel must not pass for the one before, as after a
/// fault that the receiver has told of (HITS 1216:2018 2.2.5).
pub(super) fn of_parcel(document: &str, receiver: &str, series: u32) -> String {
    named(&["parcel", document, receiver, &series.to_string()])
}

/// The id of a part of something that people write in one go: it follows from the whole's id, so written twice it is written once.
pub fn id_of_part(whole: &str, part: &str) -> String {
    named(&["part", whole, part])
}

/// Longest id or name that is kept as it is written, in bytes. Nobody's is nearly as long.
const BYTES_MAX: usize = 250;

/// An id or name from outside as it is kept: itself, or an id that follows from it where it is too long to be one. So whoever
/// sends nonsense is still known when it comes again.
pub(super) fn fitting(written: &str) -> String {
    if written.len() <= BYTES_MAX && !written.contains('\0') {
        return written.to_owned();
    }
    named(&["long", written])
}

fn named(parts: &[&str]) -> String {
    let mut name = Vec::new();
    for part in parts {
        name.extend_from_slice(part.as_bytes());
        name.push(0);
    }
    Uuid::new_v5(&OURS, &name).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_names_give_the_same_id_for_ever() {
        assert_eq!(of_receipt("m", "HER:1"), of_receipt("m", "HER:1"));
        assert_ne!(of_receipt("m", "HER:1"), of_receipt("m", "HER:2"));
        assert_ne!(of_receipt("m", "HER:1"), of_parcel("m", "HER:1", 1));
        assert_ne!(of_parcel("m", "HER:1", 1), of_parcel("m", "HER:1", 2));
    }

    #[test]
    fn what_is_too_long_for_an_id_gets_one_that_follows_from_it() {
        let (at_limit, over) = ("x".repeat(BYTES_MAX), "x".repeat(BYTES_MAX + 1));
        assert_eq!(fitting(&at_limit), at_limit);
        assert_eq!(fitting(&over).len(), 36);
        assert_eq!(fitting(&over), fitting(&over));
        assert_ne!(fitting("a\0"), "a\0");
    }

    #[test]
    fn parts_dont_run_into_each_other() {
        assert_ne!(of_receipt("ab", "c"), of_receipt("a", "bc"));
    }
}
