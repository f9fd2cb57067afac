use serde_json::{Value, json};

use super::{Comparison, FieldDifference, Match, RuleComparison};

impl Comparison {
    /// `{"a", "b", "rules": [{"sort", "title", "id_a", "id_b", "same", "differences": [{"field", "a", "b"}]}]}`;
    /// an id is null where that version doesn't have the rule.
    pub fn to_json(&self) -> Value {
        let rules: Vec<Value> = self.rules.iter().map(rule).collect();
        json!({ "a": self.a, "b": self.b, "rules": rules })
    }
}

fn rule(rule: &RuleComparison) -> Value {
    let (a, b) = match &rule.matched {
        Match::ById(id) => (Some(id), Some(id)),
        Match::ByMeaning { a, b } => (Some(a), Some(b)),
        Match::OnlyA(id) => (Some(id), None),
        Match::OnlyB(id) => (None, Some(id)),
    };
    let differences: Vec<Value> = rule.differences.iter().map(difference).collect();
    json!({
        "sort": rule.sort, "title": rule.title, "id_a": a, "id_b": b, "same": rule.is_same(), "differences": differences,
    })
}

fn difference(difference: &FieldDifference) -> Value {
    json!({ "field": difference.field, "a": difference.a, "b": difference.b })
}
