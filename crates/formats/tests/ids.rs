//! Person numbers, organisation numbers and the numbers of registers: what passes, on which day, and what they tell.
//!
//! All person numbers are synthetic (80 added to the month) unless a test is about numbers built otherwise; check digits are
//! computed here, apart from the code under test.
#![expect(clippy::disallowed_methods, reason = "the crate is pure, its tests read files")]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use jiff::civil::{Date, date};
use proptest::prelude::*;
use quick_xml::events::{BytesStart, Event};
use samspill_formats::messages::ids::{
    DufNumber, HerId, HprNumber, OrganisationNumber, PersonNumber, PersonNumberKind, Series, Sex,
    SyntheticPolicy, check,
};

const TODAY: Date = date(2026, 3, 1);

/// What a weighted sum leaves when divided by 11.
fn rest(digits: &str, weights: &[u32]) -> u32 {
    digits.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum::<u32>() % 11
}

/// Nine digits with check digits, the first leaving this remainder; none if one of them would be 10.
fn completed_leaving(nine: &str, leaves: u32) -> Option<String> {
    let first = (11 + leaves - rest(nine, &[3, 7, 6, 1, 8, 9, 4, 5, 2])) % 11;
    let ten = (first < 10).then(|| format!("{nine}{first}"))?;
    let second = (11 - rest(&ten, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2])) % 11;
    (second < 10).then(|| format!("{ten}{second}"))
}

fn completed(nine: &str) -> Option<String> {
    completed_leaving(nine, 0)
}

/// The first number from this individual number on, for six digits.
fn number(six: &str, individuals: std::ops::RangeInclusive<u32>) -> String {
    individuals
        .into_iter()
        .find_map(|individual| completed(&format!("{six}{individual:03}")))
        .expect("some individual number has check digits")
}

fn parse(text: &str) -> PersonNumber {
    PersonNumber::parse(text, TODAY).expect("the number is valid")
}

fn trouble(text: &str, on: Date) -> String {
    PersonNumber::parse(text, on).map_or_else(|error| error.to_string(), |_| "passes".to_owned())
}

/// Skatteetaten, «Nytt fødselsnummer fra 2032»: remainders 0 to 3 pass from that day on, only 0 before.
#[test]
fn the_first_check_digit_leaves_0_and_from_2032_also_1_2_or_3() {
    // remainder, day of the message, what is said
    let rows = [
        (0, date(2031, 12, 31), "passes"),
        (0, date(2032, 1, 1), "passes"),
        (0, date(2032, 1, 2), "passes"),
        (1, date(2031, 12, 31), "issued from 2032-01-01"),
        (1, date(2032, 1, 1), "passes"),
        (1, date(2032, 1, 2), "passes"),
        (2, date(2031, 12, 31), "issued from 2032-01-01"),
        (2, date(2032, 1, 1), "passes"),
        (3, date(2031, 12, 31), "issued from 2032-01-01"),
        (3, date(2032, 1, 1), "passes"),
        (4, date(2031, 12, 31), "check digits don't fit"),
        (4, date(2032, 1, 1), "check digits don't fit"),
        (10, date(2031, 12, 31), "check digits don't fit"),
        (10, date(2032, 1, 1), "check digits don't fit"),
    ];
    for (leaves, on, said) in rows {
        let number = (0..1000).find_map(|n| completed_leaving(&format!("019082{n:03}"), leaves));
        let number = number.expect("some individual number leaves the remainder");
        let heard = trouble(&number, on);
        assert!(heard.contains(said), "remainder {leaves} on {on}: {heard}");
    }
}

#[test]
fn from_2032_a_number_tells_neither_century_nor_sex() {
    let woman = parse(&number("019082", 0..=0));
    assert_eq!(woman.birth_date(date(2031, 12, 31)), Some(date(1982, 10, 1)));
    assert_eq!(woman.sex(date(2031, 12, 31)), Some(Sex::Woman));
    assert_eq!(woman.birth_date(date(2032, 1, 1)), None);
    assert_eq!(woman.sex(date(2032, 1, 1)), None);
    assert_eq!(parse(&number("019082", 1..=1)).sex(TODAY), Some(Sex::Man));
}

