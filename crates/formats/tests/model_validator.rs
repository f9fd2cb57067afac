//! The content models against a schema validator: the same documents are valid. Needs the schemas, which aren't part of the
//! project, and an interpreter with `lxml`; without them, it is left out and says so.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test may read files and settings, says when there are none, and fails by panicking"
)]

mod lxml;

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use samspill_formats::{
    messages::model,
    xml::{self, Child, Element, Name, XmlLimits},
};

/// Changed documents for each document there is.
const CHANGES: u64 = 12;

/// A document and what it is called.
struct Case {
    name: String,
    bytes: Vec<u8>,
}

fn standards() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/standards/plo")
}

/// An interpreter that has `lxml`, if the schemas are there too.
fn interpreter() -> Option<String> {
    if !standards().join("xsd/_all.xsd").exists() {
        println!("skipped: there are no schemas");
        return None;
    }
    lxml::python()
}

/// What the validator says of each case.
fn verdicts(python: &str, cases: &[Case]) -> Vec<String> {
    let mut validator = Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/model_validator.py"))
        .arg(standards().join("xsd/_all.xsd"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = validator.stdin.take().unwrap();
    let output = BufReader::new(validator.stdout.take().unwrap());
    let verdicts = thread::scope(|scope| {
        scope.spawn(move || {
            for case in cases {
                writeln!(input, "{}", case.bytes.len()).unwrap();
                input.write_all(&case.bytes).unwrap();
            }
        });
        output.lines().map(Result::unwrap).collect::<Vec<_>>()
    });
    assert!(validator.wait().unwrap().success());
    assert_eq!(verdicts.len(), cases.len());
    verdicts
}

/// What the models say: `valid`, `broken`, or the first finding.
fn own_verdict(bytes: &[u8]) -> String {
    let limits = XmlLimits::default();
    let Ok(text) = xml::decode(bytes, &limits) else { return "broken".to_owned() };
    let Ok(document) = xml::parse(&text, &limits) else { return "broken".to_owned() };
    model::check(&document).first().map_or("valid".to_owned(), ToString::to_string)
}

/// Whether both find it valid, both invalid, or both broken. That an attribute which a type refers to has a fixed value, the
/// validator (libxml2) doesn't see; XML Schema asks for it.
fn agree(own: &str, validator: &str) -> bool {
    let is_fixed_attribute =
        own.contains("komponenttype: ") && own.contains("isn't the only value it may have");
    is_fixed_attribute && validator == "valid"
        || ["valid", "broken"].iter().all(|word| (own == *word) == (validator == *word))
}

fn check(python: &str, cases: &[Case]) {
    let mut counts = [0, 0, 0];
    let mut differences = Vec::new();
    for (case, validator) in cases.iter().zip(verdicts(python, cases)) {
        let own = own_verdict(&case.bytes);
        counts[["valid", "broken"].iter().position(|word| *word == validator).unwrap_or(2)] += 1;
        if !agree(&own, &validator) {
            differences.push(format!("{}\n  own:       {own}\n  validator: {validator}", case.name));
        }
    }
    println!("{} documents: {} valid, {} broken, {} invalid", cases.len(), counts[0], counts[1], counts[2]);
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}

/// The official examples, the messages of the acceptance tests, and our own messages.
fn official() -> Vec<Case> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/messages");
    let mut paths = Vec::new();
    for folder in [standards().join("samples"), standards().join("conformance"), own] {
        collect(&folder, &mut paths);
    }
    paths.sort();
    paths
        .iter()
        .map(|path| Case { name: path.display().to_string(), bytes: fs::read(path).unwrap() })
        .collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xml")) {
            paths.push(path);
        }
    }
}

#[test]
fn official_messages_are_valid_where_the_validator_says_so() {
    let Some(python) = interpreter() else { return };
    let cases = official();
    assert!(cases.len() > 100, "{}", cases.len());
    check(&python, &cases);
}

