//! Sealing with another key. Marks stay.

use super::{Marks, keep::MarkRow};
use crate::{
    CommunityId, Resealed, StoreError,
    database::{Param, Session},
    entry::limit_number,
    sql::log_person as sql,
};

const DOING: &str = "seal persons of the log anew";

/// Seals up to `limit` persons with the newest key that are sealed with another.
pub(crate) async fn seal_again(
    marks: &Marks,
    session: &mut dyn Session,
    community: &CommunityId,
    limit: usize,
) -> Result<Resealed, StoreError> {
    let (of, newest) = (Param::Text(community.as_str()), Param::Text(marks.newest()));
    let mut resealed = 0;
    for row in session.rows(DOING, sql::NOT_OF_KEY, &[of, newest, Param::Int(limit_number(limit))]).await? {
        let row = MarkRow::read(row)?;
        let number = marks.opened_row(community, &row)?;
        let (key_id, sealed) = marks.sealed(community, &row.mark, &number)?;
        let params = [of, Param::Text(&row.mark), Param::Text(&key_id), Param::Bytes(&sealed)];
        session.put(DOING, sql::SEAL, &params).await?;
        resealed += 1;
    }
    let left = session.rows(DOING, sql::COUNT_NOT_OF_KEY, &[of, newest]).await?;
    let left = left.into_iter().next().map_or(Ok(0), |mut row| row.count("log_person", 0))?;
    Ok(Resealed { resealed, left })
}
