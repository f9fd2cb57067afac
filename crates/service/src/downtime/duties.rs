//! Which duties ran in downtime. It is said beside them, and changes nothing about them.

use jiff::{SignedDuration, Timestamp};
use samspill_agreement::model::{Agreement, DutyId, Language, PartyId, Version};
use samspill_base::{ClauseRef, Position};
use samspill_engine::{
    DutyReading, DutyStatus, Evaluation,
    explain::{date_words, duration_words, instant_words},
};

use super::{
    parties::Parties,
    periods::{Period, Periods},
    practice::{Downtime, SaysOfDowntime},
    words::{numbers, say, tell},
};
use crate::exchange::meaning::AddressBook;

/// A duty that ran in downtime of one who has to do with it.
#[derive(Clone, Debug, PartialEq)]
pub struct DutyDowntime {
    /// Its place among the duties of the evaluation, from 0.
    pub place: usize,
    /// The duty.
    pub duty: DutyId,
    /// Its clause.
    pub clause: ClauseRef,
    /// How it went: as the engine found.
    pub status: DutyStatus,
    /// Whose downtime it was.
    pub side: Side,
    /// The downtime.
    pub period: Period,
    /// The part of the duty's time that lies in it: first instant, and the first after.
    pub overlap: (Timestamp, Timestamp),
    /// How much of it lies before the limit, in elapsed time; all of it where no limit is known.
    pub before_due: SignedDuration,
    /// How much lies after the limit.
    pub after_due: SignedDuration,
    /// How the downtime lies to the limit.
    pub bearing: Bearing,
    /// The places in the case's log that the duty used.
    pub used: Vec<Position>,
}

/// Whose downtime it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Of the one who must act.
    Holder,
    /// Of the one who is to get it.
    Receiver,
}

/// How downtime lies to the limit of a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bearing {
    /// The limit lies in it, and some time before.
    DueWithin,
    /// Some of the time before the limit lies in it; it was over at the limit.
    RanWithin,
    /// Only time after the limit lies in it: it wasn't what made the duty late.
    AfterDue,
    /// No limit is known; some of the time for which the duty was open lies in it.
    NoLimit,
}

/// The duties of a case that ran in registered downtime, in the order of the evaluation.
///
/// A duty's time is from its trigger until it was done or closed, or else until its limit or the instant of reading, whichever is
/// later. Downtime counts where some time is shared: one that begins the instant a duty is done, or ends the instant it is
/// triggered, doesn't. `periods` should be known as of the same instant as the evaluation.
pub fn annotate(
    agreement: &Agreement,
    evaluation: &Evaluation,
    periods: &Periods,
    parties: &Parties,
    book: &AddressBook,
) -> Vec<DutyDowntime> {
    let looked = Looked { agreement, evaluation, periods, parties, book };
    evaluation.duties.iter().enumerate().flat_map(|(place, duty)| looked.duty(place, duty)).collect()
}

impl DutyDowntime {
    /// How it stands, in the words of a list: `Forfalt i registrert nedetid hos Lindvik`.
    pub fn status_words(&self, language: Language) -> String {
        status_words(self.status, self.bearing, &self.period.party, language)
    }

    /// Why it is said, a sentence an item: the duty and its clause, the downtime, how much of the time lay in it, what the agreement
    /// says of that, and the entries used.
    pub fn explain(&self, agreement: &Agreement, evaluation: &Evaluation, language: Language) -> Vec<String> {
        let version = version_of(agreement, evaluation, self.place);
        let name =
            version.duty(&self.duty).map_or(self.duty.as_str(), |duty| duty.name.in_language(language));
        let mut said = vec![format!("{name} ({}): {}.", self.clause, self.status_words(language))];
        said.push(period_words(&self.period, evaluation, language));
        said.extend(self.span_words(evaluation, language));
        // Where the agreement itself lets something stop the clock, the engine's own reasoning says what did.
        let may_stop = version.duty(&self.duty).is_some_and(|rule| !rule.suspended_by.is_empty());
        said.extend((!may_stop).then(|| stands(self.status, language).to_owned()));
        let day = self.period.from.to_zoned(evaluation.zone.clone()).date();
        let says = Downtime::shipped().says(&agreement.id, day);
        said.extend(
            says.iter().map(|rule: &&SaysOfDowntime| format!("{} ({})", rule.says(language), rule.clause)),
        );
        said.push(self.used_words(language));
        said
    }

