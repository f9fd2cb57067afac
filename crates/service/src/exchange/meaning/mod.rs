//! What messages mean for the log of a stay: from message to entries, and back.
//!
//! ```text
//! message ─▶ known already?        duplicates
//!         ─▶ which stay?           matcher      (asks where it can't be sure)
//!         ─▶ which entries, when?  entries      (by the table of data/meaning.toml)
//!         ─▶ what did they answer? reply        (a suggestion; a person confirms)
//! folder  ─▶ stays                 the same for many messages, in whatever order they lie
//! late    ─▶ corrections           what a log must add when a message came late, to say what the folder says
//! entry   ─▶ message               a message that says the same, ready to be sent
//! ```
//!
//! Nothing is guessed in silence. What can't be settled is a [`Question`] with the answers that it can have; what was settled by
//! a reading is a [`Remark`].

mod context;
mod corrections;
mod duplicates;
mod entries;
mod known;
mod mapped;
mod matcher;
mod parties;
pub mod reply;
mod rulings;
pub mod sending;
mod sources;
mod status;
mod stays;
mod table;
mod time;
mod traits;

pub use context::Context;
pub(crate) use corrections::corrections_to;
pub use corrections::{corrections, message_in};
pub use duplicates::{Newness, newness};
pub use entries::entries;
pub use known::{Acknowledgement, Ended, Known, KnownMessage, Stay};
pub use mapped::{Choice, Mapped, Question, QuestionKind, Remark, RemarkKind};
pub use matcher::{Candidate, Matcher, Placement};
pub use parties::{Directory, Listed};
pub(crate) use reply::find_any;
pub use reply::{Answer, Confirmed, Decision, Suggestion, Sureness, confirm, suggest};
pub use rulings::{Meant, Ruling, Rulings};
pub use sending::{
    Address, AddressBook, Beside, Fact, FieldStands, MessageField, MessageShape, Outgoing, SendError,
    Written, draft, message,
};
pub use sources::normal_id;
pub use stays::{Answers, Stays, stays};
pub use table::{Role, Table, TableError};
pub(crate) use time::day_of as day;
pub use time::{Doubt, ReadTime, read_time};
pub(crate) use traits::person_id;
pub use traits::ties;
