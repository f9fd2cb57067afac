//! A provider that enforces what `HelseID` does: npm's `oidc-provider`, started for the test that asks for it.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::Mutex,
};

use reqwest::{Client, redirect::Policy};
use serde_json::{Value, json};

use crate::{
    house::{AUDIENCE, CLIENT, SCOPE},
    keys::Key,
};

/// The provider, which ends with this.
pub(crate) struct Provider {
    pub(crate) issuer: String,
    process: Child,
    // Its end is the process's.
    input: Option<ChildStdin>,
    // Kept open: it must be able to write.
    _output: BufReader<ChildStdout>,
    pub(crate) web: Client,
    cookies: Mutex<Vec<(String, String)>>,
}

/// The keys of the clients that it knows.
pub(crate) struct Clients {
    pub(crate) people: Key,
    pub(crate) machine: Key,
    pub(crate) bearer: Key,
}

impl Clients {
    pub(crate) fn new() -> Self {
        Self { people: Key::new("people"), machine: Key::new("machine"), bearer: Key::new("bearer") }
    }
}

impl Provider {
    /// The provider for an application at this address; `None` where it isn't installed.
    pub(crate) fn new(origin: &str, clients: &Clients) -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/oidc");
        if !folder.join("node_modules/oidc-provider").exists() {
            skipped();
            return None;
        }
        let mut process = Command::new("node")
            .arg("server.mjs")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = process.stdin.take().unwrap();
        writeln!(input, "{}", settings(origin, clients)).unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let issuer = said["issuer"].as_str().unwrap().to_owned();
        let web = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Some(Self { issuer, process, input: Some(input), _output: output, web, cookies: Mutex::default() })
    }

    /// Logs in there as somebody, and says where the browser is sent back to.
    pub(crate) async fn log_in(&self, location: &str, who: &str, origin: &str) -> String {
        let mut address = location.to_owned();
        for _ in 0..10 {
            if address.contains("/login?uid=") {
                address = format!("{address}&as={who}");
            }
            let next = self.get(&address).await;
            if next.starts_with(origin) {
                return next;
            }
            address = next;
        }
        panic!("never sent back");
    }

    /// Forgets who is logged in there in this browser.
    pub(crate) fn forget(&self) {
        self.cookies.lock().unwrap().clear();
    }

    /// Where a page there leads to.
    async fn get(&self, address: &str) -> String {
        let request = self.web.get(address).header("cookie", self.cookie_header());
        let response = request.send().await.unwrap();
        self.keep_cookies(response.headers());
        let place = response.headers().get("location").map(|place| place.to_str().unwrap().to_owned());
        let status = response.status();
        let Some(place) = place else { panic!("{address}: {status} {}", response.text().await.unwrap()) };
        if place.starts_with('/') { format!("{}{place}", self.issuer) } else { place }
    }

    fn cookie_header(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep_cookies(&self, headers: &reqwest::header::HeaderMap) {
        let mut cookies = self.cookies.lock().unwrap();
        for line in headers.get_all("set-cookie") {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            cookies.retain(|(kept, _)| kept != name);
            cookies.push((name.to_owned(), value.to_owned()));
        }
    }

    /// Asks for a page there, and gives status and text.
    pub(crate) async fn page(&self, address: &str) -> (u16, String) {
        let request = self.web.get(address).header("cookie", self.cookie_header());
        let response = request.send().await.unwrap();
        self.keep_cookies(response.headers());
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Sends a form there, and gives status and text.
    pub(crate) async fn post(
        &self,
        address: &str,
        headers: &[(&str, &str)],
        form: &[(&str, &str)],
    ) -> (u16, reqwest::header::HeaderMap, String) {
        let mut request = self.web.post(address).header("cookie", self.cookie_header());
        request = request.header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.body(serde_html_form::to_string(form).unwrap()).send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        (status, headers, response.text().await.unwrap())
    }
}

#[expect(clippy::print_stderr, reason = "whoever runs the tests must see what wasn't tested")]
fn skipped() {
    eprintln!("skipped: no login provider to test with; `make unit` installs it");
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.process.wait();
    }
}

fn settings(origin: &str, clients: &Clients) -> Value {
    let client = |id: &str, kind: &str, key: &Key| json!({"id": id, "kind": kind, "key": key.public()});
    json!({
        "origin": origin,
        "machine": {"audience": AUDIENCE, "scope": SCOPE},
        "clients": [
            client(CLIENT, "people", &clients.people),
            client("ehr", "machine", &clients.machine),
            client("old", "bearer", &clients.bearer),
        ],
    })
}
