//! Two versions side by side, rule by rule.

mod json;
mod text;

use crate::{
    model::{Language, Version},
    view::{Line, ReadingView, RuleView, rules},
    words::{Label, label},
};

/// Two versions, rule by rule: of one agreement, or of two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The first version: `unn 2023-06-01`.
    pub a: String,
    /// The second.
    pub b: String,
    /// The language of all texts in it.
    pub language: Language,
    /// The rules by sort: those that both have, then what only the first has, then what only the second has.
    pub rules: Vec<RuleComparison>,
}

/// A rule in both versions, or in one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleComparison {
    /// What it is.
    pub sort: RuleSort,
    /// How the two belong together.
    pub matched: Match,
    /// What people call it, in the first version that has it.
    pub title: String,
    /// What differs; for a rule that only one version has, all that it says.
    pub differences: Vec<FieldDifference>,
}

impl RuleComparison {
    /// Whether both versions have it and it says the same in both.
    pub fn is_same(&self) -> bool {
        matches!(self.matched, Match::ById(_) | Match::ByMeaning { .. }) && self.differences.is_empty()
    }
}

/// How rules of two versions belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// By this id, which both have.
    ById(String),
    /// They are about the same: the same party and kinds, under other ids.
    ByMeaning {
        /// The id in the first version.
        a: String,
        /// The id in the second.
        b: String,
    },
    /// Only the first version has it.
    OnlyA(String),
    /// Only the second has it.
    OnlyB(String),
}

impl Match {
    /// What both have comes first.
    fn rank(&self) -> u8 {
        match self {
            Self::ById(_) | Self::ByMeaning { .. } => 0,
            Self::OnlyA(_) => 1,
            Self::OnlyB(_) => 2,
        }
    }
}

/// A part of a rule that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDifference {
    /// What the part is called: `Frist`.
    pub field: String,
    /// What the first version says; `None`: nothing.
    pub a: Option<String>,
    /// What the second says.
    pub b: Option<String>,
}

/// What sort of rule it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleSort {
    /// Who must do what.
    Duty,
    /// When messages may be sent.
    Window,
    /// What must be there first.
    Requirement,
    /// What messages must hold.
    Content,
    /// What is counted.
    Meter,
    /// How cases are settled together.
    Settlement,
    /// A checklist.
    Checklist,
    /// Open hours.
    Hours,
    /// A value that changes by date.
    Value,
}

/// Compares two versions. Rules are matched by id, then by what they are about; values are in words.
pub fn compare(a: &Version, b: &Version, language: Language) -> Comparison {
    let (ours, mut theirs) =
        (rules(a, language), rules(b, language).into_iter().map(Some).collect::<Vec<_>>());
    // By id first, for all: a rule that is about the same must not take another's namesake.
    let by_id: Vec<Option<RuleView>> =
        ours.iter().map(|rule| take(&mut theirs, |other| is_namesake(rule, other))).collect();
    let mut compared = Vec::new();
    for (rule, namesake) in ours.into_iter().zip(by_id) {
        let counterpart = namesake.or_else(|| take(&mut theirs, |other| is_about_the_same(&rule, other)));
        compared.push(match counterpart {
            Some(other) => pair(&rule, &other, language),
            None => alone(&rule, language, Match::OnlyA, |text| (Some(text), None)),
        });
    }
    compared.extend(
        theirs
            .into_iter()
            .flatten()
            .map(|rule| alone(&rule, language, Match::OnlyB, |text| (None, Some(text)))),
    );
    compared.sort_by_key(|rule| (rule.sort, rule.matched.rank()));
    Comparison { a: name(a), b: name(b), language, rules: compared }
}

fn name(version: &Version) -> String {
    format!("{} {}", version.agreement, version.version)
}

fn take(rules: &mut [Option<RuleView>], fits: impl Fn(&RuleView) -> bool) -> Option<RuleView> {
    rules.iter_mut().find(|rule| rule.as_ref().is_some_and(&fits)).and_then(Option::take)
}

