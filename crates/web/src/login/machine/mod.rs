//! Requests of other systems: tokens that a provider made for them, bound to a key of theirs (`DPoP`, RFC 9449).
//!
//! A proof holds for one request, one token and a minute; with a nonce of ours in it, so that none can be made beforehand.

mod proof;
mod replay;
mod token;

use std::sync::Arc;

use axum::http::{HeaderMap, Method, header::AUTHORIZATION};
use jiff::Timestamp;

pub(super) use proof::NONCE_HEADER;
use proof::{Proof, Wanted};
use replay::Replay;
use token::AccessToken;

use super::{
    Bearer, MachineSettings,
    keys::Untrusted,
    provider::{Provider, ProviderFault},
    secret::Secrets,
};

/// What takes requests of other systems.
#[derive(Debug)]
pub(super) struct Machines {
    settings: MachineSettings,
    provider: Arc<Provider>,
    secrets: Secrets,
    seen: Replay,
}

/// The client that sent a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Client {
    /// Who made its token.
    pub(super) issuer: String,
    /// What it is called there.
    pub(super) id: String,
}

/// The one header of a request that says who sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Authorization<'r> {
    /// A token bound to a key.
    Bound(&'r str),
    /// A token that whoever has it can use.
    Bearer(&'r str),
}

/// Why a request of another system isn't let in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotMachine {
    /// Not one header in a form that is known.
    #[error("the header Authorization must be there once, with `DPoP` or `Bearer` and a token")]
    Header,
    /// The token isn't trusted, or the provider can't be asked for its keys.
    #[error("the token isn't taken: {0}")]
    Token(#[from] ProviderFault),
    /// The token doesn't hold the scope.
    #[error("the token doesn't hold the scope that is needed here")]
    Scope,
    /// The token is bound and comes without its proof, or must be bound and isn't.
    #[error("the token must be bound to a key and sent with `DPoP` and a proof")]
    Unbound,
    /// The proof doesn't hold.
    #[error("the proof isn't taken: {0}")]
    Proof(&'static str),
    /// The proof holds no nonce of ours, or an old one.
    #[error("the proof needs the nonce of the header DPoP-Nonce")]
    Nonce,
    /// Nobody here answers for the client.
    #[error("no account is tied to this client, or it has no role")]
    Nobody,
}

impl NotMachine {
    /// The error's name (RFC 6750 section 3.1, RFC 9449 section 7.1); none where nothing was tried.
    pub(super) fn code(&self) -> Option<&'static str> {
        match self {
            Self::Header => None,
            Self::Token(_) | Self::Unbound | Self::Nobody => Some("invalid_token"),
            Self::Scope => Some("insufficient_scope"),
            Self::Proof(_) => Some("invalid_dpop_proof"),
            Self::Nonce => Some("use_dpop_nonce"),
        }
    }
}

impl<'r> Authorization<'r> {
    /// Reads the header; `None` if there is none.
    pub(super) fn of(headers: &'r HeaderMap) -> Option<Result<Self, NotMachine>> {
        let mut all = headers.get_all(AUTHORIZATION).iter();
        let first = all.next()?;
        let text = first.to_str().ok().filter(|_| all.next().is_none());
        Some(text.and_then(Self::read).ok_or(NotMachine::Header))
    }

    fn read(text: &'r str) -> Option<Self> {
        let (scheme, token) = text.split_once(' ')?;
        let is_token = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        match scheme.to_ascii_lowercase().as_str() {
            "dpop" if is_token => Some(Self::Bound(token)),
            "bearer" if is_token => Some(Self::Bearer(token)),
            _ => None,
        }
    }
}

impl Machines {
    pub(super) fn new(settings: MachineSettings, provider: Arc<Provider>, secrets: Secrets) -> Self {
        Self { settings, provider, secrets, seen: Replay::default() }
    }

    /// The client of a request to this address. A proof that was let in once isn't again.
    ///
    /// # Errors
    /// It isn't let in.
    pub(super) async fn admit(
        &self,
        authorization: Authorization<'_>,
        headers: &HeaderMap,
        (method, address): (&Method, &str),
        now: Timestamp,
    ) -> Result<Client, NotMachine> {
        let (Authorization::Bound(text) | Authorization::Bearer(text)) = authorization;
        let token = self.token(text, now).await?;
        match (authorization, token.key()) {
            (Authorization::Bound(_), Some(key)) => {
                let wanted = Wanted { method: method.as_str(), address, token: text, key, now };
                self.check_proof(headers, &wanted)?;
            }
            (Authorization::Bearer(_), None) if self.settings.bearer == Bearer::Allowed => {}
            (Authorization::Bound(_) | Authorization::Bearer(_), Some(_) | None) => {
                return Err(NotMachine::Unbound);
            }
        }
        Ok(Client { issuer: self.settings.issuer.clone(), id: token.client().to_owned() })
    }

    async fn token(&self, text: &str, now: Timestamp) -> Result<AccessToken, NotMachine> {
        let token: AccessToken = self.provider.read(text, Some(&["at+jwt"]), now).await?;
        token.check(&self.settings, now).map_err(ProviderFault::from)?;
        if token.has_scope(&self.settings.scope) { Ok(token) } else { Err(NotMachine::Scope) }
    }

    fn check_proof(&self, headers: &HeaderMap, wanted: &Wanted<'_>) -> Result<(), NotMachine> {
        let proof = Proof::of(headers, wanted)?;
        if !proof.nonce().is_some_and(|nonce| self.is_nonce(nonce, wanted.now)) {
            return Err(NotMachine::Nonce);
        }
        if self.seen.is_new(wanted.key, proof.id(), wanted.now) {
            return Ok(());
        }
        Err(NotMachine::Proof("it was used before"))
    }

    /// A nonce of now. Every node of ours knows it without having been told.
    pub(super) fn nonce(&self, now: Timestamp) -> Option<String> {
        proof::nonce(&self.secrets, now)
    }

    fn is_nonce(&self, nonce: &str, now: Timestamp) -> bool {
        proof::is_nonce(&self.secrets, nonce, now)
    }
}

impl From<Untrusted> for NotMachine {
    fn from(fault: Untrusted) -> Self {
        Self::Token(fault.into())
    }
}
