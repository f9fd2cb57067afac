use samspill_formats::messages::types::{Message, Patient};

use super::Person;
use crate::{access::Protection, exchange::meaning};

/// Whom a message is about, under the id that the log calls them by; `None` where it names no id.
///
/// Messages say neither address nor protection in fields that are read; those stay as they are known.
pub fn person_of(message: &Message) -> Option<Person> {
    let patient = message.head.patient.as_ref()?;
    let id = meaning::person_id(patient)?;
    let Patient { family_name, middle_name, given_name, born, sex, municipality, ids: _ } = patient;
    let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    Some(Person {
        id,
        given: given_name.trim().to_owned(),
        middle: middle_name.trim().to_owned(),
        family: family_name.trim().to_owned(),
        born: born.as_ref().and_then(meaning::day).and_then(|day| day.parse().ok()),
        sex: sex.as_ref().and_then(|code| text(&code.value)),
        municipality: municipality.as_ref().and_then(|code| text(&code.value)),
        address: None,
        phone: None,
        gp: None,
        protection: Protection::None,
    })
}
