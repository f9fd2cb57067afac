//! From a message to the entries of the log.

use std::collections::BTreeMap;

use jiff::Timestamp;
use samspill_base::{Entry, Position, Value};
use samspill_formats::messages::types::{Body, Message};

use super::{
    Choice, Context, Mapped, Matcher, Meant, Newness, Placement, Question, QuestionKind, Remark, RemarkKind,
    duplicates::newness_of,
    known::Cancellation,
    reply::{self, Suggestion},
    sources::{Source, event_at, normal_id},
    status::{self, Status},
    table::{At, Rule},
    time::{Doubt, ReadTime, day_of, read_time},
    traits::Traits,
};

/// What a message means for the log.
///
/// The times of an entry: *happened* is when the event took place (for events, and for discharge and death), or when the message
/// was made (for what is said by sending it: a notice, a report, a reply); *sent* is when the message was made; *received* and
/// *recorded* are the context's; *acknowledged* is when the first positive receipt was made, and stands in for *received* where
/// that isn't known. How times without clock or zone are read, [`read_time`] says.
///
/// A cancellation gives one entry for each entry it cancels. A change gives the entry anew, which names what it replaces: what
/// was sent before was sent all the same. Whether an event is marked as an estimate (`Anslag`) decides nothing.
pub fn entries(message: &Message, context: &Context<'_>) -> Mapped {
    let mut traits = Traits::of(message, context.table, &context.zone);
    if let Some(named) = context.known.rulings().message(&traits.id) {
        traits.refs = vec![named.to_owned()];
    }
    let newness = newness_of(message, &traits.id, context.known);
    let mut reading = Reading { message, context, traits, questions: Vec::new(), remarks: Vec::new() };
    if let Body::Receipt(receipt) = &message.body {
        let (id, reasons) = (normal_id(&receipt.original_id), receipt_reasons(message));
        if receipt.status.value == "2" {
            reading.ask_about(id, QuestionKind::Rejected, &format!("Mottakeren avviste meldingen: {reasons}. Den er ikke mottatt. Send på nytt, eller gi beskjed på annen måte."), Vec::new());
        }
        let mut mapped =
            reading.mapped(newness, Placement::Outside { reasons: Vec::new() }, Found::default());
        mapped.receipt = Some(receipt.clone());
        return mapped;
    }
    match newness {
        Newness::New => reading.new_message(),
        Newness::Duplicate { .. } => {
            reading.remark(RemarkKind::Duplicate, "Meldingen er lest før, og gir ingenting nytt.".to_owned());
            reading.placed_before(newness)
        }
        Newness::Conflict => {
            let text = "En annen melding har samme id og sier noe annet. Hvilken gjelder?";
            let choices =
                ["den første", "denne"].map(|which| Choice { value: which.to_owned(), reasons: Vec::new() });
            reading.ask(QuestionKind::WhichContent, text, choices.into());
            reading.placed_before(newness)
        }
    }
}

fn receipt_reasons(message: &Message) -> String {
    let Body::Receipt(receipt) = &message.body else { return String::new() };
    let reasons: Vec<String> =
        receipt.errors.iter().map(|error| format!("{} {}", error.value, error.name)).collect();
    if reasons.is_empty() { "ingen grunn er oppgitt".to_owned() } else { reasons.join("; ") }
}

/// What was found in a message.
#[derive(Debug, Default)]
struct Found {
    entries: Vec<Entry>,
    suggestion: Option<Suggestion>,
    carried: BTreeMap<String, Value>,
    admission: Option<String>,
    cancellation: Option<Cancellation>,
    is_void: bool,
}

struct Reading<'a, 'c> {
    message: &'a Message,
    context: &'a Context<'c>,
    traits: Traits,
    questions: Vec<Question>,
    remarks: Vec<Remark>,
}

impl Reading<'_, '_> {
    fn new_message(mut self) -> Mapped {
        let status = status::status(self.message);
        let cancels = status == Status::Cancellation;
        let placement = Matcher::new(self.context).place_traits(&self.traits, cancels);
        self.tell_placement(&placement);
        if matches!(placement, Placement::Outside { .. }) {
            return self.mapped(Newness::New, placement, Found::default());
        }
        let case = placement.case().unwrap_or_default().to_owned();
        let found = match status {
            Status::Cancellation => self.cancelled(&case, &placement),
            Status::New => self.given(&case, None),
            Status::Unknown => {
                let text = "Meldingens status er verken N, M eller C, og leses som ny (N).";
                self.remark(RemarkKind::UnknownStatus, text.to_owned());
                self.given(&case, None)
            }
            Status::Change => self.changed(&case),
        };
        self.mapped(Newness::New, placement, found)
    }

