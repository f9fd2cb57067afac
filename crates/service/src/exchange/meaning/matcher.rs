//! Which stay a message belongs to. Messages carry no id of a stay: it is found by what they refer to, the person, the hospital
//! and times, and where these leave a choice a person makes it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use samspill_formats::messages::types::Message;

use super::{
    Context, Known, Stay,
    status::is_cancellation,
    table::{Table, Tolerances},
    traits::Traits,
};

/// Finds the stay of a message.
#[derive(Clone, Debug)]
pub struct Matcher<'a> {
    known: &'a Known,
    table: &'a Table,
    zone: TimeZone,
}

/// Where a message belongs, and why. Reasons are sentences for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// To this stay.
    Certain {
        /// The case.
        case: String,
        /// Why.
        reasons: Vec<String>,
    },
    /// To a stay that begins with it.
    New {
        /// The new case's name: `opphold-`, the day, and the beginning of the message's id.
        case: String,
        /// Why.
        reasons: Vec<String>,
    },
    /// To one of several: a person must choose.
    Ambiguous {
        /// The choices; the last may be a new stay.
        candidates: Vec<Candidate>,
        /// Why it isn't sure.
        reasons: Vec<String>,
    },
    /// Nobody knows who the patient is.
    UnknownPerson {
        /// Why.
        reasons: Vec<String>,
    },
    /// To no stay.
    Outside {
        /// Why.
        reasons: Vec<String>,
    },
    /// Nowhere yet: it cancels messages that haven't come.
    Waits {
        /// Their ids.
        named: Vec<String>,
    },
}

/// A stay that a message may belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The case.
    pub case: String,
    /// Whether it would be a new one.
    pub is_new: bool,
    /// What speaks for it, and against it.
    pub reasons: Vec<String>,
}

impl<'a> Matcher<'a> {
    /// A matcher over what the context knows.
    pub fn new(context: &Context<'a>) -> Self {
        Self { known: context.known, table: context.table, zone: context.zone.clone() }
    }

    /// The stay of a message. In this order: what a person chose; the messages that it refers to; the person, the hospital, the
    /// time of admission; the stays that were going on.
    pub fn place(&self, message: &Message) -> Placement {
        self.place_traits(&Traits::of(message, self.table, &self.zone), is_cancellation(message))
    }

    /// The name of the stay that would begin with a message, as it is where nobody must choose.
    pub fn new_case(&self, message: &Message) -> String {
        self.name(&Traits::of(message, self.table, &self.zone))
    }

    pub(super) fn place_traits(&self, traits: &Traits, cancels: bool) -> Placement {
        if !traits.gives_entries {
            return outside("Meldingen er av et slag som ikke sier noe om oppholdet.");
        }
        if let Some(case) = self.known.chosen(&traits.id) {
            return certain(case, vec!["En person har valgt dette oppholdet.".to_owned()]);
        }
        if let Some(placed) = self.by_reference(traits) {
            return placed;
        }
        if cancels {
            return Placement::Waits { named: traits.refs.clone() };
        }
        if traits.person.is_unknown() {
            let why = "Meldingen har verken fødselsnummer, annen id, eller navn og fødselsdato.";
            return Placement::UnknownPerson { reasons: vec![why.to_owned()] };
        }
        self.by_person(traits)
    }

    /// By the conversation. What people are to be asked about first is another patient in the same conversation.
    fn by_reference(&self, traits: &Traits) -> Option<Placement> {
        let cases: BTreeMap<&str, &String> = self.referred(traits).collect();
        let (case, message) = cases.first_key_value()?;
        if cases.len() > 1 {
            let candidates = cases.iter().filter_map(|(case, message)| {
                let why = format!("Meldingen viser til {message}, som hører til dette oppholdet.");
                Some(self.candidate(self.known.stays.get(*case)?, vec![why]))
            });
            let reasons = vec!["Meldingen viser til meldinger i flere opphold.".to_owned()];
            return Some(Placement::Ambiguous { candidates: candidates.collect(), reasons });
        }
        let why = format!("Meldingen viser til {message}, som hører til dette oppholdet.");
        let stay = self.known.stays.get(*case)?;
        let same_name = traits.person.name.as_ref().is_some_and(|name| stay.names.contains(name));
        if self.is_same_person(traits, stay) || traits.person.is_unknown() {
            return Some(certain(case, vec![why]));
        }
        if same_name {
            let also = "Pasienten har fått en annen id, men navn og fødselsdato er de samme.".to_owned();
            return Some(certain(case, vec![why, also]));
        }
        let reasons = vec!["Samtalen gjelder en annen pasient enn meldingen.".to_owned()];
        let mut candidates = vec![self.candidate(stay, vec![why])];
        candidates.extend(traits.flags.begins.then(|| self.new_candidate(traits)));
        Some(Placement::Ambiguous { candidates, reasons })
    }

