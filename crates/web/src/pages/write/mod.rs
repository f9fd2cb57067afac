//! Writing in a stay: choose, fill in, see it as the receiver does and what it leads to, send.
//!
//! ```text
//!   choose ─▶ form ──vis──▶ preview ──send──▶ carried out, once ─▶ the stay
//!               ▲  └─kladd─▶ draft      └── the other side wrote meanwhile ─▶ conflict ──likevel──▶ carried out
//!               ├── told by telephone in downtime: the same form, with how and when; registered, not sent
//!               └── a reply, a new stay, and acts on what stands there are the same forms with fewer fields
//! ```
//!
//! Nothing is held back for what is missing or late: it is told, with its clause.

mod act;
mod answer;
mod beside;
mod choose;
mod compose;
mod drafts;
mod fields;
mod files;
mod later;
mod moment;
mod new;
mod room;
mod said;
mod seen;
mod templates;
mod words;

use axum::{Router, routing::get};

use crate::App;

use beside::beside;
pub(super) use compose::begun;
use fields::Field;
pub(super) use room::Room;
pub(super) use said::Said;
use seen::{Seen, rehearsed};
pub(super) use seen::{Shown, article};
pub(super) use words::Words;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/opphold/ny", get(new::page).post(new::taken))
        .route("/opphold/{case}/skriv", get(choose::page))
        .route("/opphold/{case}/skriv/{kind}", get(compose::page).post(compose::taken))
        .route("/opphold/{case}/svar", get(answer::page).post(answer::taken))
        .route("/opphold/{case}/endre/{position}", get(act::page).post(act::taken))
        .route("/kladder", get(drafts::page).post(drafts::taken))
}
