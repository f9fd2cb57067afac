//! The list of a party's open stays.

use jiff::Timestamp;
use samspill_engine::{DutyReading, DutyStatus, MeterReading, explain::instant_words};
use samspill_formats::messages::norway;

use super::{
    Print, StayNow,
    labels::Label,
    page::{Html, element, page, says, table},
    stay::{current, due_words, duty_name, ends, is_message, kind_name, role_name, since},
};
use crate::downtime::{Downtime, Parties, annotate, duties::named_version};

/// Messages of a stay that the list shows at the most: the latest.
const MESSAGES_SHOWN: usize = 3;

/// The open stays of a party, as the address book calls it: by unit, in each by what is due first.
///
/// A stay is open while one of the phases runs that the data on downtime names, or while a duty can still be done in time. Stays
/// that the party has no part in are left out.
pub fn status_list(party: &str, stays: &[StayNow<'_>], print: &Print<'_>) -> String {
    let language = print.language;
    let label = |label: Label| label.in_language(language);
    let title = format!("{}: {party}", label(Label::StatusList));
    let as_of = instant_words(print.as_of, &norway(), language);
    let mut body = vec![
        says("h1", &title),
        says("p", &format!("{} {as_of}.", label(Label::AsOf))),
        element("p", &[("class", "warning")], Html::text(label(Label::SecretList))),
    ];
    body.extend(down(party, print));
    let mut listed: Vec<&StayNow<'_>> = stays.iter().filter(|stay| is_listed(stay, party, print)).collect();
    listed.sort_by(|a, b| order(a).cmp(&order(b)));
    if listed.is_empty() {
        body.push(says("p", label(Label::NoStays)));
    }
    for group in listed.chunk_by(|a, b| a.unit == b.unit) {
        body.push(unit(group, print));
    }
    page(language, &title, vec![element("section", &[("class", "wide")], Html::all(body))])
}

fn is_listed(stay: &StayNow<'_>, party: &str, print: &Print<'_>) -> bool {
    is_open(stay) && Parties::of(stay.log, stay.version(), print.book).has(party)
}

fn is_open(stay: &StayNow<'_>) -> bool {
    let named = Downtime::shipped().open_phases();
    let version = stay.version();
    let knows = version.phases.iter().any(|phase| named.iter().any(|id| id == phase.id.as_str()));
    let mut running = stay.evaluation.phases.iter().filter(|phase| phase.until.is_none());
    let runs = running.any(|phase| !knows || named.iter().any(|id| id == phase.phase.as_str()));
    let mut duties = stay.evaluation.duties.iter();
    runs || duties.any(|duty| duty.status == DutyStatus::Open && duty.due.instant().is_some())
}

/// By unit, those without one last; then by the first limit, those without one last; then by case.
fn order<'s>(stay: &'s StayNow<'_>) -> (bool, Option<&'s str>, bool, Option<Timestamp>, &'s str) {
    let due = stay.open_duties().iter().find_map(|duty| duty.due.instant());
    (stay.unit.is_none(), stay.unit, due.is_none(), due, &stay.log.case)
}

fn unit(stays: &[&StayNow<'_>], print: &Print<'_>) -> Html {
    let language = print.language;
    let columns = [
        Label::Patient,
        Label::Phase,
        Label::OpenDuties,
        Label::DaysSoFar,
        Label::LastMessages,
        Label::Unanswered,
    ];
    let columns = columns.map(|label| label.in_language(language));
    let rows = stays.iter().map(|stay| Row { stay, print }.cells()).collect();
    let name = stays.first().and_then(|stay| stay.unit).unwrap_or(Label::NoUnit.in_language(language));
    Html::all([says("h2", name), table(name, &columns, rows)])
}

struct Row<'r> {
    stay: &'r StayNow<'r>,
    print: &'r Print<'r>,
}

