use toml::value::Datetime;

use crate::source::Spot;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) item: Item,
    pub(crate) spot: Spot,
}

#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// A string; the second is where its text begins in the file, when the file has it letter by letter.
    Str(String, Option<usize>),
    Int(i64),
    /// A number with a fraction, or one too large to count with, as written.
    Float(String),
    Bool(bool),
    Datetime(Datetime),
    List(Vec<Node>),
    Table(Table),
}

#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) spot: Spot,
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) node: Node,
}

/// The entries of a table, in the order of the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) entries: Vec<Entry>,
    pub(crate) spot: Spot,
}

impl Table {
    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key.name == name).map(|entry| &entry.node)
    }

    pub(crate) fn str(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Node::as_str)
    }

    pub(crate) fn table(&self, name: &str) -> Option<&Table> {
        self.get(name).and_then(Node::as_table)
    }

    /// The tables of a list of tables; one table alone is a list of one.
    pub(crate) fn tables<'t>(&'t self, name: &str) -> impl Iterator<Item = &'t Table> + use<'t> {
        self.get(name).map(Node::items).unwrap_or_default().iter().filter_map(Node::as_table)
    }
}

impl Node {
    pub(crate) fn as_str(&self) -> Option<&str> {
        if let Item::Str(text, _) = &self.item { Some(text) } else { None }
    }

    pub(crate) fn as_table(&self) -> Option<&Table> {
        if let Item::Table(table) = &self.item { Some(table) } else { None }
    }

    /// The members of a list; anything else is a list of itself.
    pub(crate) fn items(&self) -> &[Node] {
        if let Item::List(items) = &self.item { items } else { std::slice::from_ref(self) }
    }

    /// Where bytes `start..end` of this string stand in the file; the whole string where it has escapes.
    pub(crate) fn part(&self, start: usize, end: usize) -> Spot {
        match self.item {
            Item::Str(_, Some(text_start)) => {
                Spot { file: self.spot.file, start: text_start + start, end: text_start + end }
            }
            Item::Str(_, None)
            | Item::Int(_)
            | Item::Float(_)
            | Item::Bool(_)
            | Item::Datetime(_)
            | Item::List(_)
            | Item::Table(_) => self.spot,
        }
    }

    /// What kind of value it is, in words.
    pub(crate) fn sort_in_words(&self) -> &'static str {
        match &self.item {
            Item::Str(..) => "text",
            Item::Int(_) => "a whole number",
            Item::Float(_) => "a decimal number",
            Item::Bool(_) => "true or false",
            Item::Datetime(_) => "a date or time",
            Item::List(_) => "a list",
            Item::Table(_) => "a table",
        }
    }
}
