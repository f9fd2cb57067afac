//! Agreements and laws: read rule by rule beside their clauses, compared, changed in a proposal, and tried on the log.
//!
//! ```text
//!   /avtaler ─▶ /avtaler/{id} ─▶ /avtaler/{id}/sammenlign
//!                    │
//!                    └─▶ /avtaler/{id}/forslag ─▶ …/{forslag} edited, checked ─▶ …/{forslag}/prov on history
//! ```

mod anchor;
mod compare;
mod library;
mod outcome;
mod propose;
mod read;
mod room;
mod shelf;
mod trial;
mod trying;
mod words;

pub use anchor::{rule_address, rule_anchor};

use axum::{
    Extension, Router,
    routing::{get, post},
};

use self::room::Room;
use crate::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/avtaler", get(read::list))
        .route("/avtaler/{id}", get(read::newest))
        .route("/avtaler/{id}/versjon/{version}", get(read::version))
        .route("/avtaler/{id}/sammenlign", get(compare::compare))
        .route("/avtaler/{id}/forslag", get(propose::list).post(propose::begin))
        .route("/avtaler/{id}/forslag/{proposal}", get(propose::edit).post(propose::save))
        .route("/avtaler/{id}/forslag/{proposal}/sjekk", post(propose::check))
        .route("/avtaler/{id}/forslag/{proposal}/prov", get(trial::show))
        .layer(Extension(Room::default()))
}
