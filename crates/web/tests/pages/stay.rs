use samspill_base::{Entry, Position, Value};
use samspill_service::{
    access::{Action, Decision, Protection, Purpose, Role, Rule},
    audit::{About, Look},
    people::SystemRandom,
    projections::Board,
};

use crate::{
    support::{Side, TestApp},
    well_formed::check,
};

/// The addresses of reasons on a page.
fn reasons(text: &str) -> Vec<String> {
    let links = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    links.filter(|link| link.contains("/hvorfor/")).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_duty_and_day_of_a_stay_says_why_with_its_clause() {
    let test = TestApp::new().await;
    let user = test.user(Role::Coordination, Side::Trust);
    let (mut duties, mut days) = (0, 0);
    let stays = test.app.live().stays();
    let own = || stays.iter().filter(|line| line.involvement.has(&test.trust));
    let with_days = own().filter(|line| line.row.meters.iter().any(|meter| meter.count > 0));
    for line in own().take(8).chain(with_days.take(8)) {
        let path = format!("/opphold/{}", line.row.case);
        let page = user.get(&path).await;
        check(&path, &page);
        let all = reasons(&page.text());
        for reason in all.iter().take(3).chain(all.iter().rev().take(3)) {
            let answer = user.get(reason).await;
            assert_eq!(answer.status, 200, "{reason}");
            check(reason, &answer);
            assert!(answer.text().contains("<ol class=\"s-reasons\"><li>"), "{reason}");
            duties += usize::from(reason.contains("/plikt/"));
            days += usize::from(reason.contains("/dag/"));
        }
    }
    assert!(duties > 10 && days > 0, "{duties} duties, {days} days");
}

#[tokio::test]
async fn a_stay_shows_the_duties_that_its_rows_have() {
    let test = TestApp::new().await;
    let user = test.user(Role::Coordination, Side::Trust);
    let case = test.case_of(Side::First);
    let parts = test.app.parts();
    let board = Board { store: &parts.store, community: &parts.community, projections: &parts.projections };
    let rows = board.case(&case, test.now()).await.expect("read");
    let page = user.get(&format!("/opphold/{case}")).await.text();
    let shown = reasons(&page).iter().filter(|link| link.contains("/plikt/")).count();
    // The one that presses most stands on top as well.
    let pressing = usize::from(page.contains("s-next-label"));
    assert_eq!(shown, rows.duties.len() + pressing);
}

#[tokio::test]
async fn what_is_not_theirs_looks_like_what_is_not_there() {
    let test = TestApp::new().await;
    let user = test.user(Role::CaseOffice, Side::First);
    let others = test.case_of(Side::Second);
    let nothing = user.get("/opphold/finnes-ikke").await;
    for path in ["", "/hvorfor/plikt/x.1.1", "/hvorfor/dag/betalingsdogn/2025-01-01"] {
        let answer = user.get(&format!("/opphold/{others}{path}")).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.text().len(), nothing.text().len(), "{path}");
    }
}

