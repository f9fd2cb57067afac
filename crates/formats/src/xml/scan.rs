//! Bytes to marks: where a tag, a text or a comment begins and ends. Nothing is allocated here.

use super::{
    XmlFault,
    names::{Hashing, text_hash},
    words::{before_mark, eight, is_same, less, short_word, zeros},
};

/// A fault on its way out: small, since every step returns one or none.
pub(super) type Fault = Box<XmlFault>;

/// A place in the text, moving forward. Names and texts begin and end at ASCII characters, so
/// each is a text of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scanner<'a> {
    source: &'a str,
    bytes: &'a [u8],
    pub(super) at: usize,
    /// Whether no `&`, `\r` or `]` is anywhere.
    is_simple: bool,
}

/// A name as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ScannedName<'a> {
    pub(super) text: &'a [u8],
    /// How much of it is the prefix with its colon; 0 if there is none.
    pub(super) local: usize,
    /// [`short_word`] of the prefix without its colon.
    pub(super) prefix: u64,
    /// [`text_hash`] of the local part.
    pub(super) hash: u64,
}

impl<'a> ScannedName<'a> {
    #[inline]
    pub(super) fn local(self) -> &'a [u8] {
        &self.text[self.local..]
    }

    /// The prefix without its colon; none if there is no colon.
    #[inline]
    pub(super) fn prefix(self) -> Option<&'a [u8]> {
        self.local.checked_sub(1).map(|end| &self.text[..end])
    }

    /// The name as text: it begins and ends at ASCII characters.
    pub(super) fn shown(self) -> &'a str {
        str::from_utf8(self.text).unwrap_or_default()
    }
}

/// Where a text lies in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) from: usize,
    pub(super) until: usize,
}

impl Piece {
    /// It begins at an ASCII character or behind one, and ends before one or at the end.
    pub(super) fn of(self, source: &str) -> &str {
        source.get(self.from..self.until).unwrap_or_default()
    }
}

/// What stands next in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark<'a> {
    /// Text up to the next `<` or the end, as written. Plain if nothing in it must be made into something else.
    Text { piece: Piece, look: Look },
    /// The text of a CDATA section.
    Cdata(&'a str),
    /// A comment or an instruction.
    Passing,
    /// `<name`: the scanner stands behind the name.
    Open(ScannedName<'a>),
    /// `</name>` of the element that is open.
    Close,
    /// `</name>`, which may be written otherwise, or be of another.
    OtherClose(&'a [u8]),
    /// Nothing more.
    End,
}

/// What a text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Nothing but white space that can stay as it is.
    Blank,
    /// It can stay as it is.
    Plain,
    /// Something in it must be made into something else, or may have to be.
    Other,
}

/// What stands next in a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InTag<'a> {
    /// An attribute.
    Attribute { name: ScannedName<'a>, value: Piece, is_plain: bool },
    /// `>`.
    Opened,
    /// `/>`.
    Closed,
}

/// What a byte can mean in a tag, a bit each.
const CLASSES: [u8; 256] = classes();
const SPACE: u8 = 1;
/// Ends a name.
const ENDS_NAME: u8 = 2;
/// In an attribute: must be made into something else.
const NOT_PLAIN: u8 = 4;
/// Less than any letter, and part of names.
const IN_NAMES: u8 = 8;

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    loop {
        classes[byte as usize] = match byte {
            b' ' => SPACE | ENDS_NAME,
            b'\n' | b'\t' | b'\r' => SPACE | ENDS_NAME | NOT_PLAIN,
            b'>' | b'/' | b'=' | b'"' | b'\'' => ENDS_NAME,
            b'<' => ENDS_NAME | NOT_PLAIN,
            b'&' => NOT_PLAIN,
            b'-' | b'.' | b'0'..=b'9' => IN_NAMES,
            _ => 0,
        };
        if byte == u8::MAX {
            return classes;
        }
        byte += 1;
    }
}

