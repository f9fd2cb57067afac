//! Why a duty is due when it is, and how it went.

use jiff::Timestamp;
use samspill_agreement::{
    model::{Duty, Language, Version},
    words,
};

use samspill_base::Clock;

use super::{About, duration_words, instant_words, say};
use crate::{Due, DutyReading, DutyStatus, Evaluation, Step};

/// The reasoning about one duty, a sentence an item.
pub fn duty(about: &About<'_>, evaluation: &Evaluation, reading: &DutyReading) -> Vec<String> {
    let version = about.version(&reading.version);
    let teller = Teller { about, evaluation, version, reading };
    let mut said = vec![teller.heading(), teller.holder()];
    said.extend(reading.steps.iter().filter_map(|step| teller.step(step)));
    said.push(teller.outcome());
    said.extend(about.used(&reading.used()));
    said
}

/// The readings that a duty rests on, as sentences.
pub fn duty_readings(about: &About<'_>, reading: &DutyReading) -> Vec<String> {
    let version = about.version(&reading.version);
    let ids = version.duty(&reading.duty).map_or(&[][..], |duty| &duty.readings);
    readings(version, ids, about.language)
}

/// What a status is called.
pub fn duty_status_word(status: DutyStatus, language: Language) -> &'static str {
    let words = match status {
        DutyStatus::Kept => ["holdt", "halden", "kept"],
        DutyStatus::Late => ["for sent", "for seint", "late"],
        DutyStatus::Missed => ["ikke gjort", "ikkje gjort", "missed"],
        DutyStatus::Open => ["åpen", "open", "open"],
        DutyStatus::Waived => ["falt bort", "fallen bort", "waived"],
    };
    match language {
        Language::Bokmal => words[0],
        Language::Nynorsk => words[1],
        Language::English => words[2],
    }
}

struct Teller<'t, 'a> {
    about: &'t About<'a>,
    evaluation: &'t Evaluation,
    version: &'a Version,
    reading: &'t DutyReading,
}

