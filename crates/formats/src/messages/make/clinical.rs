//! The clinical parts of care messages.

use super::{
    draft::{
        AllergyDraft, AppointmentDraft, CareContent, DiagnosisDraft, GivenDraft, MedicineDraft, SectionDraft,
    },
    parts::{
        CARE, CRITICAL, Coder, JOURNAL, MEDICINES, component, flag, group, leaf, oid, said, table, time,
        time_text,
    },
};
use crate::xml::Element;

/// Builds the parts, and counts the components among them: each needs an id of its own.
pub(super) struct Clinical<'c> {
    pub(super) coder: Coder,
    pub(super) content: &'c CareContent,
    /// The id of the message, from which the components have theirs.
    pub(super) id: &'c str,
    pub(super) components: u32,
}

/// Headings of this table are for nurses' texts, and stand among them.
const NURSING: u32 = 9141;

impl Clinical<'_> {
    fn component_id(&mut self) -> String {
        self.components += 1;
        format!("{}-{}", self.id, self.components)
    }

    /// `InfoMedisinskDiagnose`.
    pub(super) fn diagnoses(&self) -> Option<Element> {
        let all = self.content.diagnoses.iter().map(|it| self.diagnosis(it)).collect();
        group(CARE, "InfoMedisinskDiagnose", all)
    }

    fn diagnosis(&self, diagnosis: &DiagnosisDraft) -> Element {
        let number = table(diagnosis.table.as_ref(), 7110);
        let code = self.coder.named(CARE, "Diagnosekode", number, diagnosis.code.as_deref(), &diagnosis.name);
        Element::new(CARE, "MedisinskDiagnose")
            .children(flag(CARE, "Hoveddiagnose", diagnosis.is_main))
            .children(code.map(|code| code.with("S", oid(number))))
            .children(leaf(CARE, "DiagnoseBeskrivelse", &diagnosis.text))
    }

    /// `MedisinskfagligeOpplysninger`: what is critical, and the texts that aren't nurses'.
    pub(super) fn medical(&mut self) -> Option<Element> {
        let cave = self.cave();
        let texts: Vec<Element> = self.sections(|number| number != NURSING);
        let notes = (!texts.is_empty()).then(|| {
            let element = Element::new(JOURNAL, "GenereltJournalnotat").children(texts);
            component(
                element,
                self.component_id(),
                "EPJ dokument",
                "2.16.578.1.12.4.1.6.13.11009.0",
                "Andre notater",
            )
        });
        group(CARE, "MedisinskfagligeOpplysninger", cave.into_iter().chain(notes).collect())
    }

    fn sections(&self, wanted: impl Fn(u32) -> bool) -> Vec<Element> {
        let number = |section: &SectionDraft| table(section.table.as_ref(), 0);
        self.content.sections.iter().filter(|it| wanted(number(it))).map(|it| self.section(it)).collect()
    }

    fn section(&self, section: &SectionDraft) -> Element {
        let heading = section.heading.as_deref();
        let heading = self.coder.cv(JOURNAL, "Overskriftskode", table(section.table.as_ref(), 0), heading);
        Element::new(JOURNAL, "Journaltekst")
            .children(heading)
            .child(Element::new(JOURNAL, "Notat").text(section.text.trim()))
            .children(leaf(JOURNAL, "Merknad", &section.note))
    }

    fn cave(&mut self) -> Option<Element> {
        const CATEGORY: &str = "Cave/allergier";
        let critical = &self.content.critical;
        if critical.catchwords.is_empty() && critical.allergies.is_empty() {
            return None;
        }
        let catchwords = critical.catchwords.iter().filter_map(|text| leaf(CRITICAL, "CaveStikkord", text));
        let catchwords =
            catchwords.map(|text| Element::new(CRITICAL, "StikkordCave").child(text)).collect::<Vec<_>>();
        let cave_id = self.component_id();
        let head = Element::new(CRITICAL, "SakshodeCave").children(catchwords);
        let head =
            component(head, self.component_id(), "EPJ dokument", "2.16.578.1.12.4.1.6.13.10028.0", CATEGORY);
        let mut cave = Element::new(CRITICAL, "Cave").child(head);
        for allergy in &critical.allergies {
            let note = Element::new(CRITICAL, "Allerginotat").child(self.allergy(allergy));
            let id = self.component_id();
            cave =
                cave.child(component(note, id, "EPJ dokument", "2.16.578.1.12.4.1.6.13.11036.1", CATEGORY));
        }
        Some(component(cave, cave_id, "EPJ sak", "2.16.578.1.12.4.1.6.14.50001.0", CATEGORY))
    }

    fn allergy(&self, allergy: &AllergyDraft) -> Element {
        let substance = self.coder.named(
            CRITICAL,
            "VirkestoffLegemiddel",
            7180,
            allergy.atc.as_deref(),
            &allergy.against,
        );
        Element::new(CRITICAL, "Allergi")
            .children(flag(CRITICAL, "HensynVedForskrivning", allergy.when_prescribing))
            .children(flag(CRITICAL, "HensynMatDrikke", allergy.with_food))
            .child(Element::new(CRITICAL, "AllergiskMot").text(allergy.against.trim()))
            .children(substance.map(|code| code.with("S", oid(7180))))
    }

    /// `Legemiddelinfo`, one for each medicine.
    pub(super) fn medicines(&mut self) -> Vec<Element> {
        let content = self.content;
        content.medicines.iter().map(|medicine| self.medicine(medicine)).collect()
    }

    fn medicine(&mut self, medicine: &MedicineDraft) -> Element {
        let prescription = Element::new(MEDICINES, "ForenkletForskrivning")
            .children(self.coder.cs(MEDICINES, "StatusTilForskrivningen", 9104, medicine.status.as_deref()))
            .children(self.coder.cs(MEDICINES, "InngaarIMultidose", 9103, medicine.multidose.as_deref()))
            .children(leaf(MEDICINES, "Merknad", &medicine.note))
            .child(self.prescribed(medicine));
        let element = Element::new(MEDICINES, "Legemiddelinfo").child(prescription);
        component(
            element,
            self.component_id(),
            "EPJ dokument",
            "2.16.578.1.12.4.1.6.13.10301.0",
            "Legemidler",
        )
    }

    fn prescribed(&self, medicine: &MedicineDraft) -> Element {
        let form = medicine.form_navn.as_deref().unwrap_or_default();
        Element::new(MEDICINES, "Forskrivningsinfo")
            .children(leaf(MEDICINES, "BruksomradeTekst", &medicine.purpose))
            .children(leaf(MEDICINES, "DosVeiledEnkel", &medicine.dosage))
            .child(Element::new(MEDICINES, "Navn").text(medicine.name.trim()))
            .children(self.coder.cs(MEDICINES, "Atc", 7180, medicine.atc.as_deref()))
            .children(self.coder.named(MEDICINES, "Legemiddelform", 7448, medicine.form.as_deref(), form))
            .children(strength(medicine.strength.as_deref(), medicine.unit.as_deref()))
            .children(self.coder.cs(MEDICINES, "Bruk", 9101, medicine.usage.as_deref()))
            .children(time(MEDICINES, "DoseringStarttidspunkt", medicine.from.as_deref()))
            .children(time(MEDICINES, "DoseringSluttidspunkt", medicine.until.as_deref()))
    }

    /// `Sykepleierdokumentasjon`: help, nurses' texts, and medicines given today.
    pub(super) fn nursing(&mut self) -> Option<Element> {
        let texts = self.sections(|number| number == NURSING);
        let info = group(CARE, "InfoFraSykepleier", self.help().into_iter().chain(texts).collect());
        let given = self.given();
        group(CARE, "Sykepleierdokumentasjon", info.into_iter().chain(given).collect())
    }

    fn help(&self) -> Option<Element> {
        let help = self.content.help.as_ref()?;
        let parts = [
            flag(CARE, "HjelpLegemiddeladm", help.needs_help),
            leaf(CARE, "EndringFunksjonsnivaa", &help.changed_function),
            leaf(CARE, "MerknadTilLegemiddeladministrering", &help.note),
        ];
        group(CARE, "OpplysningerRelevantOppfolging", parts.into_iter().flatten().collect())
    }

    fn given(&mut self) -> Option<Element> {
        let all: Vec<Element> = self.content.given.iter().map(given).collect();
        let element = group(MEDICINES, "LegemidlerAdministrertVedOverforing", all)?;
        let id = self.component_id();
        let mut element =
            component(element, id, "EPJ dokument", "2.16.578.1.12.4.1.6.13.10302.0", "Legemidler");
        // The only component without a category of information.
        element.attributes.retain(|(name, _)| name.local != "informasjonskategori");
        Some(element)
    }

    /// `InfoKontrolltime`, one for each appointment.
    pub(super) fn appointments(&self) -> impl Iterator<Item = Element> {
        self.content
            .appointments
            .iter()
            .map(|it| Element::new(CARE, "InfoKontrolltime").child(appointment(it)))
    }

    /// `OpplysningerOmHjelpemidler`.
    pub(super) fn aids(&self) -> Option<Element> {
        let aid = |it: &super::draft::AidDraft| {
            let status = said(it.status.as_deref()).or(Some("6"));
            let name = Element::new(CARE, "BetegnelseHjelpemiddel").text(it.name.trim());
            Element::new(CARE, "StatusHjelpemiddel")
                .children(self.coder.cs(CARE, "Status", 8230, status))
                .child(Element::new(CARE, "Hjelpemiddelbeskrivelse").child(name))
        };
        group(CARE, "OpplysningerOmHjelpemidler", self.content.aids.iter().map(aid).collect())
    }

    /// `OpplysningerAndreFaggrupper`.
    pub(super) fn other_professions(&self) -> Option<Element> {
        let texts = self.content.other_professions.iter().filter_map(|text| leaf(JOURNAL, "Notat", text));
        let texts = texts.map(|text| Element::new(JOURNAL, "Journaltekst").child(text)).collect();
        let reports = group(CARE, "AndreFagrapporter", texts)?;
        Some(Element::new(CARE, "OpplysningerAndreFaggrupper").child(reports))
    }
}

