//! Messages that are made to be a burden: each ends in a receipt or a diagnostic, within bounds that count, not in time.

mod documents;
mod encodings;
mod floods;
mod refused;
mod truncated;
mod walk;
