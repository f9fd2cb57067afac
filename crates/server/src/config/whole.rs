//! What must hold between settings.

use std::collections::{BTreeMap, BTreeSet};

use samspill_web::login::{Login, LoginSettings};

use super::{
    check::Checked,
    mistake::{Code, Mistakes},
    settings::{ChannelConfig, Config, LineConfig, MailTls, OidcConfig, WebConfig},
};
use crate::email;

/// What we say of ourselves to a login provider by the standard (RFC 7523).
const OWN_CLAIMS: [&str; 7] = ["iss", "sub", "aud", "jti", "iat", "nbf", "exp"];

/// Looks at a configuration as a whole.
pub(super) fn check(config: &Config, checked: &Checked, mistakes: &mut Mistakes) {
    let mut look = Look { checked, mistakes };
    look.names(config);
    look.routes(config);
    look.own(config);
    look.lines(config);
    look.pauses(config);
    look.open(config);
    look.web(config);
    look.mail(config);
    look.password(config);
}

struct Look<'l> {
    checked: &'l Checked,
    mistakes: &'l mut Mistakes,
}

impl Look<'_> {
    /// Where a setting stands; the section that would hold it, where it has its default.
    fn span(&self, path: &str) -> std::ops::Range<usize> {
        let mut path = path;
        loop {
            if let Some(span) = self.checked.spans.get(path) {
                return span.clone();
            }
            let Some((outer, _)) = path.rsplit_once('.') else { return 0..0 };
            path = outer;
        }
    }

    fn error(&mut self, code: Code, path: &str, says: String, help: &str) {
        let span = self.span(path);
        self.mistakes.error(code, span, says, help.to_owned());
    }

    fn names(&mut self, config: &Config) {
        let mut seen = BTreeMap::new();
        for (at, channel) in config.channels.iter().enumerate() {
            if let Some(first) = seen.insert(&channel.name, at) {
                let says =
                    format!("channel {} is called `{}` as channel {} is", at + 1, channel.name, first + 1);
                self.error(
                    Code::NameTaken,
                    &format!("channel.{at}.name"),
                    says,
                    "give each channel its own name",
                );
            }
        }
        let mut taken = BTreeMap::new();
        for (at, organisation) in config.organisations.iter().enumerate() {
            let own = std::iter::once((format!("organisation.{at}.her"), &organisation.her));
            let services = organisation.services.iter().enumerate();
            let services = services
                .map(|(place, service)| (format!("organisation.{at}.service.{place}.her"), &service.her));
            for (path, her) in own.chain(services) {
                if taken.insert(her, path.clone()).is_some() {
                    let says = format!("HER-id {her} stands twice");
                    self.error(
                        Code::NameTaken,
                        &path,
                        says,
                        "each organisation and service has a HER-id of its own",
                    );
                }
            }
        }
    }

    fn routes(&mut self, config: &Config) {
        let mut ways: BTreeMap<&str, usize> = BTreeMap::new();
        let mut default: Option<&str> = None;
        for (at, channel) in config.channels.iter().enumerate() {
            for her in &channel.to {
                if let Some(first) = ways.insert(her, at) {
                    let other = &config.channels[first].name;
                    let says = format!("messages to {her} go by `{other}` and by `{}`", channel.name);
                    self.error(
                        Code::Route,
                        &format!("channel.{at}.to"),
                        says,
                        "name the receiver under one channel",
                    );
                }
            }
            if channel.is_default
                && let Some(other) = default.replace(&channel.name)
            {
                let says = format!("`{other}` and `{}` are both the default", channel.name);
                self.error(
                    Code::Route,
                    &format!("channel.{at}.default"),
                    says,
                    "let one channel be the default",
                );
            }
        }
        if !config.channels.is_empty() && default.is_none() && ways.is_empty() {
            let says = "no message would be sent: no channel is for anybody".to_owned();
            let help = "name receivers in `to` of a channel, or write default = true in one";
            let span = self.span("channel.0");
            self.mistakes.warning(Code::Route, span, says, help.to_owned());
        }
    }

    fn own(&mut self, config: &Config) {
        let is_ours = |her: &String| {
            let services = config.organisations.iter().flat_map(|own| &own.services);
            let mut known =
                config.organisations.iter().map(|own| &own.her).chain(services.map(|own| &own.her));
            known.any(|known| known == her)
        };
        for (at, channel) in config.channels.iter().enumerate() {
            for her in channel.own.iter().filter(|her| !is_ours(her)) {
                let says = format!("`{}` reads for {her}, which is none of our services", channel.name);
                let help =
                    "add it as [[organisation.service]] of its [[organisation]], or correct the HER-id";
                self.error(Code::NotOurs, &format!("channel.{at}.own"), says, help);
            }
        }
    }

    fn lines(&mut self, config: &Config) {
        for (at, channel) in config.channels.iter().enumerate() {
            let path = format!("channel.{at}");
            match &channel.line {
                LineConfig::Folder(folder) if folder.inbox == folder.outbox => {
                    let says = "what is sent would be received again: `inbox` and `outbox` are one folder"
                        .to_owned();
                    self.error(Code::Contradiction, &format!("{path}.outbox"), says, "name two folders");
                }
                LineConfig::Folder(_) => {}
                LineConfig::Amqp(amqp) => {
                    self.reads_for_somebody(channel, &path);
                    if amqp.password.is_some() && amqp.user.is_none() {
                        let says = "a password without a user".to_owned();
                        self.error(
                            Code::Contradiction,
                            &format!("{path}.password"),
                            says,
                            "write `user` too",
                        );
                    }
                }
                LineConfig::Edi(_) => self.reads_for_somebody(channel, &path),
            }
        }
    }

    fn reads_for_somebody(&mut self, channel: &ChannelConfig, path: &str) {
        if channel.own.is_empty() {
            let says = format!("`{}` would read nobody's messages", channel.name);
            self.error(Code::Contradiction, path, says, "name our services in `own`");
        }
    }

    fn pauses(&mut self, config: &Config) {
        if config.retry.max < config.retry.first {
            let says = "the longest pause is shorter than the first".to_owned();
            self.error(Code::Contradiction, "retry.max", says, "let `max` be at least `first`");
        }
    }

    fn open(&mut self, config: &Config) {
        if !config.http.address.is_loopback() {
            let span = self.span("http.address");
            let says =
                format!("{} can be reached by other machines, without login and TLS", config.http.address);
            let help = "write \"127.0.0.1\" and let a proxy reach it, or see that a firewall lets only the monitoring in";
            self.mistakes.warning(Code::Exposed, span, says, help.to_owned());
        }
    }

    fn web(&mut self, config: &Config) {
        let Some(web) = &config.web else { return };
        if web.certificate.is_some() != web.certificate_key.is_some() {
            let (path, other) = match web.certificate {
                Some(_) => ("web.certificate", "certificate_key"),
                None => ("web.certificate_key", "certificate"),
            };
            let says = "TLS needs a certificate and its key".to_owned();
            self.error(
                Code::Contradiction,
                path,
                says,
                &format!("write `{other}` too, or let a proxy do TLS"),
            );
        }
        if (config.http.address, config.http.port) == (web.address, web.port) && web.port != 0 {
            let says = "[http] and [web] listen at the same place".to_owned();
            self.error(Code::Contradiction, "web.port", says, "give them ports of their own");
        }
        if config.node.agreements.is_empty() {
            let says = "the front door shows cases by agreements, and none is named".to_owned();
            self.error(
                Code::Contradiction,
                "node.agreements",
                says,
                "name some under `agreements` in [node]",
            );
        }
        self.one_ring(config, web);
        self.larger_bodies(web);
        self.origin(web);
        self.somebody_can_log_in(web);
        self.web_in_the_open(web);
        web.oidc.iter().for_each(|oidc| self.provider(oidc));
    }

    /// A node has one ring of keys: those in another place would be passed over, and whoever changed them would believe that it was done.
    fn one_ring(&mut self, config: &Config, web: &WebConfig) {
        if config.store.person_keys.as_ref().is_some_and(|keys| *keys != web.person_keys) {
            let says = "`person_keys` in [store] are others than in [web]".to_owned();
            let help = "remove it from [store], or write the same there as in [web]";
            self.error(Code::Contradiction, "store.person_keys", says, help);
        }
    }

    /// What may be larger than other bodies is at least as large.
    fn larger_bodies(&mut self, web: &WebConfig) {
        for (name, bytes) in
            [("files_bytes_max", web.files_bytes_max), ("bulk_bytes_max", web.bulk_bytes_max)]
        {
            if bytes < web.body_bytes_max {
                let says = format!("`{name}` is less than `body_bytes_max`");
                let help = "let it be as much, or more";
                self.error(Code::Contradiction, &format!("web.{name}"), says, help);
            }
        }
    }

    fn origin(&mut self, web: &WebConfig) {
        if !is_origin(&web.origin) {
            let says = format!("users are told to write {}, which has a path", web.origin);
            let help = "write the address alone: \"https://samspill.example\"";
            self.error(Code::BadForm, "web.origin", says, help);
        } else if let Err(fault) = Login::new(LoginSettings::new(&web.origin)) {
            let help = "write the address alone: \"https://samspill.example\"";
            self.error(Code::BadForm, "web.origin", fault.says, help);
        }
    }

    fn provider(&mut self, oidc: &OidcConfig) {
        for (at, demand) in oidc.demands.iter().enumerate() {
            if !demand.contains('=') {
                let says = format!("«{demand}» doesn't say what the claim must hold");
                self.error(Code::BadForm, &format!("web.oidc.demands.{at}"), says, "write \"claim=value\"");
            }
        }
        if !oidc.scope.split(' ').any(|scope| scope == "openid") {
            let says = "without `openid` the provider doesn't say who logged in".to_owned();
            self.error(Code::BadForm, "web.oidc.scope", says, "begin with it: \"openid profile\"");
        }
        for claim in OWN_CLAIMS.iter().filter(|claim| oidc.assertion.contains_key(**claim)) {
            let says = format!("`assertion` holds `{claim}`, which the node itself says");
            self.error(Code::Contradiction, "web.oidc.assertion", says, "leave it out");
        }
        self.logged_in_for(oidc);
    }

    fn logged_in_for(&mut self, oidc: &OidcConfig) {
        let mut seen = BTreeSet::new();
        for (at, organisation) in oidc.organisations.iter().enumerate() {
            if !seen.insert(&organisation.number) {
                let says = format!("the organisation {} stands twice", organisation.number);
                let path = format!("web.oidc.organisation.{at}.number");
                self.error(Code::NameTaken, &path, says, "an organisation is one party");
            }
        }
        match (&oidc.organisation_claim, oidc.organisations.is_empty()) {
            (Some(_), true) => {
                let says = "nobody would get in: no organisation has a party".to_owned();
                let help = "write [[web.oidc.organisation]] for each, or leave the claim out";
                self.error(Code::Contradiction, "web.oidc.organisation_claim", says, help);
            }
            (None, false) => {
                let says = "nothing says which claim holds the organisation".to_owned();
                self.error(
                    Code::Contradiction,
                    "web.oidc.organisation.0",
                    says,
                    "write `organisation_claim`",
                );
            }
            (Some(_), false) | (None, true) => {}
        }
    }

    fn somebody_can_log_in(&mut self, web: &WebConfig) {
        if !web.passwords && web.oidc.is_none() && web.machines.is_none() {
            let says = "nobody could log in: there are no passwords, and no login provider".to_owned();
            let help = "write [web.oidc], or remove `passwords = false`";
            self.error(Code::Contradiction, "web.passwords", says, help);
        }
    }

    fn web_in_the_open(&mut self, web: &WebConfig) {
        let is_tls = web.certificate.is_some();
        if !web.address.is_loopback() && !is_tls {
            let says = format!("{} can be reached by other machines, without TLS", web.address);
            let help = "write `certificate`, or listen on \"127.0.0.1\" and let a proxy on this machine do TLS; where the proxy is another machine, see that a firewall lets only it in";
            self.mistakes.warning(Code::Exposed, self.span("web.address"), says, help.to_owned());
        }
        if is_tls && !web.origin.starts_with("https://") {
            let says = "users would be told to come without TLS".to_owned();
            self.error(Code::Contradiction, "web.origin", says, "begin the address with https://");
        }
    }

    fn mail(&mut self, config: &Config) {
        let Some(mail) = &config.mail else { return };
        if config.web.is_none() {
            let says = "nobody could choose to get notices: there is no front door".to_owned();
            self.error(Code::Contradiction, "mail", says, "write [web] too, or remove [mail]");
        }
        if mail.tls == MailTls::None && !mail.is_here() {
            let says = format!("what is sent to {} could be read and changed on its way", mail.host);
            self.error(Code::Exposed, "mail.tls", says, "write tls = \"starttls\" or \"tls\"");
        }
        if mail.user.is_some() != mail.password.is_some() {
            let (path, other) =
                if mail.user.is_some() { ("mail.user", "password") } else { ("mail.password", "user") };
            let says = "a user and a password go together".to_owned();
            self.error(Code::Contradiction, path, says, &format!("write `{other}` too"));
        }
        if !email::is_address(&mail.from) {
            let says = format!("«{}» is no address for e-mail", mail.from);
            self.error(
                Code::BadForm,
                "mail.from",
                says,
                "write the address alone: \"samspill@samspill.example\"",
            );
        }
    }

    fn password(&mut self, config: &Config) {
        let place = &config.store.place;
        let has_user = place.split_once("://").is_some_and(|(_, rest)| rest.contains('@'));
        if config.store.password.is_some() && !has_user {
            let says = "a password for a store that has no user".to_owned();
            let help = "write postgres://<user>@<host>/<database>, or remove the password";
            self.error(Code::Contradiction, "store.password", says, help);
        }
    }
}

/// Whether an address has nothing after its host and port.
fn is_origin(address: &str) -> bool {
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    !host.trim_end_matches('/').contains(['/', '?', '#'])
}
