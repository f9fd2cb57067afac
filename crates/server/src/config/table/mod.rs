//! The one table of all settings: it checks files, and the example and the reference are made from it.

mod channel;
mod mail;
mod node;
mod party;
mod web;
mod work;

use super::shape::{Section, Setting, Shape};

/// The whole file.
pub(crate) const ROOT: Section = Section::new(
    "",
    "",
    &[
        Setting::required("node", Shape::Table(&node::NODE), "", ""),
        Setting::required("store", Shape::Table(&node::STORE), "", ""),
        Setting::or("http", Shape::Table(&node::HTTP), "{}", ""),
        Setting::optional("web", Shape::Table(&web::WEB), "", ""),
        Setting::optional("mail", Shape::Table(&mail::MAIL), "", ""),
        Setting::or("channel", Shape::Tables(&channel::CHANNEL), "[]", ""),
        Setting::or("organisation", Shape::Tables(&party::ORGANISATION), "[]", ""),
        Setting::or("policy", Shape::Table(&party::POLICY), "{}", ""),
        Setting::or("addresses", Shape::Table(&party::ADDRESSES), "{}", ""),
        Setting::or("receipts", Shape::Table(&party::RECEIPTS), "{}", ""),
        Setting::or("retry", Shape::Table(&work::RETRY), "{}", ""),
        Setting::or("alerts", Shape::Table(&work::ALERTS), "{}", ""),
        Setting::or("log", Shape::Table(&work::LOG), "{}", ""),
        Setting::or("jobs", Shape::Table(&work::JOBS), "{}", ""),
        Setting::optional("backup", Shape::Table(&work::BACKUP), "", ""),
    ],
);

/// All sections that have settings of their own, outer before inner, in the order of the table.
pub(crate) fn sections() -> Vec<&'static Section> {
    inner(&ROOT)
}

fn inner(of: &'static Section) -> Vec<&'static Section> {
    let own = of.settings.iter().filter_map(Setting::section);
    own.flat_map(|section| std::iter::once(section).chain(inner(section))).collect()
}