    fn mapped(self, newness: Newness, placement: Placement, found: Found) -> Mapped {
        Mapped {
            id: self.traits.id.clone(),
            newness,
            placement,
            entries: found.entries,
            questions: self.questions,
            remarks: self.remarks,
            suggestion: found.suggestion,
            receipt: None,
            carried: found.carried,
            admission: found.admission,
            cancellation: found.cancellation,
            is_void: found.is_void,
            traits: self.traits,
        }
    }

    /// A message that was there before stays where it was.
    fn placed_before(self, newness: Newness) -> Mapped {
        let known = self.context.known.message(&self.traits.id).and_then(|known| known.case.clone());
        let placement = match known {
            Some(case) => Placement::Certain { case, reasons: vec!["Meldingen er lest før.".to_owned()] },
            None => Placement::Outside { reasons: vec!["Meldingen er lest før.".to_owned()] },
        };
        self.mapped(newness, placement, Found::default())
    }

    fn tell_placement(&mut self, placement: &Placement) {
        match placement {
            Placement::Certain { .. } | Placement::New { .. } => {}
            Placement::Ambiguous { candidates, reasons } => {
                let choice =
                    |it: &super::Candidate| Choice { value: it.case.clone(), reasons: it.reasons.clone() };
                let text = format!("Hvilket opphold gjelder meldingen? {}", reasons.join(" "));
                self.ask(QuestionKind::WhichStay, &text, candidates.iter().map(choice).collect());
            }
            Placement::UnknownPerson { reasons } => {
                let text = format!("Hvem gjelder meldingen? {}", reasons.join(" "));
                self.ask(QuestionKind::WhichPerson, &text, Vec::new());
            }
            Placement::Outside { reasons } => self.remark(RemarkKind::Outside, reasons.join(" ")),
            Placement::Waits { named } if named.is_empty() => {
                let text = "Meldingen kansellerer en tidligere melding, men sier ikke hvilken.";
                let choices = self.same_kind();
                self.ask(QuestionKind::WhichMessage, text, choices);
            }
            Placement::Waits { named } => {
                let text = format!("Kanselleringen venter på meldingen den gjelder: {}.", named.join(", "));
                self.remark(RemarkKind::Waits, text);
            }
        }
    }

    /// The messages of the same kind about the same person: what a cancellation without a reference may be about.
    fn same_kind(&self) -> Vec<Choice> {
        let person = &self.traits.person.ids;
        let known = self.context.known.messages_of(person);
        let known = known.filter(|(_, known)| known.kind == self.message.kind && !known.is_cancelled);
        known
            .map(|(id, known)| Choice { value: id.clone(), reasons: vec![known.made_text.clone()] })
            .collect()
    }

    /// The entries of a cancellation: one for each that the messages it is about gave.
    fn cancelled(&mut self, case: &str, placement: &Placement) -> Found {
        let Some(pattern) = self.cancellation_pattern() else { return Found::default() };
        let cancellation = status::cancellation(&self.traits, pattern);
        let targets = self.context.known.series(self.traits.kind, &self.traits.refs, self.traits.made);
        if targets.is_empty() && !matches!(placement, Placement::Waits { .. }) {
            let text = "Meldingen det vises til, er av et annet slag enn kanselleringen. Hvilken melding gjelder den?";
            let choices = self.same_kind();
            self.ask(QuestionKind::WhichMessage, text, choices);
        }
        let mut found = Found::default();
        for target in targets {
            let Some(known) = self.context.known.messages.get(&target) else { continue };
            let case = known.case.as_deref().unwrap_or(case);
            found.entries.extend(status::cancelling(&cancellation, &known.entries, case, self.context));
        }
        found.cancellation = Some(cancellation);
        found
    }

    fn cancellation_pattern(&mut self) -> Option<Entry> {
        let made = self.made()?;
        Some(self.entry("", &self.context.table.log.cancellation, made.at, None))
    }

