//! What people settle about a message: where it belongs, that two ids are one patient's, who in the party looks at it.

use super::{
    Sight,
    page::{self, Extra, persons},
    rule,
    words::Words,
};
use crate::{
    App, Refused, Signed,
    pages::{
        Choice, Frame, desk, fill, link, patients::protected_name, search::cases_found, see_other, undo,
        worded::Worded, write::Said,
    },
};
use axum::{
    extract::{Path, RawForm, State},
    response::Response,
};
use samspill_base::CaseLog;
use samspill_service::{
    access::Action,
    exchange::{
        mailroom::{Notes, Settling},
        meaning::{Question, QuestionKind, Ruling},
    },
};

/// A stay that a message may belong to, beside the others.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) value: String,
    pub(super) is_new: bool,
    pub(super) href: String,
    pub(super) reasons: Vec<Worded>,
    pub(super) persons: Vec<String>,
    pub(super) parties: String,
    pub(super) first: String,
    pub(super) last: String,
}

/// The stays that a question leaves open, as far as the reader may see them.
pub(super) async fn candidates(
    app: &App,
    frame: &Frame,
    question: &Question,
) -> Result<Vec<Candidate>, Refused> {
    let is_about_stays = matches!(question.what, QuestionKind::WhichStay | QuestionKind::WhichPerson);
    let choices = question.choices.iter().filter(|_| is_about_stays);
    of_cases(app, frame, choices.map(|choice| (choice.value.as_str(), choice.reasons.as_slice()))).await
}

/// The stays of these, as far as the reader may place messages in them; and those that aren't there yet, as new.
async fn of_cases<'c>(
    app: &App,
    frame: &Frame,
    cases: impl Iterator<Item = (&'c str, &'c [String])>,
) -> Result<Vec<Candidate>, Refused> {
    let mut found = Vec::new();
    for (case, reasons) in cases {
        let stay = app.live().involvement_of(case, frame.now).await.map_err(Refused::failed)?;
        match stay {
            None => found.push(Candidate::new(case, Worded::all(reasons, frame.language()))),
            Some(stay) if frame.signed.sees(&stay, Action::PlaceMessage, frame.now) => {
                let parts = app.parts();
                let entries = parts.store.case_entries(&parts.community, &stay.case).await;
                let mut entries = entries.map_err(Refused::failed)?;
                entries.retain(|it| frame.signed.sees_entry(&stay, it, app.book(), frame.now));
                let log = CaseLog { case: stay.case.clone(), entries };
                let mut candidate = Candidate::of(app, frame, &log, reasons);
                if !frame.signed.shown(&stay).name {
                    candidate.persons = vec![protected_name(frame.language()).to_owned()];
                }
                found.push(candidate);
            }
            Some(_) => {}
        }
    }
    if !found.is_empty() {
        app.listed(&frame.signed, Action::PlaceMessage, "kandidater", found.len()).await?;
    }
    Ok(found)
}

impl Candidate {
    fn new(case: &str, reasons: Vec<Worded>) -> Self {
        Self {
            value: case.to_owned(),
            is_new: true,
            href: String::new(),
            reasons,
            persons: Vec::new(),
            parties: String::new(),
            first: String::new(),
            last: String::new(),
        }
    }

    fn of(app: &App, frame: &Frame, log: &CaseLog, reasons: &[String]) -> Self {
        let clock = frame.clock();
        let mut parties: Vec<&str> = log
            .entries
            .iter()
            .flat_map(|entry| entry.from.iter().chain(&entry.to))
            .map(String::as_str)
            .collect();
        parties.sort_unstable();
        parties.dedup();
        let happened = || log.entries.iter().map(|entry| entry.happened);
        let told = |at: Option<jiff::Timestamp>| at.map(|at| clock.instant(at)).unwrap_or_default();
        Self {
            value: log.case.clone(),
            is_new: false,
            href: link::path(&["opphold", &log.case]),
            reasons: Worded::all(reasons, frame.language()),
            parties: parties.join(", "),
            first: told(happened().min()),
            last: told(happened().max()),
            persons: app.parts().projections.agreements().persons_of(&log.entries),
        }
    }
}

