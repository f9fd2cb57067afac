/// What somebody does in the community. An account has one or more of them, each within a party and units, and acts in one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A nurse or secretary of a ward ("sengepost").
    Ward,
    /// A physician at the hospital.
    Physician,
    /// The hospital's office that coordinates discharges ("samhandlingskontor").
    Coordination,
    /// The hospital's accountants.
    HospitalAccounts,
    /// The municipality's office that decides on services ("tildelingskontor").
    CaseOffice,
    /// A unit of the municipality that gives care: home services, a nursing home.
    CareUnit,
    /// The municipality's accountants.
    MunicipalAccounts,
    /// A general practitioner ("fastlege").
    Gp,
    /// The secretary of the community's committees.
    Secretary,
    /// A member of a committee.
    Member,
    /// Somebody who examines access and accounts.
    Auditor,
    /// Somebody who keeps accounts, units and addresses. Sees no patients.
    Administrator,
}

impl Role {
    /// All of them, in the order of the type.
    pub const ALL: [Self; 12] = [
        Self::Ward,
        Self::Physician,
        Self::Coordination,
        Self::HospitalAccounts,
        Self::CaseOffice,
        Self::CareUnit,
        Self::MunicipalAccounts,
        Self::Gp,
        Self::Secretary,
        Self::Member,
        Self::Auditor,
        Self::Administrator,
    ];

    /// Its slug, as it is kept.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ward => "sengepost",
            Self::Physician => "lege",
            Self::Coordination => "samhandlingskontor",
            Self::HospitalAccounts => "sykehusregnskap",
            Self::CaseOffice => "tildelingskontor",
            Self::CareUnit => "tjenesteenhet",
            Self::MunicipalAccounts => "kommuneregnskap",
            Self::Gp => "fastlege",
            Self::Secretary => "sekretariat",
            Self::Member => "utvalgsmedlem",
            Self::Auditor => "revisor",
            Self::Administrator => "administrator",
        }
    }

    /// The role of a slug.
    pub fn called(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == slug)
    }
}
