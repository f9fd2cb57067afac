//! Messages as people read them.

#![expect(clippy::print_stdout, reason = "a test says when it skips")]
#![expect(clippy::unwrap_used, reason = "a missing or broken file is a failed test")]
#![expect(clippy::disallowed_methods, reason = "the tests read messages and recorded outputs from files")]

use std::{fs, path::Path};

use samspill_formats::messages::read::{MessageLimits, read};
use samspill_formats::messages::show::{self, Language};
use samspill_formats::xml::{self, XmlLimits};

const LANGUAGES: [Language; 3] = [Language::Bokmal, Language::Nynorsk, Language::English];

fn shown<T>(
    source: &str,
    show: impl Fn(&xml::Document<'_>, &samspill_formats::messages::types::Message) -> T,
) -> T {
    let document = xml::parse(source, &XmlLimits::default()).expect("the message is XML");
    let (message, _) = read(&document, &MessageLimits::default());
    show(&document, &message)
}

fn text(source: &str, language: Language) -> String {
    shown(source, |document, message| show::text(document, message, language))
}

fn html(source: &str, language: Language) -> String {
    shown(source, |document, message| show::html(document, message, language))
}

/// A message with a note whose text is given, as XML.
fn with_note(note: &str) -> String {
    format!(
        r#"<MsgHead xmlns="http://www.kith.no/xmlstds/msghead/2006-05-24"><MsgInfo><Type V="DIALOG_HELSEFAGLIG" DN="Helsefaglig dialog"/>
        <MsgId>3f1f2a52-0000-4000-8000-000000000001</MsgId></MsgInfo><Document><RefDoc><Content>
        <Dialogmelding xmlns="http://www.kith.no/xmlstds/dialog/2013-01-23"><Notat>
        <TemaKodet V="6" DN="Henvendelse om pasient" S="2.16.578.1.12.4.1.1.7322"/>
        <TekstNotatInnhold>{note}</TekstNotatInnhold></Notat></Dialogmelding></Content></RefDoc></Document></MsgHead>"#
    )
}

fn own(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder);
    let Ok(entries) = fs::read_dir(&folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|it| it == "xml")).collect();
    paths.sort();
    let file = |path: std::path::PathBuf| {
        let source = String::from_utf8(fs::read(&path).unwrap()).unwrap();
        (path.file_stem().unwrap().to_string_lossy().into_owned(), source)
    };
    paths.into_iter().map(file).collect()
}

fn own_messages() -> Vec<(String, String)> {
    own("messages").into_iter().chain(own("messages/opphold")).collect()
}

/// Messages recorded in all languages and as HTML: together they have all that is laid out in a way of its own.
const IN_ALL_WAYS: [&str; 6] = [
    "02-innleggelsesrapport",
    "05-utskrivningsklar",
    "06-svar-kan-ikke",
    "09-utskrivningsrapport",
    "apprec11-avvist",
    "epikrise12",
];

/// Compares with what was recorded. With `RECORD=1` in the environment it is recorded anew, to be reviewed as a change.
fn check_recorded(name: &str, told: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/show").join(name);
    if std::env::var_os("RECORD").is_some() {
        fs::write(&path, told).unwrap();
    }
    let recorded =
        fs::read_to_string(&path).unwrap_or_else(|_| panic!("nothing is recorded in {}", path.display()));
    assert!(recorded == told, "{name} isn't as recorded; RECORD=1 writes it anew:\n{told}");
}

#[test]
fn our_own_messages_are_shown_as_recorded() {
    let own = own_messages();
    assert!(own.len() >= 30, "messages are missing");
    for (name, source) in own {
        check_recorded(&format!("{name}.nb.txt"), &text(&source, Language::Bokmal));
        if IN_ALL_WAYS.contains(&name.as_str()) {
            check_recorded(&format!("{name}.nn.txt"), &text(&source, Language::Nynorsk));
            check_recorded(&format!("{name}.en.txt"), &text(&source, Language::English));
            check_recorded(&format!("{name}.nb.html"), &html(&source, Language::Bokmal));
        }
    }
}

