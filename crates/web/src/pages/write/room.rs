use std::collections::BTreeMap;

use samspill_agreement::model::Kind;
use samspill_base::{CaseLog, Entry, Position, Value};
use samspill_service::{
    access::{Action, Ends},
    casework::{StayView, Writing},
    exchange::meaning::{Address, Table},
};

use crate::{
    App, Refused,
    front::OpenedStay,
    pages::{Choice, Frame, patients::Patients},
};

/// A stay that somebody writes in.
#[derive(Debug)]
pub(in crate::pages) struct Room<'a> {
    pub(in crate::pages) app: &'a App,
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) opened: OpenedStay,
    pub(in crate::pages) log: CaseLog,
    /// What the writer's party does in the process.
    pub(in crate::pages) role: &'static str,
    /// What the stay is called to the writer: by its patient, where the policy shows that.
    pub(in crate::pages) called: String,
    /// The last place in the log of the stay when it was opened, whoever may see what stands there.
    pub(in crate::pages) read_to: Position,
    /// Whether it has messages that the writer may not read.
    hides_messages: bool,
    /// Whom what is written is about.
    person: Option<String>,
}

impl<'a> Room<'a> {
    /// Opens a stay for writing.
    pub(in crate::pages) async fn open(app: &'a App, frame: &'a Frame, case: &str) -> Result<Self, Refused> {
        // Read before it is opened: what comes between is then in what is seen, and never the other way round.
        let (store, community) = (&app.parts().store, &app.parts().community);
        let whole = store.case_entries(community, case).await.map_err(Refused::failed)?;
        let opened = app.stay(&frame.signed, case, Action::WriteStay).await?;
        let ids = app.parts().projections.agreements().persons_of(&opened.entries);
        let patients = Patients::of(app, &ids.iter().cloned().collect()).await?;
        let called = patients.called(frame, &opened.involvement, &ids);
        let called = match called.sub.as_str() {
            "" => called.title,
            sub => format!("{} ({sub})", called.title),
        };
        let party = &frame.signed.subject.party;
        let role = app.book().find(party).map(Address::role_id).ok_or(Refused::NotThere)?;
        let log = CaseLog { case: case.to_owned(), entries: opened.entries.clone() };
        let read_to = whole.last().map_or(Position(0), |entry| entry.position);
        let is_hidden =
            |it: &Entry| it.to.is_some() && !log.entries.iter().any(|seen| seen.position == it.position);
        let hides_messages = whole.iter().any(is_hidden);
        // Where all was cancelled, what is written in its place is about whom it named.
        let named = || opened.entries.iter().rev().find_map(|entry| entry.person.clone());
        let person = ids.into_iter().next().or_else(named);
        Ok(Self { app, frame, opened, log, role, called, read_to, hides_messages, person })
    }

