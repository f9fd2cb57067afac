//! The acceptance cases for receiving PLO 1.5, as they are published: what each is answered, and why.
//!
//! The receivers are set up as the cases' own documents ask: the addressed organisation and service are there, the unknown
//! service of case 18 is not, and in case 19 only the copy receiver is ours.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::support::{in_short, opened, organisation, recipients};
use samspill_service::exchange::receipts::{
    Decision, Earlier, Incoming, LocalNumbers, Policy, Recipients, Silence, decide,
};

/// Folder, the receiver whose system it is, and what its cases are answered.
///
/// Clauses are of HIS 80415:2012 (updated 2019) where no other is named. `-` is a case that isn't in the folder.
const CASES: &str = "
    case | helseopplysninger          | innleggelsesrapport        | dødsfall                   | why
    1    | kommune PRIM ok            | sykehus PRIM ok            | lege PRIM ok               | 3.3.1
    2    | kommune PRIM T01           | sykehus PRIM T01           | plo PRIM T01               | 3.3.4: an end tag is missing, but the head can be made out
    11a  | kommune PRIM E36           | sykehus PRIM E36           | lege PRIM E36              | 3.3.4: no name and no number
    11b  | kommune PRIM ok            | sykehus PRIM ok            | lege PRIM ok               | 3.3.4: name, date of birth and sex
    11c  | kommune PRIM ok            | sykehus PRIM ok            | lege PRIM ok               | 3.3.4: name, date of birth and sex
    12   | kommune PRIM ok            | sykehus PRIM ok            | lege PRIM ok               | 3.3.4: identified; that there is no record is for the receiver
    13a  | kommune none sender-unreadable | sykehus none sender-unreadable | lege none sender-unreadable | HITS 1168 5.3
    13b  | kommune none sender-unreadable | sykehus none sender-unreadable | lege none sender-unreadable | HITS 1168 5.3, before T02
    14a  | kommune PRIM E36           | sykehus PRIM E36           | lege PRIM E36              | 3.3.4: the name alone
    14b  | kommune PRIM E36           | sykehus PRIM E36           | lege PRIM E36              | 3.3.4: what stands there is no number
    15a  | kommune PRIM T02           | sykehus PRIM T02           | lege PRIM T02              | 3.3.4: Forsendelsesstatus is missing
    15b  | kommune PRIM T02           | sykehus PRIM T02           | lege PRIM T02              | 3.3.4: SvarPaaForesporsel is empty
    16a  | kommune PRIM E36           | sykehus PRIM E36           | lege PRIM E36              | 3.3.4: date of birth without sex; a local number isn't named
    16b  | kommune PRIM E36           | sykehus PRIM E36           | lege PRIM E36              | 3.3.4: a local number isn't named
    16c  | kommune PRIM ok            | sykehus PRIM ok            | lege PRIM ok               | 3.3.4: name and D-number
    16d  | kommune PRIM ok            | sykehus PRIM ok            | lege PRIM ok               | 3.3.4: name and fødselsnummer
    17a  | kommune PRIM E36           | sykehus PRIM E36           | lege PRIM E36              | 3.3.4: as 16a
    17b  | kommune PRIM ok            | sykehus PRIM ok            | lege PRIM ok               | 3.3.4: whatever the receiver has the patient as
    18   | kommune PRIM E21           | sykehus PRIM E21           | lege PRIM E21              | 3.3.4: known organisation, unknown service
    19   | kommune PRIM ok            | vassenden COP ok           | koman COP E36              | HITS 1168 6.2; a copy receiver where the file has one
    20a  | kommune PRIM ok            | sykehus PRIM ok, COP ok    | lege PRIM E36, COP E36     | HITS 1168 5.1: one for each receiver
    20b  | kommune PRIM ok            | sykehus PRIM ok, COP ok    | lege PRIM E36, COP E36     | the same; its id is another where it isn't the same as 20a's
    21   | kommune PRIM ok            | ukjent PRIM ok             | lege PRIM ok               | a cancellation is a message like others
";

const FOLDERS: [&str; 3] = [
    "Testcase-mottak-Helseopplysninger_ved_soknad-v1_5",
    "Testcase-mottak-Innleggelsesrapport-v1_5",
    "Testcase-mottak-Pasientlogistikk_dodsfall-v1_5",
];

