//! The tables of people as backups have them: row by row, as they stand.
//!
//! Links and sessions are not in backups, nor the links that prove an address: who was logged in when one was made, is not when it is restored.

use crate::{
    StoreError,
    database::{Param, Row},
    entry::limit_number,
    mail::Desk,
};

/// A table of which `community` is the first column.
#[derive(Debug)]
pub(crate) struct Table {
    /// Its name.
    pub(crate) name: &'static str,
    /// The other columns, one letter each: `T` text, `t` maybe text, `I` number, `i` maybe number, `B` bytes.
    pub(crate) kinds: &'static str,
    /// Rows after so many, `$3`; so many, `$2`.
    select: &'static str,
    insert: &'static str,
}

/// What stands in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Text(String),
    MaybeText(Option<String>),
    Int(i64),
    MaybeInt(Option<i64>),
    Bytes(Vec<u8>),
}

/// The columns of a row, without the community.
pub(crate) type Cells = Vec<Cell>;

macro_rules! table {
    ($name:literal, $kinds:literal, $columns:literal, $values:literal, $after:literal) => {
        Table {
            name: $name,
            kinds: $kinds,
            select: concat!("SELECT ", $columns, " FROM ", $name, " WHERE community = $1 ", $after),
            insert: concat!("INSERT INTO ", $name, " (community, ", $columns, ") VALUES ($1, ", $values, ")"),
        }
    };
}

/// All of them, in the order in which backups have them. Numbers without holes say how many stand before.
pub(crate) const TABLES: [Table; 15] = [
    table!(
        "account",
        "TTTttttTTTIiII",
        "account, login, name, email, secret, issuer, subject, state, language, settings, failures, locked_us, made_us, version",
        "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15",
        "ORDER BY account LIMIT $2 OFFSET $3"
    ),
    table!(
        "account_role",
        "TTTTIi",
        "account, role, party, unit, from_us, until_us",
        "$2, $3, $4, $5, $6, $7",
        "ORDER BY account, role, party, unit, from_us LIMIT $2 OFFSET $3"
    ),
    table!(
        "machine_token",
        "BTTTTIIi",
        "digest, account, role, party, name, made_us, until_us, ended_us",
        "$2, $3, $4, $5, $6, $7, $8, $9",
        "ORDER BY digest LIMIT $2 OFFSET $3"
    ),
    table!(
        "person",
        "TTTBII",
        "person, key_id, protection, sealed, version, changed_us",
        "$2, $3, $4, $5, $6, $7",
        "ORDER BY person LIMIT $2 OFFSET $3"
    ),
    table!(
        "case_seen",
        "TTI",
        "account, case_name, position",
        "$2, $3, $4",
        "ORDER BY account, case_name LIMIT $2 OFFSET $3"
    ),
    table!(
        "assignment",
        "TTTTTI",
        "case_name, duty, account, name, by_name, at_us",
        "$2, $3, $4, $5, $6, $7",
        "ORDER BY case_name, duty LIMIT $2 OFFSET $3"
    ),
    table!(
        "draft",
        "TTTTTII",
        "draft, account, case_name, kind, json, version, at_us",
        "$2, $3, $4, $5, $6, $7, $8",
        "ORDER BY draft LIMIT $2 OFFSET $3"
    ),
    table!(
        "notice_choice",
        "TTTBiII",
        "account, state, key_id, sealed, asked_us, version, changed_us",
        "$2, $3, $4, $5, $6, $7, $8",
        "ORDER BY account LIMIT $2 OFFSET $3"
    ),
    table!(
        "notice_told",
        "TTIIi",
        "account, notice, claimed_us, tries, told_us",
        "$2, $3, $4, $5, $6",
        "ORDER BY account, notice LIMIT $2 OFFSET $3"
    ),
    table!(
        "task_look",
        "TTI",
        "account, role, at_us",
        "$2, $3, $4",
        "ORDER BY account, role LIMIT $2 OFFSET $3"
    ),
    table!(
        "self_grant",
        "ITTTTTTIItitt",
        "number, account, name, role, party, case_name, reason, at_us, until_us, reviewed_by, reviewed_us, verdict, remark",
        "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14",
        "AND number > $3 ORDER BY number LIMIT $2"
    ),
    table!(
        "access_log",
        "IITTTTTTTttTTTTITTBB",
        "number, at_us, account, name, role, party, unit, action, kind, case_name, person, purpose, rule, outcome, detail, \
        lines, request, node, previous, digest",
        "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21",
        "AND number > $3 ORDER BY number LIMIT $2"
    ),
    table!("log_person", "TTB", "mark, key_id, sealed", "$2, $3, $4", "ORDER BY mark LIMIT $2 OFFSET $3"),
    table!(
        "text_template",
        "TTTTTTTII",
        "party, template, name, kind, field, text, by_name, version, changed_us",
        "$2, $3, $4, $5, $6, $7, $8, $9, $10",
        "ORDER BY party, template LIMIT $2 OFFSET $3"
    ),
    table!(
        "address_entry",
        "TITTI",
        "party, version, entry, by_name, changed_us",
        "$2, $3, $4, $5, $6",
        "ORDER BY party, version LIMIT $2 OFFSET $3"
    ),
];

impl Table {
    /// The table of this name.
    pub(crate) fn called(name: &str) -> Option<&'static Self> {
        const ALL: &[Table] = &TABLES;
        ALL.iter().find(|table| table.name == name)
    }

    /// Up to `limit` rows after so many.
    pub(crate) async fn rows(
        &self,
        desk: &mut Desk<'_>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Cells>, StoreError> {
        let params = [Param::Int(limit_number(limit)), Param::Int(i64::try_from(after).unwrap_or(i64::MAX))];
        let rows = desk.rows("read people for a backup", self.select, &params).await?;
        rows.into_iter().map(|row| self.cells(row)).collect()
    }

    /// Writes a row. Its cells are of the kinds of the table.
    pub(crate) async fn write(&self, desk: &mut Desk<'_>, cells: &Cells) -> Result<(), StoreError> {
        let params: Vec<_> = cells.iter().map(Cell::param).collect();
        desk.put("restore people", self.insert, &params).await
    }

    fn cells(&self, mut row: Row) -> Result<Cells, StoreError> {
        let (row, name) = (&mut row, self.name);
        let read = self.kinds.chars().enumerate().map(|(column, kind)| {
            Ok(match kind {
                'T' => Cell::Text(row.text(name, column)?),
                't' => Cell::MaybeText(row.maybe_text(name, column)?),
                'I' => Cell::Int(row.int(name, column)?),
                'i' => Cell::MaybeInt(row.maybe_int(name, column)?),
                _ => Cell::Bytes(row.bytes(name, column)?),
            })
        });
        read.collect()
    }
}

impl Cell {
    fn param(&self) -> Param<'_> {
        match self {
            Self::Text(text) => Param::Text(text),
            Self::MaybeText(text) => Param::MaybeText(text.as_deref()),
            Self::Int(number) => Param::Int(*number),
            Self::MaybeInt(number) => Param::MaybeInt(*number),
            Self::Bytes(bytes) => Param::Bytes(bytes),
        }
    }
}
