//! What was told by telephone or on paper in downtime, and is entered afterwards.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use samspill_service::{
    casework::{Plan, Warning},
    downtime::{AfterwardsFinding, AfterwardsRefusal, KnownDowntime, Period, Told, Way},
};

use super::{
    Room, Said, Words,
    moment::{Moment, MomentField, TOLD},
};
use crate::{
    Refused,
    pages::{Choice, Clock, Frame, fill, words::words},
};

/// The field that names the downtime.
pub(super) const DOWNTIME: &str = "etterpa";
/// How long after downtime ended it is offered. Later, an address that names it still works.
const OFFERED: SignedDuration = SignedDuration::from_hours(31 * 24);

words! {
    /// Words of entering afterwards.
    LaterWords {
        title: "Etter nedetid" | "Etter nedetid" | "After downtime",
        lead: "Det som ble meldt på telefon eller papir mens systemene var nede, føres her med de rette tidene. Det blir ikke sendt." | "Det som vart meldt på telefon eller papir medan systema var nede, blir ført her med dei rette tidene. Det blir ikkje sendt." | "What was told by telephone or on paper while systems were down is entered here with its true times. It isn't sent.",
        of: "{sort} hos {party} fra {from}" | "{sort} hos {party} frå {from}" | "{sort} at {party} from {from}",
        choose: "Velg hva som skal føres etter: {what}." | "Vel kva som skal førast etter: {what}." | "Choose what to enter after: {what}.",
        notice: "Føres etter: {what}. Det blir registrert med tidene du skriver, og ikke sendt." | "Blir ført etter: {what}. Det blir registrert med tidene du skriv, og ikkje sendt." | "Entered after: {what}. It is registered with the times that you write, and not sent.",
        how: "Slik ble det meldt" | "Slik vart det meldt" | "How it was told",
        way: "Måte" | "Måte" | "By which means",
        to: "Meldt til" | "Meldt til" | "Told to",
        to_hint: "Navn og hvor: Kari Dal, tildelingskontoret. Skriv ikke noe om pasienten her." | "Namn og kvar: Kari Dal, tildelingskontoret. Skriv ikkje noko om pasienten her." | "Name and where: Kari Dal, case office. Write nothing of the patient here.",
        why: "Mer om hvorfor (valgfritt)" | "Meir om kvifor (valfritt)" | "More on why (optional)",
        why_hint: "Skriv ikke noe om pasienten her." | "Skriv ikkje noko om pasienten her." | "Write nothing of the patient here.",
        told: "Når det ble meldt" | "Når det vart meldt" | "When it was told",
        told_hint: "Da mottakeren fikk vite det." | "Då mottakaren fekk vite det." | "When the receiver got to know.",
        no_moment: "Skriv når det ble meldt: dato som 17.08.2024 og klokkeslett som 06:59." | "Skriv når det vart meldt: dato som 17.08.2024 og klokkeslett som 06:59." | "Write when it was told: the date as 17.08.2024 and the time as 06:59.",
    }
}

/// What a form says of how something was told in downtime.
#[derive(Clone, Debug)]
pub(super) struct Later {
    known: Arc<KnownDowntime>,
    id: String,
}

/// The part of the form that asks for it.
#[derive(Debug)]
pub(super) struct LaterField {
    pub(super) w: &'static LaterWords,
    pub(super) notice: String,
    /// When and how it was told; none for what only happened.
    pub(super) told: Option<ToldField>,
    pub(super) why: String,
}

/// When and how something was told.
#[derive(Debug)]
pub(super) struct ToldField {
    pub(super) moment: MomentField,
    pub(super) ways: Vec<Choice>,
    pub(super) to: String,
}

