use std::borrow::Cow;

use quick_xml::escape::unescape;

use super::{
    Document, NameId, XSI, XmlError, XmlFault, XmlLimits,
    decode::is_allowed,
    names::Names,
    scan::{Fault, InTag, Look, Piece, ScannedName, Scanner, malformed, number},
    scope::{NO_SPACE, Scope, SpaceId},
    symbols::Symbols,
    tree::{AttributeNode, BLANK, NONE, Node, Span, TEXT},
};
use crate::messages::model::known_names;

/// Reads a document.
///
/// # Errors
/// It isn't well-formed, has a document type, or passes a limit. The first fault ends the reading: a broken document isn't
/// guessed at.
pub fn parse<'a>(source: &'a str, limits: &XmlLimits) -> Result<Document<'a>, XmlError> {
    // Offsets in the text and in the pool beside it, which is no larger than twice the text, must be numbers of 32 bits.
    let bytes_max = limits.bytes_max.min(1 << 30);
    if source.len() > bytes_max {
        return Err(XmlError::at(source, 0, XmlFault::TooMuch { what: "bytes", limit: bytes_max }));
    }
    let mut parser = Parser::new(source, limits);
    if source.starts_with('\u{FEFF}') {
        parser.scanner.at = '\u{FEFF}'.len_utf8();
    }
    while let Some(next) = parser.scanner.next() {
        let from = parser.scanner.at;
        parser.take(next, from).map_err(|fault| XmlError::at(source, from, *fault))?;
    }
    parser.finish().map_err(|fault| XmlError::at(source, source.len(), *fault))
}

struct Parser<'a, 'l> {
    limits: &'l XmlLimits,
    symbols: &'static Symbols,
    document: Document<'a>,
    scanner: Scanner<'a>,
    scope: Scope<'a>,
    /// The innermost element that is open; [`OUTSIDE`] outside the outermost one.
    here: Open,
    /// What is open around it, `OUTSIDE` first.
    around: Vec<Open>,
    elements: usize,
    /// How many bytes of white space stand before the element that comes next.
    blank: u32,
    /// Whether the last node in the innermost element is text.
    is_after_text: bool,
    /// The attributes with a prefix of the tag that is being read: their places in the document, and their names.
    prefixed: Vec<(usize, ScannedName)>,
}

/// An element that isn't closed yet.
#[derive(Clone, Copy)]
struct Open {
    id: u32,
    /// The last node in it.
    last: u32,
    name: Span,
    declares: bool,
}

/// No element is open.
const OUTSIDE: Open = Open { id: NONE, last: NONE, name: Span { from: 0, until: 0 }, declares: false };

impl<'a, 'l> Parser<'a, 'l> {
    fn new(source: &'a str, limits: &'l XmlLimits) -> Self {
        let symbols = known_names();
        let scope = Scope::new(symbols);
        let document = Document {
            symbols,
            has_types: false,
            source,
            pool: String::new(),
            nodes: Vec::with_capacity(16 + source.len().min(1 << 16) / 24),
            attributes: Vec::with_capacity(16 + source.len().min(1 << 20) / 64),
            names: Names::default(),
            spaces: None,
        };
        Self {
            limits,
            symbols,
            document,
            scanner: Scanner::new(source),
            scope,
            here: OUTSIDE,
            around: Vec::with_capacity(16),
            elements: 0,
            blank: 0,
            is_after_text: false,
            prefixed: Vec::new(),
        }
    }

    /// Takes what begins at an offset, with this byte.
    #[inline]
    fn take(&mut self, next: u8, at: usize) -> Result<(), Fault> {
        if next != b'<' {
            return self.text(next, at);
        }
        match self.scanner.second() {
            Some(b'/') => self.end(),
            Some(b'!') => self.section(at),
            Some(b'?') => self.scanner.instruction(),
            Some(_) | None => self.start(at),
        }
    }

    #[cold]
    fn section(&mut self, at: usize) -> Result<(), Fault> {
        let Some(text) = self.scanner.section()? else { return Ok(()) };
        self.made_text(&text.replace("\r\n", "\n").replace('\r', "\n"), at)
    }

