//! A login provider as we see it: what it says of itself, the keys it publishes, and the line to it.

mod fault;
mod held;
mod line;
mod metadata;
mod published;

use std::sync::Arc;

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, jwk::Jwk};
use reqwest::Url;
use serde::de::DeserializeOwned;

pub(super) use fault::ProviderFault;
use held::Held;
pub(super) use line::{Line, safe_url};
pub(super) use metadata::Metadata;
use published::Published;

use super::{
    SettingFault,
    keys::{Untrusted, header_of, read_with},
};

/// How tokens of a provider may be signed. Nothing shared, nothing unsigned.
pub(super) const ALGORITHMS: [Algorithm; 7] = [
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::ES256,
    Algorithm::ES384,
];

/// A provider: an issuer of tokens.
#[derive(Debug)]
pub(super) struct Provider {
    issuer: String,
    well_known: Url,
    line: Line,
    metadata: Held<Metadata>,
    keys: Published,
}

impl Provider {
    /// The provider that calls itself this. Nothing is asked for yet.
    pub(super) fn new(issuer: &str) -> Result<Self, SettingFault> {
        let url = safe_url(issuer).map_err(|says| SettingFault { setting: "issuer", says })?;
        let well_known = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let well_known = safe_url(&well_known).map_err(|says| SettingFault { setting: "issuer", says })?;
        let line = Line::new(&url).map_err(|says| SettingFault { setting: "issuer", says })?;
        let (metadata, keys) = (Held::default(), Published::default());
        Ok(Self { issuer: issuer.to_owned(), well_known, line, metadata, keys })
    }

    /// Its name, as it stands in every token.
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The line to it.
    pub(super) fn line(&self) -> &Line {
        &self.line
    }

    /// What it says of itself, an hour old at the most; up to a day, while it is out of reach.
    pub(super) async fn metadata(&self, now: Timestamp) -> Result<Arc<Metadata>, ProviderFault> {
        self.metadata.get(now, self.fetch_metadata()).await
    }

    async fn fetch_metadata(&self) -> Result<Metadata, ProviderFault> {
        let read = self.line.get(&self.well_known).await?;
        Metadata::read(&read, &self.issuer)
    }

    /// The claims of a token that it signed, of one of these types. Receivers and times are the caller's to check.
    pub(super) async fn read<Claims: DeserializeOwned>(
        &self,
        token: &str,
        types: Option<&[&str]>,
        now: Timestamp,
    ) -> Result<Claims, ProviderFault> {
        let heading = header_of(token, types, &ALGORITHMS)?;
        let key = self.key(heading.key_id.as_deref(), heading.algorithm, now).await?;
        Ok(read_with(token, &key, heading.algorithm)?)
    }

    async fn key(
        &self,
        id: Option<&str>,
        algorithm: Algorithm,
        now: Timestamp,
    ) -> Result<Jwk, ProviderFault> {
        let metadata = self.metadata(now).await?;
        let found = self.keys.find(&self.line, &metadata.jwks_uri, id, algorithm, now).await?;
        found.ok_or(ProviderFault::Untrusted(Untrusted::UnknownKey))
    }
}
