//! From an act to the message that is sent.

use samspill_base::{Entry, Position, Value};
use samspill_formats::messages::{
    make::{
        CareContent, Draft, FunctionsDraft, Made, MakeContext, MedicineDraft, PartyDraft, PersonDraft,
        Refused,
    },
    types::Kind,
};
use samspill_service::exchange::meaning::{Beside, Known, Outgoing, SendError, draft, message};

use crate::{Act, ActKind, Chance, Fault, Form, World, hospital::text};

/// A message as it goes out.
#[derive(Clone, Debug, PartialEq)]
pub struct Posted {
    /// Its id.
    pub id: String,
    /// The HER-id of the service that sends it.
    pub from: String,
    /// The HER-id of the service that it is for.
    pub to: String,
    /// What it is.
    pub kind: Kind,
    /// The document.
    pub bytes: Vec<u8>,
    /// Fields of the entry that the message doesn't say.
    pub unsaid: Vec<String>,
}

/// Why no message is made of an act.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PostError {
    /// The act is an event: nothing is sent.
    #[error("nothing is sent of an event: it is only written into the log of who registers it")]
    Event,
    /// The act is about nobody in this world.
    #[error("the act is about a stay of another world: use the world whose partner gave it")]
    Stranger,
    /// The entry can't be sent.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The message mustn't be sent.
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// The message of an act, as its party's record system writes it.
///
/// `stay` is the stay's log so far, as the party has it, and `known` are the messages that it knows of; both may be less than
/// all. A message that is wrong on purpose is made right first and then spoilt, so that only what was meant to be wrong is.
///
/// # Errors
/// Where the act is an event, or nothing can be made of its entry.
pub fn post(act: &Act, stay: &[Entry], known: &Known, world: &World) -> Result<Posted, PostError> {
    let ActKind::Message(form) = act.what else { return Err(PostError::Event) };
    let beside = beside(act, world).ok_or(PostError::Stranger)?;
    let id = act.entry.id.clone().unwrap_or_default();
    let context = Outgoing::new(&id, known, &beside);
    let stay = with_admission(act, stay);
    let (draft, made, unsaid) = if act.entry.kind == "svar-utskrivningsklar" {
        let draft = reply(act, form, draft(&with_answer(&act.entry), &stay, &world.addresses, &context)?);
        let made = draft.make(&MakeContext { id: &id, made: act.at })?;
        (draft, made, Vec::new())
    } else {
        let written = message(&act.entry, &stay, &world.addresses, &context)?;
        (written.draft, written.made, written.unsaid)
    };
    let (from, to) = (her(&draft.head().sender), her(&draft.head().receiver));
    let (bytes, to) = spoilt(form, &made, to);
    Ok(Posted { id, from, to, kind: draft.kind(), bytes, unsaid })
}

/// The stay's log with the admission first, which a message may have to repeat when what told of it was cancelled, and the act last.
fn with_admission(act: &Act, stay: &[Entry]) -> Vec<Entry> {
    let mut all = Vec::with_capacity(stay.len() + 2);
    all.push(Entry::new(&act.entry.case, "innlagt", Position(0), act.admitted));
    all.extend(stay.iter().cloned());
    all.push(act.entry.clone());
    all
}

/// The reply with an answer, for only one that has one is drafted; its own words take the place of the draft's afterwards.
fn with_answer(entry: &Entry) -> Entry {
    let mut entry = entry.clone();
    let body = entry.body.get_or_insert_default();
    body.entry("svar".to_owned()).or_insert_with(|| Value::text("kan-ikke-ta-imot"));
    body.remove("tekst");
    entry
}

/// A reply in its own words and form.
fn reply(act: &Act, form: Form, draft: Draft) -> Draft {
    let Draft::Dialog(kind, mut dialog) = draft else { return draft };
    text(&act.entry, "tekst").unwrap_or_default().clone_into(&mut dialog.content.text);
    if form == Form::Note {
        (dialog.content.theme, dialog.content.units) = (None, Vec::new());
        return Draft::Dialog(Kind::Notat, dialog);
    }
    Draft::Dialog(kind, dialog)
}

