use std::collections::BTreeMap;

use jiff::Timestamp;
use samspill_base::{Decimal, Entry, Position, Value};

use super::{FORM, VALUE_DEPTH_MAX, tag, write::decimal_text};

/// Bytes that are no entry in canonical form, and what is wrong with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreadable(pub(crate) &'static str);

/// Reads an entry back. Bytes that [`entry_bytes`](super::entry_bytes) would not write are refused, so that an entry
/// has one form only.
pub(crate) fn read_entry(bytes: &[u8], position: Position) -> Result<Entry, Unreadable> {
    let mut input = Input { rest: bytes };
    if input.byte()? != FORM {
        return Err(Unreadable("the first byte names a form that this program doesn't know"));
    }
    let entry = Entry {
        case: input.text()?,
        kind: input.text()?,
        position,
        happened: input.instant()?,
        sent: input.maybe(Input::instant)?,
        received: input.maybe(Input::instant)?,
        acknowledged: input.maybe(Input::instant)?,
        recorded: input.maybe(Input::instant)?,
        as_of: input.maybe(Input::instant)?,
        id: input.maybe(Input::text)?,
        person: input.maybe(Input::text)?,
        from: input.maybe(Input::text)?,
        to: input.maybe(Input::text)?,
        facts: input.map(0)?,
        body: input.maybe(|input| input.map(0))?,
    };
    if input.rest.is_empty() { Ok(entry) } else { Err(Unreadable("something follows the end of the entry")) }
}

struct Input<'a> {
    rest: &'a [u8],
}

impl Input<'_> {
    fn take(&mut self, count: usize) -> Result<&[u8], Unreadable> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Unreadable("the bytes end too early"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        let (taken, rest) =
            self.rest.split_first_chunk::<N>().ok_or(Unreadable("the bytes end too early"))?;
        self.rest = rest;
        Ok(*taken)
    }

    fn byte(&mut self) -> Result<u8, Unreadable> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn count(&mut self) -> Result<usize, Unreadable> {
        let count = u32::from_be_bytes(self.array()?);
        usize::try_from(count).map_err(|_| Unreadable("a count is larger than memory"))
    }

    fn text(&mut self) -> Result<String, Unreadable> {
        let count = self.count()?;
        let bytes = self.take(count)?;
        std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Unreadable("a text is not UTF-8"))
    }

    fn instant(&mut self) -> Result<Timestamp, Unreadable> {
        let nanoseconds = i128::from_be_bytes(self.array()?);
        Timestamp::from_nanosecond(nanoseconds).map_err(|_| Unreadable("an instant is outside the calendar"))
    }

    fn maybe<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Unreadable>,
    ) -> Result<Option<T>, Unreadable> {
        match self.byte()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            _ => Err(Unreadable("what may be missing begins with neither 0 nor 1")),
        }
    }

    fn map(&mut self, depth: usize) -> Result<BTreeMap<String, Value>, Unreadable> {
        let mut map = BTreeMap::new();
        for _ in 0..self.count()? {
            let name = self.text()?;
            if map.last_key_value().is_some_and(|(last, _)| *last >= name) {
                return Err(Unreadable("names are not in their order, or one stands there twice"));
            }
            map.insert(name, self.value(depth)?);
        }
        Ok(map)
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Value>, Unreadable> {
        let mut list = Vec::new();
        for _ in 0..self.count()? {
            list.push(self.value(depth)?);
        }
        Ok(list)
    }

    fn value(&mut self, depth: usize) -> Result<Value, Unreadable> {
        let tag = self.byte()?;
        if matches!(tag, tag::LIST | tag::MAP) && depth >= VALUE_DEPTH_MAX {
            return Err(Unreadable("values are too deep within each other"));
        }
        match tag {
            tag::EMPTY => Ok(Value::Empty),
            tag::NO => Ok(Value::Bool(false)),
            tag::YES => Ok(Value::Bool(true)),
            tag::NUMBER => self.number().map(Value::Number),
            tag::TEXT => self.text().map(Value::Text),
            tag::LIST => self.list(depth + 1).map(Value::List),
            tag::MAP => self.map(depth + 1).map(Value::Map),
            _ => Err(Unreadable("a value is of no kind that there is")),
        }
    }

    fn number(&mut self) -> Result<Decimal, Unreadable> {
        let text = self.text()?;
        decimal(&text)
            .filter(|number| decimal_text(*number) == text)
            .ok_or(Unreadable("a number is not in its shortest form"))
    }
}

/// A decimal from its text; `None` where no decimal is exactly that. The smallest whole number has no positive twin, so that `Decimal::parse` passes it by.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    Decimal::parse(text).or_else(|| text.parse().ok().map(Decimal::whole))
}
