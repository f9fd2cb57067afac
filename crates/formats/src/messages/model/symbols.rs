use crate::xml::Document;

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
const SPACES_AT_HAND: usize = 16;

impl Symbols {
    pub(super) fn new() -> Self {
        Self {
            spaces: vec![""],
            space_hashes: vec![space_hash("")],
            names: Vec::with_capacity(1024),
            table: vec![FREE; 4096],
        }
    }

    /// The number of a namespace, a new one if need be.
    pub(super) fn add_space(&mut self, space: &'static str) -> u16 {
        self.space(space).unwrap_or_else(|| {
            self.spaces.push(space);
            self.space_hashes.push(space_hash(space));
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
        let hash = space_hash(space);
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
    pub(super) fn of_document<'d>(&self, document: &'d Document<'d>) -> Vec<Symbol> {
        let mut at_hand: [(&str, Option<u16>); SPACES_AT_HAND] = [("", Some(0)); SPACES_AT_HAND];
        let mut next = 0;
        let mut space_of = |space: &'d str| {
            if let Some((_, number)) = at_hand.iter().find(|(known, _)| std::ptr::eq(*known, space)) {
                return *number;
            }
            let number = self.space(space);
            at_hand[next % SPACES_AT_HAND] = (space, number);
            next += 1;
            number
        };
        let symbol = |id| {
            let (space, local) = document.name(id);
            space_of(space).map_or(UNKNOWN, |space| self.place(space, local).unwrap_or(UNKNOWN))
        };
        let names = u32::try_from(document.names()).unwrap_or(u32::MAX);
        (0..names).map(crate::xml::NameId).map(symbol).collect()
    }

    /// The symbol of a name, or the free place for it.
    fn place(&self, space: u16, local: &str) -> Result<Symbol, usize> {
        let mask = self.table.len() - 1;
        let mut place = place_of(hash(space, local)) & mask;
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

/// The first and the last eight bytes, mixed. Only our own names are in the table: names of a document can't crowd it.
fn hash(space: u16, local: &str) -> u64 {
    let bytes = local.as_bytes();
    let (first, last) = match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        (_, _) => (bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
    };
    let length = (bytes.len() as u64) << 16 | u64::from(space);
    (first ^ last.rotate_left(29) ^ length.rotate_left(47)).wrapping_mul(MIX)
}

/// Namespaces mostly begin and end alike: all of one is mixed.
fn space_hash(space: &str) -> u64 {
    space.as_bytes().chunks(8).fold(0, |state: u64, chunk| {
        let word = chunk.iter().fold(0, |word: u64, byte| word << 8 | u64::from(*byte));
        (state.rotate_left(23) ^ word).wrapping_mul(MIX)
    })
}

fn place_of(hash: u64) -> usize {
    usize::try_from(hash >> 33).unwrap_or_default()
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
