//! Classes of entries: a number for an entry's kind and what it answers to the rules' questions.

use std::{collections::BTreeSet, ops::Range};

use samspill_agreement::model::Foreknown;
use samspill_base::{Columns, columns::ValueColumn};

use super::{
    bind::Binding,
    code::{Code, Cond, FactNo, VersionCode},
    only::version_conditions,
    plan::can_shape,
};

/// Classes at the most; where there could be more, cases are read the general way.
const CLASSES_MAX: usize = 1 << 15;

/// The classes of a log's entries.
#[derive(Debug)]
pub(crate) struct Classes<'b> {
    kinds: &'b [u32],
    answers: Vec<Answers<'b>>,
    count: usize,
    /// By kind of the log, whether its entries can be part of a shape, and be known before they happen.
    is_plain: Vec<bool>,
    is_foreknown: Vec<bool>,
}

/// What the values of a column add to the class of an entry.
#[derive(Debug)]
struct Answers<'b> {
    codes: &'b [u32],
    /// By kind of the log, where its parts begin; empty where kinds make no difference.
    starts: Vec<u32>,
    /// By value, and one more for none.
    parts: Vec<u16>,
    values: u32,
}

impl Answers<'_> {
    /// Adds to the classes of rows that follow one another.
    fn add_to(&self, kinds: &[u32], rows: Range<usize>, classes: &mut [u16]) {
        let codes = &self.codes[rows.clone()];
        // No value is the largest number there is.
        if self.starts.is_empty() {
            for (class, code) in classes.iter_mut().zip(codes) {
                *class += self.parts[(*code).min(self.values) as usize];
            }
            return;
        }
        for ((class, code), kind) in classes.iter_mut().zip(codes).zip(&kinds[rows]) {
            *class += self.parts[(self.starts[*kind as usize] + (*code).min(self.values)) as usize];
        }
    }
}

/// Whom shapes are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Telling {
    /// Those who are told everything that verdicts hold.
    Verdicts,
    /// Those who are told sums: not who pays.
    Sums,
}

impl<'b> Classes<'b> {
    /// The classes of a log's entries, as the rules of the first version ask; none where they are too many.
    pub(crate) fn of(
        code: &Code,
        binding: &Binding<'_>,
        columns: &'b Columns,
        telling: Telling,
    ) -> Option<Self> {
        let log_kinds = columns.kinds.len();
        if log_kinds > CLASSES_MAX {
            return None;
        }
        let kind = |number: usize| binding.kind(0, number);
        let foreknown = |kind: u16| code.kinds[usize::from(kind)].foreknown == Foreknown::Yes;
        let mut classes = Self {
            kinds: &columns.kind,
            answers: Vec::new(),
            count: log_kinds,
            is_plain: (0..log_kinds)
                .map(|number| kind(number).is_none_or(|kind| can_shape(code, kind)))
                .collect(),
            is_foreknown: (0..log_kinds).map(|number| kind(number).is_some_and(foreknown)).collect(),
        };
        let asked = Asked::by(&code.versions[0], telling);
        for (column, fact) in columns.facts.iter().zip(binding.fact_classes()) {
            if let Some((_, numbers)) = fact.filter(|(fact, _)| asked.facts.contains(fact)) {
                let none = numbers.iter().max().map_or(0, |last| last + 1);
                let parts: Vec<u32> = numbers.into_iter().chain([none]).collect();
                classes.add(column, &parts, Vec::new())?;
            }
        }
        for (column, (answers, types)) in columns.body.iter().zip(binding.field_answers()) {
            let each = u32::try_from(column.values.len() + 1).ok()?;
            let of_kind = |number: usize| kind(number).map_or(0, |kind| u32::from(types[usize::from(kind)]));
            let starts = (0..log_kinds).map(|number| of_kind(number) * each).collect();
            classes.add(column, &field_classes(column, answers, asked.atoms), starts)?;
        }
        Some(classes)
    }

    /// Adds a column, if it tells any entries apart.
    fn add(&mut self, column: &'b ValueColumn, parts: &[u32], starts: Vec<u32>) -> Option<()> {
        let ways = parts.iter().max().map_or(1, |last| *last as usize + 1);
        let apart = self.count;
        self.count = apart.checked_mul(ways).filter(|count| *count <= CLASSES_MAX)?;
        if ways > 1 {
            let part = |part: &u32| u16::try_from(*part as usize * apart).ok();
            let values = u32::try_from(column.values.len()).ok()?;
            let parts = parts.iter().map(part).collect::<Option<_>>()?;
            self.answers.push(Answers { codes: &column.codes, starts, parts, values });
        }
        Some(())
    }

    /// How many there can be.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.kinds.len()
    }

    /// The classes of entries, by rows that follow one another, in place of what stood there.
    pub(crate) fn fill(&self, rows: Range<usize>, classes: &mut Vec<u16>) {
        classes.clear();
        self.append(rows, classes);
    }

    /// The same, after what stands there.
    pub(crate) fn append(&self, rows: Range<usize>, classes: &mut Vec<u16>) {
        let from = classes.len();
        classes.extend(self.kinds[rows.clone()].iter().map(|kind| u16::try_from(*kind).unwrap_or(u16::MAX)));
        for answers in &self.answers {
            answers.add_to(self.kinds, rows.clone(), &mut classes[from..]);
        }
    }

    /// Whether the entry can be part of a shape.
    pub(crate) fn is_plain(&self, row: usize) -> bool {
        self.is_plain[self.kinds[row] as usize]
    }

    /// Whether the entry can be known before it happens.
    pub(crate) fn is_foreknown(&self, row: usize) -> bool {
        self.is_foreknown[self.kinds[row] as usize]
    }
}

/// By type and value (and one more for none) of a field's column, a number that values of the same answers share. A field
/// that isn't there answers as one that says nothing.
fn field_classes(column: &ValueColumn, answers: &[Vec<u128>], asked: u128) -> Vec<u32> {
    let mut met: Vec<u128> = vec![0];
    let mut number = |bits: u128| {
        let place = met.iter().position(|other| *other == bits).unwrap_or_else(|| {
            met.push(bits);
            met.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    };
    let mut classes = Vec::new();
    for of_type in answers {
        let bits = |value: usize| of_type.get(value).map_or(0, |bits| bits & asked);
        classes.extend((0..=column.values.len()).map(bits).map(&mut number));
    }
    classes
}

/// What conditions ask of entries.
#[derive(Default)]
struct Asked {
    facts: BTreeSet<FactNo>,
    /// The questions of fields.
    atoms: u128,
}

impl Asked {
    fn by(version: &VersionCode, telling: Telling) -> Self {
        let mut asked = Self::default();
        version_conditions(version, &mut |condition| {
            condition.asks(&mut |part| {
                asked.add(part);
                false
            });
        });
        if telling == Telling::Verdicts {
            asked.facts.extend(version.meters.iter().filter_map(|meter| meter.payer));
        }
        asked
    }

    fn add(&mut self, part: &Cond) {
        match part {
            Cond::Fact { slot, .. } | Cond::FactKnown { slot } => {
                self.facts.insert(*slot);
            }
            Cond::FactIsFact { slot, other, .. } => self.facts.extend([*slot, *other]),
            Cond::FieldIsFact { other, .. } => {
                self.facts.insert(*other);
            }
            Cond::Field { atom } => self.atoms |= 1 << atom,
            Cond::Always
            | Cond::Has { .. }
            | Cond::InPhase(_)
            | Cond::Duty { .. }
            | Cond::Not(_)
            | Cond::All(_)
            | Cond::Any(_) => {}
        }
    }
}