fn her(party: &PartyDraft) -> String {
    let service = party.service.as_ref().and_then(|it| it.her.clone());
    service.or_else(|| party.organisation.her.clone()).unwrap_or_default()
}

/// The document, spoilt where it is to be.
fn spoilt(form: Form, made: &Made, to: String) -> (Vec<u8>, String) {
    let xml = &made.xml;
    match form {
        Form::Usual | Form::Note => (xml.clone().into_bytes(), to),
        Form::Wrong(Fault::Truncated) => (xml.as_bytes()[..xml.len() / 2].to_vec(), to),
        Form::Wrong(Fault::Schema) => (xml.replacen("<GenDate>", "<Ukjent/><GenDate>", 1).into_bytes(), to),
        Form::Wrong(Fault::UnknownService) => {
            let unknown = format!("{}99", to.get(..to.len().saturating_sub(2)).unwrap_or_default());
            (xml.replace(&to, &unknown).into_bytes(), unknown)
        }
    }
}

/// What the record system of who acts knows beside its log; none for a stay of another world.
pub(crate) fn beside(act: &Act, world: &World) -> Option<Beside> {
    let patient = world.patient(act.stay)?;
    let of_entry = |identity: &&crate::Identity| identity.number() == act.entry.person.as_deref();
    let identity = patient.later.as_ref().filter(of_entry).unwrap_or(&patient.identity);
    let mut beside = Beside { patient: patient.draft(identity, &world.region), ..Beside::default() };
    let told = act.entry.from.as_deref().unwrap_or_default();
    match (world.region.ward(told), world.region.municipality(told)) {
        (Some(ward), _) => {
            beside.care.units = vec![ward.draft()];
            beside.care.responsible = ward.staff.first().map(crate::Staff::draft).into_iter().collect();
        }
        (None, Some(municipality)) => {
            beside.care.responsible =
                municipality.staff.first().map(crate::Staff::draft).into_iter().collect();
            beside.care.units = vec![municipality.draft()];
        }
        (None, None) => {}
    }
    match act.entry.kind.as_str() {
        "innleggelsesrapport" => report(act, world, &mut beside.care),
        "epikrise" => epicrisis(act, world, &mut beside),
        "svar-utskrivningsklar" | "helsefaglig-dialog" => beside.people = whom(act, world),
        _ => {}
    }
    Some(beside)
}

/// The admission report has its contact in the log, and medicines only in the record.
fn report(act: &Act, world: &World, care: &mut CareContent) {
    care.units.clear();
    let assessed = act.at.to_zoned(samspill_formats::messages::norway());
    care.functions = Some(FunctionsDraft {
        assessed: assessed.strftime("%d.%m.%Y").to_string(),
        ..FunctionsDraft::default()
    });
    if act.entry.field("legemiddelliste").is_some() {
        let mut chance = Chance::of(world.seed).branch(act.entry.id.as_deref().unwrap_or_default());
        let name = chance.text(world.settings.texts.about("medicines")).to_owned();
        care.medicines = vec![MedicineDraft { name, ..MedicineDraft::default() }];
    }
}

fn epicrisis(act: &Act, world: &World, beside: &mut Beside) {
    let problem = world.course(act.stay).and_then(|course| world.settings.texts.problems.get(course.problem));
    beside.epicrisis.description =
        problem.map_or_else(String::new, |it| format!("Innlagt med {}.", it.problem));
    beside.epicrisis.responsible.clone_from(&beside.care.responsible);
}

/// Whom a dialogue is meant for at the ward.
fn whom(act: &Act, world: &World) -> Vec<PersonDraft> {
    let ward = act.entry.to.as_deref().and_then(|name| world.region.ward(name));
    let nurse = ward.and_then(|ward| ward.staff.get(1)).map(crate::Staff::draft);
    nurse.map(|it| PersonDraft { role: Some("24".to_owned()), ..it }).into_iter().collect()
}
