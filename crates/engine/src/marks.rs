//! What each entry is worth: void, a repetition, moved by a window; and what its contents lack.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use samspill_agreement::model::{
    Amount, Content, FactName, FactType, KindId, MessageWindow, Requirement, RequirementEffect, Restart,
    RuleId, Severity, Unit, Version, WindowEffect,
};
use samspill_base::{ClauseRef, Position, Value, calendar::Window};

use crate::{
    Finding, FindingEffect, Missing, SetAside, SetAsideWhy,
    case::{Case, Seen, Standing},
    condition::{Verdict, View},
    facts::{as_type, fits},
    limit,
    phase::Phases,
};

/// Goes through the entries in the order of time and marks each; the phases come out.
pub(crate) fn mark(case: &mut Case<'_>) -> Phases {
    let mut phases = Phases::default();
    for place in 0..case.seen.len() {
        let Some(version) = case.seen[place].version else { continue };
        if repeats(case, version, place, &phases) {
            let seen = &mut case.seen[place];
            seen.standing = Standing::Repeats;
            let (position, kind) = (seen.entry.position, seen.entry.kind.clone());
            case.set_aside.push(SetAside { position, kind, why: SetAsideWhy::Repeats });
        } else {
            let found = look_at(case, version, place, &phases);
            apply(case, place, found);
            end_phases(case, version, place, &mut phases);
            begin_phases(case, version, place, &mut phases);
        }
    }
    phases
}

/// What the rules say about one entry.
#[derive(Default)]
struct Found<'a> {
    findings: Vec<Finding>,
    void: bool,
    given: Option<Timestamp>,
    moved_by: Option<&'a MessageWindow>,
}

fn look_at<'a>(case: &Case<'a>, version: &'a Version, place: usize, phases: &Phases) -> Found<'a> {
    let seen = &case.seen[place];
    let mut found = Found::default();
    let view = View::of_entry(case, phases, version, seen);
    found.findings.extend(misfits(&view, seen));
    for rule in version.requirements.iter().filter(|rule| rule.of.contains(&seen.kind.id)) {
        require(&view, seen, rule, &mut found);
    }
    if found.void {
        return found;
    }
    for rule in version.windows.iter().filter(|rule| rule.of.contains(&seen.kind.id)) {
        check_window(&view, seen, rule, &mut found);
    }
    for rule in version.contents.iter().filter(|rule| rule.of.contains(&seen.kind.id)) {
        check_content(&view, seen, rule, &mut found);
    }
    found
}

fn apply<'a>(case: &mut Case<'a>, place: usize, found: Found<'a>) {
    let seen = &mut case.seen[place];
    if found.void {
        seen.standing = Standing::Void;
    }
    seen.given = found.given;
    seen.moved_by = found.moved_by;
    case.findings.extend(found.findings);
}

fn repeats(case: &Case<'_>, version: &Version, place: usize, phases: &Phases) -> bool {
    let kind = &case.seen[place].kind.id;
    version
        .phases
        .iter()
        .filter(|phase| {
            phase.restart == Restart::Ignored && phase.from.contains(kind) && !phase.until.contains(kind)
        })
        .any(|phase| phases.is_running(&phase.id))
}

fn end_phases(case: &Case<'_>, version: &Version, place: usize, phases: &mut Phases) {
    let seen = &case.seen[place];
    for phase in version.phases.iter().filter(|phase| seen.counts() && phase.until.contains(&seen.kind.id)) {
        phases.end(&phase.id, seen);
    }
}

fn begin_phases(case: &Case<'_>, version: &Version, place: usize, phases: &mut Phases) {
    let seen = &case.seen[place];
    for phase in version.phases.iter().filter(|phase| phase.from.contains(&seen.kind.id)) {
        if seen.counts() && !phases.is_running(&phase.id) {
            phases.begin(&phase.id, seen);
        }
    }
}

/// Facts and fields of the entry that aren't of their type: nothing is decided by them.
fn misfits(view: &View<'_, '_>, seen: &Seen<'_>) -> Option<Finding> {
    let of_type = |value: &Value, to: &FactType| value.is_blank() || fits(&as_type(value, to), to);
    let facts = seen.entry.facts.iter().filter(|(name, value)| {
        view.version.facts.get(name.as_str()).is_some_and(|fact| !of_type(value, &fact.fact_type))
    });
    let fields = seen.entry.body.iter().flatten().filter(|(name, value)| {
        seen.kind.fields.get(name.as_str()).is_some_and(|field| !of_type(value, &field.field_type))
    });
    let wrong: Vec<(String, String)> =
        facts.chain(fields).map(|(name, value)| (name.clone(), value.to_string())).collect();
    let about = About::of(view, seen, &seen.kind.id, &ClauseRef::default(), Severity::Deviation);
    (!wrong.is_empty()).then(|| about.finding(FindingEffect::Undecided, Missing::Misfits(wrong)))
}

fn require(view: &View<'_, '_>, seen: &Seen<'_>, rule: &Requirement, found: &mut Found<'_>) {
    let about = About::of(view, seen, &rule.id, &rule.clause, rule.severity);
    match view.read(&rule.when) {
        Verdict::No => return,
        Verdict::Undecided(facts) => return found.findings.push(about.undecided(facts)),
        Verdict::Yes => {}
    }
    let missing: Vec<KindId> =
        rule.needs.iter().filter(|kind| !is_there(view, seen, rule, kind)).cloned().collect();
    let effect = match rule.effect {
        RequirementEffect::Void => FindingEffect::Void,
        RequirementEffect::Warn => FindingEffect::Warn,
    };
    if !missing.is_empty() {
        found.void |= effect == FindingEffect::Void;
        // Where something of every kind is there, it is the time that is wrong.
        let is_there = |kind: &KindId| view.latest(kind, &rule.since).is_some();
        let what =
            if missing.iter().all(is_there) { Missing::OutOfTime(missing) } else { Missing::Kinds(missing) };
        return found.findings.push(about.finding(effect, what));
    }
    match view.read(&rule.that) {
        Verdict::Yes => {}
        Verdict::Undecided(facts) => found.findings.push(about.undecided(facts)),
        Verdict::No => {
            found.void |= effect == FindingEffect::Void;
            found.findings.push(about.finding(effect, Missing::NotSo));
        }
    }
}

