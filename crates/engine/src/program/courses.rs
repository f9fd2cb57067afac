//! Courses: the kinds of a case's entries, in order. Cases are many, courses few.
//!
//! What plain rules ask of a case is settled by its course, but for comparisons of days: was this entry past the limit
//! that that one set? So each course is worked out once, into a short list of such comparisons, and cases walk from
//! course to course, an entry at a time, by a table.

use std::{ops::Range, sync::Arc};

use samspill_agreement::model::{MayPrecede, Which};

use super::{
    code::Kinds,
    flat::{Flat, FlatDue, FlatDuty, FlatRequirement},
    lower::status_bit,
};
use crate::DutyStatus;

/// Entries of a course at the most: a bit for each.
pub(crate) const ENTRIES_MAX: usize = 64;

/// In place of an entry: the instant as of which the case is read.
pub(crate) const AS_OF: u8 = 64;

/// Places in the table at the most: 16 MB of it. Cases whose courses find no room are read the general way.
const TABLE_MAX: usize = 4 << 20;

/// A comparison that a course leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Check {
    /// The byte that it adds to.
    pub byte: u8,
    /// The entry that sets the limit.
    pub trigger: u8,
    /// What is compared with it: an entry, or [`AS_OF`].
    pub other: u8,
    /// What is added where that is past the limit, and where it isn't.
    pub past: u8,
    pub not: u8,
    pub due: CheckDue,
}

/// The limit of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CheckDue {
    /// So many days later.
    Plus(u32),
    /// By the table with this number.
    Table(u8),
}

/// All courses met so far.
///
/// A course is named by the place in the table where its row begins: a next course for each step, and at the end its
/// outcome. 0 stands for what hasn't been met: no course goes on to the beginning, and outcomes are counted from 1.
#[derive(Clone, Debug)]
pub(crate) struct Courses {
    flat: Arc<Flat>,
    table: Vec<u32>,
    /// By number of the row.
    nodes: Vec<Node>,
    outcomes: Vec<Outcome>,
    templates: Vec<u8>,
    checks: Vec<Check>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    /// The course without its last entry.
    before: u32,
    last: Step,
}

#[derive(Clone, Debug)]
struct Outcome {
    template: usize,
    checks: Range<usize>,
}

/// An entry of a course: twice the bit of its kind, and one more where it happened at the instant of the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Step(u8);

impl Step {
    #[inline]
    pub(crate) fn new(bit: u8, is_same_instant: bool) -> Self {
        Self(bit << 1 | u8::from(is_same_instant))
    }

    fn bit(self) -> usize {
        usize::from(self.0 >> 1)
    }

    fn is_same_instant(self) -> bool {
        self.0 & 1 == 1
    }
}

/// The course without entries.
pub(crate) const BEGINNING: u32 = 0;

impl Courses {
    pub(crate) fn new(flat: Arc<Flat>) -> Self {
        let mut courses = Self {
            flat,
            table: Vec::new(),
            nodes: Vec::new(),
            outcomes: Vec::new(),
            templates: Vec::new(),
            checks: Vec::new(),
        };
        courses.add(BEGINNING, Step::default());
        courses
    }

    /// Whether these are courses of these rules.
    pub(crate) fn are_of(&self, flat: &Arc<Flat>) -> bool {
        Arc::ptr_eq(&self.flat, flat)
    }

    /// Places in a row: one for each step, and one for the outcome.
    fn row(&self) -> usize {
        2 * self.flat.named_kinds + 1
    }

    /// The course one entry on; `None` where there is no room for more.
    #[inline]
    pub(crate) fn next(&mut self, course: u32, step: Step) -> Option<u32> {
        let place = course as usize + usize::from(step.0);
        let next = self.table[place];
        if next == 0 { self.grow(course, step, place) } else { Some(next) }
    }

    #[cold]
    fn grow(&mut self, course: u32, step: Step, place: usize) -> Option<u32> {
        if self.table.len() + self.row() > TABLE_MAX {
            return None;
        }
        let next = self.add(course, step);
        self.table[place] = next;
        Some(next)
    }

    fn add(&mut self, before: u32, last: Step) -> u32 {
        let course = u32::try_from(self.table.len()).unwrap_or(u32::MAX);
        self.nodes.push(Node { before, last });
        self.table.resize(self.table.len() + self.row(), 0);
        course
    }

    /// What a course comes to: a byte for each rule, and the comparisons that add to them.
    #[inline]
    pub(crate) fn outcome(&mut self, course: u32) -> (&[u8], &[Check]) {
        let place = course as usize + self.row() - 1;
        let known = self.table[place];
        let number = if known == 0 { self.work_out(course, place) } else { known };
        let outcome = &self.outcomes[number as usize - 1];
        let width = self.flat.duties.len() + self.flat.requirements.len();
        let template = &self.templates[outcome.template..outcome.template + width];
        (template, &self.checks[outcome.checks.start..outcome.checks.end])
    }

