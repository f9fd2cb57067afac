//! Every resource is held to the standard's own definitions by a library that isn't ours.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use axum::http::Method;
use samspill_service::access::Role;
use serde_json::{Value, json};

use crate::{
    reading::{all_pages, get, machine},
    support::{Side, TestApp, User},
};

/// Where the checks are, if they are installed.
fn checks() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/checks");
    folder.join("node_modules/@medplum/core").exists().then_some(folder)
}

async fn send_message(app: &TestApp, office: &User) {
    let case = app.case_of(Side::First);
    let line = app.app.live().stay(&case).unwrap();
    let body = json!({
        "kind": "helsefaglig-dialog", "how": "message", "happened": app.now().to_string(),
        "to": app.world().region.trust.wards[0].name, "person": line.persons[0], "body": { "tekst": "Ring oss, takk." },
        "patient": { "given": "Prøve", "family": "Pasient" },
    });
    let headers = [("content-type", "application/json"), ("idempotency-key", "melding")];
    let path = format!("/api/v1/stays/{case}/entries");
    let answer = office.request(Method::POST, &path, &headers, serde_json::to_vec(&body).unwrap()).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn resources_are_such_as_the_standard_has() {
    let Some(folder) = checks() else {
        println!("skipped: web/checks is not installed (`make unit` installs it)");
        return;
    };
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    send_message(&app, &office).await;
    let mut resources: Vec<Value> = Vec::new();
    for kind in ["Patient", "Encounter", "Task", "Communication", "DocumentReference"] {
        let path = format!("/fhir/{kind}?_count=500");
        resources.push(get(&office, &path).await.json());
        let found = all_pages(&office, &path).await;
        assert!(!found.is_empty(), "{kind}");
        resources.extend(found);
    }
    for resource in resources.clone().iter().filter(|it| it["resourceType"] == "DocumentReference") {
        let path = format!("/fhir/DocumentReference/{}", resource["id"].as_str().unwrap());
        resources.push(get(&office, &path).await.json());
    }
    let tasks = format!("/fhir/Task?encounter={}", app.case_of(Side::First));
    resources.extend(all_pages(&office, &tasks).await);
    resources.push(get(&office, "/fhir/metadata").await.json());
    resources.push(get(&office, "/fhir/Task/finnes-ikke").await.json());
    let lines: Vec<String> = resources.iter().map(ToString::to_string).collect();
    let mut node = Command::new("node")
        .arg("fhir.mjs")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    node.stdin.take().unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
    let said = node.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.status.success(), "{text}");
    assert!(text.contains(&format!("{} resources", lines.len())), "{text}");
}