impl Later {
    /// What a form says; none where it is written as it happens.
    pub(super) async fn of(room: &Room<'_>, said: &Said) -> Result<Option<Self>, Refused> {
        let id = said.get(DOWNTIME);
        if id.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self { known: room.app.downtime().await?, id: id.to_owned() }))
    }

    fn period(&self) -> Option<&Period> {
        self.known.periods.get(&self.id).filter(|period| !period.is_withdrawn)
    }

    /// The part of the form. `is_told` of messages, and not of what only happens.
    pub(super) fn field(&self, said: &Said, is_told: bool, room: &Room<'_>) -> LaterField {
        let frame = room.frame;
        let w = LaterWords::of(frame.language());
        let what = self.period().map(|period| name(period, &frame.clock(), frame)).unwrap_or_default();
        LaterField {
            w,
            notice: fill(w.notice, &[("what", &what)]),
            told: is_told.then(|| told_field(said, frame)),
            why: said.get("hvorfor").to_owned(),
        }
    }

    /// The plan of what is registered instead of sent, and what is worth a look about it.
    ///
    /// # Errors
    ///
    /// A sentence on what to do, where it can't be so.
    pub(super) fn plan(
        &self,
        plan: Plan,
        said: &Said,
        frame: &Frame,
    ) -> Result<(Plan, Vec<AfterwardsFinding>), String> {
        let told = Told {
            downtime: self.id.clone(),
            way: Way::called(said.get("mate")).filter(|way| *way != Way::Event).unwrap_or(Way::Telephone),
            to: said.get("meldt_til").to_owned(),
            why: said.get("hvorfor").to_owned(),
            registered_by: frame.subject().name.clone(),
            recorded: frame.now,
        };
        let planned = plan.told_otherwise(&told, &self.known.periods);
        planned.map_err(|why: AfterwardsRefusal| why.sentence(frame.language()))
    }
}

/// When it was told.
///
/// # Errors
///
/// A sentence on what to do, where that isn't said, or is unclear.
pub(super) fn told_at(said: &Said, frame: &Frame) -> Result<Timestamp, &'static str> {
    match TOLD.read(said, &frame.zone()) {
        Moment::At(at) | Moment::Skipped(at) => Ok(at),
        Moment::Twice => Err(Words::of(frame.language()).twice),
        Moment::Unsaid | Moment::Bad => Err(LaterWords::of(frame.language()).no_moment),
    }
}

/// What a plan of something told in downtime has that is worth a look.
pub(super) fn look(findings: &[AfterwardsFinding], frame: &Frame) -> Vec<Warning> {
    findings.iter().map(|finding| Warning::other(finding.sentence(frame.language()))).collect()
}

/// The downtime after which something may be entered in a stay: of the writer's party and of those that take part, the latest first.
/// Each with its id, and what it is called.
pub(super) async fn offered(room: &Room<'_>) -> Result<Vec<(String, String)>, Refused> {
    let (frame, known) = (room.frame, room.app.downtime().await?);
    let clock = frame.clock();
    let is_ours = |party: &str| party == frame.signed.subject.party || room.opened.involvement.has(party);
    let is_late =
        |period: &Period| period.until.is_some_and(|until| frame.now.duration_since(until) > OFFERED);
    let mut periods: Vec<&Period> = known
        .periods
        .all()
        .iter()
        .filter(|it| !it.is_withdrawn && it.from <= frame.now && !is_late(it) && is_ours(&it.party))
        .collect();
    periods.sort_by_key(|period| std::cmp::Reverse(period.from));
    Ok(periods.into_iter().map(|period| (period.id.clone(), name(period, &clock, frame))).collect())
}

fn name(period: &Period, clock: &Clock, frame: &Frame) -> String {
    let language = frame.language();
    let unit = period.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default();
    let party = format!("{}{unit}", period.party);
    let (sort, from) = (period.sort.name(language), clock.instant(period.from));
    fill(LaterWords::of(language).of, &[("sort", &sort), ("party", &party), ("from", &from)])
}

fn told_field(said: &Said, frame: &Frame) -> ToldField {
    let ways = Way::ALL.into_iter().filter(|way| *way != Way::Event);
    ToldField {
        moment: TOLD.field(said, (&frame.zone(), None), frame),
        ways: ways
            .map(|way| Choice::new(way.as_str(), way.name(frame.language()), said.get("mate")))
            .collect(),
        to: said.get("meldt_til").to_owned(),
    }
}
