//! The content models against small documents: what is said, where, and in which words.

use samspill_formats::{
    messages::{Finding, Severity, model},
    xml::{self, Child, Document, Element, XmlLimits},
};

const HEAD: &str = "http://www.kith.no/xmlstds/msghead/2006-05-24";
const DIALOG: &str = "http://www.kith.no/xmlstds/dialog/2013-01-23";
const SCHEMA: &str = "http://www.w3.org/2001/XMLSchema";
const KITH: &str = "http://www.kith.no/xmlstds";

fn parsed(text: &str) -> Document<'_> {
    xml::parse(text, &XmlLimits::default()).expect("the document is well-formed")
}

fn findings(text: &str) -> Vec<Finding> {
    model::check(&parsed(text))
}

/// `path: code: text` of each finding.
fn said(text: &str) -> Vec<String> {
    findings(text)
        .iter()
        .map(|finding| format!("{}: {}: {}", finding.path, finding.code, finding.text))
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(said(text), expected, "{text}");
}

/// A header's reference to another message, which has two elements in order.
fn reference(inner: &str) -> String {
    format!("<ConversationRef xmlns=\"{HEAD}\">{inner}</ConversationRef>")
}

/// A note of a dialogue message; it must have a theme.
fn note(inner: &str) -> String {
    format!(
        "<Notat xmlns=\"{DIALOG}\" xmlns:k=\"{KITH}\" xmlns:xs=\"{SCHEMA}\" xmlns:xsi=\"{}\">{inner}</Notat>",
        xml::XSI
    )
}

#[test]
fn elements_in_order_are_right() {
    check(&reference("<RefToParent>a</RefToParent> <!-- b -->\n<RefToConversation/>"), &[]);
}

#[test]
fn a_missing_element_is_told_before_what_follows_it() {
    let path = "/ConversationRef/RefToConversation: ";
    let text = format!("{path}missing-element: `RefToParent` is missing before `RefToConversation`");
    check(&reference("<RefToConversation>b</RefToConversation>"), &[&text]);
}

#[test]
fn missing_elements_at_the_end_are_told_at_their_parent() {
    let text = "/ConversationRef: missing-element: `RefToConversation` is missing after `RefToParent` in `ConversationRef`";
    check(&reference("<RefToParent/>"), &[text]);
    let text = "/ConversationRef: missing-element: `RefToParent` and `RefToConversation` are missing in `ConversationRef`";
    check(&reference(""), &[text]);
}

#[test]
fn a_choice_names_what_may_be_chosen() {
    let text = "/HCP: missing-element: one of `Inst`, `HCProf` is missing in `HCP`";
    check("<HCP xmlns=\"http://www.kith.no/xmlstds/apprec/2012-02-15\"/>", &[text]);
}

#[test]
fn elements_that_changed_places_are_told_once() {
    let inner = "<RefToConversation>b</RefToConversation><RefToParent>a</RefToParent>";
    let text = "/ConversationRef/RefToConversation: unexpected-element: \
        `RefToConversation` can't stand here: `RefToParent` comes before it";
    check(&reference(inner), &[text]);
}

#[test]
fn an_element_too_many_is_told() {
    let inner = "<RefToParent/><RefToParent/><RefToConversation/>";
    let text = "/ConversationRef/RefToParent[2]: unexpected-element: \
        `RefToParent` can't stand in `ConversationRef` once more: take one of them out";
    check(&reference(inner), &[text]);
}

#[test]
fn an_element_too_late_is_told_with_what_may_come() {
    let text = "/Notat/Tema: unexpected-element: `Tema` can't stand here: after `DatoNotat` comes `Foresporsel` or \
        `RollerRelatertNotat`";
    check(&note("<TemaKodet/><DatoNotat>2026-03-01</DatoNotat><Tema/>"), &[text]);
}

#[test]
fn unknown_elements_are_told_with_the_nearest_name_or_the_right_namespace() {
    let text = "/Notat/Temakode: unknown-element: `Temakode` isn't known in `Notat`: write `TemaKodet`, if that is meant";
    check(&note("<TemaKodet/><Temakode/>"), &[text]);
    let text = format!("/Notat/Tema: unknown-element: `Tema` in `Notat` must have the namespace `{DIALOG}`");
    check(&note("<TemaKodet/><k:Tema/>"), &[&text]);
    let text = "/Notat/Xyz: unknown-element: `Xyz` isn't known in `Notat`: take it out";
    check(&note("<TemaKodet/><Xyz/>"), &[text]);
}

#[test]
fn what_lies_in_a_misplaced_element_is_checked_too() {
    let said = said(&note("<TemaKodet/><DatoNotat>2026-03-01</DatoNotat><DatoNotat>1.3.2026</DatoNotat>"));
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[1].ends_with("wrong-value: `1.3.2026` isn't a day: write for example 2026-03-01"),
        "{said:?}"
    );
}

