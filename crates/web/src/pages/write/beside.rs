//! What messages need beside the log: who answers for them, the unit to call, the patient.

use samspill_formats::messages::{
    make::{CareContent, MedicineDraft, PatientDraft, PersonDraft, UnitDraft},
    types::Patient,
};
use samspill_service::{
    audit::persons::Person,
    casework::Plan,
    exchange::meaning::{AddressBook, Beside},
};
use samspill_store::{MessageFilter, MessageNumber};

use super::Room;
use crate::Refused;

/// The role of who answers for a message (table 9034).
const RESPONSIBLE: &str = "21";
/// What a patient is called whose name nobody knows.
const UNKNOWN: &str = "Ukjent";
/// Messages of one stay that are looked through.
const MESSAGES_MAX: usize = 1_000;
/// Fields of an entry that say these things in the writer's own words: then the words stand alone.
const CONTACT: &str = "kontaktpunkt";
const ANSWERS: &str = "ansvarlig";
const MEDICINES: &str = "legemiddelliste";

/// What goes with a plan that somebody writes in a stay.
pub(in crate::pages) async fn beside(room: &Room<'_>, plan: &Plan) -> Result<Beside, Refused> {
    let from = room.from();
    let unit = unit(room.app.book(), &from, &room.frame.signed.subject.party);
    let says = |field: &str| {
        let body = plan.main().and_then(|entry| entry.body.as_ref());
        body.and_then(|body| body.get(field)).map(ToString::to_string)
    };
    let telephones = unit.as_ref().map(|unit| unit.telephones.clone()).unwrap_or_default();
    let responsible = person(&room.frame.signed.subject.name, telephones);
    let medicine = |name: &str| MedicineDraft { name: name.to_owned(), ..MedicineDraft::default() };
    let care = CareContent {
        responsible: Some(responsible).filter(|_| says(ANSWERS).is_none()).into_iter().collect(),
        units: unit.filter(|_| says(CONTACT).is_none()).into_iter().collect(),
        medicines: says(MEDICINES).iter().flat_map(|text| text.lines()).map(medicine).collect(),
        ..CareContent::default()
    };
    let mut beside = Beside { care, patient: patient(room).await?, ..Beside::default() };
    beside.epicrisis.responsible.clone_from(&beside.care.responsible);
    beside.epicrisis.description = says("sammenfatning").unwrap_or_default();
    Ok(beside)
}

/// Who the patient is, as the register knows, or else the latest message of the stay says it. A message must name somebody; of whom nobody has told anything,
/// it says that.
async fn patient(room: &Room<'_>) -> Result<PatientDraft, Refused> {
    let parts = room.app.parts();
    if let Some(id) = room.person() {
        let known = parts.people_register.name_of(id).await.map_err(Refused::failed)?;
        if let Some(known) = known.filter(|known| !known.family.is_empty()) {
            return Ok(known_to_us(known));
        }
    }
    let filter = MessageFilter { case: Some(room.log.case.clone()), ..MessageFilter::default() };
    let lines = parts.store.messages(&parts.community, &filter, MessageNumber(0), MESSAGES_MAX).await;
    for line in lines.map_err(Refused::failed)?.iter().rev() {
        let kept = parts.store.message(&parts.community, line.number).await.map_err(Refused::failed)?;
        let told = kept.and_then(|kept| parts.mailroom.read(&kept)).and_then(|message| message.head.patient);
        if let Some(told) = told.filter(|told| !told.family_name.is_empty() && told.family_name != UNKNOWN) {
            return Ok(drafted(told));
        }
    }
    Ok(PatientDraft { family_name: UNKNOWN.to_owned(), ..PatientDraft::default() })
}

fn known_to_us(known: Person) -> PatientDraft {
    PatientDraft {
        given_name: known.given,
        middle_name: known.middle,
        family_name: known.family,
        born: known.born.map(|day| day.to_string()),
        sex: known.sex,
        ..PatientDraft::default()
    }
}

fn drafted(told: Patient) -> PatientDraft {
    let born = told.born.and_then(|born| born.value).map(|born| born.local.date().to_string());
    PatientDraft {
        given_name: told.given_name,
        middle_name: told.middle_name,
        family_name: told.family_name,
        born,
        sex: told.sex.map(|sex| sex.value),
        ..PatientDraft::default()
    }
}

/// A person by the name that their account has: the last word is the family name.
fn person(name: &str, telephones: Vec<String>) -> PersonDraft {
    let (given, family) = name.rsplit_once(' ').unwrap_or(("", name));
    PersonDraft {
        given_name: given.to_owned(),
        family_name: family.to_owned(),
        role: Some(RESPONSIBLE.to_owned()),
        telephones,
        ..PersonDraft::default()
    }
}

/// The unit to call: that which writes, or else the party's first.
fn unit(book: &AddressBook, from: &str, party: &str) -> Option<UnitDraft> {
    let address = book.find(party)?;
    let found = address.service_called(from).or_else(|| Some(address.open_services().next()?.1))?;
    Some(UnitDraft { name: found.name.clone(), telephones: found.telephones.clone(), ..UnitDraft::default() })
}
