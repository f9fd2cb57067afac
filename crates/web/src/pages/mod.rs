//! The pages: forms first, in three languages, with or without scripts.
//!
//! ```text
//!   request ─▶ Frame (who, where, language, look) ─▶ handler of an area ─▶ template that extends base.html
//! ```
//!
//! An area is a module with `routes()`; [`routes`] puts them together.

mod admin;
pub mod agreements;
mod answer;
mod assets;
mod astray;
mod board;
mod desk;
mod figures;
mod frame;
mod help;
mod inbox;
mod input_type;
pub mod link;
mod look;
mod meetings;
mod message;
mod monitor;
mod names;
mod notices;
mod patients;
mod person_id;
mod report;
mod search;
mod shown;
mod sides;
mod start;
mod stay;
mod tasks;
mod undo;
mod view;
mod worded;
pub(crate) mod words;
mod write;

pub use answer::{html, see_other};
pub use assets::asset;
pub(crate) use assets::styles;
pub use frame::{Frame, Notice, Person, Place, Shell, Tone, Width};
pub(crate) use input_type::input_type;
pub use look::{Look, Theme, language_called, language_code};
pub(crate) use message::read_of;
pub use names::{Named, Names};
use person_id::person_id;
pub use shown::{Choice, Pager, PagerWords};
pub use words::{Clock, fill};

use axum::Router;

use crate::App;

/// The routes of all pages.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(assets::routes())
        .merge(astray::routes())
        .merge(admin::routes())
        .merge(agreements::routes())
        .merge(board::routes())
        .merge(figures::routes())
        .merge(help::routes())
        .merge(inbox::routes())
        .merge(meetings::routes())
        .merge(message::routes())
        .merge(monitor::routes())
        .merge(notices::routes())
        .merge(report::routes())
        .merge(search::routes())
        .merge(start::routes())
        .merge(stay::routes())
        .merge(tasks::routes())
        .merge(undo::routes())
        .merge(view::routes())
        .merge(write::routes())
}
