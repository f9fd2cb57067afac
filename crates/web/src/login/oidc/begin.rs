use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use reqwest::Url;
use samspill_agreement::model::Language;
use serde::Deserialize;

use super::{Flow, Oidc, ProviderFault};
use crate::login::{
    keys::Prover,
    secret::{Seal, random_text},
};

/// A login that began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::login) struct Begun {
    /// Where the browser goes.
    pub(in crate::login) location: String,
    /// What it carries meanwhile.
    pub(in crate::login) cookie: String,
    /// What the provider brings back. The cookie's name hangs on it, so that two windows don't disturb each other.
    pub(in crate::login) state: String,
}

#[derive(Deserialize)]
struct Pushed {
    request_uri: String,
}

impl Oidc {
    /// Leaves a request at the provider, and says where the browser goes.
    pub(in crate::login) async fn begin(
        &self,
        return_to: &str,
        language: Language,
        now: Timestamp,
    ) -> Result<Begun, ProviderFault> {
        let metadata = self.provider.metadata(now).await?;
        let prover = Prover::new()?;
        let flow = Flow {
            state: chance()?,
            nonce: chance()?,
            verifier: chance()?,
            prover: prover.written(),
            return_to: return_to.to_owned(),
            begun: now,
        };
        let thumbprint = prover.thumbprint()?;
        let pairs = || self.request(&flow, &thumbprint, language, now);
        let answer = self.provider.line().post(&metadata.pushed, &prover, now, pairs).await?;
        let pushed: Pushed = answer.read()?;
        let location = self.location(&metadata.authorization, &pushed.request_uri);
        let cookie = self.sealed(&flow)?;
        Ok(Begun { location, cookie, state: flow.state })
    }

    fn request(
        &self,
        flow: &Flow,
        thumbprint: &str,
        language: Language,
        now: Timestamp,
    ) -> Result<Vec<(&'static str, String)>, ProviderFault> {
        let mut pairs = self.who_we_are(now)?;
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, flow.verifier.as_bytes()));
        pairs.extend([
            ("response_type", "code".to_owned()),
            ("redirect_uri", self.callback.clone()),
            ("scope", self.settings.scope.clone()),
            ("state", flow.state.clone()),
            ("nonce", flow.nonce.clone()),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256".to_owned()),
            ("dpop_jkt", thumbprint.to_owned()),
            ("ui_locales", locales(language).to_owned()),
        ]);
        Ok(pairs)
    }

    fn location(&self, authorization: &Url, request: &str) -> String {
        let mut url = authorization.clone();
        url.query_pairs_mut()
            .append_pair("client_id", &self.settings.client)
            .append_pair("request_uri", request);
        url.into()
    }

    fn sealed(&self, flow: &Flow) -> Result<String, ProviderFault> {
        let none = || ProviderFault::Unusable("what must be remembered can't be sealed".to_owned());
        let json = serde_json::to_vec(flow).map_err(|_| none())?;
        self.secrets.seal(Seal::Flow, &json).ok_or_else(none)
    }
}

fn chance() -> Result<String, ProviderFault> {
    random_text().map_err(|_| ProviderFault::Unusable("the machine gives no random bytes".to_owned()))
}

fn locales(language: Language) -> &'static str {
    match language {
        Language::Bokmal => "nb no",
        Language::Nynorsk => "nn nb no",
        Language::English => "en",
    }
}
