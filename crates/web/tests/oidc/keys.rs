//! Keys that are made for a test.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, EncodingKey, Header, encode,
    jwk::{Jwk, ThumbprintHash},
};
use samspill_web::login::SigningKey;
use serde_json::{Value, json};

/// An elliptic key with an id.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) encoding: EncodingKey,
    public: Jwk,
    pem: String,
}

impl Key {
    pub(crate) fn new(id: &str) -> Self {
        let made =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        let encoding = EncodingKey::from_ec_der(made.as_ref());
        let mut public = Jwk::from_encoding_key(&encoding, Algorithm::ES256).unwrap();
        public.common.key_id = Some(id.to_owned());
        let text = base64::engine::general_purpose::STANDARD.encode(made.as_ref());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n");
        Self { id: id.to_owned(), encoding, public, pem }
    }

    pub(crate) fn signing(&self) -> SigningKey {
        SigningKey::from_pem(&self.pem, Some(&self.id)).unwrap()
    }

    pub(crate) fn public(&self) -> Value {
        serde_json::to_value(&self.public).unwrap()
    }

    pub(crate) fn thumbprint(&self) -> String {
        self.public.thumbprint(ThumbprintHash::SHA256).unwrap()
    }

    /// Signs claims, as this kind of token.
    pub(crate) fn sign(&self, typ: &str, claims: &Value) -> String {
        let header =
            Header { typ: Some(typ.to_owned()), kid: Some(self.id.clone()), ..Header::new(Algorithm::ES256) };
        encode(&header, claims, &self.encoding).unwrap()
    }

    /// Signs claims under a header that is written as it stands.
    pub(crate) fn sign_under(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", part(header), part(claims));
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &self.encoding, Algorithm::ES256).unwrap();
        format!("{message}.{signature}")
    }
}

/// A part of a token.
pub(crate) fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A token that nobody signed.
pub(crate) fn unsigned(claims: &Value) -> String {
    format!("{}.{}.", part(&json!({"alg": "none", "typ": "JWT"})), part(claims))
}

/// A token signed with a secret that anybody knows: the provider's public key.
pub(crate) fn shared_secret(key: &Key, claims: &Value) -> String {
    let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::HS256) };
    encode(&header, claims, &EncodingKey::from_secret(key.public().to_string().as_bytes())).unwrap()
}
