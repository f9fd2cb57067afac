//! The forms by which people settle what is asked about a message, say that it was seen to, or take that back.

use axum::response::Response;
use samspill_service::{
    access::Action,
    exchange::{
        mailroom::{MailError, Notes, Ruled, Settled, Settling},
        meaning::{Meant, Question, QuestionKind, Ruling},
    },
};
use samspill_store::{MessageFilter, MessageLine, MessageNumber};

use super::{
    Seer, Sight, kind_name,
    page::{self, Extra},
    words::Words,
};
use crate::{
    App, Refused,
    pages::{Choice, Frame, Tone, fill, see_other, write::Said},
};

/// What the form of a handled message is called among those of questions.
pub(super) const HANDLED: &str = "handtert";

/// A form that answers a question.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) slug: &'static str,
    pub(super) label: &'static str,
    /// The answers there are; of a time any.
    pub(super) choices: Vec<Choice>,
    pub(super) error: String,
}

/// What a person decided, in words.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) what: String,
    pub(super) by: String,
    pub(super) why: String,
    /// What takes it back; empty where that isn't done here.
    pub(super) slug: &'static str,
}

/// The form of a question; none where it is answered another way.
pub(super) async fn form(
    app: &App,
    frame: &Frame,
    (sight, question): (&Sight, QuestionKind),
    asked: Option<&Question>,
    extra: &Extra,
) -> Result<Option<Form>, Refused> {
    let w = Words::of(frame.language());
    let values = || asked.iter().flat_map(|it| &it.choices).map(|it| it.value.as_str());
    let (label, choices) = match question {
        QuestionKind::WhichContent => (w.ask_content, contents(app, frame, &sight.line).await?),
        QuestionKind::WhichMessage => (w.ask_message, messages(app, frame, values()).await?),
        QuestionKind::WhichKind => {
            let language = frame.language();
            (w.ask_kind, values().map(|it| Choice::new(it, named(app, it, language), "")).collect())
        }
        QuestionKind::WhichAdmission => (w.ask_admission, values().map(|it| at(frame, it)).collect()),
        QuestionKind::WhetherMeant => {
            let both = [("new", w.meant_new), ("change", w.meant_change)];
            (w.ask_meant, both.map(|(value, text)| Choice::new(value, text, "")).into())
        }
        QuestionKind::When => (w.ask_when, Vec::new()),
        QuestionKind::WhichMunicipality => {
            (w.ask_municipality, values().map(|it| Choice::new(it, it, "")).collect())
        }
        QuestionKind::WhichStay
        | QuestionKind::WhichPerson
        | QuestionKind::WhichAnswer
        | QuestionKind::Rejected => return Ok(None),
    };
    let has_answers = question == QuestionKind::When || !choices.is_empty();
    let slug = question.as_str();
    Ok(has_answers.then(|| Form { slug, label, choices, error: extra.error_of(slug) }))
}

/// A local time as a choice.
fn at(frame: &Frame, local: &str) -> Choice {
    let read = Ruling::read(QuestionKind::When, local, &frame.zone());
    let label = match read {
        Some(Ruling::When(at)) => frame.clock().instant(at),
        _ => local.to_owned(),
    };
    Choice::new(local, label, "")
}

/// What the agreements call a kind of entry.
fn named(app: &App, kind: &str, language: samspill_agreement::model::Language) -> String {
    let mut all = app.parts().projections.agreements().all().iter();
    let found = all.find_map(|agreement| {
        let mut kinds = agreement.newest().kinds.iter();
        kinds.find(|(id, _)| id.as_str() == kind).map(|(_, kind)| kind.name.in_language(language).to_owned())
    });
    found.unwrap_or_else(|| kind.to_owned())
}

/// The messages with an id that the reader may see.
async fn of_id(app: &App, frame: &Frame, id: &str) -> Result<Vec<MessageLine>, Refused> {
    let parts = app.parts();
    let filter = MessageFilter { id: Some(id.to_owned()), ..MessageFilter::default() };
    let found = parts.store.messages(&parts.community, &filter, MessageNumber(0), 100).await;
    let (mut seer, mut theirs) = (Seer::new(app, &frame.signed, frame.now), Vec::new());
    for line in found.map_err(Refused::failed)?.into_iter().filter(|line| !line.id.is_empty()) {
        if seer.sees(&line).await? {
            theirs.push(line);
        }
    }
    Ok(theirs)
}

