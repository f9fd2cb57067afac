use std::{error::Error, fmt::Write};

use reqwest::StatusCode;

use super::wire::ErrorMessage;

/// Longest text of another system that is passed on, in characters.
const TEXT_CHARS_MAX: usize = 400;

/// Longest id of another system that is passed on, in characters.
const ID_CHARS_MAX: usize = 64;

/// Why the service refuses something, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    /// Status, code and request id: nothing that could come from a message. For logs and the state of the line.
    pub(super) brief: String,
    /// The same with the service's own words: for the person who sent the message.
    pub(super) says: String,
}

impl Problem {
    /// What an answer with this status and body says. A body that isn't the API's own says nothing.
    pub(super) fn of(status: StatusCode, body: &[u8]) -> Self {
        let message: ErrorMessage = serde_json::from_slice(body).unwrap_or_default();
        let brief = brief(status, &message);
        let words = words(&message);
        let says = if words.is_empty() { brief.clone() } else { format!("{words} ({brief})") };
        Self { status, brief, says }
    }

    /// What it is, for programs: `edi:http-400`.
    pub(super) fn condition(&self) -> String {
        format!("edi:http-{}", self.status.as_u16())
    }
}

fn brief(status: StatusCode, message: &ErrorMessage) -> String {
    let mut brief = format!("the message service answers {}", status.as_u16());
    if let Some(code) = message.error_code {
        write!(brief, ", code {code}").unwrap_or_default();
    }
    if let Some(id) = message.request_id.as_deref().filter(|id| !id.is_empty()) {
        write!(brief, ", request {}", clean(id, ID_CHARS_MAX)).unwrap_or_default();
    }
    brief
}

fn words(message: &ErrorMessage) -> String {
    let errors = message.validation_errors.as_deref().unwrap_or_default();
    let parts: Vec<&str> = message.error.iter().chain(errors).map(|part| part.trim()).collect();
    clean(&parts.join("; "), TEXT_CHARS_MAX)
}

/// A text of another system on one line, without signs that steer a terminal or turn the direction of writing, cut where it
/// is too long.
pub(super) fn clean(text: &str, chars_max: usize) -> String {
    let mut cleaned = String::new();
    for (count, sign) in text.chars().enumerate() {
        if count == chars_max {
            cleaned.push('…');
            break;
        }
        cleaned.push(if steers(sign) { ' ' } else { sign });
    }
    cleaned.trim().to_owned()
}

fn steers(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// What happened on the line, down to its first cause, without the address.
pub(super) fn cause(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut says = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        write!(says, ": {cause}").unwrap_or_default();
        source = cause.source();
    }
    clean(&says, TEXT_CHARS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(body: &str) -> Problem {
        Problem::of(StatusCode::BAD_REQUEST, body.as_bytes())
    }

    #[test]
    fn the_words_of_the_service_are_passed_on_with_its_request_id() {
        let body = r#"{"error":"Invalid","errorCode":1000,"validationErrors":["a","b"],"requestId":"r1"}"#;
        let found = problem(body);
        assert_eq!(found.says, "Invalid; a; b (the message service answers 400, code 1000, request r1)");
        assert_eq!(found.brief, "the message service answers 400, code 1000, request r1");
        assert_eq!(found.condition(), "edi:http-400");
    }

    #[test]
    fn a_body_that_is_not_the_services_own_says_nothing() {
        for body in ["", "<html>", "[]", r#"{"error":{}}"#] {
            assert_eq!(problem(body).says, "the message service answers 400", "{body}");
        }
    }

    #[test]
    fn a_stack_trace_is_left_out() {
        assert!(!problem(r#"{"error":"x","stackTrace":"at Secret"}"#).says.contains("Secret"));
    }

    #[test]
    fn signs_that_steer_a_terminal_become_blanks() {
        assert_eq!(clean("a\u{1b}[2Jb\r\nc\u{202e}d", 100), "a [2Jb  c d");
    }

    #[test]
    fn a_text_is_cut_after_the_longest_that_is_passed_on() {
        let count = |chars: usize| clean(&"å".repeat(chars), 4);
        assert_eq!([count(3), count(4), count(5)], ["ååå", "åååå", "åååå…"]);
    }
}
