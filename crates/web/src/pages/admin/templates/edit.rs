//! One template: written, saved, removed.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use samspill_service::{
    access::Action,
    templates::{
        Kept, NAME_LETTERS_MAX, TEMPLATES_MAX, TEXT_LETTERS_MAX, TemplateRow, TemplateText, TextFault,
    },
};
use serde::Deserialize;
use uuid::Uuid;

use super::{Words, keeper, offered::Offered};
use crate::{
    App, Refused,
    pages::{Choice, Frame, Tone, admin::may_own, fill, html, link, see_other},
};

/// A form that was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages::admin) struct Sent {
    navn: String,
    slag: String,
    felt: String,
    tekst: String,
    /// The version that it was made from; 0: a new one.
    utgave: u64,
}

#[derive(Template)]
#[template(path = "admin/template.html")]
struct EditPage {
    frame: Frame,
    w: &'static Words,
    title: String,
    action: String,
    /// Where the form that removes it goes; empty for one that isn't there.
    remove: String,
    version: u64,
    called: String,
    kinds: Vec<Choice>,
    fields: Vec<Choice>,
    text: String,
    text_hint: String,
    wrong: Wrong,
    changed: String,
    /// What somebody else saved in the meantime: names and texts.
    theirs: Vec<(&'static str, String)>,
}

/// What is wrong with a form, field by field; empty where nothing is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Wrong {
    name: String,
    kind: &'static str,
    field: &'static str,
    text: String,
}

/// What the page of a template is made of.
struct Desk<'a> {
    app: &'a App,
    frame: Frame,
    id: String,
    /// What is in the form.
    text: TemplateText,
    /// The version that it is made from; 0: a new one.
    version: u64,
    wrong: Wrong,
}

/// The form for a new one. It has its id already: sent twice it is written once.
pub(in crate::pages::admin) async fn begin(
    State(app): State<App>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ManageTemplates).await?;
    Desk::new(&app, frame, Uuid::new_v4(), TemplateText::default()).page(None)
}

/// The form of one.
pub(in crate::pages::admin) async fn one(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ManageTemplates).await?;
    let (parts, id) = (app.parts(), uuid(&id)?);
    let subject = &frame.signed.subject;
    let found = parts.store.template(&parts.community, &subject.party, &id.to_string()).await;
    let row = found.map_err(Refused::failed)?.ok_or(Refused::NotThere)?;
    let desk = Desk { version: row.version, ..Desk::new(&app, frame, id, TemplateText::of(&row)) };
    desk.page(Some(&row))
}

/// Saves one. Where somebody saved in between, nothing is lost: what was typed stands in the form, and what they saved beside it.
pub(in crate::pages::admin) async fn save(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
    Form(sent): Form<Sent>,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ManageTemplates).await?;
    let id = uuid(&id)?;
    let desk = Desk { version: sent.utgave, ..Desk::new(&app, frame, id, sent.text()) };
    let wrong = desk.look();
    let saved = if wrong == Wrong::default() {
        keeper(&app, &desk.frame).save(&desk.id, desk.version, &desk.text).await.map_err(Refused::failed)?
    } else {
        Kept::Unfit
    };
    match saved {
        Kept::Unfit => Desk { wrong, ..desk }.page(None),
        Kept::Done => Ok(see_other("/admin/maltekster?gjort=lagret")),
        Kept::Changed(theirs) => desk.conflict(theirs.as_ref()),
        Kept::TooMany => {
            let told = fill(desk.w().too_many, &[("n", &TEMPLATES_MAX)]);
            Desk { frame: desk.frame.clone().says(Tone::Danger, told), ..desk }.page(None)
        }
    }
}

/// Removes one. Where somebody changed it in between, it stays, and stands in the form as it is now.
pub(in crate::pages::admin) async fn remove(
    State(app): State<App>,
    Path(id): Path<String>,
    frame: Frame,
    Form(sent): Form<Sent>,
) -> Result<Response, Refused> {
    may_own(&app, &frame, Action::ManageTemplates).await?;
    let id = uuid(&id)?;
    let removed = keeper(&app, &frame).remove(&id.to_string(), sent.utgave).await;
    match removed.map_err(Refused::failed)? {
        Kept::Changed(Some(row)) => {
            let told = Words::of(frame.language()).not_removed;
            let text = TemplateText::of(&row);
            let desk = Desk::new(&app, frame.says(Tone::Warning, told), id, text);
            Ok(in_conflict(Desk { version: row.version, ..desk }.page(Some(&row))?))
        }
        Kept::Done | Kept::Changed(None) | Kept::TooMany | Kept::Unfit => {
            Ok(see_other("/admin/maltekster?gjort=fjernet"))
        }
    }
}