/// The messages with the id of one, to choose among.
async fn contents(app: &App, frame: &Frame, line: &MessageLine) -> Result<Vec<Choice>, Refused> {
    let w = Words::of(frame.language());
    let clock = frame.clock();
    let all = of_id(app, frame, &line.id).await?;
    let choice = |it: &MessageLine| {
        let label = fill(w.content_choice, &[("n", &it.number), ("at", &clock.instant(it.at))]);
        Choice::new(it.number.to_string(), label, "")
    };
    Ok(all.iter().map(choice).collect())
}

/// The messages with these ids, to choose among.
async fn messages(app: &App, frame: &Frame, ids: impl Iterator<Item = &str>) -> Result<Vec<Choice>, Refused> {
    let w = Words::of(frame.language());
    let clock = frame.clock();
    let mut choices = Vec::new();
    for id in ids {
        let Some(line) = of_id(app, frame, id).await?.into_iter().next() else { continue };
        let kind = kind_name(app, &line.kind, frame.language());
        let at = clock.instant(line.at);
        let label = fill(w.message_choice, &[("kind", &kind), ("n", &line.number), ("at", &at)]);
        choices.push(Choice::new(id, label, ""));
    }
    Ok(choices)
}

/// What people decided about a message and stand by.
pub(super) async fn told(
    app: &App,
    frame: &Frame,
    sight: &Sight,
    notes: &Notes,
) -> Result<Vec<Told>, Refused> {
    let w = Words::of(frame.language());
    let number = sight.line.number;
    let mut all = Vec::new();
    for ruled in app.parts().mailroom.rulings(number).await.map_err(Refused::failed)? {
        let by = fill(w.ruled_by, &[("by", &ruled.by), ("at", &frame.clock().instant(ruled.at))]);
        let slug = match ruled.ruling.question() {
            Some(QuestionKind::WhichStay) => "",
            Some(question) => question.as_str(),
            None => HANDLED,
        };
        all.push(Told { what: what(app, frame, &ruled.ruling), by, why: ruled.why, slug });
    }
    let handled = notes.handled.as_ref().filter(|handled| handled.through != number);
    all.extend(handled.map(|it| {
        let at = frame.clock().instant(it.at);
        let what = fill(w.handled_with, &[("by", &it.by), ("n", &it.through), ("at", &at)]);
        Told { what, by: String::new(), why: String::new(), slug: "" }
    }));
    Ok(all)
}

/// What was decided, in words.
fn what(app: &App, frame: &Frame, ruling: &Ruling) -> String {
    let w = Words::of(frame.language());
    let say = |words: &str, what: &str| fill(words, &[("what", &what)]);
    match ruling {
        Ruling::Stay(case) => say(w.is_stay, case),
        Ruling::Content(number) => say(w.is_content, &number.to_string()),
        Ruling::Message(id) => say(w.is_message, id),
        Ruling::Kind(kind) => say(w.is_kind, &named(app, kind, frame.language())),
        Ruling::Admission(at) => say(w.is_admission, &frame.clock().instant(*at)),
        Ruling::Meant(Meant::New) => w.meant_new.to_owned(),
        Ruling::Meant(Meant::Change) => w.meant_change.to_owned(),
        Ruling::When(at) => say(w.is_when, &frame.clock().instant(*at)),
        Ruling::Municipality(name) => say(w.is_municipality, name),
        Ruling::Handled(_) => w.handle.to_owned(),
    }
}

/// An answer to a question.
pub(super) async fn answered(
    app: &App,
    frame: Frame,
    sight: &Sight,
    said: &Said,
) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let wrong = || Refused::Wrong("sporsmal".to_owned());
    let question = QuestionKind::called(said.get("sporsmal")).ok_or_else(wrong)?;
    if matches!(question, QuestionKind::WhichStay | QuestionKind::WhichPerson) {
        return Err(wrong());
    }
    let Some(ruling) = Ruling::read(question, said.get("valg"), &frame.zone()) else {
        let error = if question == QuestionKind::When { w.time_wrong } else { w.answer_missing };
        let extra = Extra::wrong(question.as_str(), error);
        return page::shown(app, frame, sight, extra).await;
    };
    if let Ruling::Message(id) = &ruling {
        may_cancel(app, &frame, id).await?;
    }
    decide(app, frame, sight, ruling, said.get("hvorfor")).await
}

