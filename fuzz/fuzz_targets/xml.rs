//! The XML reader takes any text to the end, and what was read is the same when it is written and read again.
#![no_main]

use samspill_formats::xml::{Document, Element, XmlLimits, decode, parse, write, write_document};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let tight = XmlLimits {
        bytes_max: 2000,
        depth_max: 5,
        elements_max: 20,
        attributes_max: 4,
        namespaces_max: 4,
        names_max: 12,
        name_bytes_max: 12,
    };
    for limits in [XmlLimits::default(), tight] {
        let Ok(text) = decode(bytes, &limits) else { continue };
        match parse(&text, &limits) {
            Ok(document) => reads_as_written(&document),
            Err(error) => assert!(error.place.line >= 1 && !error.to_string().is_empty()),
        }
    }
});

fn reads_as_written(document: &Document<'_>) {
    let element = Element::from(document.root());
    let written = write_document(document);
    assert_eq!(written, write(&element), "a tree and what is built from it are written alike");
    // Escaping and declarations make it longer than what was read.
    let wide = XmlLimits { bytes_max: 1 << 29, attributes_max: 10_000, ..XmlLimits::default() };
    let again = parse(&written, &wide).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert_eq!(Element::from(again.root()), element, "{written}");
}
