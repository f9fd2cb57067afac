use samspill_store::StoreError;

use super::{HashError, PasswordFault, RoleFault};

/// What could not be done with an account.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PeopleError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The login, or the name at another system, is somebody else's.
    #[error("the login «{0}», or the name at the login service, belongs to another account: choose another")]
    LoginTaken(String),
    /// A login that can't be one.
    #[error("«{0}» is no login: write 2 to 100 letters, digits and . _ - @, without spaces")]
    NoLogin(String),
    /// No such account.
    #[error("there is no account {0}")]
    NoAccount(String),
    /// Somebody else changed it meanwhile.
    #[error("the account was changed in the meantime: read it again")]
    Changed,
    /// The account is closed.
    #[error("the account is closed: open it again first")]
    Closed,
    /// The account doesn't have the role, or not now.
    #[error("the account doesn't have the role {0} now: give it the role first")]
    NoRole(String),
    /// The link was used, is too old, or never was.
    #[error("the link can't be used any more: ask for a new one")]
    NoLink,
    /// A password that isn't taken.
    #[error(transparent)]
    Password(#[from] PasswordFault),
    /// The old password is wrong.
    #[error("the password until now is another")]
    WrongPassword,
    /// The account is locked: too many wrong passwords.
    #[error("the account is locked, as wrong passwords were tried: wait until it is open again")]
    Locked,
    /// The account is not this administrator's to keep, or not alone.
    #[error(
        "the account isn't kept by this party alone: what concerns all of it is done at the node's machine"
    )]
    NotYours,
    /// A role that can't be held there.
    #[error(transparent)]
    Role(#[from] RoleFault),
    /// The account has no such token that wasn't ended.
    #[error("the account has no token {0} that still runs: list them with «account tokens»")]
    NoToken(String),
    /// A time that lies too far ahead.
    #[error("the time lies too far ahead, or behind: choose a nearer one")]
    Time,
    /// Passwords can't be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The program is ending.
    #[error("passwords aren't hashed any more, as the program is ending")]
    Ending,
}

/// Why nobody was logged in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// Refused. Say the same for every reason: who tries names must not learn which there are.
    #[error("the login or the password is wrong, or the account can't be used now")]
    Refused(RefusedWhy),
    /// It could not be found out.
    #[error(transparent)]
    Failed(#[from] PeopleError),
}

impl From<StoreError> for LoginError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl LoginError {
    /// Why it was refused, for the access log only.
    pub fn why(&self) -> Option<RefusedWhy> {
        match self {
            Self::Refused(why) => Some(*why),
            Self::Failed(_) => None,
        }
    }
}

/// Why a login was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedWhy {
    /// No account has this login.
    Unknown,
    /// The password is wrong, or the account has none.
    Password,
    /// Too many wrong passwords: it can't be tried now.
    Locked,
    /// The account is closed.
    Closed,
}

impl RefusedWhy {
    /// Its slug, for the access log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "ukjent",
            Self::Password => "feil-passord",
            Self::Locked => "last",
            Self::Closed => "stengt",
        }
    }
}
