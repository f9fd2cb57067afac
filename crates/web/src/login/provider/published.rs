use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{
    Algorithm,
    jwk::{AlgorithmParameters, Jwk, PublicKeyUse},
};
use reqwest::Url;
use serde_json::Value;
use tokio::sync::Mutex;

use super::{Line, ProviderFault};

/// How long published keys are believed before they are fetched again: a key that is taken back is dead after so long.
const KEYS_LAST: SignedDuration = SignedDuration::from_hours(1);

/// An id that nobody knows makes us fetch keys once in so long, so that made-up ids can't make us ask without end.
const UNKNOWN_ID_EVERY: SignedDuration = SignedDuration::from_secs(30);

/// The most keys that are kept of a provider.
const KEYS_MAX: usize = 50;

/// The keys that a provider publishes.
#[derive(Debug, Default)]
pub(super) struct Published(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    keys: Vec<Jwk>,
    /// When they were fetched.
    fetched: Option<Timestamp>,
    /// When fetching was last tried.
    tried: Option<Timestamp>,
}

impl Published {
    /// The key of this id that may sign in this way. Without an id: the only one that may.
    pub(super) async fn find(
        &self,
        line: &Line,
        url: &Url,
        id: Option<&str>,
        algorithm: Algorithm,
        now: Timestamp,
    ) -> Result<Option<Jwk>, ProviderFault> {
        let mut kept = self.0.lock().await;
        if kept.is_old(now) {
            kept.fetch(line, url, now).await?;
        }
        let found = kept.find(id, algorithm);
        if found.is_some() || !kept.may_try(now) {
            return Ok(found);
        }
        kept.fetch(line, url, now).await?;
        Ok(kept.find(id, algorithm))
    }
}

impl Kept {
    fn is_old(&self, now: Timestamp) -> bool {
        self.fetched.is_none_or(|at| now.duration_since(at) >= KEYS_LAST)
    }

    fn may_try(&self, now: Timestamp) -> bool {
        self.tried.is_none_or(|at| now.duration_since(at) >= UNKNOWN_ID_EVERY)
    }

    async fn fetch(&mut self, line: &Line, url: &Url, now: Timestamp) -> Result<(), ProviderFault> {
        if self.fetched.is_none() || self.may_try(now) {
            self.tried = Some(now);
            self.keys = usable_keys(&line.get(url).await?)?;
            self.fetched = Some(now);
        }
        Ok(())
    }

    fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<Jwk> {
        let mut fit = self.keys.iter().filter(|key| may_sign(key, algorithm));
        match id {
            Some(id) => fit.find(|key| key.common.key_id.as_deref() == Some(id)).cloned(),
            None => fit.next().filter(|_| fit.next().is_none()).cloned(),
        }
    }
}

/// The keys of a set. Those that can't be read, or aren't public keys, are passed over.
fn usable_keys(json: &[u8]) -> Result<Vec<Jwk>, ProviderFault> {
    let unreadable = || ProviderFault::Unusable("its keys can't be read".to_owned());
    let mut set: Value = serde_json::from_slice(json).map_err(|_| unreadable())?;
    let keys =
        set.get_mut("keys").and_then(Value::as_array_mut).map(std::mem::take).ok_or_else(unreadable)?;
    let read = keys.into_iter().filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
    Ok(read.filter(is_public).take(KEYS_MAX).collect())
}

fn is_public(key: &Jwk) -> bool {
    matches!(
        key.algorithm,
        AlgorithmParameters::RSA(_)
            | AlgorithmParameters::EllipticCurve(_)
            | AlgorithmParameters::OctetKeyPair(_)
    )
}

/// Whether a key is for signatures, and for this kind if it says which.
fn may_sign(key: &Jwk, algorithm: Algorithm) -> bool {
    let is_for_signatures =
        key.common.public_key_use.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature);
    let kind = key.common.key_algorithm.as_ref();
    is_for_signatures && kind.is_none_or(|kind| kind.to_string().parse() == Ok(algorithm))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn key(id: &str, more: &Value) -> Value {
        let mut key = json!({
            "kty": "EC", "crv": "P-256", "kid": id,
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        });
        for (name, value) in more.as_object().unwrap() {
            key[name] = value.clone();
        }
        key
    }

    fn kept(keys: &[Value]) -> Kept {
        Kept { keys: usable_keys(json!({ "keys": keys }).to_string().as_bytes()).unwrap(), ..Kept::default() }
    }

    #[test]
    fn a_key_is_found_by_its_id() {
        let kept = kept(&[key("a", &json!({})), key("b", &json!({}))]);
        assert!(kept.find(Some("b"), Algorithm::ES256).is_some());
        assert!(kept.find(Some("c"), Algorithm::ES256).is_none());
    }

    #[test]
    fn without_an_id_only_a_single_key_will_do() {
        assert!(kept(&[key("a", &json!({}))]).find(None, Algorithm::ES256).is_some());
        assert!(kept(&[key("a", &json!({})), key("b", &json!({}))]).find(None, Algorithm::ES256).is_none());
    }

    #[test]
    fn a_key_for_another_use_or_kind_is_passed_over() {
        for (more, is_found) in [
            (json!({"use": "sig", "alg": "ES256"}), true),
            (json!({"use": "enc"}), false),
            (json!({"alg": "ES384"}), false),
        ] {
            assert_eq!(
                kept(&[key("a", &more)]).find(Some("a"), Algorithm::ES256).is_some(),
                is_found,
                "{more}"
            );
        }
    }

    #[test]
    fn shared_secrets_and_what_is_unreadable_are_passed_over() {
        let kept = kept(&[
            json!({"kty": "oct", "k": "AAAA", "kid": "a"}),
            json!({"kty": "?"}),
            json!(1),
            key("b", &json!({})),
        ]);
        assert_eq!(kept.keys.len(), 1);
    }
}
