//! Which agreement a case follows.

use samspill_agreement::model::Agreement;
use samspill_base::{CaseLog, Value};

/// The agreements of a call, and the fact by which a case names the one it follows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice<'a> {
    pub agreements: &'a [Agreement],
    pub by: &'a str,
}

impl<'a> Choice<'a> {
    /// The agreement that the case follows, or why none can be told.
    ///
    /// With one agreement, every case follows it, whatever it names.
    pub(crate) fn of(&self, log: &CaseLog) -> Result<&'a Agreement, String> {
        if let [only] = self.agreements {
            return Ok(only);
        }
        let Some(name) = self.named(log) else {
            return Err(format!(
                "names no agreement: give it the fact «{}», or name one agreement only",
                self.by
            ));
        };
        self.agreements.iter().find(|agreement| agreement.is_called(&name)).ok_or_else(|| {
            let known =
                self.agreements.iter().map(|agreement| agreement.id.as_str()).collect::<Vec<_>>().join(", ");
            format!("names the agreement «{name}», which is none of those given ({known})")
        })
    }

    fn named(&self, log: &CaseLog) -> Option<String> {
        let by = [self.by, "avtale"];
        let said = |value: &Value| value.as_text().map(str::to_owned);
        by.iter().find_map(|name| {
            log.entries
                .iter()
                .rev()
                .find_map(|entry| entry.facts.get(*name).or_else(|| entry.field(name)).and_then(said))
        })
    }
}
