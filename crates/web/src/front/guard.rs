//! Every look goes through here: the policy decides, and the access log says who looked.

use std::{collections::BTreeSet, sync::Arc};

use futures_util::future::try_join_all;
use samspill_base::Entry;
use samspill_service::{
    access::{Action, Decision, Involvement, Purpose, Resource, Role, Rule, Shown},
    exchange::meaning::Role as PartyRole,
    live::{FindingPlace, StayLine},
    projections::{Board, CaseRows, DutyRow, FindingRow, MeterRow, MeterSum},
};

use super::{
    Refused, Signed,
    access_log::{Looked, LookedAt},
};
use crate::App;

/// What was asked for is allowed, and that it was done is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// The rule that allowed it.
    pub rule: Rule,
}

/// A stay as one party may see it.
#[derive(Clone, Debug)]
pub struct OpenedStay {
    /// Who takes part.
    pub involvement: Arc<Involvement>,
    /// The entries, in the order of the log: all events, and the messages that the subject's party sent or got.
    pub entries: Vec<Entry>,
    /// Duties, findings and days, but for those that hang on messages between others.
    pub rows: CaseRows,
    /// Its line on boards as this one may see it, if it is open.
    pub line: Option<Arc<StayLine>>,
}

impl App {
    /// Whether somebody may do something with a stay. What is decided is in the access log before this returns, refusals too.
    ///
    /// # Errors
    ///
    /// What the policy refuses; an access log that can't be written: then nothing is shown.
    pub async fn may(
        &self,
        signed: &Signed,
        purpose: Purpose,
        action: Action,
        stay: &Involvement,
    ) -> Result<Allowed, Refused> {
        let decision = signed.decides(purpose, action, Resource::Stay(stay), self.now());
        self.record(signed, (purpose, action), decision, self.stay_looked_at(&stay.case)).await?;
        allowed(decision)
    }

    /// Whether somebody may do something with a party or with what belongs to all, or reads an entry. Of what shows no persons, such
    /// as agreements and figures, nothing is written down.
    ///
    /// # Errors
    ///
    /// As [`App::may`].
    pub async fn may_in(
        &self,
        signed: &Signed,
        purpose: Purpose,
        action: Action,
        resource: Resource<'_>,
    ) -> Result<Allowed, Refused> {
        let decision = signed.decides(purpose, action, resource, self.now());
        let about = match resource {
            Resource::Stay(stay) | Resource::Entry(stay, _) => self.stay_looked_at(&stay.case),
            Resource::Party(party) => LookedAt::Party(party.to_owned()),
            Resource::Community => LookedAt::Community,
        };
        let is_of_stay = matches!(resource, Resource::Stay(_) | Resource::Entry(..));
        if is_of_stay || action.is_about_persons() {
            self.record(signed, (purpose, action), decision, about).await?;
        }
        allowed(decision)
    }

    /// Writes down that a list was shown, and how long it is: one row, not one for each line.
    ///
    /// # Errors
    ///
    /// An access log that can't be written: then nothing is shown.
    pub async fn listed(
        &self,
        signed: &Signed,
        action: Action,
        what: &str,
        count: usize,
    ) -> Result<(), Refused> {
        let decision = Decision { is_allowed: true, rule: Rule::TakesPart };
        let looked = self.looked(signed, (signed.purpose(), action), decision, LookedAt::List);
        self.record_all(&[looked.with(what, count)]).await
    }

    /// Whether somebody may do something with each of several stays. What is decided is in the access log before this returns, a row for
    /// each of them: they are written together.
    ///
    /// # Errors
    ///
    /// As [`App::may`], of the first stay that is refused.
    pub(crate) async fn may_each(
        &self,
        signed: &Signed,
        action: Action,
        stays: &[&Involvement],
    ) -> Result<(), Refused> {
        let purpose = signed.purpose();
        let decided = stays.iter().map(|stay| {
            let decision = signed.decides(purpose, action, Resource::Stay(stay), self.now());
            self.looked(signed, (purpose, action), decision, self.stay_looked_at(&stay.case))
        });
        let decided: Vec<Looked> = decided.collect();
        self.record_all(&decided).await?;
        decided.iter().try_for_each(|looked| allowed(looked.decision).map(drop))
    }

    /// Writes down that entries were given out, for a purpose and by a decision: a row for what they were of.
    ///
    /// # Errors
    ///
    /// An access log that can't be written: then nothing is given out.
    pub(crate) async fn gave_out(
        &self,
        signed: &Signed,
        purpose: Purpose,
        what: &str,
        given: Vec<(LookedAt, Decision, usize)>,
    ) -> Result<(), Refused> {
        let looked = given.into_iter().map(|(about, decision, count)| {
            self.looked(signed, (purpose, Action::Export), decision, about).with(what, count)
        });
        self.record_all(&looked.collect::<Vec<_>>()).await
    }