#[test]
fn text_lines_have_at_most_100_columns_and_no_space_at_the_end() {
    for (name, source) in own_messages() {
        for language in LANGUAGES {
            for line in text(&source, language).lines() {
                assert!(line.chars().count() <= 100, "{name}: {line}");
                assert!(!line.ends_with(char::is_whitespace), "{name}: {line:?}");
            }
        }
    }
}

#[test]
fn html_is_well_formed_and_has_what_readers_of_screens_need() {
    for (name, source) in own_messages() {
        for language in LANGUAGES {
            check_html(&name, &html(&source, language), language);
            let page = shown(&source, |document, message| show::html_page(document, message, language));
            let page = page.strip_prefix("<!DOCTYPE html>\n").expect("a page begins with its type");
            let page = xml::parse(page, &XmlLimits::default()).expect("a page is well-formed");
            assert_eq!(page.root().attribute("lang"), Some(language.tag()), "{name}");
        }
    }
}

/// Headings begin at 1 and never skip a level on the way down; tables have captions and header cells with scope.
fn check_html(name: &str, html: &str, language: Language) {
    let document =
        xml::parse(html, &XmlLimits::default()).unwrap_or_else(|error| panic!("{name}: {error}\n{html}"));
    let root = document.root();
    assert_eq!((root.local(), root.attribute("lang")), ("article", Some(language.tag())), "{name}");
    let mut level = 0;
    for element in all(root) {
        match element.local() {
            heading @ ("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => {
                let next = heading[1..].parse::<u32>().unwrap();
                assert!(next <= level + 1, "{name}: {heading} after h{level}");
                level = next;
            }
            "thead" => assert!(
                element.parent().unwrap().child("caption").is_some(),
                "{name}: a table without caption"
            ),
            "th" => assert!(element.attribute("scope").is_some(), "{name}: a header cell without scope"),
            other => assert!(is_plain(other), "{name}: an element <{other}>"),
        }
        for attribute in element.attributes() {
            assert!(
                !attribute.local.starts_with("on") && !["src", "href", "style"].contains(&attribute.local),
                "{name}"
            );
        }
    }
}

fn is_plain(element: &str) -> bool {
    let plain = [
        "article", "section", "p", "br", "dl", "dt", "dd", "div", "table", "caption", "tbody", "tr", "td",
        "ul", "ol", "li", "strong", "em", "hr",
    ];
    plain.contains(&element)
}

