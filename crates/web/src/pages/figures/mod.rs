//! Figures: charts made here, each with its table beneath, and the same tables as CSV and XLSX.
//!
//! ```text
//!   Room: what cases add, by position of the log ─▶ Report: cubes of a year, hidden for whom ─▶ Table ─▶ page, CSV, XLSX
//!                                                                                                  └──▶ Drawing
//! ```

mod chart;
mod download;
mod lines;
mod page;
mod report;
mod room;
mod scale;
mod sections;
mod table;
mod words;

pub(crate) use chart::{BarChart, Drawing, Fill, Layout, Series, drawn};
pub(crate) use table::{Datum, Table};

use axum::{Extension, Router, routing::get};

use self::room::Room;
use crate::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/tall", get(page::show))
        .route("/tall/{file}", get(download::file))
        .layer(Extension(Room::default()))
}
