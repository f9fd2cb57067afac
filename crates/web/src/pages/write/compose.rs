//! A form for a kind of entry, its preview, and its sending.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, Query, Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use samspill_agreement::model::{Kind, KindType};
use samspill_base::{Entry, Value};
use samspill_formats::messages::make::FileDraft;
use samspill_service::{
    casework::{
        Form, LocalMoment, Plan, StayView, Typed, Warning, Way, Writing, closing_windows, correct, plan,
        read_moment, read_typed, value_text,
    },
    exchange::{
        mailroom::{Against, FormDone, FormStands},
        meaning::{Beside, message_in},
    },
};

use super::{
    Field, Room, Said, Seen, Shown, Words, beside, drafts, fields,
    files::{self, Attached},
    later::{self, Later, LaterField},
    moment::{HAPPENED, Moment, MomentField},
    rehearsed,
    said::{Wanted, new_id},
    seen::unsendable,
    templates::Templates,
};
use crate::{
    App, Refused,
    pages::{Choice, Frame, fill, html, link, see_other},
};

/// How often a plan is made anew where the stay got entries while it was made.
pub(super) const TRIES: usize = 5;

/// Bytes of a draft, its files included.
const DRAFT_BYTES_MAX: usize = 12 << 20;
/// The field that names the point of a checklist.
const POINT: &str = "punkt";

/// What the address of a form may say.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// A draft to go on with.
    kladd: String,
    /// The place of an entry that is put right.
    retter: String,
    /// The point of a checklist that somebody says is done.
    punkt: String,
    /// The downtime in which it was told by other means.
    etterpa: String,
}

#[derive(Template)]
#[template(path = "write/compose.html")]
struct FormPage {
    frame: Frame,
    w: &'static Words,
    title: String,
    lead: String,
    case: String,
    stay: String,
    action: String,
    hidden: Vec<(String, String)>,
    receivers: Vec<Choice>,
    later: Option<LaterField>,
    /// Templates to choose from.
    templates: Vec<Choice>,
    moment: Option<MomentField>,
    fields: Vec<Field>,
    facts: Vec<Field>,
    look: Vec<Shown>,
    problem: String,
    files: Vec<Attached>,
    /// Whether files can go with it: it is sent as a message.
    takes_files: bool,
}

#[derive(Template)]
#[template(path = "write/preview.html")]
struct PreviewPage {
    frame: Frame,
    w: &'static Words,
    title: String,
    case: String,
    stay: String,
    action: String,
    hidden: Vec<(String, String)>,
    done: &'static str,
    seen: Seen,
    skipped: String,
}

#[derive(Template)]
#[template(path = "write/conflict.html")]
struct ConflictPage {
    frame: Frame,
    w: &'static Words,
    case: String,
    stay: String,
    action: String,
    hidden: Vec<(String, String)>,
    news: Vec<News>,
    /// Whether what was to be put right counts no more: then it can only be written as something new.
    is_gone: bool,
}

/// What another wrote meanwhile.
struct News {
    name: String,
    from: String,
    at: String,
    says: Vec<(String, String)>,
}

/// Writing one entry.
#[derive(Clone)]
pub(super) struct Work<'w, 'a> {
    pub(super) room: &'w Room<'a>,
    pub(super) view: &'w StayView<'w>,
    pub(super) kind: &'w Kind,
    form: Form,
    carried: BTreeMap<String, Value>,
    /// What it says of how it was told in downtime; none where it is written as it happens.
    later: Option<Later>,
    templates: Templates,
    pub(super) said: Said,
    /// What the page says at its top; empty for the usual.
    pub(super) lead: String,
}

/// What is to be written.
struct Planned {
    plan: Plan,
    typed: Typed,
    /// What is said of an instant that never came; else empty.
    skipped: String,
    /// What is worth a look about its times.
    look: Vec<Warning>,
}

