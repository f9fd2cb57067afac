//! What a right agreement becomes.

use jiff::civil::date;
use samspill_agreement::{
    SourceFile, Uses, VersionSources, load,
    model::{
        Agreement, Certainty, Condition, DoneBy, Foreknown, LastDay, Pairing, Progression, Rate, Restart,
        SetTo, StopEffect, WaiverTest, WindowEffect,
    },
};
use samspill_base::{Ore, Value};

use crate::common::{complete, entries, fjordhelse, repository, versions};

#[test]
fn the_complete_example_becomes_a_tree() {
    let agreement = fjordhelse();
    let version = agreement.newest();
    assert_eq!(version.version, "2023-06-01");
    assert_eq!(version.also_called, ["fjordhelse-2023"]);
    assert_eq!(version.parties.len(), 4, "one of them from the version it is based on");
    let rapport = version.duty("innleggelsesrapport").unwrap();
    assert_eq!(rapport.deadline.text, "24 hours");
    assert_eq!(rapport.pairing, Pairing::ByReference("svar-til".into()));
    assert_eq!(&*rapport.place.file, "agreements/fjordhelse/2023-06-01/processes/opphold.toml");
    let exceptions: Vec<&str> = rapport.exceptions.iter().map(|exception| exception.id.as_str()).collect();
    assert_eq!(exceptions, ["rapport-phv", "rapport-tvang"]);
    assert_eq!(rapport.exceptions[1].deadline, None);
    assert_eq!(version.windows[0].effect, WindowEffect::CountsFromNextOpening);
    assert!(matches!(version.checklists[0].points[0].done_by, DoneBy::Kinds(_)));
    assert_eq!(version.checklists[0].points[4].done_by, DoneBy::Reminder);
}

#[test]
fn vocabularies_bring_kinds_facts_parties_and_phases() {
    let agreement = fjordhelse();
    let version = agreement.newest();
    let innlagt = &version.kinds["innlagt"];
    assert_eq!(innlagt.sets["tvang"], SetTo::Value(Value::Bool(false)));
    assert_eq!(innlagt.sets["problem"], SetTo::Field("problem".into()));
    assert_eq!(version.kinds["utskrevet"].foreknown, Foreknown::Yes);
    assert_eq!(version.kind_called("Admission notice").unwrap().id.as_str(), "melding-om-innlagt-pasient");
    assert_eq!(version.facts["kommunalt-behov"].default, Some(Value::Bool(false)));
    assert_eq!(version.phases[1].restart, Restart::Ignored);
}

#[test]
fn a_meter_is_read_with_all_its_parts() {
    let agreement = fjordhelse();
    let meter = &agreement.newest().meters[0];
    assert_eq!(meter.rate, Rate::Dated("dognpris".into()));
    assert!(matches!(&meter.progression, Progression::Steps(steps) if steps.len() == 2));
    assert_eq!(meter.stops[0].effect, StopEffect::EndsRun);
    assert_eq!(meter.stops[0].clause, meter.clause, "without a clause of its own it has the meter's");
    assert_eq!(meter.stops[1].last, LastDay::DayBefore);
    assert_eq!(meter.stops[1].day.len(), 2);
    assert!(
        matches!(&meter.waivers[1].test, WaiverTest::IfWithin(_, _, condition) if condition != &Condition::Always)
    );
}

#[test]
fn laws_bring_values_and_holidays() {
    let agreement = fjordhelse();
    let version = agreement.newest();
    let rate = &version.values["dognpris"];
    let on = |year, month, day| rate.on(date(year, month, day)).map(|amount| amount.amount);
    assert_eq!(on(2022, 12, 31), None);
    assert_eq!(on(2023, 1, 1), Some(Ore(100_000)));
    assert_eq!(on(2023, 12, 31), Some(Ore(100_000)));
    assert_eq!(on(2024, 1, 1), Some(Ore(105_050)));
    assert_eq!(version.values["gebyr"].amounts[0].certainty, Certainty::Uncertain);
    let days = &version.calendar.days;
    assert!(!days.is_working(date(2024, 3, 28)).unwrap(), "Maundy Thursday");
    assert!(days.is_working(date(2024, 12, 24)).unwrap(), "Christmas Eve has a name only");
    assert!(!days.is_working(date(2024, 8, 15)).unwrap(), "the agreement's own holiday");
    assert!(!days.is_working(date(2021, 12, 27)).unwrap(), "in lieu of Saturday 25 December");
}

/// A law in two versions, held in memory.
struct TwoVersions;

impl Uses for TwoVersions {
    fn vocabulary(&self, _name: &str) -> Option<SourceFile> {
        None
    }

