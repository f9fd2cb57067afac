//! What stands around a page: who is logged in, where they can go, how it looks, and what was just done.

use std::ops::Deref;

use axum::{extract::FromRequestParts, http::request::Parts};
use jiff::{Timestamp, tz::TimeZone};
use samspill_agreement::model::Language;
use samspill_service::access::{Action, Subject};

use super::{
    assets,
    look::{LANGUAGES, Look, Theme, language_code},
    names::Names,
    undo::{self, Offered},
    words::{Clock, FrameWords, fill, role_name},
};
use crate::{App, Refused, Signed};

/// What every page has around it. Templates extend `base.html` and have a `frame`.
#[derive(Clone, Debug)]
pub struct Shell {
    /// The title of the page.
    pub title: String,
    /// The words around the page.
    pub(crate) w: &'static FrameWords,
    /// Who is logged in; nobody on the way in.
    pub person: Option<Person>,
    /// What forms bring back; empty where nobody is logged in.
    pub token: String,
    /// Where one can go.
    pub places: Vec<Place>,
    /// Said at the top of the page.
    pub notices: Vec<Notice>,
    /// What was just done and may be taken back.
    pub undo: Option<Offered>,
    /// What may be done next to what was just done: an address, and what it says.
    pub next: Option<(String, String)>,
    /// How wide the page is.
    pub width: Width,
    /// The address of the page, which forms of the frame lead back to.
    pub here: String,
    /// Stays with something that the reader hasn't read; none where that isn't known.
    pub unread: Option<usize>,
    /// Messages of the reader's party that didn't get through.
    pub astray: usize,
    look: Look,
    language: Language,
}

/// A page of somebody who is logged in. As an argument of a handler it lets nobody else in.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Who asks.
    pub signed: Signed,
    /// As of when the page is made.
    pub now: Timestamp,
    zone: TimeZone,
    shell: Shell,
}

/// Who is logged in, as the page says it.
#[derive(Clone, Debug)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Role, in the reader's language.
    pub role: &'static str,
    /// Party, and units of it.
    pub party: String,
}

/// Somewhere to go.
#[derive(Clone, Debug)]
pub struct Place {
    /// The address.
    pub href: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// Its icon: a name that the template knows.
    pub icon: &'static str,
    /// Whether the page stands there.
    pub is_current: bool,
}

/// How something is meant: shown by colour, symbol and words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Worth knowing.
    Info,
    /// It went well.
    Success,
    /// Look at this.
    Warning,
    /// Something is wrong.
    Danger,
    /// Nothing special.
    Neutral,
}

impl Tone {
    /// The word that styles know.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
            Self::Neutral => "neutral",
        }
    }
}

/// Something said at the top of a page.
#[derive(Clone, Debug)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// What is said.
    pub text: String,
}

/// How wide a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// A column that is easy to read.
    Column,
    /// All there is.
    Wide,
    /// All there is, with nothing around it: a screen on a wall.
    Wall,
}

impl Shell {
    /// What stands around a page before anybody is logged in.
    pub fn public(title: impl Into<String>, language: Language, look: Look) -> Self {
        Self {
            title: title.into(),
            w: FrameWords::of(language),
            person: None,
            token: String::new(),
            places: Vec::new(),
            notices: Vec::new(),
            undo: None,
            next: None,
            width: Width::Column,
            here: "/".to_owned(),
            unread: None,
            astray: 0,
            look,
            language,
        }
    }

