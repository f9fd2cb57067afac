//! The answer to a ready notice: written by the municipality, or read from its words and confirmed.

use askama::Template;
use axum::{
    extract::{Path, RawForm, State},
    http::StatusCode,
    response::Response,
};
use jiff::civil::Date;
use samspill_agreement::model::{Kind, Language};
use samspill_base::{Entry, Value};
use samspill_service::{
    access::Action,
    casework::{StayView, read_day},
    exchange::{
        mailroom::{MailError, Notes, Settling},
        meaning::{Answer, QuestionKind, message_in, suggest},
    },
};
use samspill_store::{MessageFilter, MessageLine, MessageNumber, Standing};

use super::{Room, Said, Words, compose::Work};
use crate::{
    App, Refused,
    pages::{
        Choice, Frame, fill, html, link,
        message::{Sight, own_copies},
        see_other,
        worded::Worded,
    },
};

/// Messages of one stay that are looked through.
const MESSAGES_MAX: usize = 1_000;
/// The words of the two answers, in forms.
const CAN: &str = "kan-ta-imot";
const CANNOT: &str = "kan-ikke-ta-imot";

#[derive(Template)]
#[template(path = "write/answer.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    case: String,
    stay: String,
    action: String,
    replies: Vec<Reply>,
}

/// A reply in words that waits for somebody to say what it means.
struct Reply {
    number: u64,
    from: String,
    at: String,
    text: String,
    suggestion: String,
    doubts: Vec<Worded>,
    choices: Vec<Choice>,
    from_day: String,
    expected: String,
    why: String,
    /// What is wrong with what was typed, at its field.
    wrong: Wrong,
}

/// What is wrong with an answer: a sentence at the field; empty where nothing is.
#[derive(Clone, Copy, Debug, Default)]
struct Wrong {
    which: &'static str,
    from: &'static str,
    expected: &'static str,
}

pub(super) async fn page(
    State(app): State<App>,
    frame: Frame,
    Path(case): Path<String>,
) -> Result<Response, Refused> {
    let room = Room::open(&app, &frame, &case).await?;
    let view = room.view()?;
    let replies = replies(&room, &view).await?;
    let w = Words::of(frame.language());
    let reply = reply_kind(&room, &view).filter(|kind| is_awaited(&view, kind));
    if let (true, Some(kind)) = (replies.is_empty(), reply) {
        let mut work = Work::new(&room, &view, kind, Said::default()).await?;
        w.answer_lead.clone_into(&mut work.lead);
        return work.page("");
    }
    shown(&room, replies)
}

fn shown(room: &Room<'_>, replies: Vec<Reply>) -> Result<Response, Refused> {
    let (frame, case) = (room.frame, &room.log.case);
    let w = Words::of(frame.language());
    let stay = link::path(&["opphold", case]);
    let action = link::path(&["opphold", case, "svar"]);
    let case = room.called.clone();
    html(&Page { frame: frame.clone().titled(w.answer), w, case, stay, action, replies })
}

