use proptest::prelude::*;
use samspill_formats::xml::{Child, Element, Name, XSI, XmlLimits, parse, write, write_document};

fn again(text: &str) -> Element {
    let document = parse(text, &XmlLimits::default()).expect("it is read");
    Element::from(document.root())
}

#[test]
fn the_outermost_element_declares_all_namespaces_once() {
    let text = "<a xmlns='urn:a' v='1'><b:b xmlns:b='urn:b'/><b:c xmlns:b='urn:b'>x</b:c></a>";
    let document = parse(text, &XmlLimits::default()).unwrap();
    let written = write_document(&document);
    assert_eq!(
        written,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a xmlns=\"urn:a\" xmlns:n2=\"urn:b\" v=\"1\"><n2:b/><n2:c>x</n2:c></a>"
    );
    assert_eq!(written, write(&Element::from(document.root())));
}

#[test]
fn an_attribute_of_the_outermost_namespace_has_a_prefix() {
    let text = "<p:a xmlns:p='urn:a' p:v='1' v='2'/>";
    assert_eq!(again(&write(&again(text))), again(text));
}

#[test]
fn where_elements_have_no_namespace_none_is_the_default() {
    let text = "<a xmlns='urn:a'><b xmlns=''/></a>";
    assert_eq!(again(&write(&again(text))), again(text));
    let hint = Element::new("", "a");
    assert!(write(&hint).ends_with("<a/>"));
}

#[test]
fn a_schema_hint_keeps_its_name() {
    let mut root = Element::new("urn:a", "a");
    root.attributes.push((Name::new(XSI, "schemaLocation"), "urn:a a.xsd".to_owned()));
    assert!(write(&root).contains("xsi:schemaLocation=\"urn:a a.xsd\""));
}

#[test]
fn a_type_is_named_by_its_namespace_whatever_the_prefix() {
    let text = "<a xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:xs='urn:s' xsi:type='xs:T'><b xsi:type='U'/></a>";
    let read = again(text);
    assert_eq!(read.attributes[0].1, "{urn:s}T");
    assert_eq!(read.element("b").unwrap().attributes[0].1, "{}U");
    assert_eq!(again(&write(&read)), read);
}

fn text() -> impl Strategy<Value = String> + Clone {
    "[ -~æøåÆØÅ\u{E9}\t\n\r€😀]{1,12}"
}

pub(crate) fn element() -> impl Strategy<Value = Element> {
    let space = prop::sample::select(vec!["", "urn:a", "urn:b", "http://www.w3.org/XML/1998/namespace"]);
    let local = prop::sample::select(vec!["a", "Navn", "Formål", "x-1"]);
    let name = (space, local).prop_map(|(space, local)| Name::new(space, local));
    let attributes = prop::collection::btree_map(name.clone(), text(), 0..4);
    let leaf = (name.clone(), attributes.clone()).prop_map(|(name, attributes)| Element {
        name,
        attributes: attributes.into_iter().collect(),
        children: Vec::new(),
    });
    leaf.prop_recursive(4, 40, 6, move |inner| {
        let child = prop_oneof![inner.prop_map(Child::Element), text().prop_map(Child::Text)];
        (name.clone(), attributes.clone(), prop::collection::vec(child, 0..6)).prop_map(
            |(name, attributes, children)| Element {
                name,
                attributes: attributes.into_iter().collect(),
                children: joined(children),
            },
        )
    })
}

/// Neighbouring texts are one text once they are written.
fn joined(children: Vec<Child>) -> Vec<Child> {
    children.into_iter().fold(Vec::new(), |mut all, child| {
        match (all.last_mut(), child) {
            (Some(Child::Text(before)), Child::Text(text)) => before.push_str(&text),
            (_, child) => all.push(child),
        }
        all
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(element in element()) {
        prop_assert_eq!(again(&write(&element)), element);
    }

    #[test]
    fn a_document_written_from_its_tree_is_the_same(element in element()) {
        let text = write(&element);
        let document = parse(&text, &XmlLimits::default()).unwrap();
        prop_assert_eq!(write_document(&document), text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}") {
        let _ = parse(&text, &XmlLimits::default());
    }

    #[test]
    fn a_mangled_document_is_read_or_refused(element in element(), at in any::<prop::sample::Index>(), with in "[<>&;'\"=/!?\\[\\] a]{0,3}") {
        let mut text = write(&element);
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        let place = *at.get(&places);
        text.insert_str(place, &with);
        if let Ok(document) = parse(&text, &XmlLimits::default()) {
            let read = Element::from(document.root());
            prop_assert_eq!(again(&write(&read)), read);
        }
    }
}
