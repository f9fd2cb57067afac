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
    access::{Action, Purpose, Resource},
    exchange::{
        mailroom::Notes,
        meaning::Address,
        monitor::{Tracked, track},
        wording,
    },
    live::StayLine,
    projections::DutyRow,
};
use samspill_store::{Direction, MessageFilter, MessageLine, MessageNumber, Standing};

use super::{
    Frame, Pager, PagerWords, Tone, desk, html, link,
    message::{Seer, is_stray, kind_name, number_in_key, own_copies, party_name},
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
/// The groups, as their pages are asked for.
const GROUPS: [&str; 6] = ["herrelos", "sporsmal", "ikke-levert", "ikke-besvart", "videresendt", "nytt"];

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
        strays: "Ikke til noen her, eller ikke til å lese" | "Ikkje til nokon her, eller ikkje til å lese" | "For nobody here, or not to be read",
        strays_none: "Ingen slike meldinger venter." | "Ingen slike meldingar ventar." | "No such messages wait.",
        shown: "{first}–{last} av {total}" | "{first}–{last} av {total}" | "{first}–{last} of {total}",
        page_before: "Forrige" | "Førre" | "Previous",
        page_after: "Neste" | "Neste" | "Next",
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
    pager: Pager,
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
    /// The pages of the groups.
    #[serde(flatten)]
    pages: BTreeMap<String, String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/innboks", get(page).post(mark_seen))
}

