//! Keeping rows in step with the log.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use samspill_base::{CaseLog, Entry, Position};

use super::{ProjectedRow, Projection};
use crate::{
    Append, CommunityId, LogEntry, StoreError,
    database::{Param, Row, Session},
    entry::{Stored, case_log, limit_number, number, read_back},
    glance::Glance,
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

/// What a transaction has just added to the end of a log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Added<'a> {
    /// The position that it was added after.
    pub(crate) after: Position,
    /// The cases that it has entries of.
    pub(crate) cases: &'a BTreeSet<&'a str>,
    /// What was seen of its only case before it was added.
    pub(crate) seen: Option<&'a Seen>,
}

/// How far projections have come, and by which version, by their names.
pub(crate) type Come = BTreeMap<String, (u32, Position)>;

/// The rows of a case, by projection and key.
type RowsBefore = BTreeMap<(String, String), String>;

/// What is known of a case without asking: its entries with those that were just added, its rows before that.
#[derive(Debug)]
pub(crate) struct Seen {
    come: Come,
    log: CaseLog,
    rows: RowsBefore,
}

impl Seen {
    /// What a glance saw, with the rows that were then written to the log.
    pub(crate) fn with(
        glance: Glance,
        community: &CommunityId,
        append: &Append,
        written: &[Stored],
    ) -> Result<Self, StoreError> {
        let case = append.entries.first().map_or("", |entry| entry.case.as_str());
        let read = |row: &Stored| read_back(community, row.head().position, &row.entry);
        let added: Vec<Entry> = written.iter().map(read).collect::<Result<_, _>>()?;
        let log = glance.case_log(case, added);
        Ok(Self { come: glance.come, log, rows: glance.rows })
    }
}

/// The names of projections for a statement that takes some at the most; none where there are more, or none at all.
pub(crate) fn names_at_once(
    projections: &[Arc<dyn Projection>],
) -> Option<[Param<'_>; sql::PROJECTIONS_AT_ONCE]> {
    let last = projections.last().filter(|_| projections.len() <= sql::PROJECTIONS_AT_ONCE)?;
    Some(std::array::from_fn(|place| Param::Text(projections.get(place).unwrap_or(last).name())))
}

/// Brings the rows of projections up to `head`: the cases that have entries after where they had come. What was just added says
/// which cases these are; where a projection had not come so far, the log is asked.
///
/// Projections that have come equally far go together, so that a case is read once for all of them.
pub(crate) async fn bring_up(
    session: &mut dyn Session,
    community: &CommunityId,
    projections: &[Arc<dyn Projection>],
    head: Position,
    added: Option<Added<'_>>,
) -> Result<(), StoreError> {
    let seen = added.and_then(|added| added.seen);
    for (from, together) in standing(session, community, projections, head, seen).await? {
        let case_rows = CaseRows { community, projections: &together, head };
        match added.filter(|added| added.after == from) {
            Some(Added { seen: Some(seen), .. }) => {
                case_rows.write(session, &seen.log, case_rows.own(&seen.rows)).await?;
            }
            Some(added) => {
                for case in added.cases {
                    case_rows.refresh(session, case).await?;
                }
            }
            None => case_rows.refresh_since(session, from).await?,
        }
        case_rows.come_to_head(session).await?;
    }
    Ok(())
}

/// The projections that have to be brought up, by how far they have come. Outdated rows are thrown away; newer ones left alone.
async fn standing<'p>(
    session: &mut dyn Session,
    community: &CommunityId,
    projections: &'p [Arc<dyn Projection>],
    head: Position,
    seen: Option<&Seen>,
) -> Result<BTreeMap<Position, Vec<&'p dyn Projection>>, StoreError> {
    let mut behind: BTreeMap<Position, Vec<&dyn Projection>> = BTreeMap::new();
    if projections.is_empty() {
        return Ok(behind);
    }
    let come = match seen {
        Some(seen) => seen.come.clone(),
        None => all_come(session, community).await?,
    };
    for projection in projections.iter().map(Arc::as_ref) {
        let from = match kept(projection, come.get(projection.name()).copied()) {
            Kept::Newer(_) => continue,
            Kept::Current(position) => position,
            Kept::Outdated => {
                drop_all(session, community, projection).await?;
                Position(0)
            }
        };
        if from < head {
            behind.entry(from).or_default().push(projection);
        }
    }
    Ok(behind)
}

/// How far the projections of a community have come, and by which version, by their names.
async fn all_come(session: &mut dyn Session, community: &CommunityId) -> Result<Come, StoreError> {
    const TABLE: &str = "projection";
    let params = [Param::Text(community.as_str())];
    let rows = session.rows("see how far projections have come", sql::PROJECTIONS, &params).await?;
    let read =
        |mut row: Row| Ok((row.text(TABLE, 0)?, (row.small(TABLE, 1)?, Position(row.count(TABLE, 2)?))));
    rows.into_iter().map(read).collect()
}