/// Numbers that look random and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Values that suit some types and not others.
const VALUES: [&str; 34] = [
    "",
    " ",
    "x",
    "tekst med ord",
    "true",
    "1",
    "ja",
    "-1",
    "1.5",
    "1,5",
    "2026-03-01",
    "2026-02-29",
    "2026-13-01",
    "2026-03-01T12:00:00",
    "2026-03-01T24:00:00",
    "2026-03-01T12:00:00+01:00",
    "2026-03-01T12:00",
    "2026-03-01 12:00:00",
    "12:00:00",
    "2026",
    "2026-03",
    "01.03.2026",
    "2.16.578.1.12.4.1.1.8116",
    "2.16..578",
    "EPJ sak",
    "EPJ dokument",
    "Legemidler",
    "v1.2 2006-05-24",
    "tel:12345678",
    "12:34",
    "50%",
    "QUJD",
    "QUJDR",
    " 5 ",
];

/// The elements of a tree, by the way to each: which child of which child.
fn ways(element: &Element, way: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
    all.push(way.clone());
    for (at, child) in element.children.iter().enumerate() {
        if let Child::Element(child) = child {
            way.push(at);
            ways(child, way, all);
            way.pop();
        }
    }
}

fn at<'e>(root: &'e mut Element, way: &[usize]) -> &'e mut Element {
    way.iter().fold(root, |element, at| match &mut element.children[*at] {
        Child::Element(child) => child,
        Child::Text(_) => unreachable!("ways lead through elements"),
    })
}

/// Changes one thing, and says what.
fn change(root: &mut Element, chance: &mut Chance) -> String {
    let mut all = Vec::new();
    ways(root, &mut Vec::new(), &mut all);
    if all.len() == 1 {
        return "nothing left to change".to_owned();
    }
    let way = chance.of(&all[1..]).clone();
    let other = at(root, &chance.of(&all).clone()).clone();
    let (last, above) = way.split_last().unwrap();
    let kind = chance.below(13);
    let what = format!("{kind} on {} with {}", at(root, &way).name.local, other.name.local);
    let siblings = &mut at(root, above).children;
    match kind {
        0 => drop(siblings.remove(*last)),
        1 => siblings.insert(*last, siblings[*last].clone()),
        2 => {
            let with = chance.below(siblings.len());
            siblings.swap(*last, with);
        }
        3 => siblings.insert(*last, Child::Element(other)),
        4 => siblings.insert(*last, Child::Text((*chance.of(&["x", " "])).to_owned())),
        _ => change_element(at(root, &way), &other, kind, chance),
    }
    what
}

fn change_element(element: &mut Element, other: &Element, kind: usize, chance: &mut Chance) {
    let value = (*chance.of(&VALUES)).to_owned();
    match kind {
        5 => element.name.local.clone_from(&other.name.local),
        6 => element.name.space.clone_from(&other.name.space),
        7 => element.children.clear(),
        8 => element.children = vec![Child::Text(value)],
        9 => element.attributes.clear(),
        10 => {
            let name = chance.of(&["V", "S", "DN", "Id", "komponentID"]);
            element.attributes.retain(|(own, _)| own.local != *name);
            element.attributes.push((Name::new("", *name), value));
        }
        _ => {
            if let Some((_, own)) = element.attributes.last_mut() {
                *own = value;
            } else if let Some(text) =
                element.children.iter_mut().find(|child| matches!(child, Child::Text(_)))
            {
                *text = Child::Text(value);
            }
        }
    }
}

fn changed(case: &Case, chance: &mut Chance) -> Option<Case> {
    let limits = XmlLimits::default();
    let text = xml::decode(&case.bytes, &limits).ok()?;
    let mut root = Element::from(xml::parse(&text, &limits).ok()?.root());
    let mut name = case.name.clone();
    for _ in 0..=chance.below(2) {
        name = name + ", " + &change(&mut root, chance);
    }
    Some(Case { name, bytes: xml::write(&root).into_bytes() })
}

#[test]
fn changed_messages_are_valid_where_the_validator_says_so() {
    let Some(python) = interpreter() else { return };
    let mut chance = Chance(20_260_301);
    let official = official();
    let all = (0..CHANGES).flat_map(|_| &official);
    let cases: Vec<_> = all.filter_map(|case| changed(case, &mut chance)).collect();
    assert!(cases.len() > 500, "{}", cases.len());
    check(&python, &cases);
}