pub(super) async fn taken(
    State(app): State<App>,
    frame: Frame,
    Path(number): Path<u64>,
    RawForm(bytes): RawForm,
) -> Result<Response, Refused> {
    let said = Said::read(&bytes)?;
    let what = said.get("gjor");
    let sight = match what {
        "videre" => Sight::open(&app, &frame.signed, number, Action::ReadMessage).await?,
        rule::HANDLED | "tilbake" => Sight::open(&app, &frame.signed, number, Action::PlaceMessage).await?,
        _ => own(&app, &frame, number).await?,
    };
    match what {
        "plasser" => place(&app, frame, &sight, &said).await,
        "nytt" => begin(&app, frame, &sight, &said).await,
        "finn" => find(&app, frame, &sight, &said).await,
        "avgjor" => rule::answered(&app, frame, &sight, &said).await,
        rule::HANDLED => rule::handled(&app, frame, &sight, &said).await,
        "tilbake" => rule::taken_back(&app, frame, &sight, &said).await,
        "samme" => {
            join(&app, &frame, &sight, &said).await?;
            Ok(see_other(&format!("/melding/{number}?gjort=samme")))
        }
        "videre" => {
            let undo = forward(&app, &frame, &sight, said.get("enhet")).await?;
            Ok(undo::done(&format!("/melding/{number}"), "videresendt", undo.as_deref()))
        }
        other => Err(Refused::Wrong(other.to_owned())),
    }
}

/// Opens a message that a reader may say more of than that they saw to it.
async fn own(app: &App, frame: &Frame, number: u64) -> Result<Sight, Refused> {
    let sight = Sight::open(app, &frame.signed, number, Action::PlaceMessage).await?;
    if sight.is_stray { Err(Refused::NotThere) } else { Ok(sight) }
}

/// Whether a person may put a message into a stay: one that is theirs to place into, or a new one of the question's. It is decided and
/// written down.
async fn may_choose(app: &App, frame: &Frame, sight: &Sight, case: &str) -> Result<bool, Refused> {
    let stay = app.live().involvement_of(case, frame.now).await.map_err(Refused::failed)?;
    if let Some(stay) = stay {
        app.may(&frame.signed, frame.signed.purpose(), Action::PlaceMessage, &stay).await?;
        return Ok(true);
    }
    let asked = Notes::read(&sight.line.notes).questions;
    Ok(asked.iter().flat_map(|question| &question.choices).any(|choice| choice.value == case))
}

async fn place(app: &App, frame: Frame, sight: &Sight, said: &Said) -> Result<Response, Refused> {
    let case = said.get("opphold");
    if !may_choose(app, &frame, sight, case).await? {
        return Err(Refused::NotThere);
    }
    rule::decide(app, frame, sight, Ruling::Stay(case.to_owned()), said.get("hvorfor")).await
}

/// Begins a stay with a message.
async fn begin(app: &App, frame: Frame, sight: &Sight, said: &Said) -> Result<Response, Refused> {
    let name = app.parts().mailroom.new_case(sight.line.number).await.map_err(Refused::failed)?;
    let name = name.ok_or(Refused::NotThere)?;
    rule::decide(app, frame, sight, Ruling::Stay(name), said.get("hvorfor")).await
}

/// Shows the stays that were searched for, to choose among. What is searched for stands in no address.
async fn find(app: &App, frame: Frame, sight: &Sight, said: &Said) -> Result<Response, Refused> {
    let typed = said.get("q");
    let cases = if typed.is_empty() { Vec::new() } else { cases_found(app, &frame, typed).await? };
    let none: &[String] = &[];
    let found = of_cases(app, &frame, cases.iter().map(|case| (case.as_str(), none))).await?;
    page::shown(app, frame, sight, Extra::searched(typed, found)).await
}

