//! The schema and the reference say what the table of fields says.

use std::{fs, path::Path};

use jsonschema::Validator;
use samspill_agreement::{agreement_schema, reference_markdown};
use serde_json::{Value, json};

use crate::common::{complete, entries, repository, versions};

const HOW: &str =
    "is not what the table of fields says: run `cargo run -p samspill-agreement --example write_reference`";

fn docs(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_schema_in_docs_is_the_one_of_the_table() {
    let shipped: Value = serde_json::from_str(&docs("agreement.schema.json")).unwrap();
    assert!(shipped == agreement_schema(), "docs/agreement.schema.json {HOW}");
}

#[test]
fn the_reference_in_docs_is_the_one_of_the_table() {
    assert!(docs("agreements.md").contains(&reference_markdown()), "docs/agreements.md {HOW}");
}

/// Every example in the page that is no sketch of something wrong stands in the complete example, word for word.
#[test]
fn the_page_quotes_the_complete_example() {
    let page = docs("agreements.md");
    let root = complete().root;
    let mut files: Vec<String> = versions(&root, &root.join("agreements/fjordhelse"))
        .into_iter()
        .flat_map(|version| version.files)
        .map(|file| file.text)
        .collect();
    for folder in ["vocabulary", "agreements/fjordhelse/2023-06-01/cases"] {
        files.extend(entries(&root.join(folder)).iter().map(|path| fs::read_to_string(path).unwrap()));
    }
    let quotes: Vec<&str> =
        page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(quotes.len() >= 5, "{} quotes", quotes.len());
    for quote in quotes {
        assert!(
            files.iter().any(|file| file.contains(quote)),
            "no file of the complete example has\n{quote}"
        );
    }
}

/// TOML as an editor's schema checker sees it: dates are strings.
fn as_json(text: &str) -> Value {
    of_toml(&toml::Value::Table(text.parse().unwrap()))
}

fn of_toml(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(yes) => json!(yes),
        toml::Value::Datetime(time) => json!(time.to_string()),
        toml::Value::Array(items) => items.iter().map(of_toml).collect(),
        toml::Value::Table(table) => {
            Value::Object(table.iter().map(|(key, value)| (key.clone(), of_toml(value))).collect())
        }
    }
}

fn validator() -> Validator {
    jsonschema::draft202012::new(&agreement_schema()).unwrap()
}

#[test]
fn the_schema_accepts_the_complete_example_and_the_repository() {
    let validator = validator();
    let complete = complete();
    let repository = repository();
    let mut folders = vec![(complete.root.clone(), complete.root.join("agreements/fjordhelse"))];
    for folder in entries(&complete.root.join("law")) {
        folders.push((complete.root.clone(), folder));
    }
    for community in entries(&repository.root.join("agreements")) {
        folders.extend(entries(&community).into_iter().map(|folder| (repository.root.clone(), folder)));
    }
    for (root, folder) in folders {
        for file in versions(&root, &folder).into_iter().flat_map(|version| version.files) {
            let errors: Vec<String> = validator
                .iter_errors(&as_json(&file.text))
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", file.name);
        }
    }
}

#[test]
fn the_schema_refuses_unknown_keys_and_wrong_types() {
    let validator = validator();
    let duty = "[[duty]]\nid = \"a\"\nclause = \"1\"\nsays = \"s\"\nwho = \"a\"\nmust = \"k\"\nafter = \"k\"\nwithin = \"1 hour\"\n";
    assert!(validator.is_valid(&as_json(duty)));
    for (from, to) in [
        ("within", "wihtin"),
        ("\"1 hour\"", "1"),
        ("id = \"a\"", "id = \"A b\""),
        ("clause = \"1\"", "clause = \"\""),
        ("says = \"s\"", "says = { nn = \"s\" }"),
        ("[[duty]]", "[[dutys]]"),
    ] {
        assert!(!validator.is_valid(&as_json(&duty.replace(from, to))), "{from} → {to}");
    }
}
