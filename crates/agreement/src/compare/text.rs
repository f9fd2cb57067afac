use super::{Comparison, FieldDifference, Match, RuleComparison, RuleSort};
use crate::{
    model::Language,
    words::{Label, label, say},
};

/// Narrower than this, two columns can't be read.
const WIDTH_MIN: usize = 40;
const GAP: &str = " │ ";

impl Comparison {
    /// Two columns, the first version to the left, wrapped to this width in letters (at least 40).
    pub fn to_text(&self, width: usize) -> String {
        let width = width.max(WIDTH_MIN);
        let column = (width - GAP.chars().count()) / 2;
        let mut text = String::new();
        row(&mut text, &self.a, &self.b, column);
        text.push_str(&format!("{}{}{}\n", "─".repeat(column), "─┼─", "─".repeat(column)));
        let mut sort = None;
        for rule in self.rules.iter().filter(|rule| !rule.is_same()) {
            if sort != Some(rule.sort) {
                sort = Some(rule.sort);
                text.push_str(&format!("\n## {}\n", rule.sort.title(self.language)));
            }
            self.rule(&mut text, rule, column);
        }
        let same: Vec<&str> =
            self.rules.iter().filter(|rule| rule.is_same()).map(|rule| rule.title.as_str()).collect();
        if !same.is_empty() {
            let label = say(self.language, "Likt i begge", "Likt i begge", "The same in both");
            text.push('\n');
            paragraph(&mut text, &format!("{label}: {}", same.join(", ")), width);
        }
        text
    }

    fn rule(&self, text: &mut String, rule: &RuleComparison, column: usize) {
        let width = 2 * column + GAP.chars().count();
        text.push('\n');
        let (ids, only) = match &rule.matched {
            Match::ById(id) => (id.clone(), None),
            Match::ByMeaning { a, b } => (format!("{a} ↔ {b}"), None),
            Match::OnlyA(id) => (id.clone(), Some(&self.a)),
            Match::OnlyB(id) => (id.clone(), Some(&self.b)),
        };
        let title = if rule.title == ids { ids } else { format!("{} ({ids})", rule.title) };
        if let Some(version) = only {
            let only = say(self.language, "bare i", "berre i", "only in");
            let says: Vec<String> = rule.differences.iter().filter_map(in_short).collect();
            let line = format!("{title}, {only} {version}: {}", says.join(" – "));
            paragraph(text, &line, width);
            return;
        }
        paragraph(text, &title, width);
        for FieldDifference { field, a, b } in &rule.differences {
            let side = |side: &Option<String>| {
                side.as_ref().map_or_else(|| "–".to_owned(), |side| format!("{field}: {side}"))
            };
            row(text, &side(a), &side(b), column);
        }
    }
}

/// Of a rule that only one version has: what it says and where it stands.
fn in_short(difference: &FieldDifference) -> Option<String> {
    let is_head = [Label::Clause, Label::Says].iter().any(|head| {
        [Language::Bokmal, Language::Nynorsk, Language::English]
            .iter()
            .any(|of| label(*head, *of) == difference.field)
    });
    is_head.then(|| difference.a.clone().or_else(|| difference.b.clone())).flatten()
}

impl RuleSort {
    /// What rules of this sort are called together: a heading.
    pub fn title(self, language: Language) -> &'static str {
        match self {
            Self::Duty => say(language, "Plikter", "Plikter", "Duties"),
            Self::Window => say(
                language,
                "Når meldinger kan sendes",
                "Når meldingar kan sendast",
                "When messages may be sent",
            ),
            Self::Requirement => say(language, "Krav", "Krav", "Requirements"),
            Self::Content => {
                say(language, "Innhold i meldinger", "Innhald i meldingar", "Contents of messages")
            }
            Self::Meter => {
                say(language, "Telling og betaling", "Teljing og betaling", "Counting and payment")
            }
            Self::Settlement => say(language, "Avregning", "Avrekning", "Settlement"),
            Self::Checklist => say(language, "Sjekklister", "Sjekklister", "Checklists"),
            Self::Hours => say(language, "Åpningstider", "Opningstider", "Open hours"),
            Self::Value => say(language, "Verdier", "Verdiar", "Values"),
        }
    }
}

/// A text over the whole width; lines after the first stand in a little.
fn paragraph(text: &mut String, of: &str, width: usize) {
    const INDENT: &str = "  ";
    text.push_str(&wrapped(of, width - INDENT.len()).join(&format!("\n{INDENT}")));
    text.push('\n');
}

/// Two texts side by side.
fn row(text: &mut String, a: &str, b: &str, column: usize) {
    let (left, right) = (wrapped(a, column), wrapped(b, column));
    for line in 0..left.len().max(right.len()) {
        let cell = |lines: &[String]| lines.get(line).cloned().unwrap_or_default();
        let (left, right) = (cell(&left), cell(&right));
        let padding = " ".repeat(column.saturating_sub(left.chars().count()));
        text.push_str(format!("{left}{padding}{GAP}{right}").trim_end());
        text.push('\n');
    }
}

/// Lines of at most this many letters, broken between words; a longer word is cut.
fn wrapped(text: &str, column: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let mut letters: Vec<char> = word.chars().collect();
        while !letters.is_empty() {
            let free = column.saturating_sub(
                lines.last().map_or(0, |line| line.chars().count() + usize::from(!line.is_empty())),
            );
            let part: Vec<char> = if letters.len() <= free {
                std::mem::take(&mut letters)
            } else if letters.len() <= column
                || free == 0
                || lines.last().is_some_and(|line| !line.is_empty())
            {
                lines.push(String::new());
                continue;
            } else {
                letters.drain(..free).collect()
            };
            if let Some(line) = lines.last_mut() {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.extend(part);
            }
        }
    }
    lines
}
