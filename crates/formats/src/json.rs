use std::{borrow::Cow, collections::BTreeMap};

use samspill_base::{Decimal, Value};

use crate::{Limits, item::shown};

/// So deep a value can be read and dropped on the smallest stacks that threads have.
const DEPTH_SAFE: usize = 256;

/// A reader of JSON text that keeps numbers as written, knows where it is, refuses a key that comes twice and never
/// goes deeper than its limit.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    depth_max: usize,
    fields_left: usize,
}

/// What is wrong, and at which byte of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JsonTrouble {
    pub(crate) at: usize,
    pub(crate) message: String,
}

type Read<T> = Result<T, JsonTrouble>;

/// What a value is, told from its first character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
}

impl Shape {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str, limits: &Limits) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            depth_max: limits.depth_max.min(DEPTH_SAFE),
            fields_left: limits.fields_max,
        }
    }

    /// The byte at which the next token starts.
    pub(crate) fn place(&mut self) -> usize {
        self.blanks();
        self.at
    }

    /// Goes to a byte that [`Cursor::place`] gave.
    pub(crate) fn go_to(&mut self, at: usize) {
        self.at = at;
        self.depth = 0;
    }

    /// Starts counting fields anew: what comes is another entry.
    pub(crate) fn allow_fields(&mut self, count: usize) {
        self.fields_left = count;
    }

    /// Uses up one of the fields that an entry may have.
    pub(crate) fn count_field(&mut self, at: usize) -> Read<()> {
        match self.fields_left.checked_sub(1) {
            Some(left) => self.fields_left = left,
            None => {
                return trouble(
                    at,
                    "too many fields in one entry: leave some out, or raise the limit for fields",
                );
            }
        }
        Ok(())
    }

    /// The shape of the next value.
    pub(crate) fn shape(&mut self) -> Read<Shape> {
        self.blanks();
        Ok(match self.peek() {
            Some(b'n') => Shape::Null,
            Some(b't' | b'f') => Shape::Bool,
            Some(b'-' | b'0'..=b'9') => Shape::Number,
            Some(b'"') => Shape::Text,
            Some(b'[') => Shape::List,
            Some(b'{') => Shape::Object,
            Some(_) => return self.unexpected("a value"),
            None => return trouble(self.at, "it breaks off where a value should be"),
        })
    }

    /// Refuses anything but blanks after the value.
    pub(crate) fn end(&mut self) -> Read<()> {
        self.blanks();
        if self.at == self.text.len() { Ok(()) } else { self.unexpected("nothing more") }
    }

    /// Calls `each` at every member's value, with the key and the byte at which it starts.
    pub(crate) fn members(
        &mut self,
        mut each: impl FnMut(&mut Self, Cow<'a, str>, usize) -> Read<()>,
    ) -> Read<()> {
        self.open(b'{', "an object")?;
        if self.take(b'}') {
            self.close();
            return Ok(());
        }
        loop {
            let at = self.place();
            if self.peek() != Some(b'"') {
                return self.unexpected("a key in quotes");
            }
            let key = self.string()?;
            if !self.take(b':') {
                return self.unexpected("a colon after the key");
            }
            each(self, key, at)?;
            if self.take(b'}') {
                self.close();
                return Ok(());
            }
            if !self.take(b',') {
                return self.unexpected("a comma or }");
            }
        }
    }

    /// Calls `each` at every element of a list.
    pub(crate) fn elements(&mut self, mut each: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.open(b'[', "a list")?;
        if self.take(b']') {
            self.close();
            return Ok(());
        }
        loop {
            each(self)?;
            if self.take(b']') {
                self.close();
                return Ok(());
            }
            if !self.take(b',') {
                return self.unexpected("a comma or ]");
            }
        }
    }

    /// The next value, whatever it is.
    pub(crate) fn value(&mut self) -> Read<Value> {
        Ok(match self.shape()? {
            Shape::Null => self.word("null").map(|()| Value::Empty)?,
            Shape::Bool => Value::Bool(self.boolean()?),
            Shape::Number => number(self.number_text()?),
            Shape::Text => Value::Text(self.string()?.into_owned()),
            Shape::List => {
                let mut values = Vec::new();
                self.elements(|cursor| cursor.value().map(|value| values.push(value)))?;
                Value::List(values)
            }
            Shape::Object => Value::Map(self.map()?),
        })
    }

    /// The next value as named values.
    pub(crate) fn map(&mut self) -> Read<BTreeMap<String, Value>> {
        let mut map = BTreeMap::new();
        self.members(|cursor, key, at| {
            cursor.count_field(at)?;
            let value = cursor.value()?;
            match map.insert(key.into_owned(), value) {
                None => Ok(()),
                Some(_) => trouble(at, "this key stands here a second time: keep one of them"),
            }
        })?;
        Ok(map)
    }

    /// The next value, which must be text.
    pub(crate) fn text(&mut self, what: &str) -> Read<Cow<'a, str>> {
        match self.shape()? {
            Shape::Text => self.string(),
            other @ (Shape::Null | Shape::Bool | Shape::Number | Shape::List | Shape::Object) => {
                trouble(self.at, format!("«{what}» must be text in quotes, not {}", other.name()))
            }
        }
    }

    /// Steps over the next value.
    pub(crate) fn skip(&mut self) -> Read<()> {
        match self.shape()? {
            Shape::Null => self.word("null"),
            Shape::Bool => self.boolean().map(|_| ()),
            Shape::Number => self.number_text().map(|_| ()),
            Shape::Text => self.string().map(|_| ()),
            Shape::List => self.elements(Self::skip),
            Shape::Object => self.members(|cursor, _, _| cursor.skip()),
        }
    }

    /// Steps over a `null`, if that is what is next.
    pub(crate) fn take_null(&mut self) -> Read<bool> {
        if self.shape()? == Shape::Null { self.word("null").map(|()| true) } else { Ok(false) }
    }

    fn boolean(&mut self) -> Read<bool> {
        let yes = self.peek() == Some(b't');
        self.word(if yes { "true" } else { "false" })?;
        Ok(yes)
    }

    fn string(&mut self) -> Read<Cow<'a, str>> {
        let opened = self.at;
        self.at += 1;
        let start = self.at;
        self.plain();
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(&self.text[start..self.at - 1]));
        }
        let mut text = String::from(&self.text[start..self.at]);
        loop {
            match self.peek() {
                None => return trouble(opened, "this text has no closing quote"),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(text));
                }
                Some(b'\\') => text.push(self.escaped()?),
                Some(_) => {
                    return trouble(
                        self.at,
                        "a line break, tab or other control character in a text: write \\n or \\t",
                    );
                }
            }
            let start = self.at;
            self.plain();
            text.push_str(&self.text[start..self.at]);
        }
    }

    /// Steps over characters that stand for themselves.
    fn plain(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let stops = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1F);
        self.at += rest.iter().position(stops).unwrap_or(rest.len());
    }

    fn escaped(&mut self) -> Read<char> {
        let at = self.at;
        self.at += 2;
        let plain = match self.text.as_bytes().get(at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.escaped_unit(at),
            Some(_) | None => return trouble(at, "a backslash stands alone: write \\\\"),
        };
        Ok(plain)
    }

    fn escaped_unit(&mut self, at: usize) -> Read<char> {
        let first = self.four_digits(at)?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        let paired = (0xD800..0xDC00).contains(&first) && self.text.as_bytes()[self.at..].starts_with(b"\\u");
        if !paired {
            return trouble(
                at,
                "half a character: write both halves of the \\u pair, or the character itself",
            );
        }
        self.at += 2;
        let second = self.four_digits(at)?;
        let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400);
        match low.and_then(|low| char::from_u32(0x10000 + ((first - 0xD800) << 10) + low)) {
            Some(character) => Ok(character),
            None => {
                trouble(at, "half a character: write both halves of the \\u pair, or the character itself")
            }
        }
    }

    fn four_digits(&mut self, at: usize) -> Read<u32> {
        let digits =
            self.text.get(self.at..self.at + 4).filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()));
        match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(unit) => {
                self.at += 4;
                Ok(unit)
            }
            None => trouble(at, "\\u needs four hexadecimal digits"),
        }
    }

    fn number_text(&mut self) -> Read<&'a str> {
        let start = self.at;
        self.step(b'-');
        let whole = self.digits();
        let leading_zero = whole > 1 && self.text.as_bytes()[self.at - whole] == b'0';
        let part_missing = self.step(b'.') && self.digits() == 0;
        let exponent_missing = (self.step(b'e') || self.step(b'E')) && {
            let _signed = self.step(b'+') || self.step(b'-');
            self.digits() == 0
        };
        if whole == 0 || leading_zero || part_missing || exponent_missing {
            let message = format!(
                "«{}» is not a number in JSON: write 12.5, or put it in quotes",
                shown(&self.text[start..self.at])
            );
            return trouble(start, message);
        }
        Ok(&self.text[start..self.at])
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn word(&mut self, word: &str) -> Read<()> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return self.unexpected("a value");
        }
        self.at += word.len();
        Ok(())
    }

    fn open(&mut self, bracket: u8, what: &str) -> Read<()> {
        let shape = self.shape()?;
        if !self.step(bracket) {
            return trouble(self.at, format!("{what} should stand here, not {}", shape.name()));
        }
        self.depth += 1;
        if self.depth > self.depth_max {
            return trouble(self.at - 1, format!("values in values deeper than {}", self.depth_max));
        }
        Ok(())
    }

    fn close(&mut self) {
        self.depth -= 1;
    }

    /// Blanks and then this byte, if it is there.
    fn take(&mut self, byte: u8) -> bool {
        self.blanks();
        self.step(byte)
    }

    fn step(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn unexpected<T>(&self, wanted: &str) -> Read<T> {
        match self.text[self.at..].chars().next() {
            None => trouble(self.at, format!("it breaks off where {wanted} should be")),
            Some(found) => {
                trouble(self.at, format!("«{}» stands where {wanted} should be", found.escape_debug()))
            }
        }
    }
}

/// The failure at this byte of the text.
pub(crate) fn trouble<T>(at: usize, message: impl Into<String>) -> Result<T, JsonTrouble> {
    Err(JsonTrouble { at, message: message.into() })
}

/// A number where a [`Decimal`] holds it exactly, otherwise the text.
pub(crate) fn number(text: &str) -> Value {
    const EXPONENT_CHARACTERS_MAX: usize = 3;
    let exponent = text.split_once(['e', 'E']).map_or(0, |(_, exponent)| exponent.len());
    // The exponents that a decimal can hold are far shorter; a long one only costs time.
    let decimal = (exponent <= EXPONENT_CHARACTERS_MAX).then(|| Decimal::parse(text)).flatten();
    decimal.map_or_else(|| Value::text(text), Value::Number)
}
