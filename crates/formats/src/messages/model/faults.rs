//! What is said when a document leaves its model. Only here are paths and places counted, and texts made.

use super::{
    check::{Checker, FINDINGS_MAX, Run},
    compiled::{AttributeRule, Step, TypeId},
    routes,
    simple::Simple,
    symbols::{Symbol, UNKNOWN},
};
use crate::{
    messages::{Finding, Severity},
    xml::{Attribute, El},
};

/// How many names a text lists.
const NAMES_MAX: usize = 5;
/// How much of a value a text repeats.
const VALUE_CHARACTERS_MAX: usize = 40;

fn push(checker: &mut Checker<'_>, finding: Finding) {
    if checker.findings.len() < FINDINGS_MAX {
        checker.findings.push(finding);
    } else if !checker.is_full() {
        let text =
            format!("there is more that isn't as it should be: only the first {FINDINGS_MAX} are listed");
        checker.findings.push(Finding { code: "and-more", text, ..finding });
    }
}

fn tell(checker: &mut Checker<'_>, element: El<'_>, code: &'static str, text: String) {
    push(checker, Finding::at(element, Severity::Error, code, text));
}

fn tell_attribute(checker: &mut Checker<'_>, element: El<'_>, local: &str, code: &'static str, text: String) {
    let mut finding = Finding::at(element, Severity::Error, code, text);
    finding.path = finding.path + "/@" + local;
    push(checker, finding);
}

/// An element that is declared nowhere, where only declared ones may be.
#[cold]
pub(super) fn undeclared(checker: &mut Checker<'_>, element: El<'_>) {
    let (space, local) = (element.space(), short(element.local()));
    if checker.model.knows(space) {
        let text = format!("`{local}` can't stand here: the namespace `{space}` has no such message or part");
        tell(checker, element, "unknown-element", text);
    } else {
        let space = if space.is_empty() {
            "no namespace".to_owned()
        } else {
            format!("the namespace `{}`", short(space))
        };
        let text =
            format!("`{local}` has {space}, of which no format is known: write one of the formats that are");
        tell(checker, element, "unknown-format", text);
    }
}

/// Text where none may be.
#[cold]
pub(super) fn text(checker: &mut Checker<'_>, element: El<'_>, text: &str) {
    let local = element.local();
    let says = match text.trim_ascii() {
        "" => format!("`{local}` must be empty: take out the white space in it"),
        text => format!("`{local}` can't have text in it: take out `{}`", short(text)),
    };
    tell(checker, element, "text-not-allowed", says);
}

/// An element in one that has none.
#[cold]
pub(super) fn no_elements(checker: &mut Checker<'_>, element: El<'_>, child: El<'_>) {
    let text = format!(
        "`{}` isn't known in `{}`, which has no elements in it",
        short(child.local()),
        element.local()
    );
    tell(checker, child, "unknown-element", text);
}

#[cold]
pub(super) fn value(checker: &mut Checker<'_>, element: El<'_>, simple: &Simple, value: &str) {
    let text = wrong(simple, value);
    tell(checker, element, "wrong-value", text);
}

#[cold]
pub(super) fn attribute_value(
    checker: &mut Checker<'_>,
    element: El<'_>,
    simple: &Simple,
    attribute: Attribute<'_>,
) {
    let text = wrong(simple, attribute.value);
    tell_attribute(checker, element, attribute.local, "wrong-value", text);
}

#[cold]
pub(super) fn same_id(checker: &mut Checker<'_>, element: El<'_>, attribute: Attribute<'_>) {
    let text = format!("`{}` is the id of another element already: write a new one", short(attribute.value));
    tell_attribute(checker, element, attribute.local, "wrong-value", text);
}

#[cold]
pub(super) fn nil(checker: &mut Checker<'_>, element: El<'_>, attribute: Attribute<'_>) {
    let text = format!("`{}` can't be nil: leave the element out, or give it a value", element.local());
    tell_attribute(checker, element, attribute.local, "unknown-attribute", text);
}