    #[inline]
    fn start(&mut self, at: usize) -> Result<(), Fault> {
        self.scanner.at += 1;
        let name = self.scanner.name()?;
        self.count_element()?;
        let first = self.document.attributes.len();
        let (declares, closes) = self.attributes()?;
        let id = self.element_name(name)?;
        if !self.prefixed.is_empty() {
            self.name_prefixed(first)?;
        }
        let span = Span { from: number(first), until: number(self.document.attributes.len()) };
        let blank = std::mem::take(&mut self.blank);
        let around = self.here;
        let id = self.push(Node { name: id.0, first: NONE, span, at: number(at), blank, ..Node::LAST });
        if closes {
            if declares {
                self.scope.close();
            }
        } else {
            let name = Span { from: name.from, until: name.until };
            self.around.push(Open { last: id, ..around });
            self.here = Open { id, last: NONE, name, declares };
        }
        Ok(())
    }

    fn count_element(&mut self) -> Result<(), Fault> {
        if self.is_outside() && !self.document.nodes.is_empty() {
            return Err(Box::new(XmlFault::OutsideRoot));
        }
        if self.around.len() >= self.limits.depth_max {
            return Err(too_much("levels of elements", self.limits.depth_max));
        }
        self.elements += 1;
        if self.elements > self.limits.elements_max {
            return Err(too_much("elements", self.limits.elements_max));
        }
        Ok(())
    }

    /// Reads a tag to its end: declarations are taken, other attributes put into the document; names with a prefix wait for
    /// the declarations that may follow. Whether it declares, and whether it closes its element.
    #[inline]
    fn attributes(&mut self) -> Result<(bool, bool), Fault> {
        let first = self.document.attributes.len();
        let (mut declares, mut count) = (false, 0);
        loop {
            match self.scanner.in_tag()? {
                InTag::Opened => return Ok((declares, false)),
                InTag::Closed => return Ok((declares, true)),
                InTag::Attribute => {}
            }
            let name = self.scanner.name()?;
            let (value, is_plain) = self.scanner.value()?;
            if let Some(prefix) = declared(name, self.document.source)? {
                if !declares {
                    self.scope.open();
                    declares = true;
                }
                self.declare(prefix, value, is_plain)?;
                continue;
            }
            count += 1;
            if count > self.limits.attributes_max {
                return Err(too_much("attributes on an element", self.limits.attributes_max));
            }
            let span = if is_plain { in_source(value) } else { self.made_value(value)? };
            self.attribute(name, span, first)?;
        }
    }

    /// Takes a declaration of the tag.
    #[cold]
    fn declare(&mut self, prefix: &'a str, value: Piece, is_plain: bool) -> Result<(), Fault> {
        let text = value.of(self.document.source);
        let space = if is_plain { Cow::Borrowed(text) } else { Cow::Owned(attribute_value(text)?) };
        let bytes = self.limits.name_bytes_max;
        if prefix.len().max(space.len()) > bytes {
            return Err(too_much("bytes in a namespace or its prefix", bytes));
        }
        self.scope.declare(prefix, space, self.limits.namespaces_max)
    }

    /// Puts an attribute of the tag into the document. Those of its element begin at `first`.
    #[inline]
    fn attribute(&mut self, written: ScannedName, value: Span, first: usize) -> Result<(), Fault> {
        if written.has_prefix() {
            self.prefixed.push((self.document.attributes.len(), written));
            self.document.attributes.push(AttributeNode { name: NameId(NONE), value });
            return Ok(());
        }
        // Without a prefix it has no namespace, whatever is declared.
        let name = self.name(NO_SPACE, written)?;
        if self.document.attributes[first..].iter().any(|other| other.name == name) {
            return Err(same_attribute(written, self.document.source));
        }
        self.document.attributes.push(AttributeNode { name, value });
        Ok(())
    }

    /// The value of an attribute that can't stay as it is.
    #[cold]
    fn made_value(&mut self, value: Piece) -> Result<Span, Fault> {
        let made = attribute_value(value.of(self.document.source))?;
        Ok(self.pooled(&made))
    }

    /// Names the attributes that have a prefix. Those of the element begin at `first`.
    fn name_prefixed(&mut self, first: usize) -> Result<(), Fault> {
        for number in 0..self.prefixed.len() {
            let (place, written) = self.prefixed[number];
            let name = self.element_name(written)?;
            if self.document.attributes[first..].iter().any(|other| other.name == name) {
                return Err(same_attribute(written, self.document.source));
            }
            self.document.attributes[place].name = name;
            if written.local(self.document.source) == b"type"
                && self.scope.space(self.document.known(name).0) == XSI
            {
                self.document.has_types = true;
                let named = self.type_name(self.document.attributes[place].value)?;
                self.document.attributes[place].value = self.pooled(&named);
            }
        }
        self.prefixed.clear();
        Ok(())
    }

