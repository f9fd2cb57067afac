use std::borrow::Cow;

use quick_xml::escape::unescape;

use super::{
    Document, NameId, XSI, XmlError, XmlFault, XmlLimits,
    decode::is_allowed,
    names::Names,
    scan::{Fault, InTag, Look, Mark, Piece, ScannedName, Scanner, malformed},
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
    let mut scanner = Scanner::new(source);
    if source.starts_with('\u{FEFF}') {
        scanner.at = '\u{FEFF}'.len_utf8();
    }
    loop {
        let from = scanner.at;
        match scanner.mark(parser.here.name).and_then(|mark| parser.take(mark, from, &mut scanner)) {
            Ok(true) => {}
            Ok(false) => break,
            Err(fault) => return Err(XmlError::at(source, from, *fault)),
        }
    }
    parser.finish().map_err(|fault| XmlError::at(source, source.len(), *fault))
}

struct Parser<'a, 'l> {
    limits: &'l XmlLimits,
    symbols: &'static Symbols,
    document: Document<'a>,
    scope: Scope<'a>,
    /// The innermost element that is open; [`OUTSIDE`] outside the outermost one.
    here: Open<'a>,
    /// What is open around it, `OUTSIDE` first.
    around: Vec<Open<'a>>,
    elements: usize,
    /// How many bytes of white space stand before the element that comes next.
    blank: u32,
    /// Whether the last node in the innermost element is text.
    is_after_text: bool,
    /// The attributes with a prefix of the tag that is being read: their places in the document, and their names.
    prefixed: Vec<(usize, ScannedName<'a>)>,
}

/// An element that isn't closed yet.
#[derive(Clone, Copy)]
struct Open<'a> {
    id: u32,
    /// The last node in it.
    last: u32,
    name: &'a [u8],
    declares: bool,
}

