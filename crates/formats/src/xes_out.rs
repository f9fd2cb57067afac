use std::{
    borrow::Borrow,
    io::{self, Write},
};

use jiff::tz::TimeZone;
use samspill_base::{CaseLog, Entry, Value};

use crate::{
    draft::{TextField, TimeField},
    written,
    xes_event::{NAME, OWN, OWN_BODY, OWN_BODY_FIELD, OWN_EMPTY, OWN_FACT, TIME},
};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
	<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
	<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
	<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
	<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
	<global scope="trace">
		<string key="concept:name" value=""/>
	</global>
	<global scope="event">
		<string key="concept:name" value=""/>
		<date key="time:timestamp" value="1970-01-01T00:00:00Z"/>
	</global>
	<classifier name="Activity" keys="concept:name"/>
"#;

/// Writes cases as XES, each as soon as it comes, with times in `zone`; says how many.
///
/// [`XesReader`](crate::XesReader) reads equal entries from it, apart from their positions. The facts of a case's first
/// entry become attributes of the trace, where other programs look for them. Characters that XML 1.0 can't say (control
/// characters but tab and line break) are written as U+FFFD: JSONL is the format that keeps everything.
pub fn write_xes<C: Borrow<CaseLog>>(
    cases: impl IntoIterator<Item = C>,
    zone: &TimeZone,
    mut out: impl Write,
) -> io::Result<u64> {
    let mut count = 0;
    out.write_all(HEAD.as_bytes())?;
    for case in cases {
        write_trace(case.borrow(), zone, &mut out)?;
        count += 1;
    }
    out.write_all(b"</log>\n")?;
    out.flush()?;
    Ok(count)
}

fn write_trace(log: &CaseLog, zone: &TimeZone, out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"\t<trace>\n")?;
    scalar(out, 2, "string", NAME, &log.case)?;
    let of_trace = |name: &str| name != NAME && !name.starts_with(OWN);
    for (name, value) in log.entries.first().into_iter().flat_map(|first| &first.facts) {
        if of_trace(name) {
            attribute(out, 2, name, value)?;
        }
    }
    for (index, entry) in log.entries.iter().enumerate() {
        out.write_all(b"\t\t<event>\n")?;
        write_event(entry, zone, out)?;
        for (name, value) in &entry.facts {
            if index > 0 || !of_trace(name) {
                attribute(out, 3, &format!("{OWN_FACT}{name}"), value)?;
            }
        }
        out.write_all(b"\t\t</event>\n")?;
    }
    out.write_all(b"\t</trace>\n")
}

fn write_event(entry: &Entry, zone: &TimeZone, out: &mut impl Write) -> io::Result<()> {
    scalar(out, 3, "string", NAME, &entry.kind)?;
    for field in TimeField::ALL {
        if let Some(instant) = field.of(entry) {
            let key = if field == TimeField::At { TIME.to_owned() } else { format!("{OWN}{}", field.name()) };
            scalar(out, 3, "date", &key, &written::instant(instant, zone))?;
        }
    }
    for field in TextField::ALL {
        if let Some(text) = field.of(entry) {
            scalar(out, 3, "string", &format!("{OWN}{}", field.name()), text)?;
        }
    }
    let Some(body) = &entry.body else { return Ok(()) };
    if body.is_empty() {
        scalar(out, 3, "boolean", OWN_BODY, "true")?;
    }
    for (name, value) in body {
        if name == NAME || name == TIME || name.starts_with(OWN) {
            attribute(out, 3, &format!("{OWN_BODY_FIELD}{name}"), value)?;
        } else {
            attribute(out, 3, name, value)?;
        }
    }
    Ok(())
}

fn attribute(out: &mut impl Write, depth: usize, key: &str, value: &Value) -> io::Result<()> {
    match value {
        Value::Text(text) => scalar(out, depth, "string", key, text),
        Value::Bool(yes) => scalar(out, depth, "boolean", key, if *yes { "true" } else { "false" }),
        Value::Number(number) => {
            let tag = if number.as_whole().is_some() { "int" } else { "float" };
            scalar(out, depth, tag, key, &number.to_string())
        }
        Value::Empty => {
            open(out, depth, "string", key, Some(""))?;
            out.write_all(b">\n")?;
            scalar(out, depth + 1, "boolean", OWN_EMPTY, "true")?;
            close(out, depth, "string")
        }
        Value::List(values) => {
            open(out, depth, "list", key, None)?;
            out.write_all(b">\n")?;
            indent(out, depth + 1)?;
            out.write_all(b"<values>\n")?;
            for value in values {
                attribute(out, depth + 2, "item", value)?;
            }
            close(out, depth + 1, "values")?;
            close(out, depth, "list")
        }
        Value::Map(fields) => {
            open(out, depth, "container", key, None)?;
            out.write_all(b">\n")?;
            for (name, value) in fields {
                attribute(out, depth + 1, name, value)?;
            }
            close(out, depth, "container")
        }
    }
}

fn scalar(out: &mut impl Write, depth: usize, tag: &str, key: &str, text: &str) -> io::Result<()> {
    open(out, depth, tag, key, Some(text))?;
    out.write_all(b"/>\n")
}

fn open(out: &mut impl Write, depth: usize, tag: &str, key: &str, text: Option<&str>) -> io::Result<()> {
    indent(out, depth)?;
    write!(out, "<{tag} key=\"")?;
    escaped(out, key)?;
    if let Some(text) = text {
        out.write_all(b"\" value=\"")?;
        escaped(out, text)?;
    }
    out.write_all(b"\"")
}

fn close(out: &mut impl Write, depth: usize, tag: &str) -> io::Result<()> {
    indent(out, depth)?;
    writeln!(out, "</{tag}>")
}

fn indent(out: &mut impl Write, depth: usize) -> io::Result<()> {
    (0..depth).try_for_each(|_| out.write_all(b"\t"))
}

/// Writes a text so that an attribute in double quotes says it, blanks included.
fn escaped(out: &mut impl Write, text: &str) -> io::Result<()> {
    let mut plain_from = 0;
    for (at, character) in text.char_indices() {
        let instead = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\t' => "&#9;",
            '\n' => "&#10;",
            '\r' => "&#13;",
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => "\u{FFFD}",
            _ => continue,
        };
        out.write_all(&text.as_bytes()[plain_from..at])?;
        out.write_all(instead.as_bytes())?;
        plain_from = at + character.len_utf8();
    }
    out.write_all(&text.as_bytes()[plain_from..])
}
