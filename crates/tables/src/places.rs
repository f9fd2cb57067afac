//! Which column of a log table is which field.

use std::collections::BTreeMap;

use arrow_schema::Schema;

use crate::TableError;

/// The fields that hold a time, besides `at`.
pub(crate) const OTHER_TIMES: [&str; 5] = ["sent", "received", "acknowledged", "recorded", "as_of"];

/// The fields that hold an optional text.
pub(crate) const TEXTS: [&str; 4] = ["id", "person", "from", "to"];

/// The columns of a log table, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub case: usize,
    pub kind: usize,
    pub at: usize,
    pub other_times: [Option<usize>; OTHER_TIMES.len()],
    pub texts: [Option<usize>; TEXTS.len()],
    pub position: Option<usize>,
    /// JSON objects.
    pub facts: Option<usize>,
    pub body: Option<usize>,
    /// Columns of one fact or field each, by its name.
    pub fact: Vec<(usize, String)>,
    pub field: Vec<(usize, String)>,
}

impl Places {
    /// The fields that a table's columns are.
    ///
    /// `fact:NAME` and `case:NAME` are facts; `body:NAME` and every column of a name that isn't ours are fields of the
    /// body, as in CSV.
    pub(crate) fn of(schema: &Schema) -> Result<Self, TableError> {
        let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, field) in schema.fields().iter().enumerate() {
            if by_name.insert(field.name(), number).is_some() {
                return Err(TableError::SameName { column: field.name().clone() });
            }
        }
        let mut must = |column: &'static str| {
            by_name.remove(column).ok_or_else(|| TableError::NoColumn { column, available: listed(schema) })
        };
        let (case, kind, at) = (must("case")?, must("kind")?, must("at")?);
        let mut places = Self {
            case,
            kind,
            at,
            other_times: OTHER_TIMES.map(|name| by_name.remove(name)),
            texts: TEXTS.map(|name| by_name.remove(name)),
            position: by_name.remove("position"),
            facts: by_name.remove("facts"),
            body: by_name.remove("body"),
            ..Self::default()
        };
        // In the order of the table: the same table gives the same columns.
        let mut rest: Vec<_> = by_name.into_iter().collect();
        rest.sort_by_key(|(_, number)| *number);
        for (name, number) in rest {
            places.take(name, number);
        }
        Ok(places)
    }

    fn take(&mut self, name: &str, number: usize) {
        let fact = name.strip_prefix("fact:").or_else(|| name.strip_prefix("case:"));
        if let Some(fact) = fact.filter(|fact| !fact.is_empty()) {
            self.fact.push((number, fact.to_owned()));
        } else {
            let field = name.strip_prefix("body:").filter(|field| !field.is_empty()).unwrap_or(name);
            self.field.push((number, field.to_owned()));
        }
    }
}

pub(crate) fn listed(schema: &Schema) -> String {
    const COLUMNS_MAX: usize = 40;
    let names: Vec<String> =
        schema.fields().iter().take(COLUMNS_MAX).map(|field| format!("«{}»", field.name())).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
