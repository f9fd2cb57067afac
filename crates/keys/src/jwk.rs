//! Private keys written as JWK (RFC 7517), turned into what the library for signing reads.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde::Deserialize;

use crate::KeyFault;

/// Bytes of a number of P-256.
const P256_BYTES: usize = 32;

#[derive(Deserialize)]
struct Written {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    d: Option<String>,
    p: Option<String>,
    q: Option<String>,
    dp: Option<String>,
    dq: Option<String>,
    qi: Option<String>,
}

/// The key, how it signs, and its id.
pub(super) fn private(json: &str) -> Result<(EncodingKey, Algorithm, Option<String>), KeyFault> {
    let written: Written = serde_json::from_str(json).map_err(|error| {
        KeyFault::new(format!("it isn't a JWK (line {}): write one as JSON", error.line()))
    })?;
    let (key, algorithm) = match written.kty.as_str() {
        "EC" => (elliptic(&written)?, Algorithm::ES256),
        "RSA" => (rsa(&written)?, rsa_algorithm(&written)?),
        _ => return Err(KeyFault::new("`kty` isn't EC or RSA")),
    };
    Ok((key, algorithm, written.kid))
}

fn rsa_algorithm(written: &Written) -> Result<Algorithm, KeyFault> {
    match written.alg.as_deref() {
        None | Some("PS256") => Ok(Algorithm::PS256),
        Some("PS384") => Ok(Algorithm::PS384),
        Some("PS512") => Ok(Algorithm::PS512),
        Some("RS256") => Ok(Algorithm::RS256),
        Some(_) => Err(KeyFault::new("`alg` isn't PS256, PS384, PS512 or RS256")),
    }
}

fn elliptic(written: &Written) -> Result<EncodingKey, KeyFault> {
    if written.crv.as_deref() != Some("P-256") {
        return Err(KeyFault::new("`crv` isn't P-256"));
    }
    let [d, x, y] = [("d", &written.d), ("x", &written.x), ("y", &written.y)]
        .map(|(name, part)| bytes(name, part.as_ref()));
    let (d, x, y) = (d?, x?, y?);
    if [&d, &x, &y].iter().any(|part| part.len() != P256_BYTES) {
        return Err(KeyFault::new("`d`, `x` and `y` must have 32 bytes each"));
    }
    let point = [&[4], x.as_slice(), y.as_slice()].concat();
    let pair = EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, &d, &point)
        .map_err(|_| KeyFault::new("`d`, `x` and `y` don't belong together"))?;
    let der = pair.to_pkcs8v1().map_err(|_| KeyFault::new("it can't be written as PKCS #8"))?;
    Ok(EncodingKey::from_ec_der(der.as_ref()))
}

/// The parts in the order of PKCS #1, as DER.
fn rsa(written: &Written) -> Result<EncodingKey, KeyFault> {
    let parts = [
        ("n", &written.n),
        ("e", &written.e),
        ("d", &written.d),
        ("p", &written.p),
        ("q", &written.q),
        ("dp", &written.dp),
        ("dq", &written.dq),
        ("qi", &written.qi),
    ];
    let mut numbers = integer(&[0]);
    for (name, part) in parts {
        numbers.extend(integer(&bytes(name, part.as_ref())?));
    }
    Ok(EncodingKey::from_rsa_der(&tagged(0x30, &numbers)))
}

/// A DER `INTEGER` that isn't negative.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let digits = &bytes[start..];
    let needs_zero = digits.first().is_none_or(|first| *first >= 0x80);
    let zero: &[u8] = if needs_zero { &[0] } else { &[] };
    tagged(0x02, &[zero, digits].concat())
}

fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let digits = &length[length.iter().position(|byte| *byte != 0).unwrap_or(length.len() - 1)..];
    let mut der = vec![tag];
    if content.len() >= 0x80 {
        der.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
    }
    der.extend_from_slice(digits);
    der.extend_from_slice(content);
    der
}

fn bytes(name: &str, part: Option<&String>) -> Result<Vec<u8>, KeyFault> {
    let part = part.ok_or_else(|| KeyFault::new(format!("`{name}` is missing")))?;
    URL_SAFE_NO_PAD
        .decode(part.trim_end_matches('='))
        .map_err(|_| KeyFault::new(format!("`{name}` isn't base64url")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_der_has_them() {
        assert_eq!(integer(&[0]), [2, 1, 0]);
        assert_eq!(integer(&[0, 0x7F]), [2, 1, 0x7F]);
        assert_eq!(integer(&[0x80]), [2, 2, 0, 0x80]);
    }

    #[test]
    fn lengths_are_written_as_der_has_them() {
        let head = |length: usize, count: usize| tagged(0x30, &vec![0; length])[..count].to_vec();
        assert_eq!(head(0x7F, 2), [0x30, 0x7F]);
        assert_eq!(head(0x80, 3), [0x30, 0x81, 0x80]);
        assert_eq!(head(0x100, 4), [0x30, 0x82, 1, 0]);
    }

    #[test]
    fn a_key_that_lacks_something_says_what() {
        let says = |json: &str| private(json).err().map(|fault| fault.says).unwrap_or_default();
        assert!(says("{").contains("isn't a JWK"));
        assert!(says(r#"{"kty":"oct"}"#).contains("`kty`"));
        assert!(says(r#"{"kty":"EC","crv":"P-384"}"#).contains("`crv`"));
        assert!(says(r#"{"kty":"EC","crv":"P-256","d":"AA","x":"AA"}"#).contains("`y` is missing"));
        assert!(says(r#"{"kty":"EC","crv":"P-256","d":"A*","x":"AA","y":"AA"}"#).contains("`d` isn't"));
        assert!(says(r#"{"kty":"EC","crv":"P-256","d":"AA","x":"AA","y":"AA"}"#).contains("32 bytes"));
        assert!(says(r#"{"kty":"RSA","alg":"none"}"#).contains("missing"));
    }
}
