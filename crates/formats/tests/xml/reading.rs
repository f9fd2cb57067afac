use samspill_formats::xml::{
    Content, Document, El, Element, XmlError, XmlFault, XmlLimits, decode, parse, write, write_document,
};

fn read(text: &str) -> Document<'_> {
    parse(text, &XmlLimits::default()).expect("it is read")
}

fn fault(text: &str) -> XmlFault {
    parse(text, &XmlLimits::default()).expect_err("it is refused").fault
}

#[test]
fn elements_have_names_namespaces_attributes_and_places() {
    let text = "<a xmlns='urn:a' xmlns:b='urn:b'>\n  <b:c V='1' b:W='2'/>\n</a>";
    let document = read(text);
    let root = document.root();
    assert!(root.is("urn:a", "a"));
    let child = root.child("c").unwrap();
    assert_eq!((child.space(), child.local(), child.path().as_str()), ("urn:b", "c", "/a/c"));
    assert_eq!((child.place().line, child.place().column), (2, 3));
    let attributes: Vec<_> = child.attributes().map(|it| (it.space, it.local, it.value)).collect();
    assert_eq!(attributes, [("", "V", "1"), ("urn:b", "W", "2")]);
    assert_eq!((child.attribute("V"), child.attribute("W")), (Some("1"), None));
    assert_eq!(child.parent(), Some(root));
    assert_eq!(root.parent(), None);
}

#[test]
fn a_step_of_a_path_has_a_number_where_there_are_more_of_its_name() {
    let document = read("<a><b/><c><d/></c><c><d/></c></a>");
    let paths: Vec<String> =
        document.root().children_named("c").filter_map(|it| it.child("d")).map(El::path).collect();
    assert_eq!(paths, ["/a/c[1]/d", "/a/c[2]/d"]);
    assert_eq!(document.root().child("b").unwrap().path(), "/a/b");
}

#[test]
fn a_declaration_reaches_what_lies_in_its_element_and_no_further() {
    let document = read("<a xmlns='urn:1'><b xmlns='urn:2'><c/></b><d/><e xmlns=''/></a>");
    let root = document.root();
    let spaces: Vec<&str> = root.children().map(El::space).collect();
    assert_eq!(spaces, ["urn:2", "urn:1", ""]);
    assert_eq!(root.descend(&["b", "c"]).unwrap().space(), "urn:2");
    assert_eq!(fault("<a><b xmlns:p='urn:p'/><p:c/></a>"), XmlFault::Prefix("p".to_owned()));
}

#[test]
fn text_is_put_together_over_entities_and_cdata() {
    let document = read("<a> A &amp; B&#x20;<![CDATA[<C>]]> &lt;D&gt; </a>");
    assert_eq!(document.root().text(), "A & B <C> <D>");
    assert_eq!(document.root().contents().count(), 1);
}

#[test]
fn text_between_elements_keeps_its_place() {
    let document = read("<p>Han <b>går</b> <i>ikke</i>.</p>");
    let parts: Vec<String> = document
        .root()
        .contents()
        .map(|content| match content {
            Content::Element(element) => format!("<{}>", element.local()),
            Content::Text(text) => text.to_owned(),
        })
        .collect();
    assert_eq!(parts, ["Han ", "<b>", " ", "<i>", "."]);
    assert_eq!(document.root().text_within(), "Han går ikke.");
    assert_eq!(document.root().text(), "Han  .");
}

#[test]
fn white_space_between_elements_is_kept_wherever_it_stands() {
    let rows = [
        "<a>\n  <b/>\n  <c>1</c>\n</a>",
        "<a> <b> <c/> </b> </a>",
        "<a> x <b/> <c/> y </a>",
        "<a> <!-- z --> <b/><?z z?> <c/>\t<![CDATA[ ]]> <d/></a>",
        "<a>&#32; <b/> &#32;<c/></a>",
        "<a><b> </b> </a>",
    ];
    for text in rows {
        let document = read(text);
        let tokens = write_document(&document);
        let whole = text.replace("<!-- z -->", "").replace("<?z z?>", "");
        let whole = whole.replace("<![CDATA[ ]]>", " ").replace("&#32;", " ");
        assert!(tokens.ends_with(&whole), "{text} {tokens}");
        assert_eq!(write(&Element::from(document.root())), tokens, "{text}");
    }
    assert_eq!(read("<a> x <b/> <c/> y </a>").root().text(), "x   y");
}

#[test]
fn lines_end_in_one_way_and_white_space_in_attributes_is_spaces() {
    let document = read("<a v='1\r\n2\t3&#10;4'>1\r\n2\r3</a>");
    assert_eq!(document.root().attribute("v"), Some("1 2 3\n4"));
    assert_eq!(document.root().text(), "1\n2\n3");
}

#[test]
fn comments_and_instructions_are_left_out() {
    let document = read("<?xml version='1.0'?><!-- a --><?b c?><d>e<!-- f -->g</d><!-- h -->\n");
    assert_eq!(document.root().text(), "eg");
}

