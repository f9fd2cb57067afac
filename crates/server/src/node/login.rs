//! How people and systems log in, by the configuration.

use samspill_web::login::{
    Bearer, DemoLogin, LocalLogin, LoginSettings, MachineSettings, OidcSettings, Organisations,
    Secret as LoginSecret, SigningKey,
};

use crate::{
    Trouble,
    config::{BearerTokens, MachinesConfig, OidcConfig, SecretPlace, WebConfig},
};

/// The settings of logins. Where `demo` has any, the login page shows them.
///
/// # Errors
/// Secrets and keys that aren't where they should be, or are none.
pub(crate) fn settings(web: &WebConfig, demo: Vec<DemoLogin>) -> Result<LoginSettings, Trouble> {
    Ok(LoginSettings {
        secrets: web.secrets.as_ref().map(secrets).transpose()?.unwrap_or_default(),
        local: if web.passwords { LocalLogin::Allowed } else { LocalLogin::Off },
        demo: Some(demo).filter(|demo| !demo.is_empty()),
        oidc: web.oidc.as_ref().map(provider).transpose()?,
        machines: web.machines.as_ref().map(machines),
        ..LoginSettings::new(web.origin.trim_end_matches('/'))
    })
}

/// A secret a line, the newest first.
///
/// # Errors
/// A place without a secret, and a secret that is too short.
pub(crate) fn secrets(place: &SecretPlace) -> Result<Vec<LoginSecret>, Trouble> {
    let text = place.read().map_err(|error| wrong("secrets", &error))?;
    let lines =
        text.reveal().lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| LoginSecret::new(line.as_bytes()).map_err(|error| wrong("secrets", &error))).collect()
}

fn provider(oidc: &OidcConfig) -> Result<OidcSettings, Trouble> {
    let places = std::iter::once(&oidc.key).chain(&oidc.old_key);
    let keys: Result<Vec<SigningKey>, Trouble> = places.map(key).collect();
    let demands = oidc.demands.iter().filter_map(|demand| demand.rsplit_once('='));
    Ok(OidcSettings {
        scope: oidc.scope.clone(),
        shown: oidc.shown.clone(),
        login_claim: oidc.login_claim.clone(),
        demands: demands.map(|(claim, value)| (claim.to_owned(), value.to_owned())).collect(),
        assertion: oidc.assertion.clone(),
        organisations: organisations(oidc),
        ..OidcSettings::new(&oidc.issuer, &oidc.client, keys?)
    })
}

fn organisations(oidc: &OidcConfig) -> Option<Organisations> {
    let parties = oidc.organisations.iter().map(|it| (it.number.clone(), it.party.clone()));
    let claim = oidc.organisation_claim.clone()?;
    Some(Organisations { claim, parties: parties.collect() })
}

/// A key that we sign with.
///
/// # Errors
/// A place without a key, and what is no key.
pub(crate) fn key(place: &SecretPlace) -> Result<SigningKey, Trouble> {
    let text = place.read().map_err(|error| wrong("oidc.key", &error))?;
    let text = text.reveal().trim();
    let key =
        if text.starts_with('{') { SigningKey::from_jwk(text) } else { SigningKey::from_pem(text, None) };
    key.map_err(|error| wrong("oidc.key", &error))
}

fn machines(machines: &MachinesConfig) -> MachineSettings {
    MachineSettings {
        issuer: machines.issuer.clone(),
        audience: machines.audience.clone(),
        scope: machines.scope.clone(),
        bearer: match machines.bearer {
            BearerTokens::Refused => Bearer::Refused,
            BearerTokens::Allowed => Bearer::Allowed,
        },
    }
}

fn wrong(setting: &str, error: &dyn std::fmt::Display) -> Trouble {
    Trouble(format!("`{setting}` in [web]: {error}"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::parse;

    fn web(folder: &Path, more: &str) -> WebConfig {
        let text = format!(
            "[node]\nname = \"a\"\ncommunity = \"b\"\nagreements = [\"unn\"]\n[store]\nplace = \"sqlite:c.db\"\n\
             [web]\norigin = \"https://samspill.example/\"\nperson_keys = {{ env = \"KEYS\" }}\n{more}"
        );
        let loaded = parse(&text, "web.toml", folder);
        loaded.config.and_then(|config| config.web).unwrap_or_else(|| panic!("{}", loaded.mistakes.render()))
    }

    #[test]
    fn secrets_are_lines_and_a_short_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hemmeligheter.txt");
        let web = web(folder.path(), "secrets = { file = \"hemmeligheter.txt\" }\n");
        std::fs::write(&file, format!("# nyest\n{}\n\n{}\n", "a".repeat(64), "b".repeat(64))).unwrap();
        assert_eq!(settings(&web, Vec::new()).unwrap().secrets.len(), 2);
        std::fs::write(&file, "kort\n").unwrap();
        let error = settings(&web, Vec::new()).unwrap_err();
        assert!(error.0.contains("secrets") && !error.0.contains("kort"), "{error}");
    }

    #[test]
    fn a_short_section_means_local_accounts_alone() {
        let folder = tempfile::tempdir().unwrap();
        let made = settings(&web(folder.path(), ""), Vec::new()).unwrap();
        assert_eq!((made.origin.as_str(), made.local), ("https://samspill.example", LocalLogin::Allowed));
        assert!(made.demo.is_none() && made.oidc.is_none() && made.machines.is_none());
        let off = WebConfig { passwords: false, ..web(folder.path(), "") };
        let off = settings(&off, Vec::new()).unwrap();
        assert_eq!(off.local, LocalLogin::Off);
    }
}
