use super::{MessageLimits, times, values};
use crate::{
    messages::{Finding, Severity, types::MessageTime},
    xml::El,
};

/// What goes along with the reading of one message.
pub(super) struct Reading<'l> {
    pub(super) limits: &'l MessageLimits,
    findings: Vec<Finding>,
    /// The elements whose text was found to be base64, by their numbers in the document.
    pub(super) base64: Vec<u32>,
}

impl<'l> Reading<'l> {
    pub(super) fn new(limits: &'l MessageLimits) -> Self {
        Self { limits, findings: Vec::new(), base64: Vec::new() }
    }

    /// What was found, and which elements hold base64.
    pub(super) fn done(self) -> (Vec<Finding>, Vec<u32>) {
        (self.findings, self.base64)
    }

    /// Tells of something. Paths and places cost time in proportion to the document, so that their number is bounded.
    pub(super) fn tell(
        &mut self,
        element: El<'_>,
        severity: Severity,
        code: &'static str,
        text: impl FnOnce() -> String,
    ) {
        let told = self.findings.len();
        if told < self.limits.findings_max {
            self.findings.push(Finding::at(element, severity, code, text()));
        } else if told == self.limits.findings_max {
            let text = format!("from here on more can't be understood: the first {told} are told");
            self.findings.push(Finding::at(element, Severity::Note, "findings-left-out", text));
        }
    }

    /// The time that an element says, in `@V` or as its text.
    pub(super) fn time(&mut self, element: El<'_>) -> MessageTime {
        let text = match element.attribute("V") {
            Some(value) => value.trim_ascii().into(),
            None => element.text(),
        };
        let value = times::parse(&text);
        if value.is_none() && !text.is_empty() {
            self.tell_of_time(element, &text);
        }
        MessageTime { text: text.into_owned(), value }
    }

    fn tell_of_time(&mut self, element: El<'_>, text: &str) {
        if times::is_time_of_day(text) {
            return self.tell(element, Severity::Warning, "time-without-date", || {
                format!(
                    "`{text}` is a time of day without its day: write date and time, as 2026-01-31T10:20:00"
                )
            });
        }
        self.tell(element, Severity::Error, "not-a-time", || {
            let shown = values::shown(text);
            format!("`{shown}` isn't a date or time: write 2026-01-31, or 2026-01-31T10:20:00 with the time")
        });
    }

    /// The time of the first element of this name in it, if there is one.
    pub(super) fn time_in(&mut self, element: El<'_>, name: &str) -> Option<MessageTime> {
        element.child(name).map(|time| self.time(time))
    }

    /// The same where a message can't do without: without text if it isn't there.
    pub(super) fn needed_time_in(&mut self, element: El<'_>, name: &str) -> MessageTime {
        self.time_in(element, name).unwrap_or_else(values::no_time)
    }

    /// What the first element of this name in it says, yes or no; none also if it can't be understood.
    pub(super) fn flag_in(&mut self, element: El<'_>, name: &str) -> Option<bool> {
        let flag = element.child(name)?;
        let text = flag.text();
        match text.as_ref() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            "" => None,
            other => {
                let shown = values::shown(other);
                self.tell(flag, Severity::Error, "not-a-boolean", || {
                    format!("`{shown}` is neither yes nor no: write true or false")
                });
                None
            }
        }
    }
}