    #[cold]
    fn work_out(&mut self, course: u32, place: usize) -> u32 {
        let entries = Entries::of(&self.steps_to(course));
        let flat = self.flat.clone();
        let (template, first) = (self.templates.len(), self.checks.len());
        for (byte, duty) in (0..).zip(&flat.duties) {
            let constant = entries.duty(byte, duty, &mut self.checks);
            self.templates.push(constant);
        }
        for (byte, rule) in (flat.duties.len()..).zip(&flat.requirements) {
            let byte = u8::try_from(byte).unwrap_or(u8::MAX);
            let constant = entries.requirement(byte, rule, &mut self.checks);
            self.templates.push(constant);
        }
        let checks = first..self.checks.len();
        self.outcomes.push(Outcome { template, checks });
        self.table[place] = u32::try_from(self.outcomes.len()).unwrap_or(u32::MAX);
        self.table[place]
    }

    /// The entries of a course, from the first.
    fn steps_to(&self, course: u32) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut here = course;
        while here != BEGINNING {
            let node = self.nodes[here as usize / self.row()];
            steps.push(node.last);
            here = node.before;
        }
        steps.reverse();
        steps
    }
}

/// The entries of a course as masks: a bit for each entry.
struct Entries {
    /// By bit of a kind, which entries are of it.
    masks: [u64; 64],
    /// The first entry that happened at the same instant.
    same_from: [u8; ENTRIES_MAX],
}

impl Entries {
    fn of(steps: &[Step]) -> Self {
        let mut entries = Self { masks: [0; 64], same_from: [0; ENTRIES_MAX] };
        for (place, step) in steps.iter().enumerate() {
            entries.masks[step.bit()] |= 1 << place;
            let own = u8::try_from(place).unwrap_or(u8::MAX);
            entries.same_from[place] =
                if step.is_same_instant() { entries.same_from[place - 1] } else { own };
        }
        entries
    }

    /// The entries of any of these kinds.
    fn of_kinds(&self, kinds: Kinds) -> u64 {
        ones(kinds).fold(0, |mask, kind| mask | self.masks[kind])
    }

    /// The statuses that are settled; the others become comparisons.
    fn duty(&self, byte: u8, duty: &FlatDuty, checks: &mut Vec<Check>) -> u8 {
        let all = self.of_kinds(duty.after);
        let triggers = match duty.which {
            Which::Every | Which::Preferred => all,
            Which::First => all & all.wrapping_neg(),
            Which::Latest => all & (1_u64 << 63).wrapping_shr(all.leading_zeros()),
        };
        let mut settled = 0;
        for trigger in ones(triggers) {
            let (other, past, not) = self.ends(duty, trigger);
            let due = match duty.due {
                FlatDue::Plus(days) => CheckDue::Plus(days),
                FlatDue::ByDay(table) => CheckDue::Table(table),
                FlatDue::AtOnce => {
                    // Closed and undone, a duty that had no time in hand was missed.
                    settled |= status_bit(if not == DutyStatus::Waived { DutyStatus::Missed } else { not });
                    continue;
                }
            };
            let trigger = u8::try_from(trigger).unwrap_or(u8::MAX);
            checks.push(Check { byte, trigger, other, past: status_bit(past), not: status_bit(not), due });
        }
        settled
    }

    /// What decides how an instance went, and how it went where that is past the limit and where it isn't.
    fn ends(&self, duty: &FlatDuty, trigger: usize) -> (u8, DutyStatus, DutyStatus) {
        let from = match duty.may_precede {
            MayPrecede::Yes => u64::MAX,
            // What happened at the same instant counts, whatever the order of the log.
            MayPrecede::No => u64::MAX << self.same_from[trigger],
        };
        let fulfilling = self.of_kinds(duty.must) & from & !(1 << trigger);
        let closing = self.of_kinds(duty.waived_by) & (u64::MAX << trigger << 1);
        let place = |mask: u64| u8::try_from(mask.trailing_zeros()).unwrap_or(AS_OF);
        if fulfilling.trailing_zeros() < closing.trailing_zeros() {
            (place(fulfilling), DutyStatus::Late, DutyStatus::Kept)
        } else if closing != 0 {
            (place(closing), DutyStatus::Missed, DutyStatus::Waived)
        } else {
            (AS_OF, DutyStatus::Missed, DutyStatus::Open)
        }
    }

    /// Whether a requirement is surely broken; where days decide, that becomes comparisons.
    fn requirement(&self, byte: u8, rule: &FlatRequirement, checks: &mut Vec<Check>) -> u8 {
        let mut broken = 0;
        for entry in ones(self.of_kinds(rule.of)) {
            for kinds in &rule.needs {
                let needed = self.of_kinds(*kinds);
                let first = needed.trailing_zeros() as usize;
                if needed == 0 {
                    broken = 1;
                } else if rule.ahead == 0 {
                    broken |= u8::from(usize::from(self.same_from[first]) > entry);
                } else {
                    // Early enough is: the entry's day is past the day before the one so many days after the first.
                    let place = |place: usize| u8::try_from(place).unwrap_or(u8::MAX);
                    let (trigger, other) = (place(first), place(entry));
                    let due = CheckDue::Plus(rule.ahead - 1);
                    checks.push(Check { byte, trigger, other, past: 0, not: 1, due });
                }
            }
        }
        broken
    }
}

/// The places of the ones of a mask, from the lowest.
fn ones(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = mask.trailing_zeros() as usize;
        mask &= mask.wrapping_sub(1);
        (place < 64).then_some(place)
    })
}
