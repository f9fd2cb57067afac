//! What waits for somebody: questions, what wasn't delivered, what isn't answered, what is new.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{
    Router,
    extract::{Query, RawForm, State},
    response::Response,
    routing::get,
};
use jiff::SignedDuration;
use samspill_agreement::model::KindType;
use samspill_service::{
    access::Action,
    exchange::{
        mailroom::Notes,
        meaning::Address,
        monitor::{Tracked, track},
    },
    live::StayLine,
    projections::DutyRow,
};
use samspill_store::{Direction, MessageFilter, MessageLine, MessageNumber, Standing};

use super::{
    Frame, Tone, desk, html, link,
    message::{Seer, kind_name, number_in_key, own_copies, party_name},
    patients::{Called, Patients},
    undo,
    words::words,
};
use crate::{App, Refused, front::own_ends};

/// How long back messages that weren't delivered are looked for.
const DAYS_BACK: i64 = 60;
/// Messages that are looked through at a time, and lines of a list at the most.
const AT_ONCE: usize = 1_000;
const LINES_MAX: usize = 200;

words! {
    /// Words of the inbox.
    Words {
        title: "Innboks" | "Innboks" | "Inbox",
        lead: "Dette venter på dere." | "Dette ventar på dykk." | "This waits for you.",
        questions: "Må avgjøres av en person" | "Må avgjerast av ein person" | "A person must decide",
        questions_none: "Ingen meldinger venter på en avgjørelse." | "Ingen meldingar ventar på ei avgjerd." | "No messages wait for a decision.",
        undelivered: "Ikke levert" | "Ikkje levert" | "Not delivered",
        undelivered_none: "Alt dere har sendt, er kommet fram eller underveis." | "Alt de har sendt, er kome fram eller undervegs." | "All that you sent has arrived or is on its way.",
        unanswered: "Ikke besvart" | "Ikkje svart på" | "Not answered",
        unanswered_none: "Ingen meldinger venter på svar fra dere." | "Ingen meldingar ventar på svar frå dykk." | "No messages wait for your reply.",
        unread: "Nytt siden du så sist" | "Nytt sidan du såg sist" | "New since you last looked",
        unread_none: "Du har sett alt." | "Du har sett alt." | "You have seen everything.",
        drafts: "Kladder" | "Kladdar" | "Drafts",
        forwarded: "Sendt videre til enheten din" | "Sendt vidare til eininga di" | "Forwarded to your unit",
        stay: "Opphold {case}" | "Opphald {case}" | "Stay {case}",
        between: "{from} til {to}" | "{from} til {to}" | "{from} to {to}",
        cut: "Bare de {n} første vises." | "Berre dei {n} første blir viste." | "Only the first {n} are shown.",
        dead: "Gitt opp" | "Gitt opp" | "Given up",
        acts: "Må følges opp" | "Må følgjast opp" | "To be followed up",
        new: "Nytt" | "Nytt" | "New",
        marked: "Det er merket som sett." | "Det er merkt som sett." | "It is marked as seen.",
        mark: "Merk valgte som sett" | "Merk valde som sett" | "Mark chosen as seen",
        mark_all: "Merk alle her som sett" | "Merk alle her som sett" | "Mark all of these as seen",
        choose: "Velg {name}" | "Vel {name}" | "Choose {name}",
    }
}

#[derive(Template)]
#[template(path = "inbox/inbox.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    groups: Vec<Group>,
}

/// What waits for the same thing.
struct Group {
    id: &'static str,
    name: &'static str,
    none: &'static str,
    lines: Vec<Line>,
    cut: String,
    /// Whether its lines can be marked as seen.
    is_marked: bool,
}

struct Line {
    href: String,
    name: String,
    about: String,
    note: String,
    tone: &'static str,
    chip: String,
    /// What marks it as seen: up to where, and the stay; empty where that isn't done here.
    mark: String,
    /// What its choice is called.
    choice: String,
}

/// What the address of the inbox may say.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Asked {
    gjort: String,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/innboks", get(page).post(mark_seen))
}