impl Row<'_> {
    fn cells(&self) -> Vec<Html> {
        vec![
            Html::lines(self.patient()),
            self.or_none(self.phases()),
            self.or_none(self.duties()),
            self.or_none(self.days()),
            self.or_none(self.messages()),
            self.or_none(self.unanswered()),
        ]
    }

    fn or_none(&self, lines: Vec<String>) -> Html {
        if lines.is_empty() {
            return Html::text(Label::None.in_language(self.print.language));
        }
        Html::lines(lines)
    }

    fn patient(&self) -> Vec<String> {
        let known = [self.stay.patient_name(), self.stay.number(), self.stay.log.case.clone()];
        known.into_iter().filter(|text| !text.trim().is_empty()).collect()
    }

    fn phases(&self) -> Vec<String> {
        let language = self.print.language;
        let running = self.stay.evaluation.phases.iter().filter(|phase| phase.until.is_none());
        running
            .map(|phase| {
                let mut named = self.stay.version().phases.iter();
                let name = named
                    .find(|known| known.id == phase.phase)
                    .map_or(phase.phase.as_str(), |known| known.name.in_language(language));
                format!("{name} {}", since(self.stay, phase.from.at, language))
            })
            .collect()
    }

    fn duties(&self) -> Vec<String> {
        let (stay, language) = (self.stay, self.print.language);
        let parties = Parties::of(stay.log, stay.version(), self.print.book);
        let down = annotate(stay.agreement, stay.evaluation, self.print.periods, &parties, self.print.book);
        let words = |duty: &DutyReading| {
            let (name, due) = (duty_name(stay, duty, language), due_words(stay, duty, language));
            let holder = role_name(named_version(stay.agreement, &duty.version), &duty.holder, language);
            let place = stay.evaluation.duties.iter().position(|known| std::ptr::eq(known, duty));
            let down = down.iter().filter(|down| Some(down.place) == place);
            let down: Vec<String> = down.map(|down| down.status_words(language)).collect();
            let down = if down.is_empty() { String::new() } else { format!(" [{}]", down.join("; ")) };
            format!("{due}: {name}. {holder}.{down}")
        };
        stay.open_duties().into_iter().map(words).collect()
    }

    fn days(&self) -> Vec<String> {
        let language = self.print.language;
        let of = |meter: &MeterReading| {
            let version = named_version(self.stay.agreement, &meter.version);
            let rule = version.meters.iter().find(|rule| rule.id == meter.meter);
            let name = rule.map_or(meter.meter.as_str(), |rule| rule.name.in_language(language));
            format!("{name}: {}", meter.count)
        };
        self.stay.evaluation.meters.iter().map(of).collect()
    }

    fn messages(&self) -> Vec<String> {
        let version = self.stay.version();
        let entries = self.stay.entries();
        let messages = entries.iter().filter(|entry| is_message(version, &entry.kind));
        let words = messages.take(MESSAGES_SHOWN).map(|entry| {
            let name = kind_name(version, &entry.kind, self.print.language);
            let at = self.stay.at(entry.happened, self.print.language);
            format!("{at}: {name}, {}", ends(entry)).trim_end_matches([',', ' ']).to_owned()
        });
        words.collect()
    }

    /// Messages that ask somebody to act who hasn't.
    fn unanswered(&self) -> Vec<String> {
        let (version, language) = (self.stay.version(), self.print.language);
        let open = self.stay.open_duties().into_iter().filter(|duty| {
            version
                .kinds
                .get(&duty.trigger.kind)
                .is_some_and(|kind| is_message(version, kind.id.as_str()) && kind.to.contains(&duty.holder))
        });
        open.map(|duty| {
            let name = kind_name(version, duty.trigger.kind.as_str(), language);
            format!("{name}, {}", self.stay.at(duty.trigger.at, language))
        })
        .collect()
    }
}

/// The party's downtime that isn't over, in a sentence each.
fn down(party: &str, print: &Print<'_>) -> Vec<Html> {
    let label = Label::DownNow.in_language(print.language);
    current(party, print).into_iter().map(|words| says("p", &format!("{label}: {words}."))).collect()
}
