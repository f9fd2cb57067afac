//! Writes events, and of them only what may stand in the log.

use std::{
    fmt,
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use serde_json::{Map, Value};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{Layer, layer::Context, registry::LookupSpan};

use super::{
    field::{FieldForm, form_of},
    mask::{MASKED, masked},
};
use crate::config::{LibraryLogs, LogForm, LogLevel};

/// Longer texts are cut.
const TEXT_BYTES_MAX: usize = 1000;

/// Where lines go.
pub(super) type Sink = Arc<Mutex<dyn Write + Send>>;

/// Writes a line for each event.
pub(super) struct Lines {
    pub(super) sink: Sink,
    pub(super) level: LogLevel,
    pub(super) form: LogForm,
    pub(super) libraries: LibraryLogs,
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Lines {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        let most = if is_ours(metadata) { self.level.most() } else { self.level.most().min(Level::WARN) };
        *metadata.level() <= most
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id).filter(|span| is_ours(span.metadata())) else { return };
        let mut found = Found::default();
        attributes.record(&mut found);
        span.extensions_mut().insert(found);
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id).filter(|span| is_ours(span.metadata())) else { return };
        if let Some(found) = span.extensions_mut().get_mut::<Found>() {
            record.record(found);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut found = Found::default();
        for span in
            context.event_scope(event).into_iter().flat_map(tracing_subscriber::registry::Scope::from_root)
        {
            if let Some(outer) = span.extensions().get::<Found>() {
                found.add(outer);
            }
        }
        let mut own = Found::default();
        event.record(&mut own);
        if is_ours(event.metadata()) {
            found.add(&own);
            found.message = own.message;
        } else {
            found.message = self.of_library(own.message);
        }
        self.write(event.metadata(), found);
    }
}

impl Lines {
    fn of_library(&self, message: String) -> String {
        match self.libraries {
            LibraryLogs::Places => "a library warns".to_owned(),
            LibraryLogs::Texts => message,
        }
    }

    fn write(&self, metadata: &Metadata<'_>, found: Found) {
        let level = metadata.level().as_str().to_lowercase();
        let place = format!("{}:{}", metadata.target(), metadata.line().unwrap_or(0));
        let mut line = Map::new();
        line.insert("time".into(), Value::String(Timestamp::now().to_string()));
        line.insert("level".into(), Value::String(level));
        line.insert("what".into(), Value::String(cut(&masked(&found.message))));
        line.insert("at".into(), Value::String(place));
        line.extend(found.fields);
        if found.left_out > 0 {
            line.insert("left_out".into(), Value::from(found.left_out));
        }
        let text = match self.form {
            LogForm::Json => Value::Object(line).to_string(),
            LogForm::Text => as_text(&line),
        };
        let mut sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner);
        // Where the log can't be written there is nobody to tell.
        let _ = writeln!(sink, "{text}");
        let _ = sink.flush();
    }
}

/// What an event or span says, as far as it may stand in the log.
#[derive(Default)]
struct Found {
    message: String,
    fields: Map<String, Value>,
    left_out: u64,
}

impl Found {
    fn add(&mut self, other: &Self) {
        self.fields.extend(other.fields.clone());
        self.left_out += other.left_out;
    }

    fn number(&mut self, field: &Field, number: Value) {
        match form_of(field.name()) {
            Some(FieldForm::Number) => {
                let text = number.to_string();
                let value = if masked(&text) == text { number } else { Value::String(MASKED.to_owned()) };
                self.fields.insert(field.name().to_owned(), value);
            }
            // HER-ids are numbers to some.
            Some(FieldForm::HerId) => self.text(field, &number.to_string()),
            Some(FieldForm::Word | FieldForm::Hash | FieldForm::Words) | None => self.left_out += 1,
        }
    }

    fn text(&mut self, field: &Field, text: &str) {
        if field.name() == "message" {
            text.clone_into(&mut self.message);
            return;
        }
        match form_of(field.name()) {
            Some(form) if form.fits(text) => {
                self.fields.insert(field.name().to_owned(), Value::String(cut(&masked(text))));
            }
            Some(_) | None => self.left_out += 1,
        }
    }
}