async fn page(State(app): State<App>, frame: Frame, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    if !frame.has_task(Action::ReadMessage) {
        return Err(Refused::NotThere);
    }
    let w = Words::of(frame.language());
    let desk = InTray { app: &app, frame: &frame, w };
    let stays = app.lines_seen_by(&frame.signed, Action::ReadMessage);
    let mut seer = Seer::new(&app, &frame.signed, frame.now);
    let questions = desk.questions(&mut seer).await?;
    let undelivered = desk.undelivered(&mut seer).await?;
    let (unread, forwarded) = (desk.unread(&stays).await?, desk.forwarded(&mut seer).await?);
    let unanswered = desk.unanswered(&stays);
    let named = unread.iter().map(|line| &***line).chain(unanswered.iter().map(|(stay, _)| &***stay));
    let called = desk.called(named).await?;
    let unanswered = unanswered.iter().map(|(stay, duty)| desk.duty(stay, duty, &called)).collect();
    let unread = unread.iter().map(|line| desk.news(line, &called)).collect();
    let groups = vec![
        desk.group("sporsmal", w.questions, w.questions_none, questions),
        desk.group("ikke-levert", w.undelivered, w.undelivered_none, undelivered),
        desk.group("ikke-besvart", w.unanswered, w.unanswered_none, unanswered),
        desk.group("videresendt", w.forwarded, "", forwarded),
        desk.group("nytt", w.unread, w.unread_none, unread),
    ];
    let groups: Vec<Group> =
        groups.into_iter().filter(|group| !group.none.is_empty() || !group.lines.is_empty()).collect();
    let count = groups.iter().map(|group| group.lines.len()).sum();
    app.listed(&frame.signed, Action::ReadMessage, "innboks", count).await?;
    let framed = frame.clone().titled(w.title);
    let framed = if asked.gjort == "sett" { framed.says(Tone::Success, w.marked) } else { framed };
    html(&Page { frame: framed, w, groups })
}

/// Marks stays as seen, up to what the page showed of each: what came after that is still new.
async fn mark_seen(
    State(app): State<App>,
    frame: Frame,
    RawForm(bytes): RawForm,
) -> Result<Response, Refused> {
    if !frame.has_task(Action::ReadMessage) {
        return Err(Refused::NotThere);
    }
    let said: Vec<(String, String)> =
        serde_html_form::from_bytes(&bytes).map_err(|error| Refused::Wrong(error.to_string()))?;
    let is_all = said.iter().any(|(name, what)| name == "gjor" && what == "alle");
    let wanted = if is_all { "vist" } else { "valgt" };
    let mut seen = Vec::new();
    for (_, mark) in said.iter().filter(|(name, _)| name == wanted).take(LINES_MAX) {
        let Some((place, case)) = mark.split_once(' ') else { continue };
        let (Ok(place), Some(line)) = (place.parse::<u64>(), app.live().stay(case)) else { continue };
        // What isn't theirs is as what isn't there.
        if frame.signed.sees(&line.involvement, Action::ReadMessage, frame.now) {
            seen.push((case.to_owned(), place.min(line.last_position)));
        }
    }
    let undo = desk::mark_all_seen(&app, &frame, &seen).await?;
    Ok(undo::done("/innboks", "sett", undo.as_deref()))
}

struct InTray<'t> {
    app: &'t App,
    frame: &'t Frame,
    w: &'static Words,
}

