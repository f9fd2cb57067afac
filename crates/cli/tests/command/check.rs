//! `samspill check`.

use std::io::Write;

use assert_cmd::Command;
use serde_json::Value;

use crate::support::{file, json_lines, root, samspill, stderr, stdout};

const ONE: &str = "examples/logg/ett-opphold.jsonl";

#[test]
fn a_case_is_reported_with_duties_findings_and_days() {
    let run = samspill(["check", ONE, "-a", "unn", "--format", "json"]).success();
    let reports = json_lines(&stdout(&run));
    let report = &reports[0];
    assert_eq!(
        (&report["case"], &report["agreement"], &report["version"]),
        (&"fjell-1".into(), &"unn".into(), &"2023-06-01".into())
    );
    let duties = report["duties"].as_array().expect("duties");
    let early = duties.iter().find(|duty| duty["duty"] == "tidligmelding").expect("an early notice");
    assert_eq!(early["status"], "late");
    assert_eq!(early["due"], "2024-06-04T08:30:00+02:00");
    assert_eq!(early["fulfilled"], "2024-06-04T14:45:00+02:00");
    assert_eq!(early["late_by"], "PT6H15M");
    assert_eq!(early["holder"], "sykehus");
    let meter = &report["meters"][0];
    assert_eq!((&meter["count"], &meter["amount_ore"]), (&6.into(), &3_447_000.into()));
    let contestable =
        meter["days"].as_array().expect("days").iter().filter(|day| day["status"] == "contestable");
    assert_eq!(contestable.count(), 6);
}

#[test]
fn the_summary_counts_every_case_of_every_agreement() {
    let run = samspill(["check", "examples/logg/opphold.jsonl", "-a", "unn", "-a", "hmr", "--lang", "en"])
        .success();
    let text = stdout(&run);
    assert!(text.contains("(unn): 21 cases"), "{text}");
    assert!(text.contains("(hmr): 20 cases"), "{text}");
    assert!(text.contains("svar-utskrivningsklar"), "{text}");
}

#[test]
fn csv_has_as_many_cells_in_every_row_as_in_the_head() {
    let run = samspill(["check", "examples/logg/opphold.jsonl", "-a", "unn", "-a", "hmr", "--format", "csv"])
        .success();
    let text = stdout(&run);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().expect("a head").len();
    let rows: Vec<csv::StringRecord> =
        reader.records().collect::<Result<_, _>>().expect("rows of equal length");
    assert!(rows.len() > 200, "{}", rows.len());
    assert!(rows.iter().all(|row| row.len() == columns));
}

#[test]
fn bad_lines_are_reported_and_counted_and_strict_stops_at_the_first() {
    let good = std::fs::read_to_string(root().join(ONE)).expect("the example");
    let (_folder, log) = file("logg.jsonl", &format!("{{\"case\": 1}}\n{good}not json\n"));
    let log = log.display().to_string();
    let run = samspill(["check", &log, "-a", "unn"]).success();
    assert!(stderr(&run).contains("line 1, column"), "{}", stderr(&run));
    assert!(stderr(&run).contains("2 bad lines were left out"), "{}", stderr(&run));
    assert!(stdout(&run).contains(": 1 saker"), "{}", stdout(&run));
    let strict = samspill(["check", &log, "-a", "unn", "--strict"]).code(1);
    assert!(stderr(&strict).contains("--strict"), "{}", stderr(&strict));
}

#[test]
fn a_log_is_read_from_standard_input_and_from_gzip() {
    let good = std::fs::read(root().join(ONE)).expect("the example");
    let mut command = Command::cargo_bin("samspill").expect("built");
    let run = command
        .current_dir(root())
        .args(["check", "-", "-a", "unn", "--format", "json"])
        .write_stdin(good.clone())
        .assert()
        .success();
    let from_input = stdout(&run);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("logg.jsonl.gz");
    let mut packed = flate2::write::GzEncoder::new(
        std::fs::File::create(&path).expect("made"),
        flate2::Compression::fast(),
    );
    packed.write_all(&good).expect("written");
    packed.finish().expect("written");
    let path = path.display().to_string();
    let from_gzip = stdout(&samspill(["check", &path, "-a", "unn", "--format", "json"]).success());
    assert_eq!(from_input, from_gzip);
    assert_eq!(json_lines(&from_input).len(), 1);
}

