//! Patterns of simple types, as tables: a look for each byte, whatever the value.

use super::{notation::Occurs, positions::Part, positions::Positions};

/// A pattern that holds for a whole value.
///
/// Of the patterns of XML Schema it knows what the standards use: ASCII characters, `\d`, `\` before a sign, groups, `|`, `?`,
/// `*` and `+`. `\d` is a digit from 0 to 9.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// The next state by byte, for each state: the first is where a value begins, the last where none goes on.
    next: Vec<[u8; 256]>,
    /// Whether a value may end in it, for each state.
    accepts: Vec<bool>,
    /// The state that [`LEAD`] comes to.
    after_lead: u8,
}

/// How the identifiers of the national code tables begin, and so nearly all values that have a pattern: it is compared in one go.
const LEAD: &str = "2.16.578.1.12.4.1.1.";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaf {
    Digit,
    Character(u8),
}

const PLACES_MAX: usize = 64;
/// While a table is made: no value goes on so.
const FAILS: u8 = u8::MAX;
const TOO_MANY: &str = "the pattern has too many states";

impl Pattern {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text.chars().peekable(), positions: Positions::new() };
        let part = reader.alternatives()?;
        if let Some(character) = reader.rest.next() {
            return Err(format!("`{character}` is left over in the pattern `{text}`"));
        }
        if reader.positions.leaves.len() > PLACES_MAX {
            return Err(format!("the pattern `{text}` has more than {PLACES_MAX} characters"));
        }
        Places::new(&reader.positions, &part).states()
    }

    /// Goes to the end of the value also where it has failed: a step that asks nothing is the shortest.
    pub(super) fn holds(&self, value: &str) -> bool {
        let end = match value.strip_prefix(LEAD) {
            Some(rest) => self.come_to(self.after_lead, rest),
            None => self.come_to(0, value),
        };
        self.accepts[usize::from(end)]
    }

    /// The state that a text comes to from another.
    fn come_to(&self, from: u8, text: &str) -> u8 {
        text.bytes().fold(from, |state, byte| self.next[usize::from(state)][usize::from(byte)])
    }
}

impl Leaf {
    fn is(self, byte: u8) -> bool {
        match self {
            Self::Digit => byte.is_ascii_digit(),
            Self::Character(own) => byte == own,
        }
    }
}

/// A pattern by places, each a bit: a state of the table is a set of places that a value may have come to.
struct Places<'p> {
    leaves: &'p [Leaf],
    first: u64,
    follow: Vec<u64>,
    last: u64,
    optional: bool,
}

impl<'p> Places<'p> {
    fn new(positions: &'p Positions<Leaf>, part: &Part) -> Self {
        let follow = positions.follow.iter().map(|places| bits(places)).collect();
        Self {
            leaves: &positions.leaves,
            first: bits(&part.first),
            follow,
            last: bits(&part.last),
            optional: part.optional,
        }
    }

    fn states(&self) -> Result<Pattern, String> {
        // The beginning is no place: its set is empty, and no other state's is.
        let mut sets = vec![0];
        let (mut next, mut accepts) = (Vec::new(), Vec::new());
        while let Some(set) = sets.get(next.len()).copied() {
            let is_first = next.is_empty();
            let may_follow = if is_first { self.first } else { self.after(set) };
            next.push(self.steps(may_follow, &mut sets)?);
            accepts.push(if is_first { self.optional } else { set & self.last != 0 });
        }
        let fails = u8::try_from(next.len()).ok().filter(|fails| *fails < FAILS).ok_or(TOO_MANY)?;
        for state in &mut next {
            state.iter_mut().filter(|then| **then == FAILS).for_each(|then| *then = fails);
        }
        next.push([fails; 256]);
        accepts.push(false);
        let mut pattern = Pattern { next, accepts, after_lead: 0 };
        pattern.after_lead = pattern.come_to(0, LEAD);
        Ok(pattern)
    }

    /// The next state by byte; [`FAILS`] where no value goes on so. Sets that are new get the next numbers.
    fn steps(&self, may_follow: u64, sets: &mut Vec<u64>) -> Result<[u8; 256], String> {
        let mut next = [FAILS; 256];
        for (byte, next) in (0..128).zip(&mut next) {
            let then = self.step(may_follow, byte);
            if then != 0 {
                let known = sets.iter().position(|set| *set == then).unwrap_or(sets.len());
                if known == sets.len() {
                    sets.push(then);
                }
                *next = u8::try_from(known).map_err(|_| TOO_MANY)?;
            }
        }
        Ok(next)
    }