fn all(element: xml::El<'_>) -> Vec<xml::El<'_>> {
    std::iter::once(element).chain(element.children().flat_map(all)).collect()
}

#[test]
fn what_looks_like_markup_or_script_is_shown_as_text() {
    let rows = [
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<script xmlns=\"http://www.w3.org/1999/xhtml\">alert(1)</script>",
        "<p xmlns=\"http://www.w3.org/1999/xhtml\" onclick=\"alert(1)\">alert(1)</p>",
        "<a xmlns=\"http://www.w3.org/1999/xhtml\" href=\"javascript:alert(1)\">her</a>",
        "<img xmlns=\"http://www.w3.org/1999/xhtml\" src=\"x\" onerror=\"alert(1)\" alt=\"alert(1)\"/>",
        "<style xmlns=\"http://www.w3.org/1999/xhtml\">alert(1)</style>",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
        "<p xmlns=\"http://www.w3.org/1999/xhtml\"><b><iframe>alert(1)</iframe></b></p>",
        "<table xmlns=\"http://www.w3.org/1999/xhtml\"><tr><td colspan=\"2&quot; onload=&quot;alert(1)\">alert(1)</td></tr></table>",
        "&quot; onmouseover=&quot;alert(1)",
    ];
    for note in rows {
        let source = with_note(note);
        let told = html(&source, Language::Bokmal);
        check_html(note, &told, Language::Bokmal);
        assert!(told.contains("alert(1)"), "{note} isn't shown:\n{told}");
        assert!(text(&source, Language::Bokmal).contains("alert(1)"), "{note} isn't shown");
    }
}

#[test]
fn a_name_that_looks_like_markup_cant_leave_its_place() {
    let source = with_note("x").replace("Henvendelse om pasient", "&quot;&gt;&lt;script&gt;");
    check_html("a heading", &html(&source, Language::Bokmal), Language::Bokmal);
    let page = shown(&source, |document, message| show::html_page(document, message, Language::Bokmal));
    assert!(!page.contains("<script"));
}

#[test]
fn characters_that_command_a_terminal_or_turn_writing_are_shown_as_marks() {
    let source = with_note("før\u{9b}31m etter, fil\u{202e}fdp.exe, ja\u{200b}nei &#x9d;");
    for told in [text(&source, Language::Bokmal), html(&source, Language::Bokmal)] {
        let is_bad = |letter: char| {
            (letter.is_control() && letter != '\n') || ('\u{202a}'..='\u{202e}').contains(&letter)
        };
        assert!(!told.chars().any(is_bad));
        assert!(told.contains("før�31m etter, fil�fdp.exe, ja�nei �"), "{told}");
    }
}

#[test]
fn marked_up_text_keeps_its_lists_tables_and_emphasis() {
    let note = "<div xmlns=\"http://www.w3.org/1999/xhtml\"><h3>Plan</h3><p>Les <b>dette</b> og <i>det</i>.<br/>Ny linje</p>\
        <ul><li>ett</li><li>to<ol><li>a</li></ol></li></ul><table><tr><th>Dag</th><th>CRP</th></tr><tr><td>1</td><td>49</td></tr></table></div>";
    let told = html(&with_note(note), Language::Bokmal);
    for piece in [
        "<strong>Plan</strong>",
        "<p>Les <strong>dette</strong> og <em>det</em>.<br/>Ny linje</p>",
        "<li>ett</li>",
        "<ol>\n<li>a</li>\n</ol>",
        "<th scope=\"col\">CRP</th>",
        "<td>49</td>",
    ] {
        assert!(told.contains(piece), "{piece} is missing:\n{told}");
    }
    let told = text(&with_note(note), Language::Bokmal);
    for piece in
        ["Les dette og det.\n", "Ny linje\n", "- ett\n", "- to\n", "  1. a\n", "Dag  CRP\n", "1    49\n"]
    {
        assert!(told.contains(piece), "{piece} is missing:\n{told}");
    }
}

#[test]
fn an_estimate_is_explained_only_where_it_can_be_read_two_ways() {
    let rows = [
        ("1", "true", true),
        ("2", "1", true),
        ("13", "true", true),
        ("1", "false", false),
        ("3", "true", false),
        ("4", "true", false),
    ];
    for (event, estimate, explained) in rows {
        let source = format!(
            r#"<Pasientlogistikk xmlns="urn:x"><MeldingInnlagtPasient><TidsfestetHendelse>
            <Hendelsekode V="{event}" S="2.16.578.1.12.4.1.1.9121"/><TidspunktForHendelse V="2026-01-31"/><Anslag>{estimate}</Anslag>
            </TidsfestetHendelse></MeldingInnlagtPasient></Pasientlogistikk>"#
        );
        let told = text(&source, Language::Bokmal);
        let answer = if matches!(estimate, "true" | "1") { "ja" } else { "nei" };
        assert!(told.contains(&format!("Anslått:    {answer}")), "{told}");
        assert_eq!(told.contains("Kan bety"), explained, "{event} {estimate}");
    }
}

#[test]
fn a_receipt_is_one_sentence_that_says_who_and_why() {
    let receipt = |status: &str, errors: &str| {
        format!(
            r#"<AppRec xmlns="http://www.kith.no/xmlstds/apprec/2012-02-15"><Sender><HCP><Inst><Name>Vik kommune</Name><Dept>
            <Name>{{why}}</Name></Dept></Inst></HCP></Sender><Status V="{status}"/>{errors}</AppRec>"#
        )
    };
    let rows = [
        ("1", "", "Mottatt av Vik kommune, {why}"),
        (
            "2",
            "<Error V=\"E21\" DN=\"Mottaker finnes ikke\"/>",
            "Avvist av Vik kommune, {why}: Mottaker finnes ikke (E21)",
        ),
        (
            "2",
            "<Error V=\"X99\" DN=\"Annen feil\" OT=\"Disken er full\"/>",
            "Avvist av Vik kommune, {why}: Annen feil (X99): Disken er full",
        ),
        ("2", "", "Avvist av Vik kommune, {why}: ingen årsak er oppgitt"),
        ("7", "", "Svar fra Vik kommune, {why} med en status som ikke er kjent: 7"),
    ];
    for (status, errors, sentence) in rows {
        let told = text(&receipt(status, errors), Language::Bokmal);
        assert!(told.lines().any(|line| line == sentence), "{told}");
    }
}

#[test]
fn a_code_is_told_by_the_senders_name_else_ours_else_itself() {
    let table = "2.16.578.1.12.4.1.1.9121";
    let rows = [
        (format!("V=\"3\" DN=\"Utskrivningsklar\" S=\"{table}\""), "Hendelse: Utskrivningsklar"),
        (format!("V=\"3\" S=\"{table}\""), "Hendelse: Pasient utskrivningsklar"),
        (
            format!("V=\"3\" DN=\"Pasient utskrevet\" S=\"{table}\""),
            "Hendelse: Pasient utskrevet (kode 3: Pasient utskrivningsklar)",
        ),
        (
            format!("V=\"33\" S=\"{table}\""),
            "Hendelse: kode 33 i kodeverk Hendelseskode for logistikkopplysninger",
        ),
        ("V=\"a\" S=\"1.2.3\"".to_owned(), "Hendelse: kode a i kodeverk 1.2.3"),
        ("V=\"a\" OT=\"noe annet\"".to_owned(), "Hendelse: a: noe annet"),
        ("OT=\"noe annet\"".to_owned(), "Hendelse: noe annet"),
    ];
    for (code, line) in rows {
        let told = text(&format!("<Rot xmlns=\"urn:x\"><Hendelsekode {code}/></Rot>"), Language::Bokmal);
        let told = told.replace(":  ", ": ");
        assert!(told.contains(line), "{told}");
    }
}

#[test]
fn what_nobody_knows_is_shown_under_its_name_with_the_words_apart() {
    let source = with_note("x").replace(
        "</Notat>",
        "<ext:LokalTilleggsInfo xmlns:ext=\"urn:lokal\" ext:viktigGrad=\"høy\"><ext:RomNummer>214</ext:RomNummer></ext:LokalTilleggsInfo></Notat>",
    );
    let told = text(&source, Language::Bokmal);
    for piece in ["Lokal tilleggs info\n", "Viktig grad:  høy\n", "Rom nummer:   214\n"] {
        assert!(told.contains(piece), "{piece} is missing:\n{told}");
    }
}

#[test]
fn a_cancellation_and_a_test_message_say_so_at_the_top() {
    let source = r#"<MsgHead xmlns="urn:h"><MsgInfo><Type V="LOG_INNLAGT"/><ProcessingStatus V="D" DN="Utprøving"/></MsgInfo><Document><RefDoc><Content>
        <Pasientlogistikk xmlns="http://www.kith.no/xmlstds/po/Pasientlogistikk/2012-04-01"><InformasjonOmForsendelsen><Forsendelsesstatus V="C" DN="Kansellering"/>
        </InformasjonOmForsendelsen></Pasientlogistikk></Content></RefDoc></Document></MsgHead>"#;
    let told = text(source, Language::Nynorsk);
    let top: Vec<&str> = told.lines().skip(2).take(2).collect();
    assert_eq!(
        top,
        ["Kansellering: meldinga er trekt tilbake og skal ikkje brukast", "Dette er ei testmelding."]
    );
}

#[test]
fn many_rows_or_columns_are_shown_without_using_up_memory() {
    let names = |count: usize| (0..count).map(|n| format!("<N{n}>v{n}</N{n}>")).collect::<Vec<_>>().concat();
    let row = |n: usize| format!("<KartlagtFunksjon><N{n}>v{n}</N{n}></KartlagtFunksjon>");
    let wide = format!("<R><KartlagtFunksjon>{}</KartlagtFunksjon><KartlagtFunksjon/></R>", names(4_000));
    let long = format!("<R>{}</R>", (0..4_000).map(row).collect::<Vec<_>>().concat());
    let same = format!("<R>{}</R>", "<Merknad>x</Merknad>".repeat(50_000));
    let cells = format!(
        "<tr>{}</tr>{}",
        "<td>x</td>".repeat(5_000),
        "<tr><td rowspan=\"50\" colspan=\"50\">y</td></tr>".repeat(5_000)
    );
    let grid = with_note(&format!("<table xmlns=\"http://www.w3.org/1999/xhtml\">{cells}</table>"));
    for source in [wide, long, same, grid] {
        assert!(text(&source, Language::Bokmal).lines().count() > 100);
        assert!(html(&source, Language::Bokmal).len() > 1_000);
    }
}

/// The folder of official samples, if it is there.
fn samples() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/standards/plo/samples");
    let folders = [
        "plo-1.5",
        "plo-1.6",
        "dialogmelding-1.0",
        "dialogmelding-1.1",
        "apprec-1.0",
        "apprec-1.1",
        "epikrise-1.2",
        "made-here",
    ];
    let entries = folders.iter().filter_map(|folder| fs::read_dir(root.join(folder)).ok()).flatten();
    let paths = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "xml"));
    let read = |path: std::path::PathBuf| {
        let bytes = fs::read(&path).unwrap();
        let source = xml::decode(&bytes, &XmlLimits::default()).unwrap().into_owned();
        (path.display().to_string(), source)
    };
    paths.map(read).collect()
}