/// The messages beside the numbered cases.
const OTHERS: [(&str, &str, &str); 9] = [
    ("Case1_1-Dialogmelding-Foresporsel_medisinske_opplysninger.xml", "lege", "PRIM ok"),
    ("Case2_1-Dialogmelding-Foresporsel-Konsultasjon_fra_fastlegen.xml", "plo", "PRIM ok"),
    ("Case2_1-Dialogmelding-Foresporsel_om_tjenestetilbud.xml", "plo", "PRIM ok"),
    ("Case2_1-Dialogmelding_Foresporsel_utlevering_diagnoser_for_IPLOS-rapportering.xml", "lege", "PRIM ok"),
    (
        "Testcase-mottak-Pasientlogistikk_dodsfall-v1_5/Case2-Pasientlogistikk_utskrevet-v1_5.xml",
        "plo",
        "PRIM ok",
    ),
    (
        "Testcase-mottak-Pasientlogistikk_dodsfall-v1_5/Case2-Pasientlogistikk_utskrevet-v1_5.xml",
        "lege",
        "COP ok",
    ),
    (
        "Testcase-mottak-Pasientlogistikk_dodsfall-v1_5/Case3-Pasientlogistikk_utskrivningsklar-v1_5.xml",
        "plo",
        "PRIM ok",
    ),
    (
        "Testcase-mottak-Pasientlogistikk_dodsfall-v1_5/Case4-Pasientlogistikk_avmelding _utskrivningsklar-v1_5.xml",
        "plo",
        "PRIM ok",
    ),
    (
        "Testcase-mottak-Pasientlogistikk_dodsfall-v1_5/Case5-Pasientlogistikk_innlagt-v1_5.xml",
        "plo",
        "PRIM ok",
    ),
];

fn system_of(name: &str) -> Recipients {
    recipients(match name {
        "kommune" => vec![
            organisation(&["ENH 012345678", "HER 01010"], &["*"]),
            organisation(&["ENH 942110464", "HER 2342"], &["HER 50070"]),
        ],
        "sykehus" => vec![organisation(&["ENH 883974832", "HER 3469.67926"], &["HER 3010", "HER 1010"])],
        "ukjent" => vec![organisation(&["ENH 883974832", "HER 3469.67926"], &["LOK 9999"])],
        "plo" => vec![organisation(&["ENH 333555666", "HER 99387"], &["HER 5078"])],
        "lege" => {
            vec![organisation(
                &["ENH 971318864", "HER 56704"],
                &["HER 369.767", "HER 148.985", "HER 9144897"],
            )]
        }
        "koman" => vec![organisation(&["ENH 971318864", "HER 56704"], &["HER 148.985"])],
        "vassenden" => vec![organisation(&["ENH 974793539", "HER 902"], &["HER 369.767"])],
        other => panic!("no system {other}"),
    })
}

/// The folder with the cases, if it is there.
fn conformance() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/standards/plo/conformance");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: the folder with the official acceptance cases is missing");
    None
}

/// The file of a case; upper and lower case differ from folder to folder.
fn file(folder: &Path, case: &str) -> PathBuf {
    let prefix = if case == "1" { "case1-".to_owned() } else { format!("case1-{case}-") };
    let is_it = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_lowercase();
        let rest = name.strip_prefix(&prefix);
        rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic()))
    };
    fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).find(is_it).unwrap()
}

fn decided(path: &Path, ours: &Recipients) -> String {
    in_short(&decide(&Incoming::first(&opened(&fs::read(path).unwrap())), ours))
}

