//! The message monitor of a party: flows, where each message is, what was given up, how long it took. No patients are in it.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    Router,
    extract::{Query, RawForm, State},
    response::Response,
    routing::get,
};
use jiff::SignedDuration;
use samspill_service::{
    access::{Action, Purpose, Resource},
    exchange::{
        monitor::{Flow, Tracked, flows, tracked},
        wording,
    },
};
use samspill_store::{AlertFilter, Direction, MessageFilter, MessageNumber, OutboxState, Outgoing};

use super::{
    Choice, Frame, Pager, PagerWords, Tone, fill, html, link,
    message::{self, is_stray, kind_name, party_name},
    see_other,
    worded::Worded,
    words::words,
    write::Said,
};
use crate::{App, Refused};

/// Messages that are read at a time, and lines of a page.
const AT_ONCE: usize = 1_000;
const LINES: usize = 50;
/// How many days are looked at, unless the reader says another number of these.
const DAYS: [i64; 3] = [7, 30, 90];

words! {
    /// Words of the monitor.
    Words {
        title: "Meldingsmonitor" | "Meldingsmonitor" | "Message monitor",
        lead: "Meldinger til og fra {party} de siste {n} døgnene." | "Meldingar til og frå {party} dei siste {n} døgna." | "Messages to and from {party} in the last {n} days.",
        alerts: "Varsler" | "Varsel" | "Alerts",
        since: "siden {at}" | "sidan {at}" | "since {at}",
        dead: "Gitt opp" | "Gitt opp" | "Given up",
        dead_none: "Ingenting er gitt opp." | "Ingenting er gitt opp." | "Nothing was given up.",
        release: "Send på nytt" | "Send på nytt" | "Send again",
        released: "Meldingen sendes på nytt." | "Meldinga blir send på nytt." | "The message is sent again.",
        flows: "Trafikk mellom partene" | "Trafikk mellom partane" | "Traffic between the parties",
        from: "Fra" | "Frå" | "From",
        to: "Til" | "Til" | "To",
        kind: "Melding" | "Melding" | "Message",
        count: "Antall" | "Tal" | "Count",
        accepted: "Mottatt" | "Motteke" | "Accepted",
        rejected: "Avvist" | "Avvist" | "Rejected",
        waiting: "Venter" | "Ventar" | "Waiting",
        missing: "Mangler" | "Manglar" | "Missing",
        median: "Median tid" | "Median tid" | "Median time",
        longest: "Lengste tid" | "Lengste tid" | "Longest time",
        messages: "Meldinger" | "Meldingar" | "Messages",
        none: "Ingen meldinger" | "Ingen meldingar" | "No messages",
        at: "Når" | "Når" | "When",
        state: "Hvor den er" | "Kvar ho er" | "Where it is",
        way: "Retning" | "Retning" | "Way",
        came: "Inn" | "Inn" | "In",
        went: "Ut" | "Ut" | "Out",
        days: "Døgn" | "Døgn" | "Days",
        all: "Alle" | "Alle" | "All",
        only: "Bare det som må følges opp" | "Berre det som må følgjast opp" | "Only what must be followed up",
        show: "Vis" | "Vis" | "Show",
        previous: "Nyere" | "Nyare" | "Newer",
        next: "Eldre" | "Eldre" | "Older",
        page: "{first}–{last} av {total}" | "{first}–{last} av {total}" | "{first}–{last} of {total}",
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Asked {
    dogn: String,
    slag: String,
    bare: String,
    side: String,
    gjort: String,
}

#[derive(Template)]
#[template(path = "monitor/monitor.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    lead: String,
    alerts: Vec<(String, String)>,
    dead: Vec<Dead>,
    may_release: bool,
    flows: Vec<FlowLine>,
    lines: Vec<Line>,
    days: Vec<Choice>,
    kinds: Vec<Choice>,
    is_only: bool,
    pager: Pager,
}

struct Dead {
    parcel: String,
    href: String,
    name: String,
    to: String,
    why: Worded,
}

struct FlowLine {
    from: String,
    to: String,
    kind: String,
    counts: [usize; 5],
    median: String,
    longest: String,
}

struct Line {
    href: String,
    at: String,
    way: &'static str,
    name: String,
    from: String,
    to: String,
    states: Vec<Stands>,
}

/// Where a message is, in a word.
struct Stands {
    tone: &'static str,
    word: &'static str,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/meldinger", get(page).post(taken))
}

async fn page(State(app): State<App>, frame: Frame, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let room = Room { app: &app, frame: &frame, w: Words::of(frame.language()) };
    let monitors = room.decides(Action::ReadMonitor);
    room.allowed(if monitors || !room.keeps() { Action::ReadMonitor } else { Action::KeepStrays }).await?;
    let days = DAYS.into_iter().find(|days| days.to_string() == asked.dogn).unwrap_or(DAYS[0]);
    let all = room.tracked(days).await?;
    let may_release = room.decides(Action::RunMonitor);
    let mut kinds: Vec<&str> = all.iter().map(|it| it.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let named =
        kinds.iter().map(|kind| Choice::new(*kind, kind_name(&app, kind, frame.language()), &asked.slag));
    let kinds = std::iter::once(Choice::new("", room.w.all, &asked.slag)).chain(named).collect();
    let (lines, pager) = room.lines(&all, &asked);
    let party = frame.signed.subject.party.clone();
    let w = room.w;
    let lead = fill(w.lead, &[("party", &party), ("n", &days)]);
    let (alerts, dead) =
        if monitors { (room.alerts().await?, room.dead().await?) } else { (Vec::new(), Vec::new()) };
    let framed = frame.clone().titled(w.title).wide();
    let framed = if asked.gjort == "sluppet" { framed.says(Tone::Success, w.released) } else { framed };
    html(&Page {
        w,
        lead,
        alerts,
        dead: dead.iter().map(|(parcel, kind)| room.given_up(parcel, kind)).collect(),
        may_release,
        flows: flows(&all).iter().map(|flow| room.flow(flow)).collect(),
        lines,
        days: DAYS.iter().map(|it| Choice::new(it.to_string(), it.to_string(), &days.to_string())).collect(),
        kinds,
        is_only: !asked.bare.is_empty(),
        pager,
        frame: framed,
    })
}

async fn taken(State(app): State<App>, frame: Frame, RawForm(bytes): RawForm) -> Result<Response, Refused> {
    let said = Said::read(&bytes)?;
    let room = Room { app: &app, frame: &frame, w: Words::of(frame.language()) };
    room.allowed(Action::RunMonitor).await?;
    let parcel = said.get("pakke");
    // Another party's is as one that isn't there.
    let is_own = room.dead().await?.iter().any(|(dead, _)| dead.id == parcel);
    if !is_own {
        return Err(Refused::NotThere);
    }
    app.parts().mailroom.release(parcel, frame.now).await.map_err(Refused::failed)?;
    Ok(see_other("/meldinger?gjort=sluppet"))
}

struct Room<'r> {
    app: &'r App,
    frame: &'r Frame,
    w: &'static Words,
}

impl Room<'_> {
    fn party(&self) -> &str {
        &self.frame.signed.subject.party
    }

    async fn allowed(&self, action: Action) -> Result<(), Refused> {
        let resource = Resource::Party(self.party());
        self.app.may_in(&self.frame.signed, Purpose::Operation, action, resource).await.map(drop)
    }

    fn decides(&self, action: Action) -> bool {
        let resource = Resource::Party(self.party());
        self.frame.signed.decides(Purpose::Operation, action, resource, self.frame.now).is_allowed
    }

    /// Whether the reader keeps what is nobody's here.
    fn keeps(&self) -> bool {
        self.decides(Action::KeepStrays)
    }

    fn is_own(&self, her: &str) -> bool {
        self.app.book().find(her).is_some_and(|address| address.name == self.party())
    }

    /// The messages of the party, and those that are nobody's for who keeps such, the oldest first.
    async fn tracked(&self, days: i64) -> Result<Vec<Tracked>, Refused> {
        let since = self.frame.now.checked_sub(SignedDuration::from_hours(24 * days)).ok();
        let filter = MessageFilter { since, ..MessageFilter::default() };
        let (monitors, keeps) = (self.decides(Action::ReadMonitor), self.keeps());
        let (mut all, mut after) = (Vec::new(), MessageNumber(0));
        loop {
            let mail = &self.app.parts().mailroom;
            let found =
                tracked(mail, &filter, after, AT_ONCE, self.frame.now).await.map_err(Refused::failed)?;
            let Some(last) = found.last() else { return Ok(all) };
            after = MessageNumber(last.number);
            let own = |it: &Tracked| match it.direction {
                Direction::Out => self.is_own(&it.from),
                Direction::In => self.is_own(&it.to),
            };
            let stray = |it: &Tracked| is_stray(it.standing, [&it.from, &it.to], self.app.book());
            all.extend(found.into_iter().filter(|it| (monitors && own(it)) || (keeps && stray(it))));
        }
    }

    /// What is to be told of the channels that parcels of the party are in. What others wait for is theirs.
    async fn alerts(&self) -> Result<Vec<(String, String)>, Refused> {
        let parts = self.app.parts();
        let active =
            parts.store.alerts(&parts.community, AlertFilter::Active).await.map_err(Refused::failed)?;
        if active.is_empty() {
            return Ok(Vec::new());
        }
        let channels = self.channels().await?;
        let is_ours = |name: &str| {
            channels.iter().any(|channel| name.rsplit_once(':').is_some_and(|(_, of)| of == channel))
        };
        let told = active.into_iter().filter(|alert| is_ours(&alert.name)).map(|alert| {
            let at = self.frame.clock().instant(alert.raised);
            (wording::in_language(&alert.says, self.frame.language()), fill(self.w.since, &[("at", &at)]))
        });
        Ok(told.collect())
    }

    /// The channels that parcels of the party wait for, or were given up on.
    async fn channels(&self) -> Result<BTreeSet<String>, Refused> {
        let mut channels = BTreeSet::new();
        for state in [OutboxState::Waiting, OutboxState::Sending, OutboxState::Dead] {
            channels.extend(self.parcels(state).await?.into_iter().map(|(parcel, _)| parcel.channel));
        }
        Ok(channels)
    }

    /// Parcels of the party that were given up, each with what its message is.
    async fn dead(&self) -> Result<Vec<(Outgoing, String)>, Refused> {
        self.parcels(OutboxState::Dead).await
    }

    async fn parcels(&self, state: OutboxState) -> Result<Vec<(Outgoing, String)>, Refused> {
        let parts = self.app.parts();
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let found = parts.store.outbox(&parts.community, Some(state), &after, AT_ONCE).await;
            let found = found.map_err(Refused::failed)?;
            let Some(last) = found.last() else { return Ok(all) };
            after.clone_from(&last.id);
            for parcel in found {
                let kept =
                    parts.store.message(&parts.community, parcel.message).await.map_err(Refused::failed)?;
                let own = kept.filter(|kept| self.is_own(&kept.from));
                all.extend(own.map(|kept| (parcel, kept.kind)));
            }
        }
    }

    fn given_up(&self, parcel: &Outgoing, kind: &str) -> Dead {
        Dead {
            parcel: parcel.id.clone(),
            href: format!("/melding/{}", parcel.message),
            name: kind_name(self.app, kind, self.frame.language()),
            to: party_name(self.app.book(), &parcel.to),
            why: Worded::of(&parcel.says, self.frame.language()),
        }
    }

    /// What a service is called here: the reader's own by its unit alone.
    fn called(&self, her: &str) -> String {
        let book = self.app.book();
        let own = book.find(her).filter(|address| address.name == self.party());
        let unit = own.and_then(|address| address.service_called(her)).map(|unit| unit.name.clone());
        unit.unwrap_or_else(|| party_name(book, her))
    }

    fn flow(&self, flow: &Flow) -> FlowLine {
        let span = |seconds: Option<i64>| {
            seconds.map(|it| {
                samspill_engine::explain::duration_words(SignedDuration::from_secs(it), self.frame.language())
            })
        };
        FlowLine {
            from: self.called(&flow.from),
            to: self.called(&flow.to),
            kind: kind_name(self.app, &flow.kind, self.frame.language()),
            counts: [flow.messages, flow.accepted, flow.rejected, flow.waiting, flow.missing],
            median: span(flow.median_seconds).unwrap_or_default(),
            longest: span(flow.longest_seconds).unwrap_or_default(),
        }
    }

    /// A page of the messages, the newest first.
    fn lines(&self, all: &[Tracked], asked: &Asked) -> (Vec<Line>, Pager) {
        let is_wanted = |it: &&Tracked| {
            (asked.slag.is_empty() || it.kind == asked.slag) && (asked.bare.is_empty() || it.needs_person)
        };
        let wanted: Vec<&Tracked> = all.iter().rev().filter(is_wanted).collect();
        let place = |side: usize| {
            let side = side.to_string();
            link::query(
                "/meldinger",
                &[("dogn", &asked.dogn), ("slag", &asked.slag), ("bare", &asked.bare), ("side", &side)],
            )
        };
        let words = PagerWords { shown: self.w.page, before: self.w.previous, after: self.w.next };
        let page = asked.side.parse().unwrap_or(1);
        let (range, pager) = Pager::cut(wanted.len(), (LINES, page), place, words);
        (wanted[range].iter().map(|it| self.line(it)).collect(), pager)
    }

    fn line(&self, tracked: &Tracked) -> Line {
        let language = self.frame.language();
        let words = message::Words::of(language);
        let reached = tracked.receivers.iter().map(|it| {
            let (tone, word) = message::reach(it.state, words);
            Stands { tone, word }
        });
        let stands = (tracked.direction == Direction::In)
            .then(|| Stands { tone: "neutral", word: message::standing(tracked.standing, words) });
        Line {
            href: format!("/melding/{}", tracked.number),
            at: self.frame.clock().instant(tracked.at),
            way: if tracked.direction == Direction::In { self.w.came } else { self.w.went },
            name: kind_name(self.app, &tracked.kind, language),
            from: self.called(&tracked.from),
            to: self.called(&tracked.to),
            states: reached.chain(stands).collect(),
        }
    }
}
