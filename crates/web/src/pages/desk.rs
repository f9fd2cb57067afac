//! What people do with stays beside the log: how far they have read, and who has taken what on.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use samspill_service::{
    audit::words,
    people::{Assignment, Desk, RoleHeld, duty_of},
};

use super::{Frame, undo};
use crate::{App, Refused};

/// Lookers that are shown.
const LOOKERS_MAX: usize = 30;
/// Rows of the access log that are looked through for them.
const LOOKED_AT_MAX: usize = 1_000;
/// Accounts that are read at a time.
const ACCOUNTS_AT_ONCE: usize = 500;

/// Somebody who has taken a duty on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) account: String,
    pub(super) name: String,
}

/// Who has taken which duties on, by case and duty.
pub(super) type Given = BTreeMap<(String, String), Taken>;

/// Somebody who looked at a stay.
#[derive(Clone, Debug)]
pub(super) struct Looked {
    pub(super) at: Timestamp,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) what: String,
}

/// How far the reader has read each case.
pub(super) async fn seen(app: &App, frame: &Frame) -> Result<BTreeMap<String, u64>, Refused> {
    desk(app).seen(&frame.subject().account).await.map_err(Refused::failed)
}

/// Remembers that the reader has seen cases up to these places, all at once. Gives the id under which that may be taken back.
pub(super) async fn mark_all_seen(
    app: &App,
    frame: &Frame,
    seen: &[(String, u64)],
) -> Result<Option<String>, Refused> {
    let id = undo::new_id();
    let is_offered = desk(app).mark_seen_for_now(seen, undo::offer(frame, &id)).await;
    app.waiting().forget_unread(&frame.subject().account);
    Ok(is_offered.map_err(Refused::failed)?.then_some(id))
}

/// Remembers how far the reader has read a case. It never goes back.
pub(super) async fn mark_seen(app: &App, frame: &Frame, case: &str, position: u64) -> Result<(), Refused> {
    desk(app).mark_seen(&frame.subject().account, case, position).await.map_err(Refused::failed)?;
    app.waiting().forget_unread(&frame.subject().account);
    Ok(())
}

/// Who at a party has taken which duties on.
pub(super) async fn given(app: &App, party: &str) -> Result<Given, Refused> {
    // One question for all is less work than one that names thousands of cases.
    let all = desk(app).assignments(&BTreeSet::new()).await.map_err(Refused::failed)?;
    let own = all.into_iter().filter_map(|it| {
        let duty = duty_of(&it.duty, party)?.to_owned();
        Some(((it.case, duty), Taken { account: it.to, name: it.to_name }))
    });
    Ok(own.collect())
}

/// Gives a duty of a case to somebody: an account, and its name. Gives the id under which that may be taken back.
pub(super) async fn give(
    app: &App,
    frame: &Frame,
    (case, duty): (String, String),
    (to, to_name): (String, String),
) -> Result<Option<String>, Refused> {
    let by = frame.subject().name.clone();
    let assignment = Assignment { case, duty, to, to_name, by, at: frame.now };
    let id = undo::new_id();
    let is_offered = desk(app).assign_for_now(&assignment, undo::offer(frame, &id)).await;
    Ok(is_offered.map_err(Refused::failed)?.then_some(id))
}

/// Says that nobody in particular has taken a duty on. Gives the id under which that may be taken back.
pub(super) async fn let_go(
    app: &App,
    frame: &Frame,
    case: &str,
    duty: &str,
) -> Result<Option<String>, Refused> {
    let id = undo::new_id();
    let is_offered = desk(app).unassign_for_now(case, duty, undo::offer(frame, &id)).await;
    Ok(is_offered.map_err(Refused::failed)?.then_some(id))
}

/// Those who have the reader's role at the reader's party now, by name: account and name. The reader is one of them.
pub(super) async fn colleagues(app: &App, frame: &Frame) -> Result<Vec<(String, String)>, Refused> {
    let subject = frame.subject();
    let parts = app.parts();
    let mut found = vec![(subject.account.clone(), subject.name.clone())];
    let mut after = String::new();
    loop {
        let page = parts.accounts.list(&after, ACCOUNTS_AT_ONCE).await.map_err(Refused::failed)?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.login);
        let ours = page
            .into_iter()
            .filter(|it| it.id != subject.account && it.roles.iter().any(|held| holds(held, frame)));
        found.extend(ours.map(|account| (account.id, account.name)));
    }
    found.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(found)
}

/// Who of the reader's own party has looked at a stay lately, the latest first. Who works for others is theirs to say; the patient is told
/// of all, by the report.
pub(super) async fn lookers(app: &App, frame: &Frame, case: &str) -> Result<Vec<Looked>, Refused> {
    let parts = app.parts();
    let language = frame.language();
    let own = &frame.subject().party;
    let rows = parts.audit.of_case(case, LOOKED_AT_MAX).await.map_err(Refused::failed)?;
    let ours = rows.into_iter().filter(|row| row.access.party == *own).take(LOOKERS_MAX);
    let shown = ours.map(|row| {
        let row = row.access;
        Looked {
            at: row.at,
            role: format!("{}, {}", words::role(&row.role, language), row.party),
            what: words::action(&row.action, language).to_owned(),
            name: row.name,
        }
    });
    Ok(shown.collect())
}

/// What people keep beside the log.
pub(super) fn desk(app: &App) -> Desk {
    Desk::new(app.parts().store.clone(), app.parts().community.clone())
}

/// Whether a role is the reader's, and runs.
fn holds(held: &RoleHeld, frame: &Frame) -> bool {
    let subject = frame.subject();
    let runs = held.from <= frame.now && held.until.is_none_or(|until| frame.now < until);
    held.party == subject.party && held.role == subject.role && runs
}