/// Folkeregisterforskriften § 2-2-1: the three digits after the date tell the century.
#[test]
fn the_century_is_told_by_the_individual_number() {
    // day with 80 added to the month, first and last individual number to try, day of birth
    let rows = [
        ("019053", 500..=509, None),
        ("019054", 500..=509, Some(date(1854, 10, 1))),
        ("019099", 740..=749, Some(date(1899, 10, 1))),
        ("019099", 750..=759, None),
        ("019000", 0..=9, Some(date(1900, 10, 1))),
        ("019099", 490..=499, Some(date(1999, 10, 1))),
        ("019039", 900..=909, None),
        ("019040", 890..=899, None),
        ("019040", 900..=909, Some(date(1940, 10, 1))),
        ("019099", 990..=999, Some(date(1999, 10, 1))),
        ("019000", 500..=509, Some(date(2000, 10, 1))),
        ("019025", 990..=999, Some(date(2025, 10, 1))),
        ("018226", 500..=509, None),
        ("018326", 500..=509, None),
    ];
    let on = date(2025, 10, 1);
    for (six, individuals, born) in rows {
        let text = number(six, individuals.clone());
        assert_eq!(
            PersonNumber::parse(&text, on).expect("valid").birth_date(on),
            born,
            "{six} {individuals:?}"
        );
    }
}

#[test]
fn a_day_of_birth_is_never_after_the_day_of_the_message() {
    let number = number("018326", 500..=509);
    let born = |on| PersonNumber::parse(&number, on).expect("valid").birth_date(on);
    assert_eq!(born(date(2026, 2, 28)), None);
    assert_eq!(born(date(2026, 3, 1)), Some(date(2026, 3, 1)));
    assert_eq!(born(date(2026, 3, 2)), Some(date(2026, 3, 1)));
}

/// Skatteetaten, «Utvidelse av D-nummerserien»: from 2021-11-17 other individual numbers than for fødselsnummer.
#[test]
fn d_numbers_have_rows_of_centuries_of_their_own() {
    let rows = [
        ("419099", 590..=599, Some(date(1899, 10, 1))),
        ("419099", 600..=609, Some(date(1999, 10, 1))),
        ("419040", 490..=499, Some(date(1940, 10, 1))),
        ("419039", 190..=199, Some(date(1939, 10, 1))),
        // given to people of either century: not told
        ("419005", 200..=209, None),
        ("419005", 490..=499, None),
        ("419005", 500..=509, Some(date(2005, 10, 1))),
        // the other century hasn't come
        ("419039", 200..=209, Some(date(1939, 10, 1))),
        ("419057", 500..=509, None),
    ];
    for (six, individuals, born) in rows {
        let number = parse(&number(six, individuals.clone()));
        assert_eq!(number.kind(), PersonNumberKind::DNummer);
        assert_eq!(number.birth_date(TODAY), born, "{six} {individuals:?}");
    }
}

/// The numbers that Skatteetaten publishes for the extension of D-numbers, all with 80 added to the month.
#[test]
fn published_synthetic_d_numbers_pass() {
    for (text, born) in [
        ("41814061033", Some(date(1940, 1, 1))),
        ("41814065640", Some(date(1940, 1, 1))),
        ("41814075603", Some(date(1940, 1, 1))),
        ("41810021827", None),
        ("41810025091", None),
        ("41810034422", None),
    ] {
        let number = parse(text);
        assert_eq!(number.birth_date(TODAY), born, "{text}");
        assert_eq!(format!("{:?}", number.series()), "Synthetic(Skatteetaten)");
    }
}