fn is_namesake(one: &RuleView, other: &RuleView) -> bool {
    one.sort == other.sort && one.id == other.id
}

fn is_about_the_same(one: &RuleView, other: &RuleView) -> bool {
    one.sort == other.sort && !one.about.is_empty() && one.about == other.about
}

fn pair(one: &RuleView, other: &RuleView, language: Language) -> RuleComparison {
    let matched = if one.id == other.id {
        Match::ById(one.id.clone())
    } else {
        Match::ByMeaning { a: one.id.clone(), b: other.id.clone() }
    };
    let (ours, theirs) = (all_lines(one), all_lines(other));
    let mut differences = Vec::new();
    for line in &ours {
        let same = theirs.iter().find(|theirs| is_same_part(line, theirs));
        if same.is_none_or(|same| same.text != line.text) {
            differences.push(difference(
                line,
                language,
                Some(line.text.clone()),
                same.map(|same| same.text.clone()),
            ));
        }
    }
    for line in theirs.iter().filter(|line| !ours.iter().any(|ours| is_same_part(ours, line))) {
        differences.push(difference(line, language, None, Some(line.text.clone())));
    }
    differences.extend(readings(one, other, language));
    RuleComparison { sort: one.sort, matched, title: one.title.clone(), differences }
}

/// Readings that only one of the rules rests on, told apart by what they say: ids are each agreement's own.
fn readings(one: &RuleView, other: &RuleView, language: Language) -> Vec<FieldDifference> {
    let says_same =
        |reading: &ReadingView, others: &[ReadingView]| others.iter().any(|other| other.text == reading.text);
    let ours = one.readings.iter().filter(|reading| !says_same(reading, &other.readings));
    let mut theirs: Vec<&ReadingView> =
        other.readings.iter().filter(|reading| !says_same(reading, &one.readings)).collect();
    let mut differences = Vec::new();
    for reading in ours {
        let namesake =
            theirs.iter().position(|theirs| theirs.id == reading.id).map(|place| theirs.remove(place));
        differences.push(reading_difference(language, &reading.id, Some(reading), namesake));
    }
    differences
        .extend(theirs.iter().map(|reading| reading_difference(language, &reading.id, None, Some(reading))));
    differences
}

fn reading_difference(
    language: Language,
    id: &str,
    a: Option<&ReadingView>,
    b: Option<&ReadingView>,
) -> FieldDifference {
    let text = |reading: Option<&ReadingView>| reading.map(|reading| reading.text.clone());
    FieldDifference { field: format!("{} {id}", label(Label::Reading, language)), a: text(a), b: text(b) }
}

/// The clause and what the rule says are parts too.
fn all_lines(rule: &RuleView) -> Vec<Line> {
    let part = |label, text: &str| Line { label, detail: String::new(), text: text.to_owned() };
    let mut lines = vec![part(Label::Clause, &rule.clause), part(Label::Says, &rule.says)];
    lines.extend(rule.lines.iter().cloned());
    lines.retain(|line| !line.text.is_empty());
    lines
}

fn is_same_part(one: &Line, other: &Line) -> bool {
    one.label == other.label && one.detail == other.detail
}

fn difference(line: &Line, language: Language, a: Option<String>, b: Option<String>) -> FieldDifference {
    let label = label(line.label, language);
    let field = if line.detail.is_empty() { label.to_owned() } else { format!("{label} ({})", line.detail) };
    FieldDifference { field, a, b }
}

fn alone(
    rule: &RuleView,
    language: Language,
    matched: fn(String) -> Match,
    side: fn(String) -> (Option<String>, Option<String>),
) -> RuleComparison {
    let differences = all_lines(rule)
        .iter()
        .map(|line| {
            let (a, b) = side(line.text.clone());
            difference(line, language, a, b)
        })
        .collect();
    RuleComparison {
        sort: rule.sort,
        matched: matched(rule.id.clone()),
        title: rule.title.clone(),
        differences,
    }
}
