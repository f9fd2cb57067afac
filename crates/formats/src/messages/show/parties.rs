//! Persons and organisations: name and roles in a line, then how to reach them, then those within.

use super::blocks::{Block, Rich, as_lines};
use super::left::Left;
use super::teller::Teller;
use super::{labels, numbers};
use crate::xml::El;

/// Elements that say in which role somebody is.
const ROLES: [&str; 7] = [
    "TypeHealthcareProfessional",
    "RoleToPatient",
    "RolleNotat",
    "Relation",
    "Role",
    "RoleReceiver",
    "TypeOrganisation",
];
/// Elements that are somebody within somebody.
const WITHIN: [&str; 8] =
    ["HCP", "Inst", "Dept", "HCProf", "HCPerson", "Organisation", "HealthcareProfessional", "Person"];

impl Teller {
    /// A person, an organisation, an address, a telephone or an id as one fact; `None` if the element is something else.
    pub(super) fn contact(self, element: El<'_>) -> Option<Block> {
        let has = |local| element.child(local).is_some();
        let label = self.label(element);
        match element.local() {
            "TeleCom" if has("TeleAddress") => Some(self.labelled(self.telecom(element))),
            "TeleAddress" => Some(self.labelled(self.tele_address(element, &[]))),
            "Address" if element.children().next().is_some() => Some(self.labelled(self.address(element))),
            "Ident" if has("Id") => Some(self.identified(element)),
            "Patient" => None,
            local if labels::forms().parties.contains(local) && element.children().next().is_some() => {
                Some(Block::Fact { label, value: self.party(element) })
            }
            _ if has("FamilyName") || has("OrganisationName") => {
                Some(Block::Fact { label, value: self.party(element) })
            }
            _ => None,
        }
    }

    /// A party as lines.
    pub(super) fn party(self, element: El<'_>) -> Vec<Rich> {
        self.party_lines(Left::of(element), Vec::new()).into_iter().map(Rich::line).collect()
    }

    fn party_lines(self, mut left: Left<'_>, mut roles: Vec<String>) -> Vec<String> {
        let name = self.name(&mut left);
        roles.extend(left.take_all(&ROLES).into_iter().map(|role| self.value_line(role)));
        let ids = self.ids(&mut left);
        let contacts: Vec<String> = self.contact_lines(&mut left);
        let within = left.take_all(&WITHIN);
        let mut lines = Vec::new();
        if name.is_empty() && ids.is_empty() && within.len() == 1 {
            lines.extend(
                within
                    .into_iter()
                    .flat_map(|inner| self.party_lines(Left::of(inner), std::mem::take(&mut roles))),
            );
            lines.extend(contacts);
        } else {
            lines.extend(Some(headline(&name, &roles, &ids)).filter(|line| !line.is_empty()));
            lines.extend(contacts);
            lines.extend(within.into_iter().flat_map(|inner| self.party_lines(Left::of(inner), Vec::new())));
        }
        lines.extend(as_lines(&self.blocks(&left, "")));
        lines
    }

    /// The name of a person (given name first) or an organisation.
    pub(super) fn name(self, left: &mut Left<'_>) -> String {
        let locals = ["OrganisationName", "Name", "GivenName", "MiddleName", "FamilyName"];
        let mut parts = Vec::new();
        for local in locals {
            parts.extend(left.take_all(&[local]).into_iter().map(|part| self.value_line(part)));
        }
        parts.retain(|part| !part.is_empty());
        parts.join(" ")
    }

    /// Ids in the two ways they are written: `Ident` elements, and `Id` with `TypeId` beside it.
    fn ids(self, left: &mut Left<'_>) -> Vec<String> {
        let mut ids: Vec<String> =
            left.take_all(&["Ident"]).into_iter().map(|it| self.ident(Left::of(it))).collect();
        let bare = left.take_all(&["Id", "TypeId"]);
        if !bare.is_empty() {
            ids.push(self.id_text(&bare));
        }
        ids.extend(left.take_all(&["AdditionalId"]).into_iter().map(|it| self.ident(Left::of(it))));
        ids
    }

    fn ident(self, mut left: Left<'_>) -> String {
        let parts = left.take_all(&["Id", "TypeId", "Type"]);
        let others = as_lines(&self.blocks(&left, ""));
        let id = self.id_text(&parts);
        std::iter::once(id).chain(others).collect::<Vec<_>>().join(", ")
    }

