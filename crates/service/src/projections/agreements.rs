//! The agreements that a community follows, and a digest of all that was read to know them.

use std::{cell::RefCell, fmt::Write as _, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use samspill_agreement::{
    SourceFile, Uses, VersionSources, load,
    model::{Agreement, Language, Version},
};
use samspill_base::{CaseLog, Value};
use samspill_engine::{Dates, Engine, Evaluation, explain::About};
use samspill_shelf::{Found, Shelf, ShelfError, find};
use sha2::{Digest, Sha256};

use super::moments::Spans;

/// The facts and fields by which a case names its agreement, the likeliest first.
const NAMING: [&str; 2] = ["agreement", "avtale"];

/// The agreements of a community.
///
/// With one, every case follows it, also one that names another (its rows then say which). With several, a case follows the one that
/// it names, by the fact `agreement` or `avtale`; one that names none of them is kept without duties until it does. Versions are
/// chosen by the engine, by the days that they are in force.
#[derive(Clone, Debug)]
pub struct Agreements {
    all: Vec<Agreement>,
    found: Arc<[Found]>,
    dates: Dates,
    digest: [u8; 32],
}

/// A case as it was evaluated.
#[derive(Debug)]
pub(crate) struct Evaluated<'a> {
    /// The agreement that it follows.
    pub(crate) agreement: &'a Agreement,
    /// What came out.
    pub(crate) evaluation: Evaluation,
    /// The first instant at which time alone changes it; none where it never does.
    pub(crate) until: Option<Timestamp>,
}

/// Why agreements can't be had.
#[derive(Debug, thiserror::Error)]
pub enum AgreementsError {
    /// Nothing is named.
    #[error("name at least one agreement")]
    None,
    /// They can't be found or read.
    #[error("the agreement «{name}» could not be read")]
    Shelf {
        /// What was asked for.
        name: String,
        /// Why.
        source: ShelfError,
    },
    /// The files hold mistakes.
    #[error("the agreement «{name}» has {mistakes} mistakes: `samspill agreement check` shows them")]
    Mistakes {
        /// Which agreement.
        name: String,
        /// How many.
        mistakes: usize,
    },
}

impl Agreements {
    /// Finds and reads agreements by folder or by the name of a built-in one: `unn`.
    ///
    /// # Errors
    ///
    /// An agreement that isn't there, can't be read, or has mistakes.
    pub fn find(names: &[impl AsRef<str>]) -> Result<Self, AgreementsError> {
        let mut all = Vec::new();
        for name in names.iter().map(AsRef::as_ref) {
            let failed = |source| AgreementsError::Shelf { name: name.to_owned(), source };
            all.extend(find(name).map_err(failed)?);
        }
        Self::load(&all)
    }

    /// Reads agreements that were found.
    ///
    /// # Errors
    ///
    /// None at all, and files with mistakes.
    pub fn load(found: &[Found]) -> Result<Self, AgreementsError> {
        let mut digest = Sha256::new();
        let mut agreements = Vec::new();
        for one in found {
            let read = Read::of(&one.shelf);
            read.versions("agreement", &one.versions);
            let outcome = load(one.versions.clone(), &read);
            let mistakes = outcome.diagnostics.len();
            let name = one.name.clone();
            agreements.push(outcome.agreement.ok_or(AgreementsError::Mistakes { name, mistakes })?);
            digest.update(read.text.into_inner().finalize());
        }
        if agreements.is_empty() {
            return Err(AgreementsError::None);
        }
        let (digest, found) = (digest.finalize().into(), found.into());
        Ok(Self { all: agreements, found, dates: Dates::InForce, digest })
    }

    /// The same with another way of choosing versions.
    #[must_use]
    pub fn with_dates(self, dates: Dates) -> Self {
        Self { dates, ..self }
    }

    /// The agreements, in the order in which they were named.
    pub fn all(&self) -> &[Agreement] {
        &self.all
    }

    /// The files that they were read from, in the same order.
    pub fn found(&self) -> &[Found] {
        &self.found
    }

    /// What tells these files, and this way of reading them, from all others: 16 letters and digits.
    pub fn digest(&self) -> String {
        let dates: &[u8] = match self.dates {
            Dates::InForce => b"in force",
            Dates::NewestAlways => b"newest",
        };
        let whole = Sha256::new().chain_update(self.digest).chain_update(dates).finalize();
        whole.iter().take(8).fold(String::new(), |mut text, byte| {
            let written = write!(text, "{byte:02x}");
            debug_assert!(written.is_ok(), "a string takes all letters");
            text
        })
    }

    /// Evaluates a case as of an instant, or as of its own if it gives one. `None` where no agreement can be told.
    pub fn evaluate(&self, log: &CaseLog, as_of: Timestamp) -> Option<Evaluation> {
        let as_of = log.as_of().unwrap_or(as_of);
        self.read(log, as_of).map(|(_, evaluation)| evaluation)
    }

