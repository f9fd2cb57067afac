//! Shapes: what of a case settles everything about it but times, as a key.

use hashbrown::HashTable;
use samspill_base::{
    Columns,
    columns::{NO_TIME, NO_VALUE},
};

use super::{
    bind::{Binding, BoundCase},
    code::Code,
    plan::{Plan, can_plan, can_shape},
};

/// Shapes that a reader remembers at the most; cases of others are read the general way.
const SHAPES_MAX: usize = 1 << 14;

/// A log whose cases have shapes.
#[derive(Debug)]
pub(crate) struct Shaper {
    /// By kind of the log, whether its entries can be part of a shape.
    kinds: Vec<bool>,
    /// By column of facts that are asked for, and value, what tells its answers from others.
    facts: Vec<Vec<u32>>,
    /// By column of fields, type and value.
    fields: Vec<Vec<Vec<u32>>>,
}

/// What is in a key beside kinds.
const FACT: u64 = 1 << 62;
const FIELD: u64 = 2 << 62;

impl Shaper {
    /// The shapes of a log, if its rules can be planned and nothing in it stands in the way.
    pub(crate) fn of(code: &Code, binding: &Binding<'_>, columns: &Columns) -> Option<Self> {
        let has_more = !columns.recorded.is_empty() || !columns.as_of.is_empty();
        if has_more || !can_plan(code) || !columns.position.is_sorted() || columns.is_empty() {
            return None;
        }
        let (first, last) =
            columns.happened.iter().fold((i64::MAX, i64::MIN), |(a, b), at| (a.min(*at), b.max(*at)));
        let (in_force, covered) = (code.versions[0].in_force, code.covered);
        let (from, until) = (in_force.0.max(covered.0), in_force.1.min(covered.1));
        let kind = |number: Option<u16>| number.is_none_or(|kind| can_shape(code, kind));
        (from <= first && last < until).then(|| Self {
            kinds: (0..columns.kinds.len()).map(|number| kind(binding.kind(0, number))).collect(),
            facts: binding.fact_classes(),
            fields: binding.field_classes(),
        })
    }

    /// The key of a case's shape; no where it has none: not all of it is known yet, or something stands in the way.
    pub(crate) fn key(&self, case: &BoundCase<'_>, as_of: i64, key: &mut Vec<u64>) -> bool {
        key.clear();
        let columns = case.columns;
        let clocks = [&columns.sent, &columns.received, &columns.acknowledged];
        let mut last = i64::MIN;
        for row in case.rows.iter() {
            let (kind, at) = (columns.kind[row], columns.happened[row]);
            if at < last || at > as_of || !self.kinds[kind as usize] {
                return false;
            }
            // Times apart from when it happened must have come, and in their order.
            let in_order = |clock: &&Vec<i64>| {
                clock.get(row).is_none_or(|time| *time == NO_TIME || (at <= *time && *time <= as_of))
            };
            if !clocks.iter().all(in_order) {
                return false;
            }
            key.push(u64::from(kind) << 1 | u64::from(at == last));
            self.push_answers(case, row, key);
            last = at;
        }
        true
    }

    #[inline]
    fn push_answers(&self, case: &BoundCase<'_>, row: usize, key: &mut Vec<u64>) {
        let word = |what: u64, column: usize, class: u32| what | (column as u64) << 32 | u64::from(class);
        for (column, (codes, classes)) in case.binding.fact_codes().zip(&self.facts).enumerate() {
            let code = codes[row];
            if code != NO_VALUE {
                key.push(word(FACT, column, classes.get(code as usize).copied().unwrap_or(0)));
            }
        }
        let kind = case.binding.kind(0, case.columns.kind[row] as usize);
        for (column, ((codes, types), classes)) in case.binding.field_codes().zip(&self.fields).enumerate() {
            let code = codes[row];
            if let (Some(kind), true) = (kind, code != NO_VALUE) {
                let of_type = &classes[usize::from(types[usize::from(kind)])];
                key.push(word(FIELD, column, of_type.get(code as usize).copied().unwrap_or(0)));
            }
        }
    }
}

/// The plans of the shapes met so far.
#[derive(Debug, Default)]
pub(crate) struct Plans {
    table: HashTable<u32>,
    /// By number: its hash, where its key begins and ends, and the plan.
    met: Vec<(u64, usize, usize, Plan)>,
    keys: Vec<u64>,
}

impl Plans {
    pub(crate) fn len(&self) -> usize {
        self.met.len()
    }

    pub(crate) fn has_room(&self) -> bool {
        self.met.len() < SHAPES_MAX
    }

    pub(crate) fn find(&self, key: &[u64]) -> Option<&Plan> {
        let hash = hash_of(key);
        let is_it = |number: &u32| {
            let (met_hash, start, end, _) = &self.met[*number as usize];
            *met_hash == hash && self.keys[*start..*end] == *key
        };
        self.table.find(hash, is_it).map(|number| &self.met[*number as usize].3)
    }

    pub(crate) fn add(&mut self, key: &[u64], plan: Plan) {
        let hash = hash_of(key);
        let start = self.keys.len();
        self.keys.extend_from_slice(key);
        let number = u32::try_from(self.met.len()).unwrap_or(u32::MAX);
        self.met.push((hash, start, self.keys.len(), plan));
        let met = &self.met;
        self.table.insert_unique(hash, number, |number| met[*number as usize].0);
    }
}

/// A hash of a key: it orders nothing, and who makes keys collide makes reading slower, not wrong.
fn hash_of(key: &[u64]) -> u64 {
    let mixed = |hash: u64, word: &u64| (hash.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let hash = key.iter().fold(0, mixed);
    hash ^ hash >> 29
}
