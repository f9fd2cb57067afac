use std::{collections::BTreeMap, sync::Arc};

use arrow_array::{
    ArrayRef, RecordBatch, UInt64Array,
    builder::{BooleanBuilder, Decimal128Builder, Int64Builder, StringBuilder},
};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use jiff::Timestamp;
use samspill_base::{Entry, Value};

use crate::{
    Fineness, Shape, TableError,
    places::{OTHER_TIMES, TEXTS},
    shape::{Named, Sort, other_times, texts},
};

/// A log on its way into record batches: entries go in, one after another.
///
/// Facts and fields whose values are all of one type have a column of that type, as `fact:NAME` or `body:NAME`; what is left
/// (lists, maps, nothing, values of several types) is an object of JSON in `facts` or `body`. Read with
/// [`LogTable`](crate::LogTable), the same entries come out.
#[derive(Debug)]
pub struct LogRows {
    schema: SchemaRef,
    zone: Arc<str>,
    fineness: Fineness,
    shape: Shape,
    case: StringBuilder,
    kind: StringBuilder,
    at: Vec<Option<i64>>,
    other_times: [Vec<Option<i64>>; OTHER_TIMES.len()],
    texts: [StringBuilder; TEXTS.len()],
    position: Vec<u64>,
    facts: Columns,
    body: Columns,
}

/// The columns of facts or of fields.
#[derive(Debug)]
struct Columns {
    typed: Vec<(String, Typed)>,
    json: Option<StringBuilder>,
}

#[derive(Debug)]
enum Typed {
    Bool(BooleanBuilder),
    Whole(Int64Builder),
    Decimal(Decimal128Builder, u8),
    Text(StringBuilder),
}

/// Digits of a decimal column: those of the mantissa, and as many again after the point.
const PRECISION: u8 = 38;

impl LogRows {
    /// An empty table for a log of this shape, with times in `zone`.
    pub fn new(shape: Shape, zone: &str) -> Self {
        let zone: Arc<str> = Arc::from(zone);
        Self {
            schema: schema_of(&shape, &zone),
            fineness: shape.fineness(),
            zone,
            case: StringBuilder::new(),
            kind: StringBuilder::new(),
            at: Vec::new(),
            other_times: Default::default(),
            texts: Default::default(),
            position: Vec::new(),
            facts: Columns::of(&shape.facts),
            body: Columns::of(&shape.body),
            shape,
        }
    }

    /// The columns.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// How many rows wait to be taken.
    pub fn len(&self) -> usize {
        self.position.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.position.is_empty()
    }

    /// Adds an entry, which the shape has seen.
    pub fn push(&mut self, entry: &Entry) {
        self.case.append_value(&entry.case);
        self.kind.append_value(&entry.kind);
        let units = |at: Timestamp| self.fineness.units(at);
        self.at.push(Some(units(entry.happened)));
        for (column, time) in self.other_times.iter_mut().zip(other_times(entry)) {
            column.push(time.map(units));
        }
        for (column, text) in self.texts.iter_mut().zip(texts(entry)) {
            column.append_option(text);
        }
        self.position.push(entry.position.0);
        let nothing = BTreeMap::new();
        self.facts.push(Some(&entry.facts).filter(|facts| !facts.is_empty()).unwrap_or(&nothing), None);
        let empty = entry.body.is_some().then_some("{}");
        self.body.push(entry.body.as_ref().unwrap_or(&nothing), empty);
    }

    /// The rows that wait, as a record batch.
    pub fn take(&mut self) -> Result<RecordBatch, TableError> {
        let (fineness, zone) = (self.fineness, Arc::clone(&self.zone));
        let times = |column: &mut Vec<Option<i64>>| fineness.column(std::mem::take(column), &zone);
        let mut columns: Vec<ArrayRef> =
            vec![Arc::new(self.case.finish()), Arc::new(self.kind.finish()), times(&mut self.at)];
        for (has, column) in self.shape.other_times.iter().zip(&mut self.other_times) {
            let column = times(column);
            columns.extend(has.then_some(column));
        }
        for (has, column) in self.shape.texts.iter().zip(&mut self.texts) {
            let column: ArrayRef = Arc::new(column.finish());
            columns.extend(has.then_some(column));
        }
        columns.push(Arc::new(UInt64Array::from(std::mem::take(&mut self.position))));
        columns.extend(self.facts.take()?);
        columns.extend(self.body.take()?);
        Ok(RecordBatch::try_new(self.schema(), columns)?)
    }
}