#[cold]
pub(super) fn instance_type(checker: &mut Checker<'_>, element: El<'_>, attribute: Attribute<'_>) {
    let text = format!(
        "`{}` isn't a type that `{}` may have: leave `xsi:type` out",
        short(attribute.value),
        element.local()
    );
    tell_attribute(checker, element, attribute.local, "wrong-value", text);
}

#[cold]
pub(super) fn unknown_attribute(
    checker: &mut Checker<'_>,
    element: El<'_>,
    id: TypeId,
    attribute: Attribute<'_>,
) {
    let local = element.local();
    let rules = checker.model.attributes(checker.model.type_of(id));
    let known: Vec<String> = rules.iter().map(|rule| quoted(checker, rule.symbol)).collect();
    let unknown = short(attribute.local);
    let text = match &known[..] {
        [] => format!("`{local}` has no attributes: take out `{unknown}`"),
        known => format!("`{unknown}` isn't an attribute of `{local}`, which has {}", known.join(", ")),
    };
    tell_attribute(checker, element, attribute.local, "unknown-attribute", text);
}

#[cold]
pub(super) fn missing_attributes(checker: &mut Checker<'_>, element: El<'_>, rules: &[AttributeRule]) {
    for rule in rules.iter().filter(|rule| rule.required) {
        let (space, local) = checker.model.symbols.name(rule.symbol);
        if !element.attributes().any(|attribute| (attribute.space, attribute.local) == (space, local)) {
            let text = format!("the attribute `{local}` is missing on `{}`", element.local());
            tell(checker, element, "missing-attribute", text);
        }
    }
}

/// A child that the type of its parent has nowhere.
#[cold]
pub(super) fn unknown(checker: &mut Checker<'_>, run: &Run<'_>, child: El<'_>) {
    let (parent, local) = (run.parent.local(), short(child.local()));
    let names = names_of(checker, run.kind);
    let same = names.iter().find(|(_, known)| *known == child.local());
    let near = names.iter().map(|(_, known)| *known).max_by(|one, other| {
        strsim::jaro_winkler(one, child.local()).total_cmp(&strsim::jaro_winkler(other, child.local()))
    });
    let text = match (same, near) {
        (Some(("", _)), _) => format!("`{local}` must have no namespace in `{parent}`"),
        (Some((space, _)), _) => format!("`{local}` in `{parent}` must have the namespace `{space}`"),
        (None, Some(near)) if strsim::jaro_winkler(near, child.local()) > 0.85 => {
            format!("`{local}` isn't known in `{parent}`: write `{near}`, if that is meant")
        }
        (None, _) => format!("`{local}` isn't known in `{parent}`: take it out"),
    };
    tell(checker, child, "unknown-element", text);
}

/// A child that the type of its parent has, but not here. The step it takes if what is missing before it is passed over;
/// none if it comes too late or too often. Only the first of a parent is told: the rest follows from it.
#[cold]
pub(super) fn out_of_order<'d>(
    checker: &mut Checker<'d>,
    run: &Run<'d>,
    child: El<'d>,
    symbol: Symbol,
) -> Option<Step> {
    let route = routes::to_symbol(checker.model, run, symbol);
    if run.misfits == 1 {
        let (code, text) = match &route {
            Some(route) => passed_over(checker, run, child, &route.missing),
            None => ("unexpected-element", too_late(checker, run, child)),
        };
        tell(checker, child, code, text);
    }
    route.map(|route| route.step)
}

