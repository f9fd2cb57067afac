//! The words of logs, numbered once: kinds, names of facts and fields, and the values said of them.

use std::collections::BTreeMap;

use samspill_agreement::model::{Agreement, FactType};
use samspill_base::Value;

use super::{
    encode::put_value,
    event::Event,
    kept::{Extra, HAS_BODY, IS_MISFIT, Packed, SAYS_NOTHING},
    pool::Slots,
};
use crate::{
    facts::{as_type, fits},
    program::{
        Program,
        atoms::Bits,
        case::version_at,
        code::{Code, FactNo, SetCode},
        source::SaidValue,
    },
};

/// The kind that no version knows.
pub(super) const UNKNOWN: u16 = 0;

/// What a watch knows of words.
#[derive(Clone, Debug)]
pub(super) struct Words {
    /// The kinds' names in the log; number 0 stands for all that are unknown.
    pub kind_names: Vec<String>,
    kinds: BTreeMap<String, u16>,
    /// By kind and version, the program's kind.
    pub by_version: Vec<Vec<Option<u16>>>,
    /// Facts that are kept; the first are those that the program asks for, under its numbers.
    pub facts: Numbered,
    /// Fields that are kept, likewise.
    pub fields: Numbered,
    pub values: Values,
    /// By the program's kind, what it always sets facts to.
    pub constants: Vec<Vec<SaidValue>>,
    /// Whether entries' ids decide anything.
    needs_ids: bool,
}

/// Names with numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbered {
    pub names: Vec<String>,
    numbers: BTreeMap<String, u16>,
    /// How many of them the program asks for; 0 where there is no program to ask.
    asked: usize,
}

impl Numbered {
    fn of<'n>(
        asked: impl Iterator<Item = (&'n String, &'n u16)>,
        others: impl Iterator<Item = String>,
    ) -> Self {
        let mut asked: Vec<(u16, &String)> = asked.map(|(name, number)| (*number, name)).collect();
        asked.sort_unstable();
        let mut named = Self { asked: asked.len(), ..Self::default() };
        for name in asked.into_iter().map(|(_, name)| name.clone()).chain(others) {
            if !named.numbers.contains_key(&name) {
                named.numbers.insert(name.clone(), u16::try_from(named.names.len()).unwrap_or(u16::MAX));
                named.names.push(name);
            }
        }
        named
    }

    pub(super) fn is_asked(&self, number: u16) -> bool {
        usize::from(number) < self.asked
    }
}

impl Words {
    pub(super) fn of(program: &Program) -> Self {
        let agreement = program.agreement();
        let none = Code::default();
        let code = program.code().unwrap_or(&none);
        let versions = || agreement.versions.iter();
        let facts = versions().flat_map(|version| version.facts.keys()).map(|name| name.as_str().to_owned());
        let kinds = || versions().flat_map(|version| version.kinds.values());
        let fields = kinds().flat_map(|kind| kind.fields.keys()).cloned();
        let mut words = Self {
            kind_names: Vec::new(),
            kinds: BTreeMap::new(),
            by_version: Vec::new(),
            facts: Numbered::of(code.facts.iter(), facts),
            fields: Numbered::of(code.fields.iter(), fields),
            values: Values::default(),
            constants: Vec::new(),
            needs_ids: program.code().is_none() || needs_ids(agreement),
        };
        words.add_kinds(agreement, code);
        words.add_constants(code);
        words
    }

    fn add_kinds(&mut self, agreement: &Agreement, code: &Code) {
        self.kind_names.push(String::new());
        self.by_version.push(vec![None; code.versions.len()]);
        let kinds = agreement.versions.iter().flat_map(|version| version.kinds.values());
        for name in kinds.flat_map(|kind| {
            std::iter::once(kind.id.as_str()).chain(kind.also_called.iter().map(String::as_str))
        }) {
            if self.kinds.contains_key(name) {
                continue;
            }
            let none = || vec![None; code.versions.len()];
            self.by_version.push(code.kinds_called.get(name).cloned().unwrap_or_else(none));
            self.kinds.insert(name.to_owned(), u16::try_from(self.kind_names.len()).unwrap_or(UNKNOWN));
            self.kind_names.push(name.to_owned());
        }
    }

