//! Names that are known beforehand, each with a number that never changes while the program runs.

use super::{
    names::{place_of, text_hash},
    words::is_same,
};

/// The number of a known name.
pub(crate) type Symbol = u16;

/// The number of a name that isn't known.
pub(crate) const UNKNOWN: Symbol = u16::MAX;

/// Known names and namespaces, with tables of places by a hash of ours.
#[derive(Debug)]
pub(crate) struct Symbols {
    spaces: Vec<(u64, &'static str)>,
    spaces_table: Vec<u16>,
    names: Vec<Known>,
    table: Vec<u16>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    /// [`text_hash`] of the local part.
    hash: u64,
    local: &'static str,
    space: u16,
}

const FREE: u16 = u16::MAX;

impl Symbols {
    pub(crate) fn new() -> Self {
        let mut symbols = Self {
            spaces: Vec::new(),
            spaces_table: vec![FREE; 1024],
            names: Vec::with_capacity(1024),
            table: vec![FREE; 4096],
        };
        symbols.add_space("");
        symbols
    }

    /// The number of a namespace, a new one if need be.
    pub(crate) fn add_space(&mut self, space: &'static str) -> u16 {
        let place = match self.space_place(space) {
            Ok(known) => return known,
            Err(place) => place,
        };
        let new = number(self.spaces.len());
        self.spaces.push((text_hash(space.as_bytes()), space));
        self.spaces_table[place] = new;
        if self.spaces.len() * 2 > self.spaces_table.len() {
            self.spaces_table = vec![FREE; self.spaces_table.len() * 2];
            for number in 0..=new {
                if let Err(place) = self.space_place(self.spaces[usize::from(number)].1) {
                    self.spaces_table[place] = number;
                }
            }
        }
        new
    }

    /// The number of a name, a new one if need be.
    pub(crate) fn add(&mut self, space: u16, local: &'static str) -> Symbol {
        let hash = text_hash(local.as_bytes());
        let place = match self.place(space, local.as_bytes(), hash) {
            Ok(known) => return known,
            Err(place) => place,
        };
        let symbol = number(self.names.len());
        self.names.push(Known { hash, local, space });
        self.table[place] = symbol;
        if self.names.len() * 2 > self.table.len() {
            self.grow();
        }
        symbol
    }

    /// The number of a namespace; none if it isn't known.
    pub(crate) fn space(&self, space: &str) -> Option<u16> {
        self.space_place(space).ok()
    }

    /// The number of a name in a namespace, or [`UNKNOWN`].
    pub(crate) fn find(&self, space: &str, local: &str) -> Symbol {
        let hash = text_hash(local.as_bytes());
        let known = |space| self.place(space, local.as_bytes(), hash).unwrap_or(UNKNOWN);
        self.space(space).map_or(UNKNOWN, known)
    }

    /// The symbol of a name, whose hash is [`text_hash`] of its local part.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call costs as much as the look")]
    pub(super) fn known(&self, space: u32, local: &[u8], hash: u64) -> Option<Symbol> {
        let mask = self.table.len() - 1;
        let mut place = place_of(space, hash) & mask;
        loop {
            let symbol = self.table[place];
            let known = self.names.get(usize::from(symbol))?;
            if known.hash == hash && u32::from(known.space) == space && same(known.local.as_bytes(), local) {
                return Some(symbol);
            }
            place = (place + 1) & mask;
        }
    }

    /// The namespace and local name of a symbol.
    pub(crate) fn name(&self, symbol: Symbol) -> (&'static str, &'static str) {
        let known = &self.names[usize::from(symbol)];
        (self.space_name(known.space), known.local)
    }

    /// The number of the namespace, and the local name, of the name with this number; none if no known name has it.
    #[inline]
    pub(super) fn get(&self, number: u32) -> Option<(u32, &'static str)> {
        self.names.get(number as usize).map(|known| (u32::from(known.space), known.local))
    }

    /// A namespace by its number.
    pub(crate) fn space_name(&self, space: u16) -> &'static str {
        self.spaces[usize::from(space)].1
    }

    /// How many names are known.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The known namespaces, by their numbers.
    pub(super) fn spaces(&self) -> &[(u64, &'static str)] {
        &self.spaces
    }

    fn space_place(&self, space: &str) -> Result<u16, usize> {
        let hash = text_hash(space.as_bytes());
        let mask = self.spaces_table.len() - 1;
        let mut place = place_of(0, hash) & mask;
        loop {
            match self.spaces_table[place] {
                FREE => return Err(place),
                known if self.spaces[usize::from(known)] == (hash, space) => return Ok(known),
                _ => place = (place + 1) & mask,
            }
        }
    }

    /// The symbol of a name, or the free place for it.
    fn place(&self, space: u16, local: &[u8], hash: u64) -> Result<Symbol, usize> {
        if let Some(known) = self.known(space.into(), local, hash) {
            return Ok(known);
        }
        let mask = self.table.len() - 1;
        let mut place = place_of(space.into(), hash) & mask;
        while self.table[place] != FREE {
            place = (place + 1) & mask;
        }
        Err(place)
    }

    fn grow(&mut self) {
        self.table = vec![FREE; self.table.len() * 2];
        for symbol in 0..number(self.names.len()) {
            let Known { hash, local, space } = self.names[usize::from(symbol)];
            if let Err(place) = self.place(space, local.as_bytes(), hash) {
                self.table[place] = symbol;
            }
        }
    }
}

/// Whether two texts of the same hash are the same: of up to eight bytes, those of one length are.
#[inline]
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && (one.len() <= 8 || is_same(one, other))
}

/// Models have far fewer names and types than this counts.
pub(crate) fn number(value: usize) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::{Symbols, UNKNOWN};

    #[test]
    fn each_name_has_its_number_however_many_there_are() {
        let mut symbols = Symbols::new();
        let space = symbols.add_space("urn:x");
        let names: Vec<&'static str> = (0..3_000).map(|number| &*format!("Name{number}").leak()).collect();
        let numbers: Vec<_> = names.iter().map(|name| symbols.add(space, name)).collect();
        for (name, number) in names.iter().zip(&numbers) {
            assert_eq!((symbols.find("urn:x", name), symbols.add(space, name)), (*number, *number));
            assert_eq!((symbols.find("", name), symbols.find("urn:y", name)), (UNKNOWN, UNKNOWN));
        }
        assert_eq!(symbols.len(), 3_000);
    }

    #[test]
    fn namespaces_that_differ_in_the_middle_are_two() {
        let mut symbols = Symbols::new();
        let all = ["http://example.no/a/2012-04-01", "http://example.no/b/2012-04-01"];
        let [one, other] = all.map(|space| symbols.add_space(space));
        assert_ne!(one, other);
        assert_eq!(all.map(|space| symbols.space(space)), [Some(one), Some(other)]);
    }
}
