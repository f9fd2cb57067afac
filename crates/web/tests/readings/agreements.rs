//! Agreements are read rule by rule, searched and compared.

use samspill_agreement::RuleSort;
use samspill_service::access::Role;
use samspill_web::pages::agreements::rule_address;

use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn agreements_and_laws_are_listed_for_everybody() {
    let t = TestApp::new().await;
    for role in Role::ALL {
        let page = t.get_as(role, "/avtaler").await;
        assert_eq!(page.status, 200, "{role:?}");
        let text = page.text();
        assert!(text.contains("/avtaler/unn") && text.contains("/avtaler/dognpris"), "{role:?}");
    }
    assert!(t.anonymous().get("/avtaler").await.status >= 300);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_rule_stands_beside_its_clause_at_an_address_of_its_own() {
    let t = TestApp::new().await;
    let address = rule_address("unn", "2023-06-01", RuleSort::Duty, "svar-utskrivningsklar");
    let (path, anchor) = address.split_once('#').unwrap();
    let text = t.get_as(Role::Ward, path).await.text();
    assert!(text.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    for part in
        ["Slik er teksten tolket", "Dette regnes ikke ut", "s-rule-clause", "Veileder for fakturering"]
    {
        assert!(text.contains(part), "{part}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_keeps_the_rules_that_hold_every_word() {
    let t = TestApp::new().await;
    let rules =
        async |path: &str| t.get_as(Role::Ward, path).await.text().matches("class=\"s-rule\"").count();
    let (all, some) = (rules("/avtaler/unn").await, rules("/avtaler/unn?q=epikrise").await);
    assert!(some > 0 && some < all, "{some} of {all}");
    assert_eq!(rules("/avtaler/unn?q=epikrise+finnesikke").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_versions_of_a_law_stand_side_by_side() {
    let t = TestApp::new().await;
    let path = "/avtaler/forskrift-2011-11-18-1115/sammenlign?fra=2017-01-01&til=2019-01-01";
    let text = t.get_as(Role::Member, path).await.text();
    assert!(
        text.contains("s-was") && text.contains("s-is") && text.contains("Regler som er forskjellige"),
        "{text}"
    );
    let same = "/avtaler/unn/sammenlign?fra=2023-06-01&til=2023-06-01";
    assert!(t.get_as(Role::Member, same).await.text().contains("Reglene er like"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_of_others_is_read_and_compared_with_and_nothing_is_proposed_in_it() {
    let t = TestApp::new().await;
    let list = t.get_as(Role::Member, "/avtaler").await.text();
    let (own, others) = list.split_once("Avtaler i andre helsefellesskap").expect("its own part");
    assert!(!own.contains("/avtaler/hmr") && others.contains("/avtaler/hmr"), "{list}");
    // Of an agreement with one version, what there is to compare with is another.
    let compared = t.get_as(Role::Member, "/avtaler/unn/sammenlign").await.text();
    assert!(compared.contains("Regler som er forskjellige") && !compared.contains("Reglene er like"));
    let secretary = |path| t.get_as(Role::Secretary, path);
    assert!(secretary("/avtaler/unn").await.text().contains("/avtaler/unn/forslag"));
    let theirs = secretary("/avtaler/hmr").await.text();
    assert!(
        theirs.contains("/avtaler/hmr/sammenlign") && !theirs.contains("/avtaler/hmr/forslag"),
        "{theirs}"
    );
    let page = secretary("/avtaler/hmr/forslag").await;
    assert!(!page.text().contains("Begynn på et forslag"), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_not_there() {
    let t = TestApp::new().await;
    for path in [
        "/avtaler/x",
        "/avtaler/unn/versjon/1999-01-01",
        "/avtaler/unn/sammenlign?fra=x",
        "/avtaler/dognpris/forslag/x",
    ] {
        assert_eq!(t.get_as(Role::Secretary, path).await.status, 404, "{path}");
    }
}