    fn changed(&mut self, case: &str) -> Found {
        let meant = self.context.known.rulings().meant(&self.traits.id);
        if meant == Some(Meant::New) {
            return self.given(case, None);
        }
        if meant.is_none() && !status::may_be_changed(self.message.kind) {
            let text = "Meldinger av dette slaget kan være nye eller kansellert, ikke endret (M). Er den ment som en ny melding?";
            self.ask(QuestionKind::WhetherMeant, text, Vec::new());
        }
        let replaced = status::replaced(self.message);
        let mut found = self.given(case, replaced.as_deref());
        if let Some(old) = self.replaced_events(replaced.as_deref(), case) {
            found.entries.splice(0..0, old);
        }
        found
    }

    /// An event that was told wrong didn't take place so: unlike a message, which was sent, it is cancelled by its change.
    fn replaced_events(&mut self, replaced: Option<&str>, case: &str) -> Option<Vec<Entry>> {
        let pattern = self.cancellation_pattern()?;
        let known = self.context.known.messages.get(replaced?)?;
        let events: Vec<_> = known.entries.iter().filter(|(id, _)| id.contains('#')).cloned().collect();
        let cancellation = status::cancellation(&self.traits, pattern);
        Some(status::cancelling(&cancellation, &events, case, self.context))
    }

    /// The entries that a message gives by the table.
    fn given(&mut self, case: &str, replaced: Option<&str>) -> Found {
        let mut found = Found::default();
        let rules: Vec<&Rule> = {
            let all = self.context.table.rules_for(self.message.kind);
            all.filter(|rule| rule.holds(self.message)).collect()
        };
        for rule in rules {
            self.give(rule, case, replaced, &mut found);
        }
        self.cancelled_before(case, &mut found);
        found
    }

    fn give(&mut self, rule: &Rule, case: &str, replaced: Option<&str>, found: &mut Found) {
        let tells_admission = rule.flags.own_id && rule.flags.opens && replaced.is_none();
        if (rule.flags.only_if_missing || tells_admission) && self.has_admission(case) {
            return;
        }
        let Some(happened) = self.happened(rule) else { return };
        self.learn_ruled_time(rule, happened);
        let own_id = rule.flags.own_id.then_some(rule.kind.as_str());
        if rule.flags.own_id {
            found.entries.extend(self.overruled_admission(case));
        }
        let mut entry = self.entry(case, self.kind(rule), happened.at, own_id);
        entry.facts = self.facts(rule);
        entry.body = self.body(rule, case, replaced);
        self.tell_precision(rule, happened, &mut entry);
        if rule.flags.own_id {
            found.admission.clone_from(&entry.id);
        }
        found.carried.extend(fields(&rule.carried, self.message));
        if rule.flags.is_reply {
            found.suggestion = Some(self.reply(&entry));
        }
        self.ask_kind(rule);
        self.look_at_ready_day(rule, happened.at);
        found.entries.push(entry);
    }

    /// Whether the stay's admission is told of already. Another time of it is asked about.
    fn has_admission(&mut self, case: &str) -> bool {
        let stay = self.context.known.stay(case).filter(|stay| stay.admission_entry.is_some());
        let Some(known) = stay.and_then(|stay| stay.admitted) else { return false };
        let zone = &self.context.zone;
        let Some(told) = self.traits.admitted.filter(|told| !told.may_equal(known, zone)) else {
            return true;
        };
        let ruled = self.context.known.rulings().admission(&self.traits.id);
        if ruled.is_none() {
            let choices = [known, told]
                .map(|time| Choice { value: zone.to_datetime(time.at).to_string(), reasons: Vec::new() });
            self.ask(
                QuestionKind::WhichAdmission,
                "Meldingen har et annet innleggelsestidspunkt enn oppholdet. Hvilket er riktig?",
                choices.into(),
            );
        }
        ruled != Some(told.at)
    }