    /// The value of an `xsi:type` as `{namespace}name`: the prefix that it was written with is not kept.
    fn type_name(&mut self, value: Span) -> Result<String, Fault> {
        let value = self.document.text(value).trim_ascii().to_owned();
        let (prefix, local) = split(&value)?;
        let space = match prefix {
            "" => self.scope.default(),
            _ => self
                .scope
                .declared_for(prefix)
                .ok_or_else(|| Box::new(XmlFault::Prefix(prefix.to_owned())))?,
        };
        Ok(format!("{{{}}}{local}", self.scope.space(space)))
    }

    /// The name of an element, or of an attribute with a prefix.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call costs as much as the look")]
    fn element_name(&mut self, written: ScannedName) -> Result<NameId, Fault> {
        let space = match written.prefix(self.document.source) {
            None => self.scope.default(),
            Some(prefix) => match self.scope.of_prefix(prefix, self.scanner.short_word(prefix, written)) {
                Some(space) if !prefix.is_empty() => space,
                Some(_) | None => return Err(self.wrong_prefix(written)),
            },
        };
        self.name(space, written)
    }

    #[cold]
    #[expect(
        clippy::unnecessary_box_returns,
        reason = "faults travel in boxes, so that steps without one stay small"
    )]
    fn wrong_prefix(&self, written: ScannedName) -> Fault {
        if let Err(fault) = self.short(written).and_then(|()| split(written.shown(self.document.source))) {
            return fault;
        }
        let prefix = written.prefix(self.document.source).map(String::from_utf8_lossy).unwrap_or_default();
        Box::new(XmlFault::Prefix(prefix.into_owned()))
    }

    /// The name of a namespace.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call costs as much as the look")]
    fn name(&mut self, space: SpaceId, written: ScannedName) -> Result<NameId, Fault> {
        match self.symbols.known(space, written.local(self.document.source), written.hash) {
            Some(symbol) if written.len() <= self.limits.name_bytes_max => Ok(NameId(symbol.into())),
            Some(_) | None => self.own_name(space, written),
        }
    }

    /// A name that isn't known beforehand, or a long one.
    #[cold]
    fn own_name(&mut self, space: SpaceId, written: ScannedName) -> Result<NameId, Fault> {
        self.short(written)?;
        let source = self.document.source;
        if let Some(symbol) = self.symbols.known(space, written.local(source), written.hash) {
            return Ok(NameId(symbol.into()));
        }
        let names = &mut self.document.names;
        let own = match names.find(space, written.local(source), written.hash) {
            Some(known) => known,
            None => names.add(
                space,
                split(written.shown(source)).and_then(|(_, local)| name_part(local))?,
                written.hash,
            ),
        };
        let most = self.limits.names_max;
        if names.len() > most {
            return Err(too_much("different names", most));
        }
        Ok(NameId(own + number(self.symbols.len())))
    }

    fn short(&self, written: ScannedName) -> Result<(), Fault> {
        let bytes = self.limits.name_bytes_max;
        if written.len() > 2 * bytes + 1 || written.local(self.document.source).len() > bytes {
            return Err(too_much("bytes in a name", bytes));
        }
        Ok(())
    }

    #[inline]
    fn end(&mut self) -> Result<(), Fault> {
        let Span { from, until } = self.here.name;
        if !self.scanner.close(Piece { from: from as usize, until: until as usize }) {
            self.other_end()?;
        }
        if self.here.declares {
            self.scope.close();
        }
        self.here = self.around.pop().unwrap_or(OUTSIDE);
        self.is_after_text = false;
        Ok(())
    }

    /// Passes an end tag that may be written otherwise than the beginning of its element.
    #[cold]
    fn other_end(&mut self) -> Result<(), Fault> {
        let name = self.scanner.other_close()?;
        if self.is_outside() {
            return Err(Box::new(XmlFault::OutsideRoot));
        }
        let open = self.document.text(self.here.name);
        if open.as_bytes() != name {
            let found: String = String::from_utf8_lossy(name).chars().take(40).collect();
            return Err(malformed(&format!("`</{found}>` stands where `</{open}>` is expected")));
        }
        Ok(())
    }

    #[inline]
    fn is_outside(&self) -> bool {
        self.here.id == NONE
    }

    /// Whether a text can be a node of its own here: it is in an element, and no other text is right before it.
    #[inline]
    fn stands_alone(&self) -> bool {
        !self.is_outside() && !self.is_after_text
    }

    /// Takes text, which begins with this byte.
    #[inline]
    fn text(&mut self, first: u8, at: usize) -> Result<(), Fault> {
        let (piece, look) = match self.scanner.blank(first) {
            Some(blank) if self.stands_alone() && self.scanner.is_before_element() => {
                self.blank = number(blank.until - blank.from);
                return Ok(());
            }
            Some(blank) => (blank, Look::Blank),
            None => self.scanner.text(),
        };
        if look == Look::Other || !self.stands_alone() {
            return self.other_text(piece, at);
        }
        let first = if look == Look::Blank { BLANK } else { NONE };
        self.push(Node { name: TEXT, first, span: in_source(piece), at: number(at), ..Node::LAST });
        Ok(())
    }

    fn other_text(&mut self, piece: Piece, at: usize) -> Result<(), Fault> {
        let text = piece.of(self.document.source);
        if self.is_outside() && text.trim_ascii().is_empty() {
            return Ok(());
        }
        let made = resolved(text)?;
        self.made_text(&made, at)
    }

    /// Text that isn't as in the source, or that follows other text in the same element.
    fn made_text(&mut self, text: &str, at: usize) -> Result<(), Fault> {
        if self.is_outside() {
            return if text.trim_ascii().is_empty() { Ok(()) } else { Err(Box::new(XmlFault::OutsideRoot)) };
        }
        let last = self.here.last;
        match self.document.nodes.get(last as usize).copied() {
            Some(node) if node.name == TEXT => {
                let span = self.joined(node.span, text);
                self.document.nodes[last as usize] = Node { span, first: NONE, ..node };
            }
            Some(_) | None if !text.is_empty() => {
                let span = self.pooled(text);
                self.push(Node { name: TEXT, first: NONE, span, at: number(at), ..Node::LAST });
            }
            Some(_) | None => {}
        }
        Ok(())
    }

    /// A text put into the pool.
    fn pooled(&mut self, text: &str) -> Span {
        let from = self.document.source.len() + self.document.pool.len();
        self.document.pool.push_str(text);
        span(from, text.len())
    }

    /// A text with more behind it. One that lies last in the pool grows there, so that many pieces cost what they are long.
    fn joined(&mut self, before: Span, text: &str) -> Span {
        let end = self.document.source.len() + self.document.pool.len();
        if before.until as usize == end && before.from as usize >= self.document.source.len() {
            self.document.pool.push_str(text);
            return Span { from: before.from, until: number(end + text.len()) };
        }
        let all = format!("{}{text}", self.document.text(before));
        self.pooled(&all)
    }

    /// Puts a node last in the innermost open element.
    #[inline]
    fn push(&mut self, node: Node) -> u32 {
        let nodes = &mut self.document.nodes;
        let id = number(nodes.len());
        match std::mem::replace(&mut self.here.last, id) {
            NONE => {
                if let Some(holder) = nodes.get_mut(self.here.id as usize) {
                    holder.first = id;
                }
            }
            before => nodes[before as usize].next = id,
        }
        self.is_after_text = node.name == TEXT;
        nodes.push(Node { parent: self.here.id, ..node });
        id
    }

    fn finish(self) -> Result<Document<'a>, Fault> {
        if !self.is_outside() {
            let name = self.document.known(NameId(self.document.nodes[self.here.id as usize].name));
            return Err(Box::new(XmlFault::CutOff(name.1.to_owned())));
        }
        if self.document.nodes.is_empty() {
            return Err(Box::new(XmlFault::Empty));
        }
        Ok(Document { spaces: Some(self.scope.into_spaces()), ..self.document })
    }
}