    fn law(&self, name: &str) -> Option<Vec<VersionSources>> {
        let version = |from: &str, holiday: &str, amount: &str| VersionSources {
            folder_name: from.into(),
            files: vec![SourceFile::new(
                format!("{from}.toml"),
                format!(
                    "[agreement]\nid = \"lov\"\ndocument = \"law\"\nname = \"Lov\"\nin_force = {from}\n\
                     [[holiday]]\nid = \"dagen\"\ndate = \"{holiday}\"\n\
                     [[value]]\nid = \"pris\"\nunit = \"NOK\"\nclause = \"§ 1\"\n\
                     [[value.at]]\nfrom = {from}\namount = \"{amount}\"\nsource = \"x\"\n"
                ),
            )],
        };
        (name == "lov")
            .then(|| vec![version("2020-01-01", "06-04", "2.00"), version("2010-01-01", "06-03", "1.00")])
    }
}

fn lone(text: &str, uses: &impl Uses) -> Agreement {
    let files = vec![SourceFile::new("x.toml", text)];
    let outcome = load(vec![VersionSources { folder_name: "2015-01-01".into(), files }], uses);
    assert_eq!(outcome.diagnostics, []);
    outcome.agreement.unwrap()
}

#[test]
fn the_versions_of_a_law_are_merged_by_date() {
    let text = "[agreement]\nid = \"x\"\nname = \"X\"\nin_force = 2015-01-01\nuses = [\"law:lov\"]\n";
    let agreement = lone(text, &TwoVersions);
    let version = agreement.newest();
    let amounts: Vec<Ore> = version.values["pris"].amounts.iter().map(|amount| amount.amount).collect();
    assert_eq!(amounts, [Ore(100), Ore(200)]);
    let off = |year, day| version.calendar.days.is_holiday(date(year, 6, day)).unwrap();
    assert!(off(2019, 3) && !off(2019, 4));
    assert!(!off(2020, 3) && off(2020, 4));
}

#[test]
fn an_agreement_needs_hardly_anything() {
    let agreement = lone("[agreement]\nid = \"x\"\nname = \"X\"\nin_force = 2015-01-01\n", &());
    let version = agreement.newest();
    assert_eq!((version.currency.as_str(), version.calendar.zone_name.as_str()), ("NOK", "Europe/Oslo"));
    assert!(version.duties.is_empty());
}

#[test]
fn a_stated_order_of_exceptions_goes_before_that_of_the_file() {
    let text = "[agreement]\nid = \"x\"\nname = \"X\"\nin_force = 2015-01-01\n\
        [[party]]\nid = \"a\"\n[[kind]]\nid = \"k\"\ntype = \"event\"\nfrom = \"a\"\n[[fact]]\nid = \"f\"\ntype = \"yes-no\"\n\
        [[duty]]\nid = \"d\"\nclause = \"1\"\nsays = \"s\"\nwho = \"a\"\nmust = \"k\"\nafter = \"k\"\nwithin = \"1 hour\"\n";
    let exception = |id: &str, before: &str| {
        format!(
            "[[duty.exception]]\nid = \"{id}\"\nclause = \"1\"\nsays = \"s\"\nwhen = \"f\"\nwithin = \"2 hours\"\nbefore = [{before}]\n"
        )
    };
    let text = [text, &exception("en", ""), &exception("to", "\"en\""), &exception("tre", "\"to\"")].concat();
    let agreement = lone(&text, &());
    let order: Vec<&str> =
        agreement.newest().duties[0].exceptions.iter().map(|exception| exception.id.as_str()).collect();
    assert_eq!(order, ["tre", "to", "en"]);
}

#[test]
fn the_agreements_and_laws_of_the_repository_have_no_errors() {
    let shelf = repository();
    let communities = entries(&shelf.root.join("agreements"));
    let agreements = communities.iter().flat_map(|community| entries(community));
    let folders: Vec<_> =
        agreements.chain(entries(&shelf.root.join("law"))).filter(|path| path.is_dir()).collect();
    for folder in folders {
        let outcome = load(versions(&shelf.root, &folder), &shelf);
        assert!(!outcome.has_errors(), "{}: {:#?}", folder.display(), outcome.diagnostics);
    }
}

#[test]
fn a_version_takes_over_what_it_is_based_on_and_replaces_what_it_names_again() {
    let shelf = complete();
    let text =
        "[agreement]\nid = \"ny\"\nname = \"Ny\"\nin_force = 2024-01-01\nbased_on = \"felles/2022-01-01\"\n";
    let load_with = |more: &str| {
        let files = vec![SourceFile::new("agreement.toml", format!("{text}{more}"))];
        load(vec![VersionSources { folder_name: "2024-01-01".to_owned(), files }], &shelf)
    };
    let name = |more: &str| {
        let agreement = load_with(more).agreement.expect("no mistakes");
        agreement.newest().parties["pasient"].name.nb.clone()
    };
    assert_eq!(name(""), "Pasienten");
    assert_eq!(name("[[party]]\nid = \"pasient\"\nname = \"Brukeren\"\n"), "Brukeren");
    let twice = "[[party]]\nid = \"pasient\"\nname = \"A\"\n[[party]]\nid = \"pasient\"\nname = \"B\"\n";
    assert!(load_with(twice).agreement.is_none(), "twice in its own files is a mistake");
}