    /// Cancels the stay's admission where a person said that it was at the time that this message tells.
    fn overruled_admission(&mut self, case: &str) -> Vec<Entry> {
        let ruled = self.context.known.rulings().admission(&self.traits.id);
        if ruled.is_none() || ruled != self.traits.admitted.map(|told| told.at) {
            return Vec::new();
        }
        let known = self.context.known.stay(case).and_then(|stay| stay.admission_entry.clone());
        let Some((known, pattern)) = known.zip(self.cancellation_pattern()) else { return Vec::new() };
        let cancellation = status::cancellation(&self.traits, pattern);
        status::cancelling(&cancellation, &[(known, String::new())], case, self.context)
    }

    /// The kind of the entry of a rule: what a person said, where its words leave it open.
    fn kind<'r>(&'r self, rule: &'r Rule) -> &'r str {
        let ruled = self.context.known.rulings().kind(&self.traits.id);
        let may_be = |kind: &&str| rule.may_be.iter().any(|it| it.kind == **kind);
        ruled.filter(may_be).unwrap_or(&rule.kind)
    }

    /// Cancellations that came first take effect now.
    fn cancelled_before(&mut self, case: &str, found: &mut Found) {
        let given: Vec<(String, String)> =
            found.entries.iter().filter_map(|it| Some((it.id.clone()?, it.kind.clone()))).collect();
        let mut cancelling = Vec::new();
        for cancellation in status::waiting_for(&self.traits, self.context) {
            cancelling.extend(status::cancelling(cancellation, &given, case, self.context));
        }
        if !cancelling.is_empty() {
            let text = "Meldingen var kansellert før den kom.".to_owned();
            self.remark(RemarkKind::CancelledBefore, text);
            found.entries.extend(cancelling);
            (found.admission, found.suggestion) = (None, None);
            found.carried.clear();
            found.is_void = true;
        }
    }

    /// When the message was made; where that can't be read, when it was received.
    fn made(&mut self) -> Option<ReadTime> {
        let zone = &self.context.zone;
        let made = read_time(&self.message.head.made, self.context.received, zone);
        let stand_in = || self.context.received.or(self.context.recorded);
        let ruled = || self.context.known.rulings().when(&self.traits.id);
        let read = made.or_else(|| Some(ReadTime { at: stand_in().or_else(ruled)?, doubt: None }));
        if read.is_none() {
            self.ask_when("Meldingen har ikke noe tidspunkt som kan leses. Når ble den sendt?");
        }
        if made.zip(self.context.received).is_some_and(|(made, received)| made.at > received) {
            let text = "Meldingen er laget etter at den ble mottatt: en av klokkene går feil.".to_owned();
            self.remark(RemarkKind::MadeAfterReceived, text);
        }
        read
    }

    fn happened(&mut self, rule: &Rule) -> Option<ReadTime> {
        let read = match &rule.at {
            At::Made => self.made(),
            At::Event(codes) => self.event(codes),
        }?;
        match read.doubt {
            None => {}
            Some(Doubt::DayOnly) => {
                let at = self.context.zone.to_datetime(read.at);
                let text = format!("«{}» er oppgitt uten klokkeslett, og leses som {at}.", rule.kind);
                self.remark(RemarkKind::DayOnly, text);
            }
            Some(Doubt::CameTwice) => {
                self.remark(
                    RemarkKind::ClockChange,
                    "Tidspunktet kom to ganger da klokka ble stilt tilbake; det første er valgt.".to_owned(),
                );
            }
            Some(Doubt::NeverCame) => {
                self.remark(
                    RemarkKind::ClockChange,
                    "Tidspunktet fantes ikke da klokka ble stilt fram; det er flyttet fram.".to_owned(),
                );
            }
        }
        Some(read)
    }

    /// A time that a person gave is what the message says of the stay.
    fn learn_ruled_time(&mut self, rule: &Rule, happened: ReadTime) {
        if self.context.known.rulings().when(&self.traits.id) != Some(happened.at) || rule.at == At::Made {
            return;
        }
        if rule.flags.own_id {
            self.traits.admitted.get_or_insert(happened);
        }
        if rule.flags.ends {
            self.traits.left.get_or_insert(happened);
        }
    }

