//! People into a backup and out of it.

use std::io::Write;

use super::{
    Line,
    export::put,
    lines::Lines,
    people_line::{Counted, PeopleBegin, PeopleLine, RowLine},
};
use crate::{
    CommunityId, StoreError,
    database::Session,
    mail::Desk,
    people::{self, AccessWalk, TABLES},
};

/// Rows that are read at a time.
const AT_ONCE: usize = 1000;

/// Writes a community's people from their beginning to their end. The access log is walked first.
pub(super) async fn export_people(
    session: &mut dyn Session,
    community: &CommunityId,
    out: &mut (dyn Write + Send),
) -> Result<(), StoreError> {
    let begin = PeopleBegin { community: community.as_str().to_owned() };
    put(out, &line(PeopleLine::Begin(begin)))?;
    let mut desk = Desk::new(session, community);
    unharmed(&mut desk, community).await?;
    let mut counted = Counted::default();
    for table in &TABLES {
        let mut after = 0;
        loop {
            let rows = table.rows(&mut desk, after, AT_ONCE).await?;
            if rows.is_empty() {
                break;
            }
            for cells in rows {
                put(out, &line(PeopleLine::Row(RowLine::of(table, cells))))?;
                counted.add(table);
                after += 1;
            }
        }
    }
    put(out, &line(PeopleLine::End(counted.end())))
}

fn line(line: PeopleLine) -> Line<'static> {
    Line::People(Box::new(line))
}

/// Refuses an access log that isn't what was written.
async fn unharmed(desk: &mut Desk<'_>, community: &CommunityId) -> Result<(), StoreError> {
    let mut walk = AccessWalk::default();
    loop {
        let (count, faults) = walk.next(desk).await?;
        if let Some(fault) = faults.first() {
            return Err(StoreError::MailNotWhole { community: community.clone(), says: fault.to_string() });
        }
        if count == 0 {
            return Ok(());
        }
    }
}

/// Takes in the people of a community, which must have none, up to their last line.
pub(super) async fn import_people(
    session: &mut dyn Session,
    lines: &mut Lines<'_>,
    community: &CommunityId,
) -> Result<(), StoreError> {
    begun(session, lines, community).await?;
    let mut desk = Desk::new(session, community);
    let mut counted = Counted::default();
    loop {
        let Some(Line::People(line)) = lines.next()? else {
            return Err(lines.wrong("the people have no end: the export was cut off, make another"));
        };
        match *line {
            PeopleLine::Row(row) => {
                let (table, cells) = row.read().map_err(|says| lines.wrong(says))?;
                table.write(&mut desk, &cells).await?;
                counted.add(table);
            }
            PeopleLine::End(end) if counted.is(&end) => return unharmed(&mut desk, community).await,
            PeopleLine::End(_) => {
                return Err(
                    lines.wrong("there are fewer or more people than it says here: lines are missing")
                );
            }
            PeopleLine::Begin(_) => {
                return Err(lines.wrong("people begin within people: lines have changed places"));
            }
        }
    }
}

/// Reads the first line.
async fn begun(
    session: &mut dyn Session,
    lines: &mut Lines<'_>,
    community: &CommunityId,
) -> Result<(), StoreError> {
    let begin = match lines.next()? {
        Some(Line::People(line)) => Some(*line),
        Some(Line::Log(_) | Line::Entry(_) | Line::End(_) | Line::Mail(_) | Line::Lease(_)) | None => None,
    };
    if !matches!(begin, Some(PeopleLine::Begin(begin)) if begin.community == community.as_str()) {
        return Err(lines.wrong(format!("here the people of {community} should begin: lines are missing")));
    }
    if people::communities(session).await?.contains(community) {
        return Err(lines.wrong(format!("{community} has people already: restore into a new database")));
    }
    Ok(())
}
