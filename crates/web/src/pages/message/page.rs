use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use samspill_formats::messages::types::{Attachment, Message};
use samspill_service::{
    access::Action,
    exchange::{
        mailroom::Notes,
        meaning::{Question, QuestionKind},
        monitor::{Reached, track, tracked},
        receipts::State as Reach,
        wording,
    },
};
use samspill_store::{Direction, KeptMessage, MessageFilter, MessageNumber, Standing};

use super::{
    Sight, files, kind_name, party_name, rule,
    settle::{Candidate, candidates, forwarded, units},
    words::Words,
};
use crate::{
    App, Refused,
    pages::{Choice, Frame, Tone, fill, html, link, worded::Worded, write::article},
};

/// What the address of a message may say.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    gjort: String,
}

#[derive(Template)]
#[template(path = "message/message.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    number: u64,
    name: String,
    /// The message as HTML; empty where it can't be read.
    article: String,
    stay: String,
    from: String,
    to: String,
    at: String,
    is_ours: bool,
    message_id: String,
    standing: &'static str,
    reached: Vec<Told>,
    why: Vec<Worded>,
    remarks: Vec<Worded>,
    files: Vec<File>,
    questions: Vec<Asks>,
    rulings: Vec<rule::Told>,
    handled: Option<Handling>,
    is_stray: bool,
    units: Vec<Choice>,
    forwarded: String,
}

struct Told {
    receiver: String,
    tone: &'static str,
    state: &'static str,
    receipt: String,
    took: String,
    reasons: Vec<Worded>,
}

struct File {
    href: String,
    name: String,
    size: String,
    remark: String,
}

/// The form of a message that somebody saw to.
struct Handling {
    error: String,
}

/// What a form that was sent gives the page.
#[derive(Debug, Default)]
pub(super) struct Extra {
    /// The form that something is wrong in, and what to do.
    wrong: Option<(&'static str, &'static str)>,
    /// What stays were searched for, and those that were found.
    searched: Option<(String, Vec<Candidate>)>,
}

impl Extra {
    pub(super) fn wrong(slug: &'static str, error: &'static str) -> Self {
        Self { wrong: Some((slug, error)), searched: None }
    }

    pub(super) fn searched(typed: &str, found: Vec<Candidate>) -> Self {
        Self { wrong: None, searched: Some((typed.to_owned(), found)) }
    }

    /// What is wrong in a form; empty where nothing is.
    pub(super) fn error_of(&self, slug: &str) -> String {
        self.wrong.filter(|(of, _)| *of == slug).map(|(_, error)| error.to_owned()).unwrap_or_default()
    }
}

/// A question, and what can be answered.
struct Asks {
    text: String,
    candidates: Vec<Candidate>,
    /// Whether it is about stays: any can be searched for, and a new one begun.
    is_about_stays: bool,
    typed: String,
    /// What the search that found nothing says.
    none: &'static str,
    form: Option<rule::Form>,
    person: String,
    /// Where it is answered, if that is elsewhere.
    href: String,
}

pub(super) async fn page(
    State(app): State<App>,
    frame: Frame,
    Path(number): Path<u64>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let sight = Sight::open(&app, &frame.signed, number, Action::ReadMessage).await?;
    let frame = said(frame, &asked.gjort);
    shown(&app, frame, &sight, Extra::default()).await
}

/// The page as it is now, after somebody else did something.
pub(super) async fn anew(app: &App, frame: Frame, sight: &Sight) -> Result<Response, Refused> {
    let sight = Sight::open(app, &frame.signed, sight.line.number.0, Action::ReadMessage).await?;
    shown(app, frame, &sight, Extra::default()).await
}

