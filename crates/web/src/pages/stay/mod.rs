//! A stay: its timeline, checklists, duties, days and messages, and why each of them is as it is.

mod calendar;
mod checklist;
mod gather;
mod read;
mod scale;
mod timeline;
mod why;

pub(super) use samspill_service::projections::duty_key;

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
    routing::get,
};
use samspill_agreement::model::{KindType, Language};
use samspill_engine::explain;
use samspill_service::access::Action;

use self::{
    calendar::Calendar,
    checklist::List,
    gather::{Gathered, Header, Looked},
    read::{Source, StayView},
    timeline::Drawing,
};
use super::{Frame, Tone, astray, html, link, words::words};
use crate::{App, Refused};

words! {
    /// Words of a stay's pages.
    Words {
        unit: "Avdeling" | "Avdeling" | "Ward",
        municipality: "Kommune" | "Kommune" | "Municipality",
        phase: "Fase" | "Fase" | "Phase",
        since: "Innlagt" | "Innlagd" | "Admitted",
        agreement: "Avtale" | "Avtale" | "Agreement",
        over: "Avsluttet" | "Avslutta" | "Over",
        write: "Skriv" | "Skriv" | "Write",
        all_kinds: "Hendelser og alt annet" | "Hendingar og alt anna" | "Events and all else",
        answer: "Svar på melding" | "Svar på melding" | "Answer a message",
        next: "Neste" | "Neste" | "Next",
        nothing_left: "Ingen plikt venter" | "Inga plikt ventar" | "Nothing is due",
        ours: "vår" | "vår" | "ours",
        timeline: "Tidslinje" | "Tidslinje" | "Timeline",
        hospital: "Sykehus" | "Sjukehus" | "Hospital",
        towns: "Kommune" | "Kommune" | "Municipality",
        now: "nå" | "no" | "now",
        drawing: "Meldinger mellom sykehus og kommune, og frister. Det samme står i listene under." | "Meldingar mellom sjukehus og kommune, og fristar. Det same står i listene under." | "Messages between hospital and municipality, and limits. The same stands in the lists below.",
        duties: "Plikter" | "Plikter" | "Duties",
        duty: "Plikt" | "Plikt" | "Duty",
        who: "Hvem" | "Kven" | "Who",
        due: "Frist" | "Frist" | "Limit",
        status: "Status" | "Status" | "Status",
        done_at: "Gjort" | "Gjort" | "Done",
        why: "Hvorfor" | "Kvifor" | "Why",
        no_duties: "Ingen plikter ennå" | "Ingen plikter enno" | "No duties yet",
        messages: "Meldinger og hendelser" | "Meldingar og hendingar" | "Messages and events",
        open_message: "Åpne meldingen" | "Opne meldinga" | "Open the message",
        aside: "Brukes ikke" | "Blir ikkje brukt" | "Not used",
        contents: "Innhold" | "Innhald" | "Contents",
        done_of: "{done} av {all} gjort" | "{done} av {all} gjort" | "{done} of {all} done",
        done: "gjort" | "gjort" | "done",
        missing: "mangler" | "manglar" | "missing",
        ask: "må bekreftes" | "må stadfestast" | "to be confirmed",
        reminder: "husk" | "hugs" | "remember",
        undecided: "uavgjort" | "uavgjort" | "undecided",
        mark_done: "Si at det er gjort" | "Sei at det er gjort" | "Say that it is done",
        findings: "Merknader" | "Merknader" | "Findings",
        days: "Døgn som betales" | "Døgn som blir betalte" | "Days that are paid for",
        week: "Uke" | "Veke" | "Week",
        signs: "Tegn i kalenderen" | "Teikn i kalenderen" | "Signs in the calendar",
        lookers: "Hvem hos dere har sett" | "Kven hos dykk har sett" | "Who of yours has looked",
        nobody: "Ingen andre hos dere har sett oppholdet ennå." | "Ingen andre hos dykk har sett opphaldet enno." | "Nobody else of yours has looked at the stay yet.",
        meetings: "Møter" | "Møte" | "Meetings",
        drafts: "Kladder" | "Kladdar" | "Drafts",
        change: "Rett opp eller trekk tilbake" | "Rett opp eller trekk tilbake" | "Put right or take back",
        change_it: "Ble noe feil? Rett det, trekk det eller kanseller det. Du ser hva det fører til før du gjør det." | "Vart noko feil? Rett det, trekk det eller kanseller det. Du ser kva det fører til før du gjer det." | "Something wrong? Correct, withdraw or cancel it. You see what it leads to before you do it.",
        written: "Det er skrevet." | "Det er skrive." | "It is written.",
        confirmed: "Svaret er bekreftet." | "Svaret er stadfesta." | "The answer is confirmed.",
        seen_to: "Det er merket som fulgt opp." | "Det er merkt som følgt opp." | "It is marked as seen to.",
        cancelled: "Det er kansellert." | "Det er kansellert." | "It is cancelled.",
        no_agreement: "Oppholdet følger ingen av avtalene her. Da har det ingen plikter og ingen døgn." | "Opphaldet følgjer ingen av avtalane her. Då har det ingen plikter og ingen døgn." | "The stay follows none of the agreements here, and so has no duties and no days.",
        back: "Tilbake til oppholdet" | "Tilbake til opphaldet" | "Back to the stay",
        days_only: "Rollen din leser døgnene i oppholdet, ikke det som er klinisk." | "Rolla di les døgna i opphaldet, ikkje det som er klinisk." | "Your role reads the days of the stay, not what is clinical.",
        reasoning: "Slik er det regnet" | "Slik er det rekna" | "How it is worked out",
        readings: "Tolkninger dette bygger på" | "Tolkingar dette byggjer på" | "Readings that this rests on",
        used: "Dette i loggen er brukt" | "Dette i loggen er brukt" | "Entries of the log that were used",
        downtime: "Nedetid" | "Nedetid" | "Downtime",
        entry: "oppføring {n}" | "oppføring {n}" | "entry {n}",
        protected_address: "Adressen til pasienten er gradert. Ikke skriv den eller si den der andre kan se eller høre det." | "Adressa til pasienten er gradert. Ikkje skriv ho eller sei ho der andre kan sjå eller høyre det." | "The patient's address is confidential. Don't write it or say it where others can see or hear.",
        protected_note: "Pasienten har skjermet identitet. Ikke snakk om pasienten der andre kan høre det." | "Pasienten har skjerma identitet. Ikkje snakk om pasienten der andre kan høyre det." | "The patient's identity is protected. Don't speak of it where others can hear.",
    }
}

