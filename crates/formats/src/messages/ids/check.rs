use jiff::civil::Date;

use super::{
    DufNumber, DufNumberError, HerId, HprNumber, OrganisationNumber, OrganisationNumberError, PersonNumber,
    PersonNumberError, PersonNumberKind, RegisterNumberError, SeriesRefused, SyntheticPolicy,
};

/// What is wrong with an id of a message. Worth telling; whether it matters is for the rules of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdTrouble {
    /// A person number that isn't one.
    #[error(transparent)]
    Person(#[from] PersonNumberError),
    /// An organisation number that isn't one.
    #[error(transparent)]
    Organisation(#[from] OrganisationNumberError),
    /// A HER-id or HPR number that isn't one.
    #[error(transparent)]
    Register(#[from] RegisterNumberError),
    /// A DUF number that isn't one.
    #[error(transparent)]
    Duf(#[from] DufNumberError),
    /// A person number of another kind than its type says.
    #[error("it is built as {}: write that as its type, or look for a wrong digit", described(*.is))]
    OtherKind {
        /// The kind it is.
        is: PersonNumberKind,
    },
    /// A synthetic number where real ones are wanted, or the other way round.
    #[error(transparent)]
    Series(#[from] SeriesRefused),
}

/// Checks an id by the type that the message gives it (`@V` of tables 8116 and 9051), on the day of the message.
///
/// Types of which nothing can be checked here (passports, local ids, foreign numbers) pass.
pub fn check(id_type: &str, text: &str, on: Date, policy: SyntheticPolicy) -> Result<(), IdTrouble> {
    match id_type {
        "FNR" => person(PersonNumberKind::Fodselsnummer, text, on, policy),
        "DNR" => person(PersonNumberKind::DNummer, text, on, policy),
        "HNR" => person(PersonNumberKind::HNummer, text, on, policy),
        "FHN" => person(PersonNumberKind::FellesHjelpenummer, text, on, policy),
        "DUF" => DufNumber::parse(text).map(drop).map_err(IdTrouble::from),
        "ENH" => Ok(policy.admit(OrganisationNumber::parse(text)?.series())?),
        "HER" => HerId::parse(text).map(drop).map_err(IdTrouble::from),
        "HPR" => HprNumber::parse(text).map(drop).map_err(IdTrouble::from),
        _ => Ok(()),
    }
}

fn person(said: PersonNumberKind, text: &str, on: Date, policy: SyntheticPolicy) -> Result<(), IdTrouble> {
    let number = PersonNumber::parse(text, on)?;
    if number.kind() != said && !may_be_nav(said, number.kind(), policy) {
        return Err(IdTrouble::OtherKind { is: number.kind() });
    }
    Ok(policy.admit(number.series())?)
}

/// Whether a number with 40 added to the month may be sent as fødselsnummer: NAV's synthetic numbers are built so, and come
/// where synthetic numbers are allowed.
fn may_be_nav(said: PersonNumberKind, is: PersonNumberKind, policy: SyntheticPolicy) -> bool {
    said == PersonNumberKind::Fodselsnummer
        && is == PersonNumberKind::HNummer
        && policy == SyntheticPolicy::Allow
}

fn described(kind: PersonNumberKind) -> &'static str {
    match kind {
        PersonNumberKind::Fodselsnummer => "a fødselsnummer (FNR)",
        PersonNumberKind::DNummer => "a D-number, with 40 added to the day (DNR)",
        PersonNumberKind::HNummer => "an H-number, with 40 added to the month (HNR)",
        PersonNumberKind::FellesHjelpenummer => "a felles hjelpenummer, which begins with 8 or 9 (FHN)",
    }
}
