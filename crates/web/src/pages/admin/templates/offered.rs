//! What a template can be for: the kinds that one's own party writes, and their fields for free text.

use samspill_agreement::model::{Agreement, Kind, Language, Version};
use samspill_service::{
    casework::{TextField, text_fields},
    exchange::meaning::Address,
};

use super::Words;
use crate::{
    App,
    pages::{Choice, Frame},
};

/// The kinds, by the agreements of the community as they are now.
pub(super) struct Offered {
    kinds: Vec<KindOffered>,
    language: Language,
    w: &'static Words,
}

struct KindOffered {
    id: String,
    name: String,
    fields: Vec<TextField>,
}

impl Offered {
    pub(super) fn of(app: &App, frame: &Frame) -> Self {
        let language = frame.language();
        let role = app.book().find(&frame.signed.subject.party).map(Address::role_id);
        let versions = app.parts().projections.agreements().all().iter().map(Agreement::newest);
        let mut kinds: Vec<KindOffered> = Vec::new();
        for kind in role.into_iter().flat_map(|role| versions.clone().flat_map(move |it| own(app, it, role)))
        {
            if !kinds.iter().any(|known| known.id == kind.0.id.as_str()) {
                let name = kind.0.name.in_language(language).to_owned();
                kinds.push(KindOffered { id: kind.0.id.to_string(), name, fields: kind.1 });
            }
        }
        kinds.sort_by(|one, other| one.name.cmp(&other.name));
        Self { kinds, language, w: Words::of(language) }
    }

    /// Whether the party writes this kind; none named: any.
    pub(super) fn has_kind(&self, kind: &str) -> bool {
        kind.is_empty() || self.kinds.iter().any(|it| it.id == kind)
    }

    /// Whether a form for this kind has this field; for any kind: whether some form has.
    pub(super) fn has_field(&self, kind: &str, field: &str) -> bool {
        let of = self.kinds.iter().filter(|it| kind.is_empty() || it.id == kind);
        of.flat_map(|it| &it.fields).any(|it| it.name == field)
    }

    /// What a kind is called. One that the agreements don't know any more is called by its id.
    pub(super) fn kind_name(&self, kind: &str) -> String {
        let found = self.kinds.iter().find(|it| it.id == kind).map(|it| it.name.clone());
        if kind.is_empty() { self.w.any_kind.to_owned() } else { found.unwrap_or_else(|| kind.to_owned()) }
    }

    /// What a field is called: by its kind, or else by the first that has it.
    pub(super) fn field_name(&self, kind: &str, field: &str) -> String {
        let own = self.kinds.iter().filter(|it| it.id == kind);
        let found = own.chain(&self.kinds).flat_map(|it| &it.fields).find(|it| it.name == field);
        found.map_or(field, |it| it.label.in_language(self.language)).to_owned()
    }

    /// The kinds to choose from.
    pub(super) fn kinds(&self, chosen: &str) -> Vec<Choice> {
        let known = self.kinds.iter().map(|it| (it.id.clone(), it.name.clone()));
        let all = std::iter::once((String::new(), self.w.any_kind.to_owned())).chain(known);
        self.with_chosen(all.collect(), chosen)
    }

    /// The fields to choose from, of all kinds, each once.
    pub(super) fn fields(&self, kind: &str, chosen: &str) -> Vec<Choice> {
        let names = self.kinds.iter().flat_map(|it| &it.fields).map(|it| it.name.clone());
        let mut all: Vec<(String, String)> =
            names.map(|name| (name.clone(), self.field_name(kind, &name))).collect();
        all.sort_by(|one, other| (&one.1, &one.0).cmp(&(&other.1, &other.0)));
        all.dedup();
        self.with_chosen(all, chosen)
    }

    /// Choices, and what was chosen where it isn't among them any more: opening a form changes nothing.
    fn with_chosen(&self, mut all: Vec<(String, String)>, chosen: &str) -> Vec<Choice> {
        if !chosen.is_empty() && !all.iter().any(|(value, _)| value == chosen) {
            all.push((chosen.to_owned(), format!("{chosen} ({})", self.w.not_any_more)));
        }
        all.into_iter().map(|(value, label)| Choice::new(value, label, chosen)).collect()
    }
}

/// The kinds of a version that this role writes in words of its own, with their fields.
fn own<'v>(app: &App, version: &'v Version, role: &str) -> Vec<(&'v Kind, Vec<TextField>)> {
    let table = &app.parts().mailroom.settings().table;
    let writes = |kind: &&Kind| kind.cancels.is_none() && kind.from.iter().any(|it| it.as_str() == role);
    let kinds = version.kinds.values().filter(writes);
    let with_fields = kinds.map(|kind| (kind, text_fields(version, kind, role, table)));
    with_fields.filter(|(_, fields)| !fields.is_empty()).collect()
}
