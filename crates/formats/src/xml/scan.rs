//! Bytes to marks: where a tag, a text or a comment begins and ends. Nothing is allocated here.

use super::{
    XmlFault,
    names::{Hashing, text_hash},
    sixteen::{Marks, Sixteen},
    words::short_word,
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
}

/// A name as written: where it lies in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ScannedName {
    pub(super) from: u32,
    /// Where its local part begins.
    begin: u32,
    pub(super) until: u32,
    /// [`text_hash`] of the local part.
    pub(super) hash: u64,
}

impl ScannedName {
    fn new(from: usize, begin: usize, until: usize, hash: u64) -> Self {
        Self { from: number(from), begin: number(begin), until: number(until), hash }
    }

    /// All of it.
    #[inline]
    pub(super) fn text(self, source: &str) -> &[u8] {
        &source.as_bytes()[self.from as usize..self.until as usize]
    }

    /// How many bytes it has.
    #[inline]
    pub(super) fn len(self) -> usize {
        (self.until - self.from) as usize
    }

    #[inline]
    pub(super) fn local(self, source: &str) -> &[u8] {
        &source.as_bytes()[self.begin as usize..self.until as usize]
    }

    /// The prefix without its colon; none if there is no colon.
    #[inline]
    pub(super) fn prefix(self, source: &str) -> Option<&[u8]> {
        self.has_prefix().then(|| &source.as_bytes()[self.from as usize..self.begin as usize - 1])
    }

    #[inline]
    pub(super) fn has_prefix(self) -> bool {
        self.begin > self.from
    }

    /// The name as text: it begins and ends at ASCII characters.
    pub(super) fn shown(self, source: &str) -> &str {
        str::from_utf8(self.text(source)).unwrap_or_default()
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
pub(super) enum InTag {
    /// An attribute.
    Attribute,
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

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    loop {
        classes[byte as usize] = match byte {
            b' ' | b'\n' | b'\t' | b'\r' => SPACE | ENDS_NAME,
            b'>' | b'/' | b'=' | b'"' | b'\'' | b'<' => ENDS_NAME,
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

/// A length or offset in a document, which has fewer than `u32::MAX` bytes.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "a document has at most 2^30 bytes, and its pool no more than twice that"
)]
pub(super) fn number(value: usize) -> u32 {
    value as u32
}

/// The first bytes of a word, one to eight, and zeros.
#[inline]
fn low(word: u64, bytes: usize) -> u64 {
    word & (u64::MAX >> (64 - 8 * bytes))
}

/// Where a byte first stands twice in a row.
fn pair(bytes: &[u8], byte: u8) -> Option<usize> {
    memchr::memchr_iter(byte, bytes).find(|at| bytes.get(at + 1) == Some(&byte))
}

/// Marks what no name has, and colons. Letters, `_` and what isn't ASCII are past `?`; of the others, names have digits, `-`
/// and `.`.
#[inline]
fn ends_of_names(bytes: Sixteen) -> Marks {
    bytes.are_to(b'?').but_not(bytes.are_from_to(b'-', b'9')).or(bytes.are(b'/'))
}

/// Marks what isn't white space, and carriage returns, which don't stay. XML has no other characters up to the space.
#[inline]
fn ends_of_blank(bytes: Sixteen) -> Marks {
    bytes.are_to(b' ').others().or(bytes.are(b'\r'))
}

/// Marks `<`, and what must be made into something else in a text, or may have to be.
#[inline]
fn ends_of_plain(bytes: Sixteen) -> Marks {
    bytes.are(b'<').or(bytes.are(b'&')).or(bytes.are(b']')).or(bytes.are(b'\r'))
}

impl<'a> Scanner<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self { source, bytes: source.as_bytes(), at: 0 }
    }

    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.rest_from(self.at)
    }

