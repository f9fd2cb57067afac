//! Which of what a party may write.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use samspill_agreement::model::KindType;
use samspill_service::{
    casework::{Asked, Offer, OfferStanding, offers},
    projections::DueRow,
};

use super::{Room, Words};
use crate::{
    App, Refused,
    pages::{Frame, Named, html, link},
};

#[derive(Template)]
#[template(path = "write/choose.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    case: String,
    stay: String,
    groups: Vec<Group>,
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
) -> Result<Response, Refused> {
    let room = Room::open(&app, &frame, &case).await?;
    let view = room.view()?;
    let w = Words::of(frame.language());
    let offered = offers(&view, room.role);
    let named = frame.names(&app).of(Some(view.agreement.id.as_str()), &view.version.version);
    let teller = Teller { w, case: &case, frame: &frame, named };
    let groups = vec![
        teller.group("ventes", w.asked, &offered, |it| it.standing == OfferStanding::Asked),
        teller.group("meldinger", w.messages, &offered, |it| {
            it.standing == OfferStanding::Possible && it.sort == KindType::Message
        }),
        teller.group("hendelser", w.events, &offered, |it| {
            it.standing == OfferStanding::Possible && it.sort == KindType::Event
        }),
        teller.group("neppe", w.unlikely, &offered, |it| it.standing > OfferStanding::Possible),
    ];
    let groups = groups.into_iter().filter(|group| !group.lines.is_empty()).collect();
    let stay = link::path(&["opphold", &case]);
    let case = room.called.clone();
    html(&Page { frame: frame.clone().titled(w.choose), w, case, stay, groups })
}

struct Teller<'t> {
    w: &'static Words,
    case: &'t str,
    frame: &'t Frame,
    named: Named<'t>,
}

impl Teller<'_> {
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
        Line {
            href: link::path(&["opphold", self.case, "skriv", offer.kind.as_str()]),
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

    fn note(&self, offer: &Offer, first: Option<&Asked>) -> String {
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