#[test]
fn traces_of_one_name_are_read_alike_from_a_file_and_from_standard_input() {
    let event = "<event><string key=\"concept:name\" value=\"innlagt\"/>\
                 <date key=\"time:timestamp\" value=\"2024-01-08T10:00:00+01:00\"/></event>";
    let trace = |events: &str| format!("<trace><string key=\"concept:name\" value=\"sak\"/>{events}</trace>");
    let log = format!("<log>{}{}{}</log>", trace(event), trace(""), trace(event));
    let (_folder, path) = file("logg.xes", &log);
    let arguments = |log: &str| {
        ["check", log, "-a", "unn", "--format", "json", "--as-of", "2024-02-01"].map(str::to_owned)
    };
    let from_file = stdout(&samspill(arguments(&path.display().to_string())).success());
    let mut command = Command::cargo_bin("samspill").expect("built");
    let run =
        command.current_dir(root()).args(arguments("-")).args(["--input", "xes"]).write_stdin(log).assert();
    assert_eq!(stdout(&run.success()), from_file);
    assert_eq!(json_lines(&from_file).len(), 3, "{from_file}");
}

#[test]
fn wrong_calls_and_missing_files_say_what_to_do() {
    for (arguments, code, says) in [
        (&["check", "nothing.jsonl", "-a", "unn"][..], 3, "nothing.jsonl"),
        (&["check", ONE, "-a", "unknown"], 2, "shipped are: hmr, unn"),
        (&["check", ONE, "-a", "docs"], 2, "holds no agreement"),
        (&["check", ONE, "-a", "unn", "--case", "nobody"], 2, "no case «nobody»"),
        (&["check", ONE, "-a", "unn", "--as-of", "yesterday"], 2, "is not a time"),
        (&["check", "examples", "-a", "unn"], 2, "is a folder"),
        (&["check", ONE, "-a", "unn", "-a", "examples/care-act-2014"], 2, "different time zones"),
        (&["check", ONE, "-a", "unn", "--columns", "case"], 2, "--columns"),
    ] {
        let run = samspill(arguments).code(code);
        assert!(stderr(&run).contains(says), "{arguments:?}: {}", stderr(&run));
    }
}

#[test]
fn an_empty_log_says_that_it_is_empty() {
    let (_folder, log) = file("logg.jsonl", "");
    let run = samspill(["check", &log.display().to_string(), "-a", "unn"]).success();
    assert!(stdout(&run).contains("ingen saker"), "{}", stdout(&run));
}

#[test]
fn a_case_that_names_no_agreement_is_told_apart() {
    let (_folder, log) =
        file("logg.jsonl", "{\"case\": \"a\", \"kind\": \"innlagt\", \"at\": \"2024-01-01T10:00\"}\n");
    let run = samspill(["check", &log.display().to_string(), "-a", "unn", "-a", "hmr"]).code(1);
    assert!(stderr(&run).contains("case «a» names no agreement"), "{}", stderr(&run));
}

#[test]
fn a_price_can_be_entered_that_has_been_decided_since() {
    let entries = "{\"case\": \"a\", \"kind\": \"innlagt\", \"at\": \"2026-02-02T10:00\", \"facts\": {\"fagomrade\": \"somatikk\", \"kommunale-tjenester\": true, \"kommunalt-behov\": true, \"tvang\": false}, \"as_of\": \"2026-03-01T12:00\"}\n\
        {\"case\": \"a\", \"kind\": \"tidligmelding\", \"at\": \"2026-02-02T12:00\"}\n\
        {\"case\": \"a\", \"kind\": \"helseopplysninger\", \"at\": \"2026-02-05T07:00\"}\n\
        {\"case\": \"a\", \"kind\": \"utskrivningsklar\", \"at\": \"2026-02-05T09:00\"}\n\
        {\"case\": \"a\", \"kind\": \"utskrevet\", \"at\": \"2026-02-08T09:00\"}\n";
    let (_folder, log) = file("logg.jsonl", entries);
    let log = log.display().to_string();
    let meter = |more: &[&str]| -> Value {
        let arguments: Vec<&str> = ["check", &log, "-a", "unn", "--format", "json"]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        json_lines(&stdout(&samspill(arguments).success()))[0]["meters"][0].clone()
    };
    let unpriced = meter(&[]);
    assert_eq!(
        (&unpriced["count"], &unpriced["amount_ore"]),
        (&2.into(), &Value::Null),
        "2026 has no price yet"
    );
    let values = "[[value]]\nid = \"dognpris\"\nname = \"Døgnpris\"\nunit = \"NOK per day\"\nclause = \"statsbudsjettet\"\n[[value.at]]\nfrom = 2026-01-01\namount = \"6200.00\"\nsource = \"test\"\n";
    let (_folder, path) = file("priser.toml", values);
    assert_eq!(meter(&["--values", &path.display().to_string()])["amount_ore"], 1_240_000);
}