    #[inline]
    fn rest_from(&self, at: usize) -> &'a [u8] {
        self.bytes.get(at..).unwrap_or_default()
    }

    /// The byte that stands next.
    #[inline]
    pub(super) fn next(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The byte after that.
    #[inline]
    pub(super) fn second(&self) -> Option<u8> {
        self.bytes.get(self.at + 1).copied()
    }

    /// The sixteen bytes from here on.
    #[inline]
    fn sixteen(&self, at: usize) -> Option<&'a [u8; 16]> {
        self.bytes.get(at..)?.first_chunk()
    }

    /// The first place from here on that is marked; the end if there is none. Nearly always it is among the next sixteen bytes.
    #[inline]
    fn find(&self, from: usize, marks: impl Fn(Sixteen) -> Marks) -> usize {
        match self.sixteen(from).and_then(|bytes| marks(Sixteen::of(bytes)).first()) {
            Some(place) => from + place,
            None => self.find_further(from, marks),
        }
    }

    #[inline(never)]
    fn find_further(&self, from: usize, marks: impl Fn(Sixteen) -> Marks) -> usize {
        let mut at = from;
        while let Some(bytes) = self.sixteen(at) {
            if let Some(place) = marks(Sixteen::of(bytes)).first() {
                return at + place;
            }
            at += 16;
        }
        self.find_at_end(at, marks)
    }

    /// The same among the last bytes, fewer than sixteen.
    #[cold]
    fn find_at_end(&self, at: usize, marks: impl Fn(Sixteen) -> Marks) -> usize {
        let rest = self.rest_from(at);
        let mut bytes = [0; 16];
        bytes[..rest.len()].copy_from_slice(rest);
        let place = marks(Sixteen::of(&bytes)).first().unwrap_or(rest.len());
        at + place.min(rest.len())
    }

    /// Whether it is an element that begins here, where a `<` is.
    #[inline]
    pub(super) fn is_before_element(&self) -> bool {
        self.bytes.get(self.at + 1).is_some_and(|next| !matches!(next, b'/' | b'!' | b'?'))
    }

    /// White space up to the next tag that can stay as it is, if there is nothing else before that. `first` stands next.
    #[inline]
    pub(super) fn blank(&mut self, first: u8) -> Option<Piece> {
        if first > b' ' {
            return None;
        }
        let end = self.find(self.at, ends_of_blank);
        (self.bytes.get(end) == Some(&b'<')).then(|| self.piece(end))
    }

    /// Text up to the next tag, and what it looks like.
    #[inline]
    pub(super) fn text(&mut self) -> (Piece, Look) {
        const NEAR: usize = 4;
        let mut at = self.at;
        for bytes in self.rest().as_chunks::<16>().0.iter().take(NEAR) {
            if let Some(place) = ends_of_plain(Sixteen::of(bytes)).first() {
                if bytes[place] == b'<' {
                    return (self.piece(at + place), Look::Plain);
                }
                break;
            }
            at += 16;
        }
        self.long_text()
    }

    /// The same for one of any length: block by block, so that a block is near when it is looked at again.
    fn long_text(&mut self) -> (Piece, Look) {
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
        (self.piece(end), look)
    }

    /// The piece from here to there.
    #[inline]
    fn piece(&mut self, until: usize) -> Piece {
        let from = std::mem::replace(&mut self.at, until);
        Piece { from, until }
    }

    /// A name, with the hash of its local part.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call costs a third of what a short name does")]
    pub(super) fn name(&mut self) -> Result<ScannedName, Fault> {
        if let Some(name) = self.usual_name() {
            return Ok(name);
        }
        // A call that gave its answer right on would keep the usual one in memory too, and out of the processor's registers.
        let name = self.other_name()?;
        Ok(name)
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a call costs a third of what a short name does")]
    fn usual_name(&mut self) -> Option<ScannedName> {
        let from = self.at;
        let (mut sign, mut end, mut hash) = self.part_of_name(from)?;
        let mut begin = from;
        if sign == b':' {
            begin = end + 1;
            (sign, end, hash) = self.part_of_name(begin)?;
        }
        if class(sign) & ENDS_NAME == 0 {
            return None;
        }
        self.at = end;
        Some(ScannedName::new(from, begin, end, hash))
    }

    /// A prefix or local part: what stands behind it, where that is, and [`text_hash`] of the part. None where it is nothing,
    /// long, or among the last bytes of all.
    #[inline]
    fn part_of_name(&self, from: usize) -> Option<(u8, usize, u64)> {
        let bytes = self.sixteen(from)?;
        let Some(length) = ends_of_names(Sixteen::of(bytes)).first() else { return self.long_part(from) };
        let (words, _) = bytes.as_chunks::<8>();
        let [first, second] = [words[0], words[1]].map(u64::from_le_bytes);
        let hashing = match length {
            0 => return None,
            1..=8 => Hashing::default().add(low(first, length)),
            _ => Hashing::default().add(first).add(low(second, length - 8)),
        };
        Some((bytes[length], from + length, hashing.end(length)))
    }

    /// The same of more than fifteen bytes.
    #[inline(never)]
    fn long_part(&self, from: usize) -> Option<(u8, usize, u64)> {
        let end = self.find_further(from, ends_of_names);
        Some((*self.bytes.get(end)?, end, text_hash(&self.bytes[from..end])))
    }

    /// [`short_word`] of the prefix of a name that was read here.
    #[inline]
    pub(super) fn short_word(&self, prefix: &[u8], name: ScannedName) -> u64 {
        match self.eight(name.from as usize) {
            Some(word) if matches!(prefix.len(), 1..8) => low(word, prefix.len()),
            Some(_) | None => short_word(prefix),
        }
    }

    #[inline]
    fn eight(&self, from: usize) -> Option<u64> {
        self.bytes.get(from..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
    }

    /// A name at the end of the document, or of unusual characters.
    #[cold]
    fn other_name(&mut self) -> Result<ScannedName, Fault> {
        let rest = self.rest();
        let length = rest.iter().position(|byte| class(*byte) & ENDS_NAME != 0).unwrap_or(rest.len());
        if length == 0 {
            return Err(malformed("a name is missing after `<`, `</` or an attribute"));
        }
        let text = &rest[..length];
        let local = memchr::memchr(b':', text).map_or(0, |colon| colon + 1);
        let from = self.at;
        self.at += length;
        Ok(ScannedName::new(from, from + local, self.at, text_hash(&text[local..])))
    }

    /// Passes `</name>` of the element whose name lies there, if it is the usual one.
    #[inline]
    pub(super) fn close(&mut self, open: Piece) -> bool {
        let length = open.until - open.from;
        let end = self.at + 2 + length;
        let closes =
            length > 0 && self.bytes.get(end) == Some(&b'>') && self.is_same(self.at + 2, open.from, length);
        if closes {
            self.at = end + 1;
        }
        closes
    }

    /// Whether so many bytes are the same here and there; of the last bytes of all it isn't said.
    #[inline]
    fn is_same(&self, here: usize, there: usize, length: usize) -> bool {
        let sixteen = |at: usize| self.sixteen(at).map(Sixteen::of);
        (0..length).step_by(16).all(|step| {
            let both = sixteen(here + step).zip(sixteen(there + step));
            both.is_some_and(|(one, other)| one.first_other(other).is_none_or(|place| step + place >= length))
        })
    }

    /// Passes `</name>`, which may be written otherwise, or be of another element: its name.
    #[cold]
    pub(super) fn other_close(&mut self) -> Result<&'a [u8], Fault> {
        self.at += 2;
        let name = self.name()?;
        self.space();
        match self.bytes.get(self.at) {
            Some(b'>') => self.at += 1,
            Some(_) => return Err(malformed("an end tag holds nothing but its name")),
            None => return Err(cut(name.shown(self.source))),
        }
        Ok(name.text(self.source))
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

    /// Passes a comment or a CDATA section: the text of the latter.
    #[cold]
    pub(super) fn section(&mut self) -> Result<Option<&'a str>, Fault> {
        let rest = self.rest();
        if let Some(comment) = rest.strip_prefix(b"<!--") {
            let end = pair(comment, b'-').ok_or_else(|| cut("a comment"))?;
            return match comment.get(end + 2) {
                Some(b'>') => {
                    self.at += "<!---->".len() + end;
                    Ok(None)
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
            return Ok(Some(self.source.get(from..end).unwrap_or_default()));
        }
        if rest.starts_with(b"<!DOCTYPE") {
            return Err(Box::new(XmlFault::DocumentType));
        }
        Err(malformed("after `<!` comes a comment or a CDATA section"))
    }

    #[cold]
    pub(super) fn instruction(&mut self) -> Result<(), Fault> {
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
        Ok(())
    }

    /// The next thing in a tag whose name has been read.
    #[inline]
    pub(super) fn in_tag(&mut self) -> Result<InTag, Fault> {
        match (self.next(), self.second()) {
            (Some(b'>'), _) => {
                self.at += 1;
                return Ok(InTag::Opened);
            }
            (Some(b' '), Some(next)) if class(next) & ENDS_NAME == 0 => self.at += 1,
            (Some(b'/'), Some(b'>')) => {
                self.at += "/>".len();
                return Ok(InTag::Closed);
            }
            _ => {
                if let Some(end) = self.other_end_of_tag()? {
                    return Ok(end);
                }
            }
        }
        Ok(InTag::Attribute)
    }

    /// Passes other white space in a tag than one space: how the tag ends there, if no attribute follows.
    #[cold]
    fn other_end_of_tag(&mut self) -> Result<Option<InTag>, Fault> {
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

    /// The value of an attribute whose name has been read, and whether it can stay as it is.
    #[inline]
    pub(super) fn value(&mut self) -> Result<(Piece, bool), Fault> {
        if (self.next(), self.second()) == (Some(b'='), Some(b'"')) {
            self.at += 2;
            self.value_in::<b'"'>()
        } else {
            self.other_value()
        }
    }

    /// A value behind white space, or in the other quotes.
    #[cold]
    fn other_value(&mut self) -> Result<(Piece, bool), Fault> {
        if self.other_quote()? == b'"' { self.value_in::<b'"'>() } else { self.value_in::<b'\''>() }
    }

    /// Passes the `=` and the quote before a value, where white space stands around them, or the quote is the other one.
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

    /// The same up to its quote.
    #[inline]
    fn value_in<const QUOTE: u8>(&mut self) -> Result<(Piece, bool), Fault> {
        let marks = |bytes: Sixteen| {
            let signs = bytes.are(QUOTE).or(bytes.are(b'<')).or(bytes.are(b'&'));
            signs.or(bytes.are_to(b' ' - 1))
        };
        let mut is_plain = true;
        let mut end = self.find(self.at, marks);
        loop {
            match self.bytes.get(end) {
                Some(sign) if *sign == QUOTE => break,
                Some(_) => end = self.find(end + 1, marks),
                None => return Err(cut("a tag")),
            }
            is_plain = false;
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
