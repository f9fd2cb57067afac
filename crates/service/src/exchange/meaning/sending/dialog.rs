//! What dialogue messages say.

use samspill_formats::messages::make::{DialogContent, DialogDraft, HeadDraft, RequestDraft};
use samspill_formats::messages::types::Kind;

use super::{SendError, Sending, text};
use crate::exchange::meaning::{
    corrections::message_in,
    sources::{DialogPart, Part, Source},
    table::Rule,
};

impl Sending<'_> {
    pub(super) fn dialog(&self, head: HeadDraft) -> Result<DialogDraft, SendError> {
        let beside = self.context.beside;
        let text = if self.rule.flags.is_reply { self.reply()? } else { self.words() };
        let kind = self.rule.message;
        let people = beside.care.responsible.iter().chain(&beside.people).cloned().collect();
        let content = DialogContent {
            theme: beside.theme.clone().or_else(|| self.write.theme.clone()),
            theme_text: self.write.theme_text.clone(),
            request: self.request(kind),
            text: if kind == Kind::Foresporsel { String::new() } else { text },
            units: if kind == Kind::HelsefagligDialog { beside.care.units.clone() } else { Vec::new() },
            people,
        };
        Ok(DialogDraft { head, content, files: beside.files.clone() })
    }

    /// The text that the entry has for the note.
    pub(super) fn words(&self) -> String {
        let is_note = |source: &Source| source.parts.contains(&Part::Dialog(DialogPart::Note));
        field_from(self.rule, is_note).and_then(|name| text(self.entry, name)).unwrap_or_default().to_owned()
    }

    /// What is asked for; in an answer, what was asked for, as the log has it.
    fn request(&self, kind: Kind) -> Option<RequestDraft> {
        let given = || self.context.beside.request.clone();
        let is_question = |source: &Source| source.parts.contains(&Part::Question);
        let answered = || {
            let parent = self.parent();
            self.stay
                .iter()
                .find(|it| parent.is_some() && it.id.as_deref().map(message_in) == parent.as_deref())
        };
        if !matches!(kind, Kind::Foresporsel | Kind::Svar) {
            return None;
        }
        let asked = if kind == Kind::Svar { answered() } else { Some(self.entry) };
        let words = asked.and_then(|entry| {
            let mut rules = self.context.table.rules.iter().filter(|rule| rule.write.is_some());
            let rule = rules.find(|rule| rule.kind == entry.kind).unwrap_or(self.rule);
            text(entry, field_from(rule, is_question)?)
        });
        let drafted = words.map(|words| RequestDraft {
            kind: self.write.request.clone().unwrap_or_default(),
            table: asked.and_then(|entry| self.request_table(entry.from.as_deref()?)),
            question: words.to_owned(),
            ..RequestDraft::default()
        });
        given().or(drafted)
    }

    /// The table of requests that who asks has.
    fn request_table(&self, from: &str) -> Option<String> {
        self.context.table.requests.get(&self.parties.find(from)?.role).cloned()
    }
}

/// The field that a rule takes from such a part.
fn field_from(rule: &Rule, wanted: impl Fn(&Source) -> bool) -> Option<&str> {
    let has = |(_, sources): &&(String, Vec<Source>)| sources.iter().any(&wanted);
    rule.body.iter().find(has).map(|(name, _)| name.as_str())
}
