//! Names as they are written: what they mean doesn't hang on where they lie in memory, or on how far outside a prefix is declared.

use samspill_formats::xml::{XmlFault, XmlLimits, parse};

#[test]
fn a_name_may_have_any_length_and_digits_points_and_dashes_anywhere_but_first() {
    for length in 1..24 {
        for (sign, prefix) in
            [('a', ""), ('1', ""), ('-', ""), ('.', "p1-:"), ('å', "p:"), ('_', "pppppppp:")]
        {
            let mut local: String = "b".repeat(length);
            local.push(sign);
            local.push_str("cdefghij");
            let declared = prefix.trim_end_matches(':');
            let space = if prefix.is_empty() { String::new() } else { format!(" xmlns:{declared}='urn:x'") };
            let text = format!("<{prefix}{local}{space} {local}='1'><x {local} = '2'/></{prefix}{local} >");
            let document = parse(&text, &XmlLimits::default()).unwrap();
            let root = document.root();
            assert!(root.is(if prefix.is_empty() { "" } else { "urn:x" }, &local), "{text}");
            assert_eq!(root.attribute(&local), Some("1"), "{text}");
            assert_eq!(root.child("x").and_then(|x| x.attribute(&local)), Some("2"), "{text}");
        }
    }
}

#[test]
fn a_prefix_means_what_the_innermost_declaration_says_however_far_outside() {
    let others =
        (0..40).map(|number| format!(" xmlns:n{number}='urn:{number}'")).collect::<Vec<_>>().concat();
    let text =
        format!("<p:a xmlns:p='urn:1'><b{others}><p:c/><n3:d/><b xmlns:p='urn:2'><p:c/></b><p:c/></b></p:a>");
    let document = parse(&text, &XmlLimits::default()).unwrap();
    let within = document.root().child("b").unwrap();
    let spaces: Vec<_> = within.children().map(|child| (child.space(), child.local())).collect();
    assert_eq!(spaces, [("urn:1", "c"), ("urn:3", "d"), ("", "b"), ("urn:1", "c")]);
    assert!(within.child("b").unwrap().child("c").unwrap().is("urn:2", "c"));
}

#[test]
fn a_default_namespace_ends_with_its_element() {
    let document =
        parse("<a xmlns='urn:1'><b xmlns=''><c d='1'/></b><c/></a>", &XmlLimits::default()).unwrap();
    let root = document.root();
    assert!(root.is("urn:1", "a") && root.child("c").unwrap().is("urn:1", "c"));
    assert!(root.descend(&["b", "c"]).unwrap().is("", "c"));
}

#[test]
fn a_colon_stands_between_two_names_and_only_once() {
    let wrong = |text: &str| parse(text, &XmlLimits::default()).unwrap_err().fault;
    for name in [":a", "p:", "p:a:b", "p:1", "1:a", "-a", ".a", "1a"] {
        let text = format!("<{name} xmlns:p='urn:x'/>");
        assert!(matches!(wrong(&text), XmlFault::BadName(_) | XmlFault::NotWellFormed(_)), "{text}");
    }
    assert_eq!(wrong("<q:a xmlns:p='urn:x'/>"), XmlFault::Prefix("q".to_owned()));
    assert_eq!(wrong("<a q:b=''/>"), XmlFault::Prefix("q".to_owned()));
    assert!(matches!(wrong("<a :b=''/>"), XmlFault::BadName(_)));
}

#[test]
fn texts_that_follow_each_other_are_one_also_where_one_is_blank() {
    for (text, all) in [("<a> <![CDATA[x]]> </a>", " x "), ("<a> <!-- --> </a>", "  "), ("<a>&#32;</a>", " ")]
    {
        assert_eq!(parse(text, &XmlLimits::default()).unwrap().root().text_within(), all, "{text}");
    }
}