#[tokio::test]
async fn reasons_that_are_not_there_are_not_found() {
    let test = TestApp::new().await;
    let user = test.user(Role::Coordination, Side::Trust);
    let case = test.case_of(Side::First);
    for path in [
        "plikt/ingen.1.1",
        "plikt/x",
        "dag/betalingsdogn/i-gar",
        "dag/ingen/2025-01-02",
        "dag/betalingsdogn/1999-01-01",
    ] {
        assert_eq!(user.get(&format!("/opphold/{case}/hvorfor/{path}")).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_protected_patient_has_no_name_for_others_than_the_own_unit() {
    let test = TestApp::new().await;
    let case = test.protected_case();
    let line = test.app.live().stay(&case).expect("open");
    let Some(id) = line.persons.first() else { return };
    let known = test.app.parts().people_register.name_of(id).await.expect("read").expect("known").name();
    let paths = [format!("/tavle?q={case}"), format!("/opphold/{case}")];
    let mut names = 0;
    for role in Role::ALL {
        let user = test.user(role, Side::of(role));
        let may = user.signed.as_ref().expect("somebody").shown(&line.involvement).name;
        for path in &paths {
            let has = user.get(path).await.text().contains(&known);
            assert!(may || !has, "{role:?} {path}");
            names += usize::from(has);
        }
        for typed in [case.as_str(), id] {
            let has = user.post_form("/sok", &[("q", typed)]).await.text().contains(&known);
            assert!(may || !has, "{role:?} {typed}");
        }
    }
    assert!(names > 0, "those of the own unit see the name");
}

#[tokio::test]
async fn who_opens_a_stay_is_told_what_of_the_patient_is_protected() {
    let test = TestApp::new().await;
    let user = test.user(Role::Coordination, Side::Trust);
    let case = test.case_of(Side::First);
    let person = test.app.live().stay(&case).expect("open").persons[0].clone();
    let (address, identity) = ("Adressen til pasienten er gradert", "Pasienten har skjermet identitet");
    for (protection, told) in [
        (Protection::None, [false, false]),
        (Protection::Address, [true, false]),
        (Protection::Identity, [false, true]),
    ] {
        let register = &test.app.parts().people_register;
        register.protect(&person, protection, &SystemRandom, test.now()).await.expect("written");
        test.app.live().catch_up(test.now()).await.expect("read");
        let page = user.get(&format!("/opphold/{case}")).await.text();
        assert_eq!([address, identity].map(|text| page.contains(text)), told, "{protection:?}");
    }
}

#[tokio::test]
async fn a_wrong_name_is_gone_when_what_said_it_was_cancelled() {
    let test = TestApp::new().await;
    let user = test.user(Role::Coordination, Side::Trust);
    let (case, parts) = (test.case_of(Side::First), test.app.parts());
    let right = test.app.live().stay(&case).expect("open").persons[0].clone();
    let stays = test.app.live().stays();
    let mut named = stays.iter().filter(|line| line.involvement.protection == Protection::None);
    let other = named.find(|line| line.persons.first().is_some_and(|person| *person != right));
    let wrong = other.expect("another patient").persons[0].clone();
    let register = &parts.people_register;
    let name = async |id: &str| register.name_of(id).await.expect("read").expect("known").name();
    let (right, wrong_name) = (name(&right).await, name(&wrong).await);
    let shown = async |at: &str| user.get(at).await.text();
    let pages = [format!("/tavle?q={case}"), format!("/opphold/{case}")];

    let entries = parts.store.case_entries(&parts.community, &case).await.expect("read");
    let first = entries.iter().find(|entry| entry.kind == "innlagt").expect("an admission");
    let mut said = Entry { id: Some("feil".into()), person: Some(wrong.clone()), ..first.clone() };
    (said.position, said.recorded) = (Position(0), None);
    test.append(vec![said.clone()]).await;
    for page in &pages {
        assert!(shown(page).await.contains(&wrong_name), "the latest says so: {page}");
    }
    let mut cancels = Entry { id: Some("rettet".into()), kind: "kansellering".into(), ..said };
    cancels.facts.clear();
    cancels.body = Some([("gjelder".to_owned(), Value::text("feil"))].into());
    test.append(vec![cancels]).await;
    for page in &pages {
        let told = shown(page).await;
        assert!(told.contains(&right) && !told.contains(&wrong_name), "{page}");
    }
    let found = user.post_form("/sok", &[("q", &wrong)]).await.text();
    assert!(!found.contains(&format!("/opphold/{case}\"")), "nor is it found by the wrong number");
    let line = test.app.live().stay(&case).expect("open");
    assert!(!line.persons.contains(&wrong) && line.named.contains(&wrong));
}

#[tokio::test]
async fn a_stay_that_was_read_is_no_longer_new() {
    let test = TestApp::new().await;
    let user = test.user(Role::Coordination, Side::Trust);
    let case = test.case_of(Side::First);
    let board = format!("/tavle?vis=nye&q={case}");
    assert!(user.get(&board).await.text().contains(&format!("/opphold/{case}\"")));
    user.get(&format!("/opphold/{case}")).await;
    assert!(!user.get(&board).await.text().contains(&format!("/opphold/{case}\"")));
}

#[tokio::test]
async fn those_who_keep_accounts_read_the_days_and_nothing_clinical() {
    let test = TestApp::new().await;
    let stays = test.app.live().stays();
    let line = stays.iter().find(|line| {
        line.involvement.payers.contains(&test.first) && line.row.meters.iter().any(|meter| meter.count > 0)
    });
    let path = format!("/opphold/{}", line.expect("a stay that the municipality pays for").row.case);
    for (role, side) in [(Role::MunicipalAccounts, Side::First), (Role::HospitalAccounts, Side::Trust)] {
        let user = test.user(role, side);
        let answer = user.get(&path).await;
        assert_eq!(answer.status, 200, "{role:?}");
        check(&path, &answer);
        let page = answer.text();
        assert!(
            page.contains("s-calendar") && !page.contains("s-steps") && !page.contains("s-checks"),
            "{role:?}"
        );
        assert_eq!(user.get(&reasons(&page)[0]).await.status, 200);
    }
}

#[tokio::test]
async fn days_are_for_those_who_may_read_days() {
    let test = TestApp::new().await;
    let stays = test.app.live().stays();
    let line = stays.iter().find(|line| {
        line.involvement.payers.contains(&test.first) && line.row.meters.iter().any(|meter| meter.count > 0)
    });
    let line = line.expect("a stay that the municipality pays for");
    let case = &line.row.case;
    let (mut shown, mut hidden) = (0, 0);
    for role in Role::ALL {
        let user = test.user(role, Side::of(role));
        let page = user.get(&format!("/opphold/{case}")).await;
        if page.status != 200 {
            continue;
        }
        let signed = user.signed.as_ref().expect("somebody");
        let may = signed.sees(&line.involvement, Action::ReadDays, test.now());
        let day = reasons(&page.text()).into_iter().find(|reason| reason.contains("/dag/"));
        assert_eq!(day.is_some(), may, "{role:?}");
        let counted = format!("/tavle?vis=dogn&q={case}");
        let is_counted = user.get(&counted).await.text().contains(&format!("/opphold/{case}\""));
        assert_eq!(is_counted, may, "{role:?}: a filter tells of days too");
        shown += usize::from(may);
        hidden += usize::from(!may);
    }
    assert!(shown > 2 && hidden > 0, "{shown} see days, {hidden} don't");
}

#[tokio::test]
async fn who_looked_is_told_to_their_own_party_alone() {
    let test = TestApp::new().await;
    let case = test.case_of(Side::First);
    let persons = std::collections::BTreeSet::new();
    let sides = [(Role::Coordination, Side::Trust), (Role::CaseOffice, Side::First)];
    for (role, side) in sides {
        let subject = test.subject(role, side);
        let look = Look {
            by: &subject,
            action: Action::ReadStay,
            purpose: Purpose::Care,
            decision: Decision { is_allowed: true, rule: Rule::TakesPart },
            about: About::Stay { case: &case, persons: &persons },
            detail: "",
            count: 1,
            request: "prove",
            at: test.now(),
        };
        test.app.parts().audit.record(&look).await.expect("written");
    }
    let names = sides.map(|(role, side)| test.subject(role, side).name);
    for (place, (role, side)) in sides.into_iter().enumerate() {
        let page = test.user(role, side).get(&format!("/opphold/{case}")).await.text();
        let (_, looked) = page.split_once("id=\"sett\"").expect("who has looked");
        assert!(looked.contains(&names[place]) && !looked.contains(&names[1 - place]), "{looked}");
    }
}

#[tokio::test]
async fn checklists_tell_nothing_of_what_lies_between_others() {
    let test = TestApp::new().await;
    let case = test.shared_case();
    let [first, second] = [Side::First, Side::Second].map(|side| test.user(Role::CaseOffice, side));
    for (user, other) in [(&first, &test.second), (&second, &test.first)] {
        let page = user.get(&format!("/opphold/{case}")).await.text();
        let lists: Vec<&str> =
            page.split("s-checks").skip(1).filter_map(|it| it.split("</ul>").next()).collect();
        assert!(!lists.is_empty());
        for list in lists {
            let by = list.split("<span class=\"s-sub\">").skip(1).filter_map(|it| it.split('<').next());
            assert!(by.into_iter().all(|by| !by.starts_with(other.as_str())), "{other}: {list}");
        }
    }
}
