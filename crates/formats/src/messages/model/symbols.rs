use crate::xml::{Document, text_hash};

/// The number of a name that the models know.
pub(super) type Symbol = u16;

/// The number of a name that no model knows.
pub(super) const UNKNOWN: Symbol = u16::MAX;

/// The names that the models know, and a table of places by a hash of ours.
#[derive(Debug)]
pub(super) struct Symbols {
    spaces: Vec<&'static str>,
    /// The hashes of the namespaces: one pass over them finds one.
    space_hashes: Vec<u64>,
    names: Vec<(u16, &'static str)>,
    table: Vec<u16>,
}

const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
const FREE: u16 = u16::MAX;

impl Symbols {
    pub(super) fn new() -> Self {
        Self {
            spaces: vec![""],
            space_hashes: vec![text_hash(b"")],
            names: Vec::with_capacity(1024),
            table: vec![FREE; 4096],
        }
    }

    /// The number of a namespace, a new one if need be.
    pub(super) fn add_space(&mut self, space: &'static str) -> u16 {
        self.space(space).unwrap_or_else(|| {
            self.spaces.push(space);
            self.space_hashes.push(text_hash(space.as_bytes()));
            number(self.spaces.len() - 1)
        })
    }

    /// The number of a name, a new one if need be.
    pub(super) fn add(&mut self, space: u16, local: &'static str) -> Symbol {
        let place = match self.place(space, local) {
            Ok(known) => return known,
            Err(place) => place,
        };
        let symbol = number(self.names.len());
        self.names.push((space, local));
        self.table[place] = symbol;
        if self.names.len() * 2 > self.table.len() {
            self.grow();
        }
        symbol
    }

    /// The number of a namespace; none if no model has it.
    pub(super) fn space(&self, space: &str) -> Option<u16> {
        let hash = text_hash(space.as_bytes());
        let mut both = self.space_hashes.iter().zip(&self.spaces);
        both.position(|(own, known)| *own == hash && *known == space).map(number)
    }

    /// The number of a name in a namespace, or [`UNKNOWN`].
    pub(super) fn find(&self, space: &str, local: &str) -> Symbol {
        self.space(space).map_or(UNKNOWN, |space| self.place(space, local).unwrap_or(UNKNOWN))
    }

    /// The namespace and local name of a symbol.
    pub(super) fn name(&self, symbol: Symbol) -> (&'static str, &'static str) {
        let (space, local) = self.names[usize::from(symbol)];
        (self.space_name(space), local)
    }

    /// A namespace by its number.
    pub(super) fn space_name(&self, space: u16) -> &'static str {
        self.spaces[usize::from(space)]
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// The symbols of a document's names, by their number in the document.
    pub(super) fn of_document(&self, document: &Document<'_>) -> Vec<Symbol> {
        let spaces: Vec<Option<u16>> = document.spaces().map(|space| self.space(space)).collect();
        let symbol = |(space, local, hash): (usize, &str, u64)| {
            spaces[space].map_or(UNKNOWN, |space| self.place_by(space, local, hash).unwrap_or(UNKNOWN))
        };
        document.known_names().map(symbol).collect()
    }

    /// The symbol of a name, or the free place for it.
    fn place(&self, space: u16, local: &str) -> Result<Symbol, usize> {
        self.place_by(space, local, text_hash(local.as_bytes()))
    }

    /// The same, where the hash of the local part is known.
    #[inline]
    fn place_by(&self, space: u16, local: &str, hash: u64) -> Result<Symbol, usize> {
        let mask = self.table.len() - 1;
        let mut place = place_of(space, hash) & mask;
        loop {
            match self.table[place] {
                FREE => return Err(place),
                known if self.names[usize::from(known)] == (space, local) => return Ok(known),
                _ => place = (place + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        self.table = vec![FREE; self.table.len() * 2];
        for (symbol, (space, local)) in (0..).zip(&self.names) {
            if let Err(place) = self.place(*space, local) {
                self.table[place] = symbol;
            }
        }
    }
}

/// Models have far fewer names and types than this counts.
pub(super) fn number(value: usize) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX - 1)
}

/// Only our own names are in the table: names of a document can't crowd it.
#[inline]
fn place_of(space: u16, hash: u64) -> usize {
    let mixed = (hash ^ u64::from(space).rotate_left(40)).wrapping_mul(MIX);
    usize::try_from(mixed >> 33).unwrap_or_default()
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
