//! The application as it stands with a provider: served on a port of this machine, and with a browser at it.

use std::sync::Arc;

use axum::http::Method;
use jiff::SignedDuration;
use samspill_service::{
    access::Role,
    people::{Account, NewAccount, OidcName, RoleHeld, SystemRandom},
};
use samspill_web::{
    front::Clock,
    login::{Bearer, Login, LoginSettings, MachineSettings, OidcSettings, Secret},
};
use tokio::net::TcpListener;

use crate::{
    keys::Key,
    support::{Answer, TestApp, User},
};

pub(crate) const CLIENT: &str = "samspill";
pub(crate) const AUDIENCE: &str = "https://samspill.example/api";
pub(crate) const SCOPE: &str = "samspill:api";

/// Where a house will stand, before it does: providers must know it.
pub(crate) struct Site {
    listener: TcpListener,
    pub(crate) origin: String,
}

impl Site {
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        Self { listener, origin }
    }
}

/// The application, served.
pub(crate) struct House {
    pub(crate) t: TestApp,
    pub(crate) origin: String,
    pub(crate) issuer: String,
}

/// The settings of a client of this provider.
pub(crate) fn oidc(issuer: &str, key: &Key) -> OidcSettings {
    OidcSettings {
        shown: Some("HelseID".to_owned()),
        ..OidcSettings::new(issuer, CLIENT, vec![key.signing()])
    }
}

impl House {
    pub(crate) async fn new(site: Site, clock: Clock, oidc: OidcSettings) -> Self {
        Self::with_bearer(site, clock, oidc, Bearer::Refused).await
    }

    pub(crate) async fn with_bearer(site: Site, clock: Clock, oidc: OidcSettings, bearer: Bearer) -> Self {
        let (issuer, origin) = (oidc.issuer.clone(), site.origin.clone());
        let machines = MachineSettings {
            issuer: issuer.clone(),
            audience: AUDIENCE.to_owned(),
            scope: SCOPE.to_owned(),
            bearer,
        };
        // On the heap: what opens an application is too large to stand inside every test that does.
        let t = Box::pin(TestApp::of(|parts| {
            parts.clock = clock;
            parts.settings.origin.clone_from(&origin);
            parts.settings.login_rate.burst = 1_000_000;
            let login = LoginSettings {
                secrets: vec![Secret::new(&[9; 32]).unwrap()],
                oidc: Some(oidc),
                machines: Some(machines),
                ..LoginSettings::new(&origin)
            };
            parts.login = Login::new(login).unwrap();
        }))
        .await;
        let router = t.router.clone();
        tokio::spawn(async move { axum::serve(site.listener, router).await });
        Self { t, origin, issuer }
    }

    /// An account that the provider calls this, with a role at the trust.
    pub(crate) async fn account(
        &self,
        login: &str,
        subject: Option<&str>,
        roles: &[(Role, &str)],
    ) -> Account {
        let accounts = &self.t.app.parts().accounts;
        let oidc =
            subject.map(|subject| OidcName { issuer: self.issuer.clone(), subject: subject.to_owned() });
        let new = NewAccount { oidc, ..NewAccount::new(login, "Kari Nordmann") };
        let made = accounts.make(&new, &SystemRandom, self.t.now()).await.unwrap();
        let from = self.t.now() - SignedDuration::from_hours(1);
        for (role, party) in roles {
            let held = RoleHeld { role: *role, party: (*party).to_owned(), unit: None, from, until: None };
            accounts.give_role(&made.id, &held).await.unwrap();
        }
        made
    }

    /// The usual account: a ward of the trust.
    pub(crate) async fn kari(&self) -> Account {
        self.account("kari", Some("kari"), &[(Role::Ward, &self.t.trust.clone())]).await
    }

    pub(crate) fn browser(&self) -> User {
        self.t.anonymous()
    }
}

/// Asks for a page of ours by its whole address or its path.
pub(crate) async fn visit(browser: &User, house: &House, address: &str) -> Answer {
    browser.get(address.strip_prefix(&house.origin).unwrap_or(address)).await
}

/// Whether a browser is let in.
pub(crate) async fn is_in(browser: &User) -> bool {
    browser.get("/konto").await.status == 200
}

/// A request of another system.
pub(crate) async fn ask(house: &House, path: &str, headers: &[(&str, &str)]) -> Answer {
    house.browser().request(Method::GET, path, headers, Vec::new()).await
}

/// A clock that goes as the machine's does, for providers that do not let us set theirs.
pub(crate) fn real_clock() -> Clock {
    Clock::system()
}

/// A clock that stands where the machine's is.
pub(crate) fn still_clock() -> Clock {
    Clock::fixed(jiff::Timestamp::now())
}

/// One value for many tasks.
pub(crate) type Shared<T> = Arc<std::sync::Mutex<T>>;