/// The page, with what a form that was sent gives it.
pub(super) async fn shown(app: &App, frame: Frame, sight: &Sight, extra: Extra) -> Result<Response, Refused> {
    let parts = app.parts();
    let number = sight.line.number.0;
    let kept = parts.store.message(&parts.community, sight.line.number).await.map_err(Refused::failed)?;
    let kept = kept.ok_or(Refused::NotThere)?;
    let language = frame.language();
    let w = Words::of(language);
    // What is nobody's here is settled without being read.
    let message = parts.mailroom.read(&kept).filter(|_| !sight.is_stray);
    let notes = Notes::read(&sight.line.notes);
    let name = kind_name(app, &kept.kind, language);
    let questions = asks(app, &frame, sight, &notes, message.as_ref(), &extra).await?;
    let page = Page {
        w,
        number,
        article: Some(article(&kept.bytes, language).unwrap_or_default())
            .filter(|_| !sight.is_stray)
            .unwrap_or_default(),
        stay: stay(app, &frame, sight),
        from: party_name(app.book(), &kept.from),
        to: party_name(app.book(), &kept.to),
        at: frame.clock().instant(kept.at),
        is_ours: kept.direction == Direction::Out,
        message_id: kept.id.clone(),
        standing: standing(kept.standing, w),
        reached: reached(app, &frame, &kept).await?,
        rulings: rule::told(app, &frame, sight, &notes).await?,
        handled: handling(sight, &frame, &extra),
        is_stray: sight.is_stray,
        why: Worded::all(&notes.receipts, language),
        remarks: Worded::all(&notes.remarks, language),
        files: all_files(number, message.as_ref(), w),
        questions,
        units: units(app, &frame, sight),
        forwarded: forwarded(app, &frame, sight).await?,
        frame: frame.titled(fill(w.title, &[("n", &number)])),
        name,
    };
    html(&page)
}

/// The form for what somebody must see to, or can be let go of.
fn handling(sight: &Sight, frame: &Frame, extra: &Extra) -> Option<Handling> {
    let waits = track(&sight.line, frame.now).needs_person;
    waits.then(|| Handling { error: extra.error_of(rule::HANDLED) })
}

fn said(frame: Frame, done: &str) -> Frame {
    let w = Words::of(frame.language());
    match done {
        "avgjort" => frame.says(Tone::Success, w.ruled_now),
        "handtert" => frame.says(Tone::Success, w.handled_now),
        "tilbake" => frame.says(Tone::Success, w.taken_back_now),
        "plassert" => frame.says(Tone::Success, w.placed),
        "videresendt" => frame.says(Tone::Success, w.forwarded_now),
        "samme" => frame.says(Tone::Success, w.joined),
        _ => frame,
    }
}

/// Where the stay is, for who may see it.
fn stay(app: &App, frame: &Frame, sight: &Sight) -> String {
    let seen = sight.stay.as_ref().filter(|stay| frame.signed.sees(stay, Action::ReadStay, app.now()));
    seen.map(|stay| link::path(&["opphold", &stay.case])).unwrap_or_default()
}