    fn referred<'t>(&self, traits: &'t Traits) -> impl Iterator<Item = (&'a str, &'t String)> {
        let known = self.known;
        traits.refs.iter().filter_map(move |id| Some((known.messages.get(id)?.case.as_deref()?, id)))
    }

    fn by_person(&self, traits: &Traits) -> Placement {
        let ids = self.known.with_same(&traits.person.ids);
        let here = |stay: &&Stay| is_same_hospital(traits, stay);
        let (mut sure, mut alike): (Vec<&Stay>, Vec<&Stay>) = (Vec::new(), Vec::new());
        let keys = ids.iter().chain(&traits.person.name);
        for stay in self.known.stays_of(keys).into_iter().filter(here) {
            if !ids.is_disjoint(&stay.persons) {
                sure.push(stay);
            } else if traits.person.name.as_ref().is_some_and(|name| stay.names.contains(name)) {
                alike.push(stay);
            }
        }
        let placed = self.by_time(traits, &sure);
        match placed {
            Placement::New { .. } | Placement::Outside { .. } => self.unless_alike(traits, &alike, placed),
            Placement::Certain { .. }
            | Placement::Ambiguous { .. }
            | Placement::UnknownPerson { .. }
            | Placement::Waits { .. } => placed,
        }
    }

    /// Before a stay begins, or none is found: was it the same patient under another id?
    fn unless_alike(&self, traits: &Traits, alike: &[&Stay], placed: Placement) -> Placement {
        let why = "Navn og fødselsdato er de samme, men id-en er en annen.".to_owned();
        let fits = |stay: &&&Stay| self.same_admission(traits, stay) || self.goes_on(traits, stay);
        let mut candidates: Vec<Candidate> =
            alike.iter().filter(fits).map(|stay| self.candidate(stay, vec![why.clone()])).collect();
        if candidates.is_empty() {
            return placed;
        }
        if traits.flags.begins {
            candidates.push(self.new_candidate(traits));
        }
        Placement::Ambiguous { candidates, reasons: vec![why] }
    }

    fn by_time(&self, traits: &Traits, stays: &[&Stay]) -> Placement {
        let same: Vec<&Stay> =
            stays.iter().filter(|stay| self.same_admission(traits, stay)).copied().collect();
        let why = "Samme pasient, sykehus og innleggelsestidspunkt.";
        match same.as_slice() {
            [stay] => return certain(&stay.case, vec![why.to_owned()]),
            [] => {}
            several => return self.ambiguous(several, why, None),
        }
        if traits.admitted.is_some() && !traits.flags.after {
            return self.by_near_admission(traits, stays);
        }
        self.by_going_on(traits, stays)
    }

    /// The message tells of an admission that no stay has.
    fn by_near_admission(&self, traits: &Traits, stays: &[&Stay]) -> Placement {
        let unknown: Vec<&Stay> = stays.iter().filter(|stay| self.waits_for(traits, stay)).copied().collect();
        let why = "Samme pasient og sykehus, og innleggelsestidspunktet i oppholdet var ikke kjent.";
        match unknown.as_slice() {
            [stay] => return certain(&stay.case, vec![why.to_owned()]),
            [] => {}
            several => return self.ambiguous(several, why, Some(traits)),
        }
        let near: Vec<&Stay> =
            stays.iter().filter(|stay| self.may_be_mended(traits, stay)).copied().collect();
        if near.is_empty() {
            return self.new_stay(traits, stays);
        }
        self.ambiguous(
            &near,
            "Et opphold som ikke er avsluttet, har et annet innleggelsestidspunkt like ved.",
            Some(traits),
        )
    }

    /// The message doesn't say when the patient was admitted: which stays were going on?
    fn by_going_on(&self, traits: &Traits, stays: &[&Stay]) -> Placement {
        let going: Vec<&Stay> = stays.iter().filter(|stay| self.goes_on(traits, stay)).copied().collect();
        match going.as_slice() {
            [stay] if self.is_doubtful_end(traits, stay) => self.ambiguous(
                &going,
                "Oppholdet tok slutt samme dag; klokkeslettet er ikke kjent.",
                Some(traits),
            ),
            [stay] if self.ended_otherwise(traits, stay) => {
                self.ambiguous(&going, "Oppholdet er alt avsluttet på et annet tidspunkt.", Some(traits))
            }
            [stay] if self.is_silent(traits, stay) => {
                self.ambiguous(&going, "Det er lenge siden siste melding i oppholdet.", Some(traits))
            }
            [stay] => certain(&stay.case, vec!["Eneste opphold for pasienten som pågikk da.".to_owned()]),
            [] => self.new_stay(traits, stays),
            several => self.ambiguous(several, "Pasienten har flere opphold som meldingen kan gjelde.", None),
        }
    }

    fn new_stay(&self, traits: &Traits, stays: &[&Stay]) -> Placement {
        if !traits.flags.begins {
            return outside("Ingen opphold for pasienten pågikk da, og meldingen begynner ikke et nytt.");
        }
        let why = if stays.is_empty() {
            "Pasienten har ingen opphold ved sykehuset fra før."
        } else {
            "Ingen av pasientens tidligere opphold ved sykehuset passer i tid."
        };
        Placement::New { case: self.name(traits), reasons: vec![why.to_owned()] }
    }

    fn ambiguous(&self, stays: &[&Stay], why: &str, or_new: Option<&Traits>) -> Placement {
        let mut candidates: Vec<Candidate> =
            stays.iter().map(|stay| self.candidate(stay, Vec::new())).collect();
        let new = or_new.filter(|traits| traits.flags.begins);
        candidates.extend(new.map(|traits| self.new_candidate(traits)));
        Placement::Ambiguous { candidates, reasons: vec![why.to_owned()] }
    }

    fn candidate(&self, stay: &Stay, mut reasons: Vec<String>) -> Candidate {
        let show = |at: Timestamp| self.zone.to_datetime(at).strftime("%d.%m.%Y %H:%M").to_string();
        reasons.push(match (&stay.admitted, stay.first) {
            (Some(admitted), _) => format!("Innlagt {}.", show(admitted.at)),
            (None, Some(first)) => {
                format!("Innleggelsestidspunkt ikke kjent; første melding {}.", show(first))
            }
            (None, None) => "Innleggelsestidspunkt ikke kjent.".to_owned(),
        });
        reasons.push(match &stay.ended {
            Some(ended) => format!("Avsluttet {}.", show(ended.at.at)),
            None => "Ikke avsluttet.".to_owned(),
        });
        Candidate { case: stay.case.clone(), is_new: false, reasons }
    }

    fn new_candidate(&self, traits: &Traits) -> Candidate {
        Candidate { case: self.name(traits), is_new: true, reasons: vec!["Et nytt opphold.".to_owned()] }
    }

    /// `opphold-2018-01-29-b088a160`: the day of admission, or of the message, and as much of the message's id as is needed.
    fn name(&self, traits: &Traits) -> String {
        let at = traits.admitted.map(|it| it.at).or(traits.made);
        let day =
            at.map_or_else(|| "uten-dato".to_owned(), |at| self.zone.to_datetime(at).date().to_string());
        let short: String = traits.id.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
        let name = format!("opphold-{day}-{short}");
        if self.known.stays.contains_key(&name) { format!("opphold-{day}-{}", traits.id) } else { name }
    }

    fn tolerances(&self) -> Tolerances {
        self.table.matching
    }

    fn is_same_person(&self, traits: &Traits, stay: &Stay) -> bool {
        !self.known.with_same(&traits.person.ids).is_disjoint(&stay.persons)
    }

    fn same_admission(&self, traits: &Traits, stay: &Stay) -> bool {
        let both = traits.admitted.zip(stay.admitted);
        both.is_some_and(|(one, other)| one.may_equal(other, &self.zone))
    }

    /// The stay's admission isn't known, and this one is near enough to its beginning.
    fn waits_for(&self, traits: &Traits, stay: &Stay) -> bool {
        let lead = SignedDuration::from_hours(self.tolerances().lead_hours);
        let times = traits.admitted.zip(stay.first);
        let near = times.is_some_and(|(admitted, first)| first.duration_since(admitted.at).abs() <= lead);
        let spans = times
            .zip(stay.last)
            .is_some_and(|((admitted, first), last)| first <= admitted.at && admitted.at <= last);
        stay.admitted.is_none() && (near || spans) && !is_over(traits, stay)
    }

    /// The stay goes on, and its admission is so near that this may be the same one, mended.
    fn may_be_mended(&self, traits: &Traits, stay: &Stay) -> bool {
        let near = SignedDuration::from_hours(self.tolerances().same_admission_hours);
        let both = traits.admitted.zip(stay.admitted);
        let is_near = both.is_some_and(|(one, other)| one.at.duration_since(other.at).abs() <= near);
        is_near && !is_over(traits, stay)
    }

    /// The stay was going on when the message was made, or had ended not too long before for its kind.
    fn goes_on(&self, traits: &Traits, stay: &Stay) -> bool {
        let Some(made) = traits.made else { return true };
        let lead = SignedDuration::from_hours(self.tolerances().lead_hours);
        let start = stay.admitted.map(|it| it.at).into_iter().chain(stay.first).min();
        let has_begun = start.is_none_or(|start| start.duration_since(made) <= lead);
        let days = if traits.flags.after || traits.flags.ends { self.tolerances().after_end_days } else { 0 };
        let after = SignedDuration::from_hours(24 * days);
        let not_over = stay.ended.as_ref().is_none_or(|ended| {
            made.duration_since(ended.at.at) <= after || self.is_doubtful_end(traits, stay)
        });
        has_begun && not_over
    }

    /// The stay ended on the day on which the message was made, at a time that isn't known; and the message may begin another.
    fn is_doubtful_end(&self, traits: &Traits, stay: &Stay) -> bool {
        let day = |at: Timestamp| self.zone.to_datetime(at).date();
        let may_begin = traits.flags.begins && !traits.flags.after && !traits.flags.ends;
        let same_day = stay
            .ended
            .as_ref()
            .zip(traits.made)
            .is_some_and(|(ended, made)| ended.at.is_day() && day(ended.at.at) == day(made));
        may_begin && same_day
    }

    /// The message tells of an end, and the stay has another one.
    fn ended_otherwise(&self, traits: &Traits, stay: &Stay) -> bool {
        let both = traits.left.zip(stay.ended.as_ref());
        both.is_some_and(|(left, ended)| !left.may_equal(ended.at, &self.zone))
    }

    fn is_silent(&self, traits: &Traits, stay: &Stay) -> bool {
        let long = SignedDuration::from_hours(24 * self.tolerances().silent_days);
        stay.last.zip(traits.made).is_some_and(|(last, made)| made.duration_since(last) > long)
    }
}

fn certain(case: &str, reasons: Vec<String>) -> Placement {
    Placement::Certain { case: case.to_owned(), reasons }
}

fn outside(why: &str) -> Placement {
    Placement::Outside { reasons: vec![why.to_owned()] }
}

/// The hospital is the same; where a message's kind doesn't say which end is the hospital, one of its ends is.
fn is_same_hospital(traits: &Traits, stay: &Stay) -> bool {
    match (&traits.institution, &stay.institution) {
        (Some(one), Some(other)) => one == other,
        (Some(one), None) => stay.ends.contains(one),
        (None, Some(other)) => traits.ends.contains(other),
        (None, None) => !traits.ends.is_disjoint(&stay.ends),
    }
}

/// The stay had ended before what the message tells of.
fn is_over(traits: &Traits, stay: &Stay) -> bool {
    let about = traits.admitted.map(|it| it.at).or(traits.made);
    stay.ended.as_ref().zip(about).is_some_and(|(ended, about)| ended.at.at <= about)
}
