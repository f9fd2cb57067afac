//! What every page keeps to.

use quick_xml::{Reader, events::Event};
use samspill_service::access::Role;

use crate::support::{Answer, Side, TestApp};

/// Reads a page as XML, which pages are written to be, and looks at what all of them keep to.
pub(crate) fn check(what: &str, answer: &Answer) {
    let text = answer.text();
    let body =
        text.strip_prefix("<!DOCTYPE html>\n").unwrap_or_else(|| panic!("{what}: no document: {text:.200}"));
    let mut reader = Reader::from_str(body);
    let (mut open, mut headings, mut mains, mut ids) = (Vec::new(), 0, 0, Vec::new());
    loop {
        let event =
            reader.read_event().unwrap_or_else(|error| panic!("{what}: {error} near {:?}", open.last()));
        let (start, is_empty) = match event {
            Event::Eof => break,
            Event::End(_) => {
                open.pop();
                continue;
            }
            Event::Start(start) => (start, false),
            Event::Empty(start) => (start, true),
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => continue,
        };
        let name = start.name().as_ref().to_owned();
        headings += usize::from(name == "h1");
        mains += usize::from(name == "main");
        let mut source = false;
        for attribute in start.attributes() {
            let attribute = attribute.unwrap_or_else(|error| panic!("{what}: {error} in <{name}>"));
            let key = attribute.key.as_ref().to_owned();
            assert!(key != "style" && !key.starts_with("on"), "{what}: <{name} {key}> needs another policy");
            source |= key == "src";
            if key == "id" {
                ids.push(attribute.value.into_owned());
            }
        }
        assert!(name != "style", "{what}: a style in the page");
        assert!(name != "script" || source, "{what}: a script in the page");
        if !is_empty {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{what}: left open: {open:?}");
    assert_eq!((headings, mains), (1, 1), "{what}: one main heading, one main part");
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "{what}: an id stands twice");
}

#[tokio::test]
async fn every_page_is_whole_for_every_role() {
    let test = TestApp::new().await;
    let case = test.case_of(Side::First);
    let stay = format!("/opphold/{case}");
    let paths = [
        "/",
        "/tavle",
        "/tavle?visning=vegg",
        "/tavle?vis=over&sorter=kommune",
        "/oppgaver",
        "/oppgaver?hvem=dem",
        "/oppgaver?hvem=mine",
        "/sok",
        "/hjelp",
        "/hjelp?q=epikrise",
        &stay,
    ];
    for role in Role::ALL {
        for path in paths {
            let answer = test.get_as(role, path).await;
            assert!([200, 404].contains(&answer.status), "{role:?} {path}: {}", answer.status);
            if answer.status == 200 {
                check(&format!("{role:?} {path}"), &answer);
            }
        }
    }
}

#[tokio::test]
async fn pages_are_whole_in_three_languages_and_say_which() {
    let test = TestApp::new().await;
    for (code, word) in [("nb", "Oppgaver"), ("nn", "Oppgåver"), ("en", "Tasks")] {
        let mut user = test.user(Role::Coordination, Side::Trust);
        let signed = user.signed.as_mut().expect("somebody");
        signed.language = samspill_web::pages::language_called(code).expect("a language");
        let answer = user.get("/tavle").await;
        check(code, &answer);
        assert!(answer.text().contains(&format!("lang=\"{code}\"")), "{code}");
        assert!(answer.text().contains(word), "{code}");
    }
}