    /// Values that kinds always set: never forgotten.
    fn add_constants(&mut self, code: &Code) {
        for kind in &code.kinds {
            let constant = |(fact, to): &(FactNo, SetCode)| match to {
                SetCode::Value(value) => {
                    let number = self.values.take(value);
                    self.values.ask(code, number, *fact);
                    SaidValue { list: u32::from(*fact), code: number }
                }
                SetCode::Field(_) => SaidValue { list: u32::MAX, code: 0 },
            };
            let constants = kind.sets.iter().map(constant).collect();
            self.constants.push(constants);
        }
    }

    /// What is kept of an entry that arrives.
    pub(super) fn pack(&mut self, program: &Program, event: &Event<'_>) -> (Packed, Option<Extra>) {
        let kind = self.kinds.get(event.kind).copied().unwrap_or(UNKNOWN);
        let mut extra = Extra { clocks: event.clocks, as_of: event.as_of, ..Extra::default() };
        let mut flags = if event.body.is_some() { HAS_BODY } else { 0 };
        let reading = program.code().map(|code| {
            let version = version_at(code, event.happened);
            let naming = version.unwrap_or(code.versions.len() - 1);
            (code, version, self.by_version[usize::from(kind)][naming])
        });
        for (name, value) in event.facts.iter() {
            self.take_fact(reading, &mut extra, &mut flags, (name, value));
        }
        for (name, value) in event.body.into_iter().flat_map(super::event::Named::iter) {
            self.take_field(reading, &mut extra, &mut flags, (name, value));
        }
        extra.id = event.id.filter(|_| self.needs_ids).map(Box::from);
        if says_nothing_to_rules(reading, &extra) {
            flags |= SAYS_NOTHING;
        }
        let packed =
            Packed { happened: event.happened, position: event.position.0, kind, flags, extra: u32::MAX };
        (packed, extra.says_something().then_some(extra))
    }

    fn take_fact(
        &mut self,
        reading: Option<(&Code, Option<usize>, Option<u16>)>,
        extra: &mut Extra,
        flags: &mut u16,
        (name, value): (&str, &Value),
    ) {
        let Some(fact) = self.facts.numbers.get(name).copied() else { return };
        if extra.facts.iter().any(|(known, _)| *known == fact) {
            return;
        }
        let mut keep = reading.is_none() || self.facts.is_asked(fact);
        let misfit = reading.is_some_and(|(code, version, _)| {
            let declared = version.and_then(|version| code.versions[version].version.facts.get(name));
            declared.is_some_and(|declared| is_misfit(value, &declared.fact_type))
        });
        if misfit {
            *flags |= IS_MISFIT;
            keep = true;
        }
        if keep {
            let number = self.values.take(value);
            if let Some((code, _, _)) = reading.filter(|_| self.facts.is_asked(fact)) {
                self.values.ask(code, number, fact);
            }
            extra.facts.push((fact, number));
        }
    }

    fn take_field(
        &mut self,
        reading: Option<(&Code, Option<usize>, Option<u16>)>,
        extra: &mut Extra,
        flags: &mut u16,
        (name, value): (&str, &Value),
    ) {
        let Some(field) = self.fields.numbers.get(name).copied() else { return };
        if extra.fields.iter().any(|(known, _)| *known == field) {
            return;
        }
        let mut keep = reading.is_none() || self.fields.is_asked(field);
        let kind =
            reading.and_then(|(code, _, kind)| kind.map(|kind| (code, &code.kinds[usize::from(kind)])));
        if let Some((code, kind)) = kind {
            let declared = kind.fields.get(name);
            if declared.is_some_and(|declared| is_misfit(value, declared)) {
                *flags |= IS_MISFIT;
                keep = true;
            }
            let declared = declared.unwrap_or(&FactType::Text);
            for (bit, atom) in code.field_atoms.iter().enumerate().filter(|(_, atom)| atom.field == name) {
                extra.atoms |= u128::from(atom.answer(value, declared)) << bit;
            }
        }
        if keep {
            let number = self.values.take(value);
            for (fact, to) in kind.into_iter().flat_map(|(_, kind)| &kind.sets) {
                if let (SetCode::Field(from), Some((code, _))) = (to, kind)
                    && *from == field
                {
                    self.values.ask(code, number, *fact);
                }
            }
            extra.fields.push((field, number));
        }
    }