#[inline]
fn class(byte: u8) -> u8 {
    CLASSES[usize::from(byte)]
}

/// Where a byte first stands twice in a row.
fn pair(bytes: &[u8], byte: u8) -> Option<usize> {
    memchr::memchr_iter(byte, bytes).find(|at| bytes.get(at + 1) == Some(&byte))
}

/// Marks the bytes that are more than a space, exactly. XML has no other characters up to the space than white space.
#[inline]
const fn past_space(word: u64) -> u64 {
    (word | (word & !eight(0x80)).wrapping_add(eight(0x7F - b' '))) & eight(0x80)
}

/// The first byte of a word that no name has, or that is a colon, and how many bits stand before it. Letters, `_` and what
/// isn't ASCII have one of the two highest bits; of other bytes, names have digits, `-` and `.`.
#[inline]
fn first_sign(word: u64) -> Option<(u32, u8)> {
    let mut marks = !(word | (word << 1)) & eight(0x80);
    while marks != 0 {
        let bits = marks.trailing_zeros() & !7;
        let [sign, ..] = (word >> bits).to_le_bytes();
        if class(sign) & IN_NAMES == 0 {
            return Some((bits, sign));
        }
        marks &= marks - 1;
    }
    None
}

impl<'a> Scanner<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        const SMALL: usize = 64 << 10;
        let bytes = source.as_bytes();
        let is_simple = bytes.len() <= SMALL && memchr::memchr3(b'&', b'\r', b']', bytes).is_none();
        Self { source, bytes, at: 0, is_simple }
    }

    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The first place from here on where `marks` or, in the last few bytes, `is_marked` has a mark: eight bytes at a time.
    #[inline]
    fn find(&self, from: usize, marks: impl Fn(u64) -> u64, is_marked: impl Fn(u8) -> bool) -> Option<usize> {
        let mut at = from;
        let mut rest = self.bytes.get(from..)?;
        while let Some((chunk, next)) = rest.split_first_chunk::<8>() {
            let marked = marks(u64::from_le_bytes(*chunk));
            if marked != 0 {
                return Some(at + before_mark(marked));
            }
            at += 8;
            rest = next;
        }
        rest.iter().position(|byte| is_marked(*byte)).map(|place| at + place)
    }

    /// Whether it is an element that begins here, where a `<` is.
    #[inline]
    pub(super) fn is_before_element(&self) -> bool {
        self.bytes.get(self.at + 1).is_some_and(|next| !matches!(next, b'/' | b'!' | b'?'))
    }

    /// What stands next. `open` is the name of the element that may end here; empty if there is none.
    #[inline]
    pub(super) fn mark(&mut self, open: &[u8]) -> Result<Mark<'a>, Fault> {
        match self.bytes.get(self.at) {
            None => Ok(Mark::End),
            Some(b'<') => self.tag(open),
            Some(first) if self.is_simple => Ok(self.simple_text(*first)),
            Some(_) => Ok(self.text()),
        }
    }

    /// Text up to the next tag where nothing is anywhere that must be made into something else.
    #[inline]
    fn simple_text(&mut self, first: u8) -> Mark<'a> {
        // XML has no other characters up to the space than white space.
        if first <= b' '
            && let Some(end) = self.find(self.at, past_space, |byte| byte > b' ')
            && self.bytes[end] == b'<'
        {
            return Mark::Text { piece: self.piece(end), look: Look::Blank };
        }
        let is_end = |byte| byte == b'<';
        let end = self.find(self.at, |word| zeros(word ^ eight(b'<')), is_end).unwrap_or(self.bytes.len());
        Mark::Text { piece: self.piece(end), look: Look::Plain }
    }

    #[inline]
    fn tag(&mut self, open: &[u8]) -> Result<Mark<'a>, Fault> {
        match self.bytes.get(self.at + 1) {
            Some(b'/') => self.close(open),
            Some(b'!') => self.section(),
            Some(b'?') => self.instruction(),
            Some(_) | None => {
                self.at += 1;
                Ok(Mark::Open(self.name()?))
            }
        }
    }

    /// Text up to the next tag, and what it looks like.
    #[inline]
    fn text(&mut self) -> Mark<'a> {
        const WORDS: usize = 8;
        let from = self.at;
        let mut is_blank = true;
        for word in self.rest().as_chunks::<8>().0.iter().take(WORDS) {
            let word = u64::from_le_bytes(*word);
            let marked = zeros(word ^ eight(b'<')) | zeros(word ^ eight(b'&'));
            let marked = marked | zeros(word ^ eight(b'\r')) | zeros(word ^ eight(b']'));
            // The lowest marks are right, so that what is below the lowest one is, too.
            let below = marked.wrapping_sub(1) & !marked;
            is_blank = is_blank && past_space(word) & below == 0;
            if marked != 0 {
                let end = self.at + before_mark(marked);
                if self.bytes[end] != b'<' {
                    break;
                }
                self.at = end;
                let look = if is_blank { Look::Blank } else { Look::Plain };
                return Mark::Text { piece: Piece { from, until: end }, look };
            }
            self.at += 8;
        }
        self.at = from;
        self.long_text()
    }

    /// The same for one of any length: block by block, so that a block is near when it is looked at again.
    fn long_text(&mut self) -> Mark<'a> {
        const BLOCK: usize = 16 << 10;
        let (mut end, mut look) = (self.at, Look::Plain);
        for block in self.rest().chunks(BLOCK) {
            let found = memchr::memchr(b'<', block);
            let text = &block[..found.unwrap_or(block.len())];
            if look == Look::Plain && memchr::memchr3(b'&', b'\r', b']', text).is_some() {
                look = Look::Other;
            }
            end += text.len();
            if found.is_some() {
                break;
            }
        }
        Mark::Text { piece: self.piece(end), look }
    }

    /// The piece from here to there.
    #[inline]
    fn piece(&mut self, until: usize) -> Piece {
        let from = std::mem::replace(&mut self.at, until);
        Piece { from, until }
    }

    /// What stands from here to there.
    #[inline]
    fn until(&mut self, end: usize) -> &'a [u8] {
        let taken = self.bytes.get(self.at..end).unwrap_or_default();
        self.at = end;
        taken
    }

    /// A name, with the hash of its local part.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call costs a third of what a short name does")]
    fn name(&mut self) -> Result<ScannedName<'a>, Fault> {
        let (from, mut local, mut end, mut hashing) = (self.at, 0, self.at, Hashing::default());
        let mut prefix = 0;
        while let Some(chunk) = self.bytes.get(end..).and_then(<[u8]>::first_chunk::<8>) {
            let word = u64::from_le_bytes(*chunk);
            let Some((bits, sign)) = first_sign(word) else {
                (end, hashing) = (end + 8, hashing.add(word));
                continue;
            };
            end += bits as usize / 8;
            if sign == b':' && local == 0 {
                prefix = if end - from < 8 { word & ((1 << bits) - 1) } else { 0 };
                end += 1;
                (local, hashing) = (end - from, Hashing::default());
                continue;
            }
            if end == from || class(sign) & ENDS_NAME == 0 {
                break;
            }
            let hashing = if bits == 0 { hashing } else { hashing.add(word & ((1 << bits) - 1)) };
            let hash = hashing.end(end - from - local);
            return Ok(ScannedName { text: self.until(end), local, prefix, hash });
        }
        self.other_name()
    }

    /// A name at the end of the document, or of unusual characters.
    #[cold]
    fn other_name(&mut self) -> Result<ScannedName<'a>, Fault> {
        let rest = self.rest();
        let length = rest.iter().position(|byte| class(*byte) & ENDS_NAME != 0).unwrap_or(rest.len());
        if length == 0 {
            return Err(malformed("a name is missing after `<`, `</` or an attribute"));
        }
        let text = self.until(self.at + length);
        let local = memchr::memchr(b':', text).map_or(0, |colon| colon + 1);
        let prefix = short_word(&text[..local.saturating_sub(1)]);
        Ok(ScannedName { text, local, prefix, hash: text_hash(&text[local..]) })
    }

    #[inline]
    fn close(&mut self, open: &[u8]) -> Result<Mark<'a>, Fault> {
        if let Some((written, [b'>', ..])) = self.bytes[self.at + 2..].split_at_checked(open.len())
            && is_same(written, open)
            && !open.is_empty()
        {
            self.at += open.len() + "</>".len();
            return Ok(Mark::Close);
        }
        self.other_close()
    }

    #[cold]
    fn other_close(&mut self) -> Result<Mark<'a>, Fault> {
        self.at += 2;
        let name = self.name()?;
        self.space();
        match self.bytes.get(self.at) {
            Some(b'>') => self.at += 1,
            Some(_) => return Err(malformed("an end tag holds nothing but its name")),
            None => return Err(cut(name.shown())),
        }
        Ok(Mark::OtherClose(name.text))
    }

    /// Passes white space; whether there was any.
    #[inline]
    fn space(&mut self) -> bool {
        let from = self.at;
        while self.bytes.get(self.at).is_some_and(|byte| class(*byte) & SPACE != 0) {
            self.at += 1;
        }
        self.at > from
    }

    /// A comment or a CDATA section.
    #[cold]
    fn section(&mut self) -> Result<Mark<'a>, Fault> {
        let rest = self.rest();
        if let Some(comment) = rest.strip_prefix(b"<!--") {
            let end = pair(comment, b'-').ok_or_else(|| cut("a comment"))?;
            return match comment.get(end + 2) {
                Some(b'>') => {
                    self.at += "<!---->".len() + end;
                    Ok(Mark::Passing)
                }
                Some(_) => Err(malformed("`--` can't stand in a comment")),
                None => Err(cut("a comment")),
            };
        }
        if let Some(text) = rest.strip_prefix(b"<![CDATA[") {
            let end = memchr::memmem::find(text, b"]]>").ok_or_else(|| cut("a CDATA section"))?;
            let from = self.at + "<![CDATA[".len();
            self.at = from + end + "]]>".len();
            let end = from + end;
            return Ok(Mark::Cdata(self.source.get(from..end).unwrap_or_default()));
        }
        if rest.starts_with(b"<!DOCTYPE") {
            return Err(Box::new(XmlFault::DocumentType));
        }
        Err(malformed("after `<!` comes a comment or a CDATA section"))
    }

    #[cold]
    fn instruction(&mut self) -> Result<Mark<'a>, Fault> {
        let inside = self.rest().get(2..).unwrap_or_default();
        let mut ends = memchr::memchr_iter(b'?', inside);
        let end = ends.find(|at| inside.get(at + 1) == Some(&b'>')).ok_or_else(|| cut("an instruction"))?;
        let target = inside[..end].split(u8::is_ascii_whitespace).next().unwrap_or_default();
        let may_begin = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_' || !byte.is_ascii();
        let may_follow =
            |byte: &u8| may_begin(byte) || byte.is_ascii_digit() || matches!(*byte, b'-' | b'.' | b':');
        if !target.first().is_some_and(may_begin) || !target.iter().all(may_follow) {
            return Err(malformed("a name must follow `<?` at once"));
        }
        if target.eq_ignore_ascii_case(b"xml") && self.at > "\u{FEFF}".len() {
            return Err(malformed("the XML declaration must stand first"));
        }
        self.at += "<??>".len() + end;
        Ok(Mark::Passing)
    }

    /// The next thing in a tag whose name has been read.
    #[inline]
    pub(super) fn in_tag(&mut self) -> Result<InTag<'a>, Fault> {
        match self.rest() {
            [b'>', ..] => {
                self.at += 1;
                return Ok(InTag::Opened);
            }
            [b' ', next, ..] if class(*next) & ENDS_NAME == 0 => self.at += 1,
            [b'/', b'>', ..] => {
                self.at += "/>".len();
                return Ok(InTag::Closed);
            }
            [b' ', b'/', b'>', ..] => {
                self.at += " />".len();
                return Ok(InTag::Closed);
            }
            _ => {
                if let Some(end) = self.other_end_of_tag()? {
                    return Ok(end);
                }
            }
        }
        self.attribute()
    }

    /// Passes other white space in a tag than one space: how the tag ends there, if no attribute follows.
    #[cold]
    fn other_end_of_tag(&mut self) -> Result<Option<InTag<'a>>, Fault> {
        let had_space = self.space();
        match self.rest() {
            [b'>', ..] => {
                self.at += 1;
                Ok(Some(InTag::Opened))
            }
            [b'/', b'>', ..] => {
                self.at += "/>".len();
                Ok(Some(InTag::Closed))
            }
            [] | [b'/'] => Err(cut("a tag")),
            _ if !had_space => Err(malformed("white space must stand between attributes")),
            _ => Ok(None),
        }
    }

    #[inline]
    fn attribute(&mut self) -> Result<InTag<'a>, Fault> {
        let name = self.name()?;
        let quote = if let [b'=', b'"', ..] = self.rest() {
            self.at += 2;
            b'"'
        } else {
            self.other_quote()?
        };
        let (value, is_plain) = self.value(quote)?;
        Ok(InTag::Attribute { name, value, is_plain })
    }

    /// Passes the `=` and the quote before a value, where white space stands around them, or the quote is the other one.
    #[cold]
    fn other_quote(&mut self) -> Result<u8, Fault> {
        if self.bytes.get(self.at) != Some(&b'=') {
            self.space();
        }
        if self.bytes.get(self.at) != Some(&b'=') {
            return Err(malformed("an attribute needs `=` and a value in quotes"));
        }
        self.at += 1;
        if self.bytes.get(self.at) != Some(&b'"') {
            self.space();
        }
        let quote = match self.bytes.get(self.at) {
            Some(quote @ (b'"' | b'\'')) => *quote,
            Some(_) => return Err(malformed("the value of an attribute stands in quotes")),
            None => return Err(cut("a tag")),
        };
        self.at += 1;
        Ok(quote)
    }

    /// The value of an attribute up to its quote, and whether it can stay as it is.
    #[inline]
    fn value(&mut self, quote: u8) -> Result<(Piece, bool), Fault> {
        // Each quote is a bit apart from `&`: they are looked for together.
        let (apart, joined) = (eight(quote ^ b'&'), eight(quote | b'&'));
        let marks = |word: u64| {
            let ends = zeros((word | apart) ^ joined) | zeros(word ^ eight(b'<'));
            ends | less(word, b' ')
        };
        let is_marked = |byte: u8| byte == quote || class(byte) & NOT_PLAIN != 0;
        let mut is_plain = true;
        let mut end = self.at;
        loop {
            end = self.find(end, marks, is_marked).ok_or_else(|| cut("a tag"))?;
            if self.bytes[end] == quote {
                break;
            }
            is_plain &= class(self.bytes[end]) & NOT_PLAIN == 0;
            end += 1;
        }
        let value = self.piece(end);
        self.at += 1;
        Ok((value, is_plain))
    }
}

#[cold]
#[expect(
    clippy::unnecessary_box_returns,
    reason = "faults travel in boxes, so that steps without one stay small"
)]
pub(super) fn malformed(why: &str) -> Fault {
    Box::new(XmlFault::NotWellFormed(why.to_owned()))
}

#[cold]
#[expect(
    clippy::unnecessary_box_returns,
    reason = "faults travel in boxes, so that steps without one stay small"
)]
fn cut(what: &str) -> Fault {
    Box::new(XmlFault::CutOff(what.to_owned()))
}
