//! What an identity token must hold (`OpenID` Connect Core section 3.1.3.7).

use aws_lc_rs::digest::{Algorithm as Digest, SHA256, SHA384, SHA512, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::SKEW;
use crate::login::keys::Untrusted;

/// The oldest identity token that is taken.
const MADE_AGO_MAX: SignedDuration = SignedDuration::from_mins(10);

/// One receiver or several.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(untagged)]
pub(in crate::login) enum Audience {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Audience {
    /// Whether this is one of them.
    pub(in crate::login) fn holds(&self, receiver: &str) -> bool {
        match self {
            Self::One(one) => one == receiver,
            Self::Many(many) => many.iter().any(|one| one == receiver),
        }
    }

    fn is_only(&self, receiver: &str) -> bool {
        match self {
            Self::One(one) => one == receiver,
            Self::Many(many) => many.iter().all(|one| one == receiver) && !many.is_empty(),
        }
    }
}

/// What an identity token says.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    at_hash: Option<String>,
    pub(super) sid: Option<String>,
    #[serde(flatten)]
    pub(super) more: Map<String, Value>,
}

/// What an identity token is held against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'e> {
    pub(super) issuer: &'e str,
    pub(super) client: &'e str,
    pub(super) nonce: &'e str,
    pub(super) access_token: &'e str,
    pub(super) algorithm: Algorithm,
    pub(super) now: Timestamp,
}

impl Claims {
    /// Whether all of it holds. Exactly at its end a token is still good, and so is one whose clock is 30 seconds off.
    pub(super) fn check(&self, expected: &Expected<'_>) -> Result<(), Untrusted> {
        if self.iss != expected.issuer || self.sub.is_empty() {
            return Err(Untrusted::Issuer);
        }
        self.check_receiver(expected.client)?;
        check_times(self.iat, self.nbf, self.exp, expected.now, MADE_AGO_MAX)?;
        if self.nonce.as_deref() != Some(expected.nonce) {
            return Err(Untrusted::Nonce);
        }
        let hash = half_hash(expected.access_token, expected.algorithm);
        if self.at_hash.as_ref().is_some_and(|named| *named != hash) {
            return Err(Untrusted::AccessToken);
        }
        Ok(())
    }

    fn check_receiver(&self, client: &str) -> Result<(), Untrusted> {
        if !self.aud.holds(client) {
            return Err(Untrusted::Audience);
        }
        match self.azp.as_deref() {
            Some(party) if party != client => Err(Untrusted::Party),
            None if !self.aud.is_only(client) => Err(Untrusted::Party),
            Some(_) | None => Ok(()),
        }
    }

    /// A claim as text: numbers and yes or no are written out.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.more.get(name)? {
            Value::String(text) => Some(text.clone()),
            value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// Whether times of a token hold, with clocks that may differ by 30 seconds: made at most `ago` before now and not after it, in force, not expired.
pub(in crate::login) fn check_times(
    made: i64,
    from: Option<i64>,
    until: i64,
    now: Timestamp,
    ago: SignedDuration,
) -> Result<(), Untrusted> {
    let (now, skew) = (now.as_second(), SKEW.as_secs());
    if until.saturating_add(skew) < now {
        return Err(Untrusted::Expired);
    }
    let is_early =
        made.saturating_sub(skew) > now || from.is_some_and(|from| from.saturating_sub(skew) > now);
    if is_early || made.saturating_add(ago.as_secs()).saturating_add(skew) < now {
        return Err(Untrusted::Made);
    }
    Ok(())
}

/// The left half of the hash of an access token, by the hash of the identity token's signature.
fn half_hash(access_token: &str, algorithm: Algorithm) -> String {
    let hash = digest(hash_of(algorithm), access_token.as_bytes());
    let half = &hash.as_ref()[..hash.as_ref().len() / 2];
    URL_SAFE_NO_PAD.encode(half)
}

fn hash_of(algorithm: Algorithm) -> &'static Digest {
    if matches!(algorithm, Algorithm::ES384 | Algorithm::RS384 | Algorithm::PS384) {
        &SHA384
    } else if matches!(algorithm, Algorithm::RS512 | Algorithm::PS512 | Algorithm::EdDSA) {
        &SHA512
    } else {
        &SHA256
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn check(name: &str, value: Value) -> Result<(), Untrusted> {
        let mut claims = json!({
            "iss": "https://login.example", "sub": "p1", "aud": "samspill", "exp": NOW + 60, "iat": NOW, "nonce": "n",
        });
        claims[name] = value;
        let claims: Claims = serde_json::from_value(claims).map_err(|_| Untrusted::Signature)?;
        let now = Timestamp::from_second(NOW).unwrap();
        claims.check(&Expected {
            issuer: "https://login.example",
            client: "samspill",
            nonce: "n",
            access_token: "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
            algorithm: Algorithm::RS256,
            now,
        })
    }

    #[test]
    fn receiver_and_issuer_must_be_ours() {
        let rows = [
            ("iss", json!("https://login.example"), Ok(())),
            ("iss", json!("https://login.example/"), Err(Untrusted::Issuer)),
            ("sub", json!(""), Err(Untrusted::Issuer)),
            ("aud", json!(["samspill"]), Ok(())),
            ("aud", json!("other"), Err(Untrusted::Audience)),
            ("aud", json!([]), Err(Untrusted::Audience)),
            ("aud", json!(["samspill", "other"]), Err(Untrusted::Party)),
            ("azp", json!("samspill"), Ok(())),
            ("azp", json!("other"), Err(Untrusted::Party)),
        ];
        for (name, value, expected) in rows {
            assert_eq!(check(name, value.clone()), expected, "{name} {value}");
        }
    }

    #[test]
    fn times_hold_to_the_second_with_30_seconds_for_clocks() {
        let rows = [
            ("exp", NOW - 30, Ok(())),
            ("exp", NOW - 31, Err(Untrusted::Expired)),
            ("iat", NOW + 30, Ok(())),
            ("iat", NOW + 31, Err(Untrusted::Made)),
            ("iat", NOW - 630, Ok(())),
            ("iat", NOW - 631, Err(Untrusted::Made)),
            ("nbf", NOW + 30, Ok(())),
            ("nbf", NOW + 31, Err(Untrusted::Made)),
            ("exp", i64::MIN, Err(Untrusted::Expired)),
            ("iat", i64::MAX, Err(Untrusted::Made)),
        ];
        for (name, value, expected) in rows {
            assert_eq!(check(name, json!(value)), expected, "{name} {}", value.saturating_sub(NOW));
        }
    }

    #[test]
    fn the_nonce_must_be_there_and_ours() {
        assert_eq!(check("nonce", json!("m")), Err(Untrusted::Nonce));
        assert_eq!(check("nonce", Value::Null), Err(Untrusted::Nonce));
    }

    #[test]
    fn a_hash_of_the_access_token_must_be_of_ours() {
        // The example of OpenID Connect Core, appendix A.3.
        assert_eq!(check("at_hash", json!("77QmUPtjPfzWtF2AnpK9RQ")), Ok(()));
        assert_eq!(check("at_hash", json!("77QmUPtjPfzWtF2AnpK9RR")), Err(Untrusted::AccessToken));
    }

    #[test]
    fn what_must_be_there_must_be_there() {
        for name in ["iss", "sub", "aud", "exp", "iat"] {
            assert_eq!(check(name, Value::Null), Err(Untrusted::Signature), "{name}");
        }
        assert_eq!(check("exp", json!("soon")), Err(Untrusted::Signature));
    }
}
