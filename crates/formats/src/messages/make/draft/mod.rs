//! What is to be written, as plain data: filled in by a caller, or read from JSON.
//!
//! In JSON the names are Norwegian and ASCII, and every field may be left out: what is missing is told when the message is
//! made. A name that isn't known is refused. A draft has three parts: `hode` (who, to whom, about whom), `innhold` (what it
//! says) and `vedlegg` (files).
//!
//! Times are written as in messages: `2026-03-01`, `2026-03-01T10:15` (seconds may be left out), with or without offset.
//! Codes are the bare values of their tables; names are filled in.

mod care;
mod clinical;
mod dialog;
mod epicrisis;
mod head;
mod people;

pub use care::{
    AbsenceDraft, ApplicationDraft, CareContent, CareDraft, CareEdition, EventDraft, FunctionsDraft,
    HappeningDraft, InterpreterDraft, NeedDraft, OutcomeDraft, PatientMoreDraft, RelativeDraft, ScoreDraft,
    ServiceDraft,
};
pub use clinical::{
    AidDraft, AllergyDraft, AppointmentDraft, CriticalDraft, DiagnosisDraft, GivenDraft, HelpDraft,
    MedicineDraft, SectionDraft,
};
pub use dialog::{DialogContent, DialogDraft, RequestDraft};
pub use epicrisis::{EpicrisisContent, EpicrisisDraft, InformationDraft};
pub use head::{ConversationDraft, FileDraft, HeadDraft, PartyDraft, PatientDraft, StatusDraft};
pub use people::{AddressDraft, IdDraft, PersonDraft, UnitDraft};