impl<'a> Teller<'_, 'a> {
    fn language(&self) -> Language {
        self.about.language
    }

    fn at(&self, instant: Timestamp) -> String {
        instant_words(instant, &self.evaluation.zone, self.language())
    }

    fn rule(&self) -> Option<&'a Duty> {
        self.version.duty(self.reading.duty.as_str())
    }

    fn heading(&self) -> String {
        let id = self.reading.duty.as_str();
        let name = self.rule().map_or(id, |duty| duty.name.in_language(self.language()));
        let says = self.rule().map_or("", |duty| duty.says.in_language(self.language()));
        let (clause, agreement, version) =
            (&self.reading.clause, &self.evaluation.agreement, &self.reading.version);
        format!("{name} ({clause}; {agreement} {version}): {says}")
    }

    fn holder(&self) -> String {
        let holder = self.reading.holder.as_str();
        let name =
            self.version.parties.get(holder).map_or(holder, |party| party.name.in_language(self.language()));
        say!(self.language(); "{name} har plikten.", "{name} har plikta.", "{name} has the duty.")
    }

    fn step(&self, step: &Step) -> Option<String> {
        let language = self.language();
        Some(match step {
            Step::Triggered(entry, clock) => {
                let (entry, at, how) = (
                    self.about.entry(self.version, entry),
                    self.at(entry.at),
                    words::clock(*clock, language),
                );
                if *clock == Clock::Happened {
                    return Some(
                        say!(language; "Den ble utløst av {entry}, {at}.", "Ho vart utløyst av {entry}, {at}.", "It was triggered by {entry}, {at}."),
                    );
                }
                say!(language; "Den ble utløst av {entry}, {how} {at}.", "Ho vart utløyst av {entry}, {how} {at}.", "It was triggered by {entry}, {how} {at}.")
            }
            Step::Renewed(at) => {
                let at = self.at(*at);
                say!(language; "En ny periode begynte {at}.", "Ein ny periode byrja {at}.", "A new period began {at}.")
            }
            Step::MovedByWindow { clause, to, .. } => {
                let to = self.at(*to);
                say!(language;
                    "Det var utenfor tiden for slike meldinger ({clause}), så det regnes som gitt {to}.",
                    "Det var utanfor tida for slike meldingar ({clause}), så det blir rekna som gitt {to}.",
                    "That was outside the time for such messages ({clause}), so it counts as given {to}.")
            }
            Step::MovedByCutOff(to) => {
                let to = self.at(*to);
                say!(language;
                    "Det var etter klokkeslettet som fristen setter, så tiden regnes fra {to}.",
                    "Det var etter klokkeslettet som fristen set, så tida blir rekna frå {to}.",
                    "That was past the limit's cut-off, so the time counts from {to}.")
            }
            Step::Excepted { rule, clause } => say!(language;
                "Unntaket «{rule}» ({clause}) gjelder.", "Unntaket «{rule}» ({clause}) gjeld.", "The exception “{rule}” ({clause}) applies."),
            Step::Undecided(rule, facts) => {
                let facts = facts
                    .iter()
                    .map(|fact| words::fact(self.version, fact, language))
                    .collect::<Vec<_>>()
                    .join(", ");
                say!(language;
                    "Om unntaket «{rule}» gjelder, kan ikke avgjøres, for ingen har sagt: {facts}. Da kan heller ikke fristen fastsettes.",
                    "Om unntaket «{rule}» gjeld, kan ikkje avgjerast, for ingen har sagt: {facts}. Då kan heller ikkje fristen fastsetjast.",
                    "Whether the exception “{rule}” applies can't be decided, for nobody has said: {facts}. So the limit can't be told.")
            }
            Step::Reset(entry) => {
                let (entry, at) = (self.about.entry(self.version, entry), self.at(entry.at));
                say!(language; "Fristen begynte på nytt ved {entry}, {at}.", "Fristen byrja på nytt ved {entry}, {at}.", "The count started anew at {entry}, {at}.")
            }
            Step::Suspended(from, until) => self.suspended(from.at, until.as_ref().map(|entry| entry.at)),
            Step::Limited(_, due) => return self.limited(*due),
            Step::CountedBackFrom(entry) => {
                let (entry, at) = (self.about.entry(self.version, entry), self.at(entry.at));
                say!(language; "Tidspunktet som fristen regnes ut fra, er {entry}, {at}.", "Tidspunktet som fristen blir rekna ut frå, er {entry}, {at}.", "The limit is counted from {entry}, {at}.")
            }
            Step::CountedBackFromFact(fact, value) => say!(language;
                "Fristen regnes bakover fra opplysningen «{fact}»: {value}.", "Fristen blir rekna bakover frå opplysninga «{fact}»: {value}.", "The limit is counted back from the fact “{fact}”: {value}."),
        })
    }

    fn suspended(&self, from: Timestamp, until: Option<Timestamp>) -> String {
        let language = self.language();
        let from = self.at(from);
        match until.map(|until| self.at(until)) {
            Some(until) => {
                say!(language; "Klokken sto stille fra {from} til {until}.", "Klokka stod stille frå {from} til {until}.", "The clock stood still from {from} until {until}.")
            }
            None => {
                say!(language; "Klokken står stille siden {from}.", "Klokka står stille sidan {from}.", "The clock has stood still since {from}.")
            }
        }
    }

    fn limited(&self, due: Due) -> Option<String> {
        let language = self.language();
        let rule = self.rule()?;
        let excepted = self.reading.steps.iter().find_map(|step| match step {
            Step::Excepted { rule: id, .. } => {
                rule.exceptions.iter().find(|exception| exception.id == *id)?.deadline.as_ref()
            }
            Step::Triggered(..)
            | Step::Renewed(_)
            | Step::MovedByWindow { .. }
            | Step::MovedByCutOff(_)
            | Step::Undecided(..)
            | Step::Reset(_)
            | Step::Suspended(..)
            | Step::Limited(..)
            | Step::CountedBackFrom(_)
            | Step::CountedBackFromFact(..) => None,
        });
        let limit = words::deadline(self.version, excepted.unwrap_or(&rule.deadline), language);
        Some(match due {
            Due::At(at) => {
                let at = self.at(at);
                say!(language; "Frist: {limit}, det vil si senest {at}.", "Frist: {limit}, det vil seie seinast {at}.", "Limit: {limit}, that is {at} at the latest.")
            }
            Due::AtOnce => say!(language;
                "Frist: {limit}. Det gir ingen frist som kan regnes ut.", "Frist: {limit}. Det gir ingen frist som kan reknast ut.", "Limit: {limit}. That gives no limit that can be computed."),
            Due::NotYetKnown => say!(language;
                "Frist: {limit}. Når det er, kan ikke regnes ut ennå.", "Frist: {limit}. Når det er, kan ikkje reknast ut enno.", "Limit: {limit}. When that is can't be computed yet."),
        })
    }

    fn outcome(&self) -> String {
        match self.reading.status {
            DutyStatus::Kept | DutyStatus::Late => self.done(),
            DutyStatus::Missed => self.missed(),
            DutyStatus::Open => self.open(),
            DutyStatus::Waived => self.waived(),
        }
    }

    fn done(&self) -> String {
        let language = self.language();
        let Some(done) = &self.reading.fulfilled else { return String::new() };
        let (entry, at) = (self.about.entry(self.version, done), self.at(done.at));
        let late = self.reading.late_by(self.evaluation).map(|late| duration_words(late, language));
        match (late, self.reading.due) {
            (Some(late), _) => say!(language;
                "Den ble oppfylt av {entry}, {at}: {late} for sent.", "Ho vart oppfylt av {entry}, {at}: {late} for seint.", "It was fulfilled by {entry}, {at}: {late} late."),
            (None, Due::At(due)) if due == done.at => say!(language;
                "Den ble oppfylt av {entry}, {at}: akkurat i tide.", "Ho vart oppfylt av {entry}, {at}: akkurat i tide.", "It was fulfilled by {entry}, {at}: just in time."),
            (None, Due::At(due)) => {
                let left = duration_words(due.duration_since(done.at), language);
                say!(language;
                    "Den ble oppfylt av {entry}, {at}: i tide, {left} før fristen.", "Ho vart oppfylt av {entry}, {at}: i tide, {left} før fristen.", "It was fulfilled by {entry}, {at}: in time, {left} before the limit.")
            }
            (None, Due::AtOnce | Due::NotYetKnown) => say!(language;
                "Den ble oppfylt av {entry}, {at}.", "Ho vart oppfylt av {entry}, {at}.", "It was fulfilled by {entry}, {at}."),
        }
    }

    fn missed(&self) -> String {
        let language = self.language();
        let as_of = self.at(self.evaluation.as_of);
        if let Some(closed) = &self.reading.closed {
            let (entry, at) = (self.about.entry(self.version, closed), self.at(closed.at));
            return say!(language;
                "Den ble ikke oppfylt før {entry}, {at}.", "Ho vart ikkje oppfylt før {entry}, {at}.", "It was not fulfilled before {entry}, {at}.");
        }
        let late = self
            .reading
            .late_by(self.evaluation)
            .map(|late| duration_words(late, language))
            .unwrap_or_default();
        say!(language;
            "Den er ikke oppfylt; {as_of} var det {late} over fristen.", "Ho er ikkje oppfylt; {as_of} var det {late} over fristen.", "It is not fulfilled; {as_of} it was {late} past the limit.")
    }

    fn open(&self) -> String {
        let language = self.language();
        let as_of = self.at(self.evaluation.as_of);
        match self.reading.due {
            Due::At(due) => {
                let left = duration_words(due.duration_since(self.evaluation.as_of), language);
                say!(language; "Den er åpen: {as_of} var det {left} igjen.", "Ho er open: {as_of} var det {left} att.", "It is open: {as_of} there was {left} left.")
            }
            Due::AtOnce | Due::NotYetKnown => say!(language; "Den er åpen.", "Ho er open.", "It is open."),
        }
    }

    fn waived(&self) -> String {
        let language = self.language();
        let Some(closed) = &self.reading.closed else { return String::new() };
        let (entry, at) = (self.about.entry(self.version, closed), self.at(closed.at));
        say!(language;
            "Den falt bort: {entry} kom {at}, før fristen var ute.", "Ho fall bort: {entry} kom {at}, før fristen var ute.", "It fell away: {entry} came {at}, before the limit had passed.")
    }
}

/// The readings with these ids, as sentences.
pub(super) fn readings(version: &Version, ids: &[String], language: Language) -> Vec<String> {
    version
        .readings
        .iter()
        .filter(|reading| ids.contains(&reading.id))
        .map(|reading| {
            let (id, text, clause) = (&reading.id, reading.text.in_language(language), &reading.clause);
            say!(language; "Vår tolkning {id} ({clause}): {text}", "Vår tolking {id} ({clause}): {text}", "Our reading {id} ({clause}): {text}")
        })
        .collect()
}
