use std::collections::BTreeSet;

use jiff::Timestamp;

/// Who takes part in a stay: what access to it hangs on. It follows from the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Involvement {
    /// The stay.
    pub case: String,
    /// The parties that sent or received anything in it, as the address book calls them.
    pub parties: BTreeSet<String>,
    /// Their units, where the log names them: party and unit.
    pub units: BTreeSet<(String, String)>,
    /// The parties that pay for its days.
    pub payers: BTreeSet<String>,
    /// Whether it runs, or has duties undone.
    pub is_open: bool,
    /// When the latest entry happened.
    pub last: Timestamp,
    /// Whether the patient's address or identity is protected.
    pub protection: Protection,
}

/// Whether where a patient lives, or who it is, is kept from most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protection {
    /// Neither.
    #[default]
    None,
    /// The address is ("fortrolig", codes 6 and 7 of the register).
    Address,
    /// Name and identity are.
    Identity,
}