    /// The kind, then the id: `HER-id 59`.
    fn id_text(self, parts: &[El<'_>]) -> String {
        let (ids, kinds): (Vec<El<'_>>, Vec<El<'_>>) = parts.iter().partition(|part| part.local() == "Id");
        let kinds = kinds.into_iter().map(|kind| self.value_line(kind));
        let ids = ids.into_iter().map(|id| numbers::identity(&self.value_line(id)));
        kinds.chain(ids).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// An id as a fact: its kind is the label.
    pub(super) fn identified(self, element: El<'_>) -> Block {
        let mut left = Left::of(element);
        let kind: Vec<String> =
            left.take_all(&["TypeId"]).into_iter().map(|kind| self.value_line(kind)).collect();
        let label = if kind.concat().is_empty() { self.label(element) } else { kind.join(" ") };
        Block::fact(label, self.ident(left))
    }

    /// Telephones and addresses, each a line.
    fn contact_lines(self, left: &mut Left<'_>) -> Vec<String> {
        let mut lines = Vec::new();
        for contact in left.take_all(&["TeleCom", "Address", "TeleAddress"]) {
            let (label, value) = match contact.local() {
                "TeleCom" => self.telecom(contact),
                "Address" => self.address(contact),
                _ => self.tele_address(contact, &[]),
            };
            lines.push(format!("{label}: {value}"));
        }
        lines
    }

    fn telecom(self, element: El<'_>) -> (String, String) {
        let mut left = Left::of(element);
        let kinds: Vec<String> =
            left.take_all(&["TypeTelecom"]).into_iter().map(|kind| self.value_line(kind)).collect();
        let addresses = left.take_all(&["TeleAddress"]);
        let told = addresses.first().map(|address| self.tele_address(*address, &kinds));
        let (label, first) = told.unwrap_or_else(|| (kinds.join(" "), String::new()));
        let more = addresses.iter().skip(1).map(|address| self.tele_address(*address, &kinds).1);
        let others = as_lines(&self.blocks(&left, ""));
        let value: Vec<String> =
            std::iter::once(first).chain(more).chain(others).filter(|text| !text.is_empty()).collect();
        (label, value.join(", "))
    }

    /// `tel:` and `mailto:` taken for what they are; the label is the kind that is given, else what the address shows.
    fn tele_address(self, element: El<'_>, kinds: &[String]) -> (String, String) {
        let mut left = Left::of(element);
        let address = left.take_attribute("V").unwrap_or_default();
        let (label, told) = match (address.strip_prefix("tel:"), address.strip_prefix("mailto:")) {
            (Some(number), _) => (self.word("telephone"), numbers::telephone(number)),
            (None, Some(mail)) => (self.word("email"), mail.to_owned()),
            (None, None) => (self.word("telephone"), address.to_owned()),
        };
        let others = as_lines(&self.blocks(&left, ""));
        let value: Vec<String> =
            std::iter::once(told).chain(others).filter(|text| !text.is_empty()).collect();
        let label = if kinds.concat().is_empty() { label.to_owned() } else { kinds.join(" ") };
        (label, value.join(", "))
    }

    /// `Bugata 1, 4011 Stavanger`, with the kind of address in the label.
    fn address(self, element: El<'_>) -> (String, String) {
        let mut left = Left::of(element);
        let kinds = left
            .take_all(&["Type"])
            .into_iter()
            .map(|kind| self.value_line(kind))
            .collect::<Vec<_>>()
            .join(" ");
        let mut parts: Vec<String> = Vec::new();
        parts.extend(left.take_all(&["StreetAdr", "Postbox"]).into_iter().map(|part| self.value_line(part)));
        let town = left
            .take_all(&["PostalCode", "City"])
            .into_iter()
            .map(|part| self.value_line(part))
            .collect::<Vec<_>>();
        parts.push(town.join(" "));
        parts.extend(
            left.take_all(&["CityDistr", "County", "Country"]).into_iter().map(|part| self.value_line(part)),
        );
        parts.retain(|part| !part.trim().is_empty());
        let is_postal = !parts.is_empty();
        let telephones: Vec<(String, String)> =
            left.take_all(&["TeleAddress"]).into_iter().map(|part| self.tele_address(part, &[])).collect();
        let word = match (is_postal, telephones.first()) {
            (false, Some((label, _))) => label.clone(),
            _ => self.word("address").to_owned(),
        };
        let name_them = is_postal;
        parts.extend(
            telephones
                .into_iter()
                .map(|(label, value)| if name_them { format!("{label} {value}") } else { value }),
        );
        parts.extend(as_lines(&self.blocks(&left, "")));
        let label = if kinds.is_empty() { word } else { format!("{word} ({kinds})") };
        (label, parts.join(", "))
    }

    fn labelled(self, (label, value): (String, String)) -> Block {
        let value = if value.is_empty() { self.word("not_filled").to_owned() } else { value };
        Block::fact(label, value)
    }
}

/// `Gunn Omsorg, Sykepleier, Primærkontakt (HPR-nummer 9876543)`.
fn headline(name: &str, roles: &[String], ids: &[String]) -> String {
    let mut parts: Vec<&str> = vec![name];
    parts.extend(roles.iter().map(String::as_str));
    parts.retain(|part| !part.is_empty());
    let line = parts.join(", ");
    let ids: Vec<&str> = ids.iter().map(String::as_str).filter(|id| !id.is_empty()).collect();
    match (line.is_empty(), ids.is_empty()) {
        (_, true) => line,
        (true, false) => ids.join("; "),
        (false, false) => format!("{line} ({})", ids.join("; ")),
    }
}