pub(in crate::pages) fn standing(standing: Standing, w: &'static Words) -> &'static str {
    match standing {
        Standing::Taken => w.taken,
        Standing::Question => w.question,
        Standing::Duplicate => w.duplicate,
        Standing::Conflict => w.conflict,
        Standing::Refused => w.refused,
        Standing::Unreadable => w.not_read,
        Standing::NotOurs => w.not_ours,
        Standing::Settled => w.settled,
    }
}

async fn reached(app: &App, frame: &Frame, kept: &KeptMessage) -> Result<Vec<Told>, Refused> {
    let before = MessageNumber(kept.number.0.saturating_sub(1));
    let mail = &app.parts().mailroom;
    let found = tracked(mail, &MessageFilter::default(), before, 1, frame.now).await;
    let found = found.map_err(Refused::failed)?;
    let receivers = found.iter().filter(|it| it.number == kept.number.0).flat_map(|it| &it.receivers);
    Ok(receivers.map(|it| told(app, frame, it)).collect())
}

fn told(app: &App, frame: &Frame, reached: &Reached) -> Told {
    let w = Words::of(frame.language());
    let her = reached.receiver.strip_prefix("HER:").unwrap_or(&reached.receiver);
    let clock = frame.clock();
    let (tone, state) = reach(reached.state, w);
    let took = reached.took_seconds.map(jiff::SignedDuration::from_secs);
    Told {
        receiver: party_name(app.book(), her),
        tone,
        state,
        receipt: reached.receipt.map(|at| clock.instant(at)).unwrap_or_default(),
        took: took.map(|took| clock.span(took)).unwrap_or_default(),
        reasons: Worded::all(&reached.reasons, frame.language()),
    }
}

/// How it stands with a receiver: tone and word.
pub(in crate::pages) fn reach(state: Reach, w: &'static Words) -> (&'static str, &'static str) {
    match state {
        Reach::Sent => ("info", w.sent),
        Reach::Delivered => ("info", w.delivered),
        Reach::NotDelivered => ("danger", w.not_delivered),
        Reach::Overdue => ("danger", w.overdue),
        Reach::Accepted => ("success", w.accepted),
        Reach::Rejected => ("danger", w.rejected),
        Reach::CompletedLate => ("warning", w.completed_late),
        Reach::RejectedLate => ("danger", w.rejected_late),
    }
}

fn all_files(number: u64, message: Option<&Message>, w: &Words) -> Vec<File> {
    let all = message.iter().flat_map(|it| &it.attachments).enumerate();
    all.map(|(place, it)| file(number, place, it, w)).collect()
}

fn file(number: u64, place: usize, attachment: &Attachment, w: &Words) -> File {
    let place = place + 1;
    let (kind, _) = files::kind(attachment.detected);
    let size = attachment.bytes.as_ref().map(|bytes| bytes.len().div_ceil(1024));
    let remark = match &attachment.bytes {
        None => w.not_kept.to_owned(),
        Some(_) if attachment.mime_type.trim() != kind => {
            fill(w.other_type, &[("said", &attachment.mime_type)])
        }
        Some(_) => String::new(),
    };
    let href = format!("/melding/{number}/vedlegg/{place}");
    File {
        href: if size.is_some() { href } else { String::new() },
        name: fill(w.file, &[("n", &place), ("name", &attachment.description)]),
        size: size.map(|kilobytes| fill(w.bytes, &[("n", &kilobytes)])).unwrap_or_default(),
        remark,
    }
}

/// The questions about a message, for who may settle them.
async fn asks(
    app: &App,
    frame: &Frame,
    sight: &Sight,
    notes: &Notes,
    message: Option<&Message>,
    extra: &Extra,
) -> Result<Vec<Asks>, Refused> {
    let mut asks = Vec::new();
    for question in &notes.questions {
        let mut candidates = candidates(app, frame, question).await?;
        let is_about_stays = matches!(question.what, QuestionKind::WhichStay | QuestionKind::WhichPerson);
        let (mut typed, mut none) = (String::new(), "");
        if let Some((text, found)) = extra.searched.as_ref().filter(|_| is_about_stays) {
            typed.clone_from(text);
            let others = found.iter().filter(|it| candidates.iter().all(|known| known.value != it.value));
            let others: Vec<Candidate> = others.cloned().collect();
            none = if found.is_empty() { Words::of(frame.language()).found_none } else { "" };
            candidates.extend(others);
        }
        let form = rule::form(app, frame, (sight, question.what), Some(question), extra).await?;
        let person = message.map(|it| persons(it).join(", ")).unwrap_or_default();
        let text = wording::in_language(&question.text, frame.language());
        let href = elsewhere(question, sight);
        asks.push(Asks { text, candidates, is_about_stays, typed, none, form, person, href });
    }
    asks.extend(asks_content(app, frame, sight, notes, extra).await?);
    Ok(asks)
}

/// The question that a message with the id of another asks.
async fn asks_content(
    app: &App,
    frame: &Frame,
    sight: &Sight,
    notes: &Notes,
    extra: &Extra,
) -> Result<Option<Asks>, Refused> {
    if sight.line.standing != Standing::Conflict || notes.handled.is_some() {
        return Ok(None);
    }
    let form = rule::form(app, frame, (sight, QuestionKind::WhichContent), None, extra).await?;
    let text = Words::of(frame.language()).conflict.to_owned();
    let (candidates, typed, person, href) = (Vec::new(), String::new(), String::new(), String::new());
    Ok(Some(Asks { text, candidates, is_about_stays: false, typed, none: "", form, person, href }))
}

fn elsewhere(question: &Question, sight: &Sight) -> String {
    let case = sight.stay.as_ref().map(|stay| stay.case.as_str());
    match (question.what, case) {
        (QuestionKind::WhichAnswer, Some(case)) => link::path(&["opphold", case, "svar"]),
        (
            QuestionKind::WhichStay
            | QuestionKind::WhichPerson
            | QuestionKind::WhichContent
            | QuestionKind::WhichMessage
            | QuestionKind::WhichAnswer
            | QuestionKind::WhichKind
            | QuestionKind::WhichAdmission
            | QuestionKind::WhetherMeant
            | QuestionKind::When
            | QuestionKind::WhichMunicipality
            | QuestionKind::Rejected,
            _,
        ) => String::new(),
    }
}

/// The ids of the patient of a message.
pub(super) fn persons(message: &Message) -> Vec<String> {
    let patient = message.head.patient.iter();
    patient.flat_map(|patient| &patient.ids).map(|id| id.value.clone()).collect()
}
