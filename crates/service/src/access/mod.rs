//! Who may do what: one policy for pages, the API, lists, exports, streams and attachments.
//!
//! ```text
//!   Subject    who asks: an account in one role, for one party and units of it   ┐
//!   Action     what is asked for                                                 ├─▶ decide ─▶ Decision: allowed or not, and by which rule
//!   Resource   a stay by who takes part in it, a party, or the community         ┘
//! ```
//!
//! What each role may do is data (`data/access.toml`), in one table. The policy is a pure function. A list is the same function over each of its lines, so that a list and a page can't differ.

mod action;
mod decide;
mod ends;
mod explain;
mod involvement;
mod policy;
mod role;
mod subject;

pub use action::{Action, Purpose, Resource};
pub use decide::{Decision, Rule, Shown, decide};
pub use ends::{End, Ends};
pub use explain::explain;
pub(crate) use involvement::protection_in;
pub use involvement::{Involvement, Openness, Protection};
pub(crate) use involvement::{Part, party};
pub use policy::{Policy, PolicyError};
pub use role::Role;
pub use subject::{Means, SelfGrant, Subject};
