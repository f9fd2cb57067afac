use axum::http::Method;
use jiff::SignedDuration;
use samspill_base::{Entry, Position, Value};
use samspill_service::access::{Action, Role};

use crate::{
    support::{Side, TestApp},
    well_formed::check,
};

/// How many lines a page of the board shows.
fn lines(text: &str) -> usize {
    text.matches("<th scope=\"row\">").count()
}

/// What a count on top says.
fn count(text: &str, address: &str) -> usize {
    let (_, after) = text.split_once(&format!("href=\"{address}\"")).expect("the count");
    let (_, after) = after.split_once("s-card-number\">").expect("a number");
    after.split('<').next().expect("a number").parse().expect("a number")
}

#[tokio::test]
async fn the_board_has_the_stays_that_the_policy_shows_and_no_others() {
    let test = TestApp::new().await;
    for (role, side) in
        [(Role::CaseOffice, Side::First), (Role::CaseOffice, Side::Second), (Role::Ward, Side::Trust)]
    {
        let user = test.user(role, side);
        let signed = user.signed.clone().expect("somebody");
        let stays = test.app.live().stays();
        let now = test.now();
        let open = stays.iter().filter(|line| !line.is_left_over(now));
        let seen = open.filter(|line| signed.sees(&line.involvement, Action::ListStay, now)).count();
        let page = user.get("/tavle").await.text();
        assert!(seen > 0);
        assert_eq!(count(&page, "/tavle"), seen, "{role:?} {side:?}");
        assert_eq!(lines(&page), seen.min(50));
    }
    let others = test.case_of(Side::Second);
    let own = test.user(Role::CaseOffice, Side::First);
    assert!(!own.get(&format!("/tavle?q={others}")).await.text().contains(&format!("/opphold/{others}\"")));
}

#[tokio::test]
async fn what_is_overdue_comes_first_and_can_be_seen_alone() {
    let test = TestApp::new().await;
    let user = test.user(Role::Coordination, Side::Trust);
    let all = user.get("/tavle").await.text();
    let late = user.get("/tavle?vis=over").await.text();
    let overdue = count(&all, "/tavle?vis=over");
    assert!(overdue > 0);
    assert_eq!(lines(&late), overdue.min(50));
    let tones: Vec<&str> =
        all.split("data-label=\"Frist\"><span class=\"ds-tag s-chip\" data-color=\"").skip(1).collect();
    let is_late: Vec<bool> = tones.iter().map(|rest| rest.starts_with("danger")).collect();
    assert!(is_late.is_sorted_by(|before, after| before >= after), "{is_late:?}");
}

#[tokio::test]
async fn filters_narrow_the_list_and_stay_in_the_addresses() {
    let test = TestApp::new().await;
    let user = test.user(Role::Coordination, Side::Trust);
    let town = samspill_web::pages::link::query("/tavle", &[("kommune", &test.first)]);
    let page = user.get(&town).await.text();
    let towns: Vec<&str> =
        page.split("data-label=\"Kommune\">").skip(1).filter_map(|it| it.split('<').next()).collect();
    assert!(!towns.is_empty() && towns.iter().all(|it| it.contains(&test.first)), "{towns:?}");
    assert!(page.contains(&format!("<option value=\"{}\" selected=\"selected\">", test.first)));
    assert!(
        page.contains(&town.replace("?kommune", "?vis=over&#38;kommune")),
        "the counts keep the municipality"
    );
}

#[tokio::test]
async fn choosing_a_count_keeps_what_was_typed_and_the_other_filters_without_scripts() {
    let test = TestApp::new().await;
    let user = test.user(Role::Coordination, Side::Trust);
    let case = test.case_of(Side::First);
    let town = [("kommune", test.first.as_str())];
    let found = user.post_form("/tavle", &[&[("q", case.as_str())], &town[..]].concat()).await;
    let html = found.text();
    let (_, form) = html.split_once("<form class=\"s-cards s-counts\"").expect("counts as a form");
    let (form, _) = form.split_once("</form>").expect("its end");
    for (name, value) in [("q", case.as_str()), town[0]] {
        assert!(form.contains(&format!("name=\"{name}\" value=\"{value}\"")), "{name}: {form}");
    }
    for vis in ["", "over", "mine", "nye", "dogn"] {
        assert!(form.contains(&format!("name=\"vis\" value=\"{vis}\"")), "{vis}: {form}");
    }
    let chosen = user.post_form("/tavle", &[("q", case.as_str()), ("vis", "nye"), town[0]]).await.text();
    assert!(chosen.contains(&format!("value=\"{case}\"")) && chosen.contains("value=\"nye\""), "{chosen}");
    check("/tavle with something typed", &found);
    let plain = user.get("/tavle").await.text();
    assert!(plain.contains("href=\"/tavle?vis=over\""), "without anything typed an address says it: {plain}");
}

#[tokio::test]
async fn a_filter_that_nothing_fits_says_so_and_how_to_get_out() {
    let test = TestApp::new().await;
    let page = test.get_as(Role::Coordination, "/tavle?fase=finnes-ikke").await.text();
    assert!(page.contains("Ingen opphold passer utvalget") && page.contains("Nullstill"));
    let none = test.get_as(Role::Coordination, "/tavle?side=9999").await;
    assert_eq!(none.status, 200, "a page that isn't there is the last");
}

#[tokio::test]
async fn patients_have_names_but_not_on_a_wall_and_not_where_they_are_protected() {
    let test = TestApp::new().await;
    let user = test.user(Role::Coordination, Side::Trust);
    let case = test.case_of(Side::First);
    let line = test.app.live().stay(&case).expect("open");
    let known =
        test.app.parts().people_register.name_of(&line.persons[0]).await.expect("read").expect("known");
    let asked = format!("/tavle?q={case}");
    assert!(user.get(&asked).await.text().contains(&known.name()));
    let wall = user.get(&format!("{asked}&visning=vegg")).await.text();
    assert!(wall.contains(&case) && !wall.contains(&known.name()) && !wall.contains("s-nav"));
}