/// Whether a person may say that a message is cancelled: one that is theirs to see, of a stay that they place messages of.
async fn may_cancel(app: &App, frame: &Frame, id: &str) -> Result<(), Refused> {
    let lines = of_id(app, frame, id).await?;
    let line = lines.first().ok_or(Refused::NotThere)?;
    if let Some(stay) = super::sight::stay_of(app, line).await? {
        app.may(&frame.signed, frame.signed.purpose(), Action::PlaceMessage, &stay).await?;
    }
    Ok(())
}

/// Somebody saw to it.
pub(super) async fn handled(
    app: &App,
    frame: Frame,
    sight: &Sight,
    said: &Said,
) -> Result<Response, Refused> {
    let why = said.get("hvorfor");
    if why.is_empty() {
        let extra = Extra::wrong(HANDLED, Words::of(frame.language()).because_missing);
        return page::shown(app, frame, sight, extra).await;
    }
    decide(app, frame, sight, Ruling::Handled([].into()), why).await
}

/// Keeps what a person decided, or tells what somebody decided before.
pub(super) async fn decide(
    app: &App,
    frame: Frame,
    sight: &Sight,
    ruling: Ruling,
    why: &str,
) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let number = sight.line.number;
    let (slug, done) = match ruling.question() {
        Some(QuestionKind::WhichStay) => (QuestionKind::WhichStay.as_str(), "plassert"),
        Some(question) => (question.as_str(), "avgjort"),
        None => (HANDLED, HANDLED),
    };
    let by = frame.signed.subject.name.clone();
    let settling = Settling { by: &by, why, now: frame.now };
    match app.parts().mailroom.decide(number, ruling, settling).await {
        Ok(Settled::Done(_)) => {
            app.live().catch_up(frame.now).await.map_err(Refused::failed)?;
            app.waiting().forget_astray().await;
            Ok(see_other(&format!("/melding/{number}?gjort={done}")))
        }
        Ok(Settled::Before(before)) => {
            let says = decided_first(app, &frame, &before);
            page::anew(app, frame.says(Tone::Warning, says), sight).await
        }
        Err(MailError::NoAnswer { .. }) => {
            let error = if slug == QuestionKind::When.as_str() { w.time_wrong } else { w.answer_missing };
            page::shown(app, frame, sight, Extra::wrong(slug, error)).await
        }
        Err(MailError::NoQuestion { .. }) => {
            page::anew(app, frame.says(Tone::Warning, w.not_asked), sight).await
        }
        Err(error) => Err(Refused::failed(error)),
    }
}

fn decided_first(app: &App, frame: &Frame, before: &Ruled) -> String {
    let (at, what) = (frame.clock().instant(before.at), what(app, frame, &before.ruling));
    let what = if before.why.is_empty() { what } else { format!("{what} ({})", before.why) };
    fill(Words::of(frame.language()).decided_first, &[("by", &before.by), ("at", &at), ("what", &what)])
}

/// Takes back what was decided.
pub(super) async fn taken_back(
    app: &App,
    frame: Frame,
    sight: &Sight,
    said: &Said,
) -> Result<Response, Refused> {
    let slug = said.get("sporsmal");
    let question = QuestionKind::called(slug);
    if question.is_none() && slug != HANDLED {
        return Err(Refused::Wrong("sporsmal".to_owned()));
    }
    let number = sight.line.number;
    let by = frame.signed.subject.name.clone();
    let settling = Settling { by: &by, why: said.get("hvorfor"), now: frame.now };
    match app.parts().mailroom.take_back(number, question, settling).await {
        Ok(_) => {
            app.live().catch_up(frame.now).await.map_err(Refused::failed)?;
            app.waiting().forget_astray().await;
            Ok(see_other(&format!("/melding/{number}?gjort=tilbake")))
        }
        Err(MailError::NoQuestion { .. }) => {
            let says = Words::of(frame.language()).not_asked;
            page::anew(app, frame.says(Tone::Warning, says), sight).await
        }
        Err(error) => Err(Refused::failed(error)),
    }
}
