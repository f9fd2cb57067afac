//! The description of the API, held to the standard and to what the API does, by tools that aren't ours.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use axum::{
    extract::Request,
    http::header,
    middleware::{Next, from_fn},
};
use samspill_service::access::Role;
use samspill_web::front::Rate;

use crate::{
    help::machine,
    support::{Side, TestApp},
};

/// The interpreter that has what `xtask/python/requirements.txt` names, if it has this module.
fn python(module: &str) -> Option<PathBuf> {
    let set = std::env::var("SAMSPILL_PYTHON").ok().filter(|python| !python.is_empty())?;
    let has = Command::new(&set).args(["-c", &format!("import {module}")]).stderr(Stdio::null()).status();
    has.is_ok_and(|status| status.success()).then(|| PathBuf::from(set))
}

fn checks() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/checks")
}

/// The description in a file.
async fn written(app: &TestApp) -> PathBuf {
    let answer = app.anonymous().get_json("/openapi.json").await;
    assert_eq!((answer.status, answer.json()["openapi"].as_str()), (200, Some("3.1.0")));
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("openapi.json");
    std::fs::write(&file, serde_json::to_vec_pretty(&answer.json()).unwrap()).unwrap();
    file
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_is_open_api_3_1() {
    let app = TestApp::new().await;
    let file = written(&app).await;
    let Some(python) = python("openapi_spec_validator") else {
        println!("skipped: SAMSPILL_PYTHON names no interpreter with openapi-spec-validator");
        return;
    };
    let output = Command::new(python).args(["-m", "openapi_spec_validator"]).arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_has_good_manners() {
    let app = TestApp::new().await;
    let file = written(&app).await;
    let spectral = checks().join("node_modules/.bin/spectral");
    if !spectral.exists() {
        println!("skipped: web/checks is not installed (`make unit` installs it)");
        return;
    }
    let output = Command::new(spectral)
        .args(["lint", "--fail-severity=warn", "--ruleset", "spectral.yaml"])
        .arg(&file)
        .current_dir(checks())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_that_is_described_is_there() {
    let app = TestApp::new().await;
    let office = machine(&app, Role::CaseOffice, Side::First);
    let described = app.anonymous().get_json("/openapi.json").await.json();
    for (path, operations) in described["paths"].as_object().unwrap() {
        let path = path.replace(['{', '}'], "");
        let asked = office.request(axum::http::Method::OPTIONS, &path, &[], Vec::new()).await;
        assert_eq!(asked.status, 204, "{path}");
        for method in operations.as_object().unwrap().keys() {
            assert!(asked.header("allow").to_lowercase().contains(method), "{method} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_described_is_what_is_done() {
    let Some(python) = python("schemathesis") else {
        println!("skipped: SAMSPILL_PYTHON names no interpreter with schemathesis");
        return;
    };
    let rate = Rate { burst: 1_000_000, per_minute: 1_000_000 };
    let app = TestApp::with(|settings| (settings.api_rate, settings.address_rate) = (rate, rate)).await;
    let address = listening(&app).await;
    let mut command = Command::new(python);
    command
        .args(["-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run"])
        .arg(format!("http://{address}/openapi.json"))
        .args(["--header", "Authorization: Bearer prove", "--exclude-path", "/api/v1/events"])
        // It can't make lines of JSON.
        .args(["--exclude-operation-id", "importLog"])
        .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "8", "--seed", "1", "--no-color"])
        .args(["--max-time", "35", "--generation-database", "none", "--continue-on-failure"])
        .current_dir(checks());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    assert!(output.status.success(), "{}", said(&output));
}

/// The application on a port of this machine. Whoever sends the token is the office of the first municipality.
async fn listening(app: &TestApp) -> std::net::SocketAddr {
    let signed = machine(app, Role::CaseOffice, Side::First).signed.unwrap();
    let known = from_fn(move |mut request: Request, next: Next| {
        let has_token =
            request.headers().get(header::AUTHORIZATION).is_some_and(|value| value == "Bearer prove");
        if has_token {
            request.headers_mut().remove(header::AUTHORIZATION);
            request.extensions_mut().insert(signed.clone());
        }
        next.run(request)
    });
    let router = app.router.clone().layer(known);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}
