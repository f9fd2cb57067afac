//! The SQL of the address book's entries. `$1` is the community.

macro_rules! entries {
    ($where:literal) => {
        concat!(
            "SELECT party, version, entry, by_name, changed_us FROM address_entry AS it WHERE community = $1 \
            AND version = (SELECT MAX(version) FROM address_entry AS other WHERE other.community = it.community AND other.party = it.party)",
            $where
        )
    };
}

/// The newest of each party.
pub(crate) const ALL: &str = entries!(" ORDER BY party");

/// The newest of a party.
pub(crate) const ONE: &str = entries!(" AND party = $2");

/// How often anything was changed.
pub(crate) const COUNT: &str = "SELECT COUNT(*) FROM address_entry WHERE community = $1";

/// A further one, if nobody wrote the same version.
pub(crate) const ADD: &str = "INSERT INTO address_entry (community, party, version, entry, by_name, changed_us) \
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
