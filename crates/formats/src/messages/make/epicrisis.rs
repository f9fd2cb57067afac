//! Epicrises (1.2), which have no Hodemelding.

use super::{
    MakeContext, Refused,
    draft::{
        DiagnosisDraft, EpicrisisContent, EpicrisisDraft, HeadDraft, InformationDraft, PartyDraft,
        PatientDraft, PersonDraft, SectionDraft, StatusDraft, UnitDraft,
    },
    files,
    finish::refusal,
    parts::{Coder, EPICRISIS, leaf, oid, said, table, time},
    people::telephone,
};
use crate::xml::Element;

/// The whole message.
pub(super) fn message(context: &MakeContext<'_>, draft: &EpicrisisDraft) -> Result<Element, Refused> {
    if draft.head.conversation.is_some() {
        let text = "an epicrisis has no conversation: leave samtale out, and write dokument_id of the one that is changed";
        return Err(refusal("no-place-for", "/hode/samtale", text.to_owned()));
    }
    let epicrisis =
        Epicrisis { coder: context.coder(), head: &draft.head, content: &draft.content, id: context.id };
    let made = context.made_text();
    let files = draft.files.iter().map(|it| files::file(epicrisis.coder, EPICRISIS, it, &made));
    Ok(Element::new(EPICRISIS, "Message")
        .children(epicrisis.coder.cs(EPICRISIS, "Type", 8279, Some("EPIKRISE")))
        .child(Element::new(EPICRISIS, "MIGversion").text("v1.2 2012-02-15"))
        .child(Element::new(EPICRISIS, "GenDate").with("V", &*made))
        .child(Element::new(EPICRISIS, "MsgId").text(context.id))
        .child(epicrisis.report(&made).children(files)))
}

struct Epicrisis<'e> {
    coder: Coder,
    head: &'e HeadDraft,
    content: &'e EpicrisisContent,
    id: &'e str,
}

