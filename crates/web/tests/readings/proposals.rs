//! A proposal is written, checked and tried in the browser.

use std::time::Duration;

use samspill_agreement::{SourceFile, VersionSources, load};
use samspill_base::CaseLog;
use samspill_engine::{Dates, Engine};
use samspill_service::access::Role;
use samspill_shelf::find;

use crate::support::{Side, TestApp, User};

const PAYMENT: &str = "processes/betaling.toml";

async fn begun(user: &User) -> String {
    let fields = [("versjon", "2023-06-01"), ("navn", "Fem gratis døgn")];
    let answer = user.post_form("/avtaler/unn/forslag", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.header("location").to_owned()
}

fn payment() -> String {
    let found = find("unn").unwrap().remove(0);
    let file = found.versions[0].files.iter().find(|file| file.name.ends_with(PAYMENT)).unwrap();
    file.text.clone()
}

/// The days and øre of all stays of the month, evaluated directly as the command does.
async fn directly(t: &TestApp, payment: &str) -> [(u64, i64); 2] {
    let found = find("unn").unwrap().remove(0);
    let before = found.load().agreement.unwrap();
    let files = found.versions[0].files.iter().map(|file| {
        let text = if file.name.ends_with(PAYMENT) { payment.to_owned() } else { file.text.clone() };
        SourceFile::new(file.name.clone(), text)
    });
    let sources = VersionSources { folder_name: "2023-06-01".to_owned(), files: files.collect() };
    let after = load(vec![sources], &found.shelf).agreement.unwrap();
    let (store, community) = (&t.app.parts().store, &t.app.parts().community);
    let mut sums = [(0, 0); 2];
    for case in store.cases(community, "", 100_000).await.unwrap() {
        let entries = store.case_entries(community, &case).await.unwrap();
        let log = CaseLog { case, entries };
        let engines = [Engine::new(&before), Engine::new(&after).with_dates(Dates::NewestAlways)];
        for (engine, sum) in engines.iter().zip(&mut sums) {
            for meter in engine.evaluate(&log, t.now()).meters {
                sum.0 += u64::from(meter.count);
                sum.1 += meter.amount.map_or(0, |amount| amount.0);
            }
        }
    }
    sums
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_is_shown_beside_its_line_and_keeps_the_proposal_from_being_tried() {
    let t = TestApp::new().await;
    let user = t.user(Role::Secretary, Side::Trust);
    let address = begun(&user).await;
    let text = payment().replace("rate = \"law:dognpris\"", "rate = \"law:dognpriss\"");
    let fields = [("fil", PAYMENT), ("tekst", &text), ("utgave", "1"), ("navn", "")];
    let checked = user.post_form(&format!("{address}/sjekk"), &fields).await;
    assert_eq!(checked.status, 200);
    assert!(
        checked.text().contains("id=\"sjekket\"") && checked.text().contains("feil må rettes"),
        "{}",
        checked.text()
    );
    assert_eq!(user.post_form(&address, &fields).await.status, 303);
    let page = user.get(&format!("{address}?fil={PAYMENT}")).await.text();
    assert!(
        page.contains("s-line-bad") && page.contains("dognpriss") && page.contains("Skriv heller"),
        "{page}"
    );
    assert!(
        page.contains("En sats nevner en datert verdi som ikke finnes"),
        "in the page's language: {page}"
    );
    assert!(!page.contains(&format!("{address}/prov")));
    assert_eq!(user.get(&format!("{address}/prov")).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_save_at_once_lose_nothing() {
    let t = TestApp::new().await;
    let user = t.user(Role::Secretary, Side::Trust);
    let address = begun(&user).await;
    let first = format!("# første\n{}", payment());
    let second = format!("# andre\n{}", payment());
    let fields = |text| [("fil", PAYMENT), ("tekst", text), ("utgave", "1"), ("navn", "")];
    assert_eq!(user.post_form(&address, &fields(first.as_str())).await.status, 303);
    let late = user.post_form(&address, &fields(second.as_str())).await;
    assert_eq!(late.status, 409);
    assert!(late.text().contains("i mellomtiden"));
    assert!(["# første", "# andre"].iter().all(|text| late.text().contains(text)), "{}", late.text());
    assert!(user.get(&address).await.text().contains("# første"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_comes_to_what_the_command_comes_to() {
    let t = TestApp::new().await;
    let user = t.user(Role::Coordination, Side::Trust);
    let address = begun(&user).await;
    let text =
        payment().replace("counts = \"days\"", "counts = \"days\"\nfree_days = 5\nfree_clause = \"Forslag\"");
    let fields = [("fil", PAYMENT), ("tekst", text.as_str()), ("utgave", "1"), ("navn", "")];
    assert_eq!(user.post_form(&address, &fields).await.status, 303);
    let page = done(&user, &format!("{address}/prov?omfang=alle")).await;
    let [before, after] = directly(&t, &text).await;
    assert!(before.0 > after.0, "free days are fewer days: {before:?} {after:?}");
    let row = page.split("class=\"s-sum\"").nth(1).unwrap();
    let cells: Vec<String> = row.split("<td").skip(1).take(5).map(number).collect();
    let kroner = |ore: i64| ((ore + 50) / 100).to_string();
    assert_eq!(cells[0], before.0.to_string());
    assert_eq!(cells[1], after.0.to_string());
    assert_eq!((&cells[3], &cells[4]), (&kroner(before.1), &kroner(after.1)));
    assert!(page.contains("<svg") && page.contains("Gratis"), "a chart, and what differs");
}

/// A proposal with five free days, and the page of its trial on the whole community.
async fn tried_on_all(user: &User, from: &str, to: &str) -> String {
    let address = begun(user).await;
    let text = payment().replacen(from, to, 1);
    assert_ne!(text, payment(), "{from} stands there");
    let fields = [("fil", PAYMENT), ("tekst", text.as_str()), ("utgave", "1"), ("navn", "")];
    assert_eq!(user.post_form(&address, &fields).await.status, 303);
    done(user, &format!("{address}/prov?omfang=alle")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_part_in_some_stays_sees_those_of_others_rounded_and_no_money() {
    let t = TestApp::new().await;
    let user = t.user(Role::CaseOffice, Side::First);
    let free = "counts = \"days\"\nfree_days = 5\nfree_clause = \"Forslag\"";
    let page = tried_on_all(&user, "counts = \"days\"", free).await;
    assert!(page.contains("rundet av til nærmeste fem") && !page.contains("Beløp før"), "{page}");
    let table = page.split("<table").find(|table| table.contains("Døgn etter")).unwrap();
    let table = table.split("</table>").next().unwrap();
    let counts: Vec<String> = table.split("<td").skip(1).map(number).filter(|it| !it.is_empty()).collect();
    assert!(!counts.is_empty(), "{table}");
    assert!(counts.iter().all(|count| count.ends_with('0') || count.ends_with('5')), "{counts:?}");
    assert!(!page.contains("uten sikker pris"), "how many stays lack a price is a count too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_about_other_stays_than_the_agreements_is_tried_on_ones_own_alone() {
    let t = TestApp::new().await;
    let user = t.user(Role::CaseOffice, Side::First);
    let from = "[meter.from]";
    let page = tried_on_all(&user, from, "[meter.from]\nwhen = \"fagomrade is somatikk\"").await;
    assert!(page.contains("bare prøves på egne opphold"), "{page}");
    assert!(!page.contains("Døgn etter") && !page.contains("opphold er lest"), "{page}");
    let address = begun(&user).await;
    let own = done(&user, &format!("{address}/prov?omfang=egne")).await;
    assert!(own.contains("opphold er lest på begge måter"), "{own}");
}

/// What stands in a cell, its digits alone.
fn number(cell: &str) -> String {
    let text = cell.split_once('>').unwrap().1.split('<').next().unwrap();
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The page of a trial when it is done: it says itself when to ask again.
async fn done(user: &User, path: &str) -> String {
    for _ in 0..200 {
        let page = user.get(path).await;
        assert_eq!(page.status, 200, "{}", page.text());
        if page.header("refresh").is_empty() {
            return page.text();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the trial never ends")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_propose_finds_no_proposals() {
    let t = TestApp::new().await;
    let address = begun(&t.user(Role::Secretary, Side::Trust)).await;
    for role in [Role::Ward, Role::Gp, Role::HospitalAccounts, Role::Member, Role::Auditor] {
        let user = t.user(role, Side::of(role));
        for path in ["/avtaler/unn/forslag", &address, &format!("{address}/prov")] {
            assert_eq!(user.get(path).await.status, 404, "{role:?} {path}");
        }
        assert_eq!(
            user.post_form("/avtaler/unn/forslag", &[("versjon", "2023-06-01")]).await.status,
            404,
            "{role:?}"
        );
    }
}
