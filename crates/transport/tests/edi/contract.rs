//! The description of the API, as a judge of every request and answer.

#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::{collections::BTreeMap, path::Path, sync::LazyLock};

use serde_json::{Map, Value, json};

use crate::http::{Answer, Request};

/// The description; `None`, told once, where it isn't there.
pub(crate) static CONTRACT: LazyLock<Option<Contract>> = LazyLock::new(|| {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/standards/plo/edi2/msh-api-v2.json");
    let Ok(text) = std::fs::read(path) else {
        println!(
            "skipped: the description of the API is missing, so requests and answers aren't held against it"
        );
        return None;
    };
    Some(Contract { api: plain(serde_json::from_slice(&text).unwrap()) })
});

/// What the API says of itself.
pub(crate) struct Contract {
    api: Value,
}

impl Contract {
    /// What the API doesn't have, in a request.
    pub(crate) fn request(&self, request: &Request) -> Vec<String> {
        let Some((operation, path)) = self.operation(request) else {
            return vec![format!("{} {}: no such operation", request.method, request.path)];
        };
        let mut faults = self.parameters(operation, request, &path);
        let body = operation.pointer("/requestBody/content/application~1json/schema");
        match body {
            Some(schema) => faults.extend(self.faults(schema, &json_of(&request.body))),
            None if !request.body.is_empty() => faults.push("a body where there is none".to_owned()),
            None => {}
        }
        faults.iter().map(|fault| format!("{} {}: {fault}", request.method, request.path)).collect()
    }

    /// What the API doesn't have, in an answer.
    pub(crate) fn answer(&self, request: &Request, answer: &Answer) -> Vec<String> {
        let Some((operation, _)) = self.operation(request) else { return Vec::new() };
        let Some(described) = operation["responses"].get(answer.status.to_string()) else {
            return vec![format!("{} {}: no answer {}", request.method, request.path, answer.status)];
        };
        let schema = described.pointer("/content/application~1json/schema");
        schema.map_or_else(Vec::new, |schema| self.faults(schema, &json_of(&answer.body)))
    }

    /// The operation, and the parts of the path that have a name.
    fn operation(&self, request: &Request) -> Option<(&Value, BTreeMap<String, String>)> {
        let parts: Vec<&str> = request.path.split('/').collect();
        self.api["paths"].as_object()?.iter().find_map(|(pattern, operations)| {
            let named = path_of(&pattern.split('/').collect::<Vec<_>>(), &parts)?;
            Some((operations.get(request.method.to_lowercase())?, named))
        })
    }

    fn parameters(
        &self,
        operation: &Value,
        request: &Request,
        path: &BTreeMap<String, String>,
    ) -> Vec<String> {
        let mut query = query_of(&request.query);
        let mut faults = Vec::new();
        for parameter in operation["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            let given = match parameter["in"].as_str().unwrap() {
                "path" => path.get(name).map(|value| vec![value.clone()]),
                "query" => query.remove(name),
                _ => request.header(name).map(|value| vec![value.to_owned()]),
            };
            match given {
                None if parameter["required"] == true => faults.push(format!("`{name}` is missing")),
                None => {}
                Some(values) => {
                    let found = self.faults(&parameter["schema"], &typed(&parameter["schema"], &values));
                    faults.extend(found.iter().map(|fault| format!("`{name}`: {fault}")));
                }
            }
        }
        faults.extend(query.keys().map(|name| format!("no parameter `{name}`")));
        faults
    }

    fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let whole = json!({ "allOf": [schema], "components": self.api["components"] });
        let validator = jsonschema::options().should_validate_formats(true).build(&whole).unwrap();
        validator.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect()
    }
}

fn json_of(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| json!({ "not json": body.len() }))
}

fn path_of(pattern: &[&str], parts: &[&str]) -> Option<BTreeMap<String, String>> {
    if pattern.len() != parts.len() {
        return None;
    }
    let mut named = BTreeMap::new();
    for (pattern, part) in pattern.iter().zip(parts) {
        match pattern.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => drop(named.insert(name.to_owned(), (*part).to_owned())),
            None if pattern != part => return None,
            None => {}
        }
    }
    Some(named)
}

/// A query by name, without percent signs: nothing here needs them.
pub(crate) fn query_of(query: &str) -> BTreeMap<String, Vec<String>> {
    let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        named.entry(name.to_owned()).or_default().push(value.to_owned());
    }
    named
}

/// Text as the type that a schema asks for.
fn typed(schema: &Value, values: &[String]) -> Value {
    let one = |value: &String| {
        let plain = |value: &String| serde_json::from_str(value).unwrap_or_else(|_| json!(value));
        if schema["type"] == "string" { json!(value) } else { plain(value) }
    };
    if schema["type"] == "array" { values.iter().map(one).collect() } else { one(&values[0]) }
}

/// `OpenAPI` 3.0 as plain JSON Schema: `nullable` becomes one more type.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let is_nullable = object.get("nullable") == Some(&json!(true));
            let rest: Map<String, Value> = object
                .into_iter()
                .filter(|(name, value)| !(name == "nullable" && value.is_boolean()))
                .map(|(name, value)| (name, plain(value)))
                .collect();
            if is_nullable { json!({ "anyOf": [rest, { "type": "null" }] }) } else { Value::Object(rest) }
        }
        Value::Array(values) => values.into_iter().map(plain).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

#[test]
fn the_judge_finds_what_the_api_does_not_have() {
    let Some(contract) = CONTRACT.as_ref() else { return };
    let request = |path: &str, query: &str| Request {
        method: "GET".to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: vec![
            ("api-version".to_owned(), "2".to_owned()),
            ("nhn-source-system".to_owned(), "x".to_owned()),
        ],
        body: Vec::new(),
    };
    let list = |query: &str| contract.request(&request("/Messages", query)).len();
    let rows = [
        ("ReceiverHerIds=1&MessagesToFetch=1", 0),
        ("ReceiverHerIds=1&ReceiverHerIds=2&OrderBy=Ascending&MessagesToFetch=100", 0),
        ("ReceiverHerIds=1&MessagesToFetch=101", 1),
        ("ReceiverHerIds=1&OrderBy=Sideways", 1),
        ("ReceiverHerIds=one", 1),
        ("", 1),
        ("ReceiverHerIds=1&Page=2", 1),
    ];
    for (query, expected) in rows {
        assert_eq!(list(query), expected, "{query}");
    }
    let id = "3d924740-9f7b-4c33-93af-ff72e118d1e6";
    let path = |id: &str| contract.request(&request(&format!("/Messages/{id}/status"), "")).len();
    assert_eq!([path(id), path("no-uuid")], [0, 1]);
    assert_eq!(contract.request(&request("/Nothing", "")).len(), 1);
    let listed =
        |body: Value| contract.answer(&request("/Messages", ""), &Answer::new(200, body.to_string())).len();
    assert_eq!(listed(json!([{ "id": id, "receiverHerId": null }])), 0);
    assert_ne!(listed(json!([{ "id": id, "new": 1 }])), 0);
    assert_ne!(listed(json!({})), 0);
    assert_ne!(contract.answer(&request("/Messages", ""), &Answer::new(418, "")).len(), 0);
}
