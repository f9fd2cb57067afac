use std::collections::BTreeSet;

use samspill_formats::messages::{
    ids::SyntheticPolicy,
    make::Answering,
    types::{Head, Id, Party},
};

use super::identity::is_same;

/// Who we are: the organisations, services and people whose messages come here, and what is chosen where the standard leaves
/// a choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipients {
    /// Our organisations.
    pub organisations: Vec<OwnOrganisation>,
    /// What is chosen.
    #[serde(default)]
    pub policy: Policy,
}

/// An organisation of ours, level 1 of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnOrganisation {
    /// Its ids: HER, ENH, RSH.
    pub ids: Vec<OwnId>,
    /// Its services and people, level 2.
    #[serde(default)]
    pub parties: Vec<OwnParty>,
    /// What is done with mail to the organisation alone.
    #[serde(default)]
    pub direct: DirectMail,
}

/// A service or person of ours that messages are sent to.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnParty {
    /// Its ids. One of HER is known wherever it stands; others only within the organisation.
    pub ids: Vec<OwnId>,
    /// Which system takes its messages.
    #[serde(default)]
    pub system: System,
}

/// An id of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnId {
    /// Its kind: `HER`.
    pub kind: String,
    /// The id. White space, and dots in one of HER, make no difference.
    pub value: String,
}

/// Which system takes the messages of a service. Each system sends its own receipts (HITS 1168:2016 5.4).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum System {
    /// This one.
    #[default]
    Here,
    /// Another one of the same organisation: nothing is answered for it here.
    Elsewhere,
}

/// What is done with a message to an organisation that names no service.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum DirectMail {
    /// The organisation isn't a party to write to: as for an unknown service.
    #[default]
    NeedsService,
    /// The organisation takes it itself.
    Taken,
}

/// What is chosen where the standard leaves a choice. The default is what it advises.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// A service that isn't known in an organisation that is (HIS 80415:2012 3.3.4, which asks for this choice).
    pub unknown_service: UnknownService,
    /// A message that breaks its schema.
    pub schema_faults: SchemaFaults,
    /// A patient who has no record and is to have none.
    pub unknown_patient: UnknownPatient,
    /// Which codes are used of the patient and the doctor.
    pub codes: ReasonCodes,
    /// Whether a number of a local series (`HNR`) identifies a patient together with the name.
    pub local_numbers: LocalNumbers,
    /// Which series patients' numbers may be of. Another is remarked on for the receiver's own people; no message is rejected for it.
    pub synthetic: SyntheticPolicy,
    /// Whether the sender's wish not to have a receipt is followed.
    pub ack: AckField,
    /// Kinds of files that are agreed on beside PDF, JPEG and PNG: `image/tiff`.
    pub attachment_types: BTreeSet<String>,
}

/// What is done with a message to an unknown service of a known organisation.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownService {
    /// It is rejected with E21.
    #[default]
    Reject,
    /// It is taken in, for somebody to pass on.
    Accept,
}

/// What is done with a message that breaks its schema.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum SchemaFaults {
    /// It is rejected with T02.
    #[default]
    Reject,
    /// It is taken in when it can be read.
    Accept,
}

/// What is done with a message about somebody who has no record and is to have none. Of an epicrisis the standard leaves no
/// choice: it is rejected.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownPatient {
    /// It is taken in.
    #[default]
    Accept,
    /// A person decides before the receipt goes.
    Ask,
    /// It is rejected with E35.
    Reject,
}

/// Which codes are used where the standard has both a general and a more exact one.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonCodes {
    /// Those for everybody: E21 and E36.
    #[default]
    Standard,
    /// Also those for parties whose business process says so: E20, E30, E31 and E32.
    Agreed,
}

/// Whether a number of a local series is enough, with a name, to identify a patient.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum LocalNumbers {
    /// No: HIS 80415:2012 3.3.4 doesn't name them.
    #[default]
    Insufficient,
    /// Yes, by agreement between parties of older messages.
    Sufficient,
}

/// Whether the field `Ack` is followed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum AckField {
    /// No: receipts always go (HIS 80601:2006 as corrected).
    #[default]
    Ignored,
    /// `N` means none, and `F` only a rejection.
    Followed,
}

/// A receiver of a message, as we know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Ours: which organisation, and which of its parties (none for the organisation itself).
    Ours(usize, Option<usize>),
    /// A service of ours that another system answers for.
    Elsewhere,
    /// In an organisation of ours, a service that we don't know.
    UnknownIn(usize, WhatIsUnknown),
    /// Not ours.
    Foreign,
}

/// What is unknown in a known organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhatIsUnknown {
    Service,
    Person,
    /// None is named.
    Unnamed,
}

/// A receiver of a message that is ours, or in an organisation of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Addressed {
    pub(super) answering: Answering,
    pub(super) known: Known,
}

/// Receivers of one message that are looked at. No message has nearly as many; more would only make receipts to flood a sender
/// with.
const RECEIVERS_MAX: usize = 100;

