//! Messages that break off.

use crate::{
    documents::{dialogue, notice},
    walk::{answered, opened},
};

/// A message that breaks off is rejected as not XML, or there is nobody to tell. It is never taken in.
#[test]
fn a_message_that_breaks_off_anywhere_is_rejected_or_gets_no_receipt() {
    for whole in [notice(), dialogue()] {
        let end = whole.trim_end().len();
        for length in 0..end {
            let opened = opened(&whole.as_bytes()[..length]);
            let answer = answered(&opened);
            assert!(opened.fault.is_some(), "{length}");
            assert!(["none", "T01"].contains(&answer.as_str()), "{length}: {answer}");
            // From the end of the head on, the sender is always told.
            assert!(length < whole.find("</MsgInfo>").unwrap() || answer == "T01", "{length}: {answer}");
        }
        assert_eq!(answered(&opened(&whole.as_bytes()[..end])), "ok");
    }
}

#[test]
fn a_message_with_a_byte_changed_is_taken_in_or_rejected_or_gets_no_receipt() {
    let whole = notice().as_bytes();
    for (at, change) in (0..whole.len())
        .step_by(3)
        .zip([0, b'<', b'>', b'"', b'&', 0x80, 0xFF, b':', b'/'].into_iter().cycle())
    {
        let mut bytes = whole.to_vec();
        bytes[at] = change;
        let answer = answered(&opened(&bytes));
        let is_known = matches!(answer.as_str(), "none" | "ok") || answer.starts_with(['T', 'E']);
        assert!(is_known, "{at}: {answer}");
    }
}