/// No element is open.
const OUTSIDE: Open<'_> = Open { id: NONE, last: NONE, name: b"", declares: false };

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
            scope,
            here: OUTSIDE,
            around: Vec::with_capacity(16),
            elements: 0,
            blank: 0,
            is_after_text: false,
            prefixed: Vec::new(),
        }
    }

    /// Takes what begins at an offset; `false` at the end.
    fn take(&mut self, mark: Mark<'a>, at: usize, scanner: &mut Scanner<'a>) -> Result<bool, Fault> {
        match mark {
            Mark::Open(name) => self.start(name, at, scanner)?,
            Mark::Close => self.end(),
            Mark::OtherClose(name) => self.other_end(name)?,
            Mark::Text { piece, look: Look::Blank } if self.stands_alone() && scanner.is_before_element() => {
                self.blank = number(piece.until - piece.from);
            }
            Mark::Text { piece, look } => self.text(piece, look, at)?,
            Mark::Cdata(piece) => {
                let made = piece.replace("\r\n", "\n").replace('\r', "\n");
                self.made_text(&made, at)?;
            }
            Mark::Passing => {}
            Mark::End => return Ok(false),
        }
        Ok(true)
    }

    fn start(&mut self, name: ScannedName<'a>, at: usize, scanner: &mut Scanner<'a>) -> Result<(), Fault> {
        self.count_element()?;
        let first = self.document.attributes.len();
        let (declares, closes) = self.attributes(scanner)?;
        let id = self.element_name(name)?;
        if !self.prefixed.is_empty() {
            self.name_prefixed(first)?;
        }
        let span = Span { from: number(first), until: number(self.document.attributes.len()) };
        let blank = std::mem::take(&mut self.blank);
        let id = self.push(Node { name: id.0, first: NONE, span, at: number(at), blank, ..Node::LAST });
        if closes {
            if declares {
                self.scope.close();
            }
        } else {
            let open = Open { id, last: NONE, name: name.text, declares };
            self.around.push(std::mem::replace(&mut self.here, open));
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
    fn attributes(&mut self, scanner: &mut Scanner<'a>) -> Result<(bool, bool), Fault> {
        let first = self.document.attributes.len();
        let (mut declares, mut count) = (false, 0);
        loop {
            let (name, value, is_plain) = match scanner.in_tag()? {
                InTag::Opened => return Ok((declares, false)),
                InTag::Closed => return Ok((declares, true)),
                InTag::Attribute { name, value, is_plain } => (name, value, is_plain),
            };
            if let Some(prefix) = declared(name)? {
                if !declares {
                    self.scope.open();
                    declares = true;
                }
                let text = value.of(self.document.source);
                let space = if is_plain { Cow::Borrowed(text) } else { Cow::Owned(attribute_value(text)?) };
                let bytes = self.limits.name_bytes_max;
                if prefix.len().max(space.len()) > bytes {
                    return Err(too_much("bytes in a namespace or its prefix", bytes));
                }
                self.scope.declare(prefix, space, self.limits.namespaces_max)?;
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

    /// Puts an attribute of the tag into the document. Those of its element begin at `first`.
    #[inline]
    fn attribute(&mut self, written: ScannedName<'a>, value: Span, first: usize) -> Result<(), Fault> {
        if written.local > 0 {
            self.prefixed.push((self.document.attributes.len(), written));
            self.document.attributes.push(AttributeNode { name: NameId(NONE), value });
            return Ok(());
        }
        // Without a prefix it has no namespace, whatever is declared.
        let name = self.name(NO_SPACE, written)?;
        if self.document.attributes[first..].iter().any(|other| other.name == name) {
            return Err(same_attribute(written));
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
                return Err(same_attribute(written));
            }
            self.document.attributes[place].name = name;
            if written.local() == b"type" && self.scope.space(self.document.known(name).0) == XSI {
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
    fn element_name(&mut self, written: ScannedName<'a>) -> Result<NameId, Fault> {
        let space = match written.prefix() {
            None => self.scope.default(),
            Some(prefix) => match self.scope.of_prefix(prefix, written.prefix) {
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
    fn wrong_prefix(&self, written: ScannedName<'a>) -> Fault {
        if let Err(fault) = self.short(written).and_then(|()| split(written.shown())) {
            return fault;
        }
        let prefix = written.prefix().map(String::from_utf8_lossy).unwrap_or_default();
        Box::new(XmlFault::Prefix(prefix.into_owned()))
    }

    /// The name of a namespace.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call costs as much as the look")]
    fn name(&mut self, space: SpaceId, written: ScannedName<'a>) -> Result<NameId, Fault> {
        match self.symbols.known(space, written.local(), written.hash) {
            Some(symbol) if written.text.len() <= self.limits.name_bytes_max => Ok(NameId(symbol.into())),
            Some(_) | None => self.own_name(space, written),
        }
    }

    /// A name that isn't known beforehand, or a long one.
    #[cold]
    fn own_name(&mut self, space: SpaceId, written: ScannedName<'a>) -> Result<NameId, Fault> {
        self.short(written)?;
        if let Some(symbol) = self.symbols.known(space, written.local(), written.hash) {
            return Ok(NameId(symbol.into()));
        }
        let names = &mut self.document.names;
        let own = match names.find(space, written.local(), written.hash) {
            Some(known) => known,
            None => names.add(
                space,
                split(written.shown()).and_then(|(_, local)| name_part(local))?,
                written.hash,
            ),
        };
        let most = self.limits.names_max;
        if names.len() > most {
            return Err(too_much("different names", most));
        }
        Ok(NameId(own + number(self.symbols.len())))
    }

    fn short(&self, written: ScannedName<'a>) -> Result<(), Fault> {
        let bytes = self.limits.name_bytes_max;
        if written.text.len() > 2 * bytes + 1 || written.local().len() > bytes {
            return Err(too_much("bytes in a name", bytes));
        }
        Ok(())
    }

    #[inline]
    fn end(&mut self) {
        if self.here.declares {
            self.scope.close();
        }
        self.here = self.around.pop().unwrap_or(OUTSIDE);
        self.is_after_text = false;
    }

    /// Ends an element whose end tag may be written otherwise than its beginning.
    #[cold]
    fn other_end(&mut self, name: &[u8]) -> Result<(), Fault> {
        if self.is_outside() {
            return Err(Box::new(XmlFault::OutsideRoot));
        }
        if self.here.name != name {
            let found: String = String::from_utf8_lossy(name).chars().take(40).collect();
            let expected = String::from_utf8_lossy(self.here.name);
            return Err(malformed(&format!("`</{found}>` stands where `</{expected}>` is expected")));
        }
        self.end();
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

    #[inline]
    fn text(&mut self, piece: Piece, look: Look, at: usize) -> Result<(), Fault> {
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
fn same_attribute(written: ScannedName<'_>) -> Fault {
    Box::new(XmlFault::SameAttribute(written.shown().to_owned()))
}

/// A length or offset in a document, which has fewer than `u32::MAX` bytes.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "a document has at most 2^30 bytes, and its pool no more than twice that"
)]
fn number(value: usize) -> u32 {
    value as u32
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
fn declared(name: ScannedName<'_>) -> Result<Option<&str>, Fault> {
    if !name.text.starts_with(b"xmlns") {
        return Ok(None);
    }
    match name.shown().strip_prefix("xmlns") {
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
