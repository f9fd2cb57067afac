//! A message: what it says, its files, what became of it, and what a person must settle about it.

mod files;
mod page;
mod rule;
mod seer;
mod settle;
mod sight;
mod words;

use axum::{Router, routing::get};

use crate::App;

pub(super) use files::kind as file_kind;
pub(super) use page::{reach, standing};
pub(super) use seer::Seer;
pub(super) use settle::number_in_key;
pub(crate) use sight::read_of;
pub(super) use sight::{Sight, is_stray, kind_name, own_copies, party_name};
pub(super) use words::Words;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/melding/{number}", get(page::page).post(settle::taken))
        .route("/melding/{number}/raa", get(files::raw))
        .route("/melding/{number}/vedlegg/{attachment}", get(files::attachment))
}