#[derive(Template)]
#[template(path = "stay/stay.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    header: Header,
    stay: StayView,
    drawing: Drawing,
    calendars: Vec<Calendar>,
    lists: Vec<List>,
    findings: Vec<Found>,
    looked: Vec<Looked>,
    downtime: Vec<String>,
    /// When, how and why entries were entered afterwards, by their places.
    afterwards: BTreeMap<u64, String>,
    kinds: Vec<(String, String)>,
    /// Where entries of the reader's own are put right or taken back, by their places.
    changes: BTreeMap<u64, String>,
    /// Words of messages that didn't get through.
    a: &'static astray::Words,
    /// Whether the reader writes in stays.
    writes: bool,
    next: Option<usize>,
    /// Whether the reader reads the stay, and not its days alone.
    reads: bool,
    signs: [(&'static str, &'static str, &'static str); 4],
}

/// A finding.
struct Found {
    text: String,
    word: &'static str,
    tone: Tone,
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/opphold/{case}", get(stay))
        .route("/opphold/{case}/hvorfor/plikt/{duty}", get(why::duty))
        .route("/opphold/{case}/hvorfor/dag/{meter}/{date}", get(why::day))
}

/// What the address of a stay may say.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Asked {
    gjort: String,
    /// The place in the log of what was just written.
    post: String,
}