    /// The stay as it is read now.
    pub(in crate::pages) fn view(&self) -> Result<StayView<'_>, Refused> {
        let agreements = self.app.parts().projections.agreements();
        StayView::of(agreements, &self.log, self.frame.now).ok_or(Refused::NotThere)
    }

    pub(in crate::pages) fn table(&self) -> &'a Table {
        &self.app.parts().mailroom.settings().table
    }

    /// A kind that the writer's party may write; for others there is no such thing.
    pub(in crate::pages) fn kind<'v>(&self, view: &StayView<'v>, name: &str) -> Result<&'v Kind, Refused> {
        let kind = view.version.kinds.get(name).filter(|kind| kind.cancels.is_none());
        let may = |kind: &&Kind| kind.from.iter().any(|from| from.as_str() == self.role);
        kind.filter(may).ok_or(Refused::NotThere)
    }

    /// What the latest health information said that belongs with a notice; only for hospitals that may read all of the stay's messages:
    /// where a patient came from another hospital, its messages aren't theirs.
    pub(in crate::pages) async fn carried(&self) -> Result<BTreeMap<String, Value>, Refused> {
        if self.role != "sykehus" || self.hides_messages {
            return Ok(BTreeMap::new());
        }
        self.app.parts().mailroom.carried(&self.log.case).await.map_err(Refused::failed)
    }

    /// Who writes, as the log calls it: a unit of the party where the book knows it by its name, as wards do, or the party.
    pub(in crate::pages) fn from(&self) -> String {
        let subject = &self.frame.signed.subject;
        let is_own = |name: &str| self.app.book().find(name).is_some_and(|found| found.name == subject.party);
        let mut units = subject.units.iter().filter(|unit| self.role == "sykehus" && is_own(unit));
        let before = || self.latest_of_own().and_then(|entry| entry.from.clone());
        units.next().cloned().or_else(before).unwrap_or_else(|| subject.party.clone())
    }

    /// Whether the writer's party wrote an entry.
    pub(in crate::pages) fn is_own(&self, entry: &Entry) -> bool {
        let ends = Ends::of(entry, self.app.book());
        ends.from.is_some_and(|end| end.party == self.frame.signed.subject.party)
    }

    fn latest_of_own(&self) -> Option<&Entry> {
        self.log.entries.iter().filter(|entry| self.is_own(entry)).max_by_key(|entry| entry.happened)
    }

    /// Who may get a kind, those that take part in the stay first; the chosen one, or else the likeliest, is marked.
    pub(in crate::pages) fn receivers(&self, kind: &Kind, chosen: &str) -> Vec<Choice> {
        let mut named: Vec<(bool, String)> = Vec::new();
        for other in &self.app.book().parties {
            let takes = kind.to.iter().any(|to| to.as_str() == other.role_id());
            let name =
                if other.role_id() == "sykehus" { self.ward_of(&other.name) } else { other.name.clone() };
            if takes && other.name != self.frame.signed.subject.party {
                named.push((!self.opened.involvement.has(&other.name), name));
            }
        }
        named.sort();
        let likely = self.likely(&named);
        let chosen = if named.iter().any(|(_, name)| name == chosen) { chosen } else { &likely };
        named.iter().map(|(_, name)| Choice::new(name, name, chosen)).collect()
    }

    /// The ward that wrote last, where it is of this hospital.
    fn ward_of(&self, hospital: &str) -> String {
        let is_theirs =
            |entry: &&Entry| Ends::of(entry, self.app.book()).from.is_some_and(|end| end.party == hospital);
        let latest = self.log.entries.iter().filter(is_theirs).max_by_key(|entry| entry.happened);
        latest.and_then(|entry| entry.from.clone()).unwrap_or_else(|| hospital.to_owned())
    }

    /// The municipality that the stay says is liable, or else the first that takes part.
    fn likely(&self, named: &[(bool, String)]) -> String {
        let said =
            self.log.entries.iter().rev().find_map(|entry| entry.facts.get("oppholdskommune")?.as_text());
        let liable = said.filter(|said| named.iter().any(|(_, name)| name == said)).map(str::to_owned);
        liable.or_else(|| named.first().map(|(_, name)| name.clone())).unwrap_or_default()
    }

    pub(in crate::pages) fn person(&self) -> Option<&str> {
        self.person.as_deref()
    }

    /// Who writes what, when, to whom.
    pub(in crate::pages) fn writing<'w>(
        &'w self,
        id: &'w str,
        from: &'w str,
        to: &'w str,
        happened: jiff::Timestamp,
    ) -> Writing<'w> {
        let to = Some(to).filter(|to| !to.is_empty());
        Writing { case: &self.log.case, id, person: self.person(), from, to, happened, now: self.frame.now }
    }

    /// The place of the last entry that the writer has seen.
    pub(in crate::pages) fn last(&self) -> u64 {
        self.log.entries.iter().map(|entry| entry.position.0).max().unwrap_or_default()
    }

    /// What was written after a place in the log by others, and by colleagues where it is of the kind that is being written; not what stood
    /// there before, written anew.
    pub(in crate::pages) fn news(&self, seen: u64, kind: &str) -> Vec<&Entry> {
        let message = |entry: &Entry| {
            entry.id.as_deref().map(|id| samspill_service::exchange::meaning::message_in(id).to_owned())
        };
        let known: std::collections::BTreeSet<String> =
            self.log.entries.iter().filter(|entry| entry.position.0 <= seen).filter_map(message).collect();
        let is_news = |entry: &&Entry| !self.is_own(entry) || entry.kind == kind;
        let newer = self.log.entries.iter().filter(|entry| entry.position.0 > seen).filter(is_news);
        newer.filter(|entry| message(entry).is_none_or(|id| !known.contains(&id))).collect()
    }
}