pub(super) async fn page(
    State(app): State<App>,
    frame: Frame,
    Path((case, kind)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let room = Room::open(&app, &frame, &case).await?;
    let view = room.view()?;
    let kind = room.kind(&view, &kind)?;
    let mut said = Said::default();
    if !asked.kladd.is_empty() {
        said = drafts::opened(&room, &asked.kladd).await?;
    }
    if !asked.etterpa.is_empty() {
        said.set(later::DOWNTIME, asked.etterpa);
    }
    let mut work = Work::new(&room, &view, kind, said).await?;
    if let Ok(position) = asked.retter.parse::<u64>() {
        work.fill_from(position)?;
    }
    if !asked.punkt.is_empty() {
        work.fill_point(&asked.punkt)?;
    }
    work.page("")
}

pub(super) async fn taken(
    State(app): State<App>,
    frame: Frame,
    Path((case, kind)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Refused> {
    let (said, problems) = files::read(&app, request, Words::of(frame.language())).await?;
    for _ in 0..TRIES {
        let room = Room::open(&app, &frame, &case).await?;
        let view = room.view()?;
        let kind = room.kind(&view, &kind)?;
        let work = Work::new(&room, &view, kind, said.clone()).await?;
        if !problems.is_empty() {
            // What could be taken is in the form by now; nothing is sent before somebody has seen what couldn't.
            return work.page(&problems.join(" "));
        }
        let answer = match work.said.wanted() {
            Wanted::Edit => Some(work.page("")?),
            Wanted::Template => Some(work.with_template()?),
            Wanted::Draft => Some(work.keep().await?),
            Wanted::Preview => Some(work.preview().await?),
            Wanted::Send => work.send().await?,
        };
        if let Some(answer) = answer {
            return Ok(answer);
        }
    }
    Err(Refused::Changed)
}

impl<'w, 'a> Work<'w, 'a> {
    pub(super) async fn new(
        room: &'w Room<'a>,
        view: &'w StayView<'w>,
        kind: &'w Kind,
        mut said: Said,
    ) -> Result<Self, Refused> {
        let carried = room.carried().await?;
        let form = Form::of(view, kind, room.role, room.table(), &carried);
        if said.get("id").is_empty() {
            said.set("id", new_id());
        }
        if said.get("seen").is_empty() {
            said.set("seen", room.last().to_string());
        }
        let later = Later::of(room, &said).await?;
        let templates = Templates::of(room, &form).await?;
        Ok(Self { room, view, kind, form, carried, later, templates, said, lead: String::new() })
    }

    fn w(&self) -> &'static Words {
        Words::of(self.room.frame.language())
    }

    fn case(&self) -> &str {
        &self.room.log.case
    }

    fn name(&self) -> String {
        self.form.name.in_language(self.room.frame.language()).to_owned()
    }

    fn action(&self) -> String {
        link::path(&["opphold", self.case(), "skriv", self.kind.id.as_str()])
    }

    /// Fills the form with what an entry said that is put right.
    fn fill_from(&mut self, position: u64) -> Result<(), Refused> {
        let old = self.old_at(position).ok_or(Refused::NotThere)?.clone();
        for (name, value) in old.body.iter().flatten().chain(&old.facts) {
            self.said.set_field(name, value_text(value));
        }
        let zoned = old.happened.to_zoned(self.view.evaluation.zone.clone());
        self.said.set("dag", zoned.date().to_string());
        self.said.set("tid", zoned.strftime("%H:%M").to_string());
        self.said.set("retter", position.to_string());
        if let Ok(LocalMoment::Twice { second, .. }) =
            read_moment(self.said.get("dag"), self.said.get("tid"), &self.view.evaluation.zone)
        {
            self.said
                .set("gang", if whole_minute(old.happened) == Some(second) { "second" } else { "first" });
        }
        Ok(())
    }

    /// Fills the form with a point that a person says is done. For one that no checklist of the agreement has there is no form.
    fn fill_point(&mut self, id: &str) -> Result<(), Refused> {
        let lists = self.view.agreement.versions.iter().rev().flat_map(|version| &version.checklists);
        let lists = lists.filter(|list| list.who.as_str() == self.room.role);
        let mut points = lists.flat_map(|list| &list.points);
        let point = points.find(|point| point.id.as_str() == id).ok_or(Refused::NotThere)?;
        if self.form.field(POINT).is_some() && self.said.field(POINT).is_none() {
            self.said.set_field(POINT, id);
            let says = point.says.in_language(self.room.frame.language());
            self.lead = format!("{says} ({})", point.clause);
        }
        Ok(())
    }

    /// The entry that is put right: of the writer's own, of this kind.
    fn old_at(&self, position: u64) -> Option<&'w Entry> {
        let counting = self.view.counting().find(|entry| entry.position.0 == position)?;
        (counting.kind == self.kind.id.as_str() && self.room.is_own(counting)).then_some(counting)
    }

    fn old(&self) -> Option<&'w Entry> {
        self.old_at(self.said.get("retter").parse().ok()?)
    }

    /// Whether it is said by a message.
    fn is_message(&self) -> bool {
        match self.form.way {
            Way::Message(_) | Way::Carried { .. } => true,
            Way::Event | Way::ByOtherMeans => false,
        }
    }

    /// Whether files can go with it: it is sent as a message.
    fn takes_files(&self) -> bool {
        self.is_message() && self.later.is_none()
    }

    fn files(&self) -> Result<Vec<FileDraft>, Refused> {
        if !self.takes_files() {
            return Ok(Vec::new());
        }
        files::drafted(&self.said, self.w(), &self.room.app.parts().mailroom.settings().limits)
    }

    /// Whether a person says when it happened.
    fn has_moment(&self) -> bool {
        match &self.form.way {
            Way::Event | Way::ByOtherMeans => true,
            Way::Message(shape) => shape.tells_event,
            Way::Carried { .. } => false,
        }
    }

    fn moment(&self) -> Moment {
        if self.has_moment() { HAPPENED.read(&self.said, &self.view.evaluation.zone) } else { Moment::Unsaid }
    }

    /// When it happened, with what is said of an instant that never came. `unsaid` where nobody said when.
    ///
    /// # Errors
    ///
    /// Where a person must say when first: the field tells why.
    fn happened(&self, unsaid: Timestamp) -> Result<(Timestamp, String), String> {
        match self.moment() {
            Moment::Unsaid => Ok((unsaid, String::new())),
            Moment::At(at) => Ok((self.to_the_second(at), String::new())),
            Moment::Skipped(at) => {
                let told = self.room.frame.clock().instant(at);
                Ok((at, fill(self.w().skipped, &[("time", &told)])))
            }
            Moment::Twice | Moment::Bad => Err(String::new()),
        }
    }

    /// When it happened, where what is put right happened in the same minute: forms have no seconds, and nobody said that these were wrong.
    fn to_the_second(&self, minute: Timestamp) -> Timestamp {
        let old = self.old().map(|old| old.happened);
        old.filter(|old| whole_minute(*old) == Some(minute)).unwrap_or(minute)
    }

    fn typed(&self) -> Typed {
        read_typed(&self.form, &self.said.fields())
    }

    /// What is to be written; else what a person must say first, empty where a field tells.
    fn plan(&self) -> Result<Result<Planned, String>, Refused> {
        let now = self.room.frame.now;
        // What was told in downtime is written as it would have been then.
        let then = match &self.later {
            Some(_) if self.is_message() => later::told_at(&self.said, self.room.frame),
            Some(_) | None => Ok(now),
        };
        let (then, (happened, skipped)) = match then.map(|then| (then, self.happened(then))) {
            Ok((then, Ok(happened))) => (then, happened),
            Ok((_, Err(problem))) => return Ok(Err(problem)),
            Err(problem) => return Ok(Err(problem.to_owned())),
        };
        let typed = self.typed();
        let (id, from, to) = (self.said.id()?, self.room.from(), self.receiver());
        let writing = Writing { now: then, ..self.room.writing(&id, &from, &to, happened) };
        let table = self.room.table();
        let new = plan(&self.form, &typed, &writing, self.view, table, &self.carried);
        if let Some(later) = &self.later {
            let planned = later.plan(new, &self.said, self.room.frame);
            return Ok(planned.map(|(plan, found)| {
                let look = later::look(&found, self.room.frame);
                Planned { plan, typed, skipped, look }
            }));
        }
        let plan = match self.old() {
            Some(old) => correct(new, old, &writing, self.view, self.room.role, table),
            None => new,
        };
        let look = Warning::of_future(happened, self.view, self.room.frame.language());
        Ok(Ok(Planned { plan, typed, skipped, look: look.into_iter().collect() }))
    }

    fn receivers(&self) -> Vec<Choice> {
        if self.kind.kind_type == KindType::Event {
            return Vec::new();
        }
        self.room.receivers(self.kind, self.said.get("til"))
    }

    fn receiver(&self) -> String {
        self.receivers()
            .into_iter()
            .find(|choice| choice.selected)
            .map(|choice| choice.value)
            .unwrap_or_default()
    }

    /// The form, with what is worth a look before anything is typed.
    pub(super) fn page(&self, problem: &str) -> Result<Response, Refused> {
        let (frame, w) = (self.room.frame, self.w());
        let language = frame.language();
        let agreements = self.room.app.parts().projections.agreements();
        let look = closing_windows(agreements, self.view, self.kind, language);
        let names = frame.names(self.room.app);
        let (fields, facts) =
            fields::all(&self.form, Some(&self.said), &names, self.view.agreement.id.as_str(), language);
        html(&FormPage {
            frame: frame.clone().titled(self.name()),
            w,
            title: self.name(),
            lead: self.lead.clone(),
            case: self.room.called.clone(),
            stay: link::path(&["opphold", self.case()]),
            action: self.action(),
            hidden: self.own_hidden(),
            receivers: self.receivers(),
            later: self.later.as_ref().map(|later| later.field(&self.said, self.is_message(), self.room)),
            templates: self.templates.choices(&self.form, self.room),
            moment: self.moment_field(),
            fields,
            facts,
            look: look.iter().map(Shown::of).collect(),
            problem: problem.to_owned(),
            files: files::attached(&self.said, w)?,
            takes_files: self.takes_files(),
        })
    }

    /// The form with the chosen template in its field.
    fn with_template(&self) -> Result<Response, Refused> {
        let mut said = self.said.clone();
        let told = self.templates.inserted(&mut said, self.room);
        Self { said, lead: told.to_owned(), ..self.clone() }.page("")
    }

    /// What the form brings along beside what people fill in.
    fn own_hidden(&self) -> Vec<(String, String)> {
        let names = ["id", "seen", "retter", "kladd", "versjon", later::DOWNTIME];
        let said = names.iter().map(|name| ((*name).to_owned(), self.said.get(name).to_owned()));
        said.filter(|(_, text)| !text.is_empty()).collect()
    }

    fn moment_field(&self) -> Option<MomentField> {
        let now = self.room.frame.now;
        let zone = &self.view.evaluation.zone;
        self.has_moment().then(|| HAPPENED.field(&self.said, (zone, Some(now)), self.room.frame))
    }

    /// Whether it puts something right that doesn't count any more: another has put it right or cancelled it. Then nothing is written in its
    /// place, for what was sent would stand beside what others wrote, and not instead of it.
    fn is_gone(&self) -> bool {
        !self.said.get("retter").is_empty() && self.old().is_none()
    }

    async fn preview(&self) -> Result<Response, Refused> {
        if self.is_gone() {
            return self.conflict(&[]);
        }
        let Planned { plan, typed, skipped, look } = match self.plan()? {
            Ok(planned) => planned,
            Err(problem) => return self.page(&problem),
        };
        let written = Some((&self.form, &typed));
        let mut seen = match rehearsed(self.room, self.view, (&plan, self.files()?), written).await? {
            Ok(seen) => seen,
            Err(problem) => return self.page(&problem),
        };
        seen.look.extend(look.iter().map(Shown::of));
        let w = self.w();
        html(&PreviewPage {
            frame: self.room.frame.clone().titled(w.preview_title),
            w,
            title: self.name(),
            case: self.room.called.clone(),
            stay: link::path(&["opphold", self.case()]),
            action: self.action(),
            hidden: self.said.hidden(&["gjor"]),
            done: if plan.is_sent() { w.send } else { w.register },
            seen,
            skipped,
        })
    }

    /// Carries it out; none where the stay got entries meanwhile, and all must be looked at anew.
    async fn send(&self) -> Result<Option<Response>, Refused> {
        match self.room.stands(&self.said).await? {
            FormStands::New => {}
            FormStands::Same(_) => return self.sent().await.map(Some),
            FormStands::Other(_) => return self.sent_otherwise().map(Some),
        }
        let news = self.room.news(self.said.seen(), self.kind.id.as_str());
        if self.is_gone() || (!news.is_empty() && self.said.get("likevel") != "ja") {
            return self.conflict(&news).map(Some);
        }
        let plan = match self.plan()? {
            Ok(planned) => planned.plan,
            Err(problem) => return self.page(&problem).map(Some),
        };
        match self.room.carry_out(&plan, self.files()?, &self.said).await? {
            Ok(FormDone::Done(_) | FormDone::Before(FormStands::Same(_))) => self.sent().await.map(Some),
            Ok(FormDone::Before(FormStands::New | FormStands::Other(_))) => self.sent_otherwise().map(Some),
            Ok(FormDone::Moved) => Ok(None),
            Err(problem) => self.page(&problem).map(Some),
        }
    }

    async fn sent(&self) -> Result<Response, Refused> {
        if self.later.is_some() {
            self.room.app.waiting().forget_downtime().await;
        }
        drafts::dropped(self.room, self.said.get("kladd")).await?;
        let place = self.place_of_sent().await?.map(|place| place.to_string()).unwrap_or_default();
        let asked = [("gjort", "skrevet"), ("post", &*place)];
        Ok(see_other(&link::query(&link::path(&["opphold", self.case()]), &asked)))
    }

    /// Where what was written stands in the log: from there it can be put right or taken back.
    async fn place_of_sent(&self) -> Result<Option<u64>, Refused> {
        let (parts, id) = (self.room.app.parts(), self.said.id()?);
        let entries =
            parts.store.case_entries(&parts.community, self.case()).await.map_err(Refused::failed)?;
        let is_it = |entry: &&Entry| {
            let of = entry.id.as_deref().map(message_in);
            entry.kind == self.kind.id.as_str() && of.is_some_and(|of| of.eq_ignore_ascii_case(&id))
        };
        Ok(entries.iter().rev().find(is_it).map(|entry| entry.position.0))
    }

    /// The form was sent, and says something else by now: that isn't sent, and is kept in a form of its own.
    fn sent_otherwise(&self) -> Result<Response, Refused> {
        let mut said = self.said.clone();
        said.set("id", new_id());
        said.set("seen", self.room.last().to_string());
        let anew = Self { said: of_its_own(said), ..self.clone() };
        let page = anew.page(self.w().sent_before)?;
        Ok((StatusCode::CONFLICT, page).into_response())
    }

    fn conflict(&self, news: &[&Entry]) -> Result<Response, Refused> {
        let (frame, w) = (self.room.frame, self.w());
        let (mut said, is_gone) = (self.said.clone(), self.is_gone());
        said.set("seen", self.room.last().to_string());
        let without: &[&str] = if is_gone { &["gjor", "likevel", "retter"] } else { &["gjor", "likevel"] };
        let page = html(&ConflictPage {
            frame: frame.clone().titled(w.conflict),
            w,
            case: self.room.called.clone(),
            stay: link::path(&["opphold", self.case()]),
            action: self.action(),
            hidden: said.hidden(without),
            is_gone,
            news: news.iter().map(|entry| self.told(entry)).collect(),
        })?;
        Ok((StatusCode::CONFLICT, page).into_response())
    }

    fn told(&self, entry: &Entry) -> News {
        let frame = self.room.frame;
        let named =
            frame.names(self.room.app).of(Some(self.view.agreement.id.as_str()), &self.view.version.version);
        let said = entry.body.iter().flatten().filter(|(_, value)| !value.is_blank());
        let says = said.map(|(name, value)| (named.field(&entry.kind, name).to_owned(), value_text(value)));
        News {
            name: named.kind(&entry.kind).to_owned(),
            from: entry.from.clone().unwrap_or_default(),
            at: frame.clock().instant(entry.happened),
            says: says.collect(),
        }
    }

    async fn keep(&self) -> Result<Response, Refused> {
        let hidden = self.said.hidden(&["gjor", "seen", "likevel", "kladd", "versjon"]);
        if hidden.iter().map(|(_, text)| text.len()).sum::<usize>() > DRAFT_BYTES_MAX {
            return self.page(self.w().large_draft);
        }
        let version = self.said.get("versjon").parse().unwrap_or_default();
        if drafts::is_kept(self.room, self.kind.id.as_str(), &self.said.id()?, version, &hidden).await? {
            return Ok(see_other("/kladder?gjort=lagret"));
        }
        let mut said = self.said.clone();
        said.set("id", new_id());
        let anew = Self { said: of_its_own(said), ..self.clone() };
        let page = anew.page(self.w().draft_elsewhere)?;
        Ok((StatusCode::CONFLICT, page).into_response())
    }
}

