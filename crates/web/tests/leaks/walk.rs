//! Asks for everything.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use axum::http::Method;
use serde_json::json;

use crate::{
    routes::{CASE, NUMBER, PERSON, POSITION},
    secrets::{Hidden, Known, Secrets},
    support::{Answer, ORIGIN, TestApp, User},
};

/// Filters and searches by what is another's: put behind paths that name no stay themselves.
const QUERIES: [&str; 9] = [
    "?sok=\u{1}case",
    "?q=\u{1}case",
    "?case=\u{1}case",
    "?stay=\u{1}case",
    "?sak=\u{1}case",
    "?encounter=\u{1}case",
    "?_id=\u{1}case",
    "?q=\u{1}person",
    "?after=0",
];
/// What is waited for figures that are still worked out.
pub(crate) const PAUSES: [Duration; 3] =
    [Duration::from_millis(100), Duration::from_secs(1), Duration::from_secs(3)];
/// How it is asked for.
const ACCEPTED: [&str; 2] = ["text/html", "application/json"];

/// Somebody who asks for everything.
pub(crate) struct Walk<'w> {
    pub(crate) t: &'w TestApp,
    pub(crate) user: &'w User,
    pub(crate) routes: &'w BTreeSet<String>,
    pub(crate) secrets: &'w Secrets,
    /// How long is waited before it is asked for again, each time; a difference that is there after all of them counts.
    pub(crate) pauses: &'static [Duration],
}

/// What is put into paths.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) case: String,
    pub(crate) position: u64,
    pub(crate) number: u64,
    pub(crate) person: String,
}

impl Target {
    pub(crate) fn of(known: &Known) -> Self {
        let message = known.entries.iter().find(|entry| entry.to.is_some()).or(known.entries.first());
        Self {
            case: known.stay.case.clone(),
            position: message.map_or(0, |entry| entry.position.0),
            number: known.messages.first().copied().unwrap_or(998),
            person: known
                .entries
                .iter()
                .find_map(|entry| entry.person.clone())
                .unwrap_or("ukjent-person".to_owned()),
        }
    }

    /// What isn't there, in as many letters.
    fn nowhere(&self, number: u64) -> Self {
        let other = |text: &str| -> String {
            let letters = text.chars().map(|letter| if letter.is_ascii_digit() { '9' } else { letter });
            let mut letters: Vec<char> = letters.collect();
            letters.last_mut().into_iter().for_each(|last| *last = if *last == '9' { '8' } else { 'x' });
            letters.into_iter().collect()
        };
        Self { case: other(&self.case), position: self.position, number, person: other(&self.person) }
    }

    pub(crate) fn put_into(&self, path: &str) -> String {
        path.replace(CASE, &self.case)
            .replace(POSITION, &self.position.to_string())
            .replace(NUMBER, &self.number.to_string())
            .replace(PERSON, &self.person)
    }
}

