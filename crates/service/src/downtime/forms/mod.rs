//! Pages on paper for when the systems are down: a form for each kind of message, and a list of the open stays.
//!
//! What a form asks for is read from the agreement: the fields that its `[[contents]]` name, under the clause that asks, with the
//! labels of the vocabulary. What is known of the stay is filled in beforehand; for the rest there are lines to write on.
//!
//! The pages are HTML that stands alone, in black and white on A4, without script; they are XML as well. Every text that comes from
//! outside is escaped.

mod form;
mod kinds;
mod labels;
mod page;
mod status;
mod stay;

use jiff::Timestamp;
use samspill_agreement::model::{Agreement, Language};
use samspill_base::CaseLog;
use samspill_engine::Evaluation;
use samspill_formats::messages::make::PatientDraft;

pub use form::{blank_forms, emergency_forms};
pub use kinds::{form_kinds, open_kinds};
pub use status::status_list;

use super::Periods;
use crate::exchange::meaning::AddressBook;

/// A stay, and how it stands.
#[derive(Clone, Copy, Debug)]
pub struct StayNow<'a> {
    /// The agreement that it was read against.
    pub agreement: &'a Agreement,
    /// Its log.
    pub log: &'a CaseLog,
    /// How it stands. Pages about it are as of its instant.
    pub evaluation: &'a Evaluation,
    /// The patient, as the record system knows it; the log has no names.
    pub patient: Option<&'a PatientDraft>,
    /// The unit where the patient lies.
    pub unit: Option<&'a str>,
}

/// What pages are made with.
#[derive(Clone, Copy, Debug)]
pub struct Print<'a> {
    /// The parties, with their telephone numbers.
    pub book: &'a AddressBook,
    /// The downtime that is known.
    pub periods: &'a Periods,
    /// When the pages are made.
    pub as_of: Timestamp,
    /// In which language.
    pub language: Language,
}