async fn stay(
    State(app): State<App>,
    frame: Frame,
    Path(case): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let reads = frame.has_task(Action::ReadStay);
    let gathered = Gathered::of(&app, &frame, &case).await?;
    let w = Words::of(frame.language());
    let header = gather::header(&app, &frame, &gathered, w).await?;
    let looked = if reads { gather::looked(&app, &frame, &case).await? } else { Vec::new() };
    gather::mark_seen(&app, &frame, &gathered).await?;
    let language = frame.language();
    let clock = frame.clock();
    let downtime = gather::downtime(&app, &frame, &gathered).await?;
    let afterwards = gather::afterwards(&app, &frame, &gathered).await?;
    let frame = done(frame.titled(header.title.clone()).wide(), &asked.gjort, w);
    let Some(source) = gathered.source(&app, &frame, &clock) else {
        let frame = frame.says(Tone::Warning, w.no_agreement);
        return html(&bare(frame, w, header, (looked, gathered.lost())));
    };
    let view = source.view(language);
    let drawing = Drawing::of(&view, source.evaluation, &clock);
    let calendars = source.meters().filter_map(|meter| Calendar::of(&source, meter, language)).collect();
    let told = gathered.checklists(&app, &frame);
    let lists =
        told.iter().filter(|_| reads).filter_map(|list| List::of(&source, list, w, language)).collect();
    let writes = frame.has_task(Action::WriteStay);
    let changes = if writes { gathered.changes(&app, &frame) } else { BTreeMap::new() };
    let frame = match asked.post.parse().ok().and_then(|place: u64| changes.get(&place)) {
        Some(href) if !frame.notices.is_empty() => frame.leads_on(href.clone(), w.change_it),
        Some(_) | None => frame,
    };
    let page = Page {
        w,
        header,
        drawing,
        calendars,
        lists,
        findings: findings(&source, language),
        looked,
        downtime,
        afterwards,
        kinds: if writes { kinds(&source, language) } else { Vec::new() },
        changes,
        a: astray::Words::of(language),
        writes,
        next: if reads { next(&view) } else { None },
        reads,
        signs: signs(language),
        stay: view,
        frame,
    };
    html(&page)
}

/// The same with what was just done said at the top.
fn done(frame: Frame, what: &str, w: &Words) -> Frame {
    let text = match what {
        "skrevet" => w.written,
        "bekreftet" => w.confirmed,
        "kansellert" => w.cancelled,
        "fulgt-opp" => w.seen_to,
        _ => return frame,
    };
    frame.says(Tone::Success, text)
}

/// A stay that no agreement is known of.
fn bare(
    frame: Frame,
    w: &'static Words,
    header: Header,
    (looked, lost): (Vec<Looked>, Vec<astray::Shown>),
) -> Page {
    let signs = signs(frame.language());
    let writes = frame.has_task(Action::WriteStay);
    let a = astray::Words::of(frame.language());
    Page {
        frame,
        w,
        header,
        stay: StayView { is_open: false, steps: Vec::new(), duties: Vec::new(), lost },
        drawing: Drawing::default(),
        calendars: Vec::new(),
        lists: Vec::new(),
        findings: Vec::new(),
        looked,
        downtime: Vec::new(),
        afterwards: BTreeMap::new(),
        kinds: Vec::new(),
        changes: BTreeMap::new(),
        a,
        writes,
        next: None,
        reads: true,
        signs,
    }
}

/// The duty that presses most: the one longest past its limit, or else the nearest.
fn next(view: &StayView) -> Option<usize> {
    let undone = view.duties.iter().enumerate().filter(|(_, duty)| duty.is_undone());
    undone.min_by_key(|(_, duty)| duty.limit).map(|(place, _)| place)
}

fn findings(source: &Source<'_>, language: Language) -> Vec<Found> {
    let about = source.about(language);
    let found = source.findings().map(|finding| Found {
        text: explain::finding(&about, source.evaluation, finding),
        word: explain::finding_effect_word(finding.effect, language),
        tone: read::severity(finding.severity),
    });
    found.collect()
}

/// What the reader's side may send in the stay: address and name. What cancels is an act on what is there.
fn kinds(source: &Source<'_>, language: Language) -> Vec<(String, String)> {
    let Some(own) = source.own else { return Vec::new() };
    let version = read::version(source.agreement, source.evaluation);
    let ours = version.kinds.values().filter(|kind| {
        let is_sent = kind.kind_type == KindType::Message && kind.cancels.is_none();
        is_sent && kind.from.iter().any(|party| party.as_str() == own)
    });
    ours.map(|kind| {
        let href = link::path(&["opphold", &source.log.case, "skriv", kind.id.as_str()]);
        (href, kind.name.in_language(language).to_owned())
    })
    .collect()
}

fn signs(language: Language) -> [(&'static str, &'static str, &'static str); 4] {
    use samspill_engine::DayStatus::{Contestable, NotPayable, Payable, Provisional};
    [Payable, Contestable, Provisional, NotPayable].map(|status| {
        (calendar::slug(status), calendar::symbol(status), explain::day_status_word(status, language))
    })
}
