/// What happens to accounts and sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happened {
    /// Somebody logged in.
    LoggedIn,
    /// Somebody was refused.
    LoginRefused,
    /// Somebody logged out, or was logged out.
    LoggedOut,
    /// Somebody chose a role.
    RoleChosen,
    /// A password was set or changed.
    PasswordSet,
    /// An account was made, changed or closed, or a role given or ended.
    AccountChanged,
    /// A token for another system was made or ended.
    TokenChanged,
    /// A template of a party was made, changed or removed.
    TemplateChanged,
    /// What the address book says of a party was changed.
    AddressChanged,
    /// Keys of the register of persons were rotated.
    KeysRotated,
}

impl Happened {
    /// All of them, in the order of the type.
    pub const ALL: [Self; 10] = [
        Self::LoggedIn,
        Self::LoginRefused,
        Self::LoggedOut,
        Self::RoleChosen,
        Self::PasswordSet,
        Self::AccountChanged,
        Self::TokenChanged,
        Self::TemplateChanged,
        Self::AddressChanged,
        Self::KeysRotated,
    ];

    /// Its slug, as it stands in the access log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LoggedIn => "innlogging",
            Self::LoginRefused => "innlogging-avvist",
            Self::LoggedOut => "utlogging",
            Self::RoleChosen => "rollevalg",
            Self::PasswordSet => "passord-satt",
            Self::AccountChanged => "konto-endret",
            Self::TokenChanged => "nokkel-endret",
            Self::TemplateChanged => "maltekst-endret",
            Self::AddressChanged => "adresse-endret",
            Self::KeysRotated => "noklerotasjon",
        }
    }
}
