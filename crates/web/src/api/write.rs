//! Writing into a stay: once for each key, and against what the caller has seen.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use samspill_base::Entry;
use samspill_service::{
    access::{Action, Involvement, Protection},
    people::SystemRandom,
};
use samspill_store::{Append, NewDecision, Outcome, Receipt, Tx};
use sha2::{Digest as _, Sha256};

use super::{
    etag,
    key::{Once, hex},
    problem::Problem,
};
use crate::{App, Signed};

/// Refuses whoever may not write in a stay, and a stay that there isn't.
pub(crate) async fn may_write(app: &App, signed: &Signed, case: &str) -> Result<(), Problem> {
    let involvement =
        app.live().involvement_of(case, app.now()).await.map_err(|error| Problem::failed(&error))?;
    let involvement = involvement.ok_or_else(Problem::not_there)?;
    app.may(signed, signed.purpose(), Action::WriteStay, &involvement).await?;
    Ok(())
}

/// Refuses whoever may not begin a stay.
pub(crate) async fn may_begin(app: &App, signed: &Signed, case: &str) -> Result<(), Problem> {
    let subject = &signed.subject;
    let involvement = Involvement {
        case: case.to_owned(),
        parties: BTreeSet::from([subject.party.clone()]),
        units: subject.units.iter().map(|unit| (subject.party.clone(), unit.clone())).collect(),
        payers: BTreeSet::new(),
        is_open: true,
        last: app.now(),
        protection: Protection::None,
    };
    app.may(signed, signed.purpose(), Action::WriteStay, &involvement).await?;
    Ok(())
}

/// Appends an entry once, if the stay is as the caller has seen it. The same again is never refused for what came after it.
///
/// # Errors
///
/// The key stands for another request, or the stay has changed.
pub(crate) async fn append_once(
    (app, signed): (&App, &Signed),
    once: &Once,
    seen: Option<&[u64]>,
    (entry, request): (Entry, &[u8]),
) -> Result<Receipt, Problem> {
    let parts = app.parts();
    let stay = involvement(app, &entry.case).await?;
    let mut tx = parts.store.begin(&parts.community).await?;
    reserve_in(&mut tx, once, request, app.now()).await?;
    let last = last_seen((app, signed), stay.as_deref(), &tx.case_entries(&entry.case).await?);
    let append = Append::one(once.append().map_err(samspill_store::StoreError::from)?, app.now(), entry);
    let receipt = tx.put_append(&append).await?;
    if receipt.outcome == Outcome::Appended {
        etag::check(seen, last)?;
        let learnt =
            parts.people_register.learn_protection(&mut tx, &append.entries, &SystemRandom, app.now());
        learnt.await?;
        tx.commit().await?;
        catch_up(app).await;
    }
    Ok(receipt)
}

async fn involvement(app: &App, case: &str) -> Result<Option<Arc<Involvement>>, Problem> {
    app.live().involvement_of(case, app.now()).await.map_err(|error| Problem::failed(&error))
}

/// The last place in a stay that the caller sees, which is what tags say: what came between others since changes nothing for them.
fn last_seen((app, signed): (&App, &Signed), stay: Option<&Involvement>, entries: &[Entry]) -> u64 {
    stay.map_or(0, |stay| signed.last_seen(stay, entries, app.book(), app.now()))
}

/// What the decisions that keep what was asked for with a key are about.
const REQUEST: &str = "api-request";

/// Whether a key was used before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Used {
    /// It is new, and stands for this request now.
    First,
    /// It was used before, for the same.
    Again,
}

/// Lets a key stand for a request, if the stay is as the caller has seen it.
///
/// # Errors
///
/// The key stands for another request, or the stay has changed.
pub(crate) async fn reserve(
    (app, signed): (&App, &Signed),
    once: &Once,
    seen: Option<&[u64]>,
    case: &str,
    request: &[u8],
) -> Result<Used, Problem> {
    let parts = app.parts();
    let stay = involvement(app, case).await?;
    let mut tx = parts.store.begin(&parts.community).await?;
    let used = reserve_in(&mut tx, once, request, app.now()).await?;
    if used == Used::First {
        etag::check(seen, last_seen((app, signed), stay.as_deref(), &tx.case_entries(case).await?))?;
        tx.commit().await?;
    }
    Ok(used)
}

/// The same in a transaction, with what is written in it. A key stands for one request, whichever way it is written: as an event, as a
/// message, or as lines of a log.
pub(crate) async fn reserve_in(
    tx: &mut Tx,
    once: &Once,
    request: &[u8],
    now: Timestamp,
) -> Result<Used, Problem> {
    let digest = hex(&Sha256::digest(request));
    let kept = tx.decisions(&BTreeSet::from([once.subject()])).await?;
    if let Some(before) = kept.iter().find(|it| it.what == REQUEST) {
        return if before.value == digest { Ok(Used::Again) } else { Err(Problem::key_taken()) };
    }
    let decision = NewDecision {
        what: REQUEST.to_owned(),
        subject: once.subject(),
        value: digest,
        by: String::new(),
        at: now,
        why: String::new(),
    };
    tx.decide(&decision).await?;
    Ok(Used::First)
}

/// Lets whoever has written see it at once. If that fails, it is seen a moment later.
pub(crate) async fn catch_up(app: &App) {
    if let Err(error) = app.live().catch_up(app.now()).await {
        tracing::warn!(%error, "open stays could not be brought up to the log");
    }
}
