//! A board of many stays is as small as one of few.

use axum::http::Method;
use samspill_base::{Entry, Position};
use samspill_service::access::Role;

use crate::support::{Side, TestApp};

/// Bytes of a page on the way, compressed.
const PAGE_BYTES_MAX: usize = 200_000;

#[tokio::test]
async fn a_board_of_many_stays_shows_a_page_of_them() {
    let test = TestApp::new().await;
    let begun = (0..STAYS).map(|number| Entry {
        from: Some(test.trust.clone()),
        ..Entry::new(format!("mange-{number:05}"), "innlagt", Position(0), test.now())
    });
    for entries in begun.collect::<Vec<_>>().chunks(500) {
        test.append(entries.to_vec()).await;
    }
    let user = test.user(Role::Coordination, Side::Trust);
    let headers = [("accept", "text/html"), ("accept-encoding", "gzip")];
    let answer = user.request(Method::GET, "/tavle", &headers, Vec::new()).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.len() <= PAGE_BYTES_MAX, "{} bytes", answer.body.len());
    let page = user.get("/tavle").await.text();
    assert_eq!(page.matches("<th scope=\"row\">").count(), 50);
    let last = user.get("/tavle?sorter=nyest&side=3").await.text();
    assert!(last.contains("rel=\"prev\"") && last.contains("rel=\"next\""));
}

/// So many that a page which grew with them would be too large. Ten thousand take longer to make than to show.
const STAYS: usize = 2_000;