#[test]
fn attributes_must_be_known_and_right() {
    let text = "/Notat/TemaKodet/@Q: unknown-attribute: `Q` isn't an attribute of `TemaKodet`, which has `V`, `S`, `DN`, `OT`";
    check(&note("<TemaKodet Q=\"1\"/>"), &[text]);
    let text = "/Notat/TemaKodet/@S: wrong-value: `1..2` isn't an object identifier: write numbers with points between, such \
        as 2.16.578.1";
    check(&note("<TemaKodet S=\"1..2\"/>"), &[text]);
    let text = "/Notat/@id: unknown-attribute: `Notat` has no attributes: take out `id`";
    check(&note("<TemaKodet/>").replacen("<Notat", "<Notat id=\"1\"", 1), &[text]);
}

#[test]
fn attributes_that_must_be_there_are_missed() {
    let text = "<Legemiddelinfo xmlns=\"http://www.kith.no/xmlstds/epj/epj3/2008-02-20\" \
        xmlns:m=\"http://www.kith.no/xmlstds/epj/meta/2008-02-20\" m:basiskomponenttype=\"EPJ dokument\" komponentID=\"1\">\
        <ForenkletForskrivning><Forskrivningsinfo><Navn/></Forskrivningsinfo></ForenkletForskrivning></Legemiddelinfo>";
    let said =
        "/Legemiddelinfo: missing-attribute: the attribute `komponenttype` is missing on `Legemiddelinfo`";
    check(text, &[said]);
}

#[test]
fn text_stands_only_where_text_may() {
    check(
        &note("x<TemaKodet/>y"),
        &["/Notat: text-not-allowed: `Notat` can't have text in it: take out `x`"],
    );
    let text =
        "/Notat/TemaKodet: text-not-allowed: `TemaKodet` must be empty: take out the white space in it";
    check(&note("<TemaKodet> </TemaKodet>"), &[text]);
}

#[test]
fn elements_stand_only_where_elements_may() {
    let text = "/Notat/Tema/b: unknown-element: `b` isn't known in `Tema`, which has no elements in it";
    check(&note("<TemaKodet/><Tema>a<b/></Tema>"), &[text]);
}

#[test]
fn free_content_may_be_anything_and_what_is_known_in_it_is_checked() {
    check(&note("<TemaKodet/><TekstNotatInnhold x=\"1\">a<b xmlns=\"urn:x\">c</b></TekstNotatInnhold>"), &[]);
    let said = said(&note(
        "<TemaKodet/><TekstNotatInnhold><p xmlns=\"urn:x\"><k:REF W=\"1\"/></p></TekstNotatInnhold>",
    ));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("/Notat/TekstNotatInnhold/p/REF/@W: unknown-attribute"), "{said:?}");
}

#[test]
fn types_given_by_a_document_are_followed_where_they_may_stand() {
    let content = |kind: &str, value: &str| {
        note(&format!("<TemaKodet/><TekstNotatInnhold xsi:type=\"{kind}\">{value}</TekstNotatInnhold>"))
    };
    check(&content("xs:string", "text"), &[]);
    check(&content("xs:date", "2026-03-01"), &[]);
    assert_eq!(findings(&content("xs:date", "text"))[0].code, "wrong-value");
    assert_eq!(findings(&content("xs:nothing", "text"))[0].code, "wrong-value");
    check(&note("<TemaKodet xsi:type=\"k:CV\"/>"), &[]);
    assert_eq!(findings(&note("<TemaKodet xsi:type=\"k:CS\"/>"))[0].path, "/Notat/TemaKodet/@type");
}

#[test]
fn nothing_can_be_nil_and_a_place_of_a_schema_says_nothing() {
    assert_eq!(findings(&note("<TemaKodet xsi:nil=\"false\"/>"))[0].code, "unknown-attribute");
    check(&note("<TemaKodet xsi:schemaLocation=\"a b\" xsi:noNamespaceSchemaLocation=\"c\"/>"), &[]);
}

#[test]
fn formats_that_no_model_has_have_a_code_of_their_own() {
    let content =
        |inner: &str| format!("<RefDoc xmlns=\"{HEAD}\"><MsgType/><Content>{inner}</Content></RefDoc>");
    let said = said(&content("<Henvisning xmlns=\"urn:henvisning\"/>"));
    let text = "/RefDoc/Content/Henvisning: unknown-format: `Henvisning` has the namespace `urn:henvisning`, of which no format \
        is known: write one of the formats that are";
    assert_eq!(said, [text]);
    let codes = |text: &str| findings(text).iter().map(|finding| finding.code).collect::<Vec<_>>();
    assert_eq!(codes(&content(&format!("<Notatx xmlns=\"{DIALOG}\"/>"))), ["unknown-element"]);
    assert_eq!(codes(&content(&note("<TemaKodet/>"))), [""; 0]);
    assert_eq!(codes("<Notat/>"), ["unknown-format"]);
    assert_eq!(codes("<Message xmlns=\"urn:x\"/>"), ["unknown-format"]);
}