#[cold]
#[expect(
    clippy::unnecessary_box_returns,
    reason = "faults travel in boxes, so that steps without one stay small"
)]
fn too_much(what: &'static str, limit: usize) -> Fault {
    Box::new(XmlFault::TooMuch { what, limit })
}

#[cold]
#[expect(
    clippy::unnecessary_box_returns,
    reason = "faults travel in boxes, so that steps without one stay small"
)]
fn same_attribute(written: ScannedName, source: &str) -> Fault {
    Box::new(XmlFault::SameAttribute(written.shown(source).to_owned()))
}

#[inline]
fn in_source(piece: Piece) -> Span {
    Span { from: number(piece.from), until: number(piece.until) }
}

fn span(from: usize, length: usize) -> Span {
    Span { from: number(from), until: number(from + length) }
}

/// The prefix that an attribute declares, empty for `xmlns` itself; none if it isn't a declaration.
#[inline]
fn declared(name: ScannedName, source: &str) -> Result<Option<&str>, Fault> {
    if !name.text(source).starts_with(b"xmlns") {
        return Ok(None);
    }
    match name.shown(source).strip_prefix("xmlns") {
        Some("") => Ok(Some("")),
        Some(rest) => rest.strip_prefix(':').map(name_part).transpose(),
        None => Ok(None),
    }
}

