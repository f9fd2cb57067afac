//! What a plan leads to, what is worth a look, and the messages as their receiver sees them.

use samspill_agreement::model::Language;
use samspill_base::CaseLog;
use samspill_formats::{
    messages::{
        make::FileDraft,
        read::{MessageLimits, read},
        show,
    },
    xml::{XmlLimits, decode, parse},
};
use samspill_service::{
    casework::{Form, Plan, Promises, StayView, Typed, Warning, WarningKind, consequences, warnings},
    exchange::{
        mailroom::{MailError, Rehearsed},
        meaning::{Beside, SendError},
    },
};

use super::{Room, Words, beside};
use crate::{Refused, pages::fill};

/// What somebody sees before it is done.
#[derive(Clone, Debug, Default)]
pub(in crate::pages) struct Seen {
    pub(in crate::pages) leads_to: Vec<Shown>,
    pub(in crate::pages) look: Vec<Shown>,
    /// Each message as a piece of HTML.
    pub(in crate::pages) messages: Vec<String>,
}

/// A sentence with its clause.
#[derive(Clone, Debug)]
pub(in crate::pages) struct Shown {
    pub(in crate::pages) tone: &'static str,
    pub(in crate::pages) text: String,
    pub(in crate::pages) clause: String,
}

/// What carrying out a plan would do; a sentence where no message can be made of it.
pub(in crate::pages) async fn rehearsed(
    room: &Room<'_>,
    view: &StayView<'_>,
    (plan, files): (&Plan, Vec<FileDraft>),
    written: Option<(&Form, &Typed)>,
) -> Result<Result<Seen, String>, Refused> {
    let mail = &room.app.parts().mailroom;
    let by = &room.frame.signed.subject.name;
    let beside = Beside { files, ..beside(room, plan).await? };
    let tried = match mail.rehearse(plan, &beside, by, room.frame.now).await {
        Ok(tried) => tried,
        Err(error) => return unsendable(error, room.frame.language()).map(Err),
    };
    let after = CaseLog { case: room.log.case.clone(), entries: theirs(room, &tried) };
    Ok(Ok(seen(room, view, &after, &tried, written)))
}

/// Why no message can be made, in words; other troubles are the machine's.
pub(in crate::pages) fn unsendable(error: MailError, language: Language) -> Result<String, Refused> {
    let w = Words::of(language);
    let MailError::Write(error) = error else { return Err(Refused::failed(error)) };
    let why = match error {
        SendError::NoAdmission => w.no_admission,
        SendError::NoAnswer => w.no_answer,
        SendError::UnclearAnswer => w.unclear_answer,
        SendError::NoParty(_) | SendError::UnknownParty(_) | SendError::NoService { .. } => w.no_address,
        SendError::NoMessage(_)
        | SendError::OtherPatient
        | SendError::NothingToCancel(_)
        | SendError::NotCancellable(_)
        | SendError::NotChangeable(_)
        | SendError::Refused(_) => w.not_made,
    };
    Ok(fill(w.cannot_send, &[("why", &why)]))
}

fn theirs(room: &Room<'_>, tried: &Rehearsed) -> Vec<samspill_base::Entry> {
    let sees = |entry: &samspill_base::Entry| {
        let stay = &room.opened.involvement;
        room.is_own(entry) || room.frame.signed.sees_entry(stay, entry, room.app.book(), room.frame.now)
    };
    tried.entries.iter().filter(|entry| sees(entry)).cloned().collect()
}

fn seen(
    room: &Room<'_>,
    view: &StayView<'_>,
    after: &CaseLog,
    tried: &Rehearsed,
    written: Option<(&Form, &Typed)>,
) -> Seen {
    let (agreements, language) = (room.app.parts().projections.agreements(), room.frame.language());
    let Some(then) = StayView::of(agreements, after, room.frame.now) else { return Seen::default() };
    let found = consequences(agreements, &room.log, after, room.frame.now);
    let leads_to = found.iter().map(|it| Shown {
        tone: "neutral",
        text: it.sentence(&then, language),
        clause: it.clause().unwrap_or_default().to_owned(),
    });
    let mut look = warnings(Some(&view.evaluation), &then, language);
    look.extend(written.into_iter().flat_map(|(form, typed)| of_writing(room, view, tried, form, typed)));
    look.sort_by_key(|warning| warning.kind);
    let messages = tried.messages.iter().filter_map(|bytes| article(bytes, language));
    Seen {
        leads_to: leads_to.collect(),
        look: look.iter().map(Shown::of).collect(),
        messages: messages.map(|html| below(&html)).collect(),
    }
}

/// What is worth a look about what was typed.
fn of_writing(
    room: &Room<'_>,
    view: &StayView<'_>,
    tried: &Rehearsed,
    form: &Form,
    typed: &Typed,
) -> Vec<Warning> {
    let language = room.frame.language();
    let today = view.now.to_zoned(view.evaluation.zone.clone()).date();
    let agreement = view.agreement.id.as_str();
    let promised = Promises::shipped().in_body(&typed.body, room.role, agreement, today);
    let mut found: Vec<Warning> = promised.iter().map(|it| Warning::of_promise(it, language)).collect();
    found.extend(Warning::of_misfits(typed, language));
    let unsaid: Vec<String> = tried.sent.iter().flat_map(|sent| sent.unsaid.clone()).collect();
    let labels: Vec<String> = unsaid
        .iter()
        .filter_map(|name| Some(form.field(name)?.label.in_language(language).to_owned()))
        .collect();
    found.extend(Warning::of_unsaid(&labels, unsaid, language));
    found
}

impl Shown {
    /// A warning.
    pub(in crate::pages) fn of(warning: &Warning) -> Self {
        let clause = warning.clause.as_ref().map(ToString::to_string).unwrap_or_default();
        let is_said = warning.text.contains(&clause);
        let tone = match warning.kind {
            WarningKind::Void => "danger",
            WarningKind::Repeats
            | WarningKind::OutsideHours
            | WarningKind::Closing
            | WarningKind::Missing
            | WarningKind::Promise
            | WarningKind::Unreadable => "warning",
            WarningKind::Future | WarningKind::Unsaid | WarningKind::Other => "info",
        };
        Self { tone, text: warning.text.clone(), clause: if is_said { String::new() } else { clause } }
    }
}

/// A message as HTML, as its receiver sees it; none where it can't be read.
pub(in crate::pages) fn article(bytes: &[u8], language: Language) -> Option<String> {
    let limits = XmlLimits::default();
    let text = decode(bytes, &limits).ok()?;
    let document = parse(&text, &limits).ok()?;
    let (message, _) = read(&document, &MessageLimits::default());
    let language = match language {
        Language::Bokmal => show::Language::Bokmal,
        Language::Nynorsk => show::Language::Nynorsk,
        Language::English => show::Language::English,
    };
    Some(show::html(&document, &message, language))
}

/// The same with its headings two levels down, to stand within a page. Texts in it are escaped, so only tags are met.
fn below(html: &str) -> String {
    let mut lowered = html.to_owned();
    for (from, to) in [(4, 6), (3, 5), (2, 4), (1, 3)] {
        for slash in ["", "/"] {
            lowered = lowered.replace(&format!("<{slash}h{from}>"), &format!("<{slash}h{to}>"));
        }
    }
    lowered
}
