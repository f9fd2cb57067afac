//! Administration by forms: accounts, downtime, the access log, and what people took on themselves.

use samspill_service::access::{Protection, Role};

use crate::support::{Answer, Side, TestApp, User};

fn administrator(t: &TestApp, side: Side) -> User {
    t.user(Role::Administrator, side)
}

async fn made(admin: &User, login: &str) -> Answer {
    let fields =
        [("navn", "Kari Prøve"), ("brukernavn", login), ("rolle", "tildelingskontor"), ("enhet", "")];
    admin.post_form("/admin/kontoer", &fields).await
}

/// The address of the account in a page about it.
fn address(page: &Answer) -> String {
    let text = page.text();
    let from = text.split("action=\"/admin/kontoer/").nth(1).unwrap();
    format!("/admin/kontoer/{}", from.split('/').next().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_with_a_link_that_is_shown_once() {
    let t = TestApp::new().await;
    let admin = administrator(&t, Side::First);
    let page = made(&admin, "kari").await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("/oppsett/") && page.text().contains("denne ene gangen"), "{}", page.text());
    let account = address(&page);
    let again = admin.get(&account).await.text();
    assert!(!again.contains("/oppsett/") && again.contains("Kari Prøve") && again.contains(&t.first));
    assert!(admin.get("/admin/kontoer").await.text().contains("kari"));
    assert!(made(&admin, "kari").await.text().contains("er tatt"));
    let link = |page: &Answer| page.text().split("/oppsett/").nth(1).unwrap()[..20].to_owned();
    let new = admin.post_form(&format!("{account}/lenke"), &[]).await;
    assert_ne!(link(&new), link(&page));
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_given_and_ended_within_ones_own_party() {
    let t = TestApp::new().await;
    let admin = administrator(&t, Side::First);
    let account = address(&made(&admin, "ola").await);
    let role = async |fields: &[(&str, &str)]| {
        let answer = admin.post_form(&format!("{account}/rolle"), fields).await;
        answer.header("location").rsplit('=').next().unwrap().to_owned()
    };
    assert_eq!(
        role(&[("rolle", "utvalgsmedlem"), ("fra", "2031-01-01"), ("til", "2032-01-01")]).await,
        "rolle"
    );
    assert_eq!(
        role(&[("rolle", "utvalgsmedlem"), ("fra", "2031-01-01"), ("til", "2031-01-01")]).await,
        "feil"
    );
    assert_eq!(role(&[("rolle", "konge")]).await, "feil");
    assert_eq!(role(&[("rolle", "utvalgsmedlem"), ("enhet", "En annens enhet")]).await, "feil");
    let page = admin.get(&account).await.text();
    assert!(page.contains("Kommer") && page.contains("Avslutt nå"), "{page}");
    let field = |name: &str| {
        let from = page.split("/rolle/slutt").nth(1).unwrap();
        let from = from.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        from.split('"').next().unwrap().to_owned()
    };
    let key = [("rolle", &*field("rolle")), ("enhet", &*field("enhet")), ("fra", &*field("fra"))];
    let ended = admin.post_form(&format!("{account}/rolle/slutt"), &key).await;
    assert!(ended.header("location").contains("gjort=slutt&angre="), "{}", ended.text());
    let next = admin.get(ended.header("location")).await.text();
    assert!(next.contains("Over"));
    let offered = next.split("name=\"angre\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let undone = admin.post_form("/angre", &[("angre", offered)]).await;
    assert_eq!(undone.header("location"), format!("{account}?angret=ja"));
    let again = admin.get(&account).await.text();
    assert!(again.contains("Kommer") && !again.contains("Over"), "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_closed_and_opened_by_its_own_party_alone() {
    let t = TestApp::new().await;
    let (admin, other) = (administrator(&t, Side::First), administrator(&t, Side::Second));
    let account = address(&made(&admin, "per").await);
    for step in ["", "/lenke", "/steng", "/las-opp", "/rolle"] {
        let path = format!("{account}{step}");
        let answer = if step.is_empty() { other.get(&path).await } else { other.post_form(&path, &[]).await };
        assert_eq!(answer.status, 404, "{step}");
    }
    assert_eq!(admin.post_form(&format!("{account}/steng"), &[]).await.status, 303);
    assert!(admin.get(&account).await.text().contains("Stengt"));
    assert_eq!(admin.post_form(&format!("{account}/apne"), &[]).await.status, 303);
    assert!(!admin.get(&account).await.text().contains("Stengt"));
    assert!(!other.get("/admin/kontoer").await.text().contains("per</td>"));
}

/// Who has which task, as the table of the policy says; for all others the page isn't there.
#[tokio::test(flavor = "multi_thread")]
async fn pages_of_tasks_that_a_role_has_not_are_not_there() {
    let t = TestApp::new().await;
    let offices = [Role::Coordination, Role::CaseOffice];
    let keeps = [Role::Administrator];
    let tasks: [(&str, &[Role]); 9] = [
        ("/admin/kontoer", &keeps),
        ("/admin/maltekster", &keeps),
        ("/admin/maltekster/ny", &keeps),
        ("/admin/nedetid", &[Role::Coordination, Role::CaseOffice, Role::Administrator]),
        ("/admin/nedetid/skjemaer", &[Role::Coordination, Role::CaseOffice, Role::Administrator]),
        ("/admin/logg", &[Role::Auditor]),
        ("/admin/tilganger", &[Role::Coordination, Role::CaseOffice, Role::Auditor]),
        ("/admin/vern", &offices),
        ("/innsyn", &[Role::Auditor]),
    ];
    for (path, roles) in tasks {
        for role in Role::ALL {
            let expected = if roles.contains(&role) { 200 } else { 404 };
            assert_eq!(t.get_as(role, path).await.status, expected, "{role:?} {path}");
        }
    }
    for role in Role::ALL {
        let enters = offices.contains(&role) || [Role::Administrator, Role::Auditor].contains(&role);
        for path in ["/admin", "/admin/parter", "/admin/kalendere?aar=2025"] {
            assert_eq!(t.get_as(role, path).await.status, if enters { 200 } else { 404 }, "{role:?} {path}");
        }
    }
}

/// Who takes no part may make it stricter and never lift it, and isn't told what it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_patient_is_protected_by_who_may_and_the_protection_lifted_by_who_takes_part() {
    let t = TestApp::new().await;
    let case = t.case_of(Side::First);
    let person = t.app.live().stay(&case).unwrap().persons[0].clone();
    let (own, other) = (t.user(Role::CaseOffice, Side::First), t.user(Role::CaseOffice, Side::Second));
    let register = &t.app.parts().people_register;
    let protection = async || {
        let known = register.protection_of(&[person.clone()].into()).await.unwrap();
        known.get(&person).copied().unwrap_or_default()
    };
    let said = async |by: &User, vern: &str| {
        let spaced = format!(" {} {} ", &person[..6], &person[6..]);
        by.post_form("/admin/vern", &[("person", &*spaced), ("vern", vern)]).await
    };
    assert_eq!(protection().await, Protection::None);
    for (by, vern, is_done, expected) in [
        (&other, "ingen", false, Protection::None),
        (&other, "adresse", true, Protection::Address),
        (&own, "identitet", true, Protection::Identity),
        (&other, "adresse", true, Protection::Identity),
        (&other, "ingen", false, Protection::Identity),
        (&own, "adresse", true, Protection::Address),
        (&own, "ingen", true, Protection::None),
    ] {
        let answer = said(by, vern).await;
        assert_eq!(answer.status, if is_done { 303 } else { 200 }, "{vern}: {}", answer.text());
        assert_eq!(answer.text().contains("bare oppheves av en part"), !is_done);
        assert_eq!(protection().await, expected, "{vern}");
    }
    assert!(own.get("/admin/vern?gjort=lagret").await.text().contains("Vernet er lagret"));
    assert_eq!(said(&own, "tull").await.status, 404);
    let blank = own.post_form("/admin/vern", &[("person", " "), ("vern", "adresse")]).await;
    assert!(blank.status == 200 && blank.text().contains("Skriv hvem det gjelder"));
    assert_eq!(said(&t.user(Role::Ward, Side::Trust), "identitet").await.status, 404);
    assert!(!register.protected().await.unwrap().contains_key(&register.key_of(&person)));
}

#[tokio::test(flavor = "multi_thread")]
async fn calendars_have_the_holidays_of_their_year() {
    let t = TestApp::new().await;
    let page = t.get_as(Role::Administrator, "/admin/kalendere?aar=2025").await.text();
    assert!(page.contains("17. mai 2025") && page.contains("20. april 2025"), "Easter of 2025: {page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn downtime_is_registered_moved_and_ended() {
    let t = TestApp::new().await;
    let admin = administrator(&t, Side::First);
    let local = |hours: i64| {
        let at = t.now() + jiff::SignedDuration::from_hours(hours);
        let zoned = at.in_tz("Europe/Oslo").unwrap();
        zoned.strftime("%Y-%m-%dT%H:%M").to_string()
    };
    let (from, until) = (local(-2), local(3));
    let fields = [("slag", "uplanlagt"), ("hvorfor", "Brann i serverrom"), ("fra", &*from), ("til", &*until)];
    assert_eq!(admin.post_form("/admin/nedetid", &fields).await.status, 303);
    let page = admin.get("/admin/nedetid").await.text();
    assert!(page.contains("Brann i serverrom"), "{page}");
    assert!(
        admin.post_form("/admin/nedetid", &[("fra", "i går")]).await.text().contains("dato og klokkeslett")
    );
    assert!(
        admin
            .post_form("/admin/nedetid", &fields)
            .await
            .text()
            .contains("meldt nedetid for den tiden fra før"),
        "the same again is refused"
    );
    let place = page.split("action=\"/admin/nedetid/").nth(1).unwrap().split('"').next().unwrap();
    let address = format!("/admin/nedetid/{place}");
    let other = administrator(&t, Side::Second);
    assert_eq!(other.post_form(&address, &[("hva", "slutt")]).await.status, 404);
    assert!(!other.get("/admin/nedetid").await.text().contains("Brann"));
    assert_eq!(admin.post_form(&address, &[("hva", "slutt")]).await.status, 303);
    assert!(admin.get("/admin/nedetid").await.text().contains("Er over"));
    let forms = admin.get("/admin/nedetid/skjemaer").await;
    assert!(forms.header("content-disposition").contains("attachment") && forms.body.len() > 1_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_of_the_access_log_stands_in_the_log() {
    let t = TestApp::new().await;
    let auditor = t.user(Role::Auditor, Side::Trust);
    assert!(
        !auditor.get("/admin/logg").await.text().contains("<table"),
        "nothing is searched before it is asked"
    );
    auditor.post_form("/admin/logg", &[("opphold", "finnes-ikke")]).await;
    let second = auditor.post_form("/admin/logg", &[]).await.text();
    assert!(second.contains("finnes-ikke") && second.contains("revisor ved"), "{second}");
    let elsewhere = t.user(Role::Auditor, Side::First).post_form("/admin/logg", &[]).await.text();
    assert!(!elsewhere.contains("finnes-ikke"), "each party's auditor sees its own");
    let wrong =
        auditor.post_form("/admin/logg", &[("fra", "2026-02-30"), ("til", "2026-03-01")]).await.text();
    assert!(wrong.contains("id=\"e-fra\"") && !wrong.contains("id=\"e-til\""), "{wrong}");
    assert!(!wrong.contains("<table"), "nothing is searched with a day that is none");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_is_none_is_told_beside_its_field_and_nothing_is_searched_for() {
    let t = TestApp::new().await;
    let auditor = t.user(Role::Auditor, Side::Trust);
    let told = |page: &str, field: &str| page.contains(&format!("id=\"e-{field}\""));
    for (from, until, is_wrong) in [
        ("2026-02-30", "", (true, false)),
        ("", "i går", (false, true)),
        ("9.3.2026", "9999-99-99", (true, true)),
        (" 2020-01-01 ", "2099-01-01", (false, false)),
        ("", " ", (false, false)),
    ] {
        let page = auditor.post_form("/admin/logg", &[("fra", from), ("til", until)]).await.text();
        assert_eq!((told(&page, "fra"), told(&page, "til")), is_wrong, "{from}, {until}");
        let is_searched = is_wrong == (false, false);
        assert_eq!(page.contains("<table"), is_searched, "{from}, {until}");
        assert!(page.contains(&format!("value=\"{from}\"")), "what was typed stands: {from}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn white_space_in_an_identity_number_is_no_part_of_it() {
    let t = TestApp::new().await;
    let case = t.case_of(Side::First);
    let person = t.app.live().stay(&case).unwrap().persons[0].clone();
    t.user(Role::CaseOffice, Side::First).get(&format!("/opphold/{case}")).await;
    let auditor = t.user(Role::Auditor, Side::First);
    let rows = |page: String| page.matches("<tr>").count();
    let plain = rows(auditor.post_form("/innsyn", &[("person", &person)]).await.text());
    assert!(plain > 1, "somebody has looked");
    let (date, rest) = person.split_at(6);
    for typed in [format!(" {date} {rest}\u{a0}"), format!("{date}\t{rest}")] {
        let page = auditor.post_form("/innsyn", &[("person", &typed)]).await.text();
        assert!(page.contains(&format!("value=\"{person}\"")), "{typed:?}");
        assert!(rows(page) >= plain, "{typed:?}");
        let page = auditor.post_form("/admin/logg", &[("person", &typed)]).await.text();
        assert!(page.contains("<tbody>"), "{typed:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn access_taken_on_oneself_has_a_reason_a_review_and_a_place_in_the_patients_report() {
    let t = TestApp::new().await;
    let case = t.case_of(Side::First);
    let ward = t.user(Role::Ward, Side::Trust);
    let form = format!("/selvtilgang?sak={case}");
    assert_eq!(ward.get(&form).await.status, 200);
    assert_eq!(ward.get(&format!("/selvtilgang?sak={}", t.no_case())).await.status, 404);
    assert_eq!(t.user(Role::CareUnit, Side::Second).get(&form).await.status, 404, "another party's stay");
    way_there(&t, &ward).await;
    let short = ward.post_form("/selvtilgang", &[("sak", &case), ("begrunnelse", "fordi")]).await;
    assert!(short.status == 200 && short.text().contains("5 tegn"), "{}", short.text());
    let reason = "Pasienten er flyttet til oss i natt, uten journal";
    let taken = ward.post_form("/selvtilgang", &[("sak", &case), ("begrunnelse", reason)]).await;
    assert_eq!((taken.status, taken.header("location")), (303, format!("/opphold/{case}").as_str()));

    let person = t.app.live().stay(&case).unwrap().persons[0].clone();
    let auditor = t.user(Role::Auditor, Side::Trust);
    let (front, back) = person.split_at(6);
    let written = format!(" {front} {back} ");
    let report = auditor.post_form("/innsyn", &[("person", &written)]).await.text();
    assert!(report.contains("sengepost ved"), "{report}");
    let log = auditor.post_form("/admin/logg", &[("person", &written)]).await.text();
    let rows = log.split("<tbody>").nth(1).unwrap();
    assert!(
        rows.contains("revisor ved") && !rows.contains(&person),
        "the log has persons by key alone: {rows}"
    );

    let office = t.user(Role::Coordination, Side::Trust);
    let list = office.get("/admin/tilganger").await.text();
    assert!(list.contains(reason) && list.contains(&case));
    assert!(!t.user(Role::CaseOffice, Side::First).get("/admin/tilganger").await.text().contains(reason));
    let address = list.split("action=\"/admin/tilganger/").nth(1).unwrap().split('"').next().unwrap();
    let address = format!("/admin/tilganger/{address}");
    let verdict = [("vurdering", "i-orden"), ("merknad", "Vakt")];
    assert_eq!(t.user(Role::CaseOffice, Side::First).post_form(&address, &verdict).await.status, 404);
    let slug = list.split("<option value=\"").last().unwrap().split('"').next().unwrap().to_owned();
    let reviewed = office.post_form(&address, &[("vurdering", &slug), ("merknad", "Ring avdelingen")]).await;
    assert_eq!(reviewed.status, 303, "{}", reviewed.text());
    assert!(!office.get("/admin/tilganger").await.text().contains(reason));
    assert_eq!(office.post_form(&address, &[("vurdering", &slug)]).await.status, 404, "once");
}

/// Who may take access finds the way to it where a stay isn't shown to them and in the menu, whether there is such a stay or not.
async fn way_there(t: &TestApp, ward: &User) {
    let unit = (t.trust.clone(), ward.signed.as_ref().unwrap().subject.units.first().unwrap().clone());
    let stays = t.app.live().stays();
    let elsewhere = stays.iter().find(|line| !line.involvement.units.contains(&unit)).unwrap();
    let (case, none) = (elsewhere.row.case.as_str(), t.no_case());
    let refused = async |case: &str| {
        let answer = ward.get(&format!("/opphold/{case}/skriv")).await;
        assert_eq!(answer.status, 404);
        answer.text().replace(case, "X")
    };
    let (theirs, nowhere) = (refused(case).await, refused(&none).await);
    assert!(theirs.contains("href=\"/selvtilgang?sak=X\""), "{theirs}");
    assert_eq!(theirs, nowhere, "what isn't there looks the same");
    for odd in ["/opphold/a%22%3E%3Cb", "/opphold/a&amp;b", "/opphold/a+b", "/opphold/"] {
        let text = ward.get(odd).await.text();
        assert!(
            !text.contains("<b>") && !text.contains("sak=a&") && !text.contains("sak=a+"),
            "{odd}: {text}"
        );
    }
    assert!(ward.get("/").await.text().contains("href=\"/selvtilgang\""));
    let which = ward.get("/selvtilgang").await;
    assert!(which.status == 200 && which.text().contains("Hvilket opphold gjelder det?"), "{}", which.text());
    let office = t.user(Role::Coordination, Side::Trust);
    assert_eq!(office.get("/selvtilgang").await.status, 404, "who sees all stays of the party takes none");
    assert!(!office.get("/").await.text().contains("/selvtilgang"));
    assert!(!office.get(&format!("/opphold/{none}")).await.text().contains("/selvtilgang"));
}