fn schema_of(shape: &Shape, zone: &Arc<str>) -> SchemaRef {
    let time = DataType::Timestamp(shape.fineness().unit(), Some(Arc::clone(zone)));
    let must = |name: &str, of: &DataType| Field::new(name, of.clone(), false);
    let mut fields = vec![must("case", &DataType::Utf8), must("kind", &DataType::Utf8), must("at", &time)];
    let optional = |names: &[&str], has: &[bool], of: &DataType| {
        let there = names.iter().zip(has).filter(|(_, has)| **has);
        there.map(|(name, _)| Field::new(*name, of.clone(), true)).collect::<Vec<_>>()
    };
    fields.extend(optional(&OTHER_TIMES, &shape.other_times, &time));
    fields.extend(optional(&TEXTS, &shape.texts, &DataType::Utf8));
    fields.push(must("position", &DataType::UInt64));
    fields.extend(fields_of(&shape.facts, "fact", "facts"));
    fields.extend(fields_of(&shape.body, "body", "body"));
    Arc::new(Schema::new(fields))
}

fn fields_of(named: &Named, prefix: &str, json: &str) -> Vec<Field> {
    let typed = named.typed().map(|(name, sort)| {
        let of = match sort {
            Sort::Bool => DataType::Boolean,
            Sort::Whole => DataType::Int64,
            Sort::Decimal(digits) => DataType::Decimal128(PRECISION, digits.cast_signed()),
            Sort::Text | Sort::Json => DataType::Utf8,
        };
        Field::new(format!("{prefix}:{name}"), of, true)
    });
    let json = named.needs_json().then(|| Field::new(json, DataType::Utf8, true));
    typed.chain(json).collect()
}

impl Columns {
    fn of(named: &Named) -> Self {
        let typed = named.typed().filter_map(|(name, sort)| {
            let column = match sort {
                Sort::Bool => Typed::Bool(BooleanBuilder::new()),
                Sort::Whole => Typed::Whole(Int64Builder::new()),
                Sort::Decimal(digits) => Typed::Decimal(Decimal128Builder::new(), digits),
                Sort::Text => Typed::Text(StringBuilder::new()),
                Sort::Json => return None,
            };
            Some((name.clone(), column))
        });
        Self { typed: typed.collect(), json: named.needs_json().then(StringBuilder::new) }
    }

    /// Adds a row. `empty` is the JSON that says that there is something, though it says nothing.
    fn push(&mut self, values: &BTreeMap<String, Value>, empty: Option<&str>) {
        let mut said = 0;
        for (name, column) in &mut self.typed {
            let value = values.get(name);
            said += usize::from(value.is_some());
            column.push(value);
        }
        let Some(json) = &mut self.json else { return };
        if said == values.len() {
            json.append_option(empty.filter(|_| said == 0));
            return;
        }
        let is_typed = |name: &String| self.typed.iter().any(|(typed, _)| typed == name);
        let rest = values.iter().filter(|(name, _)| !is_typed(name));
        let rest: serde_json::Map<_, _> = rest.map(|(name, value)| (name.clone(), value.to_json())).collect();
        json.append_value(serde_json::Value::Object(rest).to_string());
    }

    fn take(&mut self) -> Result<Vec<ArrayRef>, TableError> {
        let mut columns = Vec::new();
        for (_, column) in &mut self.typed {
            columns.push(column.take()?);
        }
        if let Some(json) = &mut self.json {
            columns.push(Arc::new(json.finish()));
        }
        Ok(columns)
    }
}

impl Typed {
    /// Adds what the value says. The shape has seen that it is of this type.
    fn push(&mut self, value: Option<&Value>) {
        match (self, value) {
            (Self::Bool(column), Some(Value::Bool(yes))) => column.append_value(*yes),
            (Self::Bool(column), _) => column.append_null(),
            (Self::Whole(column), Some(Value::Number(number))) => column.append_option(number.as_whole()),
            (Self::Whole(column), _) => column.append_null(),
            (Self::Decimal(column, digits), Some(Value::Number(number))) => {
                column.append_option(units(&number.to_string(), *digits));
            }
            (Self::Decimal(column, _), _) => column.append_null(),
            (Self::Text(column), Some(Value::Text(text))) => column.append_value(text),
            (Self::Text(column), _) => column.append_null(),
        }
    }

    fn take(&mut self) -> Result<ArrayRef, TableError> {
        Ok(match self {
            Self::Bool(column) => Arc::new(column.finish()),
            Self::Whole(column) => Arc::new(column.finish()),
            Self::Decimal(column, digits) => {
                let column = column.finish();
                Arc::new(column.with_precision_and_scale(PRECISION, digits.cast_signed())?)
            }
            Self::Text(column) => Arc::new(column.finish()),
        })
    }
}

/// `-1.5` as a number of units with so many digits after the point.
fn units(number: &str, digits: u8) -> Option<i128> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    format!("{whole}{part:0<width$}", width = usize::from(digits)).parse().ok()
}