/// A note whose free text has a type and a value.
fn typed(kind: &str, value: &str) -> Case {
    let dialog = "http://www.kith.no/xmlstds/dialog/2013-01-23";
    let text = format!(
        "<Notat xmlns=\"{dialog}\" xmlns:xsi=\"{}\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" \
         xmlns:k=\"http://www.kith.no/xmlstds\"><TemaKodet/><TekstNotatInnhold xsi:type=\"{kind}\">{value}\
         </TekstNotatInnhold></Notat>",
        xml::XSI
    );
    Case { name: format!("{kind} `{value}`"), bytes: text.into_bytes() }
}

const MORE_VALUES: [&str; 76] = [
    "+5",
    "007",
    "-0",
    ".5",
    "5.",
    ".",
    "+",
    "1e3",
    "1E-3",
    "1e",
    "INF",
    "-INF",
    "+INF",
    "NaN",
    "inf",
    "0x1",
    "١",
    "TRUE",
    "0",
    "0000",
    "0000-01-01",
    "-0001",
    "-0004-02-29",
    "-2026-01-01",
    "02026",
    "12026",
    "12026-01-01",
    "2026Z",
    "2026+01:00",
    "2026-03Z",
    "2026-03-01Z",
    "2026-03-01+14:00",
    "2026-03-01+14:01",
    "2026-03-01-14:00",
    "2026-03-01+1:00",
    "2026-03-01+13:60",
    "2026-00-01",
    "2026-01-00",
    "2026-01-32",
    "2026-04-31",
    "1900-02-29",
    "2000-02-29",
    "2026-1-1",
    "20260301",
    "24:00:00",
    "24:00:01",
    "24:00:00.0",
    "24:00:00.1",
    "23:59:60",
    "23:59:59.123456789",
    "12:60:00",
    "25:00:00",
    "1:00:00",
    "12:00:00.",
    "12:00:00Z",
    "2026-03-01T23:59:59.9Z",
    "2026-03-01t12:00:00",
    " 2026-03-01\n",
    "2026-03-01T12:00:00 +01:00",
    "a b",
    "-a",
    "a.b",
    "a:b",
    "_a",
    "å",
    "http://a.no/b?c=d#e",
    "http://a.no:80x/",
    "http://[::1]/",
    "a[b]",
    "#a#b",
    "%20",
    "%2",
    "QQ==",
    "QR==",
    "QUI=",
    "Q UJ D",
];

#[test]
fn values_are_of_a_type_where_the_validator_says_so() {
    let Some(python) = interpreter() else { return };
    let kinds = [
        "xs:string",
        "xs:token",
        "xs:NMTOKEN",
        "xs:ID",
        "xs:boolean",
        "xs:integer",
        "xs:decimal",
        "xs:double",
        "xs:dateTime",
        "xs:date",
        "xs:time",
        "xs:gYearMonth",
        "xs:gYear",
        "xs:anyURI",
        "xs:base64Binary",
        "k:oid",
        "k:INT",
        "k:CV",
        "k:NONE",
    ];
    let all =
        kinds.into_iter().flat_map(|kind| VALUES.iter().chain(&MORE_VALUES).map(move |value| (kind, *value)));
    let (known, same): (Vec<_>, Vec<_>) = all.partition(|(kind, value)| is_known_difference(kind, value));
    check(&python, &same.iter().map(|(kind, value)| typed(kind, value)).collect::<Vec<_>>());
    let known: Vec<_> = known.iter().map(|(kind, value)| typed(kind, value)).collect();
    for (case, validator) in known.iter().zip(verdicts(&python, &known)) {
        assert!(!agree(&own_verdict(&case.bytes), &validator), "{} is no difference any more", case.name);
    }
}

/// Where the validator (libxml2) leaves XML Schema, or we do: it skips characters that base64 doesn't have, takes an exponent
/// without digits, and refuses a day with white space around it; for us digits of other scripts are none.
fn is_known_difference(kind: &str, value: &str) -> bool {
    let digits =
        value.chars().filter(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '+' | '/')).count();
    let has_others = value.chars().any(|sign| !sign.is_ascii_alphanumeric() && !"+/= \n".contains(sign));
    match kind {
        "xs:base64Binary" => has_others && digits % 4 == 0 && !value.contains('='),
        "xs:double" => value == "1e",
        "xs:date" => value == " 2026-03-01\n",
        "k:oid" => value == "١",
        _ => false,
    }
}