    fn event(&mut self, codes: &[String]) -> Option<ReadTime> {
        let event = match &self.message.body {
            Body::Care(care) => codes.iter().find_map(|code| event_at(care, code)),
            Body::Dialog(_) | Body::Epicrisis(_) | Body::Receipt(_) | Body::Other => None,
        };
        let read = event.and_then(|event| read_time(&event.at, self.traits.made, &self.context.zone));
        if read.is_some() {
            return read;
        }
        let ruled = self.context.known.rulings().when(&self.traits.id);
        if ruled.is_none() {
            self.ask_when("Meldingen sier ikke når det skjedde. Når var det?");
        }
        ruled.map(|at| ReadTime { at, doubt: None })
    }

    /// An entry with the message's times and ends. An event has an id of its own: the message's, a `#` and its kind.
    fn entry(&self, case: &str, kind: &str, happened: Timestamp, event: Option<&str>) -> Entry {
        let (head, context) = (&self.message.head, self.context);
        let id = (!self.traits.id.is_empty()).then(|| self.traits.id.clone());
        let acknowledged = context.known.acknowledged(&self.traits.id);
        let sent = self.traits.made;
        let mut entry = Entry::new(case, kind, Position(0), happened);
        entry.sent = sent.filter(|sent| *sent != happened);
        entry.received = context.received.or(acknowledged);
        entry.acknowledged = acknowledged;
        entry.recorded = context.recorded;
        entry.id = match event {
            Some(event) => id.map(|id| format!("{id}#{event}")),
            None => id,
        };
        entry.person.clone_from(&self.traits.person.shown);
        entry.from = context.directory.name_of(&head.sender);
        entry.to = context.directory.name_of(&head.receiver).filter(|_| event.is_none());
        entry
    }

    fn facts(&mut self, rule: &Rule) -> BTreeMap<String, Value> {
        let directory = self.context.directory;
        let hospital = super::parties::hospital(self.message, rule);
        let mut facts = rule.facts.clone();
        if let Some(listed) = hospital.and_then(|party| directory.find(party)) {
            facts.extend(listed.facts.clone());
        }
        if rule.flags.payer {
            let receiver = &self.message.head.receiver;
            let ruled = self.context.known.rulings().municipality(&self.traits.id);
            match ruled.or_else(|| directory.only_municipality(receiver)) {
                Some(one) => {
                    facts.insert(self.context.table.log.payer_fact.clone(), Value::text(one));
                }
                None => self.ask_payer(),
            }
        }
        facts
    }

    fn ask_payer(&mut self) {
        let listed = self.context.directory.find(&self.message.head.receiver);
        let Some(several) = listed.filter(|listed| !listed.municipalities.is_empty()) else { return };
        let choice = |name: &String| Choice { value: name.clone(), reasons: Vec::new() };
        let choices = several.municipalities.iter().map(choice).collect();
        self.ask(
            QuestionKind::WhichMunicipality,
            "Mottakeren betjener flere kommuner. Hvilken er oppholdskommunen?",
            choices,
        );
    }

    /// The body. Of a message whose contents lie in another, there is one only when that other is known.
    fn body(&self, rule: &Rule, case: &str, replaced: Option<&str>) -> Option<BTreeMap<String, Value>> {
        let mut body = fields(&rule.body, self.message).collect();
        add_carried(&mut body, rule, self.message);
        if rule.flags.takes_carried {
            let stay = self.context.known.stay(case).filter(|stay| !stay.carried.is_empty())?;
            body.extend(stay.carried.clone());
        }
        if let Some(replaced) = replaced.filter(|_| !rule.flags.own_id) {
            body.insert(self.context.table.log.replaced_field.clone(), Value::text(replaced));
        }
        (!body.is_empty() || !rule.body.is_empty()).then_some(body)
    }

    /// An event of which only the day was told keeps that, for what is read of it is an instant.
    fn tell_precision(&self, rule: &Rule, happened: ReadTime, entry: &mut Entry) {
        if rule.at != At::Made && happened.is_day() {
            let words = &self.context.table.log;
            let body = entry.body.get_or_insert_default();
            body.insert(words.told_field.clone(), Value::text(&words.told_day));
        }
    }

    fn reply(&mut self, entry: &Entry) -> Suggestion {
        let text = match &self.message.body {
            Body::Dialog(dialog) => {
                let notes = dialog.notes.iter().flat_map(|note| [note.text.as_str(), note.note.as_str()]);
                notes.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
            }
            Body::Care(_) | Body::Epicrisis(_) | Body::Receipt(_) | Body::Other => String::new(),
        };
        let sent = self.context.zone.to_datetime(entry.happened).date();
        let suggestion = reply::suggest(&text, sent);
        let words = &self.context.table.log;
        let choices = [&words.can, &words.cannot]
            .map(|value| Choice { value: value.clone(), reasons: suggestion.reasons_for(value, words) });
        self.ask(QuestionKind::WhichAnswer, "Hva svarte kommunen?", choices.into());
        suggestion
    }

