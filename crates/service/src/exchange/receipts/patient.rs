//! Whether a patient is sufficiently identified (HIS 80415:2012 3.3.4).

use jiff::civil::Date;
use samspill_formats::messages::{
    ids::{self, IdTrouble, SeriesRefused, SyntheticPolicy},
    types::{Head, Id, Patient, Precision},
};

use super::{
    reason::{Reason, Refusal},
    recipients::{LocalNumbers, Policy, ReasonCodes},
};

/// What is wrong with how a patient is identified, if anything: the name and a number of the population register or of the
/// common series, or name, date of birth and sex, is enough.
///
/// A number is eleven digits. Whether its check digits are right is no question of the receipt: neither is which table the
/// kind of id is said to be from. A sex that is said to be unknown isn't one.
pub(super) fn refusal(patient: Option<&Patient>, policy: &Policy) -> Option<Refusal> {
    let nobody = Patient::default();
    let facts = Facts::of(patient.unwrap_or(&nobody), policy.local_numbers);
    if facts.are_sufficient() {
        return None;
    }
    let reason = match policy.codes {
        ReasonCodes::Standard => Reason::PatientInsufficient,
        ReasonCodes::Agreed => facts.exact_reason(),
    };
    Some(Refusal::new(reason, facts.text()))
}

/// Why a number of the patient's isn't one of those that may come here, if there is such. What isn't a number is none.
pub(super) fn series_refused(head: &Head, policy: SyntheticPolicy) -> Option<SeriesRefused> {
    if policy == SyntheticPolicy::Allow {
        return None;
    }
    let on = head.made.value.as_ref().map_or(Date::MAX, |made| made.local.date());
    let ids = head.patient.iter().flat_map(|patient| &patient.ids);
    ids.filter_map(|id| ids::check(&id.kind.value, &id.value, on, policy).err()).find_map(|trouble| {
        match trouble {
            IdTrouble::Series(refused) => Some(refused),
            IdTrouble::Person(_)
            | IdTrouble::Organisation(_)
            | IdTrouble::Register(_)
            | IdTrouble::Duf(_)
            | IdTrouble::OtherKind { .. } => None,
        }
    })
}

/// What is there.
struct Facts {
    name: Found,
    number: Found,
    local_number: Found,
    born: Found,
    sex: Found,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Yes,
    No,
    /// Something is there, but not what it should be.
    Wrong,
}

impl Facts {
    fn of(patient: &Patient, local: LocalNumbers) -> Self {
        let names = [&patient.given_name, &patient.middle_name, &patient.family_name];
        let numbers = number(&patient.ids, &["FNR", "DNR", "FHN"]);
        let local_number = number(&patient.ids, &["HNR"]);
        let is_enough = local == LocalNumbers::Sufficient && local_number == Found::Yes;
        Self {
            name: found(names.iter().any(|name| !name.is_empty())),
            number: if is_enough { Found::Yes } else { numbers },
            local_number,
            born: born(patient),
            sex: sex(patient),
        }
    }

    fn are_sufficient(&self) -> bool {
        let by_birth = self.born == Found::Yes && self.sex == Found::Yes;
        self.name == Found::Yes && (self.number == Found::Yes || by_birth)
    }

    /// The code for the one thing that is wrong, where such codes are agreed; E36 if it is more than one.
    fn exact_reason(&self) -> Reason {
        match (self.name, self.number) {
            (Found::No | Found::Wrong, Found::Yes) => Reason::NameMissing,
            (Found::Yes, Found::No) if self.local_number == Found::No => Reason::NumberMissing,
            (Found::Yes, Found::Wrong) => Reason::NumberWrong,
            (Found::Yes | Found::No | Found::Wrong, _) => Reason::PatientInsufficient,
        }
    }

    fn text(&self) -> String {
        let mut wrong = Vec::new();
        if self.name != Found::Yes {
            wrong.push("navn mangler");
        }
        wrong.push(match (self.number, self.local_number) {
            (Found::Yes, _) => "nummeret er der",
            (Found::Wrong, _) => {
                "det som står som fødselsnummer, D-nummer eller felles hjelpenummer, er ikke elleve siffer"
            }
            (Found::No, Found::Yes | Found::Wrong) => {
                "et hjelpenummer som ikke er felles (H-nummer), er ikke nok alene"
            }
            (Found::No, Found::No) => "fødselsnummer, D-nummer eller felles hjelpenummer mangler",
        });
        wrong.extend(told(self.born, "fødselsdato mangler", "fødselsdatoen er ikke en dato"));
        wrong.extend(told(self.sex, "kjønn mangler", "kjønn er ikke oppgitt som mann eller kvinne"));
        if self.number == Found::Yes {
            return "Pasientens navn mangler. Send meldingen på nytt med ny meldings-id og med navnet."
                .to_owned();
        }
        format!(
            "Pasienten er ikke tilstrekkelig identifisert: {}. Send meldingen på nytt med ny meldings-id og med navn og \
             fødselsnummer, D-nummer eller felles hjelpenummer, eller med navn, fødselsdato og kjønn.",
            wrong.join("; ")
        )
    }
}

fn told(found: Found, missing: &'static str, wrong: &'static str) -> Option<&'static str> {
    match found {
        Found::Yes => None,
        Found::No => Some(missing),
        Found::Wrong => Some(wrong),
    }
}

fn found(is_there: bool) -> Found {
    if is_there { Found::Yes } else { Found::No }
}

/// A number of one of these kinds: one that is eleven digits, white space left out, goes before one that isn't.
fn number(ids: &[Id], kinds: &[&str]) -> Found {
    let of_kind = || ids.iter().filter(|id| kinds.contains(&id.kind.value.as_str()) && !id.value.is_empty());
    if of_kind().any(|id| is_eleven_digits(&id.value)) {
        return Found::Yes;
    }
    if of_kind().next().is_some() { Found::Wrong } else { Found::No }
}

fn is_eleven_digits(value: &str) -> bool {
    let digits = value.chars().filter(|character| !character.is_whitespace());
    digits.clone().count() == 11 && digits.into_iter().all(|character| character.is_ascii_digit())
}

fn born(patient: &Patient) -> Found {
    match &patient.born {
        None => Found::No,
        Some(born) if born.text.is_empty() => Found::No,
        Some(born) => match born.value {
            Some(value) if value.precision >= Precision::Day => Found::Yes,
            Some(_) | None => Found::Wrong,
        },
    }
}

/// Table 3101 has 0 for not known and 9 for not given; a value that it doesn't have is no reason to reject.
fn sex(patient: &Patient) -> Found {
    match patient.sex.as_ref().map(|sex| sex.value.as_str()) {
        None | Some("") => Found::No,
        Some("0" | "9") => Found::Wrong,
        Some(_) => Found::Yes,
    }
}
