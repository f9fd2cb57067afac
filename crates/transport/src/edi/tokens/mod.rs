//! Proving to the message service who we are.

mod client_credentials;
mod fixed;

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

pub use client_credentials::{ClientCredentials, ClientSettings};
pub use fixed::Fixed;
pub use samspill_keys::{KeyFault, SigningKey};

use reqwest::header::HeaderMap;
use samspill_keys::Proved;

use crate::Doing;

/// A source of what a request must carry.
pub trait Tokens: fmt::Debug + Send + Sync {
    /// What the request that is asked for must carry.
    fn credentials<'a>(&'a self, ask: Ask<'a>) -> Doing<'a, Result<Credentials, TokenFault>>;
}

/// A request that credentials are wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask<'a> {
    /// Its method: `GET`.
    pub method: &'a str,
    /// Its whole address.
    pub url: &'a str,
    /// The last nonce that its receiver gave us.
    pub nonce: Option<&'a str>,
    /// Whether the token at hand will do.
    pub renew: Renew,
}

/// Whether the token at hand will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renew {
    /// It will, as long as it is valid.
    IfNeeded,
    /// It was refused.
    Now,
}

/// What a request must carry. Its `Debug` keeps the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The header `Authorization`.
    pub authorization: String,
    /// The header `DPoP`.
    pub proof: Option<String>,
}

impl<'a> Ask<'a> {
    /// What a proof of this request speaks for, with the token that it carries if it carries one.
    fn proved(self, token: Option<&'a str>) -> Proved<'a> {
        Proved { method: self.method, url: self.url, token, nonce: self.nonce }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// Why there is no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no token: {says}")]
pub struct TokenFault {
    /// What happened, and what can be done.
    pub says: String,
}

impl From<KeyFault> for TokenFault {
    fn from(fault: KeyFault) -> Self {
        Self::new(fault.to_string())
    }
}

impl TokenFault {
    pub(super) fn new(says: impl Into<String>) -> Self {
        Self { says: says.into() }
    }
}

/// The last nonce that a server gave.
#[derive(Debug, Default)]
pub(super) struct Nonce(Mutex<Option<String>>);

impl Nonce {
    pub(super) fn last(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn note(&self, headers: &HeaderMap) {
        if let Some(nonce) = headers.get("DPoP-Nonce").and_then(|nonce| nonce.to_str().ok()) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(nonce.to_owned());
        }
    }
}