    fn ask_kind(&mut self, rule: &Rule) {
        if self.context.known.rulings().kind(&self.traits.id).is_some() {
            return;
        }
        let text = match &self.message.body {
            Body::Dialog(dialog) => {
                let notes = dialog.notes.iter().flat_map(|note| [&note.theme_text, &note.text]);
                let asked = dialog.requests.iter().flat_map(|it| [&it.question, &it.reason]);
                notes.chain(asked).map(|text| text.to_lowercase()).collect::<Vec<_>>().join("\n")
            }
            Body::Care(_) | Body::Epicrisis(_) | Body::Receipt(_) | Body::Other => return,
        };
        let mut choices: Vec<Choice> = Vec::new();
        for may_be in &rule.may_be {
            let word = may_be.words.iter().find(|word| text.contains(word.as_str()));
            choices.extend(word.map(|word| Choice {
                value: may_be.kind.clone(),
                reasons: vec![format!("Teksten nevner «{word}».")],
            }));
        }
        if !choices.is_empty() {
            choices.push(Choice { value: rule.kind.clone(), reasons: vec!["Meldingens type.".to_owned()] });
            self.ask(QuestionKind::WhichKind, "Hva slags oppføring er dette?", choices);
        }
    }

    fn look_at_ready_day(&mut self, rule: &Rule, given: Timestamp) {
        let (Some(code), Body::Care(care)) = (&rule.ready_day, &self.message.body) else { return };
        let Some(named) = event_at(care, code).and_then(|event| day_of(&event.at)) else { return };
        let given = self.context.zone.to_datetime(given).date().to_string();
        if named != given {
            let text = format!(
                "Meldingen er gitt {given}, men sier at pasienten er utskrivningsklar {named}. Meldingen gjelder fra den ble gitt."
            );
            self.remark(RemarkKind::OtherDay, text);
        }
    }

    fn ask_when(&mut self, text: &str) {
        self.ask(QuestionKind::When, text, Vec::new());
    }

    fn ask(&mut self, what: QuestionKind, text: &str, choices: Vec<Choice>) {
        let id = self.traits.id.clone();
        self.ask_about(id, what, text, choices);
    }

    fn ask_about(&mut self, message: String, what: QuestionKind, text: &str, choices: Vec<Choice>) {
        let question = Question { message, what, text: text.to_owned(), choices };
        if !self.questions.contains(&question) {
            self.questions.push(question);
        }
    }

    fn remark(&mut self, what: RemarkKind, text: String) {
        let remark = Remark { message: self.traits.id.clone(), what, text };
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }
}

/// What the message says that goes with a later one, but for what a field of its own takes from the same source.
fn add_carried(body: &mut BTreeMap<String, Value>, rule: &Rule, message: &Message) {
    let of = |sources: &'_ [Source]| sources.iter().position(|source| source.value(message).is_some());
    let taken: Vec<&Source> = rule.body.iter().filter_map(|(_, sources)| sources.get(of(sources)?)).collect();
    for (name, sources) in &rule.carried {
        let source = of(sources).and_then(|place| sources.get(place));
        if let Some(source) = source.filter(|source| !taken.contains(source)) {
            let value = source.value(message);
            body.extend(value.map(|value| (name.clone(), value)));
        }
    }
}

/// All that the rule reads in the message, that which goes with a later one too.
pub(super) fn said(rule: &Rule, message: &Message) -> BTreeMap<String, Value> {
    fields(&rule.carried, message).chain(fields(&rule.body, message)).collect()
}

fn fields<'m>(
    wanted: &'m [(String, Vec<Source>)],
    message: &'m Message,
) -> impl Iterator<Item = (String, Value)> + 'm {
    wanted.iter().filter_map(|(name, sources)| {
        let value = sources.iter().find_map(|source| source.value(message))?;
        Some((name.clone(), value))
    })
}
