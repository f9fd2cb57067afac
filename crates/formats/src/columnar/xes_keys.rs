use std::collections::BTreeMap;

use super::fields::Reading;
use crate::{
    columns::Target,
    draft::{TextField, TimeField},
    xes_event::{NAME, OWN, OWN_BODY, OWN_BODY_FIELD, OWN_FACT, TIME},
};

/// What the keys of a log's attributes are for, and how their tags are written.
///
/// A writer writes the same tags over and over, so from one value to the next most logs have one of few ways:
/// a way is the bytes from after a value's tag to the next value. Those that were met are tried first.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    by_key: BTreeMap<String, usize>,
    targets: Vec<Purpose>,
    by_target: BTreeMap<Option<Target>, usize>,
    ways: Vec<Way>,
    by_bytes: BTreeMap<Vec<u8>, usize>,
    /// Counts the events, so that a target knows in which it was met last.
    event: u64,
}

/// What an attribute is for.
#[derive(Debug)]
pub(crate) struct Purpose {
    /// `None`: it only says that there is a body.
    pub(crate) target: Option<Target>,
    /// The column of a fact or body field, if it is wanted.
    pub(crate) column: Option<usize>,
    met_in: u64,
}

/// From one value to the next.
#[derive(Debug)]
struct Way {
    bytes: Vec<u8>,
    leads_to: Step,
    /// The ways that were taken after this one, the last one first.
    next: [usize; CANDIDATES],
}

/// What stands after a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The value of an attribute; with the number of its purpose.
    Value(usize, Reading),
    /// The event is at its end.
    End,
}

const CANDIDATES: usize = 4;
const NO_WAY: usize = usize::MAX;
/// A log with more has a writer of its own kind, or none.
const WAYS_MAX: usize = 512;
const KEYS_MAX: usize = 4096;

/// The tags that plain attributes have.
const TAGS: [(&[u8], Reading); 6] = [
    (b"<string key=\"", Reading::Text),
    (b"<date key=\"", Reading::Text),
    (b"<int key=\"", Reading::Number),
    (b"<float key=\"", Reading::Number),
    (b"<boolean key=\"", Reading::Boolean),
    (b"<id key=\"", Reading::Text),
];

impl Keys {
    /// The way before the first attribute of an event.
    pub(crate) fn start_event(&mut self) -> usize {
        self.event += 1;
        if self.ways.is_empty() {
            self.add_way(Vec::new(), Step::End);
        }
        0
    }

    pub(crate) fn purpose(&self, number: usize) -> &Purpose {
        &self.targets[number]
    }

    /// Notes that a purpose is served in this event; says no if it was already.
    pub(crate) fn meet(&mut self, number: usize) -> bool {
        let first = self.targets[number].met_in != self.event || self.targets[number].target.is_none();
        self.targets[number].met_in = self.event;
        first
    }

    /// Goes from the way `before` on to what stands at the start of `bytes`: the way, what it leads to, and how many
    /// bytes it has. `None` where that isn't plain.
    ///
    /// A new purpose gets its column from `column`.
    #[inline]
    pub(crate) fn go_on(
        &mut self,
        before: usize,
        bytes: &[u8],
        column: impl FnOnce(&Target) -> Option<usize>,
    ) -> Option<(usize, Step, usize)> {
        for way in self.ways[before].next {
            let Some(candidate) = self.ways.get(way) else { break };
            if bytes.starts_with(&candidate.bytes) {
                return Some((way, candidate.leads_to, candidate.bytes.len()));
            }
        }
        self.find_way(before, bytes, column)
    }

    #[cold]
    fn find_way(
        &mut self,
        before: usize,
        bytes: &[u8],
        column: impl FnOnce(&Target) -> Option<usize>,
    ) -> Option<(usize, Step, usize)> {
        let (length, step) = match plain_key(bytes)? {
            Plain::Value { length, reading, key } => {
                (length, Step::Value(self.number(key, column)?, reading))
            }
            Plain::End { length } => (length, Step::End),
        };
        let way = match self.by_bytes.get(&bytes[..length]) {
            Some(way) => *way,
            None if self.ways.len() < WAYS_MAX => self.add_way(bytes[..length].to_vec(), step),
            None => return None,
        };
        let next = &mut self.ways[before].next;
        next.rotate_right(1);
        next[0] = way;
        Some((way, step, length))
    }