    fn span_words(&self, evaluation: &Evaluation, language: Language) -> Vec<String> {
        let whose = match self.side {
            Side::Holder => {
                say(language, "den som har plikten", "den som har plikta", "the one who must act")
            }
            Side::Receiver => say(language, "mottakeren", "mottakaren", "the receiver"),
        };
        let at = |instant| instant_words(instant, &evaluation.zone, language);
        let (from, until) = (at(self.overlap.0), at(self.overlap.1));
        let mut said = vec![tell!(language;
            "Det gjelder {whose}, fra {from} til {until}.",
            "Det gjeld {whose}, frå {from} til {until}.",
            "It concerns {whose}, from {from} until {until}.")];
        let (before, after) =
            (duration_words(self.before_due, language), duration_words(self.after_due, language));
        said.extend((self.before_due > SignedDuration::ZERO && self.bearing != Bearing::NoLimit).then(
            || {
                tell!(language;
                "Av tiden før fristen lå {before} i nedetiden.",
                "Av tida før fristen låg {before} i nedetida.",
                "Of the time before the limit, {before} lay in the downtime.")
            },
        ));
        said.extend((self.after_due > SignedDuration::ZERO).then(|| {
            tell!(language;
                "Av tiden etter fristen lå {after} i nedetiden.",
                "Av tida etter fristen låg {after} i nedetida.",
                "Of the time after the limit, {after} lay in the downtime.")
        }));
        said
    }

    fn used_words(&self, language: Language) -> String {
        let places = |used: &[Position]| {
            numbers(&used.iter().map(|position| position.0).collect::<Vec<_>>(), language)
        };
        let (case, down) = (places(&self.used), places(&self.period.used));
        tell!(language;
            "Grunnlag: oppføring {case} i saken, og {down} om nedetiden.",
            "Grunnlag: oppføring {case} i saka, og {down} om nedetida.",
            "Based on: entries {case} of the case, and {down} on the downtime.")
    }
}

/// How a duty that ran in downtime of a party stands, in the words of a list.
pub(super) fn status_words(status: DutyStatus, bearing: Bearing, party: &str, language: Language) -> String {
    let down = tell!(language;
        "registrert nedetid hos {party}", "registrert nedetid hos {party}", "registered downtime at {party}");
    match (status, bearing) {
        (DutyStatus::Kept, _) => {
            tell!(language; "Holdt, i {down}", "Halden, i {down}", "Kept, in {down}")
        }
        (DutyStatus::Waived, _) => {
            tell!(language; "Falt bort, i {down}", "Fallen bort, i {down}", "Fell away, in {down}")
        }
        (DutyStatus::Open, Bearing::DueWithin) => {
            tell!(language; "Åpen: fristen går ut i {down}", "Open: fristen går ut i {down}", "Open: the limit falls in {down}")
        }
        (DutyStatus::Open, Bearing::RanWithin | Bearing::AfterDue | Bearing::NoLimit) => {
            tell!(language; "Åpen: løper i {down}", "Open: går i {down}", "Open: runs in {down}")
        }
        (DutyStatus::Late | DutyStatus::Missed, Bearing::DueWithin) => {
            tell!(language; "Forfalt i {down}", "Forfallen i {down}", "Fell due in {down}")
        }
        (DutyStatus::Late | DutyStatus::Missed, Bearing::RanWithin) => {
            tell!(language; "Forfalt etter {down} mens fristen løp", "Forfallen etter {down} medan fristen gjekk", "Fell due after {down} while the limit ran")
        }
        (DutyStatus::Late | DutyStatus::Missed, Bearing::AfterDue | Bearing::NoLimit) => {
            tell!(language; "Forfalt før {down}", "Forfallen før {down}", "Fell due before {down}")
        }
    }
}

struct Looked<'l> {
    agreement: &'l Agreement,
    evaluation: &'l Evaluation,
    periods: &'l Periods,
    parties: &'l Parties,
    book: &'l AddressBook,
}

impl Looked<'_> {
    fn duty(&self, place: usize, duty: &DutyReading) -> Vec<DutyDowntime> {
        let version = version_of(self.agreement, self.evaluation, place);
        let towards = version.duty(&duty.duty).and_then(|rule| rule.towards.as_ref());
        let sides = [(Side::Holder, Some(&duty.holder)), (Side::Receiver, towards)];
        let mut found: Vec<DutyDowntime> = Vec::new();
        for (side, role) in sides {
            let Some(role) = role else { continue };
            for period in self.down(duty, role) {
                let is_said = found.iter().any(|said| said.period.id == period.id);
                found.extend((!is_said).then(|| self.read(place, duty, side, period)).flatten());
            }
        }
        found
    }

    /// The periods of those who have the role.
    fn down(&self, duty: &DutyReading, role: &PartyId) -> Vec<&Period> {
        let named = self.parties.seen_from(duty.trigger.position, role);
        let is_theirs = |period: &&Period| named.iter().any(|name| name.is_down_in(period, self.book));
        self.periods.all().iter().filter(is_theirs).collect()
    }

    fn read(&self, place: usize, duty: &DutyReading, side: Side, period: &Period) -> Option<DutyDowntime> {
        let lies = Lies::of(period, duty.triggered, duty.due.instant(), ended(duty, self.evaluation.as_of))?;
        Some(DutyDowntime {
            place,
            duty: duty.duty.clone(),
            clause: duty.clause.clone(),
            status: duty.status,
            side,
            period: period.clone(),
            overlap: lies.overlap,
            before_due: lies.before_due,
            after_due: lies.after_due,
            bearing: lies.bearing,
            used: duty.used(),
        })
    }
}

