use serde_json::{Map, Value, json};

use super::{Field, Need, ROOT, Section, Shape, sections};

/// The JSON Schema (draft 2020-12) of the files of a version, made from the table of fields.
///
/// Editors that know TOML use it to complete keys and to mark mistakes. Dates count as strings with format `date`,
/// as those editors see them. What hangs on several keys or on other files is checked by [`load`](crate::load) alone.
pub fn agreement_schema() -> Value {
    let definitions: Map<String, Value> = sections(&ROOT)
        .into_iter()
        .skip(1)
        .map(|section| (definition_name(section), object(section)))
        .collect();
    let mut schema = object(&ROOT);
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
        fields.insert("title".into(), "A file of a Samspill agreement".into());
        fields.insert("$defs".into(), definitions.into());
    }
    schema
}

/// `[[duty.exception]]` → `duty-exception`
fn definition_name(section: &Section) -> String {
    let words = section.header.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

fn object(section: &Section) -> Value {
    let properties: Map<String, Value> =
        section.fields.iter().map(|field| (field.name.to_owned(), property(field))).collect();
    let required: Vec<&str> =
        section.fields.iter().filter(|field| field.need == Need::Required).map(|field| field.name).collect();
    let others = section.others.map_or(Value::Bool(false), reference);
    let doc = [section.doc, section.note].join(" ");
    json!({
        "type": "object",
        "description": doc.trim(),
        "properties": properties,
        "required": required,
        "additionalProperties": others,
    })
}

fn property(field: &Field) -> Value {
    let mut schema = shape(&field.shape);
    let description = match field.need {
        Need::Required | Need::Optional => field.doc.to_owned(),
        Need::Default(default) => format!("{} Without it: {default}.", field.doc),
    };
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".into(), description.into());
    }
    schema
}

fn shape(of: &Shape) -> Value {
    match of {
        Shape::Text => text(),
        Shape::Line
        | Shape::Clause
        | Shape::Name(_)
        | Shape::Condition
        | Shape::Deadline
        | Shape::Amount
        | Shape::Day => json!({ "type": "string", "pattern": "\\S" }),
        Shape::Id => json!({ "type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$", "maxLength": 80 }),
        Shape::Money => json!({ "type": "string", "pattern": "^-?[0-9]+([.,][0-9]{0,2})?$" }),
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Whole(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Shape::Date => json!({ "type": "string", "format": "date" }),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::Scalar => json!({ "type": ["string", "number", "boolean"] }),
        Shape::List(of) => json!({ "type": "array", "items": shape(of) }),
        Shape::OneOrMore(of) => json!({ "anyOf": [shape(of), { "type": "array", "items": shape(of) }] }),
        Shape::Map(of) => json!({ "type": "object", "additionalProperties": shape(of) }),
        Shape::Either(shapes) => json!({ "anyOf": shapes.iter().map(shape).collect::<Vec<_>>() }),
        Shape::Table(section) => reference(section),
        Shape::Tables(section) => {
            json!({ "anyOf": [reference(section), { "type": "array", "items": reference(section) }] })
        }
    }
}

fn reference(section: &Section) -> Value {
    json!({ "$ref": format!("#/$defs/{}", definition_name(section)) })
}

fn text() -> Value {
    let language = json!({ "type": "string", "pattern": "\\S" });
    json!({
        "anyOf": [
            language,
            {
                "type": "object",
                "properties": { "nb": language, "nn": language, "en": language },
                "required": ["nb"],
                "additionalProperties": false,
            },
        ],
    })
}