#[test]
fn the_acceptance_cases_get_the_receipt_they_ask_for() {
    let Some(conformance) = conformance() else { return };
    let mut wrong = Vec::new();
    for row in CASES.trim().lines().skip(1) {
        let columns: Vec<&str> = row.split('|').map(str::trim).collect();
        for (folder, expected) in FOLDERS.iter().zip(&columns[1..]) {
            let (system, expected) = expected.split_once(' ').unwrap();
            let found = decided(&file(&conformance.join(folder), columns[0]), &system_of(system));
            if found != expected {
                wrong.push(format!("{folder} {}: {found}, not {expected}", columns[0]));
            }
        }
    }
    for (path, system, expected) in OTHERS {
        let found = decided(&conformance.join(path), &system_of(system));
        if found != expected {
            wrong.push(format!("{path}: {found}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every file of the folder is in one of the tables.
#[test]
fn no_acceptance_case_is_left_out() {
    let Some(conformance) = conformance() else { return };
    let files = |folder: PathBuf| {
        fs::read_dir(folder).unwrap().filter(|it| it.as_ref().unwrap().path().is_file()).count()
    };
    let there: usize =
        FOLDERS.iter().map(|folder| files(conformance.join(folder))).sum::<usize>() + files(conformance);
    let rows = CASES.trim().lines().count() - 1;
    let others = OTHERS.iter().map(|(path, ..)| path).collect::<std::collections::BTreeSet<_>>().len();
    assert_eq!(rows * FOLDERS.len() + others, there);
}

/// Cases 16, 17, 19 and 20 where the parties have agreed that a local number identifies: they are older than the rule.
#[test]
fn a_local_number_is_enough_only_by_agreement() {
    let Some(conformance) = conformance() else { return };
    let rows = [
        ("16a", ["kommune PRIM ok", "sykehus PRIM ok", "lege PRIM ok"]),
        ("16b", ["kommune PRIM ok", "sykehus PRIM ok", "lege PRIM ok"]),
        ("17a", ["kommune PRIM ok", "sykehus PRIM ok", "lege PRIM ok"]),
        ("14a", ["kommune PRIM E36", "sykehus PRIM E36", "lege PRIM E36"]),
        ("19", ["kommune PRIM ok", "vassenden COP ok", "koman COP ok"]),
        ("20a", ["kommune PRIM ok", "sykehus PRIM ok, COP ok", "lege PRIM ok, COP ok"]),
    ];
    for (case, expected) in rows {
        for (folder, expected) in FOLDERS.iter().zip(expected) {
            let (system, expected) = expected.split_once(' ').unwrap();
            let policy = Policy { local_numbers: LocalNumbers::Sufficient, ..Policy::default() };
            let ours = Recipients { policy, ..system_of(system) };
            assert_eq!(decided(&file(&conformance.join(folder), case), &ours), expected, "{folder} {case}");
        }
    }
}

/// Cases 20 to 22 in the order they are loaded: the second copy of a message gets nothing, and a cancellation, also before what
/// it cancels, gets what every message gets.
#[test]
fn what_came_before_matters_only_if_it_has_the_same_id() {
    let Some(conformance) = conformance() else { return };
    for (folder, system) in FOLDERS.iter().zip(["kommune", "ukjent", "lege"]) {
        let folder = conformance.join(folder);
        for order in [["1", "21"], ["21", "1"]] {
            let mut system = system_of(system);
            system.organisations.iter_mut().for_each(|it| {
                it.parties.push(samspill_service::exchange::receipts::OwnParty {
                    ids: vec![crate::support::id("HER 3010")],
                    ..Default::default()
                });
            });
            assert_eq!(loaded(&folder, &order, &system), ["PRIM ok", "PRIM ok"], "{order:?}");
        }
    }
    let folder = conformance.join(FOLDERS[0]);
    // All three are one and the same cancellation there.
    let order = ["20a", "20b", "21"];
    let expected = ["PRIM ok", "none duplicate", "none duplicate"];
    assert_eq!(loaded(&folder, &order, &system_of("kommune")), expected);
}

/// What each is answered, with all before it known.
fn loaded(folder: &Path, cases: &[&str], ours: &Recipients) -> Vec<String> {
    let mut known: Vec<(String, Vec<u8>)> = Vec::new();
    let mut answers = Vec::new();
    for case in cases {
        let bytes = fs::read(file(folder, case)).unwrap();
        let opened = opened(&bytes);
        let id = opened.message.as_ref().unwrap().head.id.clone();
        let earlier = match known.iter().find(|(other, _)| *other == id) {
            None => Earlier::None,
            Some((_, before)) if *before == bytes => Earlier::Same,
            Some(_) => Earlier::Other,
        };
        let decision = decide(&Incoming { earlier, ..Incoming::first(&opened) }, ours);
        if let Decision::None(silence) = decision {
            assert!(silence == Silence::Duplicate || silence.needs_a_person());
        }
        answers.push(in_short(&decision));
        known.push((id, bytes));
    }
    answers
}
