//! Circles of rules that wait for each other: one kind must come before another, and that one before the first.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Rules, Spotted,
    satisfy::{Answer, can_all_hold},
};
use crate::{
    diagnostic::{Code, Report},
    model::{Condition, DeadlineRule, Duty, Fact, FactName, KindId, Requirement, RequirementEffect},
    source::Spot,
};

/// `earlier` must come before `later`, where the condition holds.
#[derive(Debug)]
struct Link<'r> {
    earlier: &'r KindId,
    later: &'r KindId,
    when: &'r Condition,
    rule: &'r str,
    spot: Spot,
}

/// Circles longer than this are not looked for.
const LINKS_MAX: usize = 12;

pub(super) fn check_cycles(rules: &Rules, facts: &BTreeMap<FactName, Fact>, report: &mut Report) {
    let links: Vec<Link<'_>> = rules
        .requirements
        .iter()
        .flat_map(requirement_links)
        .chain(rules.duties.iter().filter_map(duty_link))
        .collect();
    let mut reported: BTreeSet<&KindId> = BTreeSet::new();
    for link in &links {
        if reported.contains(link.earlier) {
            continue;
        }
        let Some(circle) = circle_through(link, &links) else { continue };
        let conditions: Vec<&Condition> = circle.iter().map(|link| link.when).collect();
        if can_all_hold(&conditions, facts) == Answer::No {
            continue;
        }
        reported.extend(circle.iter().map(|link| link.earlier));
        report_circle(&circle, report);
    }
}

fn requirement_links(requirement: &Spotted<Requirement>) -> Vec<Link<'_>> {
    let Spotted { item, spot } = requirement;
    if item.effect != RequirementEffect::Void {
        return Vec::new();
    }
    let pairs = item.of.iter().flat_map(|later| item.needs.iter().map(move |earlier| (earlier, later)));
    pairs
        .map(|(earlier, later)| Link { earlier, later, when: &item.when, rule: &item.id, spot: *spot })
        .collect()
}

/// A duty to send one kind before another.
fn duty_link(duty: &Spotted<Duty>) -> Option<Link<'_>> {
    let Spotted { item, spot } = duty;
    let DeadlineRule::BeforeKind(_, later) = &item.deadline.rule else { return None };
    let [earlier] = item.must.as_slice() else { return None };
    Some(Link { earlier, later, when: &item.when, rule: &item.id, spot: *spot })
}

/// The shortest circle that begins with this link.
fn circle_through<'l, 'r>(first: &'l Link<'r>, links: &'l [Link<'r>]) -> Option<Vec<&'l Link<'r>>> {
    let mut paths: Vec<Vec<&Link<'r>>> = vec![vec![first]];
    let mut seen: BTreeSet<&KindId> = BTreeSet::new();
    for _ in 0..LINKS_MAX {
        let mut longer = Vec::new();
        for path in paths {
            let end = path.last().map_or(first.later, |link| link.later);
            if end == first.earlier {
                return Some(path);
            }
            if seen.insert(end) {
                let steps = links.iter().filter(|link| link.earlier == end);
                longer.extend(steps.map(|link| path.iter().copied().chain([link]).collect::<Vec<_>>()));
            }
        }
        paths = longer;
    }
    None
}

fn report_circle(circle: &[&Link<'_>], report: &mut Report) {
    let Some(first) = circle.first() else { return };
    let mut order: Vec<&str> = circle.iter().map(|link| link.earlier.as_str()).collect();
    order.push(first.earlier);
    let message = format!("these wait for each other in a circle: {}", order.join(" before "));
    let mut reported = report.error(Code::Cycle, first.spot, message).help(Code::Cycle.mend());
    for link in &circle[1..] {
        reported =
            reported.related(link.spot, format!("\"{}\": {} before {}", link.rule, link.earlier, link.later));
    }
}