    fn step(&self, may_follow: u64, byte: u8) -> u64 {
        places(may_follow)
            .filter(|place| self.leaves[*place].is(byte))
            .fold(0, |set, place| set | (1 << place))
    }

    fn after(&self, set: u64) -> u64 {
        places(set).fold(0, |after, place| after | self.follow[place])
    }
}

fn bits(places: &[u16]) -> u64 {
    places.iter().fold(0, |bits, place| bits | (1 << place))
}

fn places(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = bits.trailing_zeros() as usize;
        bits &= bits.wrapping_sub(1);
        (place < PLACES_MAX).then_some(place)
    })
}

struct Reader<'p> {
    rest: std::iter::Peekable<std::str::Chars<'p>>,
    positions: Positions<Leaf>,
}

impl Reader<'_> {
    fn alternatives(&mut self) -> Result<Part, String> {
        let mut all = self.sequence()?;
        while self.rest.next_if_eq(&'|').is_some() {
            let other = self.sequence()?;
            all = Positions::<Leaf>::choice(all, other);
        }
        Ok(all)
    }

    fn sequence(&mut self) -> Result<Part, String> {
        let mut all = self.positions.nothing();
        while self.rest.peek().is_some_and(|next| !matches!(next, '|' | ')')) {
            let part = self.part()?;
            all = self.positions.sequence(all, part);
        }
        Ok(all)
    }

    fn character(&mut self, character: char) -> Result<Part, String> {
        let byte = u8::try_from(character).ok().filter(u8::is_ascii);
        Ok(self.positions.leaf(Leaf::Character(byte.ok_or("a character of a pattern isn't ASCII")?)))
    }

    fn part(&mut self) -> Result<Part, String> {
        let part = match self.rest.next() {
            Some('(') => {
                let inner = self.alternatives()?;
                self.rest.next_if_eq(&')').ok_or("`)` is missing")?;
                inner
            }
            Some('\\') => match self.rest.next() {
                Some('d') => self.positions.leaf(Leaf::Digit),
                Some(sign) if sign.is_ascii_punctuation() => self.character(sign)?,
                other => return Err(format!("`\\{}` isn't known", other.unwrap_or(' '))),
            },
            Some(sign @ ('[' | '.' | '{')) => return Err(format!("`{sign}` isn't known in patterns")),
            Some(character) => self.character(character)?,
            None => return Err("the pattern ends too early".to_owned()),
        };
        Ok(match self.rest.next_if(|next| matches!(next, '?' | '*' | '+')) {
            Some('?') => self.positions.repeat(part, Occurs::Optional),
            Some('*') => self.positions.repeat(part, Occurs::Any),
            Some(_) => self.positions.repeat(part, Occurs::Some),
            None => part,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{LEAD, Pattern};

    fn check(pattern: &str, hold: &[&str], fail: &[&str]) {
        let pattern = Pattern::read(pattern).unwrap();
        for value in hold {
            assert!(pattern.holds(value), "{value}");
        }
        for value in fail {
            assert!(!pattern.holds(value), "{value}");
        }
    }

    #[test]
    fn object_identifiers_are_numbers_with_single_points_between() {
        let fail = ["", ".", "1.", ".1", "1..2", "1.2.", "1 2", "2.16.578.1.12.4.1.1.x"];
        check(r"(\d+\.?)*\d+", &["1", "12", "1.2", "2.16.578.1.12.4.1.1.8116"], &fail);
        let (table, fail) =
            (format!("{LEAD}8116"), [LEAD, &format!("{LEAD}.1"), &format!("{LEAD}1x"), &format!("x{LEAD}1")]);
        check(r"(\d+\.?)*\d+", &[&table, LEAD.trim_end_matches('.')], &fail);
        check("a*", &[""], &[&table, LEAD]);
    }

    #[test]
    fn a_long_value_that_almost_holds_takes_no_longer() {
        let almost = "1".repeat(100_000) + "x";
        check(r"(\d+\.?)*\d+", &[], &[&almost]);
    }

    #[test]
    fn alternatives_and_marks_of_how_often() {
        check("true|false", &["true", "false"], &["", "tru", "truefalse"]);
        check("a*", &["", "aa"], &["b"]);
        check("a?(b|cd)+e*", &["b", "ab", "acdbee", "bcd"], &["", "a", "ae", "ac", "abx"]);
    }

    #[test]
    fn what_patterns_do_not_know_is_refused() {
        for pattern in ["[a-z]", "a{2}", ".", r"\w", "(a", "a)", "å"] {
            assert!(Pattern::read(pattern).is_err(), "{pattern}");
        }
    }
}