    fn add_way(&mut self, bytes: Vec<u8>, leads_to: Step) -> usize {
        self.ways.push(Way { bytes: bytes.clone(), leads_to, next: [NO_WAY; CANDIDATES] });
        if !bytes.is_empty() {
            self.by_bytes.insert(bytes, self.ways.len() - 1);
        }
        self.ways.len() - 1
    }

    fn number(&mut self, key: &str, column: impl FnOnce(&Target) -> Option<usize>) -> Option<usize> {
        if let Some(number) = self.by_key.get(key) {
            return Some(*number);
        }
        if self.by_key.len() == KEYS_MAX {
            return None;
        }
        let target = target(key);
        let number = self.by_target.get(&target).copied().unwrap_or_else(|| {
            let column = target.as_ref().and_then(column);
            self.targets.push(Purpose { target: target.clone(), column, met_in: 0 });
            self.by_target.insert(target, self.targets.len() - 1);
            self.targets.len() - 1
        });
        self.by_key.insert(key.to_owned(), number);
        Some(number)
    }
}

/// What an attribute with this key is read into; `None` if it only says that there is a body.
fn target(key: &str) -> Option<Target> {
    match key {
        NAME => return Some(Target::Kind),
        TIME => return Some(Target::Time(TimeField::At as u8)),
        OWN_BODY => return None,
        _ => {}
    }
    let Some(own) = key.strip_prefix(OWN) else { return Some(Target::Body(key.to_owned())) };
    if let Some(fact) = key.strip_prefix(OWN_FACT) {
        return Some(Target::Fact(fact.to_owned()));
    }
    let time = TimeField::ALL.into_iter().find(|field| field.name() == own);
    let text = TextField::ALL.into_iter().find(|field| field.name() == own);
    let field = time.map(|field| Target::Time(field as u8)).or(text.map(|field| Target::Text(field as u8)));
    let body = || Target::Body(key.strip_prefix(OWN_BODY_FIELD).unwrap_or(key).to_owned());
    Some(field.unwrap_or_else(body))
}

/// What stands plainly at the start of bytes.
pub(crate) enum Plain<'b> {
    /// An attribute up to where its value begins.
    Value { length: usize, reading: Reading, key: &'b str },
    /// The end tag of an event.
    End { length: usize },
}

/// Reads blanks, and either the start of an attribute's tag or the end of an event.
pub(crate) fn plain_key(bytes: &[u8]) -> Option<Plain<'_>> {
    const EVENT_END: &[u8] = b"</event>";
    let blanks = blanks(bytes);
    let tag = &bytes[blanks..];
    if tag.starts_with(EVENT_END) {
        return Some(Plain::End { length: blanks + EVENT_END.len() });
    }
    let (start, reading) = TAGS.into_iter().find(|(start, _)| tag.starts_with(start))?;
    let key = plain_value(&tag[start.len()..])?;
    let after = &tag[start.len() + key.len()..];
    let value = b"\" value=\"";
    after.starts_with(value).then_some(())?;
    let length = blanks + start.len() + key.len() + value.len();
    Some(Plain::Value { length, reading, key: std::str::from_utf8(key).ok()? })
}

/// The bytes up to the quote that ends a value, if each stands for itself.
#[inline]
pub(crate) fn plain_value(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().position(|byte| SPECIAL[usize::from(*byte)])?;
    (bytes[end] == b'"').then_some(&bytes[..end])
}

/// Bytes that end a plain value: the quote, and those that make it another than plain.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        special[byte] = true;
        byte += 1;
    }
    special[b'"' as usize] = true;
    special[b'&' as usize] = true;
    special[b'<' as usize] = true;
    special[b'>' as usize] = true;
    special
};

/// How many bytes of XML's white space stand at the start.
#[inline]
pub(crate) fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count()
}
