//! A proposal, written and checked in the browser.

use std::{borrow::Cow, sync::Arc};

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use samspill_agreement::{Diagnostic, DiagnosticSeverity, VersionSources, model::Language};
use samspill_service::{
    access::{Action, Resource},
    proposals::{Checked, Proposal, TextLine, beside, check as check_proposal, sources_of},
};
use samspill_shelf::Found;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    library::Library,
    read::{may_read, versions},
    room::Room,
    shelf::{self, KeptProposal},
    words::Words,
};
use crate::{
    App, Refused,
    pages::{Choice, Clock, Frame, Tone, fill, html, link, see_other},
};

/// Letters of a name that are kept.
const TITLE_LENGTH_MAX: usize = 200;

#[derive(Template)]
#[template(path = "agreements/proposals.html")]
struct ListPage {
    frame: Frame,
    w: &'static Words,
    address: String,
    name: String,
    proposals: Vec<Listed>,
    versions: Vec<Choice>,
    may_begin: bool,
}

struct Listed {
    href: String,
    title: String,
    author: String,
    saved: String,
}

/// What a proposal begins with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Begun {
    versjon: String,
    navn: String,
}

/// Which file is edited.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    fil: String,
    gjort: String,
}

/// A form that was sent: a file and the name of the proposal.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    navn: String,
    fil: String,
    tekst: String,
    utgave: u64,
}

