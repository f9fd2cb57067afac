//! Messages that didn't get through: what is said of them, and that somebody has seen to one.

use std::collections::BTreeMap;

use axum::{
    Router,
    extract::{Path, RawForm, State},
    response::Response,
    routing::post,
};
use samspill_agreement::model::Language;
use samspill_service::{
    access::Action,
    exchange::{
        astray::{Astray, Why},
        mailroom::{MailError, Settling},
        meaning::Ruling,
        monitor::track,
    },
};
use samspill_store::{Direction, MessageLine};

use super::{
    Frame, link,
    message::{Sight, kind_name, party_name},
    see_other,
    worded::Worded,
    words::words,
    write::Said,
};
use crate::{App, Refused};

words! {
    /// Words of messages that didn't get through.
    Words {
        title: "Kom ikke fram" | "Kom ikkje fram" | "Did not get through",
        rejected: "Avvist av mottakeren" | "Avvist av mottakaren" | "Rejected by the receiver",
        given_up: "Ikke sendt: gitt opp" | "Ikkje send: gitt opp" | "Not sent: given up",
        overdue: "Ingen kvittering innen fristen" | "Inga kvittering innan fristen" | "No receipt within the limit",
        do_rejected: "Rett det som er feil, og skriv meldingen på nytt, eller gi beskjed på annen måte." | "Rett det som er feil, og skriv meldinga på nytt, eller gi beskjed på annan måte." | "Put right what is wrong and write the message anew, or tell the receiver in another way.",
        do_given_up: "Få meldingen sendt på nytt fra meldingsmonitoren, eller gi beskjed på annen måte." | "Få meldinga send på nytt frå meldingsmonitoren, eller gi beskjed på annan måte." | "Have the message sent again from the message monitor, or tell the receiver in another way.",
        do_overdue: "Ingen vet om den er lest. Ring mottakeren, eller skriv meldingen på nytt." | "Ingen veit om ho er lesen. Ring mottakaren, eller skriv meldinga på nytt." | "Nobody knows whether it was read. Call the receiver, or write the message anew.",
        open: "Åpne meldingen" | "Opne meldinga" | "Open the message",
        monitor: "Meldingsmonitor" | "Meldingsmonitor" | "Message monitor",
        anew: "Skriv på nytt" | "Skriv på nytt" | "Write anew",
        done_what: "Hva er gjort? (kan stå tomt)" | "Kva er gjort? (kan stå tomt)" | "What was done? (may be empty)",
        done: "Det er fulgt opp" | "Det er følgt opp" | "It is seen to",
    }
}

/// A message that didn't get through, as a page shows it.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) number: u64,
    pub(super) name: String,
    pub(super) to: String,
    pub(super) at: String,
    /// What went wrong, in few words.
    pub(super) what: &'static str,
    /// What to do about it.
    pub(super) advice: &'static str,
    /// What its receiver gave as reasons, or the channel.
    pub(super) reasons: Vec<Worded>,
    /// Where it is written anew; none where the reader doesn't write in the stay.
    pub(super) anew: Option<String>,
    /// Whether it can be sent again in the monitor, and the reader goes there.
    pub(super) in_monitor: bool,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/melding/{number}/fulgt-opp", post(seen_to))
}

/// Of some messages, those of the reader's party that didn't get through, by their ids.
pub(super) fn lost(app: &App, frame: &Frame, lines: &[MessageLine]) -> BTreeMap<String, Shown> {
    let own = |line: &&MessageLine| {
        let from = app.book().find(&line.from);
        line.direction == Direction::Out && from.is_some_and(|from| from.name == frame.subject().party)
    };
    let found = lines.iter().filter(own).filter_map(|line| Some((line.id.clone(), shown(app, frame, line)?)));
    found.collect()
}

fn shown(app: &App, frame: &Frame, line: &MessageLine) -> Option<Shown> {
    let tracked = track(line, frame.now);
    let why = Why::of(&tracked)?;
    let w = Words::of(frame.language());
    let (what, advice) = match why {
        Why::Rejected => (w.rejected, w.do_rejected),
        Why::GivenUp => (w.given_up, w.do_given_up),
        Why::Overdue => (w.overdue, w.do_overdue),
    };
    let of_receivers = tracked.receivers.into_iter().flat_map(|it| it.reasons);
    let of_channel = line.outgoing.iter().filter(|_| why == Why::GivenUp).map(|it| it.says.clone());
    let reasons = of_receivers.chain(of_channel).filter(|says| !says.is_empty());
    Some(Shown {
        number: line.number.0,
        name: kind_name(app, &line.kind, frame.language()),
        to: party_name(app.book(), &line.to),
        at: frame.clock().instant(line.at),
        what,
        advice,
        reasons: Worded::all(&reasons.collect::<Vec<_>>(), frame.language()),
        anew: None,
        in_monitor: why == Why::GivenUp && frame.has_task(Action::ReadMonitor),
    })
}

/// How many of some messages are in each stay.
pub(super) fn by_case(astray: &[Astray]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for case in astray.iter().filter_map(|it| it.line.case.as_deref()) {
        *counts.entry(case).or_default() += 1;
    }
    counts
}

/// `2 kom ikke fram`; empty where all did.
pub(super) fn count_words(count: usize, language: Language) -> String {
    match (count, language) {
        (0, _) => String::new(),
        (_, Language::Bokmal) => format!("{count} kom ikke fram"),
        (_, Language::Nynorsk) => format!("{count} kom ikkje fram"),
        (_, Language::English) => format!("{count} did not get through"),
    }
}

/// Somebody says that a message of their party is seen to. Said twice it is said once.
async fn seen_to(
    State(app): State<App>,
    frame: Frame,
    Path(number): Path<u64>,
    RawForm(bytes): RawForm,
) -> Result<Response, Refused> {
    let said = Said::read(&bytes)?;
    let sight = Sight::open(&app, &frame.signed, number, Action::WriteStay).await?;
    let is_own = app.book().find(&sight.line.from).is_some_and(|it| it.name == frame.subject().party);
    if !is_own || sight.line.direction != Direction::Out {
        return Err(Refused::NotThere);
    }
    if track(&sight.line, frame.now).is_lost {
        let settling = Settling { by: &frame.subject().name, why: said.get("hva"), now: frame.now };
        let handled = Ruling::Handled([].into());
        match app.parts().mailroom.decide(sight.line.number, handled, settling).await {
            // Somebody else may have said it, or a receipt may have come, since this was looked at.
            Ok(_) | Err(MailError::NoQuestion { .. }) => app.waiting().forget_astray().await,
            Err(error) => return Err(Refused::failed(error)),
        }
    }
    let place = sight.stay.map_or_else(|| "/innboks".to_owned(), |stay| link::path(&["opphold", &stay.case]));
    Ok(see_other(&link::query(&place, &[("gjort", "fulgt-opp")])))
}