    /// The reader's language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Its code.
    pub fn lang(&self) -> &'static str {
        language_code(self.language)
    }

    /// The theme, as the design system calls it.
    pub fn scheme(&self) -> &'static str {
        self.look.theme.scheme()
    }

    /// The styles of the page.
    pub fn styles(&self) -> Vec<String> {
        assets::styles()
    }

    /// The scripts of the page.
    pub fn scripts(&self) -> Vec<String> {
        assets::scripts()
    }

    /// The themes to choose from: word, name, whether it is chosen.
    pub fn themes(&self) -> Vec<(&'static str, &'static str, bool)> {
        let name = |theme| match theme {
            Theme::Auto => self.w.theme_auto,
            Theme::Light => self.w.theme_light,
            Theme::Dark => self.w.theme_dark,
        };
        Theme::ALL.map(|theme| (theme.as_str(), name(theme), theme == self.look.theme)).into()
    }

    /// The languages to choose from: code, name, whether it is chosen. Each is called what its own readers call it.
    pub fn languages(&self) -> Vec<(&'static str, &'static str, bool)> {
        let name = |language| match language {
            Language::Bokmal => "Bokmål",
            Language::Nynorsk => "Nynorsk",
            Language::English => "English",
        };
        let chosen = |language| language == self.language;
        LANGUAGES.map(|language| (language_code(language), name(language), chosen(language))).into()
    }

    /// Whether nothing stands around the page.
    pub fn is_wall(&self) -> bool {
        self.width == Width::Wall
    }

    /// The class of the page's body.
    pub fn body_class(&self) -> &'static str {
        match self.width {
            Width::Column => "s-body",
            Width::Wide => "s-body s-body-wide",
            Width::Wall => "s-body s-body-wall",
        }
    }

    /// How many are unread, in words.
    pub fn unread_words(&self) -> String {
        fill(self.w.unread, &[("n", &self.unread.unwrap_or_default())])
    }

    /// How many messages didn't get through, in words.
    pub fn astray_words(&self) -> String {
        let text = if self.astray == 1 { self.w.astray_one } else { self.w.astray };
        fill(text, &[("n", &self.astray)])
    }

    /// Up to when what was just done may be taken back, in words.
    pub fn undo_words(&self) -> String {
        let until = self.undo.as_ref().map_or("", |undo| &undo.until);
        fill(self.w.undo_until, &[("time", &until)])
    }

    /// The same, with something said at the top.
    pub fn says(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.notices.push(Notice { tone, text: text.into() });
        self
    }
}

impl Frame {
    /// The same for a page of this title.
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.shell.title = title.into();
        self
    }

    /// The same, with something said at the top.
    pub fn says(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.shell = self.shell.says(tone, text);
        self
    }

    /// The same, with what may be done next to what was just done: an address, and what it says.
    pub fn leads_on(mut self, href: String, text: impl Into<String>) -> Self {
        self.shell.next = Some((href, text.into()));
        self
    }

    /// The same in all the width there is.
    pub fn wide(mut self) -> Self {
        self.shell.width = Width::Wide;
        self
    }

    /// The same with nothing around it.
    pub fn wall(mut self) -> Self {
        self.shell.width = Width::Wall;
        self
    }

    /// The same with a count of what the reader hasn't read, and of their party's messages that didn't get through.
    async fn with_waiting(mut self, app: &App) -> Result<Self, Refused> {
        self.shell.unread = app.unread_of(&self.signed).await?;
        self.shell.astray = app.astray_seen_by(&self.signed).await?.len();
        Ok(self)
    }

    /// Whether the reader's role has this task at all.
    pub fn has_task(&self, action: Action) -> bool {
        self.signed.has_task(action, self.now)
    }

    /// Who asks.
    pub fn subject(&self) -> &Subject {
        &self.signed.subject
    }

    /// Says times to the reader.
    pub fn clock(&self) -> Clock {
        Clock::new(self.now, self.zone.clone(), self.language())
    }

    /// The zone in which days are counted.
    pub fn zone(&self) -> TimeZone {
        self.zone.clone()
    }

    /// Names of what the agreements declare, in the reader's language.
    pub fn names<'a>(&self, app: &'a App) -> Names<'a> {
        Names::new(app.parts().projections.agreements(), self.language())
    }

    fn new(app: &App, signed: Signed, look: Look, here: &str) -> Self {
        let now = app.now();
        let subject = &signed.subject;
        let language = signed.language;
        let mut shell = Shell::public("Samspill", language, look);
        shell.person = Some(person(subject, language));
        shell.token.clone_from(&signed.form_token);
        shell.places = places(&signed, shell.w, now, here);
        shell.here = without_typed(here);
        let zone = app.zone();
        Self { signed, now, zone, shell }
    }
}

impl Deref for Frame {
    type Target = Shell;

