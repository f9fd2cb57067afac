//! What the profiles of the message standards ask for beyond the schemas, and codes and ids that aren't as they should be.
//!
//! The rules are data (`data/profiles/*.toml`), one file a document, each with the section that asks for it and what to write
//! instead in English and Norwegian. They are read once, and a message is only asked about the rules of its own kind.
//!
//! A breach is a [`Severity::Warning`](super::Severity) where the profile says *shall*, and a note where it says *if relevant*
//! or documents contradict each other. None of it is a reason to reject a message that was received.

mod coded;
mod condition;
mod idents;
mod kinds;
mod path;
mod rule;

pub use rule::{Rule, Writing, faults, rule, rules};

use super::{Finding, ids::SyntheticPolicy, types::Message};
use crate::xml::{Document, El};
use jiff::civil::Date;
use rule::{Root, rules_of};

/// How many findings about codes and ids [`check`] makes: each costs time in proportion to the document.
pub const FINDINGS_MAX: usize = 100;

/// How many places of one rule are told.
const PLACES_MAX: usize = 10;

/// What a message does that its profile doesn't ask for or leaves out that it does, unknown codes, and faulty ids.
///
/// In the order of the rules; each finding has the element it is about, or the innermost one that is there where something is
/// missing. A message of a kind or version that no rule is for gets only what is said of codes and ids. `synthetic` tells which series
/// of numbers of persons and organisations pass.
pub fn check(document: &Document<'_>, message: &Message, synthetic: SyntheticPolicy) -> Vec<Finding> {
    let mut findings = Vec::new();
    let root = document.root();
    let body = body(root);
    let status = message.head.status.as_ref().map_or("", |status| status.value.as_str());
    for rule in rules_of(message.kind, message.version) {
        let from = match rule.root {
            Root::Head => Some(root),
            Root::Body => body,
        };
        if let Some(from) = from.filter(|_| rule.is_for(status)) {
            rule.check(from, &mut findings);
        }
    }
    let made = message.head.made.value.map(|made| made.local.date());
    let most = findings.len() + FINDINGS_MAX;
    look_at_all(root, (made, synthetic), most, &mut findings);
    findings
}

/// Codes and ids, as they are taken on the day of the message, in the order of the document, until there are so many findings.
fn look_at_all(
    element: El<'_>,
    (made, synthetic): (Option<Date>, SyntheticPolicy),
    most: usize,
    findings: &mut Vec<Finding>,
) {
    if findings.len() >= most {
        return;
    }
    coded::look(element, made, findings);
    idents::look(element, made, synthetic, findings);
    for child in element.children() {
        look_at_all(child, (made, synthetic), most, findings);
    }
}

/// The text of a finding in Norwegian bokmål, if it comes from a rule here.
pub fn bokmal(finding: &Finding) -> Option<String> {
    let rule = rule(finding.code)?;
    let found = finding.text.strip_prefix(rule.en.as_str()).and_then(|rest| rest.strip_prefix(FOUND));
    Some(match found {
        Some(found) => format!("{}; her står {found}", rule.nb),
        None => rule.nb.clone(),
    })
}

const FOUND: &str = "; here it says ";

impl Rule {
    /// Whether it asks anything of messages of this status (7309). A message without status is taken as new.
    fn is_for(&self, status: &str) -> bool {
        let status = if status.is_empty() { "N" } else { status };
        self.status.is_empty() || self.status.iter().any(|it| it == status)
    }

    fn check(&'static self, from: El<'_>, findings: &mut Vec<Finding>) {
        let before = findings.len();
        for place in self.at.places(from) {
            if findings.len() - before >= PLACES_MAX {
                return;
            }
            if self.when.as_ref().is_some_and(|when| !when.holds(place)) {
                continue;
            }
            if let Some(broken) = self.must.broken(place) {
                let text = match broken.found {
                    Some(found) => format!("{}{FOUND}{}", self.en, shortened(&found)),
                    None => self.en.clone(),
                };
                findings.push(Finding::at(broken.at, self.severity, &self.id, text).by(&*self.clause));
            }
        }
    }
}

/// A value as a finding tells it: whole if it is short.
fn shortened(value: &str) -> String {
    const LENGTH_MAX: usize = 60;
    match value.char_indices().nth(LENGTH_MAX) {
        Some((end, _)) => format!("“{}…”", &value[..end]),
        None => format!("“{value}”"),
    }
}

/// The element with the contents: the first one in a document of a Hodemelding that isn't an attachment; the outermost where
/// there is no Hodemelding.
fn body(root: El<'_>) -> Option<El<'_>> {
    if root.local() != "MsgHead" {
        return Some(root);
    }
    root.children_named("Document")
        .filter_map(|document| document.descend(&["RefDoc", "Content"]))
        .find_map(|content| content.children().find(|inner| inner.local() != "Base64Container"))
}
