use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::{self, Read},
};

use quick_xml::{
    Reader, XmlVersion,
    errors::Error,
    events::{BytesDecl, BytesStart, Event, attributes::Attribute},
};
use samspill_base::Value;

use crate::{
    Limits, Place, ReadError,
    item::{PastLimit, shown},
    json,
    tracked::{Ahead, Tracked},
};

/// So deep a value can be read and dropped on the smallest stacks that threads have.
const DEPTH_SAFE: usize = 256;

/// The elements of an XES document, one tag after the other, with nothing between them.
#[derive(Debug)]
pub(crate) struct Tokens<R> {
    xml: Reader<Tracked<R>>,
    depth: usize,
    depth_max: usize,
    /// Whether the last token was a tag, so that the next byte of the source is the first one after it.
    after_tag: bool,
}

/// A tag.
#[derive(Debug)]
pub(crate) enum Token<'b> {
    /// An element starts, and its content follows.
    Open(Kind, BytesStart<'b>),
    /// An element without content.
    Leaf(Kind, BytesStart<'b>),
    /// The innermost open element ends.
    Close,
    /// Something between elements.
    Between,
    /// The document ends.
    End,
}

/// The two things that an XES attribute has.
#[derive(Debug)]
pub(crate) struct KeyValue<'b> {
    pub(crate) key: Cow<'b, str>,
    pub(crate) text: Cow<'b, str>,
}

/// The elements that mean something in XES.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Log,
    Trace,
    Event,
    Values,
    Text,
    Number,
    Boolean,
    List,
    Container,
    Other,
}

impl Kind {
    fn named(name: &str) -> Self {
        match name {
            "string" | "date" | "id" => Self::Text,
            "int" | "float" => Self::Number,
            "event" => Self::Event,
            "trace" => Self::Trace,
            "boolean" => Self::Boolean,
            "list" => Self::List,
            "container" => Self::Container,
            "values" => Self::Values,
            "log" => Self::Log,
            _ => Self::Other,
        }
    }

    /// Whether it has a key and a value.
    pub(crate) fn is_attribute(self) -> bool {
        match self {
            Self::Text | Self::Number | Self::Boolean | Self::List | Self::Container => true,
            Self::Log | Self::Trace | Self::Event | Self::Values | Self::Other => false,
        }
    }

    /// The value of an attribute of this type with nothing inside.
    pub(crate) fn value(self, text: Cow<'_, str>) -> Value {
        match self {
            Self::Number => json::number(text.trim()),
            Self::Boolean if matches!(&*text, "true" | "1") => Value::Bool(true),
            Self::Boolean if matches!(&*text, "false" | "0") => Value::Bool(false),
            Self::List => Value::List(Vec::new()),
            Self::Container => Value::Map(BTreeMap::new()),
            Self::Text
            | Self::Boolean
            | Self::Log
            | Self::Trace
            | Self::Event
            | Self::Values
            | Self::Other => Value::Text(text.into_owned()),
        }
    }
}

impl<R: Read> Tokens<R> {
    pub(crate) fn new(input: R, limits: &Limits) -> Self {
        let mut xml = Reader::from_reader(Tracked::new(input, limits));
        // Blanks between tags mean nothing in XES.
        xml.config_mut().trim_text_start = true;
        Self { xml, depth: 0, depth_max: limits.depth_max.min(DEPTH_SAFE), after_tag: false }
    }

    /// Where the token that was read last starts.
    pub(crate) fn place(&mut self) -> Place {
        self.xml.get_mut().place()
    }