#[tokio::test]
async fn a_board_is_one_row_in_the_access_log() {
    let test = TestApp::new().await;
    let before = test.access.rows().len();
    test.get_as(Role::Coordination, "/tavle").await;
    assert_eq!(test.access.rows().len(), before + 1);
}

#[tokio::test]
async fn the_stream_tells_of_own_stays_alone_and_nothing_of_what_changed() {
    let test = TestApp::new().await;
    let (own, other) = (test.case_of(Side::First), test.case_of(Side::Second));
    for (case, hears) in [(own, true), (other, false)] {
        let user = test.user(Role::CaseOffice, Side::First);
        let mut heard = false;
        // What is written may come later than somebody who listens has patience for: own stays are tried again.
        for _ in 0..6 {
            let listen =
                user.request(Method::GET, "/tavle/strom", &[("accept", "text/event-stream")], Vec::new());
            let entry = Entry::new(case.clone(), "notat", Position(0), test.now());
            let (answer, ()) = tokio::join!(listen, test.append(vec![entry]));
            let stream = answer.text();
            assert!(!stream.contains(&case), "{stream}");
            heard |= stream.contains("event: endret");
            if heard {
                break;
            }
        }
        assert_eq!(heard, hears);
    }
}

#[tokio::test]
async fn a_practice_sees_what_has_come_to_it_and_no_message_between_others() {
    let test = TestApp::new().await;
    let case = test.shared_case();
    let gp = test.user(Role::Gp, Side::Gp);
    let row = async |user: &crate::support::User| {
        let page = user.get("/tavle").await;
        check("the board", &page);
        let html = page.text();
        let (_, row) = html.split_once(&format!("href=\"/opphold/{case}\"")).expect("the shared stay");
        row.split("</tr>").next().expect("its row").to_owned()
    };
    let arrived = |row: &str| {
        let (_, cell) = row.split_once("data-label=\"Kommet til dere\">").expect("what came");
        cell.split("</td>").next().expect("its end").to_owned()
    };
    let first = arrived(&row(&gp).await);
    assert!(first.contains("Epikrise"), "{first}");
    let sent = |kind: &str, to: &str, seconds: i64| {
        let at = test.now() + SignedDuration::from_secs(seconds);
        let mut entry = Entry::new(case.clone(), kind, Position(0), at);
        entry.id = Some(format!("prove-{kind}-{to}"));
        (entry.from, entry.to) = (Some(test.trust.clone()), Some(to.to_owned()));
        entry
    };
    let to_gp = gp.signed.as_ref().expect("somebody").subject.party.clone();
    test.append(vec![
        sent("ettersendte-opplysninger", &to_gp, -60),
        sent("utskrivningsrapport", &test.first, -30),
    ])
    .await;
    let then = arrived(&row(&gp).await);
    assert!(
        then.starts_with("Ettersendte opplysninger") && then.contains("Epikrise"),
        "the latest first: {then}"
    );
    assert!(!then.contains("Utskrivningsrapport"), "that went to another: {then}");
    let office = test.user(Role::CaseOffice, Side::First);
    assert!(!row(&office).await.contains("Kommet til dere"), "who works with the whole stay has days there");
}

/// A stay that was over two months ago, of which some duties were never done.
fn left_over(test: &TestApp) -> Vec<Entry> {
    let region = &test.world().region;
    let on = |days: i64| test.now() - SignedDuration::from_hours(24 * days);
    let event = |kind: &str, days| {
        let mut entry = Entry::new("prove-gammel", kind, Position(0), on(days));
        entry.from = Some(region.trust.wards[0].name.clone());
        entry
    };
    let mut admitted = event("innlagt", 62);
    for (name, value) in [
        ("agreement", Value::text("unn")),
        ("fagomrade", Value::text("somatikk")),
        ("oppholdskommune", Value::text(&test.first)),
        ("kommunale-tjenester", Value::Bool(true)),
        ("kommunalt-behov", Value::Bool(true)),
    ] {
        admitted.facts.insert(name.to_owned(), value);
    }
    vec![admitted, event("utskrevet", 60)]
}

#[tokio::test]
async fn what_was_not_done_long_ago_is_by_itself_and_found_by_its_name() {
    let test = TestApp::new().await;
    let user = test.user(Role::Coordination, Side::Trust);
    let has = async |path: &str| user.get(path).await.text().contains("/opphold/prove-gammel");
    let number = async |path: &str| count(&user.get(path).await.text(), "/tavle");
    let open = number("/tavle").await;
    test.append(left_over(&test)).await;
    assert_eq!(number("/tavle").await, open, "it is none of those that people work with");
    for path in ["/tavle", "/tavle?vis=over", "/tavle?vis=mine", "/oppgaver", "/oppgaver?hvem=dem", "/"] {
        assert!(!has(path).await, "{path}");
    }
    for path in ["/tavle?vis=forsomt", "/tavle?vis=nye&sorter=nyest&side=1", "/oppgaver?hvem=forsomt"] {
        let page = user.get(path).await;
        check(path, &page);
    }
    assert!(has("/tavle?vis=forsomt").await && has("/oppgaver?hvem=forsomt").await);
    assert!(user.get("/oppgaver?hvem=forsomt").await.text().contains("Oppholdene er over"));
    let found = user.post_form("/tavle", &[("q", "prove-gammel")]).await;
    assert!(found.text().contains("/opphold/prove-gammel"));
}
