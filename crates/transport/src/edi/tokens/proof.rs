//! Proof that the one who sends a token is the one it was made for (`DPoP`, RFC 9449).

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use serde::Serialize;
use uuid::Uuid;

use super::{Ask, KeyFault, TokenFault};

/// A key that lives as long as the program, and what is signed with it.
#[derive(Debug)]
pub(super) struct Prover {
    key: EncodingKey,
    public: Jwk,
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
    pub(super) fn new() -> Result<Self, KeyFault> {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        let key = EncodingKey::from_ec_der(made.map_err(|_| KeyFault::new("no key could be made"))?.as_ref());
        let public = Jwk::from_encoding_key(&key, Algorithm::ES256)
            .map_err(|error| KeyFault::new(format!("the key that was made can't be used: {error}")))?;
        Ok(Self { key, public })
    }

    /// The proof for one request, with the token that it carries if it carries one.
    pub(super) fn proof(
        &self,
        ask: Ask<'_>,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<String, TokenFault> {
        let claims = Claims {
            jti: Uuid::new_v4().to_string(),
            htm: ask.method,
            htu: ask.url.split(['?', '#']).next().unwrap_or_default(),
            iat: now.as_second(),
            ath: token.map(|token| URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes()))),
            nonce: ask.nonce,
        };
        let header = Header {
            typ: Some("dpop+jwt".to_owned()),
            jwk: Some(self.public.clone()),
            ..Header::new(Algorithm::ES256)
        };
        encode(&header, &claims, &self.key).map_err(|error| TokenFault::new(format!("no proof: {error}")))
    }
}
