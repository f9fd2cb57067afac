use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::State, response::Response};
use jiff::{Timestamp, civil::Date};
use samspill_formats::messages::{
    ids::{PersonNumber, PersonNumberKind},
    norway,
};
use samspill_service::{
    access::{Action, Involvement},
    audit::persons::Person,
    live::StayLine,
};
use serde::Serialize;

use super::{
    about, answer, bundle, ids,
    search::{Asked, Sent},
    types::{Extension, Identifier, Meta, Resource},
};
use crate::{
    App, Signed,
    api::{Caller, Cursor, Path, Problem},
};

/// The profile of Norwegian patients.
const PROFILE: &str = "http://hl7.no/fhir/StructureDefinition/no-basis-Patient";

/// What stands in for what is kept back.
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// A person that a stay is about.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Patient {
    resource_type: &'static str,
    id: String,
    meta: Meta,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    identifier: Vec<Identifier>,
    name: Vec<HumanName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gender: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_date: Option<Date>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    address: Vec<Address>,
}

/// A name, or that it is kept back.
#[derive(Debug, Serialize)]
struct HumanName {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extension: Vec<Extension>,
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    family: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    given: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Address {
    text: String,
}

impl Resource for Patient {
    const TYPE: &'static str = "Patient";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Patient {
    /// The person of a stay, as the caller may see them. Of whom nothing is known, only the id of the log is told.
    fn of(app: &App, signed: &Signed, line: &StayLine, person: &str, known: Option<&Person>) -> Self {
        // The stricter of what the log and the register say of the person.
        let protection = known.map(|person| person.protection).unwrap_or_default();
        let shown = app.shown(signed, &(*line.involvement).clone().protected(protection));
        let shows_name = shown.name;
        let named = known.filter(|_| shows_name);
        let shows_address = shown.address && shows_name;
        Self {
            resource_type: Self::TYPE,
            id: ids::patient(app, person),
            meta: Meta { last_updated: Some(line.last), profile: vec![PROFILE], ..Meta::default() },
            identifier: if shows_name { vec![identifier(person, line.last)] } else { Vec::new() },
            name: vec![named.map_or_else(|| withheld(shows_name), name)],
            gender: named.and_then(|it| it.sex.as_deref()).map(gender),
            birth_date: named.and_then(|it| it.born),
            address: named
                .filter(|_| shows_address)
                .and_then(|it| it.address.clone())
                .map(|text| Address { text })
                .into_iter()
                .collect(),
        }
    }
}

fn name(person: &Person) -> HumanName {
    let given = [&person.given, &person.middle].into_iter().filter(|it| !it.is_empty()).cloned();
    HumanName {
        extension: Vec::new(),
        kind: Some("official"),
        family: person.family.clone(),
        given: given.collect(),
    }
}

/// No name: nobody knows it, or it is kept back.
fn withheld(may_be_shown: bool) -> HumanName {
    let value_code = if may_be_shown { "unknown" } else { "masked" };
    let extension = vec![Extension { url: ABSENT, value_code }];
    HumanName { extension, kind: None, family: String::new(), given: Vec::new() }
}

/// A code of 3101.
fn gender(sex: &str) -> &'static str {
    match sex {
        "1" => "male",
        "2" => "female",
        "9" => "other",
        _ => "unknown",
    }
}

/// The id by which the log calls a person, in the system that it is of.
fn identifier(person: &str, at: Timestamp) -> Identifier {
    let day = at.to_zoned(norway()).date();
    let system = match PersonNumber::parse(person, day).map(|number| number.kind()) {
        Ok(PersonNumberKind::Fodselsnummer) => "urn:oid:2.16.578.1.12.4.1.4.1",
        Ok(PersonNumberKind::DNummer) => "urn:oid:2.16.578.1.12.4.1.4.2",
        Ok(PersonNumberKind::FellesHjelpenummer) => "urn:oid:2.16.578.1.12.4.1.4.3",
        Ok(PersonNumberKind::HNummer) | Err(_) => "urn:samspill:person",
    };
    Identifier { system: system.to_owned(), value: person.to_owned() }
}

/// A person of one of the caller's open stays.
pub(super) async fn read(
    State(app): State<App>,
    Caller(signed): Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let asked = Asked::default();
    let found = theirs(&app, &signed, &asked);
    let (person, line) = found
        .into_iter()
        .find(|(person, _)| ids::patient(&app, person) == id)
        .ok_or_else(Problem::not_there)?;
    app.may(&signed, signed.purpose(), Action::ReadStay, &line.involvement).await?;
    let known =
        app.parts().people_register.name_of(&person).await.map_err(|error| Problem::failed(&error))?;
    Ok(answer(&Patient::of(&app, &signed, &line, &person, known.as_ref())))
}

/// The persons of the caller's open stays.
pub(super) async fn search(
    State(app): State<App>,
    Caller(signed): Caller,
    sent: Sent,
) -> Result<Response, Problem> {
    let asked = Asked::read(sent, &["identifier", "name", "family", "given", "birthdate", "gender"])?;
    let (after, count) = bundle::paging(&asked)?;
    let mut found = theirs(&app, &signed, &asked);
    found.retain(|(_, line)| line.last_position > after.position);
    found.sort_by_key(|(_, line)| line.last_position);
    let persons = found.iter().map(|(person, _)| person.clone()).collect();
    let known =
        app.parts().people_register.names_of(&persons).await.map_err(|error| Problem::failed(&error))?;
    let (mut patients, mut stays) = (Vec::new(), Vec::new());
    for (person, line) in found {
        let patient = Patient::of(&app, &signed, &line, &person, known.get(&person));
        if is_asked(&asked, &patient)? {
            patients.push((Cursor::at(line.last_position), patient));
            stays.push(line);
        }
    }
    patients.truncate(count + 1);
    app.listed(&signed, Action::ListStay, "fhir Patient", patients.len().min(count)).await?;
    // Each says all that is known of the person, as when it is read by itself: so each patient is to hear of it.
    let shown: Vec<&Involvement> = stays.iter().take(count).map(|line| &*line.involvement).collect();
    app.may_each(&signed, Action::ReadStay, &shown).await?;
    Ok(bundle::page(&app, &asked, count, patients))
}

/// By what is shown: nobody finds out by searching what is kept back.
fn is_asked(asked: &Asked, patient: &Patient) -> Result<bool, Problem> {
    let is_named = asked.get("identifier").is_none()
        || patient.identifier.iter().any(|it| asked.is_code("identifier", &it.system, &it.value));
    let family: Vec<&str> =
        patient.name.iter().map(|it| it.family.as_str()).filter(|it| !it.is_empty()).collect();
    let given: Vec<&str> = patient.name.iter().flat_map(|it| &it.given).map(String::as_str).collect();
    Ok(is_named
        && asked.begins("family", &family)
        && asked.begins("given", &given)
        && asked.begins("name", &[family.as_slice(), &given].concat())
        && asked.on("birthdate", patient.birth_date)?
        && asked.takes("gender", |asked| Some(asked) == patient.gender)
        && asked.takes("_id", |id| id == patient.id)
        && asked.at("_lastUpdated", patient.meta.last_updated)?)
}

/// The persons of the caller's open stays, each with the stay that changed last.
fn theirs(app: &App, signed: &Signed, asked: &Asked) -> Vec<(String, Arc<StayLine>)> {
    let mut found: BTreeMap<String, Arc<StayLine>> = BTreeMap::new();
    for line in about::stays(app, signed, asked, &Cursor::default()) {
        if let Some(person) = line.persons.first() {
            found.insert(person.clone(), line);
        }
    }
    found.into_iter().collect()
}