/// What was typed, as a form that comes from no draft: the draft that it came from is sent, thrown away or another by now.
fn of_its_own(mut said: Said) -> Said {
    said.set("kladd", "");
    said.set("versjon", "");
    said
}

/// A form with some fields filled in, for who begins to write elsewhere.
pub(in crate::pages) async fn begun(
    room: &Room<'_>,
    view: &StayView<'_>,
    kind: &str,
    fields: &[(&str, &str)],
) -> Result<Response, Refused> {
    let kind = room.kind(view, kind)?;
    let mut said = Said::default();
    for (name, text) in fields {
        said.set_field(name, *text);
    }
    Work::new(room, view, kind, said).await?.page("")
}

impl Room<'_> {
    /// How a form stands that may have been sent before. One of another stay is another one.
    pub(super) async fn stands(&self, said: &Said) -> Result<FormStands, Refused> {
        let stands = self.app.parts().mailroom.form_stands(&said.id()?, &said.digest()).await;
        Ok(match stands.map_err(Refused::failed)? {
            FormStands::Same(case) if case != self.log.case => FormStands::Other(case),
            stands @ (FormStands::New | FormStands::Same(_) | FormStands::Other(_)) => stands,
        })
    }

    /// Carries the plan of a form out, once; a sentence where no message can be made of it.
    pub(super) async fn carry_out(
        &self,
        plan: &Plan,
        files: Vec<FileDraft>,
        said: &Said,
    ) -> Result<Result<FormDone, String>, Refused> {
        let (mail, frame) = (&self.app.parts().mailroom, self.frame);
        let by = &frame.signed.subject.name;
        let (form, digest) = (said.id()?, said.digest());
        let against = Against { form: &form, said: &digest, last: self.read_to };
        let beside = Beside { files, ..beside(self, plan).await? };
        let done = match mail.carry_out_form(plan, &against, &beside, by, frame.now).await {
            Ok(done) => done,
            Err(error) => return unsendable(error, frame.language()).map(Err),
        };
        self.app.live().catch_up(frame.now).await.map_err(Refused::failed)?;
        Ok(Ok(done))
    }
}

/// The minute that an instant is in.
fn whole_minute(at: Timestamp) -> Option<Timestamp> {
    Timestamp::from_second(at.as_second() - at.as_second().rem_euclid(60)).ok()
}
