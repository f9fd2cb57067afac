//! The templates of one's own party: listed, written, removed. Another party's aren't there.

mod edit;
mod list;
mod offered;
mod words;

pub(super) use edit::{begin, one, remove, save};
pub(super) use list::list;
pub(super) use words::Words;

use samspill_service::templates::TemplateKeeper;

use crate::{App, pages::Frame};

/// Whoever asks, as one who writes the templates of their party.
fn keeper<'a>(app: &'a App, frame: &'a Frame) -> TemplateKeeper<'a> {
    let parts = app.parts();
    TemplateKeeper {
        store: &parts.store,
        community: &parts.community,
        by: &frame.signed.subject,
        node: parts.audit.node(),
        request: frame.signed.request(),
        now: app.now(),
    }
}