impl OwnOrganisation {
    /// Whether it or one of its services has this HER-id.
    pub(crate) fn has_her(&self, her: &str) -> bool {
        let mut ids = self.ids.iter().chain(self.parties.iter().flat_map(|party| &party.ids));
        ids.any(|id| id.kind == "HER" && is_same("HER", &id.value, her))
    }
}

impl Recipients {
    /// Whether a party is one of ours whose messages this system sends and takes.
    pub fn owns(&self, party: &Party) -> bool {
        matches!(self.known(party), Known::Ours(..))
    }

    /// Whether a party is one of ours, or in an organisation of ours: known or not, and whichever system takes its messages.
    pub(crate) fn knows(&self, party: &Party) -> bool {
        self.known(party) != Known::Foreign
    }

    /// Whether an organisation or service of ours has this HER-id.
    pub(crate) fn has_her(&self, her: &str) -> bool {
        self.organisations.iter().any(|own| own.has_her(her))
    }

    /// Those among a message's receivers who are to answer here, each once.
    ///
    /// If any is known, only those who are known answer: another service of the organisation may have a system of its own,
    /// and nobody answers for others (HITS 1168:2016 5.1, 6.2). Only if none is, those unknown in a known organisation do.
    pub(super) fn among(&self, head: &Head) -> Vec<Addressed> {
        let all = receivers(head)
            .take(RECEIVERS_MAX)
            .map(|(answering, party)| Addressed { answering, known: self.known(party) });
        let all: Vec<Addressed> = all.collect();
        let is_ours = |it: &&Addressed| matches!(it.known, Known::Ours(..));
        let is_unknown = |it: &&Addressed| matches!(it.known, Known::UnknownIn(..));
        let is_elsewhere = all.iter().any(|it| it.known == Known::Elsewhere);
        let mut ours: Vec<Addressed> = all.iter().filter(is_ours).copied().collect();
        if ours.is_empty() && !is_elsewhere {
            ours = all.iter().filter(is_unknown).copied().collect();
        }
        each_once(ours)
    }

    fn known(&self, party: &Party) -> Known {
        let organisation = self.organisation_of(party);
        let found = self.organisations.iter().enumerate().find_map(|(place, own)| {
            let scope = if organisation == Some(place) { Scope::Within } else { Scope::Anywhere };
            own.parties.iter().position(|it| it.is_in(party, scope)).map(|of| (place, of))
        });
        match (found, organisation) {
            (Some((place, of)), _) => match self.organisations[place].parties[of].system {
                System::Here => Known::Ours(place, Some(of)),
                System::Elsewhere => Known::Elsewhere,
            },
            (None, Some(place)) => self.within(place, party),
            (None, None) => Known::Foreign,
        }
    }

    fn within(&self, place: usize, party: &Party) -> Known {
        let unknown = match &party.levels[1..] {
            [] if self.organisations[place].direct == DirectMail::Taken => return Known::Ours(place, None),
            [] => WhatIsUnknown::Unnamed,
            [first, ..] if first.is_person => WhatIsUnknown::Person,
            [_, ..] => WhatIsUnknown::Service,
        };
        Known::UnknownIn(place, unknown)
    }

    fn organisation_of(&self, party: &Party) -> Option<usize> {
        let outer = party.levels.first()?;
        self.organisations.iter().position(|own| own.ids.iter().any(|id| id.is_among(&outer.ids)))
    }
}

/// Where an id of a party counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// In its organisation, all do.
    Within,
    /// Elsewhere, only those of HER, which are the same everywhere.
    Anywhere,
}

impl OwnParty {
    fn is_in(&self, party: &Party, scope: Scope) -> bool {
        let counts = |id: &&OwnId| scope == Scope::Within || id.kind == "HER";
        self.ids.iter().filter(counts).any(|id| party.levels.iter().any(|level| id.is_among(&level.ids)))
    }
}

impl OwnId {
    fn is_among(&self, ids: &[Id]) -> bool {
        // Ids first: nearly all end otherwise, and that is one look.
        ids.iter().any(|id| is_same(&self.kind, &self.value, &id.value) && id.kind.value == self.kind)
    }
}

/// All receivers in order. One who only tells who had the message first (`OR`) isn't one.
fn receivers(head: &Head) -> impl Iterator<Item = (Answering, &Party)> {
    let others = head.others.iter().enumerate().filter(|(_, other)| other.role.value != "OR");
    let others = others.map(|(place, other)| (Answering::Other(place), &other.party));
    std::iter::once((Answering::Primary, &head.receiver)).chain(others)
}

/// One receipt for each party, however often it stands there: as primary receiver if it is that.
fn each_once(all: Vec<Addressed>) -> Vec<Addressed> {
    let mut seen = BTreeSet::new();
    let mut is_first = |it: &Addressed| match it.known {
        Known::Ours(place, party) => seen.insert((place, party)),
        Known::Elsewhere | Known::UnknownIn(..) | Known::Foreign => true,
    };
    all.into_iter().filter(|it| is_first(it)).collect()
}
