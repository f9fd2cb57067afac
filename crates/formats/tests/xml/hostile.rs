//! What a sender could do to take our time or memory: each ends at a limit.

use samspill_formats::xml::{XmlFault, XmlLimits, decode, parse};

fn limits() -> XmlLimits {
    XmlLimits {
        bytes_max: 1000,
        depth_max: 3,
        elements_max: 5,
        attributes_max: 3,
        namespaces_max: 4,
        names_max: 6,
        name_bytes_max: 8,
    }
}

fn refused(text: &str) -> Option<(&'static str, usize)> {
    let fault = parse(text, &limits()).err()?.fault;
    let XmlFault::TooMuch { what, limit } = fault else { panic!("{fault}") };
    Some((what, limit))
}

#[test]
fn at_a_limit_is_inside_it_and_one_more_is_not() {
    assert_eq!(refused("<a><a><a/></a></a>"), None);
    assert_eq!(refused("<a><a><a><a/></a></a></a>"), Some(("levels of elements", 3)));
    assert_eq!(refused("<a><a/><a/><a/><a/></a>"), None);
    assert_eq!(refused("<a><a/><a/><a/><a/><a/></a>"), Some(("elements", 5)));
    assert_eq!(refused("<a b='' c='' d=''/>"), None);
    assert_eq!(refused("<a b='' c='' d='' e=''/>"), Some(("attributes on an element", 3)));
    assert_eq!(refused("<a xmlns:b='1' xmlns:c='2'><a xmlns:b='1' xmlns:c='2'/></a>"), None);
    let one_more = "<a xmlns:b='1' xmlns:c='2' xmlns:d='3'><a xmlns:b='1' xmlns:c='2'/></a>";
    assert_eq!(refused(one_more), Some(("namespace declarations", 4)));
    assert_eq!(refused("<a b='' c=''><d/><e/><f/></a>"), None);
    assert_eq!(refused("<a b='' c='' d=''><e/><f/><g/></a>"), Some(("different names", 6)));
    assert_eq!(refused("<abcdefgh/>"), None);
    assert_eq!(refused("<abcdefghi/>"), Some(("bytes in a name", 8)));
    let named = |space: &str| format!("<a xmlns='{space}'/>");
    assert_eq!(refused(&named("12345678")), None);
    assert_eq!(refused(&named("123456789")), Some(("bytes in a namespace or its prefix", 8)));
    assert_eq!(refused("<a b='' c='' d='' xmlns:e='1'/>"), None, "declarations have a limit of their own");
    let text = |length: usize| format!("<a>{}</a>", "x".repeat(length - 7));
    assert_eq!((refused(&text(1000)), refused(&text(1001))), (None, Some(("bytes", 1000))));
    assert!(decode(text(1000).as_bytes(), &limits()).is_ok());
    assert!(decode(text(1001).as_bytes(), &limits()).is_err());
}

#[test]
fn no_document_type_is_read_and_so_no_entity_of_a_senders_own() {
    let bomb = "<!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;&b;'>]><a>&c;</a>";
    assert_eq!(parse(bomb, &XmlLimits::default()).unwrap_err().fault, XmlFault::DocumentType);
    let outside = "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>";
    assert_eq!(parse(outside, &XmlLimits::default()).unwrap_err().fault, XmlFault::DocumentType);
}

fn many(numbers: std::ops::Range<usize>, of: impl Fn(usize) -> String) -> String {
    numbers.map(of).collect::<Vec<_>>().concat()
}

/// Documents as large as the limits let in: the test ends, that is all that it says.
#[test]
fn the_largest_documents_of_each_kind_end() {
    let usual = XmlLimits::default();
    let deep = "<a>".repeat(200_000);
    let spaces = many(0..100_000, |number| format!(" xmlns:n{number}='urn:{number}'"));
    let attributes = many(0..100_000, |number| format!(" n{number}=''"));
    let nested = many(1..usual.depth_max, |level| {
        let some = many(0..15, |number| format!(" xmlns:n{level}x{number}='urn:{level}:{number}'"));
        format!("<a{some}>")
    });
    let within = format!("{nested}{}{}", "<a/>".repeat(150_000), "</a>".repeat(usual.depth_max - 1));
    let names = many(1..usual.names_max, |number| format!("<n{number}/>"));
    let references = format!("<a>{}</a>", "&amp;x".repeat(1_000_000));
    assert!(parse(&deep, &usual).is_err());
    assert!(parse(&format!("<a{spaces}/>"), &usual).is_err());
    assert!(parse(&format!("<a{attributes}/>"), &usual).is_err());
    assert!(parse(&within, &usual).is_ok());
    assert!(parse(&format!("<a>{names}</a>"), &usual).is_ok());
    assert_eq!(parse(&references, &usual).unwrap().root().text().len(), 2_000_000);
    let large = format!("<a>{}</a>", "QUJD".repeat(9_000_000));
    assert!(parse(&large, &usual).is_ok());
}