/// Says that the patient of the message is the patient of a stay that it may belong to.
async fn join(app: &App, frame: &Frame, sight: &Sight, said: &Said) -> Result<(), Refused> {
    let case = said.get("opphold");
    let parts = app.parts();
    let kept = parts.store.message(&parts.community, sight.line.number).await.map_err(Refused::failed)?;
    let message = kept.and_then(|kept| parts.mailroom.read(&kept)).ok_or(Refused::NotThere)?;
    let own = persons(&message).into_iter().next().ok_or(Refused::NotThere)?;
    if !may_choose(app, frame, sight, case).await? {
        return Err(Refused::NotThere);
    }
    let entries = parts.store.case_entries(&parts.community, case).await.map_err(Refused::failed)?;
    let theirs = parts.projections.agreements().persons_of(&entries);
    let theirs = theirs.into_iter().next().ok_or(Refused::NotThere)?;
    let settling = Settling { by: &frame.signed.subject.name, why: said.get("hvorfor"), now: frame.now };
    let joined = parts.mailroom.same_person(sight.line.number, (&own, &theirs), settling).await;
    joined.map_err(Refused::failed)?;
    app.live().catch_up(frame.now).await.map(drop).map_err(Refused::failed)
}

/// The key under which it is kept who in the party looks at a message.
fn key(number: u64, party: &str) -> String {
    format!("melding-{number}-{party}")
}

/// The message of such a key of a party.
pub(in crate::pages) fn number_in_key(key: &str, party: &str) -> Option<u64> {
    key.strip_prefix("melding-")?.strip_suffix(&format!("-{party}"))?.parse().ok()
}

/// The case under which that is kept: the message's own, so that it is found whatever stay the message is placed in.
fn case_of(number: u64) -> String {
    format!("melding-{number}")
}

/// What stands before the name of a unit that a message was forwarded to.
const UNIT: &str = "enhet:";

/// The unit of an account that its party forwarded a message to.
pub(super) async fn unit_given(app: &App, signed: &Signed, number: u64) -> Result<Option<String>, Refused> {
    let (parts, subject) = (app.parts(), &signed.subject);
    if subject.units.is_empty() {
        return Ok(None);
    }
    let cases = [case_of(number)].into();
    let all = parts.store.assignments(&parts.community, &cases).await.map_err(Refused::failed)?;
    let wanted = key(number, &subject.party);
    let to = all.into_iter().find(|it| it.duty == wanted).map(|it| it.to).unwrap_or_default();
    Ok(to.strip_prefix(UNIT).filter(|unit| subject.units.contains(*unit)).map(str::to_owned))
}

/// The units of the reader's party that a message can be forwarded to. One without a stay is placed first: no unit could open it.
pub(super) fn units(app: &App, frame: &Frame, sight: &Sight) -> Vec<Choice> {
    if sight.stay.is_none() {
        return Vec::new();
    }
    let own = app.book().find(&frame.signed.subject.party);
    let mut names: Vec<&str> = own
        .into_iter()
        .flat_map(|address| address.open_services().map(|(_, unit)| unit.name.as_str()))
        .collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| Choice::new(name, name, "")).collect()
}

async fn forward(app: &App, frame: &Frame, sight: &Sight, unit: &str) -> Result<Option<String>, Refused> {
    if !units(app, frame, sight).iter().any(|choice| choice.value == unit) {
        return Err(Refused::Wrong("enhet".to_owned()));
    }
    let subject = &frame.signed.subject;
    let of = (case_of(sight.line.number.0), key(sight.line.number.0, &subject.party));
    desk::give(app, frame, of, (format!("{UNIT}{unit}"), unit.to_owned())).await
}

/// To which unit of the reader's party a message was forwarded, in words; empty where it wasn't.
pub(super) async fn forwarded(app: &App, frame: &Frame, sight: &Sight) -> Result<String, Refused> {
    let parts = app.parts();
    let cases = [case_of(sight.line.number.0)].into();
    let all = parts.store.assignments(&parts.community, &cases).await.map_err(Refused::failed)?;
    let wanted = key(sight.line.number.0, &frame.signed.subject.party);
    let w = Words::of(frame.language());
    let found = all.iter().find(|assignment| assignment.duty == wanted);
    Ok(found
        .map(|it| {
            let at = frame.clock().instant(it.at);
            fill(w.forwarded, &[("unit", &it.to_name), ("by", &it.by), ("at", &at)])
        })
        .unwrap_or_default())
}