    /// Lets go of the values that an entry said.
    pub(super) fn release(&mut self, extra: &Extra) {
        for (_, value) in extra.facts.iter().chain(&extra.fields) {
            self.values.release(*value);
        }
    }
}

fn is_misfit(value: &Value, to: &FactType) -> bool {
    !value.is_blank() && !fits(&as_type(value, to), to)
}

/// Whether an entry can't change how any duty goes: no rule names its kind, and it says nothing that rules ask for.
fn says_nothing_to_rules(reading: Option<(&Code, Option<usize>, Option<u16>)>, extra: &Extra) -> bool {
    let Some((code, _, kind)) = reading else { return false };
    let is_plain = |kind: u16| {
        let kind = &code.kinds[usize::from(kind)];
        kind.bit == 0 && kind.cancels.is_none() && kind.sets.is_empty()
    };
    extra.facts.is_empty() && extra.id.is_none() && extra.as_of == i64::MIN && kind.is_none_or(is_plain)
}

fn needs_ids(agreement: &Agreement) -> bool {
    use samspill_agreement::model::Pairing;
    let cancels = |kind: &samspill_agreement::model::Kind| kind.cancels.is_some();
    agreement.versions.iter().any(|version| {
        version.kinds.values().any(cancels)
            || version.duties.iter().any(|duty| matches!(duty.pairing, Pairing::ByReference { .. }))
    })
}

/// Values that entries of open cases say: each kept once, with the answers about it, and as long as any entry says it.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    cells: Slots<Cell>,
    /// By how the value is written in a snapshot.
    numbers: BTreeMap<Box<[u8]>, u32>,
}

/// A value.
#[derive(Clone, Debug)]
struct Cell {
    value: Value,
    uses: u32,
    /// The answers about it: for each fact that it was said of, by version.
    bits: Vec<(FactNo, Box<[Bits]>)>,
}

impl Default for Cell {
    fn default() -> Self {
        Self { value: Value::Empty, uses: 0, bits: Vec::new() }
    }
}

impl Values {
    fn take(&mut self, value: &Value) -> u32 {
        let mut key = Vec::new();
        put_value(&mut key, value);
        if let Some(number) = self.numbers.get(key.as_slice()) {
            self.cells.get_mut(*number).uses += 1;
            return *number;
        }
        let number = self.cells.add(Cell { value: value.clone(), uses: 1, bits: Vec::new() });
        self.numbers.insert(key.into_boxed_slice(), number);
        number
    }

    fn release(&mut self, number: u32) {
        let cell = self.cells.get_mut(number);
        cell.uses -= 1;
        if cell.uses == 0 {
            let gone = self.cells.remove(number);
            let mut key = Vec::new();
            put_value(&mut key, &gone.value);
            self.numbers.remove(key.as_slice());
        }
    }

    /// Asks a value what rules ask of a fact.
    fn ask(&mut self, code: &Code, number: u32, fact: FactNo) {
        let cell = self.cells.get_mut(number);
        if cell.bits.iter().all(|(known, _)| *known != fact) {
            let slot = |version: &crate::program::code::VersionCode| {
                version.slots[usize::from(fact)].bits(Some(&cell.value))
            };
            cell.bits.push((fact, code.versions.iter().map(slot).collect()));
        }
    }

    pub(super) fn get(&self, number: u32) -> &Value {
        &self.cells.get(number).value
    }

    pub(super) fn bits(&self, said: SaidValue, version: usize) -> Bits {
        let of_fact = self.cells.get(said.code).bits.iter().find(|(fact, _)| u32::from(*fact) == said.list);
        of_fact.map(|(_, bits)| bits[version]).unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }
}
