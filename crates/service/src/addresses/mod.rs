//! The address book as it is in force: the node's file, and what administrators changed of their own parties since.
//!
//! ```text
//!   file ──▶ AddressBook ──┐
//!                          ├─ Changes::over ─▶ AddressBook in force ─▶ mailroom, pages
//!   store ─▶ Changes ──────┘
//! ```
//!
//! A change is kept whole, the party's entry as it then is, in place of what the file says of that party. What others are called by never
//! changes by it, and what the party was called by before is its for ever: the log names it so.

mod changes;
mod edit;
mod keeper;

pub use changes::Changes;
pub use edit::{AddressFault, Edit, NAME_LETTERS_MAX, TELEPHONES_MAX, Unit, Ways, Whole, edited};
pub use keeper::{AddressKeeper, Changed};