/// Whether the needed kind is there, early enough where the rule says how long before.
fn is_there(view: &View<'_, '_>, seen: &Seen<'_>, rule: &Requirement, kind: &KindId) -> bool {
    let latest_at = match rule.ahead {
        None => Some(seen.happened()),
        Some(amount) => before(view.version, seen.happened(), amount),
    };
    // The bound of `since` is read at the entry; what is needed must lie between it and the latest instant.
    let Some(latest_at) = latest_at else { return false };
    let bound = rule.since.iter().filter_map(|kind| view.latest(kind, &[])).map(Seen::happened).max();
    let is_fresh = |needed: &Seen<'_>| match rule.within {
        None => true,
        Some(amount) => {
            limit::after(view.version, needed.happened(), amount).is_ok_and(|last| seen.happened() <= last)
        }
    };
    view.at(latest_at)
        .latest(kind, &[])
        .is_some_and(|needed| bound.is_none_or(|bound| needed.happened() >= bound) && is_fresh(needed))
}

pub(crate) fn before(version: &Version, at: Timestamp, amount: Amount) -> Option<Timestamp> {
    match amount.unit {
        Unit::Minute => at.checked_sub(SignedDuration::from_mins(i64::from(amount.count))).ok(),
        Unit::Hour => at.checked_sub(SignedDuration::from_hours(i64::from(amount.count))).ok(),
        Unit::Day | Unit::WorkingDay | Unit::Week | Unit::Month | Unit::Year => {
            limit::days_before(version, at, amount).ok()
        }
    }
}

fn check_window<'a>(view: &View<'_, 'a>, seen: &Seen<'a>, rule: &'a MessageWindow, found: &mut Found<'a>) {
    let about = About::of(view, seen, &rule.id, &rule.clause, rule.severity);
    match view.read(&rule.when) {
        Verdict::No => return,
        Verdict::Undecided(facts) => return found.findings.push(about.undecided(facts)),
        Verdict::Yes => {}
    }
    let at = seen.entry.time(rule.counts);
    let Some(window) = open_hours(view, &rule.hours) else { return };
    if window.is_open(at).unwrap_or(true) {
        return;
    }
    let opening = window.opening_at_or_after(at).ok();
    let effect = match rule.effect {
        WindowEffect::Warn => FindingEffect::Warn,
        WindowEffect::CountsFromNextOpening => {
            if opening > found.given {
                found.given = opening;
                found.moved_by = Some(rule);
            }
            FindingEffect::CountsFromNextOpening
        }
    };
    found.findings.push(about.finding(effect, Missing::OutsideHours(opening)));
}

/// The open hours as they are for this case: the rows whose condition holds here.
pub(crate) fn open_hours<'a>(view: &View<'_, 'a>, hours: &str) -> Option<&'a Window> {
    let version = view.version;
    version.hours.get(hours)?.window(&version.calendar.days, |when| view.read(when).is_yes()).ok()
}

fn check_content(view: &View<'_, '_>, seen: &Seen<'_>, rule: &Content, found: &mut Found<'_>) {
    // A log that keeps no contents can't tell what they lacked.
    let Some(body) = &seen.entry.body else { return };
    let about = About::of(view, seen, &rule.id, &rule.clause, rule.severity);
    match view.read(&rule.when) {
        Verdict::No => return,
        Verdict::Undecided(facts) => return found.findings.push(about.undecided(facts)),
        Verdict::Yes => {}
    }
    let says_nothing = |field: &&String| body.get(*field).is_none_or(Value::is_blank);
    let missing: Vec<String> = rule.needs.iter().filter(says_nothing).cloned().collect();
    if !missing.is_empty() {
        return found.findings.push(about.finding(FindingEffect::Warn, Missing::Fields(missing)));
    }
    match view.read(&rule.that) {
        Verdict::Yes => {}
        Verdict::Undecided(facts) => found.findings.push(about.undecided(facts)),
        Verdict::No => found.findings.push(about.finding(FindingEffect::Warn, Missing::NotSo)),
    }
}

/// What a finding is about.
pub(crate) struct About {
    rule: RuleId,
    clause: ClauseRef,
    version: String,
    severity: Severity,
    entry: crate::EntryRef,
    used: Vec<Position>,
}

impl About {
    pub(crate) fn of(
        view: &View<'_, '_>,
        seen: &Seen<'_>,
        rule: &str,
        clause: &ClauseRef,
        severity: Severity,
    ) -> Self {
        Self {
            rule: rule.into(),
            clause: clause.clone(),
            version: view.version.version.clone(),
            severity,
            entry: seen.reference(seen.happened()),
            used: vec![seen.entry.position],
        }
    }

    pub(crate) fn finding(&self, effect: FindingEffect, missing: Missing) -> Finding {
        Finding {
            rule: self.rule.clone(),
            clause: self.clause.clone(),
            version: self.version.clone(),
            effect,
            severity: self.severity,
            entry: Some(self.entry.clone()),
            at: self.entry.at,
            missing,
            used: self.used.clone(),
        }
    }

    pub(crate) fn undecided(&self, facts: BTreeSet<FactName>) -> Finding {
        self.finding(FindingEffect::Undecided, Missing::Facts(facts.into_iter().collect()))
    }
}
