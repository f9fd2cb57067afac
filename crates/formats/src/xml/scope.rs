//! Which namespace a prefix stands for, where.

use std::borrow::Cow;

use super::{XML, XmlFault, scan::Fault};

/// The number of a namespace in its document; 0 is "none".
pub(super) type SpaceId = u32;
pub(super) const NO_SPACE: SpaceId = 0;
const XML_SPACE: SpaceId = 1;

/// Declarations in force, innermost last, and all namespaces met.
#[derive(Clone, Debug)]
pub(super) struct Scope<'a> {
    spaces: Vec<Cow<'a, str>>,
    bindings: Vec<(&'a str, SpaceId)>,
    /// For each open element that declares: what was in force outside it.
    outside: Vec<Outside>,
    /// Which declarations are in force: a number that is never used for others.
    current: u32,
    declaring_elements: u32,
    declared: usize,
}

#[derive(Clone, Copy, Debug)]
struct Outside {
    bindings: usize,
    current: u32,
}

impl<'a> Scope<'a> {
    pub(super) fn new() -> Self {
        Self {
            spaces: vec![Cow::Borrowed(""), Cow::Borrowed(XML)],
            bindings: vec![("xml", XML_SPACE)],
            outside: Vec::new(),
            current: 1,
            declaring_elements: 1,
            declared: 0,
        }
    }

    pub(super) fn into_spaces(self) -> Vec<Cow<'a, str>> {
        self.spaces
    }

    pub(super) fn space(&self, id: SpaceId) -> &str {
        &self.spaces[id as usize]
    }

    /// The number of the declarations in force; 0 is none of them.
    pub(super) fn current(&self) -> u32 {
        self.current
    }

    /// Begins an element that declares something.
    pub(super) fn open(&mut self) {
        self.outside.push(Outside { bindings: self.bindings.len(), current: self.current });
        self.declaring_elements += 1;
        self.current = self.declaring_elements;
    }

    /// Ends the innermost element that declares something.
    pub(super) fn close(&mut self) {
        if let Some(outside) = self.outside.pop() {
            self.bindings.truncate(outside.bindings);
            self.current = outside.current;
        }
    }

    /// Takes a declaration: `prefix` is empty for `xmlns="…"`.
    pub(super) fn declare(&mut self, prefix: &'a str, space: Cow<'a, str>, most: usize) -> Result<(), Fault> {
        self.declared += 1;
        if self.declared > most {
            return Err(Box::new(XmlFault::TooMuch { what: "namespace declarations", limit: most }));
        }
        let is_of_xml = prefix == "xml" || space == XML;
        if prefix == "xmlns"
            || (is_of_xml && (prefix != "xml" || space != XML))
            || (!prefix.is_empty() && space.is_empty())
        {
            return Err(Box::new(XmlFault::Declaration(prefix.to_owned())));
        }
        let own = self.outside.last().map_or(0, |outside| outside.bindings);
        if self.bindings[own..].iter().any(|(bound, _)| *bound == prefix) {
            let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
            return Err(Box::new(XmlFault::SameAttribute(name)));
        }
        let known = self.spaces.iter().position(|known| *known == space);
        let id = known.unwrap_or_else(|| {
            self.spaces.push(space);
            self.spaces.len() - 1
        });
        self.bindings.push((prefix, SpaceId::try_from(id).unwrap_or(NO_SPACE)));
        Ok(())
    }

    pub(super) fn of_prefix(&self, prefix: &str) -> Result<SpaceId, Fault> {
        match self.bindings.iter().rev().find(|(bound, _)| *bound == prefix) {
            Some((_, space)) => Ok(*space),
            None if prefix.is_empty() => Ok(NO_SPACE),
            None => Err(Box::new(XmlFault::Prefix(prefix.to_owned()))),
        }
    }
}
