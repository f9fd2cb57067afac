//! The server process: one configuration, one store, channels, jobs, and what it tells of itself.
//!
//! ```text
//!   samspill.toml ──▶ config ──▶ serve ──┬──▶ http: /health, /ready, /metrics
//!                                        ├──▶ door: pages, API and FHIR, where there is [web]
//!                                        ├──▶ a channel: receive ─▶ Post::take,  Post::hand_over ─▶ send
//!                                        ├──▶ jobs: tick, verify, backup, each by one node at a time
//!                                        └──▶ logging: what may be told, and no more
//! ```
//!
//! What is done with mail is made by others and driven here, as a [`Post`]; [`Outfit`] is all of what a process is put
//! together from. How it is run stands in `docs/operating.md`.

pub mod config;
pub mod door;
mod email;
mod http;
pub mod jobs;
pub mod logging;
pub mod metrics;
pub mod node;
mod pause;
mod process;
mod stop;

pub use process::{
    Base, Ended, Front, Measures, Outfit, Post, Running, ServeError, Trouble, serve, serve_with,
};
/// What stands behind the front door, and the logins that a demo shows on it.
pub use samspill_web::{App, login::DemoLogin};
pub use stop::Stop;