#[test]
fn the_day_must_exist_in_the_century() {
    // six digits, individual numbers, day of the message, whether it passes
    let rows = [
        ("298200", 0..=9, TODAY, false),
        ("298200", 500..=509, TODAY, true),
        ("298200", 0..=9, date(2032, 1, 1), true),
        ("298296", 0..=9, TODAY, true),
        ("298297", 0..=9, TODAY, false),
        ("298297", 0..=9, date(2032, 1, 1), false),
        ("308296", 0..=9, TODAY, false),
        ("318496", 0..=9, TODAY, false),
        ("318396", 0..=9, TODAY, true),
        ("328396", 0..=9, TODAY, false),
        ("008396", 0..=9, TODAY, false),
        ("408396", 0..=9, TODAY, false),
        ("418396", 0..=9, TODAY, true),
        ("718396", 0..=9, TODAY, true),
        ("728396", 0..=9, TODAY, false),
        ("018096", 0..=9, TODAY, false),
        ("018196", 0..=9, TODAY, true),
        ("019296", 0..=9, TODAY, true),
        ("019396", 0..=9, TODAY, false),
    ];
    for (six, individuals, on, passes) in rows {
        let heard = trouble(&number(six, individuals), on);
        let said = if passes { "passes" } else { "no day" };
        assert!(heard.contains(said), "{six} on {on}: {heard}");
    }
}

/// Numbers built as those of real people have a year and individual number here that no series covers: nobody has them.
#[test]
fn kind_and_series_are_told_by_what_is_added() {
    let rows = [
        ("010145", "FNR", "Real"),
        ("011245", "FNR", "Real"),
        ("410145", "DNR", "Real"),
        ("014145", "HNR", "Undecided"),
        ("015245", "HNR", "Undecided"),
        ("414145", "DNR", "Synthetic(Nav)"),
        ("016645", "FNR", "Synthetic(NorskHelsenett)"),
        ("017745", "FNR", "Synthetic(NorskHelsenett)"),
        ("416645", "DNR", "Synthetic(NorskHelsenett)"),
        ("018145", "FNR", "Synthetic(Skatteetaten)"),
        ("019245", "FNR", "Synthetic(Skatteetaten)"),
        ("418145", "DNR", "Synthetic(Skatteetaten)"),
        ("800000", "FHN", "Undecided"),
        ("999945", "FHN", "Undecided"),
    ];
    for (six, kind, series) in rows {
        let number = parse(&number(six, 500..=599));
        assert_eq!(
            (number.kind().id_type(), format!("{:?}", number.series()).as_str()),
            (kind, series),
            "{six}"
        );
    }
    for six in ["011345", "014045", "015345", "016545", "017845", "018045", "019345"] {
        assert!(trouble(&number(six, 500..=599), TODAY).contains("no day"), "{six}");
    }
}

#[test]
fn a_common_help_number_tells_nothing_of_the_person() {
    let number = parse(&number("839999", 0..=9));
    assert_eq!(number.kind(), PersonNumberKind::FellesHjelpenummer);
    assert_eq!((number.birth_date(TODAY), number.sex(TODAY)), (None, None));
}

#[test]
fn what_is_wrong_says_what_to_look_at() {
    let good = number("019082", 0..=9);
    let with_last = |digit: char| format!("{}{digit}", &good[..10]);
    let wrong_last = if good.ends_with('1') { with_last('2') } else { with_last('1') };
    let rows = [
        (good[..10].to_owned(), "it has 10 digits and must have 11"),
        (format!("{good}0"), "it has 12 digits and must have 11"),
        (String::new(), "it has 0 digits and must have 11"),
        (format!("{} {}", &good[..6], &good[6..]), "character 7 isn't a digit"),
        (format!("ø{}", &good[1..]), "character 1 isn't a digit"),
        (wrong_last, "its last digit doesn't fit"),
        (format!(" {good}\n"), "passes"),
    ];
    for (text, said) in rows {
        let heard = trouble(&text, TODAY);
        assert!(heard.contains(said), "{text:?}: {heard}");
    }
}