    fn deref(&self) -> &Shell {
        &self.shell
    }
}

impl FromRequestParts<App> for Frame {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let signed = Signed::from_request_parts(parts, app).await?;
        let here = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let frame = Self::new(app, signed, Look::of(&parts.headers), here);
        let mut frame = frame.with_waiting(app).await?;
        let (offered, is_undone) = undo::told(app, &frame, parts.uri.query()).await?;
        frame.shell.undo = offered;
        let undone = frame.w.undone;
        Ok(if is_undone { frame.says(Tone::Success, undone) } else { frame })
    }
}

fn person(subject: &Subject, language: Language) -> Person {
    let units = subject.units.iter().cloned().collect::<Vec<_>>().join(", ");
    let party =
        if units.is_empty() { subject.party.clone() } else { format!("{} · {units}", subject.party) };
    Person { name: subject.name.clone(), role: role_name(subject.role, language), party }
}

/// The places that a role has anything to do in, as the policy says.
fn places(signed: &Signed, w: &FrameWords, now: Timestamp, here: &str) -> Vec<Place> {
    // What is kept there is of several roles: any of it leads there.
    let kept = [Action::ManageAccounts, Action::WriteDowntime, Action::ReadAccessLog, Action::ReviewGrants];
    let admin = kept.into_iter().find(|asked| signed.has_task(*asked, now)).unwrap_or(kept[0]);
    // Who keeps what is nobody's meets it where others meet their own.
    let keeps = |usual: Action| {
        let is_keeper = signed.has_task(Action::KeepStrays, now) && !signed.has_task(usual, now);
        Some(if is_keeper { Action::KeepStrays } else { usual })
    };
    let all = [
        ("/", w.start, "start", None),
        ("/tavle", w.board, "board", Some(Action::ListStay)),
        ("/oppgaver", w.tasks, "tasks", Some(Action::ListStay)),
        ("/innboks", w.inbox, "inbox", keeps(Action::ReadMessage)),
        ("/meldinger", w.monitor, "monitor", keeps(Action::ReadMonitor)),
        ("/avtaler", w.agreements, "agreements", Some(Action::ReadAgreements)),
        ("/tall", w.figures, "figures", Some(Action::ReadFigures)),
        ("/innsyn", w.access, "access", Some(Action::ReadPatientReport)),
        ("/selvtilgang", w.take_access, "take", Some(Action::GrantSelf)),
        ("/admin", w.admin, "admin", Some(admin)),
        ("/hjelp", w.help, "help", None),
    ];
    let open = all.into_iter().filter(|(_, _, _, asks)| asks.is_none_or(|asked| signed.has_task(asked, now)));
    open.map(|(href, name, icon, _)| Place { href, name, icon, is_current: is_at(here, href) }).collect()
}

/// An address without what somebody typed to find patients: it isn't carried on into forms.
fn without_typed(here: &str) -> String {
    let Some((path, query)) = here.split_once('?') else { return here.to_owned() };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("q=")).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

fn is_at(here: &str, href: &str) -> bool {
    let path = here.split('?').next().unwrap_or(here);
    match path.strip_prefix(href) {
        Some(rest) if href == "/" => rest.is_empty(),
        Some(rest) => rest.is_empty() || rest.starts_with('/'),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_not_carried_on() {
        let cases = [
            ("/tavle", "/tavle"),
            ("/tavle?q=nordvik", "/tavle"),
            ("/tavle?vis=over&q=nordvik&fase=x", "/tavle?vis=over&fase=x"),
            ("/avtaler?queue=1", "/avtaler?queue=1"),
        ];
        for (here, kept) in cases {
            assert_eq!(without_typed(here), kept);
        }
    }

    #[test]
    fn a_place_is_current_on_its_page_and_below_it_alone() {
        let at =
            ["/tavle", "/tavle?side=2", "/tavle/strom", "/tavlen", "/"].map(|here| is_at(here, "/tavle"));
        assert_eq!(at, [true, true, true, false, false]);
        assert_eq!(["/", "/?gjort=1", "/tavle"].map(|here| is_at(here, "/")), [true, true, false]);
    }
}