/// How a period lies to the time of a duty.
pub(super) struct Lies {
    overlap: (Timestamp, Timestamp),
    before_due: SignedDuration,
    after_due: SignedDuration,
    pub(super) bearing: Bearing,
}

impl Lies {
    /// Of a duty that was triggered, has a limit or none that is known, and ends; none where no time is shared.
    pub(super) fn of(
        period: &Period,
        triggered: Timestamp,
        due: Option<Timestamp>,
        end: Timestamp,
    ) -> Option<Self> {
        let overlap = period.overlap(triggered, end)?;
        let until_due = due.map_or(end, |due| due.clamp(triggered, end));
        let shared = |from, until| {
            period
                .overlap(from, until)
                .map_or(SignedDuration::ZERO, |(from, until)| until.duration_since(from))
        };
        let (before_due, after_due) = (shared(triggered, until_due), shared(until_due, end));
        let bearing = match due {
            None => Bearing::NoLimit,
            Some(_) if before_due == SignedDuration::ZERO => Bearing::AfterDue,
            Some(due) if period.contains(due) => Bearing::DueWithin,
            Some(_) => Bearing::RanWithin,
        };
        Some(Self { overlap, before_due, after_due, bearing })
    }
}

/// When a duty's time is over: done, closed, or else its limit or now, whichever is later.
fn ended(duty: &DutyReading, as_of: Timestamp) -> Timestamp {
    let done = duty.fulfilled.as_ref().or(duty.closed.as_ref()).map(|entry| entry.at);
    done.unwrap_or_else(|| duty.due.instant().map_or(as_of, |due| due.max(as_of)))
}

/// The version that a duty of the evaluation follows.
pub(super) fn version_of<'a>(agreement: &'a Agreement, evaluation: &Evaluation, place: usize) -> &'a Version {
    let name = evaluation.duties.get(place).map_or(evaluation.version.as_str(), |duty| &duty.version);
    named_version(agreement, name)
}

/// The version of this name; the newest where there is none.
pub(super) fn named_version<'a>(agreement: &'a Agreement, name: &str) -> &'a Version {
    let named = agreement.versions.iter().find(|version| version.version == name);
    named.unwrap_or_else(|| agreement.newest())
}

fn period_words(period: &Period, evaluation: &Evaluation, language: Language) -> String {
    let at = |instant| instant_words(instant, &evaluation.zone, language);
    let (sort, party, from, why) = (period.sort.name(language), &period.party, at(period.from), &period.why);
    let until = period.until.map_or_else(
        || say(language, "uten kjent slutt", "utan kjend slutt", "with no known end").to_owned(),
        |until| {
            let until = at(until);
            tell!(language; "til {until}", "til {until}", "until {until}")
        },
    );
    let (announced, by) = (
        date_words(period.announced.to_zoned(evaluation.zone.clone()).date(), language),
        &period.announced_by,
    );
    let unit = period.unit.as_ref().map(|unit| format!(", {unit}")).unwrap_or_default();
    let systems = if period.systems.is_empty() {
        String::new()
    } else {
        format!(" ({})", period.systems.iter().cloned().collect::<Vec<_>>().join(", "))
    };
    tell!(language;
        "Hos {party}{unit} var det {sort}{systems} fra {from} {until}: {why}. Varslet {announced} av {by}.",
        "Hos {party}{unit} var det {sort}{systems} frå {from} {until}: {why}. Varsla {announced} av {by}.",
        "At {party}{unit} there was {sort}{systems} from {from} {until}: {why}. Announced on {announced} by {by}.")
}

fn stands(status: DutyStatus, language: Language) -> &'static str {
    match status {
        DutyStatus::Late | DutyStatus::Missed => say(
            language,
            "Bruddet står: avtalen lar ikke nedetid flytte fristen.",
            "Brotet står: avtalen lèt ikkje nedetid flytte fristen.",
            "The breach stands: the agreement lets no downtime move the limit.",
        ),
        DutyStatus::Kept | DutyStatus::Open | DutyStatus::Waived => say(
            language,
            "Fristen står: avtalen lar ikke nedetid flytte den.",
            "Fristen står: avtalen lèt ikkje nedetid flytte han.",
            "The limit stands: the agreement lets no downtime move it.",
        ),
    }
}
