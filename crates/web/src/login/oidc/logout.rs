//! Logging out at the provider too, and being told when somebody logged out there.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    Oidc, ProviderFault,
    claims::{Audience, check_times},
    named,
};
use crate::login::{keys::Untrusted, secret::Seal};

/// The event that a logout token must hold.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The oldest logout token that is taken.
const MADE_AGO_MAX: SignedDuration = SignedDuration::from_mins(2);

/// The longest identity token that is kept to be shown when somebody logs out: sealed, it must fit in a cookie.
const HINT_BYTES_MAX: usize = 2600;

/// Whom a provider logged out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::login) enum LoggedOut {
    /// One session of its, by each name that it may have here.
    Upstream(Vec<String>),
    /// All of a person's, whom it calls this.
    Subject(String),
}

/// Why a logout token isn't followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::login) enum NotLogout {
    /// It isn't trusted, or the provider's keys can't be had.
    #[error(transparent)]
    Provider(#[from] ProviderFault),
    /// It isn't about a logout, or names nobody.
    #[error("it isn't a logout token")]
    Shape,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    iat: i64,
    exp: Option<i64>,
    sub: Option<String>,
    sid: Option<String>,
    nonce: Option<Value>,
    #[serde(default)]
    events: Map<String, Value>,
}

impl Oidc {
    /// What to keep in the browser, sealed, so that the provider knows who logs out. Nothing if the token is too long for a cookie.
    pub(in crate::login) fn hint(&self, token: &str) -> Option<String> {
        if token.len() > HINT_BYTES_MAX {
            return None;
        }
        self.secrets.seal(Seal::Hint, token.as_bytes())
    }

    /// Where the browser goes to log out at the provider. Nothing if it has no such place, or can't be asked.
    pub(in crate::login) async fn end_session(&self, hint: Option<&str>, now: Timestamp) -> Option<String> {
        let metadata = self.provider.metadata(now).await.ok()?;
        let mut url = metadata.end_session.clone()?;
        let token = hint.and_then(|hint| self.secrets.open(Seal::Hint, hint));
        let token = token.and_then(|token| String::from_utf8(token).ok());
        let mut pairs = url.query_pairs_mut();
        pairs.append_pair("client_id", &self.settings.client);
        pairs.append_pair("post_logout_redirect_uri", &self.after_logout);
        if let Some(token) = token {
            pairs.append_pair("id_token_hint", &token);
        }
        drop(pairs);
        Some(url.into())
    }

    /// Whom the provider says that it logged out (`OpenID` Connect Back-Channel Logout section 2.6).
    ///
    /// # Errors
    /// It isn't believed.
    pub(in crate::login) async fn logged_out(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<LoggedOut, NotLogout> {
        let claims: Claims = self.provider.read(token, Some(&["logout+jwt", "jwt", ""]), now).await?;
        if claims.iss != self.provider.issuer() {
            return Err(ProviderFault::from(Untrusted::Issuer).into());
        }
        if !claims.aud.holds(&self.settings.client) {
            return Err(ProviderFault::from(Untrusted::Audience).into());
        }
        let until = claims.exp.unwrap_or(i64::MAX);
        check_times(claims.iat, None, until, now, MADE_AGO_MAX).map_err(ProviderFault::from)?;
        let is_logout = claims.events.get(EVENT).is_some_and(Value::is_object) && claims.nonce.is_none();
        let session = claims.sid.map(|sid| LoggedOut::Upstream(self.names_of(&sid)));
        let named = session.or(claims.sub.map(LoggedOut::Subject));
        named.filter(|_| is_logout).ok_or(NotLogout::Shape)
    }

    /// The names that a session of the provider may have here: one for each party that can be logged in for.
    fn names_of(&self, sid: &str) -> Vec<String> {
        let organisations = self.settings.organisations.iter();
        let parties: BTreeSet<&str> =
            organisations.flat_map(|it| it.parties.values()).map(String::as_str).collect();
        std::iter::once(None).chain(parties.into_iter().map(Some)).map(|party| named(sid, party)).collect()
    }
}