impl Epicrisis<'_> {
    fn report(&self, made: &str) -> Element {
        let content = self.content;
        let status = said(content.report_status.as_deref()).or(Some("F"));
        let description = said(Some(&content.description)).unwrap_or("Epikrise");
        let new = (self.head.status == StatusDraft::New).then_some(self.id);
        let document = said(content.document_id.as_deref()).or(new).unwrap_or_default();
        Element::new(EPICRISIS, "ServRprt")
            .children(self.coder.cs(EPICRISIS, "ServType", 7309, Some(self.head.status.code())))
            .child(Element::new(EPICRISIS, "IssueDate").with("V", made))
            .children(time(EPICRISIS, "ApprDate", content.approved.as_deref()))
            .children(self.coder.cs(EPICRISIS, "Status", 7306, status))
            .children(self.coder.cs(EPICRISIS, "Ack", 7304, self.head.ack.as_deref()))
            .child(Element::new(EPICRISIS, "MsgDescr").text(description))
            .children(leaf(EPICRISIS, "ServProvId", document))
            .children(self.event())
            .child(self.patient(&self.head.patient))
            .child(self.party("ServProvider", Some("SPR"), &self.head.sender))
            .children(self.head.copies.iter().map(|copy| self.party("CopyDest", None, copy)))
            .child(self.party("Requester", Some("REQ"), &self.head.receiver))
            .children(content.responsible.iter().map(|it| self.responsible(it)))
    }

    /// The stay. A cancellation needn't tell it.
    fn event(&self) -> Option<Element> {
        let content = self.content;
        if self.head.status == StatusDraft::Cancellation && content.from.is_none() {
            return None;
        }
        let start = time(EPICRISIS, "StartDateTime", content.from.as_deref());
        let reported = Element::new(EPICRISIS, "ReportedEvent")
            .child(start.unwrap_or(Element::new(EPICRISIS, "StartDateTime")))
            .children(time(EPICRISIS, "EndDateTime", content.until.as_deref()));
        let contact = said(content.contact_type.as_deref()).or(Some("1"));
        let service =
            Element::new(EPICRISIS, "Service").children(self.coder.cs(EPICRISIS, "AdmCat", 8240, contact));
        Some(
            Element::new(EPICRISIS, "Event")
                .child(reported)
                .children(self.coder.cs(EPICRISIS, "ServType", 7309, Some(self.head.status.code())))
                .children(self.coder.cs(EPICRISIS, "AdmOutcome", 7300, content.outcome.as_deref()))
                .child(service)
                .children(content.diagnoses.iter().map(|it| self.diagnosis(it)))
                .children(content.information.iter().map(|it| self.information(it)))
                .children(content.sections.iter().map(|it| self.section(it))),
        )
    }

    fn diagnosis(&self, diagnosis: &DiagnosisDraft) -> Element {
        let number = table(diagnosis.table.as_ref(), 7110);
        let concept =
            self.coder.named(EPICRISIS, "Concept", number, diagnosis.code.as_deref(), &diagnosis.name);
        let coded = concept.map(|it| Element::new(EPICRISIS, "CodedDescr").child(it.with("S", oid(number))));
        let text = said(Some(&diagnosis.text)).or(said(Some(&diagnosis.name)).filter(|_| coded.is_none()));
        let observation = Element::new(EPICRISIS, "Observation")
            .children(leaf(EPICRISIS, "Description", text.unwrap_or_default()))
            .children(coded);
        let kind = if diagnosis.is_main == Some(true) { "H" } else { "B" };
        Element::new(EPICRISIS, "InfItem").child(observation).children(self.coder.cs(
            EPICRISIS,
            "Type",
            8233,
            Some(kind),
        ))
    }

    fn information(&self, information: &InformationDraft) -> Element {
        let text = leaf(EPICRISIS, "Description", &information.text);
        Element::new(EPICRISIS, "InfItem")
            .child(Element::new(EPICRISIS, "Observation").children(text))
            .children(self.coder.cs(EPICRISIS, "Type", 8233, Some(&information.kind)))
    }

    fn section(&self, section: &SectionDraft) -> Element {
        Element::new(EPICRISIS, "Comment")
            .children(self.coder.cs(EPICRISIS, "Heading", 8311, section.heading.as_deref()))
            .children(leaf(EPICRISIS, "TextResultValue", &section.text))
    }

    fn patient(&self, patient: &PatientDraft) -> Element {
        let given = [&patient.given_name, &patient.middle_name].map(|name| name.trim()).join(" ");
        let name = [patient.family_name.trim(), given.trim()].into_iter().filter(|part| !part.is_empty());
        let id = [("FNR", &patient.fnr), ("DNR", &patient.dnr), ("FHN", &patient.fhn)];
        let id = id.into_iter().find_map(|(kind, id)| Some((kind, said(id.as_deref())?)));
        let other = patient.other_ids.first().map(|id| (id.kind.as_str(), id.value.as_str()));
        let id = id.or(other);
        Element::new(EPICRISIS, "Patient")
            .children(self.coder.cs(EPICRISIS, "Sex", 3101, patient.sex.as_deref()))
            .children(time(EPICRISIS, "DateOfBirth", patient.born.as_deref()))
            .children(leaf(EPICRISIS, "Name", &name.collect::<Vec<_>>().join(", ")))
            .children(id.and_then(|(_, id)| leaf(EPICRISIS, "OffId", id)))
            .children(id.and_then(|(kind, _)| self.coder.cs(EPICRISIS, "TypeOffId", 8116, Some(kind))))
    }

    fn party(&self, local: &'static str, role: Option<&str>, party: &PartyDraft) -> Element {
        let service = party.service.as_ref().map(|it| self.unit("Dept", it));
        let person = party.person.as_ref().map(|it| self.person("HCPerson", it));
        let inst = self.unit("Inst", &party.organisation).children(service).children(person);
        let inst = inst
            .children(party.organisation.organisation_number.as_deref().and_then(|it| self.additional(it)));
        Element::new(EPICRISIS, local)
            .children(self.coder.cs(EPICRISIS, "Role", 7301, role))
            .child(Element::new(EPICRISIS, "HCP").child(inst))
    }

    fn unit(&self, local: &'static str, unit: &UnitDraft) -> Element {
        let id = said(unit.her.as_deref());
        Element::new(EPICRISIS, local)
            .children(leaf(EPICRISIS, "Name", &unit.name))
            .children(id.and_then(|id| leaf(EPICRISIS, "Id", id)))
            .children(id.and_then(|_| self.coder.cs(EPICRISIS, "TypeId", 9051, Some("HER"))))
    }

    fn additional(&self, number: &str) -> Option<Element> {
        let id = leaf(EPICRISIS, "Id", number)?;
        let kind = self.coder.cs(EPICRISIS, "Type", 9051, Some("ENH"));
        Some(Element::new(EPICRISIS, "AdditionalId").child(id).children(kind))
    }

    fn person(&self, local: &'static str, person: &PersonDraft) -> Element {
        let ids = [("HER", &person.her), ("HPR", &person.hpr)];
        let id = ids.into_iter().find_map(|(kind, id)| Some((kind, said(id.as_deref())?)));
        Element::new(EPICRISIS, local)
            .children(leaf(EPICRISIS, "Name", &person.full_name()))
            .children(id.and_then(|(_, id)| leaf(EPICRISIS, "Id", id)))
            .children(id.and_then(|(kind, _)| self.coder.cs(EPICRISIS, "TypeId", 8116, Some(kind))))
    }

    fn responsible(&self, person: &PersonDraft) -> Element {
        let relation = said(person.role.as_deref()).or(Some("AHP"));
        let numbers: Vec<String> = person.telephones.iter().filter_map(|number| telephone(number)).collect();
        let address = (!numbers.is_empty()).then(|| {
            let called =
                numbers.iter().map(|number| Element::new(EPICRISIS, "TeleAddress").with("V", number));
            Element::new(EPICRISIS, "Address")
                .children(self.coder.cs(EPICRISIS, "Type", 3401, Some("WP")))
                .children(called)
        });
        let hcp = Element::new(EPICRISIS, "HCP").child(self.person("HCProf", person)).children(address);
        Element::new(EPICRISIS, "RelServProvider")
            .children(self.coder.cs(EPICRISIS, "Relation", 8254, relation))
            .child(hcp)
    }
}
