//! All SQL of the store but the schema. One text for both databases.

pub(crate) mod addresses;
pub(crate) mod log_person;
pub(crate) mod mail;
pub(crate) mod notices;
pub(crate) mod people;
pub(crate) mod templates;

/// A step of the schema: version, name, digest.
pub(crate) const ADD_STEP: &str = "INSERT INTO schema_step (version, name, digest) VALUES ($1, $2, $3)";

/// The steps of the schema: version, digest.
pub(crate) const STEPS: &str = "SELECT version, digest FROM schema_step ORDER BY version";

/// The end of a log: position, hash.
pub(crate) const HEAD: &str =
    "SELECT position, hash FROM log WHERE community = $1 ORDER BY position DESC LIMIT 1";

/// A new entry at the end of a log.
pub(crate) const APPEND: &str = "INSERT INTO log \
    (community, position, append_key, part, parts, case_name, kind, recorded_us, entry, previous, hash) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

/// The entries of an append, in the columns of [`FROM_POSITION`].
pub(crate) const BY_KEY: &str = "SELECT \
    position, append_key, part, parts, case_name, kind, recorded_us, entry, previous, hash \
    FROM log WHERE community = $1 AND append_key = $2 ORDER BY part";

/// Entries from a position on, some at the most.
pub(crate) const FROM_POSITION: &str = "SELECT \
    position, append_key, part, parts, case_name, kind, recorded_us, entry, previous, hash \
    FROM log WHERE community = $1 AND position >= $2 ORDER BY position LIMIT $3";

/// The entries of a case up to a position: position, entry.
pub(crate) const OF_CASE: &str = "SELECT position, entry FROM log \
    WHERE community = $1 AND case_name = $2 AND position <= $3 ORDER BY position";

/// Cases after a name, some at the most.
pub(crate) const CASES_AFTER: &str = "SELECT DISTINCT case_name FROM log \
    WHERE community = $1 AND case_name > $2 ORDER BY case_name LIMIT $3";

/// Cases that have entries after one position and up to another, from a name on, some at the most.
pub(crate) const CASES_BETWEEN: &str = "SELECT DISTINCT case_name FROM log \
    WHERE community = $1 AND position > $2 AND position <= $3 AND case_name > $4 ORDER BY case_name LIMIT $5";

/// The communities that have entries, found by jumping from one to the next in the index.
pub(crate) const COMMUNITIES: &str = "WITH RECURSIVE found (name) AS ( \
    SELECT MIN(community) FROM log \
    UNION ALL \
    SELECT (SELECT MIN(community) FROM log WHERE community > found.name) FROM found WHERE found.name IS NOT NULL \
    ) SELECT name FROM found WHERE name IS NOT NULL";

/// How far the projections of a community have come: name, version, position.
pub(crate) const PROJECTIONS: &str = "SELECT name, version, position FROM projection WHERE community = $1";

/// What an append of one case looks at: whether its key stands there, how far projections have come, the case's entries, its rows,
/// the end of the log, and the first person from a mark on.
/// Lines: about (0 key, 1 projection, 2 entry, 3 row, 4 end, 5 person); position; version; projection or mark; key; JSON; entry or
/// hash.
pub(crate) const GLANCE: &str = "SELECT CAST(0 AS BIGINT), position, CAST(0 AS BIGINT), '', '', '', CAST(NULL AS BYTEA) \
    FROM log WHERE community = $1 AND append_key = $2 AND part = 1 \
    UNION ALL SELECT CAST(1 AS BIGINT), position, version, name, '', '', CAST(NULL AS BYTEA) \
    FROM projection WHERE community = $1 \
    UNION ALL SELECT CAST(2 AS BIGINT), position, CAST(0 AS BIGINT), '', '', '', entry \
    FROM log WHERE community = $1 AND case_name = $3 \
    UNION ALL SELECT CAST(3 AS BIGINT), CAST(0 AS BIGINT), CAST(0 AS BIGINT), name, row_key, row_json, CAST(NULL AS BYTEA) \
    FROM projection_row WHERE community = $1 AND case_name = $3 AND name IN ($4, $5, $6, $7) \
    UNION ALL SELECT CAST(4 AS BIGINT), position, CAST(0 AS BIGINT), '', '', '', hash FROM \
    (SELECT position, hash FROM log WHERE community = $1 ORDER BY position DESC LIMIT 1) AS last \
    UNION ALL SELECT CAST(5 AS BIGINT), CAST(0 AS BIGINT), CAST(0 AS BIGINT), mark, key_id, '', CAST(NULL AS BYTEA) FROM \
    (SELECT mark, key_id FROM log_person WHERE community = $1 AND mark >= $8 ORDER BY mark LIMIT 1) AS person";