/// How the rows that are there, by version and position, stand to a projection.
fn kept(projection: &dyn Projection, come: Option<(u32, Position)>) -> Kept {
    let Some((version, position)) = come else { return Kept::Outdated };
    match version.cmp(&projection.version()) {
        std::cmp::Ordering::Less => Kept::Outdated,
        std::cmp::Ordering::Equal => Kept::Current(position),
        std::cmp::Ordering::Greater => Kept::Newer(version),
    }
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
    let come = all_come(session, community).await?;
    match kept(projection, come.get(projection.name()).copied()) {
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

/// The rows of projections that have come equally far.
struct CaseRows<'a> {
    community: &'a CommunityId,
    projections: &'a [&'a dyn Projection],
    head: Position,
}

impl CaseRows<'_> {
    /// Refreshes all cases that have entries after a position.
    async fn refresh_since(&self, session: &mut dyn Session, from: Position) -> Result<(), StoreError> {
        let mut cases = vec![String::new()];
        while let Some(last) = cases.pop() {
            cases = cases_between(session, self.community, from, self.head, &last).await?;
            for case in &cases {
                self.refresh(session, case).await?;
            }
        }
        Ok(())
    }

    /// Makes a case's rows what its entries say.
    async fn refresh(&self, session: &mut dyn Session, case: &str) -> Result<(), StoreError> {
        let log = case_log(session, self.community, case, self.head).await?;
        let before = self.before(session, case).await?;
        self.write(session, &log, before).await
    }

    /// Writes what differs from the rows that were there before.
    async fn write(
        &self,
        session: &mut dyn Session,
        log: &CaseLog,
        mut before: RowsBefore,
    ) -> Result<(), StoreError> {
        let mut changed: Vec<((String, String), String)> = Vec::new();
        for projection in self.projections {
            for (key, json) in projection.rows(log) {
                named(&key, "key of a projection's row")?;
                within(&key, "key of a projection's row", LogEntry::NAME_BYTES_MAX)?;
                let at = (projection.name().to_owned(), key);
                if before.remove(&at).is_none_or(|before| before != json) {
                    changed.push((at, json));
                }
            }
        }
        for rows in changed.chunks(sql::SET_ROWS.len()) {
            let mut params = vec![Param::Text(self.community.as_str()), Param::Text(&log.case)];
            for ((name, key), json) in rows {
                params.extend([Param::Text(name), Param::Text(key), Param::Text(json)]);
            }
            session.put(DOING, sql::SET_ROWS[rows.len() - 1], &params).await?;
        }
        for at in before.keys() {
            session.put(DOING, sql::DROP_ROW, &self.place(&log.case, at)).await?;
        }
        Ok(())
    }

    /// Those of some rows that are these projections'.
    fn own(&self, rows: &RowsBefore) -> RowsBefore {
        let is_own = |name: &str| self.projections.iter().any(|projection| projection.name() == name);
        rows.iter()
            .filter(|((name, _), _)| is_own(name))
            .map(|(at, json)| (at.clone(), json.clone()))
            .collect()
    }

    fn place<'p>(&'p self, case: &'p str, (name, key): &'p (String, String)) -> [Param<'p>; 4] {
        [Param::Text(self.community.as_str()), Param::Text(name), Param::Text(case), Param::Text(key)]
    }

    /// The rows of a case as they stand, by projection and key.
    async fn before(
        &self,
        session: &mut dyn Session,
        case: &str,
    ) -> Result<BTreeMap<(String, String), String>, StoreError> {
        let mut before = BTreeMap::new();
        for names in self.names() {
            let [first, second, third, fourth] = names;
            let params =
                [Param::Text(self.community.as_str()), Param::Text(case), first, second, third, fourth];
            for mut row in session.rows("read projections", sql::ROWS_OF_CASE_IN, &params).await? {
                before.insert((row.text(ROWS, 0)?, row.text(ROWS, 1)?), row.text(ROWS, 2)?);
            }
        }
        Ok(before)
    }

    /// Says that the rows are made up to the head.
    async fn come_to_head(&self, session: &mut dyn Session) -> Result<(), StoreError> {
        for names in self.names() {
            let [first, second, third, fourth] = names;
            let params = [
                Param::Text(self.community.as_str()),
                Param::Int(number(self.head)),
                first,
                second,
                third,
                fourth,
            ];
            session.put(DOING, sql::COME_TO, &params).await?;
        }
        Ok(())
    }

    /// The names of the projections, as many at a time as a statement takes; where there are fewer, the last stands again.
    fn names(&self) -> impl Iterator<Item = [Param<'_>; sql::PROJECTIONS_AT_ONCE]> {
        self.projections.chunks(sql::PROJECTIONS_AT_ONCE).map(|chunk| {
            std::array::from_fn(|place| {
                let projection = chunk.get(place).or(chunk.last());
                Param::Text(projection.map_or("", |projection| projection.name()))
            })
        })
    }
}

async fn drop_rows(
    session: &mut dyn Session,
    community: &CommunityId,
    projection: &dyn Projection,
) -> Result<(), StoreError> {
    let params = [Param::Text(community.as_str()), Param::Text(projection.name())];
    session.put(DOING, sql::DROP_ROWS, &params).await
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
    session.put(DOING, sql::SET_PROJECTION, &params).await
}
