use crate::{
    compare::RuleSort,
    model::{Language, Version},
    view::{RuleView, rules},
    words::{Label, label},
};

/// A rule as people read it, part by part: what pages are made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSheet {
    /// What it is.
    pub sort: RuleSort,
    /// Its id, which is its own among the rules of its sort.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Where it stands in the document; empty where it has no clause of its own.
    pub clause: String,
    /// What it says in one sentence; empty where it has none.
    pub says: String,
    /// Its parts: what each is called, and what it says.
    pub lines: Vec<(String, String)>,
    /// The readings that it rests on.
    pub readings: Vec<ClauseNote>,
    /// What of its clause is not computed.
    pub blind_spots: Vec<ClauseNote>,
}

/// Something said of a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseNote {
    /// The id of the reading; empty for a blind spot.
    pub id: String,
    /// The clause.
    pub clause: String,
    /// What is said.
    pub text: String,
}

/// The rules of a version by sort, in the order of its files, each with its readings and the blind spots of its clause.
pub fn rule_sheets(version: &Version, language: Language) -> Vec<RuleSheet> {
    rules(version, language).into_iter().map(|view| sheet(version, view, language)).collect()
}

fn sheet(version: &Version, view: RuleView, language: Language) -> RuleSheet {
    let own = |view: &RuleView, clause: &str| !view.clause.is_empty() && clause == view.clause;
    let spots = version.blind_spots.iter().filter(|spot| own(&view, spot.clause.as_str()));
    let note = |id: &str, clause: &str, text: &str| ClauseNote {
        id: id.to_owned(),
        clause: clause.to_owned(),
        text: text.to_owned(),
    };
    let blind_spots = spots.map(|spot| note("", spot.clause.as_str(), spot.text.in_language(language)));
    RuleSheet {
        blind_spots: blind_spots.collect(),
        sort: view.sort,
        lines: view.lines.iter().map(|line| (name(line.label, language), line.text.clone())).collect(),
        readings: view.readings.iter().map(|it| note(&it.id, &it.clause, &it.text)).collect(),
        id: view.id,
        title: view.title,
        clause: view.clause,
        says: view.says,
    }
}

fn name(of: Label, language: Language) -> String {
    label(of, language).to_owned()
}