#[test]
fn a_person_number_is_shown_to_nobody_by_chance() {
    let text = number("019082", 0..=9);
    let shown = format!("{0:?} {0}", parse(&text));
    assert_eq!(shown, "PersonNumber(Fodselsnummer ***********) ***********");
    assert_eq!(parse(&text).as_str(), text);
    let duf = DufNumber::parse(&duf("2010123456")).expect("valid");
    assert_eq!(format!("{duf:?} {duf}"), "DufNumber(************) ************");
}

#[test]
fn production_refuses_synthetic_numbers_and_tests_may_require_them() {
    let tenor = number("019082", 0..=9);
    let helsenett = number("017582", 0..=9);
    // no series covers year 45 with individual numbers from 500: nobody has this number
    let real = number("011045", 500..=509);
    let help = number("015045", 500..=509);
    // type, number, what production says, what a system that takes both says, what a test system says
    let rows = [
        ("FNR", &tenor, "synthetic number (Skatteetaten)", "passes", "passes"),
        ("FNR", &helsenett, "synthetic number (Norsk helsenett)", "passes", "passes"),
        ("FNR", &real, "passes", "passes", "may be a real number"),
        ("HNR", &help, "passes", "passes", "may be a real number"),
        // an H-number sent as fødselsnummer may be one of NAV's where synthetic numbers are allowed
        ("FNR", &help, "write that as its type", "passes", "write that as its type"),
        ("DNR", &tenor, "a fødselsnummer (FNR)", "a fødselsnummer (FNR)", "a fødselsnummer (FNR)"),
    ];
    for (id_type, text, refuse, allow, require) in rows {
        for (policy, said) in [
            (SyntheticPolicy::Refuse, refuse),
            (SyntheticPolicy::Allow, allow),
            (SyntheticPolicy::Require, require),
        ] {
            let heard =
                check(id_type, text, TODAY, policy).map_or_else(|e| e.to_string(), |()| "passes".into());
            assert!(heard.contains(said), "{id_type} {policy:?}: {heard}");
        }
    }
}

#[test]
fn ids_of_which_nothing_is_known_pass() {
    for id_type in ["PNR", "LAV", "LOK", "XXX", "RSH", ""] {
        assert_eq!(check(id_type, "ORTØYA", TODAY, SyntheticPolicy::Refuse), Ok(()), "{id_type}");
    }
    assert!(check("HER", "ORTØYA", TODAY, SyntheticPolicy::Refuse).is_err());
    assert!(check("DUF", "201012345600", TODAY, SyntheticPolicy::Refuse).is_err());
}

fn organisation(eight: &str) -> Option<String> {
    let last = (11 - rest(eight, &[3, 2, 7, 6, 5, 4, 3, 2])) % 11;
    (last < 10).then(|| format!("{eight}{last}"))
}

#[test]
fn organisation_numbers_begin_with_8_or_9_and_synthetic_ones_with_2_or_3() {
    for first in 0..10 {
        let text =
            (0..10).find_map(|n| organisation(&format!("{first}123450{n}"))).expect("one has a check digit");
        let heard = OrganisationNumber::parse(&text).map(|number| number.series());
        match first {
            8 | 9 => assert_eq!(heard, Ok(Series::Real)),
            2 | 3 => assert!(matches!(heard, Ok(Series::Synthetic(_)))),
            _ => assert!(heard.is_err(), "{first}"),
        }
    }
}

#[test]
fn organisation_numbers_are_nine_digits_whose_last_fits() {
    let text = (0..10).find_map(|n| organisation(&format!("3123450{n}"))).expect("one has a check digit");
    let heard =
        |text: &str| OrganisationNumber::parse(text).map_or_else(|e| e.to_string(), |n| n.to_string());
    assert_eq!(heard(&text), text);
    assert!(heard(&text[..8]).contains("8 digits and must have 9"));
    assert!(heard(&format!("{} {}", &text[..3], &text[3..])).contains("character 4"));
    // a check digit of 10 can't be written, so that none of the ten digits fits
    let never = (0..99).map(|n| format!("312345{n:02}")).find(|eight| organisation(eight).is_none());
    let never = never.expect("about one in eleven has no check digit");
    assert!((0..10).all(|digit| heard(&format!("{never}{digit}")).contains("last digit doesn't fit")));
}

