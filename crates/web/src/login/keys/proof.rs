//! Proof that the one who sends a token is the one it was made for (`DPoP`, RFC 9449): the half that proves.

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

use super::KeyFault;

/// The type of a proof.
pub(in crate::login) const PROOF_TYPE: &str = "dpop+jwt";

/// A key that lives as long as one login, and what is signed with it.
pub(in crate::login) struct Prover {
    der: Vec<u8>,
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
    nonce: Option<&'a str>,
}

impl Prover {
    /// A new key.
    pub(in crate::login) fn new() -> Result<Self, KeyFault> {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        Self::of(made.map_err(|_| KeyFault::new("no key could be made"))?.as_ref())
    }

    /// The key that was written with [`Prover::written`].
    pub(in crate::login) fn read(text: &str) -> Result<Self, KeyFault> {
        Self::of(&URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyFault::new("it isn't base64url"))?)
    }

    fn of(der: &[u8]) -> Result<Self, KeyFault> {
        let key = EncodingKey::from_ec_der(der);
        let public = Jwk::from_encoding_key(&key, Algorithm::ES256)
            .map_err(|_| KeyFault::new("the key that was made can't be used"))?;
        Ok(Self { der: der.to_vec(), key, public })
    }

    /// The private key as text, to be sealed.
    pub(in crate::login) fn written(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.der)
    }

    /// The thumbprint of the public key (RFC 7638), by which tokens are bound to it.
    pub(in crate::login) fn thumbprint(&self) -> Result<String, KeyFault> {
        self.public.thumbprint(ThumbprintHash::SHA256).map_err(|_| KeyFault::new("the key has no thumbprint"))
    }

    /// The proof for one `POST` to this address.
    pub(in crate::login) fn proof(
        &self,
        url: &str,
        nonce: Option<&str>,
        now: Timestamp,
    ) -> Result<String, KeyFault> {
        let claims = Claims {
            jti: Uuid::new_v4().to_string(),
            htm: "POST",
            htu: url.split(['?', '#']).next().unwrap_or_default(),
            iat: now.as_second(),
            nonce,
        };
        let header = Header {
            typ: Some(PROOF_TYPE.to_owned()),
            jwk: Some(self.public.clone()),
            ..Header::new(Algorithm::ES256)
        };
        encode(&header, &claims, &self.key).map_err(|_| KeyFault::new("it can't sign a proof"))
    }
}

/// How a proof names the token that goes with it (`ath`).
pub(in crate::login) fn token_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes()))
}