/// The form once more, with what was typed and what is wrong with it.
async fn again(room: &Room<'_>, number: u64, said: &Said, wrong: Wrong) -> Result<Response, Refused> {
    let mut replies = replies(room, &room.view()?).await?;
    if let Some(reply) = replies.iter_mut().find(|reply| reply.number == number) {
        for choice in &mut reply.choices {
            choice.selected = choice.value == said.get("svar");
        }
        said.get("fra").clone_into(&mut reply.from_day);
        said.get("forventet").clone_into(&mut reply.expected);
        said.get("hvorfor").clone_into(&mut reply.why);
        reply.wrong = wrong;
    }
    let mut response = shown(room, replies)?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

pub(super) async fn taken(
    State(app): State<App>,
    frame: Frame,
    Path(case): Path<String>,
    RawForm(bytes): RawForm,
) -> Result<Response, Refused> {
    let said = Said::read(&bytes)?;
    let room = Room::open(&app, &frame, &case).await?;
    let number = MessageNumber(said.get("melding").parse().map_err(|_| Refused::NotThere)?);
    let stay = link::query(&link::path(&["opphold", &case]), &[("gjort", "bekreftet")]);
    let waits = waiting(&room).await?.into_iter().any(|line| line.number == number);
    if !waits {
        // Somebody has said something already. Who meant the same has what they want, and others must see it first.
        let sight = Sight::open(&app, &frame.signed, number.0, Action::ReadMessage).await?;
        let is_said = is_said(&room.view()?, &sight.line.id, said.get("svar"));
        return if is_said { Ok(see_other(&stay)) } else { Err(Refused::Changed) };
    }
    Sight::open(&app, &frame.signed, number.0, Action::WriteStay).await?;
    let answer = match answer(&said, Words::of(frame.language())) {
        Ok(answer) => answer,
        Err(wrong) => return again(&room, number.0, &said, wrong).await,
    };
    let by = &frame.signed.subject.name;
    let settling = Settling { by, why: said.get("hvorfor"), now: frame.now };
    match app.parts().mailroom.answer(number, answer, settling).await {
        Ok(_) | Err(MailError::NoQuestion { .. }) => {}
        Err(error) => return Err(Refused::failed(error)),
    }
    app.live().catch_up(frame.now).await.map_err(Refused::failed)?;
    Ok(see_other(&stay))
}

/// Whether what a message answers was said, and is this.
fn is_said(view: &StayView<'_>, message: &str, answer: &str) -> bool {
    let mut of_it = view.counting().filter(|entry| entry.id.as_deref().map(message_in) == Some(message));
    of_it.any(|entry| entry.field("svar") == Some(&Value::text(answer)))
}

/// What is confirmed. A day may be left out; one that is no day is asked for again, in place of being left out.
fn answer(said: &Said, w: &'static Words) -> Result<Answer, Wrong> {
    let day = |name: &str| match said.get(name) {
        "" => Ok(None),
        text => read_day(text).map(Some).ok_or(w.bad_day),
    };
    match said.get("svar") {
        CAN => match day("fra") {
            Ok(from) => Ok(Answer::CanReceive { from }),
            Err(from) => Err(Wrong { from, ..Wrong::default() }),
        },
        CANNOT => match day("forventet") {
            Ok(expected) => Ok(Answer::CannotReceive { expected }),
            Err(expected) => Err(Wrong { expected, ..Wrong::default() }),
        },
        _ => Err(Wrong { which: w.choose_answer, ..Wrong::default() }),
    }
}

/// The kind by which the writer's party replies to a ready notice; none where it doesn't.
fn reply_kind<'v>(room: &Room<'_>, view: &StayView<'v>) -> Option<&'v Kind> {
    let is_reply = |kind: &&Kind| {
        let may = kind.from.iter().any(|from| from.as_str() == room.role);
        may && room.table().message_shape(&kind.id, room.role).is_some_and(|shape| shape.is_reply)
    };
    view.version.kinds.values().find(is_reply)
}

/// Whether the stay has what such a reply answers.
fn is_awaited(view: &StayView<'_>, kind: &Kind) -> bool {
    let duties = view.version.duties.iter().filter(|duty| duty.must.contains(&kind.id));
    duties.flat_map(|duty| &duty.after).any(|notice| view.latest(notice).is_some())
}

/// The messages of the stay to the writer's own party of which nobody has said what they answer. What a reply to others means is theirs
/// to say, and what one's own reply means isn't told by confirming it.
async fn waiting(room: &Room<'_>) -> Result<Vec<MessageLine>, Refused> {
    let parts = room.app.parts();
    let filter = MessageFilter {
        case: Some(room.log.case.clone()),
        standing: Some(Standing::Question),
        ..MessageFilter::default()
    };
    let lines = parts.store.messages(&parts.community, &filter, MessageNumber(0), MESSAGES_MAX).await;
    let own = &room.frame.subject().party;
    let asks = |line: &MessageLine| {
        if !Sight::is_for(line, room.app.book(), own) {
            return false;
        }
        let questions = Notes::read(&line.notes).questions;
        questions.iter().any(|question| question.what == QuestionKind::WhichAnswer)
    };
    let found = lines.map_err(Refused::failed)?.into_iter().filter(asks).collect();
    Ok(own_copies(room.app.book(), &room.frame.signed.subject.party, found))
}

/// They as the page shows them: with the entry that the writer may read.
async fn replies(room: &Room<'_>, view: &StayView<'_>) -> Result<Vec<Reply>, Refused> {
    let lines = waiting(room).await?;
    let found = lines.iter().filter_map(|line| {
        let is_it = |entry: &&Entry| entry.id.as_deref().is_some_and(|id| message_in(id) == line.id);
        Some(reply(room, view, line.number.0, view.counting().find(is_it)?))
    });
    Ok(found.collect())
}

fn reply(room: &Room<'_>, view: &StayView<'_>, number: u64, entry: &Entry) -> Reply {
    let w = Words::of(room.frame.language());
    let text = entry.field("tekst").map(ToString::to_string).unwrap_or_default();
    let on = entry.happened.to_zoned(view.evaluation.zone.clone()).date();
    let read = suggest(&text, on);
    let chosen = match read.answer {
        Some(Answer::CanReceive { .. }) => CAN,
        Some(Answer::CannotReceive { .. }) => CANNOT,
        None => "",
    };
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let (from_day, expected) = match read.answer {
        Some(Answer::CanReceive { from }) => (day(from), String::new()),
        Some(Answer::CannotReceive { expected }) => (String::new(), day(expected)),
        None => (String::new(), String::new()),
    };
    let suggestion = read.answer.map_or_else(
        || w.no_suggestion.to_owned(),
        |answer| fill(w.suggestion, &[("answer", &said(answer, room.frame.language()))]),
    );
    Reply {
        number,
        from: entry.from.clone().unwrap_or_default(),
        at: room.frame.clock().instant(entry.happened),
        text,
        suggestion,
        doubts: Worded::all(&read.doubts, room.frame.language()),
        choices: vec![
            Choice::new("", w.not_said, chosen),
            Choice::new(CAN, w.can, chosen),
            Choice::new(CANNOT, w.cannot, chosen),
        ],
        from_day,
        expected,
        why: String::new(),
        wrong: Wrong::default(),
    }
}

fn said(answer: Answer, language: Language) -> String {
    let w = Words::of(language);
    let (what, day) = match answer {
        Answer::CanReceive { from } => (w.can, from),
        Answer::CannotReceive { expected } => (w.cannot, expected),
    };
    let day = day.map(|day| format!(", {}", samspill_agreement::words::date(day, language)));
    format!("{what}{}", day.unwrap_or_default())
}