async fn page(State(app): State<App>, frame: Frame, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let keeps = frame.has_task(Action::KeepStrays);
    if !frame.has_task(Action::ReadMessage) && !keeps {
        return Err(Refused::NotThere);
    }
    let w = Words::of(frame.language());
    let desk = InTray { app: &app, frame: &frame, w, pages: &asked.pages };
    let mut groups = Vec::new();
    if keeps {
        groups.push(desk.strays().await?);
    }
    if frame.has_task(Action::ReadMessage) {
        groups.extend(desk.own().await?);
    }
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

fn group(
    (id, name, none): (&'static str, &'static str, &'static str),
    lines: Vec<Line>,
    pager: Pager,
) -> Group {
    let is_marked = lines.iter().any(|line| !line.mark.is_empty());
    Group { id, name, none, lines, pager, is_marked }
}

struct InTray<'t> {
    app: &'t App,
    frame: &'t Frame,
    w: &'static Words,
    /// The pages that are asked for, by group.
    pages: &'t BTreeMap<String, String>,
}

impl InTray<'_> {
    /// What waits for the reader's party.
    async fn own(&self) -> Result<Vec<Group>, Refused> {
        let w = self.w;
        let stays = self.app.lines_seen_by(&self.frame.signed, Action::ReadMessage);
        let mut seer = Seer::new(self.app, &self.frame.signed, self.frame.now);
        let (questions, of_questions) = self.cut("sporsmal", self.questions(&mut seer).await?);
        let (undelivered, of_undelivered) = self.cut("ikke-levert", self.undelivered(&mut seer).await?);
        let (forwarded, of_forwarded) = self.cut("videresendt", self.forwarded(&mut seer).await?);
        let (unread, of_unread) = self.cut("nytt", self.unread(&stays).await?);
        let (unanswered, of_unanswered) = self.cut("ikke-besvart", self.unanswered(&stays));
        let named = unread.iter().map(|line| &***line).chain(unanswered.iter().map(|(stay, _)| &***stay));
        let called = self.called(named).await?;
        let unanswered = unanswered.iter().map(|(stay, duty)| self.duty(stay, duty, &called)).collect();
        let unread = unread.iter().map(|line| self.news(line, &called)).collect();
        let questions = questions.iter().map(|line| self.question(line)).collect();
        Ok(vec![
            group(("sporsmal", w.questions, w.questions_none), questions, of_questions),
            group(("ikke-levert", w.undelivered, w.undelivered_none), undelivered, of_undelivered),
            group(("ikke-besvart", w.unanswered, w.unanswered_none), unanswered, of_unanswered),
            group(("videresendt", w.forwarded, ""), forwarded, of_forwarded),
            group(("nytt", w.unread, w.unread_none), unread, of_unread),
        ])
    }

    /// The lines of the page of a group that is asked for, and its pager.
    fn cut<T>(&self, id: &str, mut all: Vec<T>) -> (Vec<T>, Pager) {
        let page = self.pages.get(id).and_then(|page| page.parse().ok()).unwrap_or(1);
        let words = PagerWords { shown: self.w.shown, before: self.w.page_before, after: self.w.page_after };
        let address = |page: usize| {
            let (page, others) = (
                page.to_string(),
                self.pages.iter().filter(|(of, _)| *of != id && GROUPS.contains(&of.as_str())),
            );
            let others = others.map(|(of, page)| (of.as_str(), page.as_str()));
            let asked: Vec<(&str, &str)> = others.chain([(id, page.as_str())]).collect();
            format!("{}#{id}", link::query("/innboks", &asked))
        };
        let (range, pager) = Pager::cut(all.len(), (LINES_MAX, page), address, words);
        all.truncate(range.end);
        (all.split_off(range.start), pager)
    }

    /// Messages that are nobody's here and that nobody has seen to, the newest first.
    async fn strays(&self) -> Result<Group, Refused> {
        let resource = Resource::Party(&self.frame.signed.subject.party);
        let action = Action::KeepStrays;
        self.app.may_in(&self.frame.signed, Purpose::Operation, action, resource).await?;
        let mut found = Vec::new();
        for standing in [Standing::NotOurs, Standing::Unreadable] {
            let filter = MessageFilter { standing: Some(standing), ..MessageFilter::default() };
            found.extend(self.all(&filter).await?);
        }
        let is_stray = |line: &MessageLine| is_stray(line.standing, [&line.from, &line.to], self.app.book());
        found.retain(|line| is_stray(line) && track(line, self.frame.now).needs_person);
        found.sort_by_key(|line| std::cmp::Reverse(line.number));
        let (lines, pager) = self.cut("herrelos", found);
        let words = super::message::Words::of(self.frame.language());
        let lines = lines.iter().map(|line| {
            let chip = super::message::standing(line.standing, words).to_owned();
            Line { tone: "warning", chip, ..self.of(line) }
        });
        Ok(group(("herrelos", self.w.strays, self.w.strays_none), lines.collect(), pager))
    }

    /// Messages that a person must settle, the newest first.
    async fn questions(&self, seer: &mut Seer<'_>) -> Result<Vec<MessageLine>, Refused> {
        let mut lines = Vec::new();
        for standing in [Standing::Question, Standing::Conflict, Standing::Unreadable, Standing::NotOurs] {
            let filter = MessageFilter { standing: Some(standing), ..self.own_filter() };
            for found in self.all(&filter).await? {
                if track(&found, self.frame.now).needs_person && seer.sees(&found).await? {
                    lines.push(found);
                }
            }
        }
        let mut once = own_copies(self.app.book(), &self.frame.signed.subject.party, lines);
        once.sort_by_key(|line| std::cmp::Reverse(line.number));
        Ok(once)
    }

    /// Messages that the reader's party is at an end of: those of others aren't looked through.
    fn own_filter(&self) -> MessageFilter {
        let ends = own_ends(self.app.book(), &self.frame.signed.subject.party);
        MessageFilter { ends, ..MessageFilter::default() }
    }

    fn question(&self, line: &MessageLine) -> Line {
        let asked = Notes::read(&line.notes).questions;
        let note = self.said(asked.iter().map(|question| &question.text), " ");
        Line { note, tone: "warning", chip: self.w.acts.to_owned(), ..self.of(line) }
    }

    /// Kept texts in the reader's language, one after the other.
    fn said<'k>(&self, kept: impl Iterator<Item = &'k String>, between: &str) -> String {
        let said = kept.map(|text| wording::in_language(text, self.frame.language()));
        said.collect::<Vec<_>>().join(between)
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
        lines.reverse();
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
        let note = bad.map(|it| self.said(it.reasons.iter(), "; ")).unwrap_or_default();
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
