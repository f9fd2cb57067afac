//! What a provider, or who stands between, may send, and what comes of it: nobody is let in.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{
    house::{CLIENT, House, Site, is_in, oidc, still_clock, visit},
    keys::{Key, shared_secret, unsigned},
    stub::{Script, Stub, claims_of, nonce_of},
    support::{Answer, User},
};

/// A house and its provider.
async fn house() -> (House, Stub) {
    let (stub, site) = (Stub::new().await, Site::new().await);
    let house = House::new(site, still_clock(), oidc(&stub.issuer, &Key::new("ours"))).await;
    house.kari().await;
    (house, stub)
}

/// Goes to the provider, and says what state it was sent along.
async fn begin(browser: &User, stub: &Stub) -> String {
    let sent = browser.get("/oidc/inn?til=/konto").await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert!(
        sent.header("location").starts_with(&format!("{}/auth?", stub.issuer)),
        "{}",
        sent.header("location")
    );
    stub.pushed("state")
}

/// The whole way with a provider that does as the script says.
async fn log_in(house: &House, stub: &Stub, change: impl FnOnce(&mut Script)) -> (User, Answer) {
    stub.tell(change);
    let browser = house.browser();
    let state = begin(&browser, stub).await;
    let answer = visit(&browser, house, &stub.back(&state)).await;
    (browser, answer)
}

/// Nobody is let in, with this status and these words.
async fn refused(house: &House, stub: &Stub, change: impl FnOnce(&mut Script), status: u16, says: &str) {
    let (browser, answer) = log_in(house, stub, change).await;
    assert_eq!(answer.status, status, "{}", answer.text());
    assert!(answer.text().contains(says), "{}", answer.text());
    assert!(!is_in(&browser).await);
    assert_eq!(browser.cookie("samspill"), None);
}

const NOT_TRUSTED: &str = "kunne ikke kontrolleres";

/// Nobody is let in by an identity token with any of these claims.
async fn refused_claims(rows: Vec<Value>) {
    let (house, stub) = house().await;
    for claims in rows {
        refused(&house, &stub, |script| script.claims = claims, 403, NOT_TRUSTED).await;
    }
    assert_eq!(log_in(&house, &stub, |script| script.claims = json!({})).await.1.status, 303);
}

/// Nobody is let in by a token that is signed like this.
async fn refused_signatures<const N: usize>(rows: [fn(&Key, &Value) -> String; N]) {
    let (house, stub) = house().await;
    for sign in rows {
        refused(&house, &stub, |script| script.sign = Arc::new(sign), 403, NOT_TRUSTED).await;
    }
}

#[tokio::test]
async fn when_all_is_right_somebody_is_let_in() {
    let (house, stub) = house().await;
    let (browser, answer) = log_in(&house, &stub, |_| ()).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/konto"), "{}", answer.text());
    assert!(is_in(&browser).await);
}

#[tokio::test]
async fn an_identity_token_of_another_issuer_is_refused() {
    refused_claims(vec![json!({"iss": "https://evil.example"}), json!({"iss": null})]).await;
}

#[tokio::test]
async fn an_identity_token_for_another_client_is_refused() {
    refused_claims(vec![json!({"aud": "other"}), json!({"aud": [CLIENT, "other"]}), json!({"azp": "other"})])
        .await;
}

#[tokio::test]
async fn an_identity_token_of_another_login_is_refused() {
    refused_claims(vec![json!({"nonce": "other"}), json!({"nonce": null})]).await;
}

#[tokio::test]
async fn an_identity_token_of_another_time_is_refused() {
    let now = Timestamp::now().as_second();
    refused_claims(vec![
        json!({"exp": now - 60}),
        json!({"exp": null}),
        json!({"iat": now + 600, "exp": now + 660}),
        json!({"iat": now - 3600}),
    ])
    .await;
}