/// What is said of elements that should have come before a child: that they come too late, or are missing.
fn passed_over(
    checker: &Checker<'_>,
    run: &Run<'_>,
    child: El<'_>,
    missing: &[Vec<Symbol>],
) -> (&'static str, String) {
    let local = child.local();
    let comes_later = |symbol: &&Symbol| run.parent.children().any(|other| checker.symbol(other) == **symbol);
    match missing.iter().flatten().find(comes_later) {
        Some(later) => (
            "unexpected-element",
            format!("`{local}` can't stand here: {} comes before it", quoted(checker, *later)),
        ),
        None => ("missing-element", format!("{} before `{local}`", listed(checker, missing))),
    }
}

fn too_late(checker: &Checker<'_>, run: &Run<'_>, child: El<'_>) -> String {
    let (parent, local) = (run.parent.local(), child.local());
    let steps = checker.model.steps(run.state).iter().filter(|step| step.symbol != UNKNOWN);
    let mut next: Vec<String> = steps.map(|step| quoted(checker, step.symbol)).collect();
    next.dedup();
    let more = if next.len() > NAMES_MAX { " or another" } else { "" };
    next.truncate(NAMES_MAX);
    let next = next.join(" or ") + more;
    match run.last {
        Some(last) if last.name_id() == child.name_id() => {
            format!("`{local}` can't stand in `{parent}` once more: take one of them out")
        }
        Some(last) if next.is_empty() => {
            format!("`{local}` can't stand here: nothing comes after `{}`", last.local())
        }
        Some(last) => format!("`{local}` can't stand here: after `{}` comes {next}", last.local()),
        None => format!("`{local}` can't stand here: `{parent}` begins with {next}"),
    }
}

/// The children end, and more must come.
#[cold]
pub(super) fn unfinished(checker: &mut Checker<'_>, run: &Run<'_>) {
    let missing = routes::to_end(checker.model, run);
    let is_there = |symbol: &Symbol| run.parent.children().any(|other| checker.symbol(other) == *symbol);
    if run.misfits > 0 && missing.iter().flatten().any(is_there) {
        return;
    }
    let place = match run.last {
        Some(last) => format!("after `{}` in `{}`", last.local(), run.parent.local()),
        None => format!("in `{}`", run.parent.local()),
    };
    let text = format!("{} {place}", listed(checker, &missing));
    tell(checker, run.parent, "missing-element", text);
}

/// `a` is missing; `a` and one of `b`, `c` are missing.
fn listed(checker: &Checker<'_>, missing: &[Vec<Symbol>]) -> String {
    let mut parts: Vec<String> = missing.iter().take(NAMES_MAX).map(|one| one_of(checker, one)).collect();
    if missing.len() > NAMES_MAX {
        parts.push("more".to_owned());
    }
    match parts.split_last() {
        None => "an element is missing".to_owned(),
        Some((only, [])) => format!("{only} is missing"),
        Some((last, others)) => format!("{} and {last} are missing", others.join(", ")),
    }
}

fn one_of(checker: &Checker<'_>, symbols: &[Symbol]) -> String {
    let names: Vec<String> = symbols.iter().map(|symbol| quoted(checker, *symbol)).collect();
    match &names[..] {
        [] => "an element".to_owned(),
        [only] => only.clone(),
        several => format!("one of {}", several.join(", ")),
    }
}

/// The names of all children that a type may have.
fn names_of(checker: &Checker<'_>, kind: TypeId) -> Vec<(&'static str, &'static str)> {
    let (model, kind) = (checker.model, checker.model.type_of(kind));
    let steps = (kind.states.0..kind.states.1).flat_map(|state| model.steps(state));
    steps.filter(|step| step.symbol != UNKNOWN).map(|step| model.symbols.name(step.symbol)).collect()
}

fn quoted(checker: &Checker<'_>, symbol: Symbol) -> String {
    format!("`{}`", checker.model.symbols.name(symbol).1)
}

fn wrong(simple: &Simple, value: &str) -> String {
    format!("`{}` isn't {}", short(value.trim_ascii()), simple.form())
}

/// The beginning of a text from a document.
fn short(text: &str) -> String {
    match text.char_indices().nth(VALUE_CHARACTERS_MAX) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
