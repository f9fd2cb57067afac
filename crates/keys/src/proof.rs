//! Proof that the one who sends a token is the one it was made for (`DPoP`, RFC 9449): the half that proves.

use std::fmt;

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jsonwebtoken::{
    Algorithm, EncodingKey, Header, encode,
    jwk::{Jwk, ThumbprintHash},
};
use serde::Serialize;
use uuid::Uuid;

use crate::KeyFault;

/// The type of a proof.
pub const PROOF_TYPE: &str = "dpop+jwt";

/// A key that tokens are bound to, and what is signed with it. Its `Debug` keeps the secret.
pub struct Prover {
    der: Vec<u8>,
    key: EncodingKey,
    public: Jwk,
}

/// A request that a proof is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proved<'a> {
    /// Its method: `GET`.
    pub method: &'a str,
    /// Its whole address. What follows `?` or `#` is no part of the proof.
    pub url: &'a str,
    /// The token that it carries, if it carries one.
    pub token: Option<&'a str>,
    /// The last nonce that its receiver gave us.
    pub nonce: Option<&'a str>,
}

#[derive(Serialize)]
struct Claims<'a> {
    jti: String,
    htm: &'a str,
    htu: &'a str,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
}

impl Prover {
    /// A new key. Tokens are bound to it, and both are forgotten together.
    ///
    /// # Errors
    /// The library makes none.
    pub fn new() -> Result<Self, KeyFault> {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        Self::of(made.map_err(|_| KeyFault::new("no key could be made"))?.as_ref())
    }

    /// The key that was written with [`Prover::written`].
    ///
    /// # Errors
    /// It isn't one.
    pub fn read(text: &str) -> Result<Self, KeyFault> {
        Self::of(&URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyFault::new("it isn't base64url"))?)
    }

    fn of(der: &[u8]) -> Result<Self, KeyFault> {
        let key = EncodingKey::from_ec_der(der);
        let public = Jwk::from_encoding_key(&key, Algorithm::ES256)
            .map_err(|_| KeyFault::new("the key that was made can't be used"))?;
        Ok(Self { der: der.to_vec(), key, public })
    }

    /// The private key as text, to be sealed.
    pub fn written(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.der)
    }

    /// The thumbprint of the public key (RFC 7638), by which tokens are bound to it.
    ///
    /// # Errors
    /// The library can't read its own key.
    pub fn thumbprint(&self) -> Result<String, KeyFault> {
        self.public.thumbprint(ThumbprintHash::SHA256).map_err(|_| KeyFault::new("the key has no thumbprint"))
    }

    /// The proof for one request, which is good for that request only.
    ///
    /// # Errors
    /// The key can't sign.
    pub fn proof(&self, proved: Proved<'_>, now: Timestamp) -> Result<String, KeyFault> {
        let claims = Claims {
            jti: Uuid::new_v4().to_string(),
            htm: proved.method,
            htu: proved.url.split(['?', '#']).next().unwrap_or_default(),
            iat: now.as_second(),
            ath: proved.token.map(token_hash),
            nonce: proved.nonce,
        };
        let header = Header {
            typ: Some(PROOF_TYPE.to_owned()),
            jwk: Some(self.public.clone()),
            ..Header::new(Algorithm::ES256)
        };
        encode(&header, &claims, &self.key).map_err(|_| KeyFault::new("it can't sign a proof"))
    }
}

impl fmt::Debug for Prover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prover").finish_non_exhaustive()
    }
}

/// How a proof names the token that goes with it (`ath`).
pub fn token_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes()))
}