#[derive(Template)]
#[template(path = "agreements/edit.html")]
struct EditPage {
    frame: Frame,
    w: &'static Words,
    address: String,
    check: String,
    back: String,
    title: String,
    saving: u64,
    files: Vec<FileLink>,
    file: String,
    text: String,
    /// What somebody else saved of the file in the meantime; none where it says the same.
    theirs: Option<String>,
    rows: usize,
    tries: Vec<(String, &'static str)>,
    remarks: Remarks,
    lines: Vec<Line>,
}

struct FileLink {
    href: String,
    name: String,
    is_current: bool,
    is_changed: bool,
    mistakes: usize,
}

struct Line {
    number: usize,
    text: String,
    remarks: Vec<String>,
}

/// What checking found: a part of the page that is also sent alone, while somebody types.
#[derive(Template)]
#[template(path = "agreements/remarks.html")]
pub(super) struct Remarks {
    w: &'static Words,
    tone: &'static str,
    sum: String,
    version: &'static str,
    rows: Vec<RemarkRow>,
}

struct RemarkRow {
    file: String,
    line: u32,
    code: &'static str,
    tone: &'static str,
    message: String,
    help: String,
}

/// The proposals to change an agreement.
pub(super) async fn list(
    State(app): State<App>,
    Extension(room): Extension<Room>,
    Path(id): Path<String>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_propose(&app, &frame).await?;
    let library = room.library(&app);
    let (language, w) = (frame.language(), Words::of(frame.language()));
    let (work, clock) = (library.work(&id).ok_or(Refused::NotThere)?, frame.clock());
    let kept = shelf::all(&app, &id).await?;
    html(&ListPage {
        w,
        address: link::path(&["avtaler", &id, "forslag"]),
        name: work.agreement.newest().name.in_language(language).to_owned(),
        proposals: kept.iter().map(|kept| listed(kept, &clock, w)).collect(),
        versions: versions(work, &work.agreement.newest().version, language),
        may_begin: work.found.is_some(),
        frame: frame.titled(w.proposals),
    })
}

/// Begins a proposal that says what a version says.
pub(super) async fn begin(
    State(app): State<App>,
    Extension(room): Extension<Room>,
    Path(id): Path<String>,
    frame: Frame,
    Form(begun): Form<Begun>,
) -> Result<Response, Refused> {
    may_propose(&app, &frame).await?;
    let library = room.library(&app);
    let found = found(&library, &id)?;
    let version = sources_of(found, &begun.versjon).ok_or(Refused::NotThere)?;
    let number = Uuid::new_v4().simple().to_string();
    let subject = &frame.signed.subject;
    let proposal = Proposal {
        title: title(&begun.navn),
        author: subject.name.clone(),
        party: subject.party.clone(),
        ..Proposal::of(number.clone(), id.clone(), version, app.now())
    };
    shelf::save(&app, &KeptProposal { proposal, version: 0 }, app.now()).await?;
    Ok(see_other(&link::path(&["avtaler", &id, "forslag", &number])))
}

/// The page on which a proposal is written.
pub(super) async fn edit(
    State(app): State<App>,
    Extension(room): Extension<Room>,
    Path((id, number)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    frame: Frame,
) -> Result<Response, Refused> {
    may_propose(&app, &frame).await?;
    let library = room.library(&app);
    let kept = shelf::one(&app, &id, &number).await?;
    let w = Words::of(frame.language());
    let frame = if asked.gjort == "lagret" { frame.says(Tone::Success, w.was_saved) } else { frame };
    edit_page(frame, found(&library, &id)?, &kept, &asked.fil)
}

/// Saves a file of a proposal. Where somebody saved in between, nothing is lost: the text stands on the page again.
pub(super) async fn save(
    State(app): State<App>,
    Extension(room): Extension<Room>,
    Path((id, number)): Path<(String, String)>,
    frame: Frame,
    Form(sent): Form<Sent>,
) -> Result<Response, Refused> {
    may_propose(&app, &frame).await?;
    let library = room.library(&app);
    let mut kept = shelf::one(&app, &id, &number).await?;
    let is_newest = kept.version == sent.utgave;
    take(&mut kept.proposal, &sent);
    kept.proposal.saved = app.now();
    let saved = if is_newest { shelf::save(&app, &kept, app.now()).await? } else { None };
    if saved.is_none() {
        let newest = shelf::one(&app, &id, &number).await?;
        return conflict(frame, found(&library, &id)?, newest, &sent);
    }
    let address = link::path(&["avtaler", &id, "forslag", &number]);
    Ok(see_other(&link::query(&address, &[("fil", &sent.fil), ("gjort", "lagret")])))
}

/// The page with the text that wasn't saved, and beside it what somebody else saved.
fn conflict(frame: Frame, found: &Found, mut newest: KeptProposal, sent: &Sent) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let theirs = newest.proposal.files.get(&sent.fil).cloned();
    take(&mut newest.proposal, sent);
    let page = page_of(frame.says(Tone::Warning, w.was_changed), found, &newest, &sent.fil)?;
    let theirs = theirs.filter(|text| *text != page.text);
    let mut response = html(&EditPage { theirs, ..page })?;
    *response.status_mut() = StatusCode::CONFLICT;
    Ok(response)
}

/// What is wrong with a text that isn't saved yet: a part of a page.
pub(super) async fn check(
    State(app): State<App>,
    Extension(room): Extension<Room>,
    Path((id, number)): Path<(String, String)>,
    frame: Frame,
    Form(sent): Form<Sent>,
) -> Result<Response, Refused> {
    may_propose(&app, &frame).await?;
    let library = room.library(&app);
    let mut kept = shelf::one(&app, &id, &number).await?;
    take(&mut kept.proposal, &sent);
    let checked = checked(&kept.proposal, found(&library, &id)?)?;
    html(&remarks(&checked, frame.language()))
}

impl Remarks {
    /// Whether anything is wrong: then the text stands open with its line numbers.
    fn has_mistakes(&self) -> bool {
        !self.rows.is_empty()
    }
}

/// Whether somebody may propose, and read what others have proposed.
pub(super) async fn may_propose(app: &App, frame: &Frame) -> Result<(), Refused> {
    may_read(app, frame).await?;
    let signed = &frame.signed;
    app.may_in(signed, signed.purpose(), Action::ProposeAgreement, Resource::Community).await.map(|_| ())
}

/// The files of an agreement of the community.
pub(super) fn found<'l>(library: &'l Arc<Library>, id: &str) -> Result<&'l Found, Refused> {
    library.work(id).and_then(|work| work.found.as_ref()).ok_or(Refused::NotThere)
}

/// Checks a proposal. One whose version is gone is as one that isn't there.
pub(super) fn checked(proposal: &Proposal, found: &Found) -> Result<Checked, Refused> {
    check_proposal(proposal, found).map_err(|error| Refused::Wrong(error.to_string()))
}

fn take(proposal: &mut Proposal, sent: &Sent) {
    proposal.set(&sent.fil, &sent.tekst);
    if !sent.navn.trim().is_empty() {
        proposal.title = title(&sent.navn);
    }
}

fn title(typed: &str) -> String {
    typed.trim().chars().filter(|letter| !letter.is_control()).take(TITLE_LENGTH_MAX).collect()
}

fn listed(kept: &KeptProposal, clock: &Clock, w: &Words) -> Listed {
    let Proposal { id, agreement, title, author, party, saved, .. } = &kept.proposal;
    Listed {
        href: link::path(&["avtaler", agreement, "forslag", id]),
        title: if title.is_empty() { w.unnamed.to_owned() } else { title.clone() },
        author: format!("{author}, {party}"),
        saved: clock.instant(*saved),
    }
}