impl Walk<'_> {
    /// Everything that came back and holds what isn't theirs.
    pub(crate) async fn leaks(&self) -> Vec<String> {
        let signed = self.user.signed.as_ref();
        let hidden = self.secrets.hidden_from(self.t, signed);
        let mut found = Vec::new();
        for (number, target) in self.targets().iter().enumerate() {
            for path in self.paths(target, number) {
                for accept in ACCEPTED {
                    let answer = self.get(&path, accept).await;
                    found.extend(self.told(&hidden, &path, "", &answer));
                }
                if !path.contains('?') {
                    let answer = self.post(&path, target).await;
                    // What somebody wrote into a form stands in it when it comes back.
                    let written = format!("{} {}", target.case, target.person);
                    found.extend(self.told(&hidden, &format!("POST {path}"), &written, &answer));
                    for (kind, body) in self.bodies(&path, target) {
                        let answer = self.send(&path, kind, body).await;
                        found.extend(self.told(
                            &hidden,
                            &format!("POST {path} as {kind}"),
                            &written,
                            &answer,
                        ));
                    }
                }
            }
        }
        found
    }

    /// Everything that is answered otherwise where it is another's than where it isn't there.
    pub(crate) async fn differences(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (number, target) in self.targets().iter().enumerate() {
            let nowhere = target.nowhere(self.secrets.no_message);
            for (theirs, none) in self.paths(target, number).iter().zip(self.paths(&nowhere, number)) {
                if *theirs == none {
                    continue;
                }
                for accept in ACCEPTED {
                    found.extend(self.differ_each_time(accept, (theirs, &none), (target, &nowhere)).await);
                }
                if theirs.contains('?') {
                    continue;
                }
                let answers = (self.post(theirs, target).await, self.post(&none, &nowhere).await);
                found.extend(self.differ(&format!("POST {theirs}"), target, &nowhere, &answers));
                let bodies = self.bodies(theirs, target).into_iter().zip(self.bodies(&none, &nowhere));
                for ((kind, body), (_, other)) in bodies {
                    let answers = (self.send(theirs, kind, body).await, self.send(&none, kind, other).await);
                    found.extend(self.differ(
                        &format!("POST {theirs} as {kind}"),
                        target,
                        &nowhere,
                        &answers,
                    ));
                }
            }
        }
        found
    }

    /// What is answered otherwise each time it is asked for. Figures that are still worked out, and files with the time of day in them,
    /// differ now and then; what is there and what isn't would differ always.
    async fn differ_each_time(
        &self,
        accept: &str,
        (theirs, none): (&str, &str),
        (target, nowhere): (&Target, &Target),
    ) -> Option<String> {
        let mut found = None;
        for pause in std::iter::once(&Duration::ZERO).chain(self.pauses) {
            tokio::time::sleep(*pause).await;
            let answers = (self.get(theirs, accept).await, self.get(none, accept).await);
            found = Some(self.differ(theirs, target, nowhere, &answers)?);
        }
        found
    }

    fn targets(&self) -> Vec<Target> {
        self.secrets.targets(self.t, self.user.signed.as_ref()).into_iter().map(Target::of).collect()
    }

    /// All paths with this target; those that name none once, with all queries.
    fn paths(&self, target: &Target, number: usize) -> Vec<String> {
        let names_none = |path: &&String| !path.contains('\u{1}');
        let naming = self.routes.iter().filter(|path| !names_none(path)).cloned();
        let others = self.routes.iter().filter(|path| number == 0 && names_none(path));
        let others = others.flat_map(|path| {
            let asked = QUERIES.iter().map(move |query| format!("{path}{query}"));
            std::iter::once(path.clone()).chain(asked)
        });
        naming.chain(others).map(|path| target.put_into(&path)).collect()
    }

    async fn get(&self, path: &str, accept: &str) -> Answer {
        let answer = self.user.request(Method::GET, path, &[("accept", accept)], Vec::new()).await;
        assert_ne!(answer.status, 429, "who is told to wait sees nothing: {path}");
        answer
    }

    async fn post(&self, path: &str, target: &Target) -> Answer {
        self.user
            .post_form(path, &[("sak", &target.case), ("case", &target.case), ("person", &target.person)])
            .await
    }

    /// What programs send: what makes sense where it is taken, and elsewhere something that names the target. Nothing is written about the
    /// target's patient: whoever begins a stay of their own with somebody sees who that is.
    fn bodies(&self, path: &str, target: &Target) -> Vec<(&'static str, String)> {
        let now = self.t.now();
        let entry = json!({ "kind": "notat", "happened": now.to_string(), "id": format!("prove-{}", target.position) });
        let line = json!({ "case": target.case, "kind": "notat", "at": now.to_string() });
        match path {
            _ if path.ends_with("/entries") => vec![("application/json", entry.to_string())],
            "/api/v1/stays" => {
                vec![("application/json", json!({ "name": target.case, "entry": entry }).to_string())]
            }
            "/api/v1/log" => vec![("application/x-ndjson", line.to_string())],
            _ if path.ends_with("/_search") => {
                let kind = "application/x-www-form-urlencoded";
                vec![(kind, format!("identifier={}", target.person)), (kind, "_count=500".to_owned())]
            }
            "/api/v1/messages" => vec![("application/xml", self.secrets.document(target.number))],
            _ => vec![(
                "application/json",
                json!({ "case": target.case, "person": target.person }).to_string(),
            )],
        }
    }

    /// Sends it as a program does, or as a script on a page of ours, under a key of its own.
    async fn send(&self, path: &str, kind: &str, body: String) -> Answer {
        static KEYS: AtomicU32 = AtomicU32::new(0);
        let key = format!("prove-{}", KEYS.fetch_add(1, Ordering::Relaxed));
        let token = self.user.signed.as_ref().map(|signed| signed.form_token.clone()).unwrap_or_default();
        let headers = [
            ("content-type", kind),
            ("accept", "application/json"),
            ("origin", ORIGIN),
            ("x-form-token", token.as_str()),
            ("idempotency-key", key.as_str()),
        ];
        self.user.request(Method::POST, path, &headers, body.into_bytes()).await
    }

    fn told(&self, hidden: &Hidden, path: &str, written: &str, answer: &Answer) -> Vec<String> {
        let asked = format!("{path} {} {written}", percent_decoded(path));
        let headers = format!("{:?}", answer.headers);
        let text = format!("{headers}\n{}", answer.text());
        let found = hidden.found_in(&text, &asked);
        found
            .into_iter()
            .map(|secret| format!("{}: {path} ({}) shows «{secret}»", self.who(), answer.status))
            .collect()
    }

    fn differ(
        &self,
        path: &str,
        target: &Target,
        nowhere: &Target,
        (theirs, none): &(Answer, Answer),
    ) -> Option<String> {
        let (theirs, none) = (same_words(theirs, target), same_words(none, nowhere));
        let at = theirs.char_indices().zip(none.chars()).find(|((_, a), b)| a != b).map(|((at, _), _)| at);
        let around = |text: &str| {
            let from = at.unwrap_or(theirs.len().min(none.len())).saturating_sub(40);
            text.chars().skip(from).take(80).collect::<String>()
        };
        (theirs != none).then(|| {
            format!(
                "{}: {path} differs from what isn't there: «{}», «{}»",
                self.who(),
                around(&theirs),
                around(&none)
            )
        })
    }

    fn who(&self) -> String {
        self.user.signed.as_ref().map_or("nobody".to_owned(), |signed| signed.subject.account.clone())
    }
}

