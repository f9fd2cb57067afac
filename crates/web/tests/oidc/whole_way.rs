//! The whole way at a provider that enforces pushed requests, PKCE, `private_key_jwt` and `DPoP` with nonces.

use jiff::SignedDuration;
use samspill_service::access::Role;
use samspill_web::login::{OidcSettings, Organisations};

use crate::{
    house::{House, Site, is_in, oidc, real_clock, still_clock, visit},
    keys::Key,
    provider::{Clients, Provider},
    support::{Answer, User},
};

struct Both {
    house: House,
    provider: Provider,
}

/// A house whose provider enforces everything; `None` where there is no provider to test with.
async fn both(change: impl FnOnce(&mut OidcSettings, &Clients)) -> Option<Both> {
    let (site, clients) = (Site::new().await, Clients::new());
    let provider = Provider::new(&site.origin, &clients)?;
    let mut settings = oidc(&provider.issuer, &clients.people);
    change(&mut settings, &clients);
    let house = House::new(site, real_clock(), settings).await;
    Some(Both { house, provider })
}

impl Both {
    /// Logs in at the provider as somebody; gives what the browser is answered when it comes back.
    async fn log_in(&self, browser: &User, who: &str) -> Answer {
        self.provider.forget();
        let back = self.back(browser, who).await;
        visit(browser, &self.house, &back).await
    }

    async fn back(&self, browser: &User, who: &str) -> String {
        let sent = browser.get("/oidc/inn?til=/konto").await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        self.provider.log_in(sent.header("location"), who, &self.house.origin).await
    }
}