fn edit_page(frame: Frame, found: &Found, kept: &KeptProposal, file: &str) -> Result<Response, Refused> {
    html(&page_of(frame, found, kept, file)?)
}

fn page_of(frame: Frame, found: &Found, kept: &KeptProposal, file: &str) -> Result<EditPage, Refused> {
    let (w, proposal) = (Words::of(frame.language()), &kept.proposal);
    let checked = checked(proposal, found)?;
    let base = sources_of(found, &proposal.base).ok_or(Refused::NotThere)?;
    let file = if proposal.files.contains_key(file) { file } else { usual_file(proposal) };
    let text = proposal.files.get(file).cloned().unwrap_or_default();
    let address = link::path(&["avtaler", &proposal.agreement, "forslag", &proposal.id]);
    let path = |last: &str| link::path(&["avtaler", &proposal.agreement, "forslag", &proposal.id, last]);
    let tries = [("egne", w.try_own), ("alle", w.try_all)];
    Ok(EditPage {
        theirs: None,
        check: path("sjekk"),
        back: link::path(&["avtaler", &proposal.agreement, "forslag"]),
        title: proposal.title.clone(),
        saving: kept.version,
        files: files(proposal, base, &checked.diagnostics, file, &address),
        lines: lines(file, &text, &checked.diagnostics, frame.language()),
        rows: text.lines().count().clamp(12, 40),
        tries: if checked.is_usable() {
            tries.map(|(scope, name)| (link::query(&path("prov"), &[("omfang", scope)]), name)).into()
        } else {
            Vec::new()
        },
        remarks: remarks(&checked, frame.language()),
        file: file.to_owned(),
        frame: frame.titled(w.propose).wide(),
        w,
        address,
        text,
    })
}

/// The file that holds the agreement's rules on days, as most proposals are about money; else the first.
fn usual_file(proposal: &Proposal) -> &str {
    let names = || proposal.files.keys().map(String::as_str);
    names().find(|name| name.ends_with("betaling.toml")).or_else(|| names().next()).unwrap_or_default()
}

fn files(
    proposal: &Proposal,
    base: &VersionSources,
    diagnostics: &[Diagnostic],
    current: &str,
    address: &str,
) -> Vec<FileLink> {
    let changed: Vec<&str> = proposal.changed(base).collect();
    let file = |name: &String| FileLink {
        href: link::query(address, &[("fil", name)]),
        is_current: name == current,
        is_changed: changed.contains(&name.as_str()),
        mistakes: diagnostics.iter().filter(|found| &*found.at.place.file == name).count(),
        name: name.clone(),
    };
    proposal.files.keys().map(file).collect()
}

fn lines(file: &str, text: &str, diagnostics: &[Diagnostic], language: Language) -> Vec<Line> {
    let w = Words::of(language);
    let lines = beside(file, text, diagnostics, language).into_iter();
    let line = |line: TextLine<'_>| Line {
        number: line.number,
        text: line.text.to_owned(),
        remarks: line
            .remarks
            .iter()
            .map(|remark| {
                let help =
                    remark.help.as_ref().map(|help| format!(" {}: {help}", w.instead)).unwrap_or_default();
                format!("{} {}.{help}", remark.code, remark.message)
            })
            .collect(),
    };
    lines.map(line).collect()
}

fn remarks(checked: &Checked, language: Language) -> Remarks {
    let w = Words::of(language);
    let errors = checked.errors();
    let sum = if errors == 0 { w.fine.to_owned() } else { fill(w.mistakes, &[("n", &errors)]) };
    Remarks {
        w,
        tone: if errors == 0 { "success" } else { "danger" },
        sum,
        version: if checked.is_new_version { w.new_version } else { w.same_day },
        rows: checked.diagnostics.iter().map(|found| remark(found, language)).collect(),
    }
}

fn remark(found: &Diagnostic, language: Language) -> RemarkRow {
    RemarkRow {
        file: found.at.place.file.to_string(),
        line: found.at.place.line,
        code: found.code.as_str(),
        tone: match found.severity {
            DiagnosticSeverity::Error => "danger",
            DiagnosticSeverity::Warning => "warning",
        },
        message: found.message_in(language).into_owned(),
        help: found.help_in(language).map(Cow::into_owned).unwrap_or_default(),
    }
}
