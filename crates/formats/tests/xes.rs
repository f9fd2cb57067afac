//! What is wrong in XES, and where.

mod common;

use common::{check, options};
use samspill_formats::{Format, Limits, ReadOptions};

#[track_caller]
fn check_log(log: &str, expected: &str) {
    check(log.as_bytes(), &options(Format::Xes), expected);
}

const GOOD: &str = r#"<event><string key="concept:name" value="x"/><date key="time:timestamp" value="2024-01-01T00:00:00Z"/></event>"#;

#[test]
fn bad_events_are_reported_and_the_rest_is_read() {
    check_log(
        &format!(
            r#"<log>
<trace>
  <string key="concept:name" value="a"/>
  <event><date key="time:timestamp" value="2024-01-01"/></event>
  <event>
    <string key="concept:name" value="x"/></event>
  <event><string key="concept:name" value="x"/>
     <date key="time:timestamp" value="soon"/></event>
  <event><string value="x"/></event>
  <event><string key="a" value="&nope;"/></event>
  <event><string key="a" key="b" value=""/></event>
  <event/>
  {GOOD}
</trace>
</log>"#
        ),
        r#"
        4:3 left out: the event has no concept:name: write <string key="concept:name" value="…"/>
        5:3 left out: the event has no time:timestamp…
        8:6 left out: «soon» is not a time…
        9:10 left out: the attribute has no key…
        10:10 left out: the value can't be read…&amp;
        11:10 left out: the attribute has key or value twice…
        12:3 left out: the event has no concept:name…
        1 a x
        end a
        "#,
    );
}

#[test]
fn what_is_odd_is_said_and_kept() {
    check_log(
        &format!(
            r#"<log><trace><int key="alder" value="1"/>{GOOD}<string key="late" value="1"/></trace>
<trace><string key="concept:name" value="b"/><event><string key="concept:name" value="y"/><string key="concept:name" value="x"/><date key="time:timestamp" value="2024-01-01"/></event></trace></log>"#
        ),
        "
        1:6 kept: the trace has no concept:name: it is read as case «trace 1»
        1 trace 1 x
        1:…kept: an attribute of a trace must stand before its events…
        end trace 1
        2:91 kept: «concept:name» stands in this event twice…
        2 b x
        end b
        ",
    );
}

#[test]
fn what_is_no_event_log_is_refused() {
    for (log, expected) in [
        ("", "fatal: line 1, column 1: there is no XML here…"),
        ("<html/>", "fatal: line 1, column 1: this XML is not an event log…"),
        ("<log>", "fatal: line 1, column 6: the log breaks off…"),
        ("<log><trace></log>", "end trace 1\nfatal: line 1, column 13: this is not XML…"),
        ("<!DOCTYPE log [<!ENTITY a \"aaaa\">]><log/>", "fatal: line 1, column 1: a document type…"),
        (
            "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><log/>",
            "fatal: line 1, column 1: the encoding «ISO-8859-1»…",
        ),
        ("<log/>", ""),
        ("<log/><log><trace/></log>", ""),
    ] {
        let lines = common::transcript(log.as_bytes(), &options(Format::Xes));
        let fatal = lines.lines().last().unwrap_or_default();
        let wanted = expected.lines().last().unwrap_or_default().trim_end_matches('…');
        assert!(fatal.starts_with(wanted) && fatal.is_empty() == wanted.is_empty(), "{log}: {lines}");
    }
}

#[test]
fn events_before_the_place_where_a_log_breaks_off_are_read() {
    check_log(
        &format!("<log><trace><string key=\"concept:name\" value=\"a\"/>{GOOD}<event><string key="),
        "
        1 a x
        fatal: …not XML: …
        ",
    );
}

#[test]
fn an_event_past_the_limit_is_left_out_and_the_next_is_read() {
    let long =
        format!(r#"<event><string key="a" value="{}"/><string key="b" value=""/></event>"#, "æ".repeat(150));
    let document =
        format!("<log><trace><string key=\"concept:name\" value=\"a\"/>\n{GOOD}{long}\n{GOOD}</trace></log>");
    let limits = Limits { line_bytes_max: 300, ..Limits::default() };
    check(
        document.as_bytes(),
        &ReadOptions { limits, ..options(Format::Xes) },
        "
        1 a x
        2:111 left out: the event is longer than 300 bytes…
        2 a x
        end a
        ",
    );
}

#[test]
fn depth_and_number_of_attributes_have_limits() {
    let deep = |depth: usize| {
        let (open, close) = (r#"<container key="v">"#.repeat(depth), "</container>".repeat(depth));
        GOOD.replace("</event>", &format!("{open}{close}</event>"))
    };
    let log = |event: String| {
        format!("<log><trace><string key=\"concept:name\" value=\"a\"/>{event}</trace></log>")
    };
    check_log(&log(deep(29)), "1 a x\nend a");
    check_log(&log(deep(30)), "fatal: …elements in elements deeper than 32");
    check_log(&"<log>".repeat(100_000), "fatal: …elements in elements deeper than 32");
    for (count, expected) in [(2, "1 a x\nend a"), (3, "1:…too many attributes\nend a")] {
        let limits = Limits { fields_max: 2, ..Limits::default() };
        let more = ["<int key=\"k1\" value=\"1\"/>", "<int key=\"k2\" value=\"1\"/>"][..count - 1].concat();
        let event = GOOD.replace("</event>", &format!("{more}</event>"));
        check(log(event).as_bytes(), &ReadOptions { limits, ..options(Format::Xes) }, expected);
    }
}