#[tokio::test]
async fn an_identity_token_with_another_access_token_is_refused() {
    refused_claims(vec![json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"})]).await;
}

#[tokio::test]
async fn an_identity_token_of_nobody_is_refused() {
    refused_claims(vec![json!({"sub": ""}), json!({"sub": null})]).await;
}

#[tokio::test]
async fn an_identity_token_that_nobody_signed_is_refused() {
    refused_signatures([
        |_, claims| unsigned(claims),
        |key, claims| {
            let signed = key.sign("JWT", claims);
            signed[..=signed.rfind('.').unwrap()].to_owned()
        },
    ])
    .await;
}

#[tokio::test]
async fn an_identity_token_signed_with_what_everybody_knows_is_refused() {
    refused_signatures([shared_secret]).await;
}

#[tokio::test]
async fn an_identity_token_signed_with_another_key_is_refused() {
    refused_signatures([
        |_, claims| Key::new("a").sign("JWT", claims),
        |_, claims| Key::new("unknown").sign("JWT", claims),
    ])
    .await;
}

#[tokio::test]
async fn a_key_that_the_token_brings_along_is_not_believed() {
    refused_signatures([
        |_, claims| {
            let own = Key::new("own");
            own.sign_under(&json!({"alg": "ES256", "typ": "JWT", "jwk": own.public()}), claims)
        },
        |_, claims| {
            let header = json!({"alg": "ES256", "kid": "own", "jku": "https://evil.example/jwks"});
            Key::new("own").sign_under(&header, claims)
        },
    ])
    .await;
}

#[tokio::test]
async fn a_token_that_demands_what_we_do_not_know_or_was_changed_is_refused() {
    refused_signatures([
        |key, claims| key.sign_under(&json!({"alg": "ES256", "kid": "a", "crit": ["exp"], "exp": 1}), claims),
        |key, claims| {
            let signed = key.sign("JWT", claims);
            let mut other = claims.clone();
            other["sub"] = json!("ola");
            let parts: Vec<&str> = signed.split('.').collect();
            format!("{}.{}.{}", parts[0], crate::keys::part(&other), parts[2])
        },
        |_, _| "not a token".to_owned(),
    ])
    .await;
}

#[tokio::test]
async fn a_token_that_is_not_bound_to_our_key_is_refused() {
    let (house, stub) = house().await;
    for granted in [json!({"token_type": "Bearer"}), json!({"id_token": null})] {
        let change = |script: &mut Script| script.granted = granted;
        refused(&house, &stub, change, 502, "godtar ikke innlogging").await;
    }
}

#[tokio::test]
async fn errors_of_the_token_address_are_put_in_words() {
    let (house, stub) = house().await;
    let rows = [
        (400, "invalid_grant", 400, "tok for lang tid"),
        (401, "invalid_client", 502, "godtar ikke innlogging"),
        (503, "temporarily_unavailable", 503, "svarer ikke nå"),
    ];
    for (status, name, expected, says) in rows {
        let change = |script: &mut Script| {
            script.token_status = status;
            script.granted = json!({"error": name, "error_description": "<b>x</b>"});
        };
        refused(&house, &stub, change, expected, says).await;
    }
}

/// What the provider does, the status of the answer, and what the page says.
type NotBegun = (fn(&mut Script), u16, &'static str);

/// Nobody even leaves for a provider that does any of this.
async fn not_begun<const N: usize>(rows: [NotBegun; N]) {
    let (house, stub) = house().await;
    let right = stub.script.lock().unwrap().clone();
    for (change, status, says) in rows {
        stub.tell(|script| *script = right.clone());
        stub.tell(change);
        let answer = house.browser().get("/oidc/inn").await;
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(answer.text().contains(says) && answer.header("location").is_empty(), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_provider_that_calls_itself_otherwise_is_not_gone_to() {
    let setup = "godtar ikke innlogging";
    not_begun([
        (|script| script.metadata["issuer"] = json!("https://evil.example"), 502, setup),
        (|script| script.metadata["pushed_authorization_request_endpoint"] = Value::Null, 502, setup),
        (|script| script.metadata["token_endpoint"] = json!("http://evil.example/token"), 502, setup),
        (|script| script.metadata["code_challenge_methods_supported"] = json!(["plain"]), 502, setup),
    ])
    .await;
}

#[tokio::test]
async fn a_provider_that_does_not_take_the_request_is_not_gone_to() {
    not_begun([
        (|script| script.pushed_status = 400, 502, "godtar ikke innlogging"),
        (|script| script.pushed_status = 302, 502, "godtar ikke innlogging"),
        (|script| script.pushed_status = 500, 503, "svarer ikke nå"),
    ])
    .await;
}

#[tokio::test]
async fn a_provider_that_is_out_of_reach_is_said_to_be() {
    let site = Site::new().await;
    let house = House::new(site, still_clock(), oidc("http://127.0.0.1:1", &Key::new("ours"))).await;
    let answer = house.browser().get("/oidc/inn").await;
    assert_eq!(answer.status, 503);
    assert!(answer.text().contains("HelseID svarer ikke nå"), "{}", answer.text());
    assert!(answer.text().contains("name=\"passord\""), "the other way in still stands");
}

#[tokio::test]
async fn an_answer_to_another_browser_is_refused() {
    let (house, stub) = house().await;
    let (victim, attacker) = (house.browser(), house.browser());
    let state = begin(&attacker, &stub).await;
    // The attacker's answer in the victim's browser, which began nothing, and which began something else.
    for _ in 0..2 {
        let answer = visit(&victim, &house, &stub.back(&state)).await;
        assert_eq!(answer.status, 400);
        assert!(answer.text().contains("begynte ikke i denne nettleseren"));
        assert!(!is_in(&victim).await);
        begin(&victim, &stub).await;
    }
}

#[tokio::test]
async fn an_answer_with_no_state_or_a_made_up_one_is_refused() {
    let (house, stub) = house().await;
    let browser = house.browser();
    let state = begin(&browser, &stub).await;
    // The cookie is named by the first signs of the state: the rest must be right too.
    let close = format!("{}{}", &state[..20], "A".repeat(state.len() - 20));
    for made_up in ["", "x", &close] {
        assert_eq!(visit(&browser, &house, &stub.back(made_up)).await.status, 400, "{made_up}");
    }
    assert!(!is_in(&browser).await);
}

#[tokio::test]
async fn an_answer_that_was_used_is_refused() {
    let (house, stub) = house().await;
    let browser = house.browser();
    let state = begin(&browser, &stub).await;
    let name = format!("samspill-flyt-{}", &state[..8]);
    let kept = format!("{name}={}", browser.cookie(&name).unwrap());
    assert_eq!(visit(&browser, &house, &stub.back(&state)).await.status, 303);
    assert_eq!(browser.cookie(&name), None, "the browser forgets it");
    assert_eq!(visit(&browser, &house, &stub.back(&state)).await.status, 400);
    // Who kept the cookie is refused as well.
    let headers = [("cookie", kept.as_str()), ("accept", "text/html")];
    let again =
        house.browser().request(axum::http::Method::GET, &stub.back(&state), &headers, Vec::new()).await;
    assert_eq!(again.status, 400);
    assert!(again.text().contains("fullført før"));
    assert_eq!(stub.seen.lock().unwrap().tokens.len(), 1);
}

#[tokio::test]
async fn what_the_browser_carries_cannot_be_changed() {
    let (house, stub) = house().await;
    let browser = house.browser();
    let state = begin(&browser, &stub).await;
    let name = format!("samspill-flyt-{}", &state[..8]);
    let value = browser.cookie(&name).unwrap();
    let other = if value.starts_with('A') { "B" } else { "A" };
    let changed = format!("{name}={other}{}", &value[1..]);
    let swapped = format!("{name}={}", browser.cookie("samspill-inn").unwrap_or_else(|| "AAAA".to_owned()));
    for cookie in [changed, swapped] {
        let headers = [("cookie", cookie.as_str()), ("accept", "text/html")];
        let answer =
            house.browser().request(axum::http::Method::GET, &stub.back(&state), &headers, Vec::new()).await;
        assert_eq!(answer.status, 400, "{cookie}");
    }
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_refused() {
    let (house, stub) = house().await;
    let browser = house.browser();
    let state = begin(&browser, &stub).await;
    house.t.clock.set(house.t.now() + SignedDuration::from_secs(601));
    let answer = visit(&browser, &house, &stub.back(&state)).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text().contains("tok for lang tid"));
}

#[tokio::test]
async fn an_answer_of_another_provider_is_refused() {
    let (house, stub) = house().await;
    for sender in ["", "&iss=https://evil.example"] {
        let browser = house.browser();
        let state = begin(&browser, &stub).await;
        let answer = visit(&browser, &house, &format!("/oidc/svar?code=c&state={state}{sender}")).await;
        assert_eq!(answer.status, 403, "{sender}");
        assert!(answer.text().contains(NOT_TRUSTED));
    }
    assert!(stub.seen.lock().unwrap().tokens.is_empty(), "the code went to nobody");
}

#[tokio::test]
async fn what_the_provider_says_went_wrong_is_put_in_words_and_never_shown_as_it_stands() {
    let (house, stub) = house().await;
    let rows = [
        ("access_denied", 403, "avbrutt hos HelseID"),
        ("login_required", 403, "avbrutt hos HelseID"),
        ("temporarily_unavailable", 503, "svarer ikke nå"),
        ("invalid_scope", 502, "godtar ikke innlogging"),
        ("%3Cscript%3E", 502, "godtar ikke innlogging"),
    ];
    for (error, status, says) in rows {
        let browser = house.browser();
        let state = begin(&browser, &stub).await;
        let back = format!(
            "/oidc/svar?error={error}&error_description=%3Cb%3Efarlig%3C/b%3E&state={state}&iss={}",
            stub.issuer
        );
        let answer = visit(&browser, &house, &back).await;
        assert_eq!(answer.status, status, "{error}");
        assert!(answer.text().contains(says) && !answer.text().contains("farlig"), "{error}");
        assert!(!answer.text().contains("<script>"));
    }
}

#[tokio::test]
async fn somebody_whom_nobody_here_knows_is_told_so() {
    let (house, stub) = house().await;
    let change = |script: &mut Script| script.claims = json!({"sub": "ukjent"});
    refused(&house, &stub, change, 403, "har ingen rolle her").await;
}

#[tokio::test]
async fn a_login_below_the_demanded_level_is_refused() {
    let (stub, site) = (Stub::new().await, Site::new().await);
    let mut settings = oidc(&stub.issuer, &Key::new("ours"));
    settings.demands.insert("helseid://claims/identity/security_level".to_owned(), "4".to_owned());
    let house = House::new(site, still_clock(), settings).await;
    house.kari().await;
    for (level, status) in [(json!("3"), 403), (Value::Null, 403), (json!(["4"]), 403), (json!("4"), 303)] {
        let claims = json!({"helseid://claims/identity/security_level": level});
        let (_, answer) = log_in(&house, &stub, |script| script.claims = claims).await;
        assert_eq!(answer.status, status, "{level}");
    }
}

#[tokio::test]
async fn keys_that_are_changed_are_fetched_once_and_made_up_ones_do_not_make_us_ask_again() {
    let (house, stub) = house().await;
    assert_eq!(log_in(&house, &stub, |_| ()).await.1.status, 303);
    assert_eq!(stub.seen.lock().unwrap().keys_fetched, 1);
    let next = Key::new("b");
    let public = next.public();
    house.t.clock.set(house.t.now() + SignedDuration::from_secs(30));
    let change = |script: &mut Script| {
        script.keys.push(public);
        script.sign = Arc::new(move |_, claims| next.sign("JWT", claims));
    };
    assert_eq!(log_in(&house, &stub, change).await.1.status, 303);
    assert_eq!(stub.seen.lock().unwrap().keys_fetched, 2);
    for made_up in ["c", "d", "e"] {
        let change = |script: &mut Script| {
            script.sign = Arc::new(move |_, claims| Key::new(made_up).sign("JWT", claims));
        };
        assert_eq!(log_in(&house, &stub, change).await.1.status, 403);
    }
    assert_eq!(stub.seen.lock().unwrap().keys_fetched, 2);
}

#[tokio::test]
async fn a_key_that_is_taken_back_is_dead_within_the_hour() {
    let (house, stub) = house().await;
    assert_eq!(log_in(&house, &stub, |_| ()).await.1.status, 303);
    stub.tell(|script| script.keys = vec![Key::new("b").public()]);
    house.t.clock.set(house.t.now() + SignedDuration::from_mins(60));
    let now = house.t.now().as_second();
    let claims = json!({"iat": now, "exp": now + 60});
    let (_, answer) = log_in(&house, &stub, |script| script.claims = claims).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn what_is_sent_to_the_provider_says_who_we_are_once_and_proves_it() {
    let (stub, site) = (Stub::new().await, Site::new().await);
    let ours = Key::new("ours");
    let house = House::new(site, still_clock(), oidc(&stub.issuer, &ours)).await;
    house.kari().await;
    stub.tell(|script| script.demands_nonce = true);
    log_in(&house, &stub, |_| ()).await;
    let seen = stub.seen.lock().unwrap();
    assert_eq!(seen.pushed.len(), 2, "once without the nonce, once with");
    let assertions: Vec<Value> = seen
        .pushed
        .iter()
        .chain(&seen.tokens)
        .map(|(_, form)| claims_of(&form["client_assertion"]))
        .collect();
    for claims in &assertions {
        assert_eq!(
            (&claims["iss"], &claims["sub"], &claims["aud"]),
            (&json!(CLIENT), &json!(CLIENT), &json!(stub.issuer))
        );
        assert!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap() <= 60);
    }
    let ids: std::collections::BTreeSet<&str> =
        assertions.iter().map(|claims| claims["jti"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 3, "each is used once");
    let (headers, form) = &seen.tokens[0];
    assert_eq!(nonce_of(headers).as_deref(), Some("n1"));
    assert_eq!(form["redirect_uri"], format!("{}/oidc/svar", house.origin));
    let pushed = &seen.pushed[1].1;
    let challenge = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, form["code_verifier"].as_bytes());
    assert_eq!(pushed["code_challenge"], URL_SAFE_NO_PAD.encode(challenge));
    assert_eq!(
        (pushed["code_challenge_method"].as_str(), pushed["response_type"].as_str()),
        ("S256", "code")
    );
    assert_eq!(pushed["ui_locales"], "nb no");
}
