use axum::http::Method;
use samspill_service::access::{Action, Means, Role};
use samspill_web::front::LookedAt;
use serde_json::Value;

use crate::support::{Answer, Side, TestApp, User};

/// Another system of a party.
pub(crate) fn machine(app: &TestApp, role: Role, side: Side) -> User {
    let mut subject = app.subject(role, side);
    subject.means = Means::Machine;
    app.user_of(subject)
}

/// What a search gives, page after page.
pub(crate) async fn all_pages(user: &User, path: &str) -> Vec<Value> {
    let (mut found, mut next) = (Vec::new(), Some(path.to_owned()));
    while let Some(path) = next {
        let bundle = get(user, &path).await;
        assert_eq!(bundle.status, 200, "{path}: {}", bundle.text());
        let bundle = bundle.json();
        let links = bundle["link"].as_array().unwrap();
        let link = links.iter().find(|it| it["relation"] == "next");
        next = link.map(|it| it["url"].as_str().unwrap().replace(crate::support::ORIGIN, ""));
        found.extend(bundle["entry"].as_array().into_iter().flatten().map(|it| it["resource"].clone()));
    }
    found
}

pub(crate) async fn get(user: &User, path: &str) -> Answer {
    user.request(Method::GET, path, &[("accept", "application/fhir+json")], Vec::new()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn stays_are_encounters_of_ones_own_and_each_is_read_where_it_was_found() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let found = all_pages(&office, "/fhir/Encounter?_count=2").await;
    let own = app.app.live().stays().iter().filter(|it| it.involvement.has(&app.first)).count();
    assert_eq!(found.len(), own);
    for encounter in &found {
        let path = format!("/fhir/Encounter/{}", encounter["id"].as_str().unwrap());
        assert_eq!(get(&office, &path).await.json(), *encounter);
    }
    let theirs = get(&office, &format!("/fhir/Encounter/{}", app.case_of(Side::Second))).await;
    assert_eq!((theirs.status, theirs.json()["resourceType"].as_str()), (404, Some("OperationOutcome")));
    assert_eq!(theirs.header("content-type"), "application/fhir+json");
    let settled = app.closed_case(Side::First).await;
    assert_eq!(get(&office, &format!("/fhir/Encounter/{settled}")).await.json()["status"], "finished");
}

#[tokio::test(flavor = "multi_thread")]
async fn duties_are_tasks_with_limits_and_found_by_owner_and_period() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let all = all_pages(&office, "/fhir/Task?_count=5").await;
    assert!(!all.is_empty());
    for task in all.iter().take(5) {
        let path = format!("/fhir/Task/{}", task["id"].as_str().unwrap());
        assert_eq!(get(&office, &path).await.json(), *task);
    }
    let ours = all_pages(&office, "/fhir/Task?owner=kommune&status=requested").await;
    assert!(!ours.is_empty() && ours.iter().all(|it| it["owner"]["identifier"]["value"] == "kommune"));
    let now = app.now();
    let late = all_pages(&office, &format!("/fhir/Task?period=lt{now}")).await;
    let coming = all_pages(&office, &format!("/fhir/Task?period=ge{now}")).await;
    let limited = all.iter().filter(|it| it["restriction"].is_object()).count();
    assert_eq!(late.len() + coming.len(), limited);
    let encounter = all[0]["encounter"]["reference"].as_str().unwrap();
    let of_stay = all_pages(&office, &format!("/fhir/Task?encounter={encounter}")).await;
    assert!(of_stay.iter().all(|it| it["encounter"]["reference"] == encounter));
    assert!(of_stay.iter().any(|it| it["status"] == "completed"));
}

/// What a search gives that is sent as a form.
async fn sought(user: &User, kind: &str, form: &str) -> Answer {
    let path = format!("/fhir/{kind}/_search");
    let headers =
        [("accept", "application/fhir+json"), ("content-type", "application/x-www-form-urlencoded")];
    user.request(Method::POST, &path, &headers, form.as_bytes().to_vec()).await
}

