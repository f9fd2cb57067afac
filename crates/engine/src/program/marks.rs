//! What each entry is worth, in numbers: void, a repetition, moved by a window; and what its contents lack.

use samspill_agreement::model::{Amount, RequirementEffect, WindowEffect};
use samspill_base::columns::{NO_TIME, instant, nanos};

use super::{
    case::{Case, Found, NONE, PhaseRun, Standing},
    code::{ContentCode, Kinds, RequirementCode, RuleCode, WindowCode},
    cond::{Verdict, View},
    source::Source,
};
use crate::FindingEffect;

/// What the rules say about one entry.
#[derive(Clone, Copy)]
struct Outcome {
    void: bool,
    given: i64,
}

impl<S: Source> Case<'_, S> {
    /// Goes through the entries in the order of time and marks each.
    pub(crate) fn mark(&mut self) {
        for place in 0..self.memory.seen.len() {
            let version = self.memory.seen[place].version;
            if version != NONE {
                self.mark_one(usize::from(version), place);
            }
        }
    }

    fn mark_one(&mut self, version: usize, place: usize) {
        let bit = self.memory.seen[place].bit;
        if self.code.without_findings && self.version(version).marked & bit == 0 {
            return;
        }
        if self.repeats(version, bit) {
            self.memory.seen[place].standing = Standing::Repeats;
            return;
        }
        self.find_misfits(version, place);
        if self.version(version).marked & bit != 0 {
            let outcome = self.look_at_rules(version, place);
            let seen = &mut self.memory.seen[place];
            if outcome.void {
                seen.standing = Standing::Void;
            }
            seen.given = outcome.given;
            self.change_phases(version, place);
        }
    }

    fn repeats(&self, version: usize, bit: Kinds) -> bool {
        let phases = &self.code.versions[version].phases;
        phases.iter().any(|phase| phase.ignored & bit != 0 && self.is_running(phase.id))
    }

    fn is_running(&self, phase: u16) -> bool {
        let last = self.memory.phases.iter().rfind(|run| run.phase == phase);
        last.is_some_and(|run| run.until == i64::MAX)
    }

    fn find_misfits(&mut self, version: usize, place: usize) {
        let seen = self.memory.seen[place];
        if !self.code.without_findings && self.source.misfits(seen.entry as usize, version, seen.kind) {
            let kind = self.kind(seen.kind);
            let rule = RuleCode { rule: kind.rule, rank: kind.rank, source: u32::MAX };
            self.find(place, rule, FindingEffect::Undecided, 0);
        }
    }

    fn look_at_rules(&mut self, version: usize, place: usize) -> Outcome {
        let code = self.code;
        let rules = &code.versions[version];
        let seen = self.memory.seen[place];
        let view = View::of_entry(version, place, &seen);
        let mut outcome = Outcome { void: false, given: NO_TIME };
        for rule in rules.requirements.iter().filter(|rule| rule.of & seen.bit != 0) {
            outcome.void |= self.require(&view, place, rule);
        }
        if outcome.void {
            return outcome;
        }
        for rule in rules.windows.iter().filter(|rule| rule.of & seen.bit != 0) {
            outcome.given = self.check_window(&view, place, rule, outcome.given);
        }
        if self.source.has_body(seen.entry as usize) {
            for rule in rules.contents.iter().filter(|rule| rule.of & seen.bit != 0) {
                self.check_content(&view, place, rule);
            }
        }
        outcome
    }

    fn change_phases(&mut self, version: usize, place: usize) {
        let seen = self.memory.seen[place];
        if !seen.counts() {
            return;
        }
        let code = self.code;
        let phases = &code.versions[version].phases;
        for phase in phases.iter().filter(|phase| phase.until & seen.bit != 0) {
            if let Some(run) = self.memory.phases.iter_mut().rfind(|run| run.phase == phase.id) {
                run.until = run.until.min(seen.happened);
            }
        }
        for phase in phases.iter().filter(|phase| phase.from & seen.bit != 0) {
            if !self.is_running(phase.id) {
                self.memory.phases.push(PhaseRun { phase: phase.id, from: seen.happened, until: i64::MAX });
            }
        }
    }

    /// Adds a finding about an entry.
    pub(crate) fn find(&mut self, place: usize, rule: RuleCode, effect: FindingEffect, missing: u64) {
        if self.code.without_findings {
            return;
        }
        let seen = &self.memory.seen[place];
        let found = Found {
            at: seen.happened,
            position: seen.position,
            rank: rule.rank,
            effect,
            rule: rule.rule,
            source: rule.source,
            missing,
        };
        self.memory.found.push(found);
    }

    /// Whether the condition of a rule about an entry holds; where it can't be decided, that is a finding.
    fn applies(&mut self, view: &View<'_>, place: usize, rule: RuleCode, verdict: Verdict) -> bool {
        debug_assert_eq!(view.entry, Some(place), "a rule about an entry is read at that entry");
        match verdict {
            Verdict::Yes => true,
            Verdict::No => false,
            Verdict::Undecided(missing) => {
                self.find(place, rule, FindingEffect::Undecided, missing);
                false
            }
        }
    }

    /// Whether the requirement makes the entry void.
    fn require(&mut self, view: &View<'_>, place: usize, rule: &RequirementCode) -> bool {
        let verdict = self.read(view, &rule.when);
        if !self.applies(view, place, rule.rule, verdict) {
            return false;
        }
        let effect = match rule.effect {
            RequirementEffect::Void => FindingEffect::Void,
            RequirementEffect::Warn => FindingEffect::Warn,
        };
        let broken = rule.needs.iter().any(|kind| !self.is_there(view, rule, *kind)) || {
            match self.read(view, &rule.that) {
                Verdict::Yes => false,
                Verdict::No => true,
                Verdict::Undecided(missing) => {
                    self.find(place, rule.rule, FindingEffect::Undecided, missing);
                    false
                }
            }
        };
        if broken {
            self.find(place, rule.rule, effect, 0);
        }
        broken && effect == FindingEffect::Void
    }

    /// Whether the needed kind is there, early enough and fresh enough where the rule says so.
    fn is_there(&self, view: &View<'_>, rule: &RequirementCode, kind: Kinds) -> bool {
        let seen = &self.memory.seen;
        let latest_at = match rule.ahead {
            None => Some(view.at),
            Some(amount) => self.before(view.version, view.at, amount),
        };
        let Some(latest_at) = latest_at else { return false };
        // `since` names several kinds, each bounding by its latest that was given.
        let given = |place: &usize| seen[*place].happened <= view.at && seen[*place].was_given();
        let bound = self.of_kinds(rule.since).rfind(given).map_or(NO_TIME, |place| seen[place].happened);
        let Some(needed) = self.latest(latest_at, kind, 0) else { return false };
        let needed = seen[needed].happened;
        let fresh = rule.within.is_none_or(|amount| {
            let version = &self.version(view.version).version;
            crate::limit::after(version, instant(needed), amount).is_ok_and(|last| view.at <= nanos(last))
        });
        needed >= bound && fresh
    }

    fn before(&self, version: usize, at: i64, amount: Amount) -> Option<i64> {
        crate::marks::before(&self.version(version).version, instant(at), amount).map(nanos)
    }

    /// When the entry counts as given, by a window; `given` so far.
    fn check_window(&mut self, view: &View<'_>, place: usize, rule: &WindowCode, given: i64) -> i64 {
        let verdict = self.read(view, &rule.when);
        if !self.applies(view, place, rule.rule, verdict) {
            return given;
        }
        let at = instant(self.time(place, rule.counts));
        let Some(window) = self.open_hours(view, rule.hours) else { return given };
        if window.is_open(at).unwrap_or(true) {
            return given;
        }
        let opening = window.opening_at_or_after(at).ok().map_or(NO_TIME, nanos);
        match rule.effect {
            WindowEffect::Warn => {
                self.find(place, rule.rule, FindingEffect::Warn, 0);
                given
            }
            WindowEffect::CountsFromNextOpening => {
                self.find(place, rule.rule, FindingEffect::CountsFromNextOpening, 0);
                given.max(opening)
            }
        }
    }

    fn check_content(&mut self, view: &View<'_>, place: usize, rule: &ContentCode) {
        let verdict = self.read(view, &rule.when);
        if !self.applies(view, place, rule.rule, verdict) {
            return;
        }
        if rule.needs.iter().any(|atom| !self.has_atom(view, *atom)) {
            return self.find(place, rule.rule, FindingEffect::Warn, 0);
        }
        match self.read(view, &rule.that) {
            Verdict::Yes => {}
            Verdict::No => self.find(place, rule.rule, FindingEffect::Warn, 0),
            Verdict::Undecided(missing) => self.find(place, rule.rule, FindingEffect::Undecided, missing),
        }
    }
}
