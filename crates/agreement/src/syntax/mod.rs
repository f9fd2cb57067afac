//! TOML text as a tree in which every key and value knows where it stands.

mod node;
mod parse;

pub(crate) use node::{Entry, Item, Key, Node, Table};
pub(crate) use parse::parse;