#[test]
fn a_log_of_two_agreements_read_against_one_says_so() {
    let run = samspill(["check", "examples/logg/opphold.jsonl", "-a", "unn"]).success();
    assert!(stderr(&run).contains("20 of 41 cases name another agreement"), "{}", stderr(&run));
}

#[test]
fn a_value_that_nobody_uses_is_a_slip() {
    let values = "[[value]]\nid = \"dognpriss\"\nname = \"Døgnpris\"\nunit = \"NOK per day\"\nclause = \"x\"\n[[value.at]]\nfrom = 2026-01-01\namount = \"6200.00\"\nsource = \"test\"\n";
    let (_folder, path) = file("priser.toml", values);
    let run = samspill(["check", ONE, "-a", "unn", "--values", &path.display().to_string()]).code(2);
    assert!(stderr(&run).contains("no agreement has a value «dognpriss»"), "{}", stderr(&run));
}

#[test]
fn a_month_is_settled_by_its_average_over_the_cases_of_a_payer() {
    let stay = |case: &str, left: &str| {
        [("inskriven", "2019-06-03T10:00"), ("inskrivningsmeddelande", "2019-06-03T11:00"), ("underrattelse", "2019-06-05T10:00"), ("utskriven", left)]
            .map(|(kind, at)| format!("{{\"case\": \"{case}\", \"kind\": \"{kind}\", \"at\": \"{at}\", \"facts\": {{\"hemkommun\": \"Umeå\", \"behov-av-insatser\": true}}}}\n"))
            .concat()
    };
    let (_folder, log) =
        file("logg.jsonl", &(stay("a", "2019-06-15T10:00") + &stay("b", "2019-06-07T10:00")));
    let run = samspill([
        "check",
        &log.display().to_string(),
        "-a",
        "examples/lag-2017-612",
        "--as-of",
        "2019-07-10",
        "--lang",
        "en",
    ]);
    let text = stdout(&run.success());
    let line = text.lines().find(|line| line.starts_with("snitt")).expect("a settled month");
    let cells: Vec<&str> = line.split_whitespace().take(7).collect();
    assert_eq!(
        cells,
        ["snitt", "Umeå", "2019-06", "2", "12", "6", "6"],
        "ten and two days, three free each on average"
    );
}

#[test]
fn a_table_with_its_own_columns_names_the_agreement_of_each_case() {
    let rows = "Sak;Hva;Naar;Ordning\na;melding-om-innlagt-pasient;2024-06-03 10:00;unn-2023\nb;melding-om-innlagt-pasient;2024-06-03 10:00;hmr-2021\n";
    let (_folder, log) = file("logg.csv", rows);
    let columns = "case=Sak,kind=Hva,at=Naar,fact:ordning=Ordning,delimiter=;";
    let log = log.display().to_string();
    let arguments = [
        "check",
        &log,
        "-a",
        "unn",
        "-a",
        "hmr",
        "--columns",
        columns,
        "--by",
        "ordning",
        "--as-of",
        "2024-06-10",
        "--format",
        "json",
    ];
    let reports = json_lines(&stdout(&samspill(arguments).success()));
    let due = |place: usize| {
        let duties = reports[place]["duties"].as_array().expect("duties").clone();
        duties.into_iter().find(|duty| duty["duty"] == "innleggelsesrapport").expect("the report")["due"]
            .clone()
    };
    assert_eq!((&reports[0]["agreement"], due(0)), (&"unn".into(), "2024-06-04T10:00:00+02:00".into()));
    assert_eq!((&reports[1]["agreement"], due(1)), (&"hmr".into(), "2024-06-03T14:00:00+02:00".into()));
}
