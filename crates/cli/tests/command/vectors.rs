//! The stays that an oracle apart from the project has read: every duty, limit, day and amount must agree.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use serde_json::{Value, json};

use crate::support::{file, json_lines, reference, samspill, stdout};

/// A stay as entries of a log, one JSON object a line.
fn as_log(stay: &Value) -> String {
    let mut entries: Vec<Value> = stay["entries"].as_array().expect("entries").clone();
    if let Some(readmitted) = stay.get("readmitted") {
        entries
            .push(json!({ "kind": "reinnlagt", "at": readmitted["at"], "problem": readmitted["problem"] }));
    }
    let mut lines = String::new();
    for (place, entry) in entries.iter().enumerate() {
        let mut line = json!({ "case": stay["case"], "kind": entry["kind"], "at": entry["at"] });
        if let Some(received) = entry.get("received") {
            line["received"] = received.clone();
        }
        let said: serde_json::Map<String, Value> = ["svar", "fra", "problem"]
            .iter()
            .filter_map(|field| Some(((*field).to_owned(), entry.get(*field)?.clone())))
            .collect();
        if !said.is_empty() {
            line["body"] = Value::Object(said);
        }
        if place == 0 {
            line["facts"] = stay["facts"].clone();
            line["facts"]["agreement"] = stay["agreement"].clone();
            line["as_of"] = stay["as_of"].clone();
        }
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    lines
}

#[derive(Debug, PartialEq)]
struct Outcome {
    duties: Vec<(String, String, String, String, Option<String>)>,
    days: Vec<String>,
    amount_ore: i64,
    contestable: bool,
    void: BTreeSet<String>,
    waived: Option<String>,
}

/// The minute of a time, with its offset: the oracle writes no seconds.
fn minute(time: &Value) -> Option<String> {
    let time = time.as_str()?;
    Some(if time.len() > 22 { format!("{}{}", &time[..16], &time[19..]) } else { time.to_owned() })
}

fn expected(stay: &Value) -> Outcome {
    let expect = &stay["expect"];
    let duties = expect["duties"].as_array().expect("duties").iter();
    Outcome {
        duties: duties
            .map(|duty| {
                let text = |name: &str| duty[name].as_str().unwrap_or_default().to_owned();
                (text("duty"), text("triggered"), text("due"), text("status"), minute(&duty["fulfilled"]))
            })
            .collect(),
        days: expect["payable"]
            .as_array()
            .expect("days")
            .iter()
            .map(|day| day.as_str().unwrap_or_default().to_owned())
            .collect(),
        amount_ore: expect["amount_nok"].as_i64().expect("amount") * 100,
        contestable: expect["contestable"].as_bool().expect("contestable"),
        void: expect.get("void").and_then(Value::as_array).into_iter().flatten().filter_map(minute).collect(),
        waived: expect.get("waived").and_then(Value::as_str).map(str::to_owned),
    }
}

fn found(report: &Value, oracle_reports: &[&str]) -> Outcome {
    let duties = report["duties"].as_array().expect("duties").iter();
    let meters = report["meters"].as_array().expect("meters");
    let meter = meters.iter().find(|meter| meter["meter"] == "betalingsdogn");
    let days = meter.and_then(|meter| meter["days"].as_array()).into_iter().flatten();
    let counted: Vec<&Value> = days.filter(|day| day["status"] != "not payable").collect();
    let waived: Vec<&str> = meter
        .and_then(|meter| meter["waived"].as_array())
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    Outcome {
        duties: duties
            .filter(|duty| oracle_reports.iter().any(|id| duty["duty"] == **id))
            .map(|duty| {
                let time = |name: &str| minute(&duty[name]).unwrap_or_default();
                let text = |name: &str| duty[name].as_str().unwrap_or_default().to_owned();
                (text("duty"), time("triggered"), time("due"), text("status"), minute(&duty["fulfilled"]))
            })
            .collect(),
        days: counted.iter().map(|day| day["date"].as_str().unwrap_or_default().to_owned()).collect(),
        amount_ore: meter.and_then(|meter| meter["amount_ore"].as_i64()).unwrap_or_default(),
        contestable: counted.iter().any(|day| day["status"] == "contestable"),
        void: report["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .filter(|finding| finding["effect"] == "void" && finding["entry"]["kind"] == "utskrivningsklar")
            .filter_map(|finding| minute(&finding["at"]).map(|at| at[..16].to_owned()))
            .collect(),
        // The oracle names one reason; where both hold, it names the readmission.
        waived: waived.iter().max_by_key(|id| **id == "reinnleggelse").map(|id| (*id).to_owned()),
    }
}

#[test]
fn every_stay_reads_as_the_oracle_read_it() {
    let Some(stays) = reference("vectors/stays.jsonl") else { return };
    let stays: Vec<Value> = json_lines(&fs::read_to_string(stays).expect("readable"));
    let (_folder, log) = file("stays.jsonl", &stays.iter().map(as_log).collect::<String>());
    let unn = "agreements/troms-og-ofoten/unn";
    let hmr = "agreements/more-og-romsdal/hmr/2021-01-01";
    let log = log.display().to_string();
    let run = samspill(["check", "--format", "json", &log, "--agreement", unn, "--agreement", hmr]).success();
    let reports: BTreeMap<String, Value> = json_lines(&stdout(&run))
        .into_iter()
        .map(|report| (report["case"].as_str().unwrap_or_default().to_owned(), report))
        .collect();
    assert_eq!(reports.len(), stays.len(), "a report for each stay");
    let oracle_reports = ["innleggelsesrapport", "tidligmelding", "svar-utskrivningsklar"];
    for stay in &stays {
        let case = stay["case"].as_str().expect("a name");
        assert_eq!(found(&reports[case], &oracle_reports), expected(stay), "{case}");
    }
}
