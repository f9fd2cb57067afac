use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::login::{
    MachineSettings,
    keys::Untrusted,
    oidc::{Audience, check_times},
};

/// The oldest access token that is taken, however long it says it lasts.
const MADE_AGO_MAX: SignedDuration = SignedDuration::from_hours(24);

/// What an access token says (RFC 9068).
#[derive(Clone, Debug, Deserialize)]
pub(super) struct AccessToken {
    iss: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    client_id: String,
    scope: Option<Scope>,
    cnf: Option<Confirmation>,
}

/// As one text, or as a list, which some providers write.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Scope {
    Text(String),
    List(Vec<String>),
}

#[derive(Clone, Debug, Deserialize)]
struct Confirmation {
    jkt: Option<String>,
}

impl AccessToken {
    /// Whether issuer, receiver and times hold.
    pub(super) fn check(&self, settings: &MachineSettings, now: Timestamp) -> Result<(), Untrusted> {
        if self.iss != settings.issuer {
            return Err(Untrusted::Issuer);
        }
        if !self.aud.holds(&settings.audience) {
            return Err(Untrusted::Audience);
        }
        if self.client_id.is_empty() {
            return Err(Untrusted::Party);
        }
        check_times(self.iat, self.nbf, self.exp, now, MADE_AGO_MAX)
    }

    pub(super) fn has_scope(&self, scope: &str) -> bool {
        match &self.scope {
            Some(Scope::Text(text)) => text.split(' ').any(|one| one == scope),
            Some(Scope::List(list)) => list.iter().any(|one| one == scope),
            None => false,
        }
    }

    /// The thumbprint of the key it is bound to. Bound in a way we don't know counts as bound to no key of anybody's.
    pub(super) fn key(&self) -> Option<&str> {
        self.cnf.as_ref().map(|confirmation| confirmation.jkt.as_deref().unwrap_or_default())
    }

    pub(super) fn client(&self) -> &str {
        &self.client_id
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::login::Bearer;

    const NOW: i64 = 1_800_000_000;

    fn token(name: &str, value: Value) -> AccessToken {
        let mut claims = json!({
            "iss": "https://login.example", "aud": "samspill", "exp": NOW + 60, "iat": NOW, "client_id": "ehr", "scope": "a samspill:api",
        });
        claims[name] = value;
        serde_json::from_value(claims).unwrap()
    }

    fn check(name: &str, value: Value) -> Result<(), Untrusted> {
        let settings = MachineSettings {
            issuer: "https://login.example".to_owned(),
            audience: "samspill".to_owned(),
            scope: "samspill:api".to_owned(),
            bearer: Bearer::Refused,
        };
        token(name, value).check(&settings, Timestamp::from_second(NOW).unwrap())
    }

    #[test]
    fn an_access_token_is_from_the_issuer_for_us_and_in_force() {
        let rows = [
            ("aud", json!(["x", "samspill"]), Ok(())),
            ("aud", json!("x"), Err(Untrusted::Audience)),
            ("iss", json!("https://login.example.evil"), Err(Untrusted::Issuer)),
            ("client_id", json!(""), Err(Untrusted::Party)),
            ("exp", json!(NOW - 30), Ok(())),
            ("exp", json!(NOW - 31), Err(Untrusted::Expired)),
            ("iat", json!(NOW - 86_430), Ok(())),
            ("iat", json!(NOW - 86_431), Err(Untrusted::Made)),
            ("nbf", json!(NOW + 31), Err(Untrusted::Made)),
        ];
        for (name, value, expected) in rows {
            assert_eq!(check(name, value.clone()), expected, "{name} {value}");
        }
    }

    #[test]
    fn a_scope_is_a_whole_word() {
        let has = |value: Value| token("scope", value).has_scope("samspill:api");
        assert!(has(json!("samspill:api")) && has(json!("b samspill:api")) && has(json!(["samspill:api"])));
        assert!(!has(json!("samspill:api2")) && !has(json!("samspill")) && !has(Value::Null));
    }

    #[test]
    fn a_token_bound_in_an_unknown_way_is_bound_to_nobody() {
        assert_eq!(token("cnf", json!({"x5t#S256": "abc"})).key(), Some(""));
        assert_eq!(token("cnf", Value::Null).key(), None);
    }
}
