//! Signed tokens of others, read without trusting what they say of themselves.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, Validation, decode, jwk::Jwk};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The longest token that is read, in bytes. Exactly as many are read.
const TOKEN_BYTES_MAX: usize = 32 << 10;

/// Why what a token says isn't believed. Nothing in it comes from the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::login) enum Untrusted {
    /// Not three parts of which the first is a header.
    #[error("it isn't a signed token")]
    Shape,
    /// Unsigned, signed with a shared secret, or otherwise than is agreed.
    #[error("it is signed in a way that isn't agreed")]
    Algorithm,
    /// For another use, by its type.
    #[error("it is a token of another type")]
    Type,
    /// It demands what we don't know (`crit`).
    #[error("it demands extensions that are unknown here")]
    Critical,
    /// No key of the provider's has this id.
    #[error("it is signed with a key that the provider doesn't publish")]
    UnknownKey,
    /// The signature isn't the key's, or its content isn't what such a token holds.
    #[error("its signature or its content doesn't hold")]
    Signature,
    /// Another issuer's.
    #[error("another issuer made it")]
    Issuer,
    /// For somebody else.
    #[error("it was made for another receiver")]
    Audience,
    /// Several receivers, and we aren't the one who may use it.
    #[error("another client may use it")]
    Party,
    /// Too old.
    #[error("it has expired")]
    Expired,
    /// Made in the future, or too long ago.
    #[error("it was made at a time that can't be right")]
    Made,
    /// Made for another login.
    #[error("it was made for another login")]
    Nonce,
    /// It goes with another access token.
    #[error("it goes with another access token")]
    AccessToken,
    /// It lacks a claim that is demanded here.
    #[error("it lacks what is demanded here, or says otherwise")]
    Demand,
}

/// The header of a token, with what is believed of it: nothing but which key to look for.
#[derive(Clone, Debug)]
pub(in crate::login) struct Heading {
    /// How it says it is signed; one of those that are agreed.
    pub(in crate::login) algorithm: Algorithm,
    /// The key's id.
    pub(in crate::login) key_id: Option<String>,
    /// The key it brings along. Trusted by nobody: a proof proves only that the sender has it.
    pub(in crate::login) key: Option<Value>,
}

/// Reads the header of a token that must have one of these types and algorithms.
///
/// A type is compared without case and without `application/`. Without `types`, any will do.
pub(in crate::login) fn header_of(
    token: &str,
    types: Option<&[&str]>,
    algorithms: &[Algorithm],
) -> Result<Heading, Untrusted> {
    let header = raw_header(token)?;
    if header.get("crit").is_some() || header.get("b64").is_some() {
        return Err(Untrusted::Critical);
    }
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    let algorithm = text("alg").and_then(|name| name.parse().ok()).ok_or(Untrusted::Algorithm)?;
    if !algorithms.contains(&algorithm) {
        return Err(Untrusted::Algorithm);
    }
    if types.is_some_and(|types| !has_type(text("typ"), types)) {
        return Err(Untrusted::Type);
    }
    Ok(Heading { algorithm, key_id: text("kid").map(str::to_owned), key: header.get("jwk").cloned() })
}

fn has_type(typ: Option<&str>, types: &[&str]) -> bool {
    let typ = typ.unwrap_or_default().to_ascii_lowercase();
    let short = typ.strip_prefix("application/").unwrap_or(&typ);
    types.contains(&short)
}

fn raw_header(token: &str) -> Result<Value, Untrusted> {
    let parts: Vec<&str> = token.splitn(4, '.').collect();
    if token.len() > TOKEN_BYTES_MAX || parts.len() != 3 || parts.iter().take(2).any(|part| part.is_empty()) {
        return Err(Untrusted::Shape);
    }
    let bytes = URL_SAFE_NO_PAD.decode(parts[0]).map_err(|_| Untrusted::Shape)?;
    let header: Value = serde_json::from_slice(&bytes).map_err(|_| Untrusted::Shape)?;
    if header.is_object() { Ok(header) } else { Err(Untrusted::Shape) }
}

/// The claims of a token that this key signed in this way. Times and receivers are the caller's to check.
pub(in crate::login) fn read_with<Claims: DeserializeOwned>(
    token: &str,
    key: &Jwk,
    algorithm: Algorithm,
) -> Result<Claims, Untrusted> {
    let key = DecodingKey::from_jwk(key).map_err(|_| Untrusted::UnknownKey)?;
    let family = algorithm.family();
    if family == AlgorithmFamily::Hmac || key.family() != family {
        return Err(Untrusted::Algorithm);
    }
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    decode(token, &key, &validation).map(|read| read.claims).map_err(|_| Untrusted::Signature)
}
