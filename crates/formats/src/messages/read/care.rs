//! PLO messages, 1.5 and 1.6: they share their parts, and each has some of them.

use super::{
    dialog::request,
    party::{person_contact, unit_contact},
    reading::Reading,
    values::{code, code_in, joined, text_in},
};
use crate::{
    messages::types::{Absence, CareBody, Code, Contact, Diagnosis, Function, Section, Service, TimedEvent},
    xml::El,
};

/// What a PLO message says, and its status (`Forsendelsesstatus`).
pub(super) fn body(reading: &mut Reading<'_>, body: El<'_>) -> (CareBody, Option<Code>) {
    let mut care = CareBody::default();
    let mut status = None;
    for part in body.children() {
        match part.local() {
            "InformasjonOmForsendelsen" => {
                status = code_in(part, "Forsendelsesstatus");
                care.answers_request = reading.flag_in(part, "SvarPaaForesporsel");
                care.request = part.child("Foresporsel").map(|element| Box::new(request(element)));
            }
            "TilleggsopplysningPasient" | "ParorendeForesatt" | "SendtDokument" => {}
            "TilknyttetEnhet" => care.units.extend(part.child("Kontaktenhet").map(unit_contact)),
            "KontaktpersonHelsepersonell" => care.contacts.extend(person_in(part, "Kontaktperson")),
            "AnsvarForRapport" => care.responsible.extend(person_in(part, "AnsvarligRapport")),
            "TypeInnholdIMelding" | "InnholdKonsultasjon" => {
                care.content_type =
                    code_in(part, "TypeInnhold").or_else(|| code_in(part, "TypeInnholdKonsultasjon"));
                care.sections.extend(remark(part));
            }
            "Legemiddelinfo" => care.has_medicines = true,
            "EksisterendeTjeneste" => care.services.push(service(part, false)),
            "TjenesteBehov" => care.services.push(service(part, true)),
            "Fraversassistent" => care.absence = Some(Box::new(absence(reading, part))),
            _ => within(reading, part, part, &mut care),
        }
    }
    (care, status)
}

fn person_in(part: El<'_>, name: &str) -> Option<Contact> {
    part.child(name).map(person_contact)
}

/// Reads what lies at any depth in a part: events, diagnoses, functions and texts.
fn within(reading: &mut Reading<'_>, part: El<'_>, element: El<'_>, care: &mut CareBody) {
    for child in element.children() {
        match child.local() {
            "TidsfestetHendelse" => care.events.push(event(reading, child)),
            "UtskrevetTil" => {
                care.discharge_state = code_in(child, "Uttilstand");
                care.discharged_to = code_in(child, "UtTil");
                care.sections.extend(remark(child));
            }
            "MedisinskDiagnose" => care.diagnoses.push(diagnosis(reading, child)),
            "KartlagtFunksjon" => care.functions.push(function(child)),
            "LegemidlerAdministrertVedOverforing" => care.has_medicines = true,
            "Journaltekst" => care.sections.push(journal_text(part, child)),
            "Merknad" => care.sections.extend(text_of(child, element)),
            name if is_text(name) => care.sections.extend(text_of(child, child)),
            _ => within(reading, part, child, care),
        }
    }
}

/// Whether an element is a text of its own, outside journal texts.
fn is_text(name: &str) -> bool {
    matches!(
        name,
        "AllergiskMot"
            | "Beskrivelse"
            | "BeskrivelseInformasjon"
            | "BetegnelseHjelpemiddel"
            | "CaveStikkord"
            | "EndringFunksjonsnivaa"
            | "ForventetStatusUtskriving"
            | "Gjelder"
            | "IntervensjonTiltakBeskrivelse"
            | "MerknadTilBandasjemateriell"
            | "MerknadTilLegemiddeladministrering"
            | "StatusBehandlingsstart"
            | "StatusInnleggelse"
            | "StedTime"
            | "Stikkord"
            | "TentativtTidspunktTime"
            | "TidligereSykdom"
            | "TidspunktTime"
            | "VurderingPleietyngde"
            | "VurderingTekst"
            | "VurderingenGjelder"
    )
}

fn text_of(element: El<'_>, named: El<'_>) -> Option<Section> {
    let text = Some(element.text()).filter(|text| !text.is_empty())?;
    Some(Section { heading: None, element: named.local().to_owned(), text: text.into_owned() })
}

/// The remark in an element, under the name of the element.
fn remark(element: El<'_>) -> Option<Section> {
    element.child("Merknad").and_then(|remark| text_of(remark, element))
}

/// A journal text; a remark on it follows as a line of its own.
fn journal_text(part: El<'_>, element: El<'_>) -> Section {
    Section {
        heading: code_in(element, "Overskriftskode"),
        element: part.local().to_owned(),
        text: joined(["Notat", "Merknad"].map(|name| text_in(element, name)), "\n"),
    }
}

fn event(reading: &mut Reading<'_>, element: El<'_>) -> TimedEvent {
    TimedEvent {
        code: code_in(element, "Hendelsekode"),
        description: text_in(element, "BeskrivelseAvHendelse"),
        at: reading.needed_time_in(element, "TidspunktForHendelse"),
        is_estimate: reading.flag_in(element, "Anslag"),
        note: text_in(element, "Merknad"),
    }
}

fn diagnosis(reading: &mut Reading<'_>, element: El<'_>) -> Diagnosis {
    Diagnosis {
        code: code_in(element, "Diagnosekode"),
        text: text_in(element, "DiagnoseBeskrivelse"),
        is_main: reading.flag_in(element, "Hoveddiagnose"),
    }
}

fn function(element: El<'_>) -> Function {
    Function {
        code: code_in(element, "Funksjonsvariabel"),
        score: text_in(element, "Vurdering"),
        note: text_in(element, "Merknad"),
    }
}

fn service(element: El<'_>, is_needed: bool) -> Service {
    let texts = ["OpplysningerOmTjenesten", "BeskrivelseAvTjeneste", "Merknad"];
    Service {
        code: element.child("IPLOStjenestetype").map(code),
        name: text_in(element, "BetegnelseTjeneste"),
        is_needed,
        text: joined(texts.map(|name| text_in(element, name)), "\n"),
    }
}

fn absence(reading: &mut Reading<'_>, element: El<'_>) -> Absence {
    Absence {
        is_away: reading.flag_in(element, "MottakerFravarende"),
        is_forwarded: reading.flag_in(element, "MeldingVideresendt"),
        from: reading.time_in(element, "FravarendeFraDato"),
        until: reading.time_in(element, "FravarendeTilDato"),
        forwarded_to: person_in(element, "VideresendtTil"),
        note: text_in(element, "Merknad"),
    }
}
