//! Streams: what happens in another's stay while somebody listens.

use std::time::Duration;

use jiff::Timestamp;
use samspill_base::{Entry, Position, Value};
use samspill_service::access::Role;

use crate::{
    routes::Routes,
    support::{Side, TestApp, User},
    unlimited,
    walk::Target,
};

const SAID: &str = "sagt mens noen lytter";

/// What came of a stream.
pub(crate) struct Heard {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Listens to every stream of these routes while something happens in a stay.
pub(crate) async fn heard(t: &TestApp, user: &User, routes: &Routes, case: &str) -> Vec<Heard> {
    let target = Target { case: case.to_owned(), position: 0, number: 0, person: String::new() };
    let mut all = Vec::new();
    for path in &routes.paths {
        let path = target.put_into(path);
        let is_stream = user.get(&path).await.header("content-type").starts_with("text/event-stream");
        if is_stream {
            let (answer, ()) = tokio::join!(user.listen(&path), happens(t, case));
            all.push(Heard { path, text: answer.text() });
        }
    }
    all
}

async fn happens(t: &TestApp, case: &str) {
    tokio::time::sleep(Duration::from_millis(200)).await;
    t.append(vec![entry(case, &t.world().region.trust.wards[0].name, t.now())]).await;
}

fn entry(case: &str, from: &str, at: Timestamp) -> Entry {
    let mut entry = Entry::new(case, "sjekkpunkt", Position(0), at);
    entry.from = Some(from.to_owned());
    entry.body = Some([("tekst".to_owned(), Value::text(SAID))].into());
    entry
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_says_nothing_of_anothers_stay() {
    let t = unlimited().await;
    let routes = Routes::of_sources();
    let user = t.user(Role::CaseOffice, Side::Second);
    let (own, others) = (t.case_of(Side::Second), t.case_of(Side::First));
    let before = heard(&t, &user, &routes, &own).await;
    for heard in heard(&t, &user, &routes, &others).await {
        assert!(
            !heard.text.contains(&others) && !heard.text.contains(SAID),
            "{}: {}",
            heard.path,
            heard.text
        );
        // What says nothing of the own stay either would pass for the wrong reason.
        let own = before.iter().find(|it| it.path == heard.path);
        assert!(own.is_none_or(|own| own.text != heard.text), "{}: {}", heard.path, heard.text);
    }
}