    /// Opens a stay for somebody: decided, written down, and read.
    ///
    /// # Errors
    ///
    /// [`Refused::NotThere`] where there is no such stay, and what is worded the same where it is another's; a store that fails.
    pub async fn stay(&self, signed: &Signed, case: &str, action: Action) -> Result<OpenedStay, Refused> {
        if !is_name(case) {
            return Err(Refused::NotThere);
        }
        let (purpose, parts) = (signed.purpose(), self.parts());
        let entries = parts.store.case_entries(&parts.community, case).await.map_err(Refused::failed)?;
        let persons = persons_looked_at(
            parts.projections.agreements().persons_of(&entries),
            entries.iter().filter_map(|entry| entry.person.clone()),
        );
        let about = LookedAt::Stay { case: case.to_owned(), persons };
        let found = parts.live.involvement_of(case, self.now()).await.map_err(Refused::failed)?;
        let Some(involvement) = found else {
            // As much work as for another's stay: how long it takes tells nothing either.
            let decision = Decision { is_allowed: false, rule: Rule::NoPart };
            self.record(signed, (purpose, action), decision, about).await?;
            return Err(Refused::NotThere);
        };
        let decision = signed.decides(purpose, action, Resource::Stay(&involvement), self.now());
        self.record(signed, (purpose, action), decision, about).await?;
        allowed(decision)?;
        let board =
            Board { store: &parts.store, community: &parts.community, projections: &parts.projections };
        let rows = board.case(case, self.now()).await.map_err(Refused::failed)?;
        let line = parts.live.stay(case).map(|line| self.line_seen_by(signed, &line));
        Ok(self.as_seen_by(signed, OpenedStay { involvement, entries, rows, line }))
    }

    /// The open stays that somebody may do this with, each as they may see it, in the order of [`Live::stays`](samspill_service::live::Live::stays).
    pub(crate) fn lines_seen_by(&self, signed: &Signed, action: Action) -> Vec<Arc<StayLine>> {
        let (now, stays) = (self.now(), self.live().stays());
        let seen = stays.iter().filter(|line| signed.sees(&line.involvement, action, now));
        seen.map(|line| self.line_seen_by(signed, line)).collect()
    }

    /// A line of a list as somebody may see it: without duties and phases that hang on messages between others, others' days, findings
    /// about them, and without days for who may not read days.
    ///
    /// Only in a stay of more than two parties does anything lie between others. Who may list a stay and not read it, as those who keep
    /// accounts, sees no duties and findings at all. Nothing is written down: that is the list's to do. Nothing is read either: what
    /// lies between whom is kept with the line ([`Apart`](samspill_service::live::Apart)).
    pub(crate) fn line_seen_by(&self, signed: &Signed, line: &Arc<StayLine>) -> Arc<StayLine> {
        let now = self.now();
        let sees_days = signed.sees(&line.involvement, Action::ReadDays, now);
        let is_theirs = |sum: &MeterSum| sees_days && self.pays_or_is_paid(signed, sum.payer.as_deref());
        if !signed.sees(&line.involvement, Action::ReadStay, now) {
            let mut row = line.row.clone();
            row.undone.clear();
            row.findings = 0;
            row.meters.retain(is_theirs);
            return Arc::new(line.with_row(row));
        }
        let hidden = line.apart.hidden(|ends| {
            let entry = Resource::Entry(&line.involvement, ends);
            signed.decides(signed.purpose(), Action::ReadMessage, entry, now).is_allowed
        });
        if hidden.is_empty() && line.row.meters.iter().all(is_theirs) {
            return Arc::clone(line);
        }
        let mut row = line.row.clone();
        row.meters.retain(is_theirs);
        if !hidden.is_empty() {
            row.undone.retain(|duty| !duty.hangs_on(&hidden));
            row.phases.retain(|phase| !hidden.contains(&phase.from.position));
            row.findings = line.apart.findings_but(&hidden);
        }
        let seen = line.with_row(row);
        // What came last between others is no news to them.
        Arc::new(match line.apart.span_but(&hidden) {
            Some(span) => seen.within(span),
            None => seen,
        })
    }

    /// What of the patient of a stay somebody may see.
    pub fn shown(&self, signed: &Signed, stay: &Involvement) -> Shown {
        signed.shown(stay)
    }