/// An answer in which what was asked for is called the same.
fn same_words(answer: &Answer, target: &Target) -> String {
    let mut headers = answer.headers.clone();
    // Whoever has no cookie yet gets one with the first answer.
    headers.remove("set-cookie");
    let request = headers.remove("x-request-id");
    let request = request.map_or_else(String::new, |value| value.to_str().unwrap_or_default().to_owned());
    if answer.text().contains(&target.case) {
        // Of a body that says what was asked for, the digest says it too.
        headers.remove("etag");
    }
    let headers: BTreeSet<String> =
        headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    let text = format!("{} {headers:?}\n{}", answer.status, answer.text());
    let text = text.replace(&request, "REQUEST").replace(&target.case, "CASE");
    // Whoever isn't logged in is led back afterwards to where they wanted to go.
    let text = text.replace(&format!("%2F{}", target.number), "%2FNUMBER");
    let text = text.replace(&target.person, "PERSON").replace(&target.person.replace(':', "%3A"), "PERSON");
    without_fresh_id(&text)
}

/// The form for a new template has an address of its own each time.
fn without_fresh_id(text: &str) -> String {
    const BEFORE: &str = "action=\"/admin/maltekster/";
    match text.split_once(BEFORE) {
        Some((before, after)) => format!("{before}{BEFORE}NEW{}", after.get(36..).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn percent_decoded(path: &str) -> String {
    path.replace("%3A", ":")
}
