//! Which agreement a case follows.

use jiff::Timestamp;
use samspill_agreement::model::Agreement;
use samspill_base::{CaseLog, Value};

/// The agreements of a call, and the fact by which a case names the one it follows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice<'a> {
    pub agreements: &'a [Agreement],
    pub by: &'a str,
}

/// The agreement that a case follows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Chosen<'a> {
    /// This one: the case names it, or names none and there is no other.
    Own(&'a Agreement),
    /// The case names another, and only this one was given: it is read against it all the same, and counted.
    InPlaceOfOther(&'a Agreement),
}

impl<'a> Chosen<'a> {
    pub(crate) fn agreement(self) -> &'a Agreement {
        match self {
            Self::Own(agreement) | Self::InPlaceOfOther(agreement) => agreement,
        }
    }
}

impl<'a> Choice<'a> {
    /// The agreement that the case follows as of an instant, or why none can be told.
    pub(crate) fn of(&self, log: &CaseLog, as_of: Timestamp) -> Result<Chosen<'a>, String> {
        let named = named(log, self.by, as_of);
        match (self.agreements, named) {
            ([only], None) => Ok(Chosen::Own(only)),
            ([only], Some(name)) if is_of(only, &name) => Ok(Chosen::Own(only)),
            ([only], Some(_)) => Ok(Chosen::InPlaceOfOther(only)),
            (_, None) => {
                Err(format!("names no agreement: give it the fact «{}», or name one agreement only", self.by))
            }
            (several, Some(name)) => {
                several.iter().find(|agreement| is_of(agreement, &name)).map(Chosen::Own).ok_or_else(|| {
                    let known =
                        several.iter().map(|agreement| agreement.id.as_str()).collect::<Vec<_>>().join(", ");
                    format!("names the agreement «{name}», which is none of those given ({known})")
                })
            }
        }
    }
}

fn is_of(agreement: &Agreement, name: &str) -> bool {
    agreement.is_called(name) || agreement.is_called(&name.to_lowercase())
}

/// The facts and fields by which a case can name the agreement that it follows, the likeliest first.
pub(crate) fn names(by: &str) -> [&str; 2] {
    [by, "avtale"]
}

/// The agreement that the case names: the latest said that was known as of the instant, or else the first said at all.
fn named(log: &CaseLog, by: &str, as_of: Timestamp) -> Option<String> {
    let text = |value: &Value| value.as_text().map(str::to_owned);
    names(by).iter().find_map(|name| {
        let said = log.entries.iter().filter_map(|entry| {
            let named = entry.facts.get(*name).or_else(|| entry.field(name)).and_then(text)?;
            let known_at = entry.recorded.unwrap_or(entry.happened).max(entry.happened);
            Some((known_at, named))
        });
        let mut said: Vec<_> = said.collect();
        said.sort_by_key(|(known_at, _)| *known_at);
        let known = said.partition_point(|(known_at, _)| *known_at <= as_of);
        said.into_iter().nth(known.saturating_sub(1)).map(|(_, name)| name)
    })
}
