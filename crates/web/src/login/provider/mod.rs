//! A login provider as we see it: what it says of itself, the keys it publishes, and the line to it.

mod fault;
mod line;
mod metadata;
mod published;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, jwk::Jwk};
use reqwest::Url;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

pub(super) use fault::ProviderFault;
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

/// How long what a provider says of itself is believed before it is asked again.
const METADATA_LASTS: SignedDuration = SignedDuration::from_hours(1);

/// A provider: an issuer of tokens.
#[derive(Debug)]
pub(super) struct Provider {
    issuer: String,
    well_known: Url,
    line: Line,
    metadata: Mutex<Option<(Timestamp, Arc<Metadata>)>>,
    keys: Published,
}

impl Provider {
    /// The provider that calls itself this. Nothing is asked for yet.
    pub(super) fn new(issuer: &str) -> Result<Self, SettingFault> {
        let url = safe_url(issuer).map_err(|says| SettingFault { setting: "issuer", says })?;
        let well_known = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let well_known = safe_url(&well_known).map_err(|says| SettingFault { setting: "issuer", says })?;
        let line = Line::new(&url).map_err(|says| SettingFault { setting: "issuer", says })?;
        let (metadata, keys) = (Mutex::default(), Published::default());
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

    /// What it says of itself, at most an hour old; older only while it is out of reach.
    pub(super) async fn metadata(&self, now: Timestamp) -> Result<Arc<Metadata>, ProviderFault> {
        let mut kept = self.metadata.lock().await;
        if let Some((at, metadata)) = kept.as_ref()
            && now.duration_since(*at) < METADATA_LASTS
        {
            return Ok(Arc::clone(metadata));
        }
        match self.fetch_metadata().await {
            Ok(metadata) => {
                *kept = Some((now, Arc::clone(&metadata)));
                Ok(metadata)
            }
            Err(fault) => self.older(kept.as_ref(), fault),
        }
    }

    async fn fetch_metadata(&self) -> Result<Arc<Metadata>, ProviderFault> {
        let read = self.line.get(&self.well_known).await?;
        Ok(Arc::new(Metadata::read(&read, &self.issuer)?))
    }

    /// What was said before, if the provider is only out of reach.
    fn older(
        &self,
        kept: Option<&(Timestamp, Arc<Metadata>)>,
        fault: ProviderFault,
    ) -> Result<Arc<Metadata>, ProviderFault> {
        let Some((_, metadata)) = kept.filter(|_| fault.is_passing()) else { return Err(fault) };
        tracing::warn!(issuer = self.issuer, %fault, "the login provider can't be asked: what it said before holds");
        Ok(Arc::clone(metadata))
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
