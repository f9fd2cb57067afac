//! Receipts: which one a message that came asks for, and what becomes of a message that was sent.
//!
//! ```text
//! bytes ──open──▶ Opened ─┐
//! who we are: Recipients ─┼─▶ decide ─▶ Decision ─▶ one receipt per receiver of ours, or none and why
//! what came before ───────┘
//!
//! a message sent ─▶ Life ◀─ transport acknowledged, receipt came, time goes ─▶ accepted, rejected, overdue …
//! ```
//!
//! The rules are those of HIS 80415:2012 and HITS 1168:2016, both as updated in 2019. What is a reason to reject stands in
//! [`Reason`], each with its clause and force; what never is, in [`NOT_REASONS`]; when there is no receipt, in [`Silence`].

mod decide;
mod decision;
mod identity;
mod incoming;
mod life;
mod limits;
mod lives;
mod not_reasons;
mod patient;
mod reason;
mod recipients;
mod salvage;
mod silence;

pub use decide::decide;
pub use decision::{Answer, Decision, Remark, Role, Verdict};
pub use incoming::{Earlier, Incoming, Journal, Opened, Signature, open};
pub use life::{Change, Event, Final, Life, Reported, Seen, Sent, State, event_of, receiver_key};
pub use limits::{LimitsError, ReceiptLimits};
pub use lives::{Lives, Outcome};
pub use not_reasons::{NOT_REASONS, NotAReason};
pub use reason::{Force, Reason, Refusal};
pub use recipients::{
    AckField, DirectMail, LocalNumbers, OwnId, OwnOrganisation, OwnParty, Policy, ReasonCodes, Recipients,
    SchemaFaults, System, UnknownPatient, UnknownService,
};
/// Which series of identity numbers pass.
pub use samspill_formats::messages::ids::SyntheticPolicy;
pub use silence::Silence;
