use super::{Ends, Involvement};

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
    /// Write the templates of a party.
    ManageTemplates,
    /// Change what the address book says of a party.
    ManageAddresses,
    /// Say whose address or identity is protected.
    ProtectPerson,
    /// See that messages came that are nobody's here, and say that they were seen to.
    KeepStrays,
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
    /// An entry of a stay: a message, or an event.
    Entry(&'r Involvement, &'r Ends),
    /// A party, as the address book calls it.
    Party(&'r str),
    /// What belongs to all.
    Community,
}

impl Action {
    /// All of them, in the order of the type.
    pub const ALL: [Self; 22] = [
        Self::ListStay,
        Self::ReadStay,
        Self::ReadMessage,
        Self::WriteStay,
        Self::PlaceMessage,
        Self::ReadDays,
        Self::Export,
        Self::GrantSelf,
        Self::ReviewGrants,
        Self::ReadAgreements,
        Self::ProposeAgreement,
        Self::ReadFigures,
        Self::ReadMonitor,
        Self::RunMonitor,
        Self::WriteDowntime,
        Self::ReadAccessLog,
        Self::ReadPatientReport,
        Self::ManageAccounts,
        Self::ManageTemplates,
        Self::ManageAddresses,
        Self::ProtectPerson,
        Self::KeepStrays,
    ];

    /// Its slug, as the policy and the access log have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ListStay => "liste",
            Self::ReadStay => "lese-opphold",
            Self::ReadMessage => "lese-melding",
            Self::WriteStay => "skrive",
            Self::PlaceMessage => "plassere-melding",
            Self::ReadDays => "lese-dager",
            Self::Export => "eksport",
            Self::GrantSelf => "ta-tilgang",
            Self::ReviewGrants => "etterse-tilgang",
            Self::ReadAgreements => "lese-avtaler",
            Self::ProposeAgreement => "foresla-avtale",
            Self::ReadFigures => "tall",
            Self::ReadMonitor => "meldingsmonitor",
            Self::RunMonitor => "styre-monitor",
            Self::WriteDowntime => "nedetid",
            Self::ReadAccessLog => "tilgangslogg",
            Self::ReadPatientReport => "innsynsrapport",
            Self::ManageAccounts => "kontoer",
            Self::ManageTemplates => "maltekster",
            Self::ManageAddresses => "adresser",
            Self::ProtectPerson => "verne-person",
            Self::KeepStrays => "herrelos-post",
        }
    }

    /// Whether it shows persons, or who looked at them: then it is written into the access log also where it isn't about one stay.
    pub fn is_about_persons(self) -> bool {
        match self {
            Self::ReadAgreements
            | Self::ProposeAgreement
            | Self::ReadFigures
            | Self::WriteDowntime
            | Self::ManageTemplates
            | Self::ManageAddresses => false,
            Self::ListStay
            | Self::ReadStay
            | Self::ReadMessage
            | Self::WriteStay
            | Self::PlaceMessage
            | Self::ReadDays
            | Self::Export
            | Self::GrantSelf
            | Self::ReviewGrants
            | Self::ReadMonitor
            | Self::RunMonitor
            | Self::ReadAccessLog
            | Self::ReadPatientReport
            | Self::ManageAccounts
            | Self::ProtectPerson
            | Self::KeepStrays => true,
        }
    }

    /// The action of a slug.
    pub fn called(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == slug)
    }
}

impl Purpose {
    /// All of them, in the order of the type.
    pub const ALL: [Self; 5] = [Self::Care, Self::Accounts, Self::Quality, Self::Oversight, Self::Operation];

    /// Its slug, as the policy and the access log have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Care => "omsorg",
            Self::Accounts => "oppgjor",
            Self::Quality => "kvalitet",
            Self::Oversight => "tilsyn",
            Self::Operation => "drift",
        }
    }

    /// The purpose of a slug.
    pub fn called(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == slug)
    }
}