    /// Leaves out what lies between others.
    fn as_seen_by(&self, signed: &Signed, mut opened: OpenedStay) -> OpenedStay {
        let stay = &*opened.involvement;
        let now = self.now();
        opened.entries.retain(|entry| signed.sees_entry(stay, entry, self.book(), now));
        let seen: BTreeSet<u64> = opened.entries.iter().map(|entry| entry.position.0).collect();
        // The rows are read after the entries: what came in between is no more shown than what lies between others.
        let rows = &mut opened.rows;
        let named = rows.duties.iter().flat_map(DutyRow::positions);
        let named =
            named.chain(rows.findings.iter().flat_map(|finding| FindingPlace::from(finding).positions()));
        let hidden: BTreeSet<u64> = named.filter(|position| !seen.contains(position)).collect();
        let reads = signed.sees(stay, Action::ReadStay, now);
        rows.duties.retain(|duty| reads && !duty.hangs_on(&hidden));
        rows.findings.retain(|finding| reads && !is_about(finding, &hidden));
        let sees_days = signed.sees(stay, Action::ReadDays, now);
        rows.meters.retain(|meter| sees_days && self.is_theirs(signed, meter));
        for day in rows.meters.iter_mut().flat_map(|meter| &mut meter.days) {
            day.used.retain(|position| seen.contains(position));
        }
        opened
    }

    /// Days are for the hospital and for the municipality that pays; where the stay doesn't say who that is, for all who take part.
    fn is_theirs(&self, signed: &Signed, meter: &MeterRow) -> bool {
        self.pays_or_is_paid(signed, meter.payer.as_deref())
    }

    fn pays_or_is_paid(&self, signed: &Signed, payer: Option<&str>) -> bool {
        let Some(payer) = payer else { return true };
        let payer = self.book().find(payer).map_or(payer, |address| address.name.as_str());
        payer == signed.subject.party || self.is_at_hospital(signed)
    }

    /// Whether somebody is in a hospital's role, at a party that is a hospital.
    fn is_at_hospital(&self, signed: &Signed) -> bool {
        let party = self.book().parties.iter().find(|party| party.name == signed.subject.party);
        party.is_some_and(|party| party.role == PartyRole::Sykehus) && is_of_hospital(signed.subject.role)
    }

    fn stay_looked_at(&self, case: &str) -> LookedAt {
        let line = self.live().stay(case);
        let persons = line
            .map(|line| persons_looked_at(line.persons.clone(), line.named.iter().cloned()))
            .unwrap_or_default();
        LookedAt::Stay { case: case.to_owned(), persons }
    }

    /// Writes rows at once: they share what it costs.
    async fn record_all(&self, looked: &[Looked]) -> Result<(), Refused> {
        let log = &self.parts().access_log;
        try_join_all(looked.iter().map(|looked| log.record(looked))).await.map_err(Refused::Failed)?;
        Ok(())
    }

    async fn record(
        &self,
        signed: &Signed,
        what: (Purpose, Action),
        decision: Decision,
        about: LookedAt,
    ) -> Result<(), Refused> {
        let looked = self.looked(signed, what, decision, about);
        self.parts().access_log.record(&looked).await.map_err(Refused::Failed)
    }

    fn looked(
        &self,
        signed: &Signed,
        (purpose, action): (Purpose, Action),
        decision: Decision,
        about: LookedAt,
    ) -> Looked {
        Looked {
            by: signed.subject.clone(),
            about,
            action,
            purpose,
            decision,
            detail: String::new(),
            count: 1,
            request: signed.request().to_owned(),
            at: self.now(),
        }
    }
}

fn allowed(decision: Decision) -> Result<Allowed, Refused> {
    if decision.is_allowed {
        Ok(Allowed { rule: decision.rule })
    } else {
        Err(Refused::NotAllowed(decision.rule))
    }
}

/// Whom the access log ties a look at a stay to: whom the stay is about, or else all that it ever named.
fn persons_looked_at(about: Vec<String>, named: impl Iterator<Item = String>) -> BTreeSet<String> {
    if about.is_empty() { named.collect() } else { about.into_iter().collect() }
}

fn is_of_hospital(role: Role) -> bool {
    match role {
        Role::Ward | Role::Physician | Role::Coordination | Role::HospitalAccounts => true,
        Role::CaseOffice
        | Role::CareUnit
        | Role::MunicipalAccounts
        | Role::Gp
        | Role::Secretary
        | Role::Member
        | Role::Auditor
        | Role::Administrator => false,
    }
}

/// Whether a stay can be called so: the access log takes such names alone, and no stay has another.
fn is_name(case: &str) -> bool {
    const BYTES_MAX: usize = 1000;
    !case.is_empty() && case.len() <= BYTES_MAX && !case.contains('\0')
}

/// Whether a finding is about an entry that isn't shown, or about the case by nothing but such entries.
fn is_about(finding: &FindingRow, hidden: &BTreeSet<u64>) -> bool {
    FindingPlace::from(finding).is_about(hidden)
}