impl InTray<'_> {
    fn group(&self, id: &'static str, name: &'static str, none: &'static str, mut lines: Vec<Line>) -> Group {
        let is_cut = lines.len() > LINES_MAX;
        lines.truncate(LINES_MAX);
        let cut = if is_cut { super::fill(self.w.cut, &[("n", &LINES_MAX)]) } else { String::new() };
        let is_marked = lines.iter().any(|line| !line.mark.is_empty());
        Group { id, name, none, lines, cut, is_marked }
    }

    /// Messages that a person must settle.
    async fn questions(&self, seer: &mut Seer<'_>) -> Result<Vec<Line>, Refused> {
        let mut lines = Vec::new();
        for standing in [Standing::Question, Standing::Conflict, Standing::Unreadable, Standing::NotOurs] {
            let filter = MessageFilter { standing: Some(standing), ..self.own_filter() };
            for found in self.all(&filter).await? {
                if seer.sees(&found).await? {
                    lines.push(found);
                }
            }
        }
        let once = own_copies(self.app.book(), &self.frame.signed.subject.party, lines);
        Ok(once.iter().map(|line| self.question(line)).collect())
    }

    /// Messages that the reader's party is at an end of: those of others aren't looked through.
    fn own_filter(&self) -> MessageFilter {
        let ends = own_ends(self.app.book(), &self.frame.signed.subject.party);
        MessageFilter { ends, ..MessageFilter::default() }
    }

    fn question(&self, line: &MessageLine) -> Line {
        let asked = Notes::read(&line.notes).questions;
        let note = asked.into_iter().map(|question| question.text).collect::<Vec<_>>().join(" ");
        Line { note, tone: "warning", chip: self.w.acts.to_owned(), ..self.of(line) }
    }

    fn of(&self, line: &MessageLine) -> Line {
        let book = self.app.book();
        let (from, to) = (party_name(book, &line.from), party_name(book, &line.to));
        let between = super::fill(self.w.between, &[("from", &from), ("to", &to)]);
        Line {
            href: format!("/melding/{}", line.number),
            name: kind_name(self.app, &line.kind, self.frame.language()),
            about: format!("{between}, {}", self.frame.clock().instant(line.at)),
            note: String::new(),
            tone: "neutral",
            chip: String::new(),
            mark: String::new(),
            choice: String::new(),
        }
    }

    /// What patients of stays are called to the reader.
    async fn called(
        &self,
        stays: impl Iterator<Item = &StayLine>,
    ) -> Result<BTreeMap<String, Called>, Refused> {
        let stays: Vec<&StayLine> = stays.collect();
        let ids = stays.iter().flat_map(|line| line.persons.iter().cloned()).collect();
        let patients = Patients::of(self.app, &ids).await?;
        let named = stays.iter().map(|line| {
            (line.row.case.clone(), patients.called(self.frame, &line.involvement, &line.persons))
        });
        Ok(named.collect())
    }

    /// Who a stay is about, as the reader may know it, and its name.
    fn about(&self, line: &StayLine, called: &BTreeMap<String, Called>) -> Called {
        let stay = || super::fill(self.w.stay, &[("case", &line.row.case)]);
        match called.get(&line.row.case) {
            Some(called) if !called.sub.is_empty() => called.clone(),
            Some(_) | None => Called { title: stay(), sub: String::new() },
        }
    }

    /// Messages of the reader's party that didn't come through, or whose receivers said no or nothing.
    async fn undelivered(&self, seer: &mut Seer<'_>) -> Result<Vec<Line>, Refused> {
        let now = self.frame.now;
        let since = now.checked_sub(SignedDuration::from_hours(24 * DAYS_BACK)).ok();
        let (direction, for_persons_at) = (Some(Direction::Out), Some(now));
        let filter = MessageFilter { direction, since, for_persons_at, ..self.own_filter() };
        let mut lines = Vec::new();
        for found in self.all(&filter).await? {
            let tracked = track(&found, now);
            if tracked.needs_person && self.is_own(&found) && seer.sees(&found).await? {
                lines.push(self.not_there(&found, &tracked));
            }
        }
        Ok(lines)
    }

    fn is_own(&self, line: &MessageLine) -> bool {
        let from = self.app.book().find(&line.from);
        from.is_some_and(|address| address.name == self.frame.signed.subject.party)
    }

    fn not_there(&self, line: &MessageLine, tracked: &Tracked) -> Line {
        let w = super::message::Words::of(self.frame.language());
        let bad = tracked.receivers.iter().find(|it| it.state.needs_a_person());
        let (tone, chip) = bad.map_or(("danger", self.w.dead), |it| super::message::reach(it.state, w));
        let note = bad.map(|it| it.reasons.join("; ")).unwrap_or_default();
        Line { note, tone, chip: chip.to_owned(), ..self.of(line) }
    }

    /// Open duties of the reader's side that a message of another brought, with their stays, the nearest limit first.
    fn unanswered<'s>(&self, stays: &'s [Arc<StayLine>]) -> Vec<(&'s Arc<StayLine>, &'s DutyRow)> {
        let role = self.app.book().find(&self.frame.signed.subject.party).map(Address::role_id);
        let mut found: Vec<(&Arc<StayLine>, &DutyRow)> = Vec::new();
        for stay in stays {
            let own = stay.row.undone.iter().filter(|duty| Some(duty.holder.as_str()) == role);
            found.extend(own.filter(|duty| self.is_from_another(stay, duty)).map(|duty| (stay, duty)));
        }
        let due = |duty: &DutyRow| duty.due.instant();
        found.sort_by_key(|(_, duty)| (due(duty).is_none(), due(duty)));
        // One more than is shown tells that there are more.
        found.truncate(LINES_MAX + 1);
        found
    }

    /// Whether a message that others send triggered a duty.
    fn is_from_another(&self, stay: &StayLine, duty: &DutyRow) -> bool {
        let named = self.frame.names(self.app).of(stay.row.agreement.as_deref(), &duty.version);
        let kind = named.version().and_then(|version| version.kind_called(&duty.trigger.kind));
        kind.is_some_and(|kind| {
            kind.kind_type == KindType::Message && !kind.from.iter().any(|from| from.as_str() == duty.holder)
        })
    }

    fn duty(&self, stay: &StayLine, duty: &DutyRow, called: &BTreeMap<String, Called>) -> Line {
        let named = self.frame.names(self.app).of(stay.row.agreement.as_deref(), &duty.version);
        let due = duty.due.instant();
        let is_over = due.is_some_and(|due| due < self.frame.now);
        let Called { title, sub } = self.about(stay, called);
        Line {
            href: link::path(&["opphold", &stay.row.case, "skriv"]),
            name: named.duty(&duty.duty).to_owned(),
            about: if sub.is_empty() { title } else { format!("{title} ({sub})") },
            note: named.kind(&duty.trigger.kind).to_owned(),
            tone: if is_over { "danger" } else { "info" },
            chip: self.frame.clock().due(duty.due),
            mark: String::new(),
            choice: String::new(),
        }
    }

    /// Stays in which something came since the reader last looked, the latest first.
    async fn unread<'s>(&self, stays: &'s [Arc<StayLine>]) -> Result<Vec<&'s Arc<StayLine>>, Refused> {
        let seen = desk::seen(self.app, self.frame).await?;
        let is_new =
            |line: &&Arc<StayLine>| seen.get(&line.row.case).is_none_or(|seen| *seen < line.last_position);
        let mut new: Vec<_> = stays.iter().filter(is_new).collect();
        new.sort_by_key(|line| std::cmp::Reverse(line.last));
        new.truncate(LINES_MAX + 1);
        Ok(new)
    }

    fn news(&self, line: &StayLine, called: &BTreeMap<String, Called>) -> Line {
        let Called { title, sub } = self.about(line, called);
        let at = self.frame.clock().instant(line.last);
        Line {
            href: link::path(&["opphold", &line.row.case]),
            about: if sub.is_empty() { at } else { format!("{sub}, {at}") },
            note: String::new(),
            tone: "info",
            chip: self.w.new.to_owned(),
            mark: format!("{} {}", line.last_position, line.row.case),
            choice: super::fill(self.w.choose, &[("name", &title)]),
            name: title,
        }
    }

    /// Messages that somebody in the party forwarded to the reader's unit.
    async fn forwarded(&self, seer: &mut Seer<'_>) -> Result<Vec<Line>, Refused> {
        let subject = &self.frame.signed.subject;
        let all = desk::desk(self.app).assignments(&[].into()).await.map_err(Refused::failed)?;
        let mut lines = Vec::new();
        for assignment in all {
            let is_theirs =
                assignment.to.strip_prefix("enhet:").is_some_and(|unit| subject.units.contains(unit));
            let number = number_in_key(&assignment.duty, &subject.party);
            let Some(number) = number.filter(|_| is_theirs) else { continue };
            let Some(line) = self.line(number).await? else { continue };
            if seer.sees_by_unit(&line).await? {
                lines.push(Line { note: assignment.by, ..self.of(&line) });
            }
        }
        Ok(lines)
    }

    async fn line(&self, number: u64) -> Result<Option<MessageLine>, Refused> {
        let parts = self.app.parts();
        let before = MessageNumber(number.saturating_sub(1));
        let found = parts.store.messages(&parts.community, &MessageFilter::default(), before, 1).await;
        Ok(found.map_err(Refused::failed)?.into_iter().find(|line| line.number.0 == number))
    }

    async fn all(&self, filter: &MessageFilter) -> Result<Vec<MessageLine>, Refused> {
        let parts = self.app.parts();
        let (mut all, mut after) = (Vec::new(), MessageNumber(0));
        loop {
            let found = parts
                .store
                .messages(&parts.community, filter, after, AT_ONCE)
                .await
                .map_err(Refused::failed)?;
            let Some(last) = found.last() else { return Ok(all) };
            after = last.number;
            all.extend(found);
        }
    }
}
