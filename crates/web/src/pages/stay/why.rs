//! Why a duty is due when it is, or a day is paid for or not: the reasoning with its clauses, and the entries it used.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use jiff::civil::Date;
use samspill_base::Position;
use samspill_engine::explain;

use super::{
    Words,
    gather::Gathered,
    read::{Source, key},
};
use crate::{
    App, Refused,
    front::BetweenOthers,
    pages::{Frame, Tone, fill, html, link},
};

#[derive(Template)]
#[template(path = "stay/why.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    back: String,
    heading: String,
    word: &'static str,
    tone: Tone,
    said: Vec<String>,
    readings: Vec<String>,
    used: Vec<Used>,
}

/// An entry that was used.
struct Used {
    href: Option<String>,
    number: String,
    name: String,
    when: String,
    from: String,
}

pub(super) async fn duty(
    State(app): State<App>,
    frame: Frame,
    Path((case, asked)): Path<(String, String)>,
) -> Result<Response, Refused> {
    let gathered = Gathered::of(&app, &frame, &case).await?;
    let clock = frame.clock();
    let source = gathered.source(&app, &frame, &clock).ok_or(Refused::NotThere)?;
    let reading = source.duties().map(|(_, duty)| duty).find(|duty| key(duty) == asked);
    let reading = reading.ok_or(Refused::NotThere)?;
    let reading = &BetweenOthers::of(&app, &frame.signed, source.log).out_of(reading);
    let language = frame.language();
    let w = Words::of(language);
    let about = source.about(language);
    let mut said = explain::duty(&about, source.evaluation, reading);
    let used = reading.used();
    drop_last_where(&mut said, &used);
    let heading = source.named.duty(reading.duty.as_str()).to_owned();
    let shown = source.duty(reading, language);
    html(&Page {
        w,
        back: link::path(&["opphold", &case]),
        word: shown.status_words,
        tone: shown.tone,
        said,
        readings: explain::duty_readings(&about, reading),
        used: entries(&source, &used, w),
        frame: frame.titled(format!("{}: {heading}", w.why)),
        heading,
    })
}

pub(super) async fn day(
    State(app): State<App>,
    frame: Frame,
    Path((case, meter, date)): Path<(String, String, String)>,
) -> Result<Response, Refused> {
    let gathered = Gathered::of(&app, &frame, &case).await?;
    let clock = frame.clock();
    let source = gathered.source(&app, &frame, &clock).ok_or(Refused::NotThere)?;
    let date: Date = date.parse().map_err(|_| Refused::NotThere)?;
    let meter = source.meters().find(|it| it.meter.as_str() == meter).ok_or(Refused::NotThere)?;
    let day = meter.days.iter().find(|day| day.date == date).ok_or(Refused::NotThere)?;
    let day = &BetweenOthers::of(&app, &frame.signed, source.log).out_of_day(day);
    let language = frame.language();
    let w = Words::of(language);
    let about = source.about(language);
    let mut said = explain::days(&about, source.evaluation, meter, std::slice::from_ref(day));
    drop_last_where(&mut said, &day.used);
    let heading = explain::date_words(date, language);
    html(&Page {
        w,
        back: link::path(&["opphold", &case]),
        word: explain::day_status_word(day.status, language),
        tone: if day.status.counts() { Tone::Warning } else { Tone::Neutral },
        said,
        readings: explain::meter_readings(&about, meter),
        used: entries(&source, &day.used, w),
        frame: frame.titled(format!("{}: {heading}", w.why)),
        heading,
    })
}

/// The last sentence names the entries that were used: here they stand in a list of their own, with ways to them.
fn drop_last_where(said: &mut Vec<String>, used: &[Position]) {
    if !used.is_empty() {
        said.pop();
    }
}

fn entries(source: &Source<'_>, used: &[Position], w: &Words) -> Vec<Used> {
    let shown = used.iter().map(|position| {
        let entry = source.entry(position.0);
        let stay = link::path(&["opphold", &source.log.case]);
        Used {
            href: entry.map(|_| format!("{stay}#oppf-{}", position.0)),
            number: fill(w.entry, &[("n", &position.0)]),
            name: entry.map(|entry| source.named.kind(&entry.kind).to_owned()).unwrap_or_default(),
            when: entry.map(|entry| source.clock.instant(entry.happened)).unwrap_or_default(),
            from: entry.and_then(|entry| entry.from.clone()).unwrap_or_default(),
        }
    });
    shown.collect()
}