    /// Bytes of the document up to here.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.xml.get_ref().bytes_read()
    }

    /// The bytes after the last token, as far as they have been read, if that token was a tag. Whole elements at their
    /// start may be taken out of them: the next token is then the first one after these.
    pub(crate) fn ahead(&self) -> Option<&[u8]> {
        self.after_tag.then(|| self.xml.get_ref().ahead())
    }

    /// Lends the buffer of the bytes ahead, and says where in it they start.
    pub(crate) fn lend(&mut self) -> (Ahead, usize) {
        self.xml.get_mut().lend()
    }

    /// Takes the buffer back, of which whole elements up to `at` have been read.
    pub(crate) fn give_back(&mut self, ahead: Ahead, at: usize) {
        self.xml.get_mut().give_back(ahead, at);
    }

    /// The place of a byte of the lent buffer.
    pub(crate) fn place_in(&mut self, ahead: &Ahead, at: usize) -> Place {
        self.xml.get_mut().place_in(ahead, at)
    }

    /// The next tag; `buffer` holds what it borrows.
    pub(crate) fn next<'b>(&mut self, buffer: &'b mut Vec<u8>) -> Result<Token<'b>, ReadError> {
        buffer.clear();
        self.xml.get_mut().mark();
        let event = self.xml.read_event_into(buffer);
        self.after_tag = matches!(event, Ok(Event::Start(_) | Event::Empty(_) | Event::End(_)));
        match event {
            Ok(Event::Start(tag)) => self.open(&tag).map(|kind| Token::Open(kind, tag)),
            Ok(Event::Empty(tag)) => Ok(Token::Leaf(Kind::named(tag.local_name().as_ref()), tag)),
            Ok(Event::End(_)) => {
                self.depth = self.depth.saturating_sub(1);
                Ok(Token::Close)
            }
            Ok(Event::Eof) => Ok(Token::End),
            Ok(
                Event::Text(_) | Event::CData(_) | Event::Comment(_) | Event::PI(_) | Event::GeneralRef(_),
            ) => Ok(Token::Between),
            Ok(Event::Decl(declaration)) => match refused_encoding(&declaration) {
                None => Ok(Token::Between),
                Some(message) => Err(ReadError::unreadable(self.place(), message)),
            },
            Ok(Event::DocType(_)) => Err(ReadError::unreadable(
                self.place(),
                "a document type (<!DOCTYPE …>) is not read: remove it",
            )),
            Err(error) => Err(self.fatal(error)),
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>) -> Result<Kind, ReadError> {
        self.depth += 1;
        if self.depth > self.depth_max {
            let message =
                format!("elements in elements deeper than {}: raise the limit for depth", self.depth_max);
            return Err(ReadError::unreadable(self.place(), message));
        }
        Ok(Kind::named(tag.local_name().as_ref()))
    }

    fn fatal(&mut self, error: Error) -> ReadError {
        let place = self.place();
        match error {
            Error::Io(error) => ReadError::from_io(place, unshared(&error)),
            Error::Encoding(error) => {
                ReadError::unreadable(place, format!("this is not UTF-8 ({error}): save the file as UTF-8"))
            }
            error @ (Error::Syntax(_)
            | Error::IllFormed(_)
            | Error::InvalidAttr(_)
            | Error::Escape(_)
            | Error::Namespace(_)) => ReadError::unreadable(
                place,
                format!("this is not XML: {error}; the log can be read up to here"),
            ),
        }
    }
}

/// The error again, with the limit it may carry.
fn unshared(error: &io::Error) -> io::Error {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<PastLimit>()) {
        Some(limit) => (*limit).into(),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}

/// Why a document in this encoding can't be read, if it can't.
fn refused_encoding(declaration: &BytesDecl<'_>) -> Option<String> {
    let encoding = declaration.encoding()?.ok()?;
    let known =
        ["utf-8", "utf8", "us-ascii", "ascii"].iter().any(|known| encoding.eq_ignore_ascii_case(known));
    (!known).then(|| format!("the encoding «{}» is not read: save the file as UTF-8", shown(&encoding)))
}

impl<'a> KeyValue<'a> {
    /// Key and value of a tag, or what is wrong with it and what to write. Lists have no value.
    pub(crate) fn of(tag: &'a BytesStart<'_>) -> Result<Self, String> {
        let (mut key, mut text) = (None, None);
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| format!("this tag is not XML: {error}"))?;
            let field = match attribute.key.as_ref() {
                "key" => &mut key,
                "value" => &mut text,
                _ => continue,
            };
            let value = plain_or_unescaped(attribute)?;
            if field.replace(value).is_some() {
                return Err("the attribute has key or value twice: keep one of them".to_owned());
            }
        }
        let key = key.ok_or("the attribute has no key: write key=\"…\"")?;
        Ok(Self { key, text: text.unwrap_or_default() })
    }
}

fn plain_or_unescaped(attribute: Attribute<'_>) -> Result<Cow<'_, str>, String> {
    if !attribute.value.bytes().any(|byte| matches!(byte, b'&' | b'\n' | b'\t' | b'\r')) {
        return Ok(attribute.value);
    }
    attribute
        .normalized_value(XmlVersion::Implicit1_0)
        .map_err(|error| format!("the value can't be read ({error}): write &amp; for an ampersand"))
}
