//! Which namespace a prefix stands for, where.

use std::borrow::Cow;

use super::{
    XML, XmlFault,
    names::{Places, place_of, text_hash},
    scan::Fault,
    symbols::Symbols,
    words::short_word,
};

/// The number of a namespace in its document: those of known ones are the same in all documents. 0 is "none".
pub(super) type SpaceId = u32;
pub(super) const NO_SPACE: SpaceId = 0;

/// So many innermost declarations are looked through each time; what a prefix means past them is remembered.
const NEAR: usize = 16;

/// The namespaces of a document.
#[derive(Clone, Debug)]
pub(super) struct Spaces<'a> {
    symbols: &'static Symbols,
    /// Those that aren't known, numbered after those that are.
    own: Vec<Cow<'a, str>>,
}

impl<'a> Spaces<'a> {
    pub(super) fn name(&self, id: SpaceId) -> &str {
        let known = self.symbols.spaces();
        match known.get(id as usize) {
            Some((_, space)) => space,
            None => self.own[id as usize - known.len()].as_ref(),
        }
    }

    fn add(&mut self, space: Cow<'a, str>) -> SpaceId {
        if let Some(known) = self.symbols.space(&space) {
            return known.into();
        }
        let own = self.own.iter().position(|own| *own == space).unwrap_or_else(|| {
            self.own.push(space);
            self.own.len() - 1
        });
        SpaceId::try_from(self.symbols.spaces().len() + own).unwrap_or(NO_SPACE)
    }
}

/// Declarations in force, innermost last, and all namespaces met.
#[derive(Clone, Debug)]
pub(super) struct Scope<'a> {
    spaces: Spaces<'a>,
    bindings: Vec<Binding<'a>>,
    /// For each open element that declares: what was in force outside it.
    outside: Vec<Outside>,
    /// Which declarations are in force: a number that is never used for others.
    current: u32,
    /// The namespace of elements without prefix.
    default: SpaceId,
    declaring_elements: u32,
    declared: usize,
    far: Far<'a>,
}

#[derive(Clone, Copy, Debug)]
struct Binding<'a> {
    prefix: &'a str,
    /// [`short_word`] of the prefix.
    word: u64,
    space: SpaceId,
}

#[derive(Clone, Copy, Debug)]
struct Outside {
    bindings: usize,
    current: u32,
    default: SpaceId,
}

/// What prefixes mean that are declared far outside: the declarations in force, the prefix, its namespace.
#[derive(Clone, Debug, Default)]
struct Far<'a> {
    met: Vec<(u32, &'a [u8], Option<SpaceId>)>,
    by_prefix: Places,
}

impl<'a> Scope<'a> {
    pub(super) fn new(symbols: &'static Symbols) -> Self {
        let mut spaces = Spaces { symbols, own: Vec::new() };
        let xml = spaces.add(Cow::Borrowed(XML));
        let mut bindings = Vec::with_capacity(NEAR);
        bindings.push(Binding { prefix: "xml", word: short_word(b"xml"), space: xml });
        Self {
            spaces,
            bindings,
            outside: Vec::with_capacity(NEAR),
            current: 1,
            default: NO_SPACE,
            declaring_elements: 1,
            declared: 0,
            far: Far::default(),
        }
    }

    pub(super) fn into_spaces(self) -> Spaces<'a> {
        self.spaces
    }

    pub(super) fn space(&self, id: SpaceId) -> &str {
        self.spaces.name(id)
    }

    /// The namespace of elements without prefix.
    #[inline]
    pub(super) fn default(&self) -> SpaceId {
        self.default
    }

    /// Begins an element that declares something.
    pub(super) fn open(&mut self) {
        let outside = Outside { bindings: self.bindings.len(), current: self.current, default: self.default };
        self.outside.push(outside);
        self.declaring_elements += 1;
        self.current = self.declaring_elements;
    }

    /// Ends the innermost element that declares something.
    pub(super) fn close(&mut self) {
        if let Some(outside) = self.outside.pop() {
            self.bindings.truncate(outside.bindings);
            (self.current, self.default) = (outside.current, outside.default);
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
        if self.bindings[own..].iter().any(|binding| binding.prefix == prefix) {
            let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
            return Err(Box::new(XmlFault::SameAttribute(name)));
        }
        let space = self.spaces.add(space);
        if prefix.is_empty() {
            self.default = space;
        }
        self.bindings.push(Binding { prefix, word: short_word(prefix.as_bytes()), space });
        Ok(())
    }

    /// What a prefix stands for here, whose [`short_word`] this is; none if it isn't declared.
    #[inline]
    pub(super) fn of_prefix(&mut self, prefix: &'a [u8], word: u64) -> Option<SpaceId> {
        let near = self.bindings.len().saturating_sub(NEAR);
        let is_it = |binding: &&Binding<'_>| {
            binding.word == word && (word != 0 || binding.prefix.as_bytes() == prefix)
        };
        match self.bindings[near..].iter().rev().find(is_it) {
            Some(binding) => Some(binding.space),
            None if near == 0 => None,
            None => self.of_far_prefix(prefix, near),
        }
    }

    /// What a prefix that isn't kept stands for here.
    pub(super) fn declared_for(&self, prefix: &str) -> Option<SpaceId> {
        self.bindings.iter().rev().find(|binding| binding.prefix == prefix).map(|binding| binding.space)
    }

    #[cold]
    fn of_far_prefix(&mut self, prefix: &'a [u8], near: usize) -> Option<SpaceId> {
        let place = |current, prefix| place_of(current, text_hash(prefix));
        let met = &self.far.met;
        let is_it = |number: u32| (met[number as usize].0, met[number as usize].1) == (self.current, prefix);
        if let Some(number) = self.far.by_prefix.find(place(self.current, prefix), is_it) {
            return self.far.met[number as usize].2;
        }
        let is_it = |binding: &&Binding<'_>| binding.prefix.as_bytes() == prefix;
        let space = self.bindings[..near].iter().rev().find(is_it).map(|binding| binding.space);
        self.far.met.push((self.current, prefix, space));
        let met = &self.far.met;
        self.far.by_prefix.put(met.len(), |number| place(met[number as usize].0, met[number as usize].1));
        space
    }
}