/// How many projections [`GLANCE`], [`ROWS_OF_CASE_IN`] and [`COME_TO`] take; where there are fewer, one is named again.
pub(crate) const PROJECTIONS_AT_ONCE: usize = 4;

/// Says that projections whose rows are there have come to a position.
pub(crate) const COME_TO: &str =
    "UPDATE projection SET position = $2 WHERE community = $1 AND name IN ($3, $4, $5, $6)";

/// The rows of a case in several projections: projection, key, JSON.
pub(crate) const ROWS_OF_CASE_IN: &str = "SELECT name, row_key, row_json FROM projection_row \
    WHERE community = $1 AND case_name = $2 AND name IN ($3, $4, $5, $6)";

/// Says how far a projection has come.
pub(crate) const SET_PROJECTION: &str = "INSERT INTO projection (community, name, version, position) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (community, name) DO UPDATE SET version = excluded.version, position = excluded.position";

/// A projection's rows of a case: key, JSON.
pub(crate) const ROWS_OF_CASE: &str = "SELECT row_key, row_json FROM projection_row \
    WHERE community = $1 AND name = $2 AND case_name = $3 ORDER BY row_key";

/// A projection's rows after a case and key, some at the most: case, key, JSON.
pub(crate) const ROWS_AFTER: &str = "SELECT case_name, row_key, row_json FROM projection_row \
    WHERE community = $1 AND name = $2 AND (case_name > $3 OR (case_name = $3 AND row_key > $4)) \
    ORDER BY case_name, row_key LIMIT $5";

/// The text that writes rows of projections.
macro_rules! set_rows {
    ($($values:literal),+) => {
        concat!(
            "INSERT INTO projection_row (community, case_name, name, row_key, row_json) VALUES ",
            $($values,)+
            " ON CONFLICT (community, name, case_name, row_key) DO UPDATE SET row_json = excluded.row_json"
        )
    };
}

/// Writes one to six rows of a case: community and case, then projection, key and JSON of each.
pub(crate) const SET_ROWS: [&str; 6] = [
    set_rows!("($1, $2, $3, $4, $5)"),
    set_rows!("($1, $2, $3, $4, $5)", ", ($1, $2, $6, $7, $8)"),
    set_rows!("($1, $2, $3, $4, $5)", ", ($1, $2, $6, $7, $8)", ", ($1, $2, $9, $10, $11)"),
    set_rows!(
        "($1, $2, $3, $4, $5)",
        ", ($1, $2, $6, $7, $8)",
        ", ($1, $2, $9, $10, $11)",
        ", ($1, $2, $12, $13, $14)"
    ),
    set_rows!(
        "($1, $2, $3, $4, $5)",
        ", ($1, $2, $6, $7, $8)",
        ", ($1, $2, $9, $10, $11)",
        ", ($1, $2, $12, $13, $14)",
        ", ($1, $2, $15, $16, $17)"
    ),
    set_rows!(
        "($1, $2, $3, $4, $5)",
        ", ($1, $2, $6, $7, $8)",
        ", ($1, $2, $9, $10, $11)",
        ", ($1, $2, $12, $13, $14)",
        ", ($1, $2, $15, $16, $17)",
        ", ($1, $2, $18, $19, $20)"
    ),
];

/// Removes a row of a projection.
pub(crate) const DROP_ROW: &str = "DELETE FROM projection_row \
    WHERE community = $1 AND name = $2 AND case_name = $3 AND row_key = $4";

/// Removes all rows of a projection.
pub(crate) const DROP_ROWS: &str = "DELETE FROM projection_row WHERE community = $1 AND name = $2";
