//! The reasoning in sentences, in bokmål, nynorsk or English, so that a lawyer can follow it.
//!
//! Every function takes what the engine found and the agreement that it followed; nothing is worked out anew.

mod day;
mod duty;
mod finding;
mod when;

use samspill_agreement::{
    model::{Agreement, Language, Version},
    words,
};
use samspill_base::Position;

use crate::{EntryRef, Evaluation};

pub use day::{day_reason_word, day_status_word, days, meter_readings};
pub use duty::{duty, duty_readings, duty_status_word};
pub use finding::{finding, finding_effect_word};
pub use when::{date_words, duration_words, instant_words};

/// One of three sentences, by language, with the variables in scope.
macro_rules! say {
    ($language:expr; $nb:literal, $nn:literal, $en:literal) => {
        match $language {
            samspill_agreement::model::Language::Bokmal => format!($nb),
            samspill_agreement::model::Language::Nynorsk => format!($nn),
            samspill_agreement::model::Language::English => format!($en),
        }
    };
}
pub(crate) use say;

/// What the sentences are about: the agreement, the version that an item followed, and the reader's language.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The agreement.
    pub agreement: &'a Agreement,
    /// The reader's language.
    pub language: Language,
}

impl<'a> About<'a> {
    /// The version of this name, or the newest where there is none.
    fn version(&self, name: &str) -> &'a Version {
        let named = self.agreement.versions.iter().find(|version| version.version == name);
        named.unwrap_or_else(|| self.agreement.newest())
    }

    /// `oppføring 3, «Melding om innlagt pasient»`.
    fn entry(&self, version: &Version, entry: &EntryRef) -> String {
        let name = words::kind(version, &entry.kind, self.language);
        let number = entry.position.0;
        say!(self.language; "oppføring {number}, {name}", "oppføring {number}, {name}", "entry {number}, {name}")
    }

    /// `Grunnlag: oppføring 1, 3 og 5.`
    fn used(&self, positions: &[Position]) -> Option<String> {
        let (last, rest) = positions.split_last()?;
        let rest = rest.iter().map(|position| position.0.to_string()).collect::<Vec<_>>().join(", ");
        let last = last.0;
        Some(if rest.is_empty() {
            say!(self.language; "Grunnlag i loggen: oppføring {last}.", "Grunnlag i loggen: oppføring {last}.", "Based on entry {last} of the log.")
        } else {
            say!(self.language; "Grunnlag i loggen: oppføring {rest} og {last}.", "Grunnlag i loggen: oppføring {rest} og {last}.", "Based on entries {rest} and {last} of the log.")
        })
    }
}

/// The readings that anything in the evaluation rests on, each once, under a heading.
pub fn readings_used(about: &About<'_>, evaluation: &Evaluation) -> Vec<String> {
    let of_duties = evaluation.duties.iter().flat_map(|reading| duty_readings(about, reading));
    let of_meters = evaluation.meters.iter().flat_map(|meter| meter_readings(about, meter));
    let mut said: Vec<String> = Vec::new();
    for reading in of_duties.chain(of_meters) {
        if !said.contains(&reading) {
            said.push(reading);
        }
    }
    if !said.is_empty() {
        said.insert(0, say!(about.language; "Tolkninger som dette bygger på:", "Tolkingar som dette byggjer på:", "Readings that this rests on:"));
    }
    said
}