fn duf(ten: &str) -> String {
    format!("{ten}{:02}", rest(ten, &[4, 6, 3, 2, 4, 6, 3, 2, 7, 5]))
}

#[test]
fn numbers_of_registers_are_digits_of_a_sane_length() {
    let her = |text: &str| HerId::parse(text).map_or_else(|error| error.to_string(), |id| id.to_string());
    let rows = [
        ("1", "1"),
        ("8142987", "8142987"),
        (" 902 ", "902"),
        ("0902", "902"),
        ("1234567890", "1234567890"),
        ("12345678901", "it has 11 digits, and these numbers have 10 at most"),
        ("0", "it is zero"),
        ("", "it is empty"),
        ("905.12471", "character 4 isn't a digit"),
    ];
    for (text, said) in rows {
        assert!(her(text).contains(said), "{text}: {}", her(text));
    }
    assert_eq!(HprNumber::parse("009144900"), HprNumber::parse("9144900"));
    assert!(HprNumber::parse("123456789").is_ok());
    assert!(HprNumber::parse("1234567890").is_err());
}

/// The official samples have made-up people whose numbers are right, and some that are wrong on purpose.
#[test]
fn person_numbers_of_the_official_samples_pass_but_for_those_made_wrong() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/standards/plo");
    if !folder.is_dir() {
        println!("skipped: the folder with the official samples is missing");
        return;
    }
    let ids: BTreeSet<_> = ["samples", "conformance"]
        .iter()
        .flat_map(|part| xml_files(&folder.join(part)))
        .flat_map(|file| ids_of(&fs::read(file).expect("readable")))
        .filter(|(id_type, _)| ["FNR", "DNR", "HNR", "HPR"].contains(&id_type.as_str()))
        .collect();
    let wrong: BTreeSet<_> = ids
        .iter()
        .filter_map(|(id_type, id)| {
            Some((id_type.as_str(), check(id_type, id, TODAY, SyntheticPolicy::Allow).err()?))
        })
        .map(|(id_type, trouble)| format!("{id_type}: {trouble}"))
        .collect();
    let expected = [
        // an acceptance test has a D-number whose month is 40, which no kind of number has
        "DNR: its first six digits are no day: look at day and month (a D-number has 40 added to the day, an H-number 40 to the month)",
        // letters in the place of a number, and one with digits and letters
        "FNR: character 1 isn't a digit: write digits only, without spaces, dots or letters",
        "FNR: character 3 isn't a digit: write digits only, without spaces, dots or letters",
        "HNR: its check digits don't fit: a digit is wrong, or two have changed places",
        "HPR: character 1 isn't a digit: write digits only, without spaces, dots or letters",
    ];
    assert_eq!(wrong, expected.map(str::to_owned).into());
    assert!(ids.len() > 15, "only {} ids were seen", ids.len());
}

fn xml_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable").path()) {
        if entry.is_dir() {
            files.extend(xml_files(&entry));
        } else if entry.extension() == Some("xml".as_ref()) {
            files.push(entry);
        }
    }
    files
}

/// The types and ids of a document, where an `Id` stands before its `TypeId`; up to where it stops being a document.
fn ids_of(bytes: &[u8]) -> Vec<(String, String)> {
    let mut reader = quick_xml::Reader::from_reader(bytes);
    let (mut in_id, mut id, mut found) = (false, String::new(), Vec::new());
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(start) | Event::Empty(start) => {
                in_id = start.local_name().as_ref() == "Id";
                if in_id {
                    id.clear();
                }
                found.extend(id_type(&start).filter(|_| !id.is_empty()).map(|kind| (kind, id.clone())));
            }
            Event::Text(text) if in_id => id.push_str(text.trim()),
            Event::End(_) => in_id = false,
            Event::Eof => break,
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    }
    found
}

