//! Documents that aren't read: each is refused for the first thing that is wrong, and its sender is told if the head can be.

use samspill_formats::{
    messages::read::MessageLimits,
    xml::{XmlFault, XmlLimits, decode, parse},
};
use samspill_service::exchange::receipts::open;

use crate::{
    documents::{in_head, in_note, in_sender, notice},
    walk::{answered, opened},
};

/// The fault of a document, and what is answered.
#[track_caller]
fn check(bytes: &[u8], fault: &str, answer: &str) {
    let opened = opened(bytes);
    let found = opened.fault.as_ref().map(|it| it.fault.to_string()).unwrap_or_default();
    assert!(found.contains(fault), "{found}");
    assert!(found.len() < 1000, "a diagnostic of {} bytes", found.len());
    assert_eq!(answered(&opened), answer, "{found}");
}

fn with_type(definitions: &str) -> String {
    notice().replacen("<MsgHead", &format!("<!DOCTYPE MsgHead [{definitions}]><MsgHead"), 1)
}

#[test]
fn no_document_type_is_read_so_that_no_entity_expands_and_nothing_is_fetched() {
    let mut bomb = "<!ENTITY a0 'ha'>".to_owned();
    for level in 1..30 {
        let ten = format!("&a{};", level - 1).repeat(10);
        bomb = bomb + "<!ENTITY a" + &level.to_string() + " '" + &ten + "'>";
    }
    let rows = [
        with_type(&bomb).replace("Nordvik", "&a29;"),
        with_type(&format!("<!ENTITY a '{}'>", "x".repeat(100_000))).replace("Nordvik", &"&a;".repeat(1000)),
        with_type("<!ENTITY a SYSTEM 'file:///etc/passwd'>").replace("Nordvik", "&a;"),
        with_type("<!ENTITY % a SYSTEM 'http://example.invalid/a.dtd'>%a;"),
        with_type("<!ATTLIST Type DN CDATA 'x'>"),
        notice().replacen("<MsgHead", "<!DOCTYPE MsgHead SYSTEM 'http://example.invalid/a.dtd'><MsgHead", 1),
        notice().replacen("<MsgHead", "<!DOCTYPE MsgHead><MsgHead", 1),
        // Case and place make no difference.
        in_head("<!DOCTYPE a>"),
    ];
    for text in rows {
        check(text.as_bytes(), "a document type", "none");
    }
    for entity in ["&a;", "&nbsp;", "&xxe;", "&aring;"] {
        check(
            notice().replace("Fjordheim", entity).as_bytes(),
            "isn't known: write the character itself",
            "T01",
        );
    }
    // An inclusion is an element like another: nothing is fetched, and the schema doesn't have it.
    let inclusion = in_head(
        "<i:include xmlns:i='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' parse='text'/>",
    );
    assert_eq!(answered(&opened(inclusion.as_bytes())), "T02");
}

fn each(count: usize, one: fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().concat()
}

#[test]
fn a_document_past_a_limit_is_refused_and_its_sender_told() {
    let (deep, namespaces, attributes) = (100_000, 100_000, 200_000);
    let declared: String = each(namespaces, |it| format!(" xmlns:p{it}='urn:{it}'"));
    let nested: String = each(namespaces / 100, |it| format!("<p xmlns='urn:{it}'/>"));
    let many: String = each(attributes, |it| format!(" a{it}=''"));
    let names: String = each(6_000, |it| format!("<a{it}/>"));
    let rows = [
        (in_note(&format!("{}{}", "<a>".repeat(deep), "</a>".repeat(deep))), "64 levels of elements"),
        (in_note(&"<a>".repeat(deep)), "64 levels of elements"),
        (in_note(&"<table><tr><td>".repeat(deep)), "64 levels of elements"),
        (in_note(&format!("<a{declared}/>")), "1000 namespace declarations"),
        (in_note(&nested), "1000 namespace declarations"),
        (in_note(&format!("<a{many}/>")), "64 attributes on an element"),
        (in_note(&names), "5000 different names"),
        (in_note(&"<a/>".repeat(200_001)), "200000 elements"),
        (in_note(&format!("<{}/>", "a".repeat(257))), "256 bytes in a name"),
        (in_note(&format!("<{}:a/>", "p".repeat(1_000_000))), "bytes in a name"),
        (in_note(&format!("<a {}=''/>", "a".repeat(1_000_000))), "bytes in a name"),
        (in_note(&format!("<a></{}>", "a".repeat(1_000_000))), "stands where"),
        (in_note(&format!("<a xmlns:p='urn:{}'/>", "x".repeat(1_000_000))), "256 bytes in a namespace"),
        (in_note(&format!("<a xmlns:{}='urn:x'/>", "p".repeat(1_000_000))), "256 bytes in a namespace"),
    ];
    for (text, fault) in rows {
        // What isn't well-formed is T01; what is too much is no fault of the format.
        let answer = if fault == "stands where" { "T01" } else { "T99" };
        check(text.as_bytes(), fault, answer);
    }
}

