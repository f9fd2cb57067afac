//! Rules as lines of text: what both reading and comparing show.

mod content;
mod duty;
mod meter;
mod other;

use crate::{
    compare::RuleSort,
    model::{Language, Version},
    words::Label,
};

/// A rule as a title and labelled lines.
#[derive(Clone, Debug)]
pub(crate) struct RuleView {
    pub(crate) sort: RuleSort,
    pub(crate) id: String,
    pub(crate) title: String,
    /// Empty where the rule has none.
    pub(crate) clause: String,
    /// Empty where the rule has none.
    pub(crate) says: String,
    pub(crate) lines: Vec<Line>,
    pub(crate) readings: Vec<ReadingView>,
    /// What it is about, to find its counterpart under another id.
    pub(crate) about: String,
}

/// A reading that a rule rests on.
#[derive(Clone, Debug)]
pub(crate) struct ReadingView {
    pub(crate) id: String,
    pub(crate) clause: String,
    pub(crate) text: String,
}

/// A labelled line; `detail` tells lines with the same label apart, such as the id of an exception.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) label: Label,
    pub(crate) detail: String,
    pub(crate) text: String,
}

/// Lines as they are gathered; what says nothing is left out.
pub(crate) struct Lines<'v> {
    pub(crate) version: &'v Version,
    pub(crate) language: Language,
    found: Vec<Line>,
}

impl<'v> Lines<'v> {
    fn new(version: &'v Version, language: Language) -> Self {
        Self { version, language, found: Vec::new() }
    }

    fn add(&mut self, label: Label, text: impl Into<String>) {
        self.detailed(label, "", text);
    }

    fn detailed(&mut self, label: Label, detail: &str, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.found.push(Line { label, detail: detail.to_owned(), text });
        }
    }

    fn condition(&mut self, label: Label, condition: &crate::model::Condition) {
        if condition != &crate::model::Condition::Always {
            self.add(label, crate::words::condition(self.version, condition, self.language));
        }
    }
}

/// All rules of a version, by sort and in the order of the files.
pub(crate) fn rules(version: &Version, language: Language) -> Vec<RuleView> {
    let mut views: Vec<RuleView> = Vec::new();
    views.extend(version.duties.iter().map(|duty| duty::view(version, duty, language)));
    views.extend(version.windows.iter().map(|window| content::window(version, window, language)));
    views.extend(
        version.requirements.iter().map(|requirement| content::requirement(version, requirement, language)),
    );
    views.extend(version.contents.iter().map(|content| content::content(version, content, language)));
    views.extend(version.meters.iter().map(|meter| meter::view(version, meter, language)));
    views.extend(
        version.settlements.iter().map(|settlement| meter::settlement(version, settlement, language)),
    );
    views.extend(version.checklists.iter().map(|checklist| other::checklist(version, checklist, language)));
    views.extend(version.hours.values().map(|hours| other::hours(version, hours, language)));
    views.extend(version.values.values().map(|value| other::value(version, value, language)));
    views
}

/// The readings with these ids.
fn readings(version: &Version, ids: &[String], language: Language) -> Vec<ReadingView> {
    ids.iter()
        .filter_map(|id| version.readings.iter().find(|reading| &reading.id == id))
        .map(|reading| ReadingView {
            id: reading.id.clone(),
            clause: reading.clause.to_string(),
            text: reading.text.in_language(language).to_owned(),
        })
        .collect()
}

/// Ids in a fixed order, as one text.
pub(crate) fn ids<T: AsRef<str>>(ids: impl IntoIterator<Item = T>) -> String {
    let mut ids: Vec<String> = ids.into_iter().map(|id| id.as_ref().to_owned()).collect();
    ids.sort_unstable();
    ids.join("+")
}
