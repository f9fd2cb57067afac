//! A log made ready for a program: its words numbered, every distinct value asked once.

use std::collections::BTreeMap;

use samspill_agreement::model::FactType;
use samspill_base::{
    Columns, Value,
    columns::{Bodies, NO_TIME, NO_VALUE, ValueColumn},
};

use super::{
    atoms::Bits,
    code::{Code, FactNo, SetCode},
    rows::CaseRows,
    source::{SaidValue, Source},
};
use crate::facts::{as_type, fits};

/// No such kind.
const NO_KIND: u16 = u16::MAX;

/// What a program knows of a log's words.
#[derive(Debug, Default)]
pub(crate) struct Binding<'b> {
    /// By version, what the log's kinds are: numbers of the program's kinds.
    kinds: Vec<Vec<u16>>,
    facts: Vec<BoundFact<'b>>,
    /// The body's columns that anything asks for.
    body: Vec<BoundField<'b>>,
    /// By the program's number of a field's name, its place in `body`.
    fields: Vec<Option<usize>>,
    lists: Vec<List<'b>>,
    /// By kind, the lists of what it always sets facts to.
    constants: Vec<Vec<SaidValue>>,
    has_clocks: bool,
}

/// A fact's column.
#[derive(Debug)]
struct BoundFact<'b> {
    column: &'b ValueColumn,
    /// Its number, and the list of its values, if anything asks for it.
    asked: Option<(FactNo, u32)>,
    /// By version, which of its values aren't of the declared type; empty where all are.
    misfits: Vec<Vec<bool>>,
}

/// A field's column.
#[derive(Debug)]
struct BoundField<'b> {
    column: &'b ValueColumn,
    /// The answers, by type and value.
    answers: Vec<Vec<u128>>,
    /// By type, which values aren't of it; empty where all are.
    misfits: Vec<Vec<bool>>,
    /// By kind, the type that it declares; the last type is text, for kinds that don't.
    types: Vec<u8>,
    /// By fact, the list of its values, if a kind sets the fact from it.
    lists: BTreeMap<FactNo, u32>,
}

/// Values that are said of a fact, and the answers about them under each version.
#[derive(Debug)]
struct List<'b> {
    values: Values<'b>,
    /// By version and value.
    bits: Vec<Vec<Bits>>,
}

#[derive(Debug)]
enum Values<'b> {
    Column(&'b [Value]),
    One(&'b Value),
}

impl Values<'_> {
    fn get(&self, code: u32) -> &Value {
        match self {
            Values::Column(values) => &values[code as usize],
            Values::One(value) => value,
        }
    }

    fn all(&self) -> &[Value] {
        match self {
            Values::Column(values) => values,
            Values::One(value) => std::slice::from_ref(value),
        }
    }
}

impl<'b> Binding<'b> {
    pub(crate) fn of(code: &'b Code, columns: &'b Columns) -> Self {
        let mut binding = Self {
            has_clocks: [&columns.sent, &columns.received, &columns.acknowledged, &columns.recorded]
                .iter()
                .any(|column| !column.is_empty()),
            ..Self::default()
        };
        binding.bind_kinds(code, columns);
        binding.facts = columns.facts.iter().map(|column| binding.bind_fact(code, column)).collect();
        binding.body = columns.body.iter().map(|column| bind_field(code, column)).collect();
        binding.fields = vec![None; code.fields.len()];
        for (place, bound) in binding.body.iter().enumerate() {
            if let Some(number) = code.fields.get(&bound.column.name) {
                binding.fields[usize::from(*number)] = Some(place);
            }
        }
        binding.bind_sets(code);
        binding
    }

    /// What a version calls a kind of the log.
    #[inline]
    pub(crate) fn kind(&self, version: usize, kind: usize) -> Option<u16> {
        let kind = self.kinds[version][kind];
        (kind != NO_KIND).then_some(kind)
    }

    /// By column of facts, if anything asks for the fact: its number, and for each value a number that values of the same
    /// answers under the first version share.
    pub(crate) fn fact_classes(&self) -> impl Iterator<Item = Option<(FactNo, Vec<u32>)>> {
        self.facts.iter().map(|fact| {
            fact.asked.map(|(number, list)| (number, classes(&self.lists[list as usize].bits[0])))
        })
    }

    /// By column of fields: the answers by type and value, and the types by kind.
    pub(crate) fn field_answers(&self) -> impl Iterator<Item = (&[Vec<u128>], &[u8])> {
        self.body.iter().map(|field| (&field.answers[..], &field.types[..]))
    }

