//! Walking along the table of marks.

use std::collections::BTreeSet;

use super::{
    Marks,
    keep::MarkRow,
    mark::{Sign, mark},
};
use crate::{
    CommunityId, Fault, SealError, StoreError,
    database::{Param, Session},
    entry::limit_number,
    sql::log_person as sql,
};

/// Rows that are read at a time.
const AT_ONCE: usize = 1000;

/// The marks that a community's table has.
#[derive(Debug, Default)]
pub(crate) struct Named(BTreeSet<String>);

impl Named {
    /// Reads them. Where there is a seal, each row is opened; what is wrong is given too.
    pub(crate) async fn read(
        session: &mut dyn Session,
        community: &CommunityId,
        marks: Option<&Marks>,
    ) -> Result<(Self, Vec<Fault>), StoreError> {
        let (mut named, mut faults, mut last) = (Self::default(), Vec::new(), String::new());
        loop {
            let params =
                [Param::Text(community.as_str()), Param::Text(&last), Param::Int(limit_number(AT_ONCE))];
            let rows = session.rows("read persons of the log", sql::AFTER, &params).await?;
            if rows.is_empty() {
                return Ok((named, faults));
            }
            for row in rows {
                let row = MarkRow::read(row)?;
                faults.extend(marks.and_then(|marks| marks.fault(community, &row)));
                last.clone_from(&row.mark);
                named.0.insert(row.mark);
            }
        }
    }

    /// Whether a mark is in the table.
    pub(crate) fn has(&self, mark: &str) -> bool {
        self.0.contains(mark)
    }
}

impl Marks {
    /// What is wrong with a row: it can't be opened, or holds another number than its mark is of.
    fn fault(&self, community: &CommunityId, row: &MarkRow) -> Option<Fault> {
        let of = row.mark.clone();
        match self.opened_row(community, row) {
            Ok(number) => {
                let signs = [Sign::Text, Sign::Number];
                let is_own = signs.into_iter().any(|sign| mark(self.seal(), community, sign, &number) == of);
                let says = SealError::NotOurs(row.key_id.clone());
                (!is_own).then_some(Fault::PersonSealed { mark: of, says })
            }
            Err(StoreError::PersonsSealed { says, .. }) => Some(Fault::PersonSealed { mark: of, says }),
            Err(_) => None,
        }
    }
}
