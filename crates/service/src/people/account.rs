use jiff::Timestamp;
use samspill_agreement::model::Language;
use samspill_store::{AccountRow, RoleRow};

use super::{PeopleError, RoleHeld};

/// Somebody who may log in, or another system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id, which never changes.
    pub id: String,
    /// What is typed to log in, in small letters.
    pub login: String,
    /// The name of the person, or of the system.
    pub name: String,
    /// Where notices go.
    pub email: Option<String>,
    /// Whether it may be used.
    pub state: AccountState,
    /// Whether it has a password here.
    pub has_password: bool,
    /// Who else logs it in, and what it is called there.
    pub oidc: Option<OidcName>,
    /// The language of pages.
    pub language: Language,
    /// What the person has chosen for notices and pages, as JSON; `{}` for nothing.
    pub settings: String,
    /// Wrong passwords in a row.
    pub failures: u32,
    /// When it may be tried again, where it may not now.
    pub locked_until: Option<Timestamp>,
    /// When it was made.
    pub made: Timestamp,
    /// How often it was written. Whoever changes it must have seen the last.
    pub version: u64,
    /// What it is, was, and is to be.
    pub roles: Vec<RoleHeld>,
}

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountState {
    /// Nobody has logged in with it yet.
    Invited,
    /// It may.
    Active,
    /// It may not. Its past stays.
    Closed,
}

impl AccountState {
    const ALL: [Self; 3] = [Self::Invited, Self::Active, Self::Closed];

    /// Its slug, as it is kept.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Closed => "closed",
        }
    }
}

/// What an `OpenID` provider calls somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OidcName {
    /// The provider.
    pub issuer: String,
    /// The name there.
    pub subject: String,
}

/// An account to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// What is typed to log in. Kept in small letters.
    pub login: String,
    /// The name of the person, or of the system.
    pub name: String,
    /// Where notices go.
    pub email: Option<String>,
    /// The language of pages.
    pub language: Language,
    /// Who else logs it in, and what it is called there.
    pub oidc: Option<OidcName>,
}

impl NewAccount {
    /// An account with this login and name, in bokmål.
    pub fn new(login: impl Into<String>, name: impl Into<String>) -> Self {
        let (login, name) = (login.into(), name.into());
        Self { login, name, email: None, language: Language::Bokmal, oidc: None }
    }
}

/// A login as it is kept and compared.
pub(super) fn normal_login(login: &str) -> Result<String, PeopleError> {
    let small = login.trim().to_lowercase();
    let fits = |letter: char| letter.is_alphanumeric() || ['.', '_', '-', '@'].contains(&letter);
    if (2..=100).contains(&small.chars().count()) && small.chars().all(fits) {
        return Ok(small);
    }
    Err(PeopleError::NoLogin(login.chars().take(100).collect()))
}

impl Account {
    /// The account of a row; a state that this program doesn't know is one that may not be used.
    pub(super) fn of(row: &AccountRow, roles: Vec<RoleRow>) -> Self {
        let state = AccountState::ALL.into_iter().find(|state| state.as_str() == row.state);
        let oidc = row.oidc.clone().map(|(issuer, subject)| OidcName { issuer, subject });
        Self {
            id: row.id.clone(),
            login: row.login.clone(),
            name: row.name.clone(),
            email: row.email.clone(),
            state: state.unwrap_or(AccountState::Closed),
            has_password: row.secret.is_some(),
            oidc,
            language: language_called(&row.language),
            settings: row.settings.clone(),
            failures: row.failures,
            locked_until: row.locked_until,
            made: row.made,
            version: row.version,
            roles: roles.into_iter().filter_map(RoleHeld::of).collect(),
        }
    }
}

/// The slug of a language.
pub(super) fn language_slug(language: Language) -> &'static str {
    match language {
        Language::Bokmal => "nb",
        Language::Nynorsk => "nn",
        Language::English => "en",
    }
}

fn language_called(slug: &str) -> Language {
    let all = [Language::Bokmal, Language::Nynorsk, Language::English];
    all.into_iter().find(|language| language_slug(*language) == slug).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_2_to_100_letters_digits_and_marks_in_small_letters() {
        for (login, expected) in [
            ("kn", Some("kn")),
            (" Kari.Nordmann@UNN.no ", Some("kari.nordmann@unn.no")),
            ("Åse_1-2", Some("åse_1-2")),
            ("k", None),
            ("", None),
            ("kari nordmann", None),
            ("kari/nordmann", None),
            ("kari\0", None),
        ] {
            assert_eq!(normal_login(login).ok().as_deref(), expected, "{login}");
        }
        assert_eq!([100, 101].map(|length| normal_login(&"a".repeat(length)).is_ok()), [true, false]);
    }

    #[test]
    fn languages_are_read_as_they_are_written() {
        for language in [Language::Bokmal, Language::Nynorsk, Language::English] {
            assert_eq!(language_called(language_slug(language)), language);
        }
        assert_eq!(language_called("se"), Language::Bokmal);
    }
}
