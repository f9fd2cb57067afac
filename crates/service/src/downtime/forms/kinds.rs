//! Which kinds of entry get a form, and what it asks for.

use std::collections::BTreeSet;

use samspill_agreement::{
    model::{Condition, Content, Field, Kind, KindId, KindType, Language, Version},
    words,
};
use samspill_base::ClauseRef;
use samspill_engine::Evaluation;

use super::stay::is_undone;
use crate::downtime::words::say;

/// The kinds that a form is made for: all whose contents the agreement asks for, and all messages that a duty asks for. In the order
/// of duties, then of contents.
pub fn form_kinds(version: &Version) -> Vec<KindId> {
    let is_message =
        |kind: &&KindId| version.kinds.get(*kind).is_some_and(|kind| kind.kind_type == KindType::Message);
    let of_duties = version.duties.iter().flat_map(|duty| &duty.must).filter(is_message);
    let of_contents = version.contents.iter().flat_map(|content| &content.of);
    unique(of_duties.chain(of_contents))
}

/// The kinds that would do a duty of the case that isn't done yet: what may have to be told while the systems are down.
pub fn open_kinds(version: &Version, evaluation: &Evaluation) -> Vec<KindId> {
    let undone = evaluation.duties.iter().filter(|duty| is_undone(duty));
    let wanted: BTreeSet<&KindId> =
        undone.filter_map(|duty| version.duty(&duty.duty)).flat_map(|duty| &duty.must).collect();
    form_kinds(version).into_iter().filter(|kind| wanted.contains(kind)).collect()
}

/// A field of a form.
pub(super) struct Asked<'v> {
    pub(super) name: &'v str,
    /// Its declaration; none where the vocabulary doesn't declare it.
    pub(super) field: Option<&'v Field>,
    /// The clauses that ask for it, each with when it does; empty for what is only possible.
    pub(super) by: Vec<(&'v ClauseRef, String)>,
}

/// The fields of a kind's form: those that the agreement asks for, in its order, then the others that the kind has.
pub(super) fn asked<'v>(version: &'v Version, kind: &'v Kind, language: Language) -> Vec<Asked<'v>> {
    let mut asked: Vec<Asked<'v>> = Vec::new();
    for content in rules(version, kind) {
        let by = (&content.clause, when(version, &content.when, language));
        for name in &content.needs {
            match asked.iter_mut().find(|asked| asked.name == name) {
                Some(asked) => asked.by.push(by.clone()),
                None => {
                    asked.push(Asked { name, field: kind.fields.get(name), by: vec![by.clone()] });
                }
            }
        }
    }
    for (name, field) in &kind.fields {
        if !asked.iter().any(|asked| asked.name == name) {
            asked.push(Asked { name, field: Some(field), by: Vec::new() });
        }
    }
    asked
}

/// What the agreement says of the contents of a kind, rule by rule.
pub(super) fn rules<'v>(version: &'v Version, kind: &Kind) -> impl Iterator<Item = &'v Content> {
    version.contents.iter().filter(move |content| content.of.contains(&kind.id))
}

fn when(version: &Version, condition: &Condition, language: Language) -> String {
    if condition == &Condition::Always {
        return String::new();
    }
    format!("{} {}", say(language, "når", "når", "when"), words::condition(version, condition, language))
}

fn unique<'k>(kinds: impl Iterator<Item = &'k KindId>) -> Vec<KindId> {
    let mut seen = BTreeSet::new();
    kinds.filter(|kind| seen.insert(*kind)).cloned().collect()
}
