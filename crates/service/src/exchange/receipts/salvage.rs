//! What can be made out of a document that is broken: its head, so that the sender can be told.

use samspill_formats::{
    messages::{
        read::{self, MessageLimits},
        types::{Message, Version},
    },
    xml::{self, XmlLimits},
};

/// How much of a broken document is looked at. A head takes a hundredth of it.
const BYTES_MAX: usize = 256 << 10;

/// The head of a broken document, if elements left open are closed where an element around them ends.
///
/// Text that the document breaks off in is left out: half an id would be another id. Nothing but a rejection is ever built
/// on what is found. None if there is no head even then, or if a document type is there.
pub(super) fn salvage(text: &str, xml: &XmlLimits, limits: &MessageLimits) -> Option<Message> {
    let text = &text[..text.floor_char_boundary(BYTES_MAX)];
    let mended = mend(text, xml.depth_max)?;
    let document = xml::parse(&mended, xml).ok()?;
    let (mut message, _) = read::read(&document, limits);
    if message.version == Version::Unknown {
        message.version = version_named_in(text);
    }
    Some(message)
}

/// The same for bytes that aren't in the encoding they should be in; what isn't UTF-8, or a character that XML doesn't have and
/// no receipt can repeat, is left as a mark.
pub(super) fn salvage_bytes(bytes: &[u8], xml: &XmlLimits, limits: &MessageLimits) -> Option<Message> {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(BYTES_MAX)]);
    salvage(&text.replace(is_no_character, "\u{FFFD}"), xml, limits)
}

fn is_no_character(letter: char) -> bool {
    matches!(letter, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// The first version whose namespace the text has: the body, which says it, isn't read.
fn version_named_in(text: &str) -> Version {
    const BASE: &str = "http://www.kith.no/xmlstds/";
    let names = text.match_indices(BASE).map(|(at, _)| {
        let rest = &text[at + BASE.len()..];
        rest.split(['"', '\'', ' ', '\n']).next().unwrap_or_default()
    });
    let known = names.map(|name| match name.split_once('/') {
        Some(("po", rest)) if rest.ends_with("/2009-06-30") => Version::Plo15,
        Some(("po", rest)) if rest.ends_with("/2012-04-01") => Version::Plo16,
        Some(("dialog", "2006-10-11")) => Version::Dialog10,
        Some(("dialog", "2013-01-23")) => Version::Dialog11,
        Some(("epikrise", "2006-09-23")) => Version::Epikrise11,
        Some(("epikrise", "2012-02-15")) => Version::Epikrise12,
        Some(("apprec", "2004-11-21")) => Version::AppRec10,
        Some(("apprec", "2012-02-15")) => Version::AppRec11,
        Some(_) | None => Version::Unknown,
    });
    known.into_iter().find(|version| *version != Version::Unknown).unwrap_or(Version::Unknown)
}

/// A document mended until its head ends, or as far as it can be taken apart. One with more elements in elements than that
/// isn't.
fn mend(text: &str, depth_max: usize) -> Option<String> {
    let mut mender = Mender { out: String::with_capacity(4096), open: Vec::new() };
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        if mender.open.len() > depth_max {
            return None;
        }
        mender.text(&rest[..at]);
        match piece(&rest[at..]) {
            Some((Piece::DocumentType, _)) => return None,
            Some((Piece::EndTag(name), after)) => {
                rest = after;
                if mender.end(name) {
                    break;
                }
            }
            Some((Piece::StartTag(tag), after)) => {
                mender.start(tag);
                rest = after;
            }
            Some((Piece::Characters(characters), after)) => {
                mender.text(&characters.replace('&', "&amp;").replace('<', "&lt;"));
                rest = after;
            }
            Some((Piece::Nothing, after)) => rest = after,
            None => break,
        }
    }
    Some(mender.finish())
}

/// What begins with `<`.
enum Piece<'a> {
    /// A comment or processing instruction.
    Nothing,
    DocumentType,
    Characters(&'a str),
    StartTag(&'a str),
    EndTag(&'a str),
}

/// The piece at the beginning of a text, and what comes after it; none if it doesn't end.
fn piece(text: &str) -> Option<(Piece<'_>, &str)> {
    if let Some(comment) = text.strip_prefix("<!--") {
        return comment.split_once("-->").map(|(_, after)| (Piece::Nothing, after));
    }
    if let Some(instruction) = text.strip_prefix("<?") {
        return instruction.split_once("?>").map(|(_, after)| (Piece::Nothing, after));
    }
    if let Some(characters) = text.strip_prefix("<![CDATA[") {
        return characters.split_once("]]>").map(|(inside, after)| (Piece::Characters(inside), after));
    }
    if text.starts_with("<!") {
        return Some((Piece::DocumentType, ""));
    }
    let end = tag_end(text)?;
    let (tag, after) = (&text[..=end], &text[end + 1..]);
    match tag.strip_prefix("</") {
        Some(name) => Some((Piece::EndTag(name[..name.len() - 1].trim()), after)),
        None => Some((Piece::StartTag(tag), after)),
    }
}

/// Where a tag's `>` is; one in quotes isn't it, and a `<` means that there is none.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (_, b'<') => return None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None | Some(_), _) => {}
        }
    }
    None
}

