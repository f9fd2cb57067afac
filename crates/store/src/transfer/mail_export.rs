use std::io::Write;

use super::{
    Line,
    export::put,
    mail_line::{
        AlertLine, DecisionLine, LeaseLine, LifeLine, MailBegin, MailEnd, MailLine, MessageLine, ParcelLine,
        StrayLine,
    },
};
use crate::{
    AlertFilter, CommunityId, Fault, KeptAlert, LifeRow, Outgoing, StoreError,
    database::Session,
    lease::leases,
    mail::{Desk, MailWalk, Stray},
};

/// Rows that are read at a time.
const AT_ONCE: usize = 1000;

type Out<'a> = &'a mut (dyn Write + Send);

/// Writes a community's mail from its beginning to its end.
pub(super) async fn export_mail(
    session: &mut dyn Session,
    community: &CommunityId,
    out: Out<'_>,
) -> Result<(), StoreError> {
    put(out, &mail(MailLine::Begin(MailBegin { community: community.as_str().to_owned() })))?;
    let mut desk = Desk::new(session, community);
    let mut end = MailEnd::default();
    put_fixed(&mut desk, community, out, &mut end).await?;
    put_parcels(&mut desk, out, &mut end).await?;
    put_lives(&mut desk, out, &mut end).await?;
    put_rest(&mut desk, out, &mut end).await?;
    put(out, &mail(MailLine::End(end)))
}

fn mail(line: MailLine) -> Line<'static> {
    Line::Mail(Box::new(line))
}

/// Writes the leases, which are no community's.
pub(super) async fn export_leases(session: &mut dyn Session, out: Out<'_>) -> Result<(), StoreError> {
    for (name, fence) in leases(session).await? {
        put(out, &Line::Lease(LeaseLine { name, fence }))?;
    }
    Ok(())
}

/// What is never changed: messages and decisions, with their digests compared on the way.
async fn put_fixed(
    desk: &mut Desk<'_>,
    community: &CommunityId,
    out: Out<'_>,
    end: &mut MailEnd,
) -> Result<(), StoreError> {
    let mut walk = MailWalk::default();
    loop {
        let (messages, faults) = walk.messages(desk).await?;
        unharmed(community, &faults)?;
        if messages.is_empty() {
            break;
        }
        for message in messages {
            put(out, &mail(MailLine::Message(MessageLine::of(message))))?;
        }
    }
    loop {
        let (decisions, faults) = walk.decisions(desk).await?;
        unharmed(community, &faults)?;
        if decisions.is_empty() {
            break;
        }
        for decision in decisions {
            put(out, &mail(MailLine::Decision(DecisionLine::of(decision))))?;
        }
    }
    (end.messages, end.decisions) = (walk.messages, walk.decisions);
    Ok(())
}

fn unharmed(community: &CommunityId, faults: &[Fault]) -> Result<(), StoreError> {
    let Some(fault) = faults.first() else { return Ok(()) };
    Err(StoreError::MailNotWhole { community: community.clone(), says: fault.to_string() })
}

async fn put_parcels(desk: &mut Desk<'_>, out: Out<'_>, end: &mut MailEnd) -> Result<(), StoreError> {
    let mut after = String::new();
    loop {
        let parcels = Outgoing::after(desk, None, &after, AT_ONCE).await?;
        let Some(last) = parcels.last() else { return Ok(()) };
        last.id.clone_into(&mut after);
        for parcel in parcels {
            put(out, &mail(MailLine::Parcel(ParcelLine::of(parcel))))?;
            end.parcels += 1;
        }
    }
}

async fn put_lives(desk: &mut Desk<'_>, out: Out<'_>, end: &mut MailEnd) -> Result<(), StoreError> {
    let mut after = String::new();
    loop {
        let lives = LifeRow::after(desk, &after, AT_ONCE).await?;
        let Some(last) = lives.last() else { return Ok(()) };
        last.id.clone_into(&mut after);
        for life in lives {
            put(out, &mail(MailLine::Life(LifeLine::of(life))))?;
            end.lives += 1;
        }
    }
}

/// Strays, of which there are few, and alerts.
async fn put_rest(desk: &mut Desk<'_>, out: Out<'_>, end: &mut MailEnd) -> Result<(), StoreError> {
    let mut after = 0;
    loop {
        let strays = Stray::after(desk, after, AT_ONCE).await?;
        let Some(last) = strays.last() else { break };
        after = last.number;
        for stray in strays {
            put(out, &mail(MailLine::Stray(StrayLine::of(stray))))?;
            end.strays += 1;
        }
    }
    for alert in KeptAlert::all(desk, AlertFilter::All).await? {
        put(out, &mail(MailLine::Alert(AlertLine::of(alert))))?;
        end.alerts += 1;
    }
    Ok(())
}
