//! What can never be taken in, whoever tries and however often.

use samspill_store::{EntryError, StoreError};

use super::MailError;

/// Why what a document says can't be kept in the log, in words for whoever looks at it; none where it failed for a reason that may pass,
/// or that isn't the document's.
pub(super) fn never_taken(error: &MailError) -> Option<&'static str> {
    let MailError::Store(error) = error else { return None };
    if matches!(error, StoreError::Entry(EntryError::Mark)) {
        return Some(
            "Meldingen er oppbevart som den kom, men ikke tatt inn: den inneholder et merke som i loggen står for en person.",
        );
    }
    let is_much = matches!(
        error,
        StoreError::Entry(EntryError::Large { .. } | EntryError::Many { .. } | EntryError::Deep { .. })
            | StoreError::Ties { .. }
    );
    if is_much {
        return Some(
            "Meldingen er oppbevart som den kom, men ikke tatt inn: den sier mer enn loggen har plass til om én melding.",
        );
    }
    let is_odd = matches!(
        error,
        StoreError::Entry(EntryError::Name { .. } | EntryError::Nothing) | StoreError::Name(_)
    );
    is_odd.then_some(
        "Meldingen er oppbevart som den kom, men ikke tatt inn: den har et navn eller en id som ikke kan oppbevares.",
    )
}
