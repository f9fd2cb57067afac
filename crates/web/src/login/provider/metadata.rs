use reqwest::Url;
use serde::Deserialize;

use super::{ProviderFault, line::safe_url};

/// What a provider says of itself ("discovery").
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::login) struct Metadata {
    /// Where browsers are sent.
    pub(in crate::login) authorization: Url,
    /// Where tokens are asked for.
    pub(in crate::login) token: Url,
    /// Where requests are left before the browser is sent (RFC 9126).
    pub(in crate::login) pushed: Url,
    /// Where its keys are published.
    pub(in crate::login) jwks_uri: Url,
    /// Where browsers are sent to log out, if it has that.
    pub(in crate::login) end_session: Option<Url>,
    /// Whether its answers name it (RFC 9207). Then one that doesn't is refused.
    pub(in crate::login) names_itself: bool,
}

#[derive(Deserialize)]
struct Written {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    pushed_authorization_request_endpoint: Option<String>,
    jwks_uri: String,
    end_session_endpoint: Option<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    code_challenge_methods_supported: Option<Vec<String>>,
}

impl Metadata {
    /// Reads what a provider says, and holds it against what we need.
    pub(super) fn read(json: &[u8], issuer: &str) -> Result<Self, ProviderFault> {
        let written: Written = serde_json::from_slice(json)
            .map_err(|_| ProviderFault::Unusable("what it says of itself can't be read".to_owned()))?;
        if written.issuer != issuer {
            let says = "it calls itself otherwise than the setting `issuer`".to_owned();
            return Err(ProviderFault::Unusable(says));
        }
        if written
            .code_challenge_methods_supported
            .as_ref()
            .is_some_and(|ways| !ways.iter().any(|way| way == "S256"))
        {
            return Err(ProviderFault::Unusable("it doesn't take PKCE with S256".to_owned()));
        }
        let pushed = written.pushed_authorization_request_endpoint.as_deref();
        let pushed =
            pushed.ok_or_else(|| ProviderFault::Unusable("it takes no pushed requests".to_owned()))?;
        Ok(Self {
            authorization: url(&written.authorization_endpoint)?,
            token: url(&written.token_endpoint)?,
            pushed: url(pushed)?,
            jwks_uri: url(&written.jwks_uri)?,
            end_session: written.end_session_endpoint.as_deref().map(url).transpose()?,
            names_itself: written.authorization_response_iss_parameter_supported,
        })
    }
}

fn url(address: &str) -> Result<Url, ProviderFault> {
    safe_url(address).map_err(ProviderFault::Unusable)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn said() -> Value {
        json!({
            "issuer": "https://login.example",
            "authorization_endpoint": "https://login.example/auth",
            "token_endpoint": "https://login.example/token",
            "pushed_authorization_request_endpoint": "https://login.example/request",
            "jwks_uri": "https://login.example/jwks",
        })
    }

    fn check(name: &str, value: Value) -> Option<String> {
        let mut said = said();
        said[name] = value;
        Metadata::read(said.to_string().as_bytes(), "https://login.example")
            .err()
            .map(|fault| fault.to_string())
    }

    #[test]
    fn what_a_provider_says_is_read() {
        assert_eq!(check("end_session_endpoint", json!("https://login.example/end")), None);
        assert_eq!(check("code_challenge_methods_supported", json!(["plain", "S256"])), None);
    }

    #[test]
    fn a_provider_that_calls_itself_otherwise_is_refused() {
        for issuer in ["https://login.example/", "https://login.example.evil", "https://LOGIN.example", ""] {
            assert!(check("issuer", json!(issuer)).is_some_and(|says| says.contains("`issuer`")), "{issuer}");
        }
    }

    #[test]
    fn addresses_that_are_not_encrypted_are_refused() {
        for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"] {
            let says = check(name, json!("http://login.example/x")).unwrap();
            assert!(says.contains("isn't encrypted"), "{name}: {says}");
        }
    }

    #[test]
    fn what_we_need_must_be_there() {
        assert!(check("pushed_authorization_request_endpoint", Value::Null).is_some());
        assert!(check("code_challenge_methods_supported", json!(["plain"])).is_some());
        assert!(check("token_endpoint", Value::Null).is_some());
    }
}
