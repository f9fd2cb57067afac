//! What the log says that somebody may not see.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use aho_corasick::AhoCorasick;
use samspill_base::{Entry, Value};
use samspill_service::{
    access::{Action, Involvement},
    audit::{KeyRing, Person, PersonRegister},
    projections::Board,
};
use samspill_store::{MessageFilter, MessageLine, MessageNumber};
use samspill_web::Signed;

use crate::support::TestApp;

/// Shorter texts stand anywhere.
const TEXT_MIN: usize = 12;

/// Every case of the log, with who takes part.
pub(crate) struct Secrets {
    pub(crate) cases: Vec<Known>,
    /// The number of no message.
    pub(crate) no_message: u64,
    /// The documents of messages, by their numbers.
    documents: BTreeMap<u64, String>,
}

/// A case, and all that it says.
pub(crate) struct Known {
    pub(crate) stay: Arc<Involvement>,
    pub(crate) entries: Vec<Entry>,
    /// Ids of its persons, and their names.
    persons: BTreeSet<String>,
    /// The numbers of its messages.
    pub(crate) messages: Vec<u64>,
    /// What its duties are called, in addresses and answers.
    duties: BTreeSet<String>,
}

/// What one may not see, ready to be looked for.
pub(crate) struct Hidden {
    pub(crate) texts: Vec<String>,
    finder: AhoCorasick,
}

impl Secrets {
    pub(crate) async fn of(t: &TestApp) -> Self {
        let parts = t.app.parts();
        let messages = messages(t).await;
        let register = PersonRegister::new(parts.store.clone(), parts.community.clone(), KeyRing::for_demo());
        let mut cases = Vec::new();
        for case in parts.store.cases(&parts.community, "", 10_000).await.unwrap() {
            let stay = t.app.live().involvement_of(&case, t.now()).await.unwrap().unwrap();
            let entries = parts.store.case_entries(&parts.community, &case).await.unwrap();
            let mut persons: BTreeSet<String> =
                entries.iter().filter_map(|entry| entry.person.clone()).collect();
            let names = register.names_of(&persons).await.unwrap();
            persons.extend(names.values().map(Person::name).filter(|name| !name.is_empty()));
            let of_case = messages.iter().filter(|line| line.case.as_deref() == Some(case.as_str()));
            let messages = of_case.map(|line| line.number.0).collect();
            let duties = duties(t, &case).await;
            cases.push(Known { stay, entries, persons, messages, duties });
        }
        let no_message = messages.iter().map(|line| line.number.0).max().unwrap_or(0) + 1;
        Self { cases, no_message, documents: documents(t, &messages).await }
    }

    /// The document of a message; of another, as it would be.
    pub(crate) fn document(&self, number: u64) -> String {
        self.documents.get(&number).cloned().unwrap_or("<ingen/>".to_owned())
    }

    /// All that is hidden from somebody: what no entry says that they may read, and no line that they may list.
    pub(crate) fn hidden_from(&self, t: &TestApp, who: Option<&Signed>) -> Hidden {
        let (mut open, mut closed) = (BTreeSet::new(), BTreeSet::new());
        for known in &self.cases {
            let lists = who.is_some_and(|who| {
                [Action::ListStay, Action::ReadDays]
                    .iter()
                    .any(|action| who.sees(&known.stay, *action, t.now()))
            });
            let named = if lists { &mut open } else { &mut closed };
            named.insert(known.stay.case.clone());
            named.extend(known.persons.iter().cloned());
            let reads = who.is_some_and(|who| who.sees(&known.stay, Action::ReadStay, t.now()));
            if reads { &mut open } else { &mut closed }.extend(known.duties.iter().cloned());
            for entry in &known.entries {
                let reads = who.is_some_and(|who| who.sees_entry(&known.stay, entry, t.app.book(), t.now()));
                if reads { open.extend(texts(entry)) } else { closed.extend(texts(entry)) }
            }
        }
        let open = open.into_iter().collect::<Vec<_>>().join("\n");
        let texts: Vec<String> = closed.into_iter().filter(|text| !open.contains(text.as_str())).collect();
        let finder = AhoCorasick::new(&texts).unwrap();
        Hidden { texts, finder }
    }

