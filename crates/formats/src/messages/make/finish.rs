//! From an element to a message that may be sent: ordered, checked against schema and profile, or refused.

use super::{Made, Refused};
use crate::{
    Place,
    messages::{
        Finding, Severity,
        ids::SyntheticPolicy,
        model,
        profile::{self, Writing},
        read::{MessageLimits, read},
    },
    xml::{Element, XmlLimits, parse, write},
};

/// Puts a message in order and reads it as a receiver would. What makes it invalid, or useless to who gets it, refuses it; the
/// rest goes beside it as warnings.
pub(super) fn finish(mut element: Element) -> Result<Made, Refused> {
    model::order(&mut element);
    let xml = write(&element);
    let document = match parse(&xml, &XmlLimits::default()) {
        Ok(document) => document,
        Err(error) => return Err(refusal("not-xml", "/", format!("can't be written as XML: {error}"))),
    };
    let mut findings = model::check(&document);
    let (message, unread) = read(&document, &MessageLimits::default());
    findings.extend(unread.into_iter().filter(|finding| finding.severity == Severity::Error));
    let (forbidden, warnings): (Vec<_>, Vec<_>) =
        profile::check(&document, &message, SyntheticPolicy::Allow).into_iter().partition(is_forbidden);
    findings.extend(forbidden.into_iter().map(|finding| Finding { severity: Severity::Error, ..finding }));
    drop(document);
    if findings.is_empty() { Ok(Made { element, xml, warnings }) } else { Err(Refused { findings }) }
}

fn is_forbidden(finding: &Finding) -> bool {
    profile::rule(finding.code).is_some_and(|rule| rule.writing == Writing::Refuse)
}

/// A finding about a draft, at a place in it: `/innhold/hendelser`.
pub(super) fn of_draft(code: &'static str, path: &str, text: String) -> Finding {
    Finding {
        severity: Severity::Error,
        code,
        path: path.to_owned(),
        place: Place::START,
        text,
        clause: None,
    }
}

/// A refusal for one reason.
pub(super) fn refusal(code: &'static str, path: &str, text: String) -> Refused {
    Refused { findings: vec![of_draft(code, path, text)] }
}