fn given(given: &GivenDraft) -> Element {
    let info = Element::new(MEDICINES, "Forskrivningsinfo")
        .children(leaf(MEDICINES, "DosVeiledEnkel", &given.dosage))
        .child(Element::new(MEDICINES, "Navn").text(given.name.trim()))
        .children(strength(given.strength.as_deref(), given.unit.as_deref()));
    Element::new(MEDICINES, "AdmAvHelsepersonell")
        .child(time(MEDICINES, "AdmStart", Some(&given.at)).unwrap_or(Element::new(MEDICINES, "AdmStart")))
        .child(info)
}

fn strength(strength: Option<&str>, unit: Option<&str>) -> Option<Element> {
    let element = Element::new(MEDICINES, "Styrke").with("V", said(strength)?.replace(',', "."));
    Some(match said(unit) {
        Some(unit) => element.with("U", unit),
        None => element,
    })
}

fn appointment(appointment: &AppointmentDraft) -> Element {
    if let Some(books) = flag(CARE, "PasientParorendeBestiller", appointment.patient_books) {
        return Element::new(CARE, "KontrolltimeBestill").child(books);
    }
    let place = leaf(CARE, "StedTime", &appointment.place);
    // A day without time of day isn't a time to the schema: it is told in words.
    let (at, day) = match appointment.at.as_deref() {
        Some(text) if !text.contains('T') => (None, text),
        at => (at, ""),
    };
    let tentative = [appointment.tentative.as_str(), day].into_iter().find_map(|text| said(Some(text)));
    match time_text(CARE, "TidspunktTime", at) {
        Some(at) => Element::new(CARE, "InformasjonOmTime")
            .children(flag(CARE, "BestiltKontrolltime", Some(true)))
            .child(at)
            .children(appointment.minutes.and_then(|it| leaf(CARE, "Varighet", &it.to_string())))
            .children(place),
        None => Element::new(CARE, "InformasjonOmTentativTime")
            .children(leaf(CARE, "TentativtTidspunktTime", tentative.unwrap_or_default()))
            .children(place),
    }
}