#[tokio::test]
async fn somebody_logs_in_and_out_here_and_there() {
    let Some(both) = both(|_, _| ()).await else { return };
    both.house.kari().await;
    let browser = both.house.browser();
    assert!(browser.get("/logg-inn").await.text().contains("Logg inn med HelseID"));
    let answer = both.log_in(&browser, "kari").await;
    assert_eq!((answer.status, answer.header("location")), (303, "/konto"), "{}", answer.text());
    assert!(is_in(&browser).await);
    let page = browser.get("/konto").await.text();
    let token = page.split("name=\"_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let body = format!("_token={token}").into_bytes();
    let origin = both.house.origin.clone();
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", origin.as_str())];
    let out = browser.request(axum::http::Method::POST, "/logg-ut", &headers, body).await;
    assert_eq!(out.header("location"), "/logg-inn?ut=ja");
    assert!(!is_in(&browser).await);
    let left = browser.get("/logg-inn?ut=ja").await.text();
    assert!(left.contains("fortsatt logget inn hos HelseID"), "{left}");
    let end = browser.get("/oidc/ut").await;
    assert!(end.header("location").contains("id_token_hint="));
    let (status, text) = both.provider.page(end.header("location")).await;
    assert_eq!(status, 200, "{text}");
    assert!(text.contains("/session/end/confirm"), "the provider knows who logs out: {text}");
    assert!(!browser.get("/logg-inn").await.text().contains("fortsatt logget inn"));
}

#[tokio::test]
async fn who_logs_out_at_the_provider_is_logged_out_here() {
    let Some(both) = both(|_, _| ()).await else { return };
    both.house.kari().await;
    let browser = both.house.browser();
    both.log_in(&browser, "kari").await;
    assert!(is_in(&browser).await);
    let end = browser.get("/oidc/ut").await;
    let (_, text) = both.provider.page(end.header("location")).await;
    let secret = text.split("name=\"xsrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let confirm = format!("{}/session/end/confirm", both.provider.issuer);
    let (status, _, text) = both.provider.post(&confirm, &[], &[("xsrf", &secret), ("logout", "yes")]).await;
    assert!(matches!(status, 302 | 303), "{status} {text}");
    for _ in 0..50 {
        if !is_in(&browser).await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("still logged in here");
}

#[tokio::test]
async fn who_says_no_at_the_provider_is_not_logged_in() {
    let Some(both) = both(|_, _| ()).await else { return };
    let browser = both.house.browser();
    let answer = both.log_in(&browser, "nobody").await;
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("avbrutt hos HelseID") && !answer.text().contains("<b>said"));
}

#[tokio::test]
async fn somebody_new_is_tied_to_the_account_that_a_claim_names_once() {
    let Some(both) = both(|settings, _| settings.login_claim = Some("hpr_number".to_owned())).await else {
        return;
    };
    let trust = both.house.t.trust.clone();
    both.house.account("hpr-kari", None, &[(Role::Ward, &trust)]).await;
    let answer = both.log_in(&both.house.browser(), "kari").await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let tied = both.house.t.app.parts().accounts.by_login("hpr-kari").await.unwrap().unwrap();
    assert_eq!(tied.oidc.unwrap().subject, "kari");
    assert_eq!(both.log_in(&both.house.browser(), "ola").await.status, 403);
}

#[tokio::test]
async fn an_organisation_leads_to_the_role_of_its_party() {
    let claim = "hpr_number".to_owned();
    let both = both(|settings, _| {
        let parties =
            [("hpr-kari".to_owned(), "Testby".to_owned()), ("hpr-ola".to_owned(), "Annenby".to_owned())]
                .into();
        settings.organisations = Some(Organisations { claim, parties });
    });
    let Some(both) = both.await else { return };
    let roles = [(Role::Ward, "Testby"), (Role::Coordination, "Ellers")];
    both.house.account("kari", Some("kari"), &roles).await;
    both.house.account("ola", Some("ola"), &roles).await;
    both.house.account("per", Some("per"), &roles).await;
    let browser = both.house.browser();
    assert_eq!(both.log_in(&browser, "kari").await.header("location"), "/konto");
    assert!(browser.get("/konto").await.text().contains("Sengepost, Testby"));
    for who in ["ola", "per"] {
        let browser = both.house.browser();
        let answer = both.log_in(&browser, who).await;
        assert_eq!(answer.status, 403, "{who}");
        assert!(!is_in(&browser).await);
    }
}

#[tokio::test]
async fn a_key_that_the_provider_does_not_know_is_refused() {
    let Some(both) = both(|settings, _| settings.keys = vec![Key::new("people").signing()]).await else {
        return;
    };
    let answer = both.house.browser().get("/oidc/inn").await;
    assert_eq!(answer.status, 502);
    assert!(answer.text().contains("godtar ikke innlogging"), "{}", answer.text());
}

#[tokio::test]
async fn of_several_keys_the_first_signs() {
    let other = Key::new("next").signing();
    let Some(both) = both(|settings, _| settings.keys.push(other)).await else { return };
    both.house.kari().await;
    assert_eq!(both.log_in(&both.house.browser(), "kari").await.status, 303);
}

#[tokio::test]
async fn what_says_who_we_are_is_refused_when_our_clock_is_wrong() {
    let (site, clients) = (Site::new().await, Clients::new());
    let Some(provider) = Provider::new(&site.origin, &clients) else { return };
    let clock = still_clock();
    clock.set(clock.now() - SignedDuration::from_hours(1));
    let house = House::new(site, clock, oidc(&provider.issuer, &clients.people)).await;
    assert_eq!(house.browser().get("/oidc/inn").await.status, 502);
}

#[tokio::test]
async fn a_code_is_good_once_and_for_the_browser_that_began() {
    let Some(both) = both(|_, _| ()).await else { return };
    both.house.kari().await;
    let (browser, other) = (both.house.browser(), both.house.browser());
    let back = both.back(&browser, "kari").await;
    assert_eq!(visit(&other, &both.house, &back).await.status, 400);
    assert_eq!(visit(&browser, &both.house, &back).await.status, 303);
    // A code of this login with the state of another: the challenge doesn't fit.
    let code = back.split("code=").nth(1).unwrap().split('&').next().unwrap();
    let third = both.house.browser();
    let fresh = both.back(&third, "kari").await;
    let spent = fresh.replace(fresh.split("code=").nth(1).unwrap().split('&').next().unwrap(), code);
    let answer = visit(&third, &both.house, &spent).await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert!(!is_in(&third).await);
}

#[tokio::test]
async fn a_code_that_was_caught_on_its_way_is_useless_to_another_login() {
    let Some(both) = both(|_, _| ()).await else { return };
    both.house.kari().await;
    let (victim, attacker) = (both.house.browser(), both.house.browser());
    let caught = both.back(&victim, "kari").await;
    both.provider.forget();
    let own = both.back(&attacker, "ola").await;
    let part = |address: &str| address.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let mixed = own.replace(&part(&own), &part(&caught));
    let answer = visit(&attacker, &both.house, &mixed).await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert!(!is_in(&attacker).await);
}

#[tokio::test]
async fn the_provider_takes_nothing_that_is_not_pushed_proven_and_signed() {
    let Some(both) = both(|_, _| ()).await else { return };
    let issuer = &both.provider.issuer;
    let bare = format!(
        "{issuer}/auth?client_id=samspill&response_type=code&scope=openid&redirect_uri={}/oidc/svar",
        both.house.origin
    );
    let (status, text) = both.provider.page(&bare).await;
    assert_eq!(status, 303);
    assert!(text.contains("Pushed+Authorization+Request+must+be+used"), "{text}");
    let form = [("client_id", "samspill"), ("response_type", "code"), ("scope", "openid")];
    let (status, _, text) = both.provider.post(&format!("{issuer}/request"), &[], &form).await;
    assert_eq!(status, 401, "{text}");
    let (status, _, text) = both.provider.post(&format!("{issuer}/token"), &[], &form).await;
    assert!(matches!(status, 400 | 401), "{text}");
}
