//! The list, and one version rule by rule.

use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query, State},
    response::Response,
};
use samspill_agreement::{
    ClauseNote, RuleSheet, RuleSort,
    model::{Language, Version},
    rule_sheets, words as agreed,
};
use samspill_service::access::{Action, Resource};
use serde::Deserialize;

use super::{
    anchor::rule_anchor,
    library::{Library, Sort, Work},
    room::Room,
    words::Words,
};
use crate::{
    App, Refused,
    pages::{Choice, Frame, fill, html, link},
};

#[derive(Template)]
#[template(path = "agreements/list.html")]
struct ListPage {
    frame: Frame,
    w: &'static Words,
    agreements: Vec<Listed>,
    others: Vec<Listed>,
    laws: Vec<Listed>,
}

struct Listed {
    href: String,
    name: String,
    in_force: String,
    versions: usize,
    rules: usize,
}

/// What is asked of a version.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    versjon: String,
}

#[derive(Template)]
#[template(path = "agreements/read.html")]
struct ReadPage {
    frame: Frame,
    w: &'static Words,
    name: String,
    address: String,
    in_force: String,
    versions: Vec<Choice>,
    asked: String,
    found: String,
    sources: Vec<String>,
    parties: Vec<String>,
    groups: Vec<Group>,
    other_blind: Vec<ClauseNote>,
    compare: Option<String>,
    propose: Option<String>,
}

/// Rules of a sort under a heading.
struct Group {
    id: String,
    title: &'static str,
    rules: Vec<Shown>,
}

/// A rule and its place on the page.
struct Shown {
    anchor: String,
    rule: RuleSheet,
}

/// The agreements and laws.
pub(super) async fn list(
    State(app): State<App>,
    Extension(room): Extension<Room>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_read(&app, &frame).await?;
    let library = room.library(&app);
    let w = Words::of(frame.language());
    let listed = |sort| library.of_sort(sort).map(|work| listed(work, frame.language())).collect();
    let (agreements, others, laws) = (listed(Sort::Own), listed(Sort::Elsewhere), listed(Sort::Law));
    html(&ListPage { frame: frame.titled(w.title), w, agreements, others, laws })
}

/// The version in force newest.
pub(super) async fn newest(
    State(app): State<App>,
    Extension(room): Extension<Room>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_read(&app, &frame).await?;
    let library = room.library(&app);
    let work = library.work(&id).ok_or(Refused::NotThere)?;
    let named = work.version(&asked.versjon);
    let version = named.unwrap_or_else(|| work.agreement.newest().clone());
    page(&app, frame, &library, work, &version, asked.q)
}