#[test]
fn a_document_of_more_bytes_than_the_limit_is_refused_before_it_is_looked_at() {
    let limits = XmlLimits::default();
    // No text at all: it is the length that is looked at.
    let zeros = vec![0; limits.bytes_max + 1];
    let error = decode(&zeros, &limits).unwrap_err();
    assert_eq!(error.fault, XmlFault::TooMuch { what: "bytes", limit: 40 << 20 });
    let mut large = notice().as_bytes().to_vec();
    large.resize(limits.bytes_max + 1, b' ');
    check(&large, "41943040 bytes", "T99");
    large.pop();
    assert!(decode(&large, &limits).is_ok());
}

#[test]
fn a_file_past_its_limit_is_listed_without_its_bytes() {
    let limits = MessageLimits::default();
    let file = |bytes: usize| {
        let document = format!(
            "<Document><RefDoc><MsgType V='A'/><MimeType>application/pdf</MimeType><Content><Base64Container \
             xmlns='http://www.kith.no/xmlstds/base64container'>{}</Base64Container></Content></RefDoc></Document>",
            "QUJD".repeat(bytes / 3)
        );
        notice().replacen("</MsgHead>", &(document + "</MsgHead>"), 1)
    };
    let opened = open(file(29 << 20).as_bytes(), &XmlLimits::default(), &limits);
    assert_eq!(opened.findings.iter().map(|it| it.code).collect::<Vec<_>>(), ["attachment-too-large"]);
    assert_eq!(opened.message.as_ref().unwrap().attachments[0].bytes, None);
    assert_eq!(answered(&opened), "T99");
}

#[test]
fn a_broken_document_is_refused_for_what_is_wrong() {
    let rows = [
        // Where the head itself is broken, nobody can be told.
        (notice().replacen("<Sender>", "<Sender a='1' a='2'>", 1), "stands twice", "none"),
        (
            notice().replacen("<Sender>", "<Sender xmlns:p='urn:a' xmlns:q='urn:a' p:a='1' q:a='2'>", 1),
            "stands twice",
            "none",
        ),
        (notice().replacen("<Sender>", "<Sender xmlns='a' xmlns='b'>", 1), "stands twice", "none"),
        (notice().replacen("<Sender>", "<Sender xmlns:xmlns='urn:a'>", 1), "isn't allowed", "none"),
        (notice().replacen("<Sender>", "<Sender xmlns:xml='urn:a'>", 1), "isn't allowed", "none"),
        // Where what comes after it is, its sender is.
        (in_note("<p:a/>"), "stands for no namespace", "T01"),
        (in_note("<a a='<'/>"), "can't stand in an attribute", "T01"),
        (in_note("<a a=1/>"), "", "T01"),
        (in_note("<![CDATA["), "", "T01"),
        (in_note("<!--"), "", "T01"),
        (in_note("<?"), "", "T01"),
        (in_note("]]>"), "can't stand in text", "T01"),
        (in_note("&#0;"), "0x0 character", "T01"),
        (in_note("&#xD800;"), "", "T01"),
        (in_note("&#x110000;"), "", "T01"),
        (in_note(&format!("&#{};", "1".repeat(100_000))), "", "T01"),
        (in_note(&format!("&{};", "a".repeat(100_000))), "isn't known", "T01"),
        (in_note("\0"), "U+0000", "T01"),
        (in_note("\u{b}"), "U+000B", "T01"),
        (in_note("\u{ffff}"), "U+FFFF", "T01"),
        (format!("{}<a/>", notice()), "outside the outermost element", "T01"),
        (format!("{}x", notice()), "outside the outermost element", "T01"),
        (String::new(), "the document is empty", "none"),
        ("<MsgHead/>".replace("/>", ""), "", "none"),
    ];
    for (text, fault, answer) in rows {
        check(text.as_bytes(), fault, answer);
    }
}

#[test]
fn a_type_named_in_the_document_does_not_let_in_what_the_schema_keeps_out() {
    let head = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";
    let rows = [
        // The type of another element, one that isn't, one without a declared prefix.
        (format!("<Ident {head} xsi:type='Patient'/>"), "T02"),
        (
            format!(
                "<Ident {head} xmlns:x='http://www.w3.org/2001/XMLSchema' xsi:type='x:anyType'><x:any/></Ident>"
            ),
            "T02",
        ),
        (format!("<Ident {head} xsi:type='p:T'/>"), "none"),
        (format!("<Ident {head} xsi:type=''/>"), "T02"),
        (format!("<Ident {head} xsi:nil='true'/>"), "T02"),
    ];
    for (what, answer) in rows {
        assert_eq!(answered(&opened(in_sender(&what).as_bytes())), answer, "{what}");
    }
    let located = notice().replacen(
        "<MsgHead",
        &format!("<MsgHead {head} xsi:schemaLocation='urn:a file:///etc/passwd'"),
        1,
    );
    assert_eq!(
        answered(&opened(located.as_bytes())),
        "ok",
        "a place of a schema is a hint that nothing follows"
    );
    assert!(parse(&located, &XmlLimits::default()).is_ok());
}
