//! Which of what a party may write.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use samspill_agreement::model::KindType;
use samspill_service::{
    casework::{Asked as AskedDuty, Offer, OfferStanding, offers},
    projections::DueRow,
};

use super::{
    Room, Words,
    later::{self, LaterWords},
};
use crate::{
    App, Refused,
    pages::{Frame, Named, fill, html, link},
};

#[derive(Template)]
#[template(path = "write/choose.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    case: String,
    stay: String,
    groups: Vec<Group>,
    l: &'static LaterWords,
    /// After which downtime something is entered; empty where it is written as it happens.
    after: String,
    /// The downtime after which something may be entered: addresses and names.
    downtime: Vec<(String, String)>,
}

/// What the address may say.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The downtime in which things were told by other means.
    etterpa: String,
}

/// Kinds that belong together.
struct Group {
    id: &'static str,
    name: &'static str,
    /// Whether messages stand beside events, so that each has to say which it is.
    is_mixed: bool,
    lines: Vec<Line>,
}

struct Line {
    href: String,
    name: String,
    sort: &'static str,
    note: String,
    clause: String,
    due: String,
    tone: &'static str,
}

pub(super) async fn page(
    State(app): State<App>,
    frame: Frame,
    Path(case): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refused> {
    let room = Room::open(&app, &frame, &case).await?;
    let view = room.view()?;
    let w = Words::of(frame.language());
    let offered = offers(&view, room.role);
    let named = frame.names(&app).of(Some(view.agreement.id.as_str()), &view.version.version);
    let downtime = later::offered(&room).await?;
    let after = downtime.iter().find(|(id, _)| *id == asked.etterpa);
    let teller = Teller { w, case: &case, frame: &frame, named, after: after.map(|(id, _)| id.as_str()) };
    let groups = teller.groups(&offered);
    let (stay, own) = (link::path(&["opphold", &case]), link::path(&["opphold", &case, "skriv"]));
    let l = LaterWords::of(frame.language());
    html(&Page {
        w,
        stay,
        groups,
        l,
        case: room.called.clone(),
        after: after.map(|(_, name)| fill(l.choose, &[("what", name)])).unwrap_or_default(),
        downtime: downtime
            .iter()
            .map(|(id, name)| (link::query(&own, &[(later::DOWNTIME, id)]), name.clone()))
            .collect(),
        frame: frame.clone().titled(w.choose),
    })
}

struct Teller<'t> {
    w: &'static Words,
    case: &'t str,
    frame: &'t Frame,
    named: Named<'t>,
    /// The downtime after which it is entered.
    after: Option<&'t str>,
}

impl Teller<'_> {
    /// What may be written, what the agreement waits for first. None is empty.
    fn groups(&self, offered: &[Offer]) -> Vec<Group> {
        let w = self.w;
        let possible =
            |sort: KindType| move |it: &Offer| it.standing == OfferStanding::Possible && it.sort == sort;
        let groups = [
            self.group("ventes", w.asked, offered, |it| it.standing == OfferStanding::Asked),
            self.group("meldinger", w.messages, offered, possible(KindType::Message)),
            self.group("hendelser", w.events, offered, possible(KindType::Event)),
            self.group("neppe", w.unlikely, offered, |it| it.standing > OfferStanding::Possible),
        ];
        groups.into_iter().filter(|group| !group.lines.is_empty()).collect()
    }

    fn group(
        &self,
        id: &'static str,
        name: &'static str,
        offered: &[Offer],
        is_in: impl Fn(&Offer) -> bool,
    ) -> Group {
        let lines: Vec<Line> =
            offered.iter().filter(|offer| is_in(offer)).map(|offer| self.line(offer)).collect();
        let is_mixed = lines.windows(2).any(|pair| pair[0].sort != pair[1].sort);
        Group { id, name, is_mixed, lines }
    }

    fn line(&self, offer: &Offer) -> Line {
        let w = self.w;
        let first = offer.asked.first();
        let form = link::path(&["opphold", self.case, "skriv", offer.kind.as_str()]);
        Line {
            href: match self.after {
                Some(downtime) => link::query(&form, &[(later::DOWNTIME, downtime)]),
                None => form,
            },
            name: offer.name.in_language(self.frame.language()).to_owned(),
            sort: match offer.sort {
                KindType::Message => w.message,
                KindType::Event => w.event,
            },
            note: self.note(offer, first),
            clause: first.map(|asked| asked.clause.to_string()).unwrap_or_default(),
            due: first.map(|asked| self.frame.clock().due(DueRow::from(asked.due))).unwrap_or_default(),
            tone: if first.is_some_and(|asked| asked.is_overdue) { "danger" } else { "info" },
        }
    }

    fn note(&self, offer: &Offer, first: Option<&AskedDuty>) -> String {
        match offer.standing {
            OfferStanding::Asked => {
                first.map(|asked| self.named.duty_says(asked.duty.as_str()).to_owned()).unwrap_or_default()
            }
            OfferStanding::Possible => String::new(),
            OfferStanding::AlreadyRuns => self.w.already.to_owned(),
            OfferStanding::NothingToEnd => self.w.nothing_to_end.to_owned(),
        }
    }
}
