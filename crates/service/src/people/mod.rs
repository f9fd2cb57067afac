//! People: accounts, roles, passwords, sessions, and what people do with stays beside the log.
//!
//! ```text
//!   make ─▶ invite ─▶ setup link, once ─▶ set_password ─┐
//!                     OpenID provider ─────────────────┐│
//!                                                      ▼▼
//!   log_in ─▶ Begun: token for a cookie ─▶ session ─▶ Subject: account in one role, for a party and units, with running grants
//!                                          │  choose_role: a new token, the old one is dead
//!                                          └─ idle limit, absolute limit, log_out, log_out_everywhere
//! ```
//!
//! Who makes, changes and closes accounts does it through a [`Keeper`]: whether they may is looked at, the change made and the row of the
//! access log written in one transaction. What people do with their own account is [`Accounts`]'.
//!
//! Time and randomness are arguments. Of secrets, only what can't be turned back is kept: passwords by Argon2id, tokens and links by
//! SHA-256, as they are random.

mod account;
mod accounts;
mod desk;
mod error;
mod fits;
mod holding;
mod invite;
mod keeper;
mod login;
mod oidc_tie;
mod password;
mod random;
mod roles;
mod secret;
mod sessions;
mod settings;
mod standing;
mod tokens;
mod undo;
mod undo_role;

pub use account::{Account, AccountState, NewAccount, OidcName};
pub use accounts::Accounts;
pub use desk::{Desk, duty_at, duty_of};
pub use error::{LoginError, PeopleError, RefusedWhy};
pub use fits::{RoleFault, check_role, fits_party, is_local};
pub use invite::SetupLink;
pub use keeper::{Keeper, Keeps, Made};
pub use oidc_tie::AtDoor;
pub use password::{HashError, Hashing, PasswordFault, check_password};
pub(crate) use random::bytes;
pub use random::{Random, SystemRandom};
pub use roles::{RoleHeld, RoleKey, RoleKeyError};
pub use samspill_store::{Assignment, Draft};
pub(crate) use secret::{digest_of, new_secret};
pub use sessions::{Begun, OpenSession, Session};
pub use settings::AccountSettings;
pub use tokens::TokenHeld;
pub use undo::{EndedRole, Given, KeptDraft, Offer, SeenSince, UNDO_FOR, Undo, Undone};