    /// Evaluates a case, and says how long that holds. `None` where no agreement can be told.
    pub(crate) fn evaluated(&self, log: &CaseLog, as_of: Timestamp) -> Option<Evaluated<'_>> {
        let (about, evaluation) = self.read(log, as_of)?;
        let agreement = about.agreement;
        let spans = Spans::of(self, agreement, log, &evaluation);
        let until = [spans.duties.until, spans.days.until].into_iter().flatten().min();
        Some(Evaluated { agreement, evaluation, until })
    }

    /// The agreement that a case follows as of an instant; none where that can't be told.
    pub fn of(&self, log: &CaseLog, as_of: Timestamp) -> Option<&Agreement> {
        self.chosen(named(log, as_of).as_deref())
    }

    /// The version that a row names, of the agreement that it names; the newest where it isn't known, and none without the agreement.
    pub fn version_of(&self, agreement: Option<&str>, version: &str) -> Option<&Version> {
        let agreement = match (self.all(), agreement) {
            ([only], _) => only,
            (several, Some(id)) => several.iter().find(|agreement| agreement.is_called(id))?,
            (several, None) => several.first()?,
        };
        let known = agreement.versions.iter().find(|known| known.version == version);
        Some(known.unwrap_or_else(|| agreement.newest()))
    }

    /// The zone in which days are counted: that of the first agreement.
    pub fn zone(&self) -> TimeZone {
        self.all.first().map_or(TimeZone::UTC, |agreement| agreement.newest().calendar.zone.clone())
    }

    /// The agreement that a case follows as of an instant, and the evaluation.
    pub(super) fn read(&self, log: &CaseLog, as_of: Timestamp) -> Option<(About<'_>, Evaluation)> {
        let agreement = self.chosen(named(log, as_of).as_deref())?;
        let evaluation = Engine::new(agreement).with_dates(self.dates).evaluate(log, as_of);
        Some((About { agreement, language: Language::Bokmal }, evaluation))
    }

    /// The agreement that a case names, where that is none of these.
    pub(super) fn names_other(&self, log: &CaseLog, as_of: Timestamp) -> Option<String> {
        named(log, as_of).filter(|name| !self.all.iter().any(|agreement| is_of(agreement, name)))
    }

    fn chosen(&self, named: Option<&str>) -> Option<&Agreement> {
        match (&self.all[..], named) {
            ([only], _) => Some(only),
            (_, None) => None,
            (several, Some(name)) => several.iter().find(|agreement| is_of(agreement, name)),
        }
    }
}

/// Whether a case names an agreement that isn't this one.
pub(crate) fn names_other(agreement: &Agreement, log: &CaseLog, as_of: Timestamp) -> bool {
    named(log, as_of).is_some_and(|name| !is_of(agreement, &name))
}

fn is_of(agreement: &Agreement, name: &str) -> bool {
    agreement.is_called(name) || agreement.is_called(&name.to_lowercase())
}

/// The agreement that the case names: the latest said that was known as of the instant, or else the first said at all.
fn named(log: &CaseLog, as_of: Timestamp) -> Option<String> {
    NAMING.iter().find_map(|name| {
        let said = log.entries.iter().filter_map(|entry| {
            let value = entry.facts.get(*name).or_else(|| entry.field(name))?;
            let known_at = entry.recorded.unwrap_or(entry.happened).max(entry.happened);
            Some((known_at, Value::as_text(value)?))
        });
        let mut said: Vec<(Timestamp, &str)> = said.collect();
        said.sort_by_key(|(known_at, _)| *known_at);
        let known = said.partition_point(|(known_at, _)| *known_at <= as_of);
        said.get(known.saturating_sub(1)).map(|(_, name)| (*name).to_owned())
    })
}

/// A shelf that takes down what is read of it. Where files lie is left out: the same text is the same agreement.
struct Read<'s> {
    shelf: &'s Shelf,
    text: RefCell<Sha256>,
}

impl<'s> Read<'s> {
    fn of(shelf: &'s Shelf) -> Self {
        Self { shelf, text: RefCell::new(Sha256::new()) }
    }

    fn take_down(&self, text: &str) {
        let length = (text.len() as u64).to_be_bytes();
        let mut whole = self.text.borrow_mut();
        whole.update(length);
        whole.update(text);
    }

    fn versions(&self, name: &str, versions: &[VersionSources]) {
        self.take_down(name);
        for version in versions {
            self.take_down(&version.folder_name);
            version.files.iter().for_each(|file| self.take_down(&file.text));
        }
    }
}

impl Uses for Read<'_> {
    fn vocabulary(&self, name: &str) -> Option<SourceFile> {
        let file = self.shelf.vocabulary(name)?;
        self.take_down(name);
        self.take_down(&file.text);
        Some(file)
    }

    fn law(&self, name: &str) -> Option<Vec<VersionSources>> {
        let versions = self.shelf.law(name)?;
        self.versions(name, &versions);
        Some(versions)
    }

    fn based_on(&self, path: &str) -> Option<VersionSources> {
        let version = self.shelf.based_on(path)?;
        self.versions(path, std::slice::from_ref(&version));
        Some(version)
    }

    fn vocabulary_names(&self) -> Vec<String> {
        self.shelf.vocabulary_names()
    }

    fn law_names(&self) -> Vec<String> {
        self.shelf.law_names()
    }
}
