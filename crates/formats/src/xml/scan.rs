//! Bytes to marks: where a tag, a text or a comment begins and ends. Nothing is allocated here.

use super::XmlFault;

/// A fault on its way out: small, since every step returns one or none.
pub(super) type Fault = Box<XmlFault>;

/// A place in the text, moving forward. Names and texts are given as bytes: they begin and end at ASCII characters, so each is
/// a text of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    pub(super) at: usize,
}

/// What stands next in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark<'a> {
    /// Text up to the next `<` or the end, as written.
    Text(&'a [u8]),
    /// The text of a CDATA section.
    Cdata(&'a [u8]),
    /// A comment or an instruction.
    Passing,
    /// `<name`: the scanner stands behind the name.
    Open(&'a [u8]),
    /// `</name>`.
    Close(&'a [u8]),
    /// Nothing more.
    End,
}

/// What stands next in a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InTag<'a> {
    /// An attribute; where its value begins in the source.
    Attribute { name: &'a [u8], value: &'a [u8], at: usize, is_plain: bool },
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

impl<'a> Scanner<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self { bytes: source.as_bytes(), at: 0 }
    }

    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    #[inline]
    pub(super) fn mark(&mut self) -> Result<Mark<'a>, Fault> {
        let rest = self.rest();
        match rest {
            [] => Ok(Mark::End),
            [b'<', b'/', ..] => self.close(),
            [b'<', b'!', ..] => self.section(),
            [b'<', b'?', ..] => self.instruction(),
            [b'<', ..] => {
                self.at += 1;
                Ok(Mark::Open(self.name()?))
            }
            _ => Ok(Mark::Text(self.take(memchr::memchr(b'<', rest).unwrap_or(rest.len())))),
        }
    }

    #[inline]
    fn take(&mut self, length: usize) -> &'a [u8] {
        let taken = self.rest().get(..length).unwrap_or_default();
        self.at += length;
        taken
    }

    #[inline]
    fn name(&mut self) -> Result<&'a [u8], Fault> {
        let rest = self.rest();
        let length = rest.iter().position(|byte| class(*byte) & ENDS_NAME != 0).unwrap_or(rest.len());
        if length == 0 {
            return Err(malformed("a name is missing after `<`, `</` or an attribute"));
        }
        Ok(self.take(length))
    }

    fn close(&mut self) -> Result<Mark<'a>, Fault> {
        self.at += 2;
        let name = self.name()?;
        self.space();
        match self.bytes.get(self.at) {
            Some(b'>') => self.at += 1,
            Some(_) => return Err(malformed("an end tag holds nothing but its name")),
            None => return Err(cut(&String::from_utf8_lossy(name))),
        }
        Ok(Mark::Close(name))
    }

    /// Passes white space; whether there was any.
    fn space(&mut self) -> bool {
        let rest = self.rest();
        let length = rest.iter().position(|byte| class(*byte) & SPACE == 0).unwrap_or(rest.len());
        self.at += length;
        length > 0
    }

    /// A comment or a CDATA section.
    fn section(&mut self) -> Result<Mark<'a>, Fault> {
        let rest = self.rest();
        if let Some(comment) = rest.strip_prefix(b"<!--") {
            let end = memchr::memmem::find(comment, b"--").ok_or_else(|| cut("a comment"))?;
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
            self.at += "<![CDATA[]]>".len() + end;
            return Ok(Mark::Cdata(&text[..end]));
        }
        if rest.starts_with(b"<!DOCTYPE") {
            return Err(Box::new(XmlFault::DocumentType));
        }
        Err(malformed("after `<!` comes a comment or a CDATA section"))
    }

    fn instruction(&mut self) -> Result<Mark<'a>, Fault> {
        let inside = self.rest().get(2..).unwrap_or_default();
        let end = memchr::memmem::find(inside, b"?>").ok_or_else(|| cut("an instruction"))?;
        let target = inside[..end].split(u8::is_ascii_whitespace).next().unwrap_or_default();
        if target.is_empty() {
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
        let had_space = self.space();
        match self.rest() {
            [b'>', ..] => {
                self.at += 1;
                Ok(InTag::Opened)
            }
            [b'/', b'>', ..] => {
                self.at += 2;
                Ok(InTag::Closed)
            }
            [] | [b'/'] => Err(cut("a tag")),
            _ if !had_space => Err(malformed("white space must stand between attributes")),
            _ => self.attribute(),
        }
    }

    fn attribute(&mut self) -> Result<InTag<'a>, Fault> {
        let name = self.name()?;
        self.space();
        if self.bytes.get(self.at) != Some(&b'=') {
            return Err(malformed("an attribute needs `=` and a value in quotes"));
        }
        self.at += 1;
        self.space();
        let quote = match self.bytes.get(self.at) {
            Some(quote @ (b'"' | b'\'')) => *quote,
            Some(_) => return Err(malformed("the value of an attribute stands in quotes")),
            None => return Err(cut("a tag")),
        };
        self.at += 1;
        let (at, rest) = (self.at, self.rest());
        let mut met = 0;
        let length = rest.iter().position(|byte| {
            met |= class(*byte);
            *byte == quote
        });
        let value = self.take(length.ok_or_else(|| cut("a tag"))?);
        self.at += 1;
        Ok(InTag::Attribute { name, value, at, is_plain: met & NOT_PLAIN == 0 })
    }
}

#[expect(
    clippy::unnecessary_box_returns,
    reason = "faults travel in boxes, so that steps without one stay small"
)]
pub(super) fn malformed(why: &str) -> Fault {
    Box::new(XmlFault::NotWellFormed(why.to_owned()))
}

#[expect(
    clippy::unnecessary_box_returns,
    reason = "faults travel in boxes, so that steps without one stay small"
)]
fn cut(what: &str) -> Fault {
    Box::new(XmlFault::CutOff(what.to_owned()))
}
