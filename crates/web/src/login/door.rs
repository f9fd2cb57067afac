use std::sync::Arc;

use reqwest::Url;

use super::{
    DemoLogin, LocalLogin, LoginSettings, SettingFault,
    cookie::Cookies,
    machine::Machines,
    oidc::Oidc,
    provider::{Provider, safe_url},
    secret::Secrets,
};

/// How people and systems log in. Clones are the same.
#[derive(Clone, Debug)]
pub struct Login(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    origin: String,
    cookies: Cookies,
    local: LocalLogin,
    demo: Vec<DemoLogin>,
    oidc: Option<Oidc>,
    machines: Option<Machines>,
}

impl Login {
    /// Login by these settings. No provider is asked for anything before somebody logs in.
    ///
    /// # Errors
    /// A setting can't be used.
    pub fn new(settings: LoginSettings) -> Result<Self, SettingFault> {
        let url = safe_url(&settings.origin).map_err(|says| fault("origin", says))?;
        let origin = origin_of(&url)?;
        let secrets = Secrets::new(settings.secrets)?;
        let provider = match &settings.oidc {
            Some(oidc) => Some(Arc::new(Provider::new(&oidc.issuer)?)),
            None => None,
        };
        let machines = match settings.machines {
            Some(machines) => {
                let provider = shared(provider.as_ref(), &machines.issuer)?;
                Some(Machines::new(machines, provider, secrets.clone()))
            }
            None => None,
        };
        let oidc = match (settings.oidc, provider) {
            (Some(oidc), Some(provider)) => Some(Oidc::new(oidc, provider, secrets, &origin)?),
            (Some(_) | None, _) => None,
        };
        let cookies = if url.scheme() == "https" { Cookies::Guarded } else { Cookies::Open };
        let (local, demo) = (settings.local, settings.demo.unwrap_or_default());
        Ok(Self(Arc::new(Parts { origin, cookies, local, demo, oidc, machines })))
    }

    /// What users write in the browser, without a path, as browsers write it: in small letters, and without the port that goes without saying.
    pub(crate) fn origin(&self) -> &str {
        &self.0.origin
    }

    pub(super) fn cookies(&self) -> Cookies {
        self.0.cookies
    }

    pub(crate) fn local(&self) -> LocalLogin {
        self.0.local
    }

    pub(super) fn demo(&self) -> &[DemoLogin] {
        &self.0.demo
    }

    pub(super) fn oidc(&self) -> Option<&Oidc> {
        self.0.oidc.as_ref()
    }

    pub(super) fn machines(&self) -> Option<&Machines> {
        self.0.machines.as_ref()
    }
}

/// The provider of people, if machines have the same.
fn shared(provider: Option<&Arc<Provider>>, issuer: &str) -> Result<Arc<Provider>, SettingFault> {
    match provider.filter(|provider| provider.issuer() == issuer) {
        Some(provider) => Ok(Arc::clone(provider)),
        None => Ok(Arc::new(Provider::new(issuer)?)),
    }
}

fn origin_of(url: &Url) -> Result<String, SettingFault> {
    let is_bare =
        url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !is_bare {
        return Err(fault(
            "origin",
            format!("{url} has more than scheme, host and port: leave out the rest"),
        ));
    }
    Ok(url.origin().ascii_serialization())
}

fn fault(setting: &'static str, says: String) -> SettingFault {
    SettingFault { setting, says }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let origin = |text: &str| Login::new(LoginSettings::new(text)).map(|login| login.origin().to_owned());
        assert_eq!(origin("https://Samspill.example:443/").as_deref(), Ok("https://samspill.example"));
        assert_eq!(origin("http://127.0.0.1:8080").as_deref(), Ok("http://127.0.0.1:8080"));
        for text in [
            "http://samspill.example",
            "https://samspill.example/x",
            "https://a@samspill.example",
            "samspill",
        ] {
            assert!(origin(text).is_err(), "{text}");
        }
    }

    #[test]
    fn cookies_are_guarded_but_on_this_machine_without_tls() {
        let cookies = |text: &str| Login::new(LoginSettings::new(text)).unwrap().cookies();
        assert_eq!(cookies("https://samspill.example"), Cookies::Guarded);
        assert_eq!(cookies("https://localhost"), Cookies::Guarded);
        assert_eq!(cookies("http://localhost"), Cookies::Open);
    }
}