fn id_type(start: &BytesStart<'_>) -> Option<String> {
    let value = start.try_get_attribute("V").ok().flatten()?;
    (start.local_name().as_ref() == "TypeId").then(|| value.value.into_owned())
}

/// Nine digits of a synthetic number: fødselsnummer or D-number.
fn nine_digits() -> impl Strategy<Value = String> {
    (1..=28_u32, 1..=12_u32, 0..=99_u32, 0..=999_u32, prop::bool::ANY).prop_map(
        |(day, month, year, individual, d_number)| {
            let day = if d_number { day + 40 } else { day };
            format!("{day:02}{:02}{year:02}{individual:03}", month + 80)
        },
    )
}

fn changed(text: &str, at: usize, by: u8) -> String {
    let mut digits = text.as_bytes().to_vec();
    digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
    String::from_utf8(digits).expect("digits")
}

proptest! {
    #[test]
    fn a_number_with_its_check_digits_passes_and_keeps_its_digits(nine in nine_digits(), leaves in 0..=3_u32) {
        let Some(text) = completed_leaving(&nine, leaves) else { return Ok(()) };
        let on = if leaves == 0 { TODAY } else { date(2032, 1, 1) };
        let number = PersonNumber::parse(&text, on);
        prop_assert_eq!(number.as_ref().map(PersonNumber::as_str), Ok(text.as_str()));
    }

    /// All weights of the second check digit are other than 0 modulo 11, so that it alone catches one changed digit; that
    /// holds under the rule from 2032 too.
    #[test]
    fn one_changed_digit_never_passes(
        nine in nine_digits(), leaves in 0..=3_u32, at in 0..11_usize, by in 1..10_u8,
        on in prop::sample::select(vec![TODAY, date(2031, 12, 31), date(2032, 1, 1)]),
    ) {
        let Some(text) = completed_leaving(&nine, leaves) else { return Ok(()) };
        prop_assert!(PersonNumber::parse(&changed(&text, at, by), on).is_err());
    }

    /// Neighbouring weights differ, so that two neighbours that have changed places are caught as well.
    #[test]
    fn two_neighbours_that_change_places_never_pass(nine in nine_digits(), at in 0..10_usize) {
        let Some(text) = completed(&nine) else { return Ok(()) };
        let mut digits = text.clone().into_bytes();
        digits.swap(at, at + 1);
        let swapped = String::from_utf8(digits).expect("digits");
        prop_assert!(swapped == text || PersonNumber::parse(&swapped, TODAY).is_err());
    }

    #[test]
    fn organisation_numbers_catch_one_changed_digit(
        first in prop::sample::select(vec![2, 3, 8, 9]), rest in 0..10_000_000_u32, at in 0..9_usize, by in 1..10_u8,
    ) {
        let Some(text) = organisation(&format!("{first}{rest:07}")) else { return Ok(()) };
        prop_assert!(OrganisationNumber::parse(&text).is_ok());
        prop_assert!(OrganisationNumber::parse(&changed(&text, at, by)).is_err());
    }

    #[test]
    fn duf_numbers_pass_and_catch_one_changed_digit(ten in 2_000_000_000_u64..2_100_000_000, at in 0..12_usize, by in 1..10_u8) {
        let text = duf(&ten.to_string());
        prop_assert!(DufNumber::parse(&text).is_ok());
        prop_assert!(DufNumber::parse(&changed(&text, at, by)).is_err());
    }

    #[test]
    fn no_text_stops_the_reading(text in any::<String>(), id_type in prop::sample::select(vec!["FNR", "ENH", "HER", "HPR", "DUF"])) {
        let heard = check(id_type, &text, TODAY, SyntheticPolicy::Allow).map_or_else(|error| error.to_string(), |()| String::new());
        prop_assert!(text.len() < 8 || !heard.contains(&text), "an error never repeats the number");
    }
}
