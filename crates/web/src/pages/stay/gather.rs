//! What a stay's pages are made from: the log, its reading, and who it is about.

use std::collections::BTreeMap;

use samspill_agreement::model::{Agreement, Language};
use samspill_base::{CaseLog, Entry, Position};
use samspill_engine::{ChecklistReading, Evaluation};
use samspill_service::{
    access::{Action, Ends, Protection},
    casework::{StayView, acts_on},
    downtime::{Both, Parties, annotate},
    exchange::meaning::Address,
};
use samspill_store::{MessageFilter, MessageLine, MessageNumber};

use super::{
    Words,
    read::{Source, version},
};
use crate::{
    App, Refused,
    front::OpenedStay,
    pages::{
        Clock, Frame, astray, desk, link,
        message::Seer,
        patients::{Called, Patients},
        sides,
    },
};

/// Messages of a case that are looked up.
const MESSAGES_MAX: usize = 1_000;

/// A stay that was opened.
#[derive(Debug)]
pub(super) struct Gathered {
    pub(super) opened: OpenedStay,
    log: CaseLog,
    evaluation: Option<Evaluation>,
    agreement: Option<Agreement>,
    messages: BTreeMap<String, u64>,
    /// Those of the reader's party that didn't get through, by their ids.
    lost: BTreeMap<String, astray::Shown>,
}

/// What stands at the top of the page.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) title: String,
    /// Birth date and the stay's name.
    pub(super) sub: String,
    pub(super) units: String,
    pub(super) towns: String,
    pub(super) phase: String,
    pub(super) since: String,
    pub(super) agreement: String,
    pub(super) is_open: bool,
    /// What to take care of, where something about the patient is protected; empty where nothing is.
    pub(super) care: &'static str,
    pub(super) href: String,
}

/// Somebody who looked.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) when: String,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) what: String,
}

impl Gathered {
    /// Opens a stay for who asks: decided and written down before anything is read.
    pub(super) async fn of(app: &App, frame: &Frame, case: &str) -> Result<Self, Refused> {
        // Those who keep accounts read the days alone: what else there is, is left out of what is opened.
        let action = if frame.has_task(Action::ReadStay) { Action::ReadStay } else { Action::ReadDays };
        let opened = app.stay(&frame.signed, case, action).await?;
        let parts = app.parts();
        // What is derived rests on the whole log, also where a party sees a part of it.
        let entries = parts.store.case_entries(&parts.community, case).await.map_err(Refused::failed)?;
        let log = CaseLog { case: case.to_owned(), entries };
        let agreements = parts.projections.agreements();
        let evaluation = agreements.evaluate(&log, frame.now);
        let agreement = agreements.of(&log, log.as_of().unwrap_or(frame.now)).cloned();
        let lines = messages(app, frame, case).await?;
        let lost = astray::lost(app, frame, &lines);
        let messages = lines.into_iter().map(|line| (line.id, line.number.0)).collect();
        Ok(Self { opened, log, evaluation, agreement, messages, lost })
    }

    /// The messages of the reader's party that didn't get through.
    pub(super) fn lost(&self) -> Vec<astray::Shown> {
        self.lost.values().cloned().collect()
    }

    /// What is shown, by the agreement; none where it isn't known.
    pub(super) fn source<'s>(&'s self, app: &'s App, frame: &Frame, clock: &'s Clock) -> Option<Source<'s>> {
        let (agreement, evaluation) = (self.agreement.as_ref()?, self.evaluation.as_ref()?);
        Some(Source {
            log: &self.log,
            entries: &self.opened.entries,
            rows: &self.opened.rows,
            agreement,
            evaluation,
            book: app.book(),
            named: frame.names(app).of(Some(agreement.id.as_str()), &evaluation.version),
            clock,
            own: sides::side_of(app.book(), &frame.subject().party),
            messages: &self.messages,
            lost: &self.lost,
            is_open: self.opened.involvement.is_open,
        })
    }
}

impl Gathered {
    /// The checklists as far as the reader sees what they rest on: what only lies between others isn't told of by a point that it ticks off.
    pub(super) fn checklists(&self, app: &App, frame: &Frame) -> Vec<ChecklistReading> {
        let Some(whole) = &self.evaluation else { return Vec::new() };
        if self.opened.entries.len() == self.log.entries.len() {
            return whole.checklists.clone();
        }
        let seen = CaseLog { case: self.log.case.clone(), entries: self.opened.entries.clone() };
        let agreements = app.parts().projections.agreements();
        agreements.evaluate(&seen, frame.now).map(|read| read.checklists).unwrap_or_default()
    }

    /// Where entries of the reader's own party can be put right or taken back, by their places.
    pub(super) fn changes(&self, app: &App, frame: &Frame) -> BTreeMap<u64, String> {
        let (Some(agreement), Some(evaluation)) = (&self.agreement, &self.evaluation) else {
            return BTreeMap::new();
        };
        let party = &frame.subject().party;
        let Some(role) = app.book().find(party).map(Address::role_id) else { return BTreeMap::new() };
        let now = frame.now;
        let today = now.to_zoned(evaluation.zone.clone()).date();
        let version = agreement.in_force_on(today).unwrap_or_else(|| agreement.newest());
        let view = StayView { agreement, version, log: &self.log, evaluation: evaluation.clone(), now };
        let table = &app.parts().mailroom.settings().table;
        let is_own = |entry: &&Entry| Ends::of(entry, app.book()).from.is_some_and(|end| end.party == *party);
        let own = self.opened.entries.iter().filter(is_own);
        let changed = own.filter(|entry| !acts_on(entry, &view, role, table).is_empty());
        let case = &self.log.case;
        changed
            .map(|entry| entry.position.0)
            .map(|place| (place, link::path(&["opphold", case, "endre", &place.to_string()])))
            .collect()
    }
}