    /// A few stays of which nothing is theirs: the first of each sort.
    pub(crate) fn targets(&self, t: &TestApp, who: Option<&Signed>) -> Vec<&Known> {
        let sees = |known: &&Known| {
            Action::ALL.iter().any(|action| who.is_some_and(|who| who.sees(&known.stay, *action, t.now())))
        };
        let others = || self.cases.iter().filter(|known| !sees(known));
        let made = others().find(|known| known.stay.case.starts_with("prove-"));
        let open = others().find(|known| known.stay.is_open && !known.stay.case.starts_with("prove-"));
        let settled = others().find(|known| !known.stay.is_open);
        let told = others().find(|known| !known.messages.is_empty());
        made.into_iter().chain(open).chain(settled).chain(told).collect()
    }
}

impl Hidden {
    /// What of it stands in a text, but for what was asked for by name.
    pub(crate) fn found_in(&self, text: &str, asked: &str) -> BTreeSet<&str> {
        let found = self.finder.all_in(text, &self.texts);
        found.into_iter().filter(|secret| !asked.contains(secret)).collect()
    }
}

/// All matches, also those within others.
trait Find {
    fn all_in<'t>(&self, text: &str, texts: &'t [String]) -> Vec<&'t str>;
}

impl Find for AhoCorasick {
    fn all_in<'t>(&self, text: &str, texts: &'t [String]) -> Vec<&'t str> {
        self.find_overlapping_iter(text).map(|found| texts[found.pattern().as_usize()].as_str()).collect()
    }
}

/// All messages of the store.
async fn messages(t: &TestApp) -> Vec<MessageLine> {
    let parts = t.app.parts();
    let (filter, limit) = (MessageFilter::default(), 10_000);
    parts.store.messages(&parts.community, &filter, MessageNumber(0), limit).await.unwrap()
}

/// The duties of a case, as the API, the FHIR facade and the pages call them.
async fn duties(t: &TestApp, case: &str) -> BTreeSet<String> {
    let parts = t.app.parts();
    let board = Board { store: &parts.store, community: &parts.community, projections: &parts.projections };
    let rows = board.case(case, t.now()).await.unwrap();
    let called = rows.duties.iter().flat_map(|row| {
        let (duty, position, second) = (&row.duty, row.trigger.position, row.triggered.as_second());
        [
            format!("{duty}@{position}.{second}"),
            format!("\"{position}.{second}.{duty}\""),
            format!("{duty}.{position}.{second}"),
        ]
    });
    called.collect()
}

/// The documents of messages.
async fn documents(t: &TestApp, lines: &[MessageLine]) -> BTreeMap<u64, String> {
    let parts = t.app.parts();
    let mut all = BTreeMap::new();
    for line in lines {
        let kept = parts.store.message(&parts.community, line.number).await.unwrap().unwrap();
        all.insert(line.number.0, String::from_utf8_lossy(&kept.bytes).into_owned());
    }
    all
}

/// What an entry says that is nobody else's: its id, and free text.
fn texts(entry: &Entry) -> Vec<String> {
    let mut all: Vec<String> = entry.id.iter().cloned().collect();
    entry.body.iter().flat_map(|body| body.values()).for_each(|value| gather(value, &mut all));
    all.retain(|text| text.len() >= TEXT_MIN);
    all
}

fn gather(value: &Value, all: &mut Vec<String>) {
    match value {
        Value::Text(text) => all.push(text.clone()),
        Value::List(values) => values.iter().for_each(|value| gather(value, all)),
        Value::Map(map) => map.values().for_each(|value| gather(value, all)),
        Value::Empty | Value::Bool(_) | Value::Number(_) => {}
    }
}