#[test]
fn every_official_sample_is_shown_whole_and_with_labels() {
    let samples = samples();
    if samples.is_empty() {
        println!("skipped: the folder of official samples is missing");
    }
    let labels: toml::Table = include_str!("../data/labels/elements.toml").parse().unwrap();
    for (name, source) in &samples {
        let document = xml::parse(source, &XmlLimits::default()).unwrap();
        for element in
            all(document.root()).into_iter().filter(|it| it.space() != "http://www.w3.org/1999/xhtml")
        {
            assert!(labels.contains_key(element.local()), "{name}: no label for {}", element.local());
        }
        check_html(name, &html(source, Language::Bokmal), Language::Bokmal);
        for language in LANGUAGES {
            let told = squeezed(&text(source, language));
            for piece in texts(document.root()) {
                assert!(
                    piece.split_whitespace().all(|word| told.contains(word)),
                    "{name}: {piece} isn't shown"
                );
            }
        }
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Texts and names that must be shown as they stand; what is told in other words (times, flags, numbers) isn't among them.
fn texts(element: xml::El<'_>) -> Vec<String> {
    let mut all = Vec::new();
    all.extend(element.attribute("DN").map(str::to_owned));
    let text = element.text();
    let is_worded = matches!(text.as_ref(), "true" | "false")
        || text.starts_with(|first: char| first.is_ascii_digit())
        || ["Base64Container", "MimeType"].contains(&element.local());
    if !is_worded {
        all.push(text.into_owned());
    }
    all.extend(element.children().flat_map(texts));
    all
}