/// The messages of a case that the reader may open. Of one that went to several, a copy may be for another.
async fn messages(app: &App, frame: &Frame, case: &str) -> Result<Vec<MessageLine>, Refused> {
    let parts = app.parts();
    let filter = MessageFilter { case: Some(case.to_owned()), ..MessageFilter::default() };
    let lines = parts.store.messages(&parts.community, &filter, MessageNumber(0), MESSAGES_MAX);
    let (mut seer, mut own) = (Seer::new(app, &frame.signed, frame.now), Vec::new());
    for line in lines.await.map_err(Refused::failed)?.into_iter().filter(|line| !line.id.is_empty()) {
        if seer.sees(&line).await? {
            own.push(line);
        }
    }
    Ok(own)
}

/// What stands at the top. Names only where the policy shows them.
pub(super) async fn header(
    app: &App,
    frame: &Frame,
    gathered: &Gathered,
    w: &'static Words,
) -> Result<Header, Refused> {
    let involvement = &gathered.opened.involvement;
    let case = &gathered.log.case;
    let clock = frame.clock();
    let ids = app.parts().projections.agreements().persons_of(&gathered.log.entries);
    let patients = Patients::of(app, &ids.iter().cloned().collect()).await?;
    let Called { title, sub } = patients.called(frame, involvement, &ids);
    let first = gathered.opened.entries.iter().map(|entry| entry.happened).min();
    Ok(Header {
        title,
        sub,
        units: sides::units_of(app.book(), involvement, "sykehus").join(", "),
        towns: sides::parties_of(app.book(), involvement, "kommune").join(", "),
        phase: phase(frame, app, gathered).unwrap_or_else(|| w.over.to_owned()),
        since: first.map(|first| clock.instant(first)).unwrap_or_default(),
        agreement: agreement_name(gathered, frame.language()),
        is_open: involvement.is_open,
        care: match involvement.protection {
            Protection::None => "",
            Protection::Address => w.protected_address,
            Protection::Identity => w.protected_note,
        },
        href: link::path(&["opphold", case]),
    })
}

fn phase(frame: &Frame, app: &App, gathered: &Gathered) -> Option<String> {
    let evaluation = gathered.evaluation.as_ref()?;
    let agreement = gathered.agreement.as_ref()?;
    let named = frame.names(app).of(Some(agreement.id.as_str()), &evaluation.version);
    // A phase that began with a message between others would tell of it.
    let is_seen = |at: Position| gathered.opened.entries.iter().any(|entry| entry.position == at);
    let running =
        evaluation.phases.iter().filter(|phase| phase.until.is_none() && is_seen(phase.from.position));
    let last = running.clone().map(|phase| phase.from.at).max()?;
    let phase = running.clone().find(|phase| phase.from.at == last)?;
    Some(named.phase(phase.phase.as_str()).to_owned())
}

fn agreement_name(gathered: &Gathered, language: Language) -> String {
    match (&gathered.agreement, &gathered.evaluation) {
        (Some(agreement), Some(evaluation)) => {
            let version = version(agreement, evaluation);
            format!("{} ({})", version.name.in_language(language), version.version)
        }
        (None, _) | (_, None) => String::new(),
    }
}

/// Who has looked at the stay lately, the latest first.
pub(super) async fn looked(app: &App, frame: &Frame, case: &str) -> Result<Vec<Looked>, Refused> {
    let clock = frame.clock();
    let shown = desk::lookers(app, frame, case).await?.into_iter().map(|it| Looked {
        when: clock.instant(it.at),
        name: it.name,
        role: it.role,
        what: it.what,
    });
    Ok(shown.collect())
}

/// Remembers how far the reader has read the stay.
pub(super) async fn mark_seen(app: &App, frame: &Frame, gathered: &Gathered) -> Result<(), Refused> {
    let Some(last) = gathered.log.entries.iter().map(|entry| entry.position.0).max() else { return Ok(()) };
    desk::mark_seen(app, frame, &gathered.log.case, last).await
}

/// What downtime says of the stay's duties, in sentences.
pub(super) async fn downtime(app: &App, frame: &Frame, gathered: &Gathered) -> Result<Vec<String>, Refused> {
    let (Some(agreement), Some(evaluation)) = (&gathered.agreement, &gathered.evaluation) else {
        return Ok(Vec::new());
    };
    let version = version(agreement, evaluation);
    let known = app.downtime().await?;
    let who = Parties::of(&gathered.log, version, app.book());
    let noted = annotate(agreement, evaluation, &known.periods, &who, app.book());
    let language = frame.language();
    let rows = &gathered.opened.rows.duties;
    let seen = noted.into_iter().filter(|note| {
        let duty = evaluation.duties.get(note.place);
        duty.is_some_and(|duty| {
            rows.iter().any(|row| row.duty == duty.duty.as_str() && row.triggered == duty.triggered)
        })
    });
    let name = |id: &str| {
        version.duty(id).map_or_else(|| id.to_owned(), |duty| duty.name.in_language(language).to_owned())
    };
    Ok(seen.map(|note| format!("{}: {}", name(note.duty.as_str()), note.status_words(language))).collect())
}

/// Both times of the entries that the reader sees and that were told by other means in downtime, in sentences by their places.
pub(super) async fn afterwards(
    app: &App,
    frame: &Frame,
    gathered: &Gathered,
) -> Result<BTreeMap<u64, String>, Refused> {
    let known = app.downtime().await?;
    let told = gathered.opened.entries.iter().filter_map(|entry| {
        let both = Both::among(entry, &known, frame.now).filter(|both| both.note.is_some())?;
        Some((entry.position.0, both.sentence(&frame.zone(), frame.language())))
    });
    Ok(told.collect())
}