#[test]
fn what_is_not_well_formed_is_refused() {
    assert_eq!(fault(""), XmlFault::Empty);
    assert_eq!(fault("  \n"), XmlFault::Empty);
    assert!(matches!(fault("<a><b></a>"), XmlFault::NotWellFormed(_)));
    assert_eq!(fault("<a></a"), XmlFault::CutOff("a".to_owned()));
    assert!(matches!(fault("<a></a b>"), XmlFault::NotWellFormed(_)));
    assert!(matches!(fault("<a b='1'c='2'/>"), XmlFault::NotWellFormed(_)));
    assert!(matches!(fault("<a>]]></a>"), XmlFault::NotWellFormed(_)));
    assert!(matches!(fault("<a><!-- -- --></a>"), XmlFault::NotWellFormed(_)));
    assert!(matches!(fault("< a/>"), XmlFault::NotWellFormed(_)));
    assert!(matches!(fault("<a><?>b ?></a>"), XmlFault::NotWellFormed(_)));
    assert!(matches!(fault("<a>< ? b ?></a>"), XmlFault::NotWellFormed(_)));
    assert!(matches!(fault("<a><? b ?></a>"), XmlFault::NotWellFormed(_)));
    assert!(matches!(fault("<a>&amp</a>"), XmlFault::NotWellFormed(_)));
    assert_eq!(fault("</a>"), XmlFault::OutsideRoot);
    assert!(matches!(fault("<a b=c/>"), XmlFault::NotWellFormed(_)));
    assert!(matches!(fault("<a b/>"), XmlFault::NotWellFormed(_)));
    assert!(matches!(fault("<a b='<'/>"), XmlFault::NotWellFormed(_)));
    assert!(matches!(fault("<a> <?xml version='1.0'?></a>"), XmlFault::NotWellFormed(_)));
    assert_eq!(fault("<a/>b"), XmlFault::OutsideRoot);
    assert_eq!(fault("b<a/>"), XmlFault::OutsideRoot);
    assert_eq!(fault("<a/><b/>"), XmlFault::OutsideRoot);
    assert_eq!(fault("<a b='1' b='2'/>"), XmlFault::SameAttribute("b".to_owned()));
    assert_eq!(
        fault("<a xmlns:p='urn:1' xmlns:q='urn:1' p:b='1' q:b='2'/>"),
        XmlFault::SameAttribute("q:b".to_owned())
    );
    assert_eq!(fault("<1/>"), XmlFault::BadName("1".to_owned()));
    assert_eq!(fault("<a:b:c xmlns:a='urn:a'/>"), XmlFault::BadName("b:c".to_owned()));
    assert_eq!(fault("<a>&nbsp;</a>"), XmlFault::Entity("nbsp".to_owned()));
    assert!(fault("<a>&#0;</a>").to_string().contains("well-formed"));
    assert_eq!(fault("<a>&#xB;</a>"), XmlFault::Character(0xB));
    assert_eq!(fault("<a b='&#xB;'/>"), XmlFault::Character(0xB));
    assert_eq!(fault("<a xmlns:xmlns='urn:a'/>"), XmlFault::Declaration("xmlns".to_owned()));
    assert_eq!(fault("<a xmlns:b=''/>"), XmlFault::Declaration("b".to_owned()));
}

#[test]
fn a_document_that_is_cut_off_anywhere_is_refused() {
    let text = "<?xml version=\"1.0\"?><a xmlns=\"urn:a\"><b v=\"1\">tekst &amp; <![CDATA[x]]></b><c/></a>";
    for end in 0..text.len() {
        assert!(parse(&text[..end], &XmlLimits::default()).is_err(), "{}", &text[..end]);
    }
    assert!(parse(text, &XmlLimits::default()).is_ok());
    assert_eq!(fault("<a><b>tekst"), XmlFault::CutOff("b".to_owned()));
}

fn decoded(bytes: &[u8]) -> Result<String, XmlError> {
    decode(bytes, &XmlLimits::default()).map(std::borrow::Cow::into_owned)
}

#[test]
fn other_encodings_are_read_where_it_is_certain_which() {
    assert_eq!(decoded("<å/>".as_bytes()).unwrap(), "<å/>");
    assert_eq!(decoded("\u{FEFF}<å/>".as_bytes()).unwrap(), "<å/>");
    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE5</a>";
    assert!(decoded(latin).unwrap().ends_with("<a>å</a>"));
    let windows = b"<?xml version='1.0' encoding = \"windows-1252\"?><a>\x80</a>";
    assert!(decoded(windows).unwrap().ends_with("<a>€</a>"));
    let utf16: Vec<u8> = "\u{FEFF}<å/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(decoded(&utf16).unwrap(), "<å/>");
    let utf16: Vec<u8> = "\u{FEFF}<å/>".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(decoded(&utf16).unwrap(), "<å/>");
}

#[test]
fn an_encoding_that_is_not_read_is_named() {
    let said = |bytes: &[u8]| decoded(bytes).unwrap_err().fault;
    let declared = |name: &str| format!("<?xml version='1.0' encoding='{name}'?><a/>").into_bytes();
    assert_eq!(said(&declared("EBCDIC-NO")), XmlFault::Encoding("EBCDIC-NO".to_owned()));
    assert_eq!(said(&declared("UTF-7")), XmlFault::Encoding("UTF-7".to_owned()));
    assert_eq!(said(&declared("UTF-16")), XmlFault::Encoding("UTF-16, without a byte order mark".to_owned()));
    let bare: Vec<u8> = "<a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(matches!(said(&bare), XmlFault::Encoding(_)));
    assert_eq!(said(b"<a>\xE5</a>"), XmlFault::NotEncoded("UTF-8"));
    assert_eq!(said("<a>\u{0}</a>".as_bytes()), XmlFault::Character(0));
    assert_eq!(said("<a>\u{FFFE}</a>".as_bytes()), XmlFault::Character(0xFFFE));
    assert!(decoded("<a>\u{FFFD}\u{10FFFF}ﬁ</a>".as_bytes()).is_ok());
    let place = decoded(b"<a>\n \xFF</a>").unwrap_err().place;
    assert_eq!((place.line, place.column), (2, 2));
}