/// The version of a name.
pub(super) async fn version(
    State(app): State<App>,
    Extension(room): Extension<Room>,
    Path((id, version)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_read(&app, &frame).await?;
    let library = room.library(&app);
    let work = library.work(&id).ok_or(Refused::NotThere)?;
    let version = work.version(&version).ok_or(Refused::NotThere)?;
    page(&app, frame, &library, work, &version, asked.q)
}

/// Whether somebody may read agreements.
pub(super) async fn may_read(app: &App, frame: &Frame) -> Result<(), Refused> {
    let signed = &frame.signed;
    app.may_in(signed, signed.purpose(), Action::ReadAgreements, Resource::Community).await.map(|_| ())
}

/// Whether a role may do something with what belongs to all: whether a page shows the way to it.
pub(super) fn is_open(app: &App, frame: &Frame, action: Action) -> bool {
    let signed = &frame.signed;
    signed.decides(signed.purpose(), action, Resource::Community, app.now()).is_allowed
}

fn listed(work: &Work, language: Language) -> Listed {
    let newest = work.agreement.newest();
    Listed {
        href: link::path(&["avtaler", work.agreement.id.as_str()]),
        name: newest.name.in_language(language).to_owned(),
        in_force: in_force(newest, language),
        versions: work.agreement.versions.len(),
        rules: rule_sheets(newest, language).len(),
    }
}

/// `1. juni 2023`, or `1. juni 2023 til 1. januar 2026`.
pub(super) fn in_force(version: &Version, language: Language) -> String {
    let from = agreed::date(version.in_force, language);
    let until = version.until.map(|until| agreed::date(until, language));
    until.map_or_else(|| from.clone(), |until| format!("{from} {} {until}", Words::of(language).until))
}

fn page(
    app: &App,
    frame: Frame,
    library: &Library,
    work: &Work,
    version: &Version,
    asked: String,
) -> Result<Response, Refused> {
    let (language, w) = (frame.language(), Words::of(frame.language()));
    let all = rule_sheets(version, language);
    let count = all.len();
    let other_blind = other_blind(version, &all, language);
    let words: Vec<String> = asked.split_whitespace().map(str::to_lowercase).collect();
    let rules: Vec<RuleSheet> = all.into_iter().filter(|rule| holds(rule, &words)).collect();
    let id = work.agreement.id.as_str();
    let can_compare = work.agreement.versions.len() > 1 || library.beside(work).next().is_some();
    let may_propose = work.found.is_some() && is_open(app, &frame, Action::ProposeAgreement);
    let name = version.name.in_language(language).to_owned();
    html(&ReadPage {
        w,
        address: link::path(&["avtaler", id]),
        in_force: in_force(version, language),
        versions: versions(work, &version.version, language),
        found: fill(w.found, &[("n", &rules.len()), ("all", &count)]),
        sources: version.sources.iter().map(source).collect(),
        parties: version.parties.values().map(|it| it.name.in_language(language).to_owned()).collect(),
        other_blind: if words.is_empty() { other_blind } else { Vec::new() },
        groups: groups(rules, language),
        compare: can_compare.then(|| link::path(&["avtaler", id, "sammenlign"])),
        propose: may_propose.then(|| link::path(&["avtaler", id, "forslag"])),
        frame: frame.titled(name.clone()).wide(),
        name,
        asked,
    })
}

/// The versions to choose from, the newest first.
pub(super) fn versions(work: &Work, chosen: &str, language: Language) -> Vec<Choice> {
    let versions = work.agreement.versions.iter().rev();
    versions.map(|it| Choice::new(it.version.clone(), in_force(it, language), chosen)).collect()
}

fn source(source: &samspill_agreement::model::Source) -> String {
    source.note.as_ref().map_or_else(|| source.title.clone(), |note| format!("{} ({note})", source.title))
}

/// Whether every word stands somewhere in the rule.
fn holds(rule: &RuleSheet, words: &[String]) -> bool {
    let notes = rule.readings.iter().chain(&rule.blind_spots).map(|note| &note.text);
    let texts = [&rule.id, &rule.title, &rule.clause, &rule.says].into_iter();
    let whole = texts.chain(rule.lines.iter().map(|(_, text)| text)).chain(notes);
    let whole = whole.map(|text| text.to_lowercase()).collect::<Vec<_>>().join("\n");
    words.iter().all(|word| whole.contains(word))
}

fn groups(rules: Vec<RuleSheet>, language: Language) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut sort: Option<RuleSort> = None;
    for rule in rules {
        if sort != Some(rule.sort) {
            sort = Some(rule.sort);
            let id = format!("del-{}", rule_anchor(rule.sort, ""));
            groups.push(Group { id, title: rule.sort.title(language), rules: Vec::new() });
        }
        if let Some(group) = groups.last_mut() {
            group.rules.push(Shown { anchor: rule_anchor(rule.sort, &rule.id), rule });
        }
    }
    groups
}

/// The blind spots of clauses that no rule has.
fn other_blind(version: &Version, rules: &[RuleSheet], language: Language) -> Vec<ClauseNote> {
    let is_shown = |clause: &str| rules.iter().any(|rule| !clause.is_empty() && rule.clause == clause);
    let others = version.blind_spots.iter().filter(|spot| !is_shown(spot.clause.as_str()));
    let note = |clause: &str, text: &str| ClauseNote {
        id: String::new(),
        clause: clause.to_owned(),
        text: text.to_owned(),
    };
    others.map(|spot| note(spot.clause.as_str(), spot.text.in_language(language))).collect()
}