fn resources(answer: &Answer) -> Vec<Value> {
    let bundle = answer.json();
    bundle["entry"].as_array().into_iter().flatten().map(|it| it["resource"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_is_sent_as_a_form_finds_the_same_and_names_nobody_in_an_address() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    for kind in ["Patient", "Encounter", "Communication", "DocumentReference", "Task"] {
        let sent = sought(&office, kind, "_count=500").await;
        assert_eq!(sent.status, 200, "{}", sent.text());
        assert_eq!(resources(&sent), all_pages(&office, &format!("/fhir/{kind}?_count=500")).await, "{kind}");
    }
    let unknown = sought(&office, "Patient", "phone=1").await;
    assert_eq!((unknown.status, unknown.json()["resourceType"].as_str()), (400, Some("OperationOutcome")));
    let json = [("content-type", "application/json")];
    let other = office.request(Method::POST, "/fhir/Patient/_search", &json, b"{}".to_vec()).await;
    assert_eq!(other.status, 415);
}

#[tokio::test(flavor = "multi_thread")]
async fn patients_are_found_by_what_is_shown_of_them() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let all = all_pages(&office, "/fhir/Patient?_count=500").await;
    let named = all.iter().find(|it| it["name"][0]["family"].is_string() && it["birthDate"].is_string());
    let named = named.expect("somebody's name is known");
    let (family, given) = (&named["name"][0]["family"], &named["name"][0]["given"][0]);
    let (family, given) = (family.as_str().unwrap(), given.as_str().unwrap());
    let (born, beginning) =
        (named["birthDate"].as_str().unwrap(), family.chars().take(3).collect::<String>());
    for form in [
        format!("family={}", beginning.to_uppercase()),
        format!("given={given}&family={family}"),
        format!("name=finnesikke,{given}"),
        format!("birthdate={born}&name={family}"),
        format!("birthdate=le{born}&family={family}"),
    ] {
        let found = resources(&sought(&office, "Patient", &form).await);
        assert!(found.contains(named), "{form}: {found:?}");
    }
    for form in [
        format!("family={given}x"),
        format!("birthdate=gt{born}&family={family}&given={given}"),
        format!("name={family}&gender=finnesikke"),
    ] {
        assert!(!resources(&sought(&office, "Patient", &form).await).contains(named), "{form}");
    }
    assert_eq!(sought(&office, "Patient", "birthdate=i fjor").await.status, 400);
    // Of whom the name isn't shown, nobody finds out by searching for it.
    let mut subject = app.subject(Role::CaseOffice, Side::First);
    subject.units = ["En annen enhet".to_owned()].into();
    let other = app.user_of(subject);
    let masked = all_pages(&other, "/fhir/Patient?_count=500").await;
    assert!(masked.iter().any(|it| it["name"][0]["extension"].is_array()));
    let found = resources(&sought(&other, "Patient", "name=a,b,d,e,f,g,h,i,k,l,m,n,o,p,r,s,t,u,v,å,ø").await);
    assert!(found.iter().all(|it| it["name"][0]["family"].is_string()), "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_is_found_by_number_and_one_whose_identity_is_protected_is_not() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let patients = all_pages(&office, "/fhir/Patient?_count=3").await;
    let named = patients.iter().find(|it| it["identifier"].is_array()).unwrap();
    let id = &named["identifier"][0];
    let token = format!("{}|{}", id["system"].as_str().unwrap(), id["value"].as_str().unwrap());
    let found = all_pages(&office, &format!("/fhir/Patient?identifier={token}")).await;
    assert_eq!(found, std::slice::from_ref(named));
    assert_eq!(
        get(&office, &format!("/fhir/Patient/{}", named["id"].as_str().unwrap())).await.json(),
        *named
    );
    // Somebody of the same party, whose unit takes no part: the stay is seen, and not who it is about.
    let mut subject = app.subject(Role::CaseOffice, Side::First);
    subject.units = ["En annen enhet".to_owned()].into();
    let other = app.user_of(subject);
    assert!(!all_pages(&office, "/fhir/Patient?identifier=04857098765").await.is_empty());
    assert!(all_pages(&other, "/fhir/Patient?identifier=04857098765").await.is_empty());
    let stays = all_pages(&other, "/fhir/Encounter").await;
    let stay = stays.iter().find(|it| it["id"] == app.protected_case().as_str()).unwrap();
    let masked =
        get(&other, &format!("/fhir/{}", stay["subject"]["reference"].as_str().unwrap())).await.json();
    assert_eq!(masked["name"][0]["extension"][0]["valueCode"], "masked");
    assert!(masked.get("identifier").is_none() && masked.get("birthDate").is_none());
    assert!(!masked.to_string().contains("04857098765"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_for_what_isnt_known_is_refused_and_not_answered_with_everything() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    for path in ["Encounter?navn=x", "Task?period=i-dag", "Encounter?_count=x", "Encounter?_cursor=x"] {
        let answer = get(&office, &format!("/fhir/{path}")).await;
        assert_eq!(
            (answer.status, answer.json()["resourceType"].as_str()),
            (400, Some("OperationOutcome")),
            "{path}"
        );
    }
    for (path, status) in [
        ("/fhir/Observation", 404),
        ("/fhir/Encounter/x/y", 404),
        ("/fhir/Task/x", 404),
        ("/fhir/Communication/0", 404),
    ] {
        assert_eq!(get(&office, path).await.status, status, "{path}");
    }
    let wrong = office.request(Method::DELETE, "/fhir/Task/1", &[], Vec::new()).await;
    assert_eq!((wrong.status, wrong.json()["resourceType"].as_str()), (405, Some("OperationOutcome")));
    assert_eq!(get(&app.anonymous(), "/fhir/Encounter").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_can_is_told_to_anybody_and_is_so() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let statement = get(&app.anonymous(), "/fhir/metadata").await;
    assert_eq!(statement.status, 200);
    for resource in statement.json()["rest"][0]["resource"].as_array().unwrap() {
        let kind = resource["type"].as_str().unwrap();
        for parameter in resource["searchParam"].as_array().unwrap() {
            let value = match parameter["type"].as_str().unwrap() {
                "date" => "ge2020-01-01",
                _ => "x",
            };
            let path = format!("/fhir/{kind}?{}={value}", parameter["name"].as_str().unwrap());
            assert_eq!(get(&office, &path).await.status, 200, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_is_told_as_a_history_of_one() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let start = app.app.live().position().0;
    let entry = samspill_base::Entry {
        from: Some(app.trust.clone()),
        ..samspill_base::Entry::new(app.case_of(Side::First), "notat", samspill_base::Position(0), app.now())
    };
    app.append(vec![entry]).await;
    let headers = [("accept", "text/event-stream"), ("last-event-id", &*start.to_string())];
    let stream = office.request(Method::GET, "/fhir/$events", &headers, Vec::new()).await;
    let text = stream.text();
    assert!(text.contains("event: Encounter") && text.contains(&format!("id: {}", start + 1)), "{text}");
    assert!(text.contains(&app.case_of(Side::First)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_that_is_found_is_in_the_access_log_as_one_that_is_read() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let all = all_pages(&office, "/fhir/Patient").await;
    let id = all.iter().find(|it| it["identifier"].is_array()).unwrap();
    let (number, id) = (id["identifier"][0]["value"].as_str().unwrap(), id["id"].as_str().unwrap());
    for query in [format!("?_id={id}"), format!("?identifier={number}"), "?_count=1".to_owned()] {
        let before = app.access.rows().len();
        let bundle = get(&office, &format!("/fhir/Patient{query}")).await.json();
        let found = bundle["entry"].as_array().unwrap().len();
        let rows = app.access.rows().split_off(before);
        let read: Vec<_> = rows.iter().filter(|row| row.action == Action::ReadStay).collect();
        assert_eq!((found, read.len()), (1, 1), "{query}");
        let LookedAt::Stay { persons, .. } = &read[0].about else { panic!("{:?}", read[0]) };
        assert!(query.starts_with("?_count") || persons.contains(number), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_by_anything_finds_on_all_its_pages_what_is_found_by_hand() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let text =
        |it: &Value, path: &str| it.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
    for (resource, fields) in [
        (
            "Communication",
            &[
                ("received", "/received"),
                ("sent", "/sent"),
                ("status", "/status"),
                ("category", "/category/0/coding/0/code"),
                ("patient", "/subject/reference"),
                ("_id", "/id"),
            ][..],
        ),
        (
            "DocumentReference",
            &[("date", "/date"), ("type", "/type/coding/0/code"), ("patient", "/subject/reference")][..],
        ),
    ] {
        let all = all_pages(&office, &format!("/fhir/{resource}?_count=500")).await;
        assert!(all.len() > 6, "{resource}");
        for (name, path) in fields {
            let mut values: Vec<String> =
                all.iter().map(|it| text(it, path)).filter(|it| !it.is_empty()).collect();
            values.sort();
            values.dedup();
            // The last, as there is most before it that doesn't fit.
            let wanted = values.last().unwrap();
            let is_time = wanted.parse::<jiff::Timestamp>().is_ok();
            let bound = if is_time { format!("ge{}", values[values.len() / 2]) } else { wanted.clone() };
            let fits = |it: &&Value| {
                let has = text(it, path);
                if is_time { !has.is_empty() && format!("ge{has}") >= bound } else { has == *wanted }
            };
            let expected: Vec<Value> = all.iter().filter(fits).cloned().collect();
            let found = all_pages(&office, &format!("/fhir/{resource}?{name}={bound}&_count=1")).await;
            assert_eq!(found, expected, "{resource} {name}={bound}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_settled_stay_whose_name_can_be_no_id_is_read_too() {
    let app = TestApp::new().await;
    let case = "prøve: avsluttet/1";
    let long_ago = app.now() - jiff::SignedDuration::from_hours(24 * 30);
    let entry = samspill_base::Entry {
        from: Some(app.first.clone()),
        ..samspill_base::Entry::new(case, "notat", samspill_base::Position(0), long_ago)
    };
    app.append(vec![entry]).await;
    assert!(app.app.live().stay(case).is_none(), "it isn't open");
    let office = machine(&app, Role::CaseOffice, Side::First);
    app.append(vec![samspill_base::Entry {
        from: Some(app.first.clone()),
        ..samspill_base::Entry::new(case, "notat", samspill_base::Position(0), long_ago)
    }])
    .await;
    let start = app.app.live().position().0 - 1;
    let headers = [("accept", "text/event-stream"), ("last-event-id", &*start.to_string())];
    let told = office.request(Method::GET, "/fhir/$events", &headers, Vec::new()).await.text();
    let id = told.split("\"url\":\"Encounter/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(id.starts_with("h."), "{told}");
    let found = get(&office, &format!("/fhir/Encounter/{id}")).await;
    assert_eq!((found.status, found.json()["status"].as_str()), (200, Some("finished")), "{}", found.text());
    let other = machine(&app, Role::CaseOffice, Side::Second);
    assert_eq!(get(&other, &format!("/fhir/Encounter/{id}")).await.status, 404);
    assert_eq!(get(&office, "/fhir/Encounter/h.0").await.status, 404);
}
