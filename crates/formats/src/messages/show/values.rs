//! What one element holds: a code, a time, a number, a flag, a text.

use super::blocks::{Rich, in_one_line};
use super::left::Left;
use super::teller::Teller;
use super::times::{Detail, in_words};
use super::{codes, labels, numbers, rich};
use crate::xml::El;

/// A coded value as written, empty where nothing was.
#[derive(Clone, Copy, Default)]
struct Coded<'d> {
    value: &'d str,
    name: &'d str,
    table: &'d str,
    original: &'d str,
    unit: &'d str,
}

impl Teller {
    /// All that an element holds that has no elements in it, or only marked-up text. Empty if it holds nothing.
    pub(super) fn value(self, element: El<'_>) -> Vec<Rich> {
        let mut left = Left::of(element);
        let coded = take_code(&mut left);
        let mut value: Vec<Rich> = self.code(element, coded).map(Rich::line).into_iter().collect();
        if rich::is_rich(element) {
            value.extend(rich::told(element));
            left.keep_attributes();
        }
        value.extend(self.held_text(element, &left.take_text()));
        let others = super::blocks::as_lines(&self.blocks(&left, ""));
        value.extend(others.into_iter().map(Rich::line));
        value.extend(self.estimate_note(element));
        value
    }

    /// The same in one line.
    pub(super) fn value_line(self, element: El<'_>) -> String {
        in_one_line(&self.value(element))
    }

    fn code(self, element: El<'_>, coded: Coded<'_>) -> Option<String> {
        if !coded.unit.is_empty() {
            let quantity = format!("{} {}", numbers::decimal(coded.value, self.language), coded.unit);
            return Some([quantity.trim(), coded.name, coded.original].join(" ").trim().to_owned());
        }
        let known = codes::known_name(element, coded.table, coded.value).filter(|_| !coded.value.is_empty());
        if let Some(meant) = codes::other_meaning(element, coded.table, coded.value, coded.name) {
            let doubt = format!("{} ({} {}: {meant})", coded.name, self.word("code"), coded.value);
            return Some(with_original(&doubt, coded.original));
        }
        let name = Some(coded.name).filter(|name| !name.is_empty()).or(known);
        match name {
            Some(name) => Some(with_original(&named(element, coded.value, name), coded.original)),
            None if coded.value.is_empty() => Some(coded.original.to_owned()).filter(|text| !text.is_empty()),
            None => Some(with_original(&self.unnamed(element, coded), coded.original)),
        }
    }

    fn unnamed(self, element: El<'_>, coded: Coded<'_>) -> String {
        if !coded.table.is_empty() {
            let table = codes::table_name(coded.table);
            return format!("{} {} {} {table}", self.word("code"), coded.value, self.word("of_table"));
        }
        self.plain_value(element, coded.value)
    }

    fn held_text(self, element: El<'_>, text: &str) -> Vec<Rich> {
        let trimmed = text.trim();
        let told = self.plain_value(element, trimmed);
        if told == trimmed { Rich::paragraphs(text) } else { vec![Rich::line(told)] }
    }

    /// A value that isn't a code: a time, flag or number where the element is known to hold one, else the text itself.
    fn plain_value(self, element: El<'_>, text: &str) -> String {
        let forms = labels::forms();
        let local = element.local();
        if forms.times.contains(local) {
            return in_words(text, Detail::Seconds, self.language).unwrap_or_else(|| text.to_owned());
        }
        if forms.numbers.contains(local) {
            return numbers::decimal(text, self.language);
        }
        match (forms.flags.contains(local), text) {
            (true, "true" | "1") => self.word("yes").to_owned(),
            (true, "false" | "0") => self.word("no").to_owned(),
            (true | false, _) => text.to_owned(),
        }
    }

    /// What to know about an estimate that can be read two ways: only where it is set, and only for the events in question.
    fn estimate_note(self, element: El<'_>) -> Option<Rich> {
        let estimate = &labels::forms().estimate;
        if element.local() != estimate.element || !matches!(element.text().as_ref(), "true" | "1") {
            return None;
        }
        let event = element.parent()?.child(&estimate.event)?.attribute("V")?.trim();
        estimate.codes.iter().any(|code| code == event).then(|| Rich::line(self.word("estimate_note")))
    }
}

fn take_code<'d>(left: &mut Left<'d>) -> Coded<'d> {
    let mut taken = |name| left.take_attribute(name).unwrap_or_default();
    Coded { value: taken("V"), name: taken("DN"), table: taken("S"), original: taken("OT"), unit: taken("U") }
}

fn with_original(name: &str, original: &str) -> String {
    if original.is_empty() || original == name { name.to_owned() } else { format!("{name}: {original}") }
}

/// A name, with its code where people know it by both.
fn named(element: El<'_>, value: &str, name: &str) -> String {
    if labels::forms().with_code.contains(element.local()) && !value.is_empty() {
        format!("{name} ({value})")
    } else {
        name.to_owned()
    }
}