    /// The column of a field, by the program's number of its name.
    pub(crate) fn field_column(&self, field: u16) -> Option<&'b ValueColumn> {
        self.fields[usize::from(field)].map(|place| self.body[place].column)
    }

    fn bind_kinds(&mut self, code: &Code, columns: &Columns) {
        let called: Vec<Option<&Vec<Option<u16>>>> =
            columns.kinds.iter().map(|name| code.kinds_called.get(name)).collect();
        self.kinds = (0..code.versions.len())
            .map(|version| {
                called
                    .iter()
                    .map(|by_version| by_version.and_then(|by| by[version]).unwrap_or(NO_KIND))
                    .collect()
            })
            .collect();
    }

    fn bind_fact(&mut self, code: &'b Code, column: &'b ValueColumn) -> BoundFact<'b> {
        let number = code.facts.get(&column.name).copied();
        let asked = number.map(|fact| (fact, self.list(code, fact, Values::Column(&column.values))));
        let misfits = code.versions.iter().map(|version| {
            let declared = version.version.facts.get(column.name.as_str()).map(|fact| &fact.fact_type);
            declared.map_or_else(Vec::new, |to| misfits(&column.values, to))
        });
        BoundFact { column, asked, misfits: misfits.collect() }
    }

    /// Kinds that set facts: from fields, and to what they always set them.
    fn bind_sets(&mut self, code: &'b Code) {
        for kind in &code.kinds {
            let mut constants = Vec::with_capacity(kind.sets.len());
            for (fact, to) in &kind.sets {
                match to {
                    SetCode::Value(value) => {
                        let list = self.list(code, *fact, Values::One(value));
                        constants.push(SaidValue { list, code: 0 });
                    }
                    SetCode::Field(field) => {
                        constants.push(SaidValue { list: u32::MAX, code: 0 });
                        if let Some(place) = self.fields[usize::from(*field)] {
                            let column = self.body[place].column;
                            let list = self.list(code, *fact, Values::Column(&column.values));
                            self.body[place].lists.insert(*fact, list);
                        }
                    }
                }
            }
            self.constants.push(constants);
        }
    }

    fn list(&mut self, code: &Code, fact: FactNo, values: Values<'b>) -> u32 {
        let bits = code
            .versions
            .iter()
            .map(|version| {
                let slot = &version.slots[usize::from(fact)];
                values.all().iter().map(|value| slot.bits(Some(value))).collect()
            })
            .collect();
        self.lists.push(List { values, bits });
        u32::try_from(self.lists.len() - 1).unwrap_or(u32::MAX)
    }
}

/// Numbers that equal items share.
fn classes<T: PartialEq>(items: &[T]) -> Vec<u32> {
    let mut met: Vec<&T> = Vec::new();
    let number = |item| {
        let place = met.iter().position(|other| *other == item).unwrap_or_else(|| {
            met.push(item);
            met.len() - 1
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    };
    items.iter().map(number).collect()
}

fn bind_field<'b>(code: &Code, column: &'b ValueColumn) -> BoundField<'b> {
    let mut declared: Vec<&FactType> = Vec::new();
    let mut types: Vec<Option<u8>> = Vec::new();
    for kind in &code.kinds {
        types.push(kind.fields.get(&column.name).map(|to| {
            let place = declared.iter().position(|other| *other == to).unwrap_or_else(|| {
                declared.push(to);
                declared.len() - 1
            });
            u8::try_from(place).unwrap_or(u8::MAX)
        }));
    }
    // A field that its kind doesn't declare is read as text, and fits whatever it says.
    let undeclared = u8::try_from(declared.len()).unwrap_or(u8::MAX);
    let misfits = declared.iter().map(|to| misfits(&column.values, to)).chain([Vec::new()]).collect();
    declared.push(&FactType::Text);
    let atoms: Vec<(usize, &super::atoms::FieldAtom)> =
        code.field_atoms.iter().enumerate().filter(|(_, atom)| atom.field == column.name).collect();
    let answers = declared.iter().map(|to| {
        let bits = |value: &Value| {
            atoms
                .iter()
                .map(|(bit, atom)| u128::from(atom.answer(value, to)) << bit)
                .fold(0, |all, bit| all | bit)
        };
        if atoms.is_empty() { Vec::new() } else { column.values.iter().map(bits).collect() }
    });
    BoundField {
        column,
        answers: answers.collect(),
        misfits,
        types: types.into_iter().map(|place| place.unwrap_or(undeclared)).collect(),
        lists: BTreeMap::new(),
    }
}

