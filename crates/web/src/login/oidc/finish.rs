use jiff::Timestamp;
use serde::Deserialize;

use super::{
    FLOW_LASTS, Flow, Oidc, ProviderFault,
    claims::{Claims, Expected},
    named,
};
use crate::login::{
    keys::{Prover, Untrusted, header_of},
    provider::{ALGORITHMS, Metadata},
    secret::{Seal, same},
};

/// What the provider sends the browser back with.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::login) struct Callback {
    pub(in crate::login) state: String,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// Who logged in at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::login) struct Finished {
    /// The provider.
    pub(in crate::login) issuer: String,
    /// What it calls the person.
    pub(in crate::login) subject: String,
    /// Its session, by our name for it; empty if it named none and no party was logged in for.
    pub(in crate::login) upstream: String,
    /// The value of the claim that ties somebody unknown to an account.
    pub(in crate::login) login: Option<String>,
    /// The party that was logged in for, if the settings tell organisations.
    pub(in crate::login) party: Option<String>,
    /// The token, to be shown when the person logs out.
    pub(in crate::login) token: String,
    /// The page that was wanted.
    pub(in crate::login) return_to: String,
}

/// Why nobody logged in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::login) enum NotFinished {
    /// This browser began no such login, or did so with another answer.
    #[error("this browser began no such login")]
    NotThisBrowser,
    /// It took too long, or was finished before.
    #[error("the login took too long, or was finished before")]
    TooLate,
    /// The person or the provider broke it off.
    #[error("the login was broken off at the provider: {0}")]
    BrokenOff(Why),
    /// For an organisation that is no party here, or none.
    #[error("the organisation that was logged in for is no party here")]
    NoParty {
        /// What the provider calls the person.
        subject: String,
    },
    /// The provider couldn't help, or isn't believed.
    #[error(transparent)]
    Provider(#[from] ProviderFault),
}

/// Why a login was broken off, by the error's name (RFC 6749 section 4.1.2.1, `OpenID` Connect Core section 3.1.2.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::login) enum Why {
    /// The person said no, or may not.
    Denied,
    /// The provider is busy or has broken down.
    Busy,
    /// The provider doesn't accept what we asked for: an operator must look.
    Setup,
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Denied => "denied",
            Self::Busy => "busy",
            Self::Setup => "not accepted",
        })
    }
}

impl Why {
    fn of(error: &str) -> Self {
        match error {
            "access_denied"
            | "login_required"
            | "consent_required"
            | "interaction_required"
            | "account_selection_required" => Self::Denied,
            "temporarily_unavailable" | "server_error" => Self::Busy,
            _ => Self::Setup,
        }
    }
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    token_type: String,
    id_token: String,
}

impl Oidc {
    /// Ends a login with what the provider sent back. `cookie` is what [`Oidc::begin`] gave this browser.
    ///
    /// # Errors
    /// Nobody logged in.
    pub(in crate::login) async fn finish(
        &self,
        callback: &Callback,
        cookie: Option<&str>,
        now: Timestamp,
    ) -> Result<Finished, NotFinished> {
        let flow = cookie.and_then(|cookie| self.opened(cookie)).ok_or(NotFinished::NotThisBrowser)?;
        if !same(&flow.state, &callback.state) {
            return Err(NotFinished::NotThisBrowser);
        }
        if now.duration_since(flow.begun) > FLOW_LASTS || !self.is_first(&flow.state, now) {
            return Err(NotFinished::TooLate);
        }
        let metadata = self.provider.metadata(now).await?;
        self.check_sender(callback, metadata.names_itself)?;
        if let Some(error) = &callback.error {
            return Err(NotFinished::BrokenOff(Why::of(error)));
        }
        let code = callback.code.as_deref().ok_or(NotFinished::BrokenOff(Why::Setup))?;
        let granted = self.granted(&metadata, &flow, code, now).await?;
        let claims = self.claims(&granted, &flow.nonce, now).await?;
        self.who(&claims, granted.id_token, flow.return_to)
    }

    fn opened(&self, cookie: &str) -> Option<Flow> {
        serde_json::from_slice(&self.secrets.open(Seal::Flow, cookie)?).ok()
    }

    /// Whether the answer is this provider's (RFC 9207).
    fn check_sender(&self, callback: &Callback, is_named: bool) -> Result<(), ProviderFault> {
        match callback.iss.as_deref() {
            Some(issuer) if issuer == self.provider.issuer() => Ok(()),
            None if !is_named => Ok(()),
            Some(_) | None => Err(Untrusted::Issuer.into()),
        }
    }

    async fn granted(
        &self,
        metadata: &Metadata,
        flow: &Flow,
        code: &str,
        now: Timestamp,
    ) -> Result<Granted, ProviderFault> {
        let prover = Prover::read(&flow.prover)?;
        let pairs = || {
            let mut pairs = self.who_we_are(now)?;
            pairs.extend([
                ("grant_type", "authorization_code".to_owned()),
                ("code", code.to_owned()),
                ("redirect_uri", self.callback.clone()),
                ("code_verifier", flow.verifier.clone()),
            ]);
            Ok(pairs)
        };
        let answer = self.provider.line().post(&metadata.token, &prover, now, pairs).await?;
        let granted: Granted = answer.read()?;
        if granted.token_type.eq_ignore_ascii_case("DPoP") {
            return Ok(granted);
        }
        Err(ProviderFault::Unusable(
            "its token isn't bound to our key: the client must be set up for DPoP".to_owned(),
        ))
    }

    async fn claims(&self, granted: &Granted, nonce: &str, now: Timestamp) -> Result<Claims, ProviderFault> {
        let heading = header_of(&granted.id_token, None, &ALGORITHMS)?;
        let claims: Claims = self.provider.read(&granted.id_token, None, now).await?;
        claims.check(&Expected {
            issuer: self.provider.issuer(),
            client: &self.settings.client,
            nonce,
            access_token: &granted.access_token,
            algorithm: heading.algorithm,
            now,
        })?;
        let demands = &self.settings.demands;
        if demands.iter().any(|(name, value)| claims.text(name).as_ref() != Some(value)) {
            return Err(Untrusted::Demand.into());
        }
        Ok(claims)
    }

    fn who(&self, claims: &Claims, token: String, return_to: String) -> Result<Finished, NotFinished> {
        let login = self.settings.login_claim.as_ref().and_then(|name| claims.text(name));
        let party = self.party(claims)?;
        Ok(Finished {
            issuer: claims.iss.clone(),
            subject: claims.sub.clone(),
            upstream: named(claims.sid.as_deref().unwrap_or_default(), party.as_deref()),
            login,
            party,
            token,
            return_to,
        })
    }

    fn party(&self, claims: &Claims) -> Result<Option<String>, NotFinished> {
        let Some(organisations) = &self.settings.organisations else { return Ok(None) };
        let number = claims.text(&organisations.claim);
        let found = number.and_then(|number| organisations.parties.get(&number).cloned());
        found.map(Some).ok_or_else(|| NotFinished::NoParty { subject: claims.sub.clone() })
    }
}
