//! Keeping rows in step with the log.

use std::collections::BTreeMap;

use samspill_base::Position;

use super::{ProjectedRow, Projection};
use crate::{
    CommunityId, LogEntry, StoreError,
    database::{Param, Row, Session},
    entry::{case_log, limit_number, number},
    names::{named, within},
    sql,
};

/// Cases that are asked for at a time.
const CASES_AT_ONCE: usize = 500;

/// How rows of a projection stand to this program's function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Made by this version, from the entries up to here.
    Current(Position),
    /// There are none, or those of an older version.
    Outdated,
    /// Made by a newer version. They are that program's, and not touched.
    Newer(u32),
}

/// How far a projection's rows have come.
pub(crate) async fn kept(
    session: &mut dyn Session,
    community: &CommunityId,
    projection: &dyn Projection,
) -> Result<Kept, StoreError> {
    let params = [Param::Text(community.as_str()), Param::Text(projection.name())];
    let rows = session.rows("see how far a projection has come", sql::PROJECTION, &params).await?;
    let Some(mut row) = rows.into_iter().next() else { return Ok(Kept::Outdated) };
    let (version, position) = (row.small("projection", 0)?, Position(row.count("projection", 1)?));
    Ok(match version.cmp(&projection.version()) {
        std::cmp::Ordering::Less => Kept::Outdated,
        std::cmp::Ordering::Equal => Kept::Current(position),
        std::cmp::Ordering::Greater => Kept::Newer(version),
    })
}

/// Brings a projection's rows up to `head`: the cases that have entries after where it had come.
pub(crate) async fn bring_up(
    session: &mut dyn Session,
    community: &CommunityId,
    projection: &dyn Projection,
    head: Position,
) -> Result<(), StoreError> {
    let from = match kept(session, community, projection).await? {
        Kept::Newer(_) => return Ok(()),
        Kept::Current(position) if position >= head => return Ok(()),
        Kept::Current(position) => position,
        Kept::Outdated => {
            drop_rows(session, community, projection).await?;
            Position(0)
        }
    };
    let mut cases = vec![String::new()];
    while let Some(last) = cases.pop() {
        cases = cases_between(session, community, from, head, &last).await?;
        for case in &cases {
            refresh(session, community, projection, case, head).await?;
        }
    }
    set(session, community, projection, head).await
}

/// Whether a projection's rows can be read as they stand at `head`; `false` where they have to be brought up first.
///
/// # Errors
///
/// Rows that a newer program made.
pub(crate) async fn readable(
    session: &mut dyn Session,
    community: &CommunityId,
    projection: &dyn Projection,
    head: Position,
) -> Result<bool, StoreError> {
    match kept(session, community, projection).await? {
        Kept::Current(position) => Ok(position >= head),
        Kept::Outdated => Ok(head == Position(0)),
        Kept::Newer(found) => {
            let (name, known) = (projection.name().to_owned(), projection.version());
            Err(StoreError::ProjectionTooNew { name, found, known })
        }
    }
}

/// Forgets a projection, so that the next [`bring_up`] makes it anew.
pub(crate) async fn drop_all(
    session: &mut dyn Session,
    community: &CommunityId,
    projection: &dyn Projection,
) -> Result<(), StoreError> {
    drop_rows(session, community, projection).await?;
    set(session, community, projection, Position(0)).await
}

/// A projection's rows of a case.
pub(crate) async fn rows_of_case(
    session: &mut dyn Session,
    community: &CommunityId,
    name: &str,
    case: &str,
) -> Result<BTreeMap<String, String>, StoreError> {
    let params = [Param::Text(community.as_str()), Param::Text(name), Param::Text(case)];
    let rows = session.rows("read a projection", sql::ROWS_OF_CASE, &params).await?;
    rows.into_iter().map(|mut row| Ok((row.text(ROWS, 0)?, row.text(ROWS, 1)?))).collect()
}

/// A projection's rows after a case and key, `limit` at the most.
pub(crate) async fn rows_after(
    session: &mut dyn Session,
    community: &CommunityId,
    name: &str,
    after: (&str, &str),
    limit: usize,
) -> Result<Vec<ProjectedRow>, StoreError> {
    let params = [
        Param::Text(community.as_str()),
        Param::Text(name),
        Param::Text(after.0),
        Param::Text(after.1),
        Param::Int(limit_number(limit)),
    ];
    let rows = session.rows("read a projection", sql::ROWS_AFTER, &params).await?;
    let read = |mut row: Row| {
        Ok(ProjectedRow { case: row.text(ROWS, 0)?, key: row.text(ROWS, 1)?, json: row.text(ROWS, 2)? })
    };
    rows.into_iter().map(read).collect()
}

const ROWS: &str = "projection_row";
const DOING: &str = "write a projection";

async fn cases_between(
    session: &mut dyn Session,
    community: &CommunityId,
    after: Position,
    to: Position,
    name: &str,
) -> Result<Vec<String>, StoreError> {
    let params = [
        Param::Text(community.as_str()),
        Param::Int(number(after)),
        Param::Int(number(to)),
        Param::Text(name),
        Param::Int(limit_number(CASES_AT_ONCE)),
    ];
    let rows = session.rows("find cases", sql::CASES_BETWEEN, &params).await?;
    rows.into_iter().map(|mut row| row.text("log", 0)).collect()
}

/// Makes a case's rows what its entries say, and writes only what differs.
async fn refresh(
    session: &mut dyn Session,
    community: &CommunityId,
    projection: &dyn Projection,
    case: &str,
    head: Position,
) -> Result<(), StoreError> {
    let log = case_log(session, community, case, head).await?;
    let mut before = rows_of_case(session, community, projection.name(), case).await?;
    let of_row = [Param::Text(community.as_str()), Param::Text(projection.name()), Param::Text(case)];
    for (key, json) in projection.rows(&log) {
        named(&key, "key of a projection's row")?;
        within(&key, "key of a projection's row", LogEntry::NAME_BYTES_MAX)?;
        let json = json.to_string();
        if before.remove(&key).is_none_or(|before| before != json) {
            let [community, name, case] = of_row;
            let params = [community, name, case, Param::Text(&key), Param::Text(&json)];
            session.run(DOING, sql::SET_ROW, &params).await?;
        }
    }
    for key in before.keys() {
        let [community, name, case] = of_row;
        session.run(DOING, sql::DROP_ROW, &[community, name, case, Param::Text(key)]).await?;
    }
    Ok(())
}

async fn drop_rows(
    session: &mut dyn Session,
    community: &CommunityId,
    projection: &dyn Projection,
) -> Result<(), StoreError> {
    let params = [Param::Text(community.as_str()), Param::Text(projection.name())];
    session.run(DOING, sql::DROP_ROWS, &params).await.map(drop)
}

async fn set(
    session: &mut dyn Session,
    community: &CommunityId,
    projection: &dyn Projection,
    position: Position,
) -> Result<(), StoreError> {
    let params = [
        Param::Text(community.as_str()),
        Param::Text(projection.name()),
        Param::Int(projection.version().into()),
        Param::Int(number(position)),
    ];
    session.run(DOING, sql::SET_PROJECTION, &params).await.map(drop)
}
