use std::collections::BTreeMap;

use samspill_base::{Entry, Position, Value};
use samspill_service::access::Role;
use samspill_web::pages::link;

use crate::{
    support::{Side, TestApp},
    well_formed::check,
};

const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}&amp;\u{202e}";

#[tokio::test]
async fn what_messages_say_is_text_and_never_markup() {
    let test = TestApp::new().await;
    let case = test.case_of(Side::First);
    let body = BTreeMap::from([
        (HOSTILE.to_owned(), Value::text(HOSTILE)),
        ("status".to_owned(), Value::text(HOSTILE)),
    ]);
    let entry = Entry {
        from: Some(test.trust.clone()),
        to: Some(test.first.clone()),
        body: Some(body),
        ..Entry::new(case.clone(), "tidligmelding", Position(0), test.now())
    };
    let odd = Entry {
        from: Some(HOSTILE.to_owned()),
        ..Entry::new(case.clone(), HOSTILE, Position(0), test.now())
    };
    test.append(vec![entry, odd]).await;
    let user = test.user(Role::Coordination, Side::Trust);
    for path in [format!("/opphold/{case}"), format!("/tavle?q={case}")] {
        let answer = user.get(&path).await;
        check(&path, &answer);
        assert!(!answer.text().contains("<script>alert"), "{path}");
    }
    for (path, typed) in [("/sok", &*case), ("/sok", HOSTILE), ("/tavle", HOSTILE)] {
        let answer = user.post_form(path, &[("q", typed)]).await;
        check(path, &answer);
        assert!(!answer.text().contains("<script>alert"), "{path}");
    }
}

#[tokio::test]
async fn what_addresses_say_is_text_and_never_markup() {
    let test = TestApp::new().await;
    let user = test.user(Role::Coordination, Side::Trust);
    let names = [
        "q", "fase", "enhet", "kommune", "vis", "sorter", "side", "visning", "hvem", "gjort", "opphold",
        "plikt",
    ];
    for path in ["/tavle", "/oppgaver", "/sok", "/hjelp", "/"] {
        for name in names {
            let asked = link::query(path, &[(name, HOSTILE)]);
            let answer = user.get(&asked).await;
            assert_eq!(answer.status, 200, "{asked}");
            check(&asked, &answer);
            assert!(!answer.text().contains("<script>alert"), "{asked}");
        }
    }
}
