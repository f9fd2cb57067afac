//! Two versions side by side.

use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query, State},
    response::Response,
};
use samspill_agreement::{
    FieldDifference, Match, RuleComparison, RuleSort, compare as compare_versions,
    model::{Language, Version},
};
use serde::Deserialize;

use super::{
    library::{Library, Work},
    read::{in_force, may_read},
    room::Room,
    words::Words,
};
use crate::{
    App, Refused,
    pages::{Choice, Frame, fill, html, link},
};

/// Which two.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    fra: String,
    til: String,
}

#[derive(Template)]
#[template(path = "agreements/compare.html")]
struct ComparePage {
    frame: Frame,
    w: &'static Words,
    address: String,
    back: String,
    from: Vec<Choice>,
    to: Vec<Choice>,
    compared: Compared,
}

/// Two versions as a page shows them.
pub(super) struct Compared {
    /// The first.
    pub(super) a: String,
    /// The second.
    pub(super) b: String,
    /// What differs, by sort of rule.
    pub(super) groups: Vec<Group>,
    /// What doesn't.
    pub(super) same: Vec<String>,
    /// How much differs, in words.
    pub(super) sum: String,
}

/// Rules of a sort that differ.
pub(super) struct Group {
    pub(super) title: &'static str,
    pub(super) rules: Vec<Rule>,
}

/// A rule that differs.
pub(super) struct Rule {
    pub(super) title: String,
    pub(super) ids: String,
    /// Which version alone has it, in words; empty where both have.
    pub(super) only: String,
    pub(super) parts: Vec<FieldDifference>,
}

/// Compares two versions of an agreement, or of two.
pub(super) async fn compare(
    State(app): State<App>,
    Extension(room): Extension<Room>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_read(&app, &frame).await?;
    let library = room.library(&app);
    let work = library.work(&id).ok_or(Refused::NotThere)?;
    let (from, to) = chosen(work, &library, &asked);
    let version = |named: &str| library.version(work, named).ok_or(Refused::NotThere);
    let (a, b) = (version(&from)?, version(&to)?);
    let (language, w) = (frame.language(), Words::of(frame.language()));
    html(&ComparePage {
        w,
        address: link::path(&["avtaler", &id, "sammenlign"]),
        back: link::path(&["avtaler", &id]),
        from: choices(&library, work, &from, language),
        to: choices(&library, work, &to, language),
        compared: compared(&a, &b, language),
        frame: frame.titled(w.compare_title).wide(),
    })
}

/// What is asked for; without it the version before the newest and the newest, and for one alone another agreement.
fn chosen(work: &Work, library: &Library, asked: &Asked) -> (String, String) {
    let versions = &work.agreement.versions;
    let newest = work.agreement.newest().version.clone();
    let before = versions.len().checked_sub(2).map(|place| versions[place].version.clone());
    let other = || {
        let other = library.beside(work).next()?;
        Some(format!("{}@{}", other.agreement.id, other.agreement.newest().version))
    };
    let (from, to) = match before {
        Some(before) => (before, newest),
        None => (newest.clone(), other().unwrap_or(newest)),
    };
    let or = |asked: &str, usual: String| if asked.is_empty() { usual } else { asked.to_owned() };
    (or(&asked.fra, from), or(&asked.til, to))
}

/// The versions of this work by their names, then those of others of the same sort.
fn choices(library: &Library, work: &Work, chosen: &str, language: Language) -> Vec<Choice> {
    let own = work.agreement.versions.iter().rev();
    let own = own.map(|version| Choice::new(version.version.clone(), label(version, language), chosen));
    let others = library.beside(work).flat_map(|other| other.agreement.versions.iter().rev());
    let others = others.map(|version| {
        Choice::new(format!("{}@{}", version.agreement, version.version), label(version, language), chosen)
    });
    own.chain(others).collect()
}

fn label(version: &Version, language: Language) -> String {
    format!("{}, {}", version.name.in_language(language), in_force(version, language))
}

/// Two versions as a page shows them.
pub(super) fn compared(a: &Version, b: &Version, language: Language) -> Compared {
    let w = Words::of(language);
    let comparison = compare_versions(a, b, language);
    let (same, different): (Vec<_>, Vec<_>) = comparison.rules.into_iter().partition(RuleComparison::is_same);
    let sum = match different.len() {
        0 => w.no_difference.to_owned(),
        n => fill(w.differs, &[("n", &n), ("same", &same.len())]),
    };
    let mut groups: Vec<Group> = Vec::new();
    let mut sort: Option<RuleSort> = None;
    for rule in different {
        if sort != Some(rule.sort) {
            sort = Some(rule.sort);
            groups.push(Group { title: rule.sort.title(language), rules: Vec::new() });
        }
        if let Some(group) = groups.last_mut() {
            group.rules.push(one(rule, (&comparison.a, &comparison.b), w));
        }
    }
    let same = same.into_iter().map(|rule| rule.title).collect();
    Compared { a: label(a, language), b: label(b, language), groups, same, sum }
}

fn one(rule: RuleComparison, (a, b): (&str, &str), w: &Words) -> Rule {
    let (ids, only) = match rule.matched {
        Match::ById(id) => (id, None),
        Match::ByMeaning { a, b } => (format!("{a} ↔ {b}"), None),
        Match::OnlyA(id) => (id, Some(a)),
        Match::OnlyB(id) => (id, Some(b)),
    };
    let only = only.map(|version| fill(w.only_in, &[("version", &version)])).unwrap_or_default();
    Rule { title: rule.title, ids, only, parts: rule.differences }
}
