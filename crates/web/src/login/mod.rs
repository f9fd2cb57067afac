//! Logging in: sessions of people, one-time links, a login provider, and tokens of other systems.
//!
//! ```text
//!   cookie ────────▶ session ─▶ account in a role ─┐
//!   Authorization ─▶ token, proof ─▶ account ──────┴─▶ Signed, in the request's extensions
//! ```
//!
//! `seen` is the layer that does this; `routes` are the pages where people log in and out. Accounts, sessions and passwords stand in
//! `samspill_service::people`; here is what HTTP adds: cookies, forms, addresses, and the protocols of a login provider.

mod cookie;
mod door;
mod handlers;
mod kept;
mod keys;
mod layer;
mod machine;
mod machines;
mod notes;
mod oidc;
mod provider;
mod return_to;
mod secret;
mod sender;
mod settings;
mod visitor;
mod words;

pub use door::Login;
pub(crate) use handlers::routes;
pub(crate) use kept::KeptForms;
pub use keys::{KeyFault, SigningKey};
pub(crate) use layer::seen;
pub(crate) use return_to::is_here;
pub use secret::Secret;
pub use settings::{
    Bearer, DemoLogin, LocalLogin, LoginSettings, MachineSettings, OidcSettings, Organisations, SettingFault,
};