/// The value of an attribute: white space as spaces, entities resolved (XML 1.0, section 3.3.3).
fn attribute_value(raw: &str) -> Result<String, Fault> {
    if raw.contains('<') {
        return Err(malformed("`<` can't stand in an attribute: write `&lt;`"));
    }
    let mut bytes = raw.replace("\r\n", " ").into_bytes();
    for byte in &mut bytes {
        if matches!(*byte, b'\t' | b'\n' | b'\r') {
            *byte = b' ';
        }
    }
    let spaced = String::from_utf8(bytes).unwrap_or_default();
    if spaced.contains('&') { unescaped(&spaced) } else { Ok(spaced) }
}

/// Text with its line ends in one way and its entities resolved.
fn resolved(text: &str) -> Result<String, Fault> {
    let bytes = text.as_bytes();
    if memchr::memchr_iter(b']', bytes).any(|at| bytes[at..].starts_with(b"]]>")) {
        return Err(malformed("`]]>` can't stand in text: write `]]&gt;`"));
    }
    match memchr::memchr(b'\r', bytes) {
        None => unescaped(text),
        Some(_) => unescaped(&text.replace("\r\n", "\n").replace('\r', "\n")),
    }
}

fn unescaped(text: &str) -> Result<String, Fault> {
    use quick_xml::escape::EscapeError;
    let value = unescape(text).map_err(|error| match error {
        EscapeError::UnrecognizedEntity(_, name) => XmlFault::Entity(name.chars().take(40).collect()),
        EscapeError::UnterminatedEntity(_)
        | EscapeError::InvalidCharRef(_)
        | EscapeError::TooManyNestedEntities => XmlFault::NotWellFormed(error.to_string()),
    })?;
    // Only a character by its number can be one that the text itself mustn't hold.
    let has_numbers = memchr::memchr(b'#', text.as_bytes()).is_some();
    let forbidden = || value.chars().find(|character| !is_allowed(*character));
    match has_numbers.then(forbidden).flatten() {
        Some(character) => Err(Box::new(XmlFault::Character(u32::from(character)))),
        None => Ok(value.into_owned()),
    }
}

/// Prefix (empty for none) and local part of a name.
fn split(name: &str) -> Result<(&str, &str), Fault> {
    match name.bytes().position(|byte| byte == b':') {
        None => Ok(("", name)),
        Some(colon) => Ok((name_part(&name[..colon])?, &name[colon + 1..])),
    }
}

/// Holds a prefix or local name to the form of names (Namespaces in XML, section 4).
fn name_part(name: &str) -> Result<&str, Fault> {
    let bytes = name.as_bytes();
    let begins_plain = bytes.first().is_some_and(|first| IN_NAMES[usize::from(*first)] == BEGINS);
    let is_plain = begins_plain && bytes.iter().all(|byte| IN_NAMES[usize::from(*byte)] != 0);
    if is_plain { Ok(name) } else { other_name_part(name) }
}

/// In a name: may stand first.
const BEGINS: u8 = 2;
/// In a name: may follow.
const FOLLOWS: u8 = 1;

/// What an ASCII character may do in a part of a name; 0 for none, and for all others.
static IN_NAMES: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = match byte {
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => BEGINS,
            b'-' | b'.' | b'0'..=b'9' => FOLLOWS,
            _ => 0,
        };
        byte += 1;
    }
    table
};

fn other_name_part(name: &str) -> Result<&str, Fault> {
    let may_begin = |character: char| character.is_alphabetic() || character == '_';
    let may_follow = |character: char| {
        character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '\u{B7}' | '\u{300}'..='\u{36F}')
    };
    if name.starts_with(may_begin) && name.chars().all(may_follow) {
        return Ok(name);
    }
    Err(Box::new(XmlFault::BadName(name.chars().take(40).collect())))
}
