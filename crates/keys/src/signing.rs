use std::fmt;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use serde::Serialize;

use crate::jwk;

/// A key by which a login provider knows us: elliptic (ES256) or RSA (PS256). Its `Debug` keeps the secret.
#[derive(Clone)]
pub struct SigningKey {
    key: EncodingKey,
    algorithm: Algorithm,
    id: Option<String>,
}

/// A key that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key can't be used: {says}")]
pub struct KeyFault {
    /// Why, and what to write instead; nothing of the key.
    pub says: String,
}

impl KeyFault {
    pub(crate) fn new(says: impl Into<String>) -> Self {
        Self { says: says.into() }
    }
}

impl SigningKey {
    /// A private JWK: `EC` with the curve P-256, or `RSA` with all its parts. Its `kid` is sent along.
    ///
    /// # Errors
    /// It isn't one, or its parts don't belong together.
    pub fn from_jwk(json: &str) -> Result<Self, KeyFault> {
        let (key, algorithm, id) = jwk::private(json)?;
        Self::checked(key, algorithm, id)
    }

    /// A private key as PEM (`BEGIN PRIVATE KEY`, or `BEGIN RSA PRIVATE KEY`), with the id that it is registered under.
    ///
    /// # Errors
    /// It isn't one, or of another kind.
    pub fn from_pem(pem: &str, id: Option<&str>) -> Result<Self, KeyFault> {
        let elliptic = EncodingKey::from_ec_pem(pem.as_bytes()).map(|key| (key, Algorithm::ES256));
        let rsa = |_| EncodingKey::from_rsa_pem(pem.as_bytes()).map(|key| (key, Algorithm::PS256));
        let (key, algorithm) = elliptic.or_else(rsa).map_err(|_| {
            KeyFault::new(
                "it isn't PEM with an elliptic (P-256) or RSA private key: write one that begins with BEGIN PRIVATE KEY",
            )
        })?;
        Self::checked(key, algorithm, id.map(str::to_owned))
    }

    /// The keys of a file: PEM, one private JWK, or a set of them (`{"keys": […]}`) of which the first signs.
    ///
    /// # Errors
    /// One of them can't be used, or there is none.
    pub fn from_file(text: &str) -> Result<Vec<Self>, KeyFault> {
        if !text.trim_start().starts_with('{') {
            return Ok(vec![Self::from_pem(text, None)?]);
        }
        let written: serde_json::Value =
            serde_json::from_str(text).map_err(|_| KeyFault::new("it is neither PEM nor JSON"))?;
        let Some(keys) = written.get("keys").and_then(|keys| keys.as_array()) else {
            return Ok(vec![Self::from_jwk(text)?]);
        };
        if keys.is_empty() {
            return Err(KeyFault::new("the set has no key"));
        }
        keys.iter().map(|key| Self::from_jwk(&key.to_string())).collect()
    }

    /// Signs once, so that a key that can't is found when it is read.
    fn checked(key: EncodingKey, algorithm: Algorithm, id: Option<String>) -> Result<Self, KeyFault> {
        let signing = Self { key, algorithm, id };
        let works =
            Jwk::from_encoding_key(&signing.key, algorithm).is_ok() && signing.sign("JWT", &()).is_ok();
        let says = "its parts don't belong together, or it isn't P-256 or RSA";
        if works { Ok(signing) } else { Err(KeyFault::new(says)) }
    }

    /// These claims as a signed token (JWS) of this type (`typ`).
    ///
    /// # Errors
    /// The claims can't be written as JSON, or the key can't sign.
    pub fn sign(&self, typ: &str, claims: &impl Serialize) -> Result<String, KeyFault> {
        let header =
            Header { typ: Some(typ.to_owned()), kid: self.id.clone(), ..Header::new(self.algorithm) };
        encode(&header, claims, &self.key).map_err(|error| KeyFault::new(format!("it can't sign: {error}")))
    }

    /// The public half, as it is registered at a provider.
    ///
    /// # Errors
    /// The library can't read its own key.
    pub fn public(&self) -> Result<serde_json::Value, KeyFault> {
        let unreadable = |_| KeyFault::new("its public half can't be read");
        let mut jwk = Jwk::from_encoding_key(&self.key, self.algorithm).map_err(unreadable)?;
        jwk.common.key_id.clone_from(&self.id);
        serde_json::to_value(jwk).map_err(|_| KeyFault::new("its public half can't be written"))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
