use axum::http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{
    Algorithm,
    jwk::{AlgorithmParameters, Jwk, ThumbprintHash},
};
use reqwest::Url;
use serde::Deserialize;
use serde_json::Value;

use super::NotMachine;
use crate::login::{
    keys::{PROOF_TYPE, header_of, read_with, token_hash},
    secret::{Secrets, same},
};

/// The header of proofs.
const PROOF_HEADER: &str = "DPoP";

/// The header that a nonce is given in.
pub(in crate::login) const NONCE_HEADER: &str = "DPoP-Nonce";

/// How far the time of a proof may be from ours, either way.
const PROOF_WITHIN: SignedDuration = SignedDuration::from_secs(60);

/// How long a nonce is good.
const NONCE_LASTS: SignedDuration = SignedDuration::from_mins(5);

/// The longest id of a proof, in bytes.
const ID_BYTES_MAX: usize = 200;

/// How proofs may be signed.
const ALGORITHMS: [Algorithm; 5] =
    [Algorithm::ES256, Algorithm::ES384, Algorithm::PS256, Algorithm::RS256, Algorithm::EdDSA];

/// What marks nonces as ours.
const PURPOSE: &str = "samspill dpop nonce";

/// What a proof must be for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'w> {
    pub(super) method: &'w str,
    /// Without query.
    pub(super) address: &'w str,
    pub(super) token: &'w str,
    /// The thumbprint of the key that the token is bound to.
    pub(super) key: &'w str,
    pub(super) now: Timestamp,
}

/// A proof that is for its request, its token and its key, and of now.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Proof {
    jti: String,
    htm: String,
    htu: String,
    iat: i64,
    ath: Option<String>,
    nonce: Option<String>,
}

impl Proof {
    /// The proof of a request.
    pub(super) fn of(headers: &HeaderMap, wanted: &Wanted<'_>) -> Result<Self, NotMachine> {
        let text = single(headers).ok_or(NotMachine::Proof("the header DPoP must be there once"))?;
        let heading = header_of(text, Some(&[PROOF_TYPE]), &ALGORITHMS)
            .map_err(|_| NotMachine::Proof("its header isn't that of a proof"))?;
        let key = public_key(heading.key)
            .ok_or(NotMachine::Proof("it must hold a public key, and no private one"))?;
        let proof: Self = read_with(text, &key, heading.algorithm)
            .map_err(|_| NotMachine::Proof("its signature or its content doesn't hold"))?;
        let thumbprint = key.thumbprint(ThumbprintHash::SHA256);
        if !thumbprint.is_ok_and(|thumbprint| same(&thumbprint, wanted.key)) {
            return Err(NotMachine::Proof("the token is bound to another key"));
        }
        proof.check(wanted)?;
        Ok(proof)
    }

    fn check(&self, wanted: &Wanted<'_>) -> Result<(), NotMachine> {
        let made_ago = wanted.now.as_second().saturating_sub(self.iat).saturating_abs();
        let complaint = if self.htm != wanted.method {
            "it is for another method"
        } else if !is_address(&self.htu, wanted.address) {
            "it is for another address"
        } else if made_ago > PROOF_WITHIN.as_secs() {
            "it was made at another time: look at the clock"
        } else if self.ath.as_deref() != Some(token_hash(wanted.token).as_str()) {
            "it is for another token"
        } else if self.jti.is_empty() || self.jti.len() > ID_BYTES_MAX {
            "its id (`jti`) is empty or too long"
        } else {
            return Ok(());
        };
        Err(NotMachine::Proof(complaint))
    }

    pub(super) fn id(&self) -> &str {
        &self.jti
    }

    pub(super) fn nonce(&self) -> Option<&str> {
        self.nonce.as_deref()
    }
}

fn single(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(PROOF_HEADER).iter();
    let first = all.next()?;
    first.to_str().ok().filter(|_| all.next().is_none())
}

/// The key that a proof brings along.
fn public_key(written: Option<Value>) -> Option<Jwk> {
    let written = written?;
    if ["d", "p", "q", "dp", "dq", "qi", "k"].iter().any(|part| written.get(part).is_some()) {
        return None;
    }
    let key: Jwk = serde_json::from_value(written).ok()?;
    let is_public = matches!(
        key.algorithm,
        AlgorithmParameters::RSA(_)
            | AlgorithmParameters::EllipticCurve(_)
            | AlgorithmParameters::OctetKeyPair(_)
    );
    is_public.then_some(key)
}

/// Whether two addresses are the same but for query and fragment (RFC 9449 section 4.3).
fn is_address(named: &str, wanted: &str) -> bool {
    let bare = |address: &str| {
        let mut url = Url::parse(address).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        Some(url)
    };
    bare(named).is_some_and(|named| Some(named) == bare(wanted))
}

/// A nonce: when it was made, and the mark that we made it.
pub(super) fn nonce(secrets: &Secrets, now: Timestamp) -> Option<String> {
    let made = now.as_second().to_string();
    let mark = secrets.mark(PURPOSE, made.as_bytes())?;
    Some(format!("{made}.{mark}"))
}

/// Whether a nonce is ours and at most five minutes old. One from the future is another node's, whose clock may be a minute ahead.
pub(super) fn is_nonce(secrets: &Secrets, nonce: &str, now: Timestamp) -> bool {
    let Some((made, mark)) = nonce.split_once('.') else { return false };
    let Ok(second) = made.parse::<i64>() else { return false };
    let age = now.as_second().saturating_sub(second);
    let is_recent = (-PROOF_WITHIN.as_secs()..=NONCE_LASTS.as_secs()).contains(&age);
    is_recent && secrets.is_mark(PURPOSE, made.as_bytes(), mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::login::secret::Secret;

    fn secrets() -> Secrets {
        Secrets::new(vec![Secret::new(&[7; 32]).unwrap()]).unwrap()
    }

    #[test]
    fn a_nonce_is_good_for_five_minutes() {
        let made = Timestamp::from_second(1_800_000_000).unwrap();
        let nonce = nonce(&secrets(), made).unwrap();
        for (secs, is_good) in [(-61, false), (-60, true), (0, true), (300, true), (301, false)] {
            assert_eq!(
                is_nonce(&secrets(), &nonce, made + SignedDuration::from_secs(secs)),
                is_good,
                "{secs}"
            );
        }
    }

    #[test]
    fn a_nonce_that_we_did_not_make_is_none() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let other = Secrets::new(vec![Secret::new(&[8; 32]).unwrap()]).unwrap();
        let moved = nonce(&secrets(), now).unwrap().replace("1800000000", "1800000001");
        for text in ["", ".", "1800000000.", &nonce(&other, now).unwrap(), &moved] {
            assert!(!is_nonce(&secrets(), text, now), "{text}");
        }
    }

    #[test]
    fn addresses_are_compared_without_query_and_by_what_they_mean() {
        let wanted = "https://samspill.example/api/v1/stays";
        for named in [
            wanted,
            "https://SAMSPILL.example:443/api/v1/stays",
            "https://samspill.example/api/v1/stays?a=1#b",
        ] {
            assert!(is_address(named, wanted), "{named}");
        }
        for named in [
            "http://samspill.example/api/v1/stays",
            "https://samspill.example/api/v1/Stays",
            "/api/v1/stays",
            "",
        ] {
            assert!(!is_address(named, wanted), "{named}");
        }
    }
}