/// Which values aren't of a type; empty where all are.
fn misfits(values: &[Value], to: &FactType) -> Vec<bool> {
    let wrong: Vec<bool> =
        values.iter().map(|value| !value.is_blank() && !fits(&as_type(value, to), to)).collect();
    if wrong.contains(&true) { wrong } else { Vec::new() }
}

fn is_marked(marked: &[bool], code: u32) -> bool {
    marked.get(code as usize).copied().unwrap_or(false)
}

/// A case of a bound log.
#[derive(Clone)]
pub(crate) struct BoundCase<'c> {
    pub binding: &'c Binding<'c>,
    pub columns: &'c Columns,
    pub rows: CaseRows<'c>,
}

impl BoundCase<'_> {
    /// The row of an entry.
    #[inline]
    pub(crate) fn row(&self, entry: usize) -> usize {
        self.rows.row(entry)
    }
}

fn time_at(column: &[i64], row: usize) -> i64 {
    column.get(row).copied().unwrap_or(NO_TIME)
}

impl Source for BoundCase<'_> {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn position(&self, entry: usize) -> u64 {
        self.columns.position_of(self.row(entry)).0
    }

    fn happened(&self, entry: usize) -> i64 {
        self.columns.happened[self.row(entry)]
    }

    fn kind(&self, entry: usize, version: usize) -> Option<u16> {
        let kind = self.binding.kinds[version][self.columns.kind[self.row(entry)] as usize];
        (kind != NO_KIND).then_some(kind)
    }

    fn clocks(&self, entry: usize) -> [i64; 4] {
        let row = self.row(entry);
        let columns = self.columns;
        [&columns.sent, &columns.received, &columns.acknowledged, &columns.recorded]
            .map(|column| time_at(column, row))
    }

    fn has_clocks(&self) -> bool {
        self.binding.has_clocks
    }

    fn has_facts(&self, entry: usize) -> bool {
        let row = self.row(entry);
        self.binding.facts.iter().any(|fact| fact.column.codes[row] != NO_VALUE)
    }

    fn said(&self, entry: usize, mut say: impl FnMut(FactNo, SaidValue)) {
        let row = self.row(entry);
        for fact in &self.binding.facts {
            let code = fact.column.codes[row];
            if let (Some((number, list)), true) = (fact.asked, code != NO_VALUE) {
                say(number, SaidValue { list, code });
            }
        }
    }

    fn said_field(&self, entry: usize, field: u16, fact: FactNo) -> Option<SaidValue> {
        let bound = &self.binding.body[self.binding.fields[usize::from(field)]?];
        let code = bound.column.codes[self.row(entry)];
        let list = *bound.lists.get(&fact)?;
        (code != NO_VALUE).then_some(SaidValue { list, code })
    }

    fn said_constant(&self, kind: u16, place: usize) -> SaidValue {
        self.binding.constants[usize::from(kind)][place]
    }

    fn bits(&self, value: SaidValue, version: usize) -> Bits {
        let bits = &self.binding.lists[value.list as usize].bits[version];
        bits.get(value.code as usize).copied().unwrap_or_default()
    }

    fn value(&self, value: SaidValue) -> &Value {
        self.binding.lists[value.list as usize].values.get(value.code)
    }

    fn atoms(&self, entry: usize, kind: u16) -> u128 {
        let row = self.row(entry);
        let mut atoms = 0;
        for field in &self.binding.body {
            let code = field.column.codes[row];
            if code != NO_VALUE {
                let answers = &field.answers[usize::from(field.types[usize::from(kind)])];
                atoms |= answers.get(code as usize).copied().unwrap_or(0);
            }
        }
        atoms
    }

    fn misfits(&self, entry: usize, version: usize, kind: u16) -> bool {
        let row = self.row(entry);
        let fact = |fact: &BoundFact<'_>| is_marked(&fact.misfits[version], fact.column.codes[row]);
        let field = |field: &BoundField<'_>| {
            let of_type = usize::from(field.types[usize::from(kind)]);
            is_marked(&field.misfits[of_type], field.column.codes[row])
        };
        self.binding.facts.iter().any(fact) || self.binding.body.iter().any(field)
    }

    fn has_body(&self, entry: usize) -> bool {
        match &self.columns.bodies {
            Bodies::None => false,
            Bodies::All => true,
            Bodies::Some(have) => have[self.row(entry)],
        }
    }

    fn field(&self, entry: usize, field: u16) -> Option<&Value> {
        let bound = &self.binding.body[self.binding.fields[usize::from(field)]?];
        bound.column.get(self.row(entry))
    }

    fn id(&self, entry: usize) -> Option<&str> {
        self.columns.id.get(self.row(entry))
    }
}