#[test]
fn findings_are_errors_with_line_and_column() {
    let text = note("\n  <TemaKodet/>\n  <Xyz/>");
    let found = findings(&text);
    assert_eq!((found[0].severity, found[0].place.line, found[0].place.column), (Severity::Error, 3, 3));
}

#[test]
fn a_hundred_findings_are_listed_and_one_that_says_there_are_more() {
    let roles =
        |count: usize| note(&format!("<TemaKodet/>{}", "<RollerRelatertNotat a=\"1\"/>".repeat(count)));
    assert_eq!(findings(&roles(model::FINDINGS_MAX)).len(), 100);
    for count in [101, 102, 5_000] {
        let found = findings(&roles(count));
        assert_eq!(found.len(), 101);
        assert_eq!(found[100].code, "and-more");
    }
}

#[test]
fn children_that_do_not_fit_do_not_flood() {
    let found = findings(&note(&("<TemaKodet/>".to_owned() + &"<Tema/>".repeat(5_000))));
    assert_eq!(found.len(), 1);
}

#[test]
fn namespaces_of_models_are_known_and_others_not() {
    for known in [
        HEAD,
        DIALOG,
        KITH,
        "http://www.w3.org/2000/09/xmldsig#",
        "http://www.kith.no/xmlstds/epikrise/2006-09-23",
    ] {
        assert!(model::knows(known), "{known}");
    }
    for unknown in ["", "urn:x", xml::XSI, "http://www.kith.no/xmlstds/msghead"] {
        assert!(!model::knows(unknown), "{unknown}");
    }
}

fn ordered(mut element: Element) -> Vec<String> {
    model::order(&mut element);
    element.elements().map(|child| child.name.local.to_string()).collect()
}

fn of(space: &'static str, name: &'static str, children: &[&'static str]) -> Element {
    Element::new(space, name).children(children.iter().map(|child| Element::new(space, *child)))
}

#[test]
fn children_are_put_in_order_and_equals_keep_theirs() {
    let children = ["RollerRelatertNotat", "Merknad", "Tema", "RollerRelatertNotat", "TemaKodet"];
    let sorted = ["TemaKodet", "Tema", "Merknad", "RollerRelatertNotat", "RollerRelatertNotat"];
    assert_eq!(ordered(of(DIALOG, "Notat", &children)), sorted);
}

#[test]
fn children_are_put_in_order_at_every_depth() {
    let mut all = Element::new(HEAD, "MsgHead").child(of(HEAD, "MsgInfo", &["MsgId", "Type"]));
    model::order(&mut all);
    let inner: Vec<_> = all.elements().flat_map(Element::elements).map(|child| &child.name.local).collect();
    assert_eq!(inner, ["Type", "MsgId"]);
}

#[test]
fn what_no_model_has_stays_after_what_it_stood_after() {
    let children = ["Merknad", "Own", "TemaKodet", "Other"];
    assert_eq!(ordered(of(DIALOG, "Notat", &children)), ["TemaKodet", "Other", "Merknad", "Own"]);
    assert_eq!(ordered(of("urn:x", "Notat", &["b", "a"])), ["b", "a"]);
}

#[test]
fn groups_that_repeat_keep_the_order_they_have() {
    let signed = "http://www.w3.org/2000/09/xmldsig#";
    let children = ["X509SKI", "X509IssuerSerial", "X509SKI"];
    assert_eq!(ordered(of(signed, "X509Data", &children)), children);
    let epj3 = "http://www.kith.no/xmlstds/epj/epj3/2008-02-20";
    let children = ["Egenadministrering", "AdmAvHelsepersonell", "Egenadministrering"];
    assert_eq!(ordered(of(epj3, "LegemidlerAdministrertVedOverforing", &children)), children);
}

#[test]
fn text_stays_before_what_it_stood_before_and_at_the_end() {
    let mut element = Element::new(HEAD, "ConversationRef")
        .text("1")
        .child(Element::new(HEAD, "RefToConversation"))
        .text("2")
        .child(Element::new(HEAD, "RefToParent"))
        .text("3");
    model::order(&mut element);
    let texts = element.children.iter().map(|child| match child {
        Child::Element(element) => element.name.local.to_string(),
        Child::Text(text) => text.clone(),
    });
    assert_eq!(texts.collect::<Vec<_>>(), ["2", "RefToParent", "1", "RefToConversation", "3"]);
}
