//! Logging in: a login provider, and tokens of other systems.
#![expect(dead_code, unused_imports, reason = "the pages and the layer that use it follow")]

mod cookie;
mod keys;
mod machine;
mod oidc;
mod provider;
mod return_to;
mod secret;
mod settings;

pub use keys::{KeyFault, SigningKey};
pub use secret::Secret;
pub use settings::{
    Bearer, DemoLogin, LocalLogin, LoginSettings, MachineSettings, OidcSettings, Organisations, SettingFault,
};
