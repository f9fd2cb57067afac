//! The SQL of templates. `$1` is the community.

macro_rules! templates {
    ($where:literal) => {
        concat!(
            "SELECT party, template, name, kind, field, text, by_name, version, changed_us FROM text_template \
            WHERE community = $1 AND party = $2",
            $where
        )
    };
}

/// The templates of a party.
pub(crate) const ALL: &str = templates!(" ORDER BY template");

/// A template of a party.
pub(crate) const ONE: &str = templates!(" AND template = $3");

/// How many a party has.
pub(crate) const COUNT: &str = "SELECT COUNT(*) FROM text_template WHERE community = $1 AND party = $2";

/// A new one.
pub(crate) const ADD: &str = "INSERT INTO text_template \
    (community, party, template, name, kind, field, text, by_name, changed_us, version) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1) ON CONFLICT DO NOTHING";

/// One as it is now, if it still has the version before.
pub(crate) const SET: &str = "UPDATE text_template SET \
    name = $4, kind = $5, field = $6, text = $7, by_name = $8, changed_us = $9, version = $10 + 1 \
    WHERE community = $1 AND party = $2 AND template = $3 AND version = $10";

/// Removes one, if it still has this version.
pub(crate) const DROP: &str =
    "DELETE FROM text_template WHERE community = $1 AND party = $2 AND template = $3 AND version = $4";