struct Mender<'a> {
    out: String,
    open: Vec<&'a str>,
}

impl<'a> Mender<'a> {
    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find('&') {
            self.out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let is_known =
                ["amp;", "lt;", "gt;", "quot;", "apos;", "#"].iter().any(|name| rest.starts_with(name));
            self.out.push_str(if is_known { "&" } else { "&amp;" });
        }
        self.out.push_str(rest);
    }

    fn start(&mut self, tag: &'a str) {
        self.out.push_str(tag);
        if !tag.ends_with("/>") {
            let name = tag[1..tag.len() - 1].split_ascii_whitespace().next().unwrap_or_default();
            self.open.push(name);
        }
    }

    /// Closes an element and those left open in it; an end of what isn't open is passed over. Whether the head ends here.
    fn end(&mut self, name: &str) -> bool {
        let Some(place) = self.open.iter().rposition(|open| *open == name) else { return false };
        self.close_down_to(place);
        name.rsplit(':').next() == Some("MsgInfo")
    }

    fn close_down_to(&mut self, place: usize) {
        while self.open.len() > place {
            if let Some(name) = self.open.pop() {
                self.out.push_str("</");
                self.out.push_str(name);
                self.out.push('>');
            }
        }
    }

    fn finish(mut self) -> String {
        self.close_down_to(0);
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_open_is_closed_where_the_element_around_it_ends() {
        let rows = [
            ("<a><b><c>1</b><d/></a>", "<a><b><c>1</c></b><d/></a>"),
            ("<a><b>1</b><c>2", "<a><b>1</b><c></c></a>"),
            ("<a><b>1</b", "<a><b>1</b></a>"),
            ("<a><b>1</c></b></a>", "<a><b>1</b></a>"),
            ("<a><!-- <b> --><b x='>'>1 & 2 &amp; 3</b></a>", "<a><b x='>'>1 &amp; 2 &amp; 3</b></a>"),
            ("<a><![CDATA[1 < 2]]></a>", "<a>1 &lt; 2</a>"),
            ("<h:a><h:MsgInfo><x>1</h:MsgInfo><y", "<h:a><h:MsgInfo><x>1</x></h:MsgInfo></h:a>"),
        ];
        for (broken, mended) in rows {
            assert_eq!(mend(broken, 8).as_deref(), Some(mended), "{broken}");
        }
    }

    #[test]
    fn a_document_type_is_never_mended() {
        assert_eq!(mend("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 8), None);
    }

    #[test]
    fn a_document_past_the_depth_is_not_mended() {
        assert_eq!(mend("<a><b><c>", 3).as_deref(), Some("<a><b><c></c></b></a>"));
        assert_eq!(mend("<a><b><c><d><e>", 3), None);
    }

    #[test]
    fn the_version_is_that_of_the_first_namespace_that_names_one() {
        let text = "<h xmlns='http://www.kith.no/xmlstds/msghead/2006-05-24'><p \
            xmlns='http://www.kith.no/xmlstds/po/Pasientlogistikk/2009-06-30'/><q \
            xmlns='http://www.kith.no/xmlstds/po/poKomponent/2012-04-01'/>";
        assert_eq!(version_named_in(text), Version::Plo15);
        assert_eq!(version_named_in("<h/>"), Version::Unknown);
    }
}
