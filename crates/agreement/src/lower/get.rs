//! What a key of a table holds. `None` where it is missing or of another type: the table of fields reports that.

use jiff::civil::Date;
use samspill_base::{ClauseRef, Decimal, Value};

use crate::{
    model::Text,
    source::Spot,
    syntax::{Item, Node, Table},
};

pub(super) fn clause(table: &Table, key: &str) -> Option<ClauseRef> {
    table.str(key).map(ClauseRef::new)
}

pub(super) fn text(table: &Table, key: &str) -> Option<Text> {
    text_of(table.get(key)?)
}

/// The name of a thing: its `name`, or its id.
pub(super) fn name_or(table: &Table, id: &str) -> Text {
    text(table, "name").unwrap_or_else(|| Text::plain(id))
}

/// One of a few words; the first where the key is missing.
pub(super) fn choice<T: Copy>(table: &Table, key: &str, words: &[(&str, T)]) -> Option<T> {
    match table.get(key) {
        Some(node) => words.iter().find(|(word, _)| Some(*word) == node.as_str()).map(|(_, choice)| *choice),
        None => words.first().map(|(_, choice)| *choice),
    }
}

/// A text in its languages.
pub(super) fn text_of(node: &Node) -> Option<Text> {
    match &node.item {
        Item::Str(text, _) => Some(Text::plain(text.trim())),
        Item::Table(table) => {
            let language = |key| table.str(key).map(|text| text.trim().to_owned());
            Some(Text { nb: language("nb")?, nn: language("nn"), en: language("en") })
        }
        Item::Int(_) | Item::Float(_) | Item::Bool(_) | Item::Datetime(_) | Item::List(_) => None,
    }
}

pub(super) fn date_of(node: &Node) -> Option<Date> {
    let Item::Datetime(time) = &node.item else { return None };
    let date = time.date?;
    Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?)
        .ok()
}

pub(super) fn flag(table: &Table, key: &str) -> Option<bool> {
    match table.get(key)?.item {
        Item::Bool(yes) => Some(yes),
        Item::Str(..)
        | Item::Int(_)
        | Item::Float(_)
        | Item::Datetime(_)
        | Item::List(_)
        | Item::Table(_) => None,
    }
}

pub(super) fn whole(table: &Table, key: &str) -> Option<i64> {
    match table.get(key)?.item {
        Item::Int(number) => Some(number),
        Item::Str(..)
        | Item::Float(_)
        | Item::Bool(_)
        | Item::Datetime(_)
        | Item::List(_)
        | Item::Table(_) => None,
    }
}

pub(crate) fn scalar(node: &Node) -> Option<Value> {
    match &node.item {
        Item::Str(text, _) => Some(Value::text(text.as_str())),
        Item::Int(number) => Some(Value::Number(Decimal::whole(*number))),
        Item::Float(number) => Some(Value::from_number_text(&number.replace('_', ""))),
        Item::Bool(yes) => Some(Value::Bool(*yes)),
        Item::Datetime(_) | Item::List(_) | Item::Table(_) => None,
    }
}

/// Strings of a list, or one alone.
pub(crate) fn strings(table: &Table, key: &str) -> Vec<String> {
    let items = table.get(key).map(Node::items).unwrap_or_default();
    items.iter().filter_map(Node::as_str).map(str::to_owned).collect()
}

/// Where a key stands, or its section where it is missing.
pub(crate) fn spot_of_key(table: &Table, key: &str) -> Spot {
    table.get(key).map_or(table.spot, |node| node.spot)
}
