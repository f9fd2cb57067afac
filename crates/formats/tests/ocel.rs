//! What is wrong in OCEL, and where.

mod common;

use common::{check, options};
use samspill_formats::{Format, Limits, ReadOptions};

#[track_caller]
fn check_log(log: &str, expected: &str) {
    check(log.as_bytes(), &options(Format::Ocel), expected);
}

#[test]
fn bad_events_are_reported_and_the_rest_is_read() {
    check_log(
        r#"{"objects":[{"id":"a","type":"sak","attributes":[{"name":"n","time":"never","value":1}]}],"events":[
{"type":"x","time":"2024-01-01","relationships":[{"objectId":"a"}]},
{"type":"","time":"2024-01-01","relationships":[{"objectId":"a"}]},
{"type":"x","relationships":[{"objectId":"a"}]},
{"type":"x","time":"now","relationships":[{"objectId":"a"}]},
{"type":"x","time":"2024-01-01","relationships":{}},
{"type":"x","time":"2024-01-01","attributes":[{"value":1}]},
7,
{"type":"x","time":"2024-01-01","relationships":[{"objectId":"b"}]},
{"type":"x","time":"2024-01-01","relationships":[{"objectId":"a"},{"objectId":"a"}]}
]}"#,
        "
        1:50 kept: this attribute is passed over: «never» is not a time…
        1 a x
        3:1 left out: the event has no «type»…
        4:1 left out: the event has no «time»…
        5:20 left out: «now» is not a time…
        6:49 left out: a list should stand here, not an object
        7:47 left out: the attribute has no «name»…
        8:1 left out: an object should stand here, not a number
        2 a x
        9:1 left out: 1 events, this one first, relate to no object of type «sak»…
        ",
    );
}

#[test]
fn what_is_no_event_log_is_refused() {
    for (log, expected) in [
        ("", "fatal: line 1, column 1: it breaks off where a value should be"),
        ("[]", "fatal: line 1, column 1: an object should stand here, not a list"),
        ("{}", "fatal: line 1, column 1: this JSON is not an event log in OCEL 2.0: it has no «objects»"),
        ("{\"objects\":[],\n\"events\":[}", "fatal: line 2, column 11: «}» stands where a value should be"),
        (
            "{\"objects\":[],\"events\":{}}",
            "fatal: line 1, column 24: a list should stand here, not an object",
        ),
        ("{\"objects\":[],\"events\":[]}", ""),
        (
            "{\"objects\":[],\"events\":[]} x",
            "fatal: line 1, column 28: «x» stands where nothing more should be",
        ),
    ] {
        check_log(log, expected);
    }
}

#[test]
fn it_is_asked_which_objects_are_cases_where_that_is_unclear() {
    let log = |related: &str| {
        format!(
            r#"{{"objects":[{{"id":"a","type":"sak"}},{{"id":"b","type":"ting"}}],"events":[{{"type":"x","time":"2024-01-01","relationships":[{related}]}}]}}"#
        )
    };
    check_log(&log(r#"{"objectId":"a"}"#), "1 a x");
    let unclear = "fatal: line 1, column 1: it isn't clear which objects are the cases: say which type, one of «sak», «ting»";
    check_log(&log(r#"{"objectId":"a"},{"objectId":"b"}"#), unclear);
    check_log(&log(""), unclear);
}

#[test]
fn a_document_past_the_limit_is_refused() {
    let log = r#"{"objects":[],"events":[]}"#;
    for (limit, expected) in
        [(log.len(), ""), (log.len() - 1, "fatal: the document is larger than 25 bytes…")]
    {
        let limits = Limits { document_bytes_max: limit as u64, ..Limits::default() };
        check(log.as_bytes(), &ReadOptions { limits, ..options(Format::Ocel) }, expected);
    }
}
