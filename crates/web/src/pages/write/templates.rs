//! The party's templates, offered in the forms that have their fields.

use samspill_service::{casework::Form, templates::TemplateRow};

use super::{Room, Said, Words};
use crate::{Refused, pages::Choice};

/// The field of the form that names a template.
pub(super) const TEMPLATE: &str = "maltekst";

/// The templates that a form can take, by their names.
#[derive(Clone, Debug)]
pub(super) struct Templates(Vec<TemplateRow>);

impl Templates {
    /// Those of the writer's party for this kind, or for any, whose fields the form has.
    pub(super) async fn of(room: &Room<'_>, form: &Form) -> Result<Self, Refused> {
        let parts = room.app.parts();
        let subject = &room.frame.signed.subject;
        let mut rows =
            parts.store.templates(&parts.community, &subject.party).await.map_err(Refused::failed)?;
        rows.retain(|row| {
            (row.kind.is_empty() || row.kind == form.kind.as_str()) && form.field(&row.field).is_some()
        });
        rows.sort_by_cached_key(|row| (row.name.to_lowercase(), row.id.clone()));
        Ok(Self(rows))
    }

    /// What there is to choose from: none where the party has none for the form.
    pub(super) fn choices(&self, form: &Form, room: &Room<'_>) -> Vec<Choice> {
        let language = room.frame.language();
        let none = Choice::new("", Words::of(language).no_template, "");
        let named = self.0.iter().map(|row| {
            let field = form.field(&row.field).map_or("", |field| field.label.in_language(language));
            Choice::new(&row.id, format!("{} ({field})", row.name), "")
        });
        let all: Vec<Choice> = std::iter::once(none).chain(named).collect();
        if self.0.is_empty() { Vec::new() } else { all }
    }

    /// Puts the template that the form names into its field, after what stands there, and says so. Where none is chosen, or somebody removed
    /// it meanwhile, nothing is put anywhere.
    pub(super) fn inserted(&self, said: &mut Said, room: &Room<'_>) -> &'static str {
        let w = Words::of(room.frame.language());
        let Some(row) = self.0.iter().find(|row| row.id == said.get(TEMPLATE)) else {
            return w.choose_template;
        };
        let stands = said.field(&row.field).unwrap_or_default().trim_end();
        let text = if stands.is_empty() { row.text.clone() } else { format!("{stands}\n{}", row.text) };
        said.set_field(&row.field, text);
        w.inserted
    }
}
