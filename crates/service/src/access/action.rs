use super::Involvement;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// See that a stay is there, on a board or in a list: phase, duties, days.
    ListStay,
    /// Read a stay: its timeline, duties, days and reasons.
    ReadStay,
    /// Read a message of a stay, and its attachments.
    ReadMessage,
    /// Write in a stay: register an event, send a message, answer, withdraw.
    WriteStay,
    /// Decide where a message belongs, or that two ids are one patient's.
    PlaceMessage,
    /// Read the days of a stay and what they cost, without what is clinical.
    ReadDays,
    /// Write out data of stays.
    Export,
    /// Take access to a stay on oneself, with a reason.
    GrantSelf,
    /// Review what others took on themselves.
    ReviewGrants,
    /// Read the agreements.
    ReadAgreements,
    /// Propose another version of an agreement, and try it on the log.
    ProposeAgreement,
    /// See figures of a party, with no patients in them.
    ReadFigures,
    /// See the message monitor of a party.
    ReadMonitor,
    /// Release a message that stopped, place it elsewhere.
    RunMonitor,
    /// Register downtime of a party.
    WriteDowntime,
    /// Search the access log.
    ReadAccessLog,
    /// Make a patient's report of who has looked.
    ReadPatientReport,
    /// Keep accounts, roles and units of a party.
    ManageAccounts,
}

/// What somebody looks for: stands in the access log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Care of the patient, and planning it.
    Care,
    /// Accounts between the parties.
    Accounts,
    /// Quality, figures, agreements.
    Quality,
    /// Looking after access itself.
    Oversight,
    /// Keeping the system.
    Operation,
}

/// What it is about.
#[derive(Clone, Copy, Debug)]
pub enum Resource<'r> {
    /// A stay.
    Stay(&'r Involvement),
    /// A party, as the address book calls it.
    Party(&'r str),
    /// What belongs to all.
    Community,
}