impl Sent {
    /// What the template is to say, with line ends as they are kept.
    fn text(&self) -> TemplateText {
        TemplateText {
            name: self.navn.trim().to_owned(),
            kind: self.slag.clone(),
            field: self.felt.clone(),
            text: self.tekst.replace("\r\n", "\n").trim().to_owned(),
        }
    }
}

impl<'a> Desk<'a> {
    fn new(app: &'a App, frame: Frame, id: Uuid, text: TemplateText) -> Self {
        Self { app, frame, id: id.to_string(), text, version: 0, wrong: Wrong::default() }
    }

    fn w(&self) -> &'static Words {
        Words::of(self.frame.language())
    }

    /// What is wrong with what was typed.
    fn look(&self) -> Wrong {
        let (w, on, text) = (self.w(), self.frame.clock().today(), &self.text);
        let offered = Offered::of(self.app, &self.frame);
        let has_kind = offered.has_kind(&text.kind);
        let told = |fault: Result<(), TextFault>, empty: &str, letters: usize| match fault {
            Ok(()) => String::new(),
            Err(TextFault::Empty) => empty.to_owned(),
            Err(TextFault::TooLong) => fill(w.too_long, &[("n", &letters)]),
            Err(TextFault::Person) => w.person.to_owned(),
        };
        let (name, said) = text.check(on);
        Wrong {
            name: told(name, w.no_name, NAME_LETTERS_MAX),
            text: told(said, w.no_text, TEXT_LETTERS_MAX),
            kind: if has_kind { "" } else { w.bad_kind },
            field: if !has_kind || offered.has_field(&text.kind, &text.field) { "" } else { w.bad_field },
        }
    }

    /// The form; of one that is kept, who wrote it last.
    fn page(self, kept: Option<&TemplateRow>) -> Result<Response, Refused> {
        html(&self.made(kept))
    }

    fn made(self, kept: Option<&TemplateRow>) -> EditPage {
        let (w, clock) = (self.w(), self.frame.clock());
        let offered = Offered::of(self.app, &self.frame);
        let changed =
            kept.map(|row| fill(w.changed_by, &[("time", &clock.instant(row.changed)), ("name", &row.by)]));
        let is_new = self.version == 0;
        let action = link::path(&["admin", "maltekster", &self.id]);
        let TemplateText { name, kind, field, text } = self.text;
        EditPage {
            title: if is_new || name.is_empty() { w.new.to_owned() } else { name.clone() },
            remove: if is_new { String::new() } else { format!("{action}/fjern") },
            action,
            version: self.version,
            kinds: offered.kinds(&kind),
            fields: offered.fields(&kind, &field),
            called: name,
            text,
            text_hint: fill(w.text_hint, &[("n", &TEXT_LETTERS_MAX)]),
            wrong: self.wrong,
            changed: changed.unwrap_or_default(),
            theirs: Vec::new(),
            frame: self.frame.titled(w.title),
            w,
        }
    }

    /// The form with what wasn't saved, and beside it what somebody else saved. Sent again it goes in the place of theirs.
    fn conflict(self, theirs: Option<&TemplateRow>) -> Result<Response, Refused> {
        let w = self.w();
        let told = if theirs.is_some() { w.was_changed } else { w.was_removed };
        let shown = theirs.map(|row| self.shown(row)).unwrap_or_default();
        let version = theirs.map_or(0, |row| row.version);
        let desk = Self { frame: self.frame.clone().says(Tone::Warning, told), version, ..self };
        Ok(in_conflict(html(&EditPage { theirs: shown, ..desk.made(theirs) })?))
    }

    /// What a template says, name by name.
    fn shown(&self, row: &TemplateRow) -> Vec<(&'static str, String)> {
        let (w, offered) = (self.w(), Offered::of(self.app, &self.frame));
        vec![
            (w.name, row.name.clone()),
            (w.kind, offered.kind_name(&row.kind)),
            (w.field, offered.field_name(&row.kind, &row.field)),
            (w.text, row.text.clone()),
        ]
    }
}

fn in_conflict(mut page: Response) -> Response {
    *page.status_mut() = StatusCode::CONFLICT;
    page
}

/// An id as forms give it. Under another there is nothing.
fn uuid(id: &str) -> Result<Uuid, Refused> {
    Uuid::parse_str(id).map_err(|_| Refused::NotThere)
}
