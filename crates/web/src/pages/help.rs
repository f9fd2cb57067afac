//! Help that quotes the guideline: what the agreements say, who must do what and when, and where it stands.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use samspill_agreement::{
    model::{Agreement, Duty, Language, Version},
    words as agreed,
};
use serde::Deserialize;

use super::{Frame, html, words::words};
use crate::{App, Refused};

words! {
    /// Words of the help.
    Words {
        title: "Hjelp" | "Hjelp" | "Help",
        lead: "Dette sier avtalene. Hver regel står med punktet den er hentet fra." | "Dette seier avtalane. Kvar regel står med punktet han er henta frå." | "This is what the agreements say. Each rule stands with the clause it comes from.",
        find: "Finn i avtalene" | "Finn i avtalane" | "Find in the agreements",
        show: "Finn" | "Finn" | "Find",
        in_force: "Gjelder fra" | "Gjeld frå" | "In force from",
        duties: "Hvem skal gjøre hva, og når" | "Kven skal gjere kva, og når" | "Who must do what, and when",
        duty: "Plikt" | "Plikt" | "Duty",
        who: "Hvem" | "Kven" | "Who",
        limit: "Frist" | "Frist" | "Limit",
        clause: "Punkt" | "Punkt" | "Clause",
        readings: "Slik er teksten tolket" | "Slik er teksten tolka" | "How the text is read",
        blind: "Dette regnes ikke ut" | "Dette blir ikkje rekna ut" | "What isn't computed",
        nothing: "Ingen regler passer" | "Ingen reglar passar" | "No rules match",
        nothing_hint: "Prøv et annet ord, for eksempel «epikrise»." | "Prøv eit anna ord, til dømes «epikrise»." | "Try another word, such as “epikrise”.",
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
}

#[derive(Template)]
#[template(path = "help/help.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    asked: String,
    agreements: Vec<Shown>,
}

/// An agreement, as far as it holds what was asked for.
struct Shown {
    id: String,
    name: String,
    in_force: String,
    duties: Vec<Rule>,
    readings: Vec<Quoted>,
    blind_spots: Vec<Quoted>,
}

struct Rule {
    name: String,
    says: String,
    who: String,
    limit: String,
    clause: String,
}

struct Quoted {
    clause: String,
    text: String,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/hjelp", get(help))
}

async fn help(State(app): State<App>, frame: Frame, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let w = Words::of(frame.language());
    let words = asked.q.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    let all = app.parts().projections.agreements().all();
    let shown = all.iter().map(|agreement| shown(agreement, &words, frame.language()));
    let agreements = shown.filter(|it| words.is_empty() || !it.is_empty()).collect();
    html(&Page { frame: frame.titled(w.title), w, asked: asked.q, agreements })
}

fn shown(agreement: &Agreement, words: &[String], language: Language) -> Shown {
    let version = agreement.newest();
    let duties = version.duties.iter().map(|duty| rule(version, duty, language));
    let readings =
        version.readings.iter().map(|it| quoted(it.clause.as_str(), it.text.in_language(language)));
    let blind =
        version.blind_spots.iter().map(|it| quoted(it.clause.as_str(), it.text.in_language(language)));
    Shown {
        id: agreement.id.to_string(),
        name: version.name.in_language(language).to_owned(),
        in_force: agreed::date(version.in_force, language),
        duties: duties
            .filter(|it| holds(words, &[&it.name, &it.says, &it.who, &it.limit, &it.clause]))
            .collect(),
        readings: readings.filter(|it| holds(words, &[&it.clause, &it.text])).collect(),
        blind_spots: blind.filter(|it| holds(words, &[&it.clause, &it.text])).collect(),
    }
}

impl Shown {
    fn is_empty(&self) -> bool {
        self.duties.is_empty() && self.readings.is_empty() && self.blind_spots.is_empty()
    }
}

fn rule(version: &Version, duty: &Duty, language: Language) -> Rule {
    let holder = duty.holder.as_str();
    let who = version.parties.get(holder).map_or(holder, |party| party.name.in_language(language));
    Rule {
        name: duty.name.in_language(language).to_owned(),
        says: duty.says.in_language(language).to_owned(),
        who: who.to_owned(),
        limit: agreed::deadline(version, &duty.deadline, language),
        clause: duty.clause.to_string(),
    }
}

fn quoted(clause: &str, text: &str) -> Quoted {
    Quoted { clause: clause.to_owned(), text: text.to_owned() }
}

/// Whether every word stands somewhere in the texts.
fn holds(words: &[String], texts: &[&str]) -> bool {
    let texts = texts.iter().map(|text| text.to_lowercase()).collect::<Vec<_>>();
    words.iter().all(|word| texts.iter().any(|text| text.contains(word)))
}