impl Visit for Found {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.text(field, &value.to_string());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.number(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.number(field, value.into());
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.number(field, value.to_string().into());
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.number(field, value.to_string().into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.number(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.number(field, value.into());
    }
}

impl LogLevel {
    fn most(self) -> Level {
        match self {
            Self::Error => Level::ERROR,
            Self::Warn => Level::WARN,
            Self::Info => Level::INFO,
            Self::Debug => Level::DEBUG,
        }
    }
}

fn is_ours(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    target == "samspill" || target.starts_with("samspill_") || target.starts_with("samspill::")
}

fn cut(text: &str) -> String {
    let end = text.floor_char_boundary(TEXT_BYTES_MAX);
    if end < text.len() { format!("{}…", &text[..end]) } else { text.to_owned() }
}

/// `2026-11-22T10:00:00Z info  what happened  channel=nettverk count=2`
fn as_text(line: &Map<String, Value>) -> String {
    let plain = |value: &Value| match value {
        // Line breaks would let a value begin a line of its own.
        Value::String(text) => text.replace(|letter: char| letter.is_control(), " "),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            value.to_string()
        }
    };
    let of = |name: &str| line.get(name).map(plain).unwrap_or_default();
    let mut text = format!("{} {:<5} {}", of("time"), of("level"), of("what"));
    let fields = line.iter().filter(|(name, _)| !matches!(name.as_str(), "time" | "level" | "what"));
    fields.for_each(|(name, value)| text.push_str(&format!(" {name}={}", plain(value))));
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::logging::Hashed;

    const NUMBER: &str = "17857112345";

    fn written(form: LogForm, libraries: LibraryLogs, work: impl FnOnce()) -> String {
        let sink = Arc::new(Mutex::new(Vec::<u8>::new()));
        let lines = Lines { sink: sink.clone(), level: LogLevel::Debug, form, libraries };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), work);
        let bytes = sink.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    fn json(work: impl FnOnce()) -> Value {
        serde_json::from_str(&written(LogForm::Json, LibraryLogs::Places, work)).unwrap()
    }

    #[test]
    fn known_fields_of_the_right_form_are_written() {
        let line = json(|| {
            tracing::info!(channel = "nettverk", count = 3, from = "8000012", message_id = %Hashed::of("a-b"), "taken");
        });
        assert_eq!(line["what"], "taken");
        assert_eq!(
            (&line["channel"], &line["count"], &line["from"]),
            (&"nettverk".into(), &3.into(), &"8000012".into())
        );
        assert_eq!(line["message_id"].as_str().unwrap().len(), 13);
        assert_eq!(line["left_out"], Value::Null);
    }

    #[test]
    fn other_fields_and_forms_are_left_out_and_counted() {
        let line = json(|| {
            tracing::info!(
                patient = "Kari",
                channel = "Kari Nordmann",
                message_id = "raw-id",
                count = "tre",
                "taken"
            );
        });
        assert_eq!(line["left_out"], 4);
        assert!(!line.to_string().contains("Kari") && !line.to_string().contains("raw-id"), "{line}");
    }

    #[test]
    fn fields_of_spans_stand_in_their_events() {
        let line = json(|| {
            let span = tracing::info_span!("take", channel = "mappe", patient = "Kari");
            span.in_scope(|| tracing::info!(count = 1, "taken"));
        });
        assert_eq!(
            (&line["channel"], &line["count"], &line["left_out"]),
            (&"mappe".into(), &1.into(), &1.into())
        );
    }

    #[test]
    fn libraries_are_heard_by_their_place_alone_unless_asked() {
        let warn = || tracing::warn!(target: "fe2o3", "frame with Kari");
        assert!(!written(LogForm::Json, LibraryLogs::Places, warn).contains("Kari"));
        assert!(written(LogForm::Json, LibraryLogs::Texts, warn).contains("Kari"));
        assert_eq!(written(LogForm::Json, LibraryLogs::Texts, || tracing::info!(target: "fe2o3", "x")), "");
    }

    #[test]
    fn an_identity_number_in_any_type_of_field_is_masked() {
        let number: u64 = NUMBER.parse().unwrap();
        for line in [
            json(|| tracing::info!("stay of {NUMBER}")),
            json(|| tracing::info!(count = number, "x")),
            json(|| tracing::info!(count = i128::from(number), "x")),
            json(|| tracing::info!(count = -17_857_112_345_i64, "x")),
            json(|| tracing::info!(channel = NUMBER, "x")),
            json(|| tracing::info!(says = ?Some(NUMBER), "x")),
            json(|| tracing::info!(error = %format!("row {NUMBER}"), "x")),
            json(|| tracing::info!(case = %Hashed::of(NUMBER), "x")),
            json(|| tracing::info!(from = number, "x")),
        ] {
            assert!(!line.to_string().contains(NUMBER), "{line}");
        }
    }

    #[test]
    fn a_value_begins_no_line_of_its_own() {
        let text = written(LogForm::Text, LibraryLogs::Places, || tracing::info!(says = "a\nerror b", "x"));
        assert_eq!(text.lines().count(), 1);
    }

    proptest! {
        #[test]
        fn no_value_brings_an_identity_number_into_the_log(before in "[^0-9]{0,20}", after in "[^0-9]{0,20}") {
            prop_assume!(!before.chars().chain(after.chars()).any(char::is_numeric));
            let hostile = format!("{before}{NUMBER}{after}");
            for form in [LogForm::Json, LogForm::Text] {
                let text = written(form, LibraryLogs::Texts, || {
                    tracing::info!(says = hostile.as_str(), error = ?hostile, channel = hostile.as_str(), "{hostile}");
                    tracing::warn!(target: "tokio_postgres::query", "{hostile}");
                });
                prop_assert!(!text.contains(NUMBER), "{text}");
                prop_assert_eq!(text.lines().count(), 2);
            }
        }
    }
}
