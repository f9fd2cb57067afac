//! A made-up region from a seed: parties, patients, stays, and the messages about them, as they go when people are people:
//! early, late, incomplete, wrong, or not at all.
//!
//! ```text
//! seed ─▶ World: parties, patients, when they come ─▶ partners: each acts by its plans and its own log
//!                                                          │ Act: an event, or an entry to be sent
//!                          ┌───────────────────────────────┼──────────────────────────────┐
//!                          ▼                               ▼                              ▼
//!                 whole: the log, as if           messages: the same as          a harness of one's own, with
//!                 every message came              bytes on their way             nodes, stores and faults::Plan
//! ```
//!
//! The crate is pure but for [`exchange`], which is that harness and has stores on disk, and [`live`], which writes in the store it is
//! given: a seed gives the same bytes on every machine. Nothing here is anybody: names are invented, HER-ids and
//! telephone numbers are of no register, and national identity numbers are synthetic (80 added to the month).
//!
//! ```
//! // Three days of a region, as a log.
//! let log = samspill_sim::whole(1, 3);
//! assert!(log.iter().any(|entry| entry.kind == "melding-om-innlagt-pasient"));
//! assert_eq!(log, samspill_sim::whole(1, 3));
//! ```

mod act;
mod agenda;
mod chance;
mod contents;
pub mod exchange;
pub mod faults;
mod hospital;
mod ledger;
pub mod live;
mod municipality;
mod numbers;
mod partner;
mod people;
mod play;
mod post;
mod region;
mod settings;
mod time;
mod whole;
mod world;

pub use act::{Act, ActKind, Fault, Form, StayKey};
pub use chance::Chance;
pub use hospital::Hospital;
pub use ledger::Ledger;
pub use municipality::Office;
pub use partner::Partner;
pub use people::{Identity, Oddity, Patient};
pub use play::Play;
pub use post::{PostError, Posted, post};
pub use region::{Gp, Municipality, Region, Staff, Trust, Ward};
pub use settings::{
    Behaviour, Delays, GpSettings, Habits, MunicipalitySettings, NameSettings, PeopleHabits, Problem,
    RegionSettings, Settings, SettingsError, StayHabits, Texts, Thousandths, TrustSettings, WaitHabit,
    WardSettings,
};
pub use whole::{Sent, Step, jsonl, messages, messages_of, steps, whole, whole_of};
pub use world::World;
