use jiff::Timestamp;
use jsonwebtoken::{
    Algorithm,
    jwk::{AlgorithmParameters, Jwk, PublicKeyUse},
};
use reqwest::Url;
use serde_json::Value;

use super::{Line, ProviderFault, held::Held};

/// The most keys that are kept of a provider.
const KEYS_MAX: usize = 50;

/// The keys that a provider publishes.
#[derive(Debug, Default)]
pub(super) struct Published(Held<Keys>);

#[derive(Debug)]
struct Keys(Vec<Jwk>);

impl Published {
    /// The key of this id that may sign in this way. Without an id: the only one that may. Keys are asked for again where none fits.
    ///
    /// # Errors
    /// The provider can't be asked, and what it said before is too old or doesn't help.
    pub(super) async fn find(
        &self,
        line: &Line,
        url: &Url,
        id: Option<&str>,
        algorithm: Algorithm,
        now: Timestamp,
    ) -> Result<Option<Jwk>, ProviderFault> {
        let found = self.0.get(now, fetched(line, url)).await?.find(id, algorithm);
        if found.is_some() {
            return Ok(found);
        }
        Ok(self.0.anew(now, fetched(line, url)).await?.find(id, algorithm))
    }
}

async fn fetched(line: &Line, url: &Url) -> Result<Keys, ProviderFault> {
    Ok(Keys(usable_keys(&line.get(url).await?)?))
}

impl Keys {
    fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<Jwk> {
        let mut fit = self.0.iter().filter(|key| may_sign(key, algorithm));
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

    fn kept(keys: &[Value]) -> Keys {
        Keys(usable_keys(json!({ "keys": keys }).to_string().as_bytes()).unwrap())
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
        assert_eq!(kept.0.len(), 1);
    }
}
