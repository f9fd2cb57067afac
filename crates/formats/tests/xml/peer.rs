//! Our reader beside another one: what it takes, the other takes too, and reads the same.

use proptest::prelude::*;
use quick_xml::{
    XmlVersion,
    escape::unescape,
    events::{BytesStart, Event},
    name::{Namespace, ResolveResult},
    reader::NsReader,
};
use samspill_formats::xml::{Child, Element, Name, XSI, XmlLimits, parse, write};

use crate::writing::element;

#[derive(Debug)]
struct Refused;

/// A document as the other reader sees it; none if it refuses.
fn peer(text: &str) -> Result<Element, Refused> {
    let mut reader = NsReader::from_str(text);
    let mut open: Vec<Element> = vec![Element::new("", "outside")];
    loop {
        match reader.read_event().map_err(|_| Refused)? {
            Event::Start(start) => open.push(begun(&reader, &start)?),
            Event::Empty(start) => {
                let element = begun(&reader, &start)?;
                put(&mut open, Child::Element(element));
            }
            Event::End(_) => {
                let element = open.pop().ok_or(Refused)?;
                put(&mut open, Child::Element(element));
            }
            Event::Text(text) => put(&mut open, Child::Text(text.xml10_content().into_owned())),
            Event::CData(text) => put(&mut open, Child::Text(text.xml10_content().into_owned())),
            Event::GeneralRef(name) => {
                let text = format!("&{};", name.xml10_content());
                put(&mut open, Child::Text(unescape(&text).map_err(|_| Refused)?.into_owned()));
            }
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
        }
    }
    let outside = open.pop().ok_or(Refused)?;
    outside.elements().next().cloned().ok_or(Refused)
}

fn put(open: &mut [Element], child: Child) {
    let Some(parent) = open.last_mut() else { return };
    match (parent.children.last_mut(), child) {
        (_, Child::Text(text)) if text.is_empty() => {}
        (Some(Child::Text(before)), Child::Text(text)) => before.push_str(&text),
        (_, child) => parent.children.push(child),
    }
}

fn begun(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Result<Element, Refused> {
    let name = |space: &ResolveResult<'_>, local: &str| match space {
        ResolveResult::Bound(Namespace(space)) => Ok(Name::new((*space).to_owned(), local.to_owned())),
        ResolveResult::Unbound => Ok(Name::new("", local.to_owned())),
        ResolveResult::Unknown(_) => Err(Refused),
    };
    let (space, local) = reader.resolver().resolve_element(start.name());
    let mut element =
        Element { name: name(&space, local.as_ref())?, attributes: Vec::new(), children: Vec::new() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| Refused)?;
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let (space, local) = reader.resolver().resolve_attribute(attribute.key);
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| Refused)?;
        element.attributes.push((name(&space, local.as_ref())?, value.into_owned()));
    }
    Ok(element)
}

fn is_same(text: &str) -> Result<(), TestCaseError> {
    if let Ok(document) = parse(text, &XmlLimits::default()) {
        let ours = Element::from(document.root());
        let has_types = ours.attributes.iter().any(|(name, _)| name.space == XSI);
        let theirs = peer(text).map_err(|_| TestCaseError::fail(format!("the other refuses: {text}")))?;
        prop_assert!(has_types || ours == theirs, "{text}\n{ours:#?}\n{theirs:#?}");
    }
    Ok(())
}

/// Pieces of documents in any order: most are broken, many in one place only.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<a>",
        "</a>",
        "<b/>",
        "<n:b xmlns:n='urn:n' n:c='1' c=\"2\">",
        "</n:b>",
        "<a xmlns='urn:a'>",
        "x",
        " ",
        "\r\n",
        "&lt;",
        "&#65;",
        "<![CDATA[<y>]]>",
        "<!-- z -->",
        "<?i j?>",
        "]",
        "<a v='1&amp;2\t3'/>",
        "ø",
        "<a xmlns=''>",
    ]);
    prop::collection::vec(piece, 0..14).prop_map(|pieces| format!("<a>{}</a>", pieces.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_put_together_from_pieces_is_read_alike(text in pieces()) {
        is_same(&text)?;
    }

    #[test]
    fn what_is_mangled_is_read_alike(
        element in element(),
        at in any::<prop::sample::Index>(),
        with in "[<>&;'\"=/!?\\[\\] a:-]{0,3}",
        gone in 0_usize..3,
    ) {
        let text: Vec<char> = write(&element).chars().collect();
        let place = at.index(text.len());
        let rest = &text[(place + gone).min(text.len())..];
        let mangled: String = text[..place].iter().copied().chain(with.chars()).chain(rest.iter().copied()).collect();
        is_same(&mangled)?;
    }
}
