use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{SigningKey, secret::Secret};

/// How people and systems log in.
#[derive(Clone, Debug)]
pub struct LoginSettings {
    /// What users write in the browser, without a path: `https://samspill.example`. `http` only for this machine itself: then the
    /// session's cookie is called `samspill` and isn't `Secure`; otherwise it is `__Host-samspill`.
    pub origin: String,
    /// What all nodes know: the first makes, the others are still read, so that a new one can be put first. Empty: made at start,
    /// which is good for one node.
    pub secrets: Vec<Secret>,
    /// Whether accounts log in with a password.
    pub local: LocalLogin,
    /// Logins that the login page shows, with a click each and no password. Never outside a demo.
    pub demo: Option<Vec<DemoLogin>>,
    /// A login provider such as `HelseID`.
    pub oidc: Option<OidcSettings>,
    /// Tokens of other systems from a provider. Tokens that accounts have here work without.
    pub machines: Option<MachineSettings>,
}

/// Whether accounts log in with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalLogin {
    /// They do.
    Allowed,
    /// Only by the provider.
    Off,
}

/// A login of the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoLogin {
    /// The account's login.
    pub login: String,
    /// Its password, which is no secret and never shown.
    pub password: String,
    /// What the button says: `Sykepleier, Medisin A`.
    pub shown: String,
    /// The heading it stands under: `Sykehus`.
    pub group: String,
}

/// How we are known to a login provider.
#[derive(Clone, Debug)]
pub struct OidcSettings {
    /// The provider's name, exactly as it calls itself: `https://helseid-sts.nhn.no`.
    pub issuer: String,
    /// The id that we are registered under.
    pub client: String,
    /// The keys that we are registered with; the first signs.
    pub keys: Vec<SigningKey>,
    /// What is asked for. Default: `openid profile`.
    pub scope: String,
    /// What the login button says. Default: the host of the issuer.
    pub shown: Option<String>,
    /// Claims added to what we sign to say who we are, such as the organisation we speak for (`assertion_details`).
    pub assertion: Map<String, Value>,
    /// Claims that a login must hold with exactly this text, such as the level of assurance
    /// (`helseid://claims/identity/security_level` = `4`).
    pub demands: BTreeMap<String, String>,
    /// The claim by which somebody unknown is tied to an account the first time: the account's login is its value, such as a number in
    /// the register of health personnel (`helseid://claims/hpr/hpr_number`). None: accounts are tied by an administrator.
    pub login_claim: Option<String>,
    /// The claim with the number of the organisation that somebody logs in for, and the party of each number. Somebody who logs in
    /// for one must have a role of that party; if it is only one, it is chosen at once.
    pub organisations: Option<Organisations>,
}

/// Which party an organisation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisations {
    /// The claim: `helseid://claims/client/claims/orgnr_parent`.
    pub claim: String,
    /// The number, and the party as the address book calls it.
    pub parties: BTreeMap<String, String>,
}

/// Tokens that other systems got from a provider.
#[derive(Clone, Debug)]
pub struct MachineSettings {
    /// Who made them.
    pub issuer: String,
    /// Whom they are for (`aud`): us.
    pub audience: String,
    /// The scope they must hold.
    pub scope: String,
    /// Whether tokens that aren't bound to a key are taken.
    pub bearer: Bearer,
}

/// Whether tokens that whoever finds them can use are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// Only tokens bound to a key (`DPoP`).
    Refused,
    /// Also those that aren't. A bound token needs its proof all the same.
    Allowed,
}

/// A setting that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{setting}`: {says}")]
pub struct SettingFault {
    /// Which one.
    pub setting: &'static str,
    /// What is wrong with it, and what to write.
    pub says: String,
}

impl LoginSettings {
    /// Local accounts at this address, and nothing else.
    pub fn new(origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            secrets: Vec::new(),
            local: LocalLogin::Allowed,
            demo: None,
            oidc: None,
            machines: None,
        }
    }
}

impl OidcSettings {
    /// This client of this provider, with the usual settings.
    pub fn new(issuer: &str, client: &str, keys: Vec<SigningKey>) -> Self {
        Self {
            issuer: issuer.to_owned(),
            client: client.to_owned(),
            keys,
            scope: "openid profile".to_owned(),
            shown: None,
            assertion: Map::new(),
            demands: BTreeMap::new(),
            login_claim: None,
            organisations: None,
        }
    }
}
