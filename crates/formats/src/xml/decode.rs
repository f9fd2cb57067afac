use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{XmlError, XmlFault, XmlLimits};
use crate::Place;

/// The text of a document: UTF-8 as it is; UTF-16 with its mark, ISO 8859-1 and Windows-1252 turned into UTF-8.
///
/// # Errors
/// More than [`XmlLimits::bytes_max`] bytes, another encoding, bytes that aren't what the encoding says, or a character that
/// XML doesn't have.
pub fn decode<'a>(bytes: &'a [u8], limits: &XmlLimits) -> Result<Cow<'a, str>, XmlError> {
    let refused = |fault| XmlError { place: Place::START, fault };
    if bytes.len() > limits.bytes_max {
        return Err(refused(XmlFault::TooMuch { what: "bytes", limit: limits.bytes_max }));
    }
    let encoding = encoding(bytes).map_err(|name| refused(XmlFault::Encoding(name)))?;
    let text = text(bytes, encoding)?;
    match forbidden(&text) {
        Some((at, character)) => Err(XmlError::at(&text, at, XmlFault::Character(character))),
        None => Ok(text),
    }
}

fn text<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Result<Cow<'a, str>, XmlError> {
    if encoding == UTF_8 {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let text = simdutf8::basic::from_utf8(bytes).map_err(|_| not_encoded(bytes, encoding))?;
        return Ok(Cow::Borrowed(text));
    }
    let (text, had_errors) = encoding.decode_with_bom_removal(bytes);
    if had_errors { Err(not_encoded(bytes, encoding)) } else { Ok(text) }
}

fn not_encoded(bytes: &[u8], encoding: &'static Encoding) -> XmlError {
    let fault = XmlFault::NotEncoded(encoding.name());
    match std::str::from_utf8(bytes) {
        Err(error) if encoding == UTF_8 => {
            XmlError { place: Place::START.after(&bytes[..error.valid_up_to()]), fault }
        }
        Ok(_) | Err(_) => XmlError { place: Place::START, fault },
    }
}

/// The encoding, by its mark (which goes before the declaration), or else as the declaration says.
fn encoding(bytes: &[u8]) -> Result<&'static Encoding, String> {
    const USUAL: &[u8] = br#"<?xml version="1.0" encoding="UTF-8""#;
    if let Some((marked, _)) = Encoding::for_bom(bytes) {
        return Ok(marked);
    }
    if bytes.starts_with(&[0, b'<']) || bytes.starts_with(&[b'<', 0]) {
        return Err("UTF-16 without a byte order mark, or UTF-32".to_owned());
    }
    if bytes.starts_with(USUAL) {
        return Ok(UTF_8);
    }
    let Some(name) = declared(bytes) else { return Ok(UTF_8) };
    let label = String::from_utf8_lossy(name);
    match Encoding::for_label(name) {
        Some(known) if known == UTF_8 || known == WINDOWS_1252 => Ok(known),
        // Declared, but without the mark that these need; single bytes that can be read as a declaration aren't UTF-16.
        Some(known) if known == UTF_16LE || known == UTF_16BE => {
            Err(format!("{label}, without a byte order mark"))
        }
        Some(_) | None => Err(label.chars().take(40).collect()),
    }
}

/// The name after `encoding=` in `<?xml …?>`, if the document begins with one.
fn declared(bytes: &[u8]) -> Option<&[u8]> {
    let declaration = bytes.strip_prefix(b"<?xml")?;
    let declaration = &declaration[..memchr::memmem::find(declaration, b"?>")?];
    let after = &declaration[memchr::memmem::find(declaration, b"encoding")? + b"encoding".len()..];
    let after = after.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, rest) = after.split_first()?;
    let end = rest.iter().position(|byte| byte == quote)?;
    Some(&rest[..end])
}

/// The first character that XML 1.0 doesn't have (section 2.2).
fn forbidden(text: &str) -> Option<(usize, u32)> {
    const BLOCK: usize = 1 << 10;
    // What is large is files in lines of base64.
    const LARGE: usize = 64 << 10;
    let may_be_lines = text.len() > LARGE;
    let blocks = text.as_bytes().chunks(BLOCK).enumerate();
    let mut suspect = blocks.filter(|(_, block)| !(may_be_lines && is_lines(block)) && is_suspect(block));
    suspect.find_map(|(number, block)| forbidden_in(text, number * BLOCK, block))
}

/// Whether a block is ASCII in lines, with no other control character than line feeds. All bytes of a block are looked at in
/// one way, here and in [`is_suspect`], so that many are in one step.
fn is_lines(block: &[u8]) -> bool {
    let (mut least, mut all) = (u8::MAX, 0);
    for byte in block {
        least = least.min(if *byte == b'\n' { u8::MAX } else { *byte });
        all |= *byte;
    }
    least >= b' ' && all.is_ascii()
}

/// Whether a block may hold such a character: a control character, or the byte that U+FFFE and U+FFFF begin with.
#[expect(clippy::needless_bitwise_bool, reason = "without branches many bytes are looked at in one step")]
fn is_suspect(block: &[u8]) -> bool {
    let (mut least, mut all) = (u8::MAX, 0);
    for byte in block {
        // A tab and a carriage return are a bit apart.
        let is_space = (*byte & !4 == b'\t') | (*byte == b'\n');
        least = least.min(if is_space { u8::MAX } else { *byte });
        all |= *byte;
    }
    least < b' ' || !all.is_ascii() && memchr::memchr(0xEF, block).is_some()
}

/// The first such character that begins in a block, which begins at this byte of the text.
fn forbidden_in(text: &str, from: usize, block: &[u8]) -> Option<(usize, u32)> {
    let may_begin = |(_, byte): &(usize, &u8)| **byte < b' ' || **byte == 0xEF;
    let characters = block.iter().enumerate().filter(may_begin).map(|(place, _)| from + place);
    let mut characters = characters.filter_map(|at| Some((at, text[at..].chars().next()?)));
    let (at, found) = characters.find(|(_, character)| !is_allowed(*character))?;
    Some((at, u32::from(found)))
}

pub(super) fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}
