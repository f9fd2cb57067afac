use super::{Lines, RuleView, ids};
use crate::{
    compare::RuleSort,
    model::{
        Content, KindId, Language, MessageWindow, Requirement, RequirementEffect, Text, Version, WindowEffect,
    },
    words::{self, Label, say},
};

pub(super) fn window(version: &Version, window: &MessageWindow, language: Language) -> RuleView {
    let mut lines = Lines::new(version, language);
    lines.add(Label::Of, words::all_kinds(version, &window.of, language));
    lines.condition(Label::When, &window.when);
    lines.add(Label::Hours, super::other::hours_in_words(version, &window.hours, language));
    lines.add(Label::CountsFrom, words::clock(window.counts, language));
    lines.add(Label::Effect, window_effect(window.effect, language));
    lines.add(Label::Severity, words::severity(window.severity, language));
    rule(RuleSort::Window, &window.id, &window.clause, &window.says, lines, &window.of, "", &window.readings)
}

fn window_effect(effect: WindowEffect, language: Language) -> &'static str {
    match effect {
        WindowEffect::Warn => say(
            language,
            "meldingen gjelder, og blir et funn",
            "meldinga gjeld, og blir eit funn",
            "the message stands, and is a finding",
        ),
        WindowEffect::CountsFromNextOpening => say(
            language,
            "meldingen regnes som gitt når det neste gang er åpent",
            "meldinga blir rekna som gitt når det neste gong er ope",
            "the message counts as given at the next opening",
        ),
    }
}

pub(super) fn requirement(version: &Version, requirement: &Requirement, language: Language) -> RuleView {
    let mut lines = Lines::new(version, language);
    lines.add(Label::Of, words::all_kinds(version, &requirement.of, language));
    lines.condition(Label::When, &requirement.when);
    lines.add(Label::Needs, needs(version, requirement, language));
    lines.condition(Label::That, &requirement.that);
    lines.add(Label::Effect, requirement_effect(requirement.effect, language));
    lines.add(Label::Severity, words::severity(requirement.severity, language));
    let needed = ids(requirement.needs.iter().map(KindId::as_str));
    rule(
        RuleSort::Requirement,
        &requirement.id,
        &requirement.clause,
        &requirement.says,
        lines,
        &requirement.of,
        &needed,
        &requirement.readings,
    )
}

fn needs(version: &Version, requirement: &Requirement, language: Language) -> String {
    if requirement.needs.is_empty() {
        return String::new();
    }
    let mut text = words::all_kinds(version, &requirement.needs, language);
    if !requirement.since.is_empty() {
        let since = say(language, "etter siste", "etter siste", "since the last");
        text = format!("{text} {since} {}", words::all_kinds(version, &requirement.since, language));
    }
    if let Some(ahead) = requirement.ahead {
        let before = say(language, "minst {} før", "minst {} før", "at least {} before");
        text = format!("{text}, {}", before.replace("{}", &words::amount(ahead, language)));
    }
    if let Some(within) = requirement.within {
        let before = say(language, "høyst {} før", "høgst {} før", "at most {} before");
        text = format!("{text}, {}", before.replace("{}", &words::amount(within, language)));
    }
    text
}

fn requirement_effect(effect: RequirementEffect, language: Language) -> &'static str {
    match effect {
        RequirementEffect::Void => say(
            language,
            "ellers er meldingen ugyldig og starter ingenting",
            "elles er meldinga ugyldig og startar ingenting",
            "otherwise the message is void and starts nothing",
        ),
        RequirementEffect::Warn => say(
            language,
            "ellers gjelder meldingen, og blir et funn",
            "elles gjeld meldinga, og blir eit funn",
            "otherwise the message stands, and is a finding",
        ),
    }
}

pub(super) fn content(version: &Version, content: &Content, language: Language) -> RuleView {
    let mut lines = Lines::new(version, language);
    lines.add(Label::Of, words::all_kinds(version, &content.of, language));
    lines.condition(Label::When, &content.when);
    let fields: Vec<String> =
        content.needs.iter().map(|field| field_name(version, &content.of, field, language)).collect();
    lines.add(Label::Holds, words::joined(&fields, say(language, "og", "og", "and")));
    lines.condition(Label::That, &content.that);
    lines.add(Label::Severity, words::severity(content.severity, language));
    rule(RuleSort::Content, &content.id, &content.clause, &content.says, lines, &content.of, "", &[])
}

fn field_name(version: &Version, kinds: &[KindId], field: &str, language: Language) -> String {
    let declared =
        kinds.iter().filter_map(|kind| version.kinds.get(kind)).find_map(|kind| kind.fields.get(field));
    words::small(declared.map_or(field, |field| field.name.in_language(language)))
}

#[expect(clippy::too_many_arguments, reason = "the parts that three sorts of rule share, called three times")]
fn rule(
    sort: RuleSort,
    id: &str,
    clause: &samspill_base::ClauseRef,
    says: &Text,
    lines: Lines<'_>,
    of: &[KindId],
    needed: &str,
    readings: &[String],
) -> RuleView {
    RuleView {
        sort,
        id: id.to_owned(),
        title: id.to_owned(),
        clause: clause.to_string(),
        says: says.in_language(lines.language).to_owned(),
        about: format!("{} {needed}", ids(of.iter().map(KindId::as_str))),
        readings: super::readings(lines.version, readings, lines.language),
        lines: lines.found,
    }
}
