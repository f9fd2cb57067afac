//! Care messages: the contents of each kind, as PLO 1.6 has them; [`edition`](super::edition) makes those of 1.5 of them.

use super::{
    MakeContext, Refused,
    clinical::Clinical,
    draft::{
        AbsenceDraft, ApplicationDraft, CareContent, CareDraft, CareEdition, CriticalDraft, EventDraft,
        FunctionsDraft, HappeningDraft, HeadDraft, InterpreterDraft, NeedDraft, OutcomeDraft,
        PatientMoreDraft, PersonDraft, RelativeDraft, RequestDraft, ServiceDraft, UnitDraft,
    },
    edition::to_15,
    finish::refusal,
    parts::{CARE, Coder, SHARED, Space, flag, group, leaf, said, table, time, time_text},
    people::{Role, Spaces, WithoutId, names, person, telephones, unit},
};
use crate::{
    messages::{Finding, types::Kind},
    xml::Element,
};

const SPACES: Spaces = Spaces { outer: SHARED, inner: SHARED };
/// What code 98 of table 8408 says: unknown.
const PLACE_UNKNOWN: &str = "98";

/// The namespaces of a message in PLO 1.5 and 1.6, by their words, and the name of its contents; the same word for all three mostly.
macro_rules! plo {
    ($name:literal) => {
        plo!($name, $name, $name)
    };
    ($in_15:literal, $in_16:literal, $name:literal) => {
        (
            concat!("http://www.kith.no/xmlstds/po/", $in_15, "/2009-06-30"),
            concat!("http://www.kith.no/xmlstds/po/", $in_16, "/2012-04-01"),
            $name,
        )
    };
}

/// The contents of a care message.
pub(super) fn body(context: &MakeContext<'_>, kind: Kind, draft: &CareDraft) -> Result<Element, Refused> {
    let edition = edition(kind, draft);
    let Some((space, root)) = root(kind, edition) else {
        let text = format!("{} isn't a care message (PLO {})", kind.slug(), number(edition));
        return Err(refusal("wrong-kind", "/", text));
    };
    let misplaced = misplaced(kind, edition, &draft.content);
    if !misplaced.is_empty() {
        return Err(Refused { findings: misplaced });
    }
    let coder = context.coder();
    let care = Care { coder, kind, edition, head: &draft.head, content: &draft.content, space };
    let mut clinical = Clinical { coder, content: &draft.content, id: context.id, components: 0 };
    let root = care.common(Element::new(space, root));
    let mut body = care.own(root, &mut clinical);
    if edition == CareEdition::Plo15 {
        let misplaced = to_15(&mut body);
        if !misplaced.is_empty() {
            return Err(Refused { findings: misplaced });
        }
    }
    Ok(body)
}

fn number(edition: CareEdition) -> &'static str {
    match edition {
        CareEdition::Plo15 => "1.5",
        CareEdition::Plo16 => "1.6",
    }
}

/// Which edition a message is written by.
fn edition(kind: Kind, draft: &CareDraft) -> CareEdition {
    let usual = if kind == Kind::Fravar { CareEdition::Plo15 } else { CareEdition::Plo16 };
    draft.edition.unwrap_or(usual)
}

/// The namespace and name of the contents; none for kinds that aren't care messages of the edition.
fn root(kind: Kind, edition: CareEdition) -> Option<(Space, &'static str)> {
    let (in_15, in_16, name) = match kind {
        Kind::Innlagt | Kind::Utskrivningsklar | Kind::Avmelding | Kind::Utskrevet | Kind::Dodsfall => {
            plo!("Pasientlogistikk")
        }
        Kind::Innleggelsesrapport => {
            plo!("Innleggelsesrapport")
        }
        Kind::Helseopplysninger => {
            plo!("HelseopplysningerVedSoknad")
        }
        Kind::Utskrivningsrapport => {
            plo!("TverrfagligEpikrise")
        }
        Kind::TilLege => plo!("Konsultasjon", "HelseopplysningerTilLege", "Konsultasjon"),
        Kind::Tjenestetilbud => {
            plo!("OrienteringOmTjenestetilbud")
        }
        Kind::MedisinskeOpplysninger => plo!(
            "OverforingMedisinskeOpplysninger",
            "MedisinskeOpplysninger",
            "OverforingMedisinskeOpplysninger"
        ),
        Kind::Fravar => {
            let space = "http://www.kith.no/xmlstds/po/MeldingFravar/2009-06-30";
            return (edition == CareEdition::Plo15).then_some((space, "MeldingFravar"));
        }
        Kind::Foresporsel
        | Kind::Svar
        | Kind::Notat
        | Kind::Avvik
        | Kind::HelsefagligDialog
        | Kind::Epikrise
        | Kind::Kvittering
        | Kind::Annen => return None,
    };
    Some((if edition == CareEdition::Plo15 { in_15 } else { in_16 }, name))
}

/// Where the events of a logistics message lie in it.
fn wrapper(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Innlagt => Some("MeldingInnlagtPasient"),
        Kind::Utskrivningsklar => Some("MeldingUtskrivningsklarPasient"),
        Kind::Avmelding => Some("AvmeldingUtskrivningsklarPasient"),
        Kind::Utskrevet => Some("MeldingOmUtskrevetPasient"),
        Kind::Dodsfall => Some("OrienteringOmDod"),
        Kind::Innleggelsesrapport
        | Kind::Helseopplysninger
        | Kind::Utskrivningsrapport
        | Kind::TilLege
        | Kind::Tjenestetilbud
        | Kind::MedisinskeOpplysninger
        | Kind::Fravar
        | Kind::Foresporsel
        | Kind::Svar
        | Kind::Notat
        | Kind::Avvik
        | Kind::HelsefagligDialog
        | Kind::Epikrise
        | Kind::Kvittering
        | Kind::Annen => None,
    }
}

/// What a draft says that a message of this kind has no place for.
fn misplaced(kind: Kind, edition: CareEdition, content: &CareContent) -> Vec<Finding> {
    use Kind::{
        Helseopplysninger as Helse, Innleggelsesrapport as Inn, MedisinskeOpplysninger as Med,
        TilLege as Lege, Tjenestetilbud as Tilbud, Utskrivningsrapport as Ut,
    };
    let logistics = wrapper(kind).is_some();
    let of = |kinds: &[Kind]| kinds.contains(&kind);
    // In 1.5 it says nothing of the stay, and has no types.
    let helse_16 = kind == Helse && edition == CareEdition::Plo16;
    let nursing = content.sections.iter().any(|it| table(it.table.as_ref(), 0) == 9141);
    let parts: [(&str, bool, bool); 18] = [
        ("hendelser", !content.events.is_empty(), logistics || helse_16 || of(&[Ut])),
        ("utskrevet_til", content.outcome.is_some(), kind == Kind::Utskrevet),
        ("type_innhold", content.content_type.is_some(), helse_16 || of(&[Ut, Med, Lege])),
        ("endringer", !content.changes.is_empty(), helse_16 || of(&[Ut, Med, Lege])),
        ("soknad", content.application.is_some(), kind == Helse),
        ("fravar", content.absence.is_some(), kind == Kind::Fravar),
        ("tekster", !content.sections.is_empty(), of(&[Helse, Inn, Ut, Med, Lege])),
        ("tekster (kodeverk 9141)", nursing, of(&[Helse, Inn, Ut, Lege])),
        ("kritisk", content.critical != CriticalDraft::default(), of(&[Helse, Inn, Ut, Med, Lege])),
        ("diagnoser", !content.diagnoses.is_empty(), of(&[Helse, Inn, Ut, Med, Lege])),
        ("legemidler", !content.medicines.is_empty(), of(&[Inn, Ut, Med, Lege])),
        ("legemidler_gitt", !content.given.is_empty() || content.help.is_some(), of(&[Helse, Inn, Ut, Lege])),
        ("tjenester", !content.services.is_empty(), of(&[Inn, Tilbud])),
        ("tjenestebehov", !content.needs.is_empty(), of(&[Helse, Ut, Med])),
        ("funksjoner", content.functions.is_some(), of(&[Helse, Inn, Ut, Med, Lege])),
        ("kontrolltimer", !content.appointments.is_empty(), of(&[Ut])),
        ("hjelpemidler", !content.aids.is_empty(), of(&[Inn, Ut])),
        (
            "andre_faggrupper",
            !content.other_professions.is_empty() || content.interpreter.is_some(),
            of(&[Helse, Inn, Ut, Med]),
        ),
    ];
    let wrong = parts.iter().filter(|(_, is_said, has_place)| *is_said && !has_place);
    wrong.map(|(name, ..)| no_place(kind, name)).collect()
}

fn no_place(kind: Kind, name: &str) -> Finding {
    let text = format!(
        "a message of kind {} has no place for {name}: leave it out, or send another message",
        kind.slug()
    );
    super::finish::of_draft("no-place-for", &format!("/innhold/{name}"), text)
}

struct Care<'c> {
    coder: Coder,
    kind: Kind,
    edition: CareEdition,
    head: &'c HeadDraft,
    content: &'c CareContent,
    space: Space,
}

impl Care<'_> {
    /// What all care messages begin with.
    fn common(&self, root: Element) -> Element {
        let content = self.content;
        root.child(self.sending())
            .children(content.patient_more.as_ref().and_then(|it| patient_more(self.coder, it)))
            .children(content.relatives.iter().map(|it| relative(self.coder, it)))
            .children(content.units.iter().map(|it| contact_unit(self.coder, it)))
            .children(content.contacts.iter().map(|it| contact_person(self.coder, it)))
            .children(content.responsible.iter().map(|it| responsible(self.coder, it)))
    }

    fn sending(&self) -> Element {
        Element::new(CARE, "InformasjonOmForsendelsen")
            .children(self.coder.cs(CARE, "Forsendelsesstatus", 7309, Some(self.head.status.code())))
            .children(flag(CARE, "SvarPaaForesporsel", self.content.answers_request))
            .children(self.content.request.as_ref().map(|it| request(self.coder, it)))
    }

    /// What the kind says on its own. The order of the parts is that of the schema, which is seen to afterwards.
    fn own(&self, root: Element, clinical: &mut Clinical<'_>) -> Element {
        if let Some(wrapper) = wrapper(self.kind) {
            return root.child(self.logistics(wrapper));
        }
        let content = self.content;
        if self.kind == Kind::Fravar {
            return root.child(absence(self.coder, content.absence.as_ref()));
        }
        // Helseopplysninger of 1.5 have neither a type nor a stay.
        let says_of_stay = self.kind != Kind::Helseopplysninger || self.edition == CareEdition::Plo16;
        let (kind, stay) = if says_of_stay { (self.content_type(), self.stay()) } else { (None, Vec::new()) };
        root.children(kind)
            .children(stay)
            .children(self.application())
            .children(clinical.diagnoses())
            .children(clinical.medical())
            .children(clinical.medicines())
            .children(clinical.nursing())
            .children(content.services.iter().map(|it| service(self.coder, it)))
            .children(content.needs.iter().map(|it| need(self.coder, it)))
            .children(content.functions.as_ref().and_then(|it| functions(self.coder, it)))
            .children(clinical.appointments())
            .children(clinical.aids())
            .children(clinical.other_professions())
            .children(content.interpreter.as_ref().map(|it| interpreter(self.coder, it)))
    }

    fn logistics(&self, wrapper: &'static str) -> Element {
        let outcome = (self.kind == Kind::Utskrevet).then(|| self.outcome());
        Element::new(self.space, wrapper)
            .children(outcome)
            .children(self.content.events.iter().map(|it| event(self.coder, it)))
    }

    fn outcome(&self) -> Element {
        let unknown = OutcomeDraft::default();
        let outcome = self.content.outcome.as_ref().unwrap_or(&unknown);
        let place = said(outcome.place.as_deref()).or(Some(PLACE_UNKNOWN));
        Element::new(CARE, "UtskrevetTil")
            .children(self.coder.cv(CARE, "Uttilstand", 8431, outcome.state.as_deref()))
            .children(self.coder.cv(CARE, "UtTil", 8408, place))
            .children(leaf(CARE, "Merknad", &outcome.note))
    }

    /// Events of the stay. Helseopplysninger must have one: without any, the expected day is written with its time left open,
    /// so that the notice can be sent in time.
    fn stay(&self) -> Vec<Element> {
        let unknown =
            EventDraft { what: Some(HappeningDraft::ForventetUtskrivningsklar), ..EventDraft::default() };
        let mut events: Vec<&EventDraft> = self.content.events.iter().collect();
        if events.is_empty() && self.kind == Kind::Helseopplysninger {
            events.push(&unknown);
        }
        let stay = |it: &EventDraft| Element::new(CARE, "OpplysningOpphold").child(event(self.coder, it));
        events.into_iter().map(stay).collect()
    }

    /// What is known of the patient's own application. Helseopplysninger of 1.5 must say something of it: where nobody has said, that
    /// there is none, with the remark that nobody has.
    fn application(&self) -> Option<Element> {
        let must = self.kind == Kind::Helseopplysninger && self.edition == CareEdition::Plo15;
        let unsaid = ApplicationDraft { is_sent: false, note: "Ikke oppgitt".to_owned() };
        let said = self.content.application.as_ref().or(must.then_some(&unsaid))?;
        let element = Element::new(CARE, "OpplysningerTilSoknad");
        let sent = flag(CARE, "EgensoknadSendt", Some(said.is_sent));
        Some(element.children(sent).children(leaf(CARE, "Merknad", &said.note)))
    }

    fn content_type(&self) -> Option<Element> {
        let given = said(self.content.content_type.as_deref());
        let later = self.head.conversation.is_some();
        let note = leaf(CARE, "Merknad", &self.content.changes);
        let of = |table, value| self.coder.cv(CARE, "TypeInnhold", table, value);
        let code = match self.kind {
            Kind::Helseopplysninger => of(9140, given.or(Some(if later { "2" } else { "1" }))),
            Kind::Utskrivningsrapport => of(9139, given.or(Some("11"))),
            Kind::MedisinskeOpplysninger => of(9138, given),
            Kind::TilLege => {
                let code = self.coder.cs(CARE, "TypeInnholdKonsultasjon", 9137, given)?;
                return Some(Element::new(CARE, "InnholdKonsultasjon").child(code).children(note));
            }
            Kind::Innlagt
            | Kind::Innleggelsesrapport
            | Kind::Utskrivningsklar
            | Kind::Avmelding
            | Kind::Utskrevet
            | Kind::Dodsfall
            | Kind::Tjenestetilbud
            | Kind::Fravar
            | Kind::Foresporsel
            | Kind::Svar
            | Kind::Notat
            | Kind::Avvik
            | Kind::HelsefagligDialog
            | Kind::Epikrise
            | Kind::Kvittering
            | Kind::Annen => None,
        };
        Some(Element::new(CARE, "TypeInnholdIMelding").child(code?).children(note))
    }
}

fn absence(coder: Coder, absence: Option<&AbsenceDraft>) -> Element {
    let unsaid = AbsenceDraft::default();
    let absence = absence.unwrap_or(&unsaid);
    let to = absence.forwarded_to.as_ref().map(|to| {
        let element = Element::new(CARE, "VideresendtTil");
        person(coder, SPACES, element, to, (Role::Inside, WithoutId::LocalId))
    });
    Element::new(CARE, "Fraversassistent")
        .children(flag(CARE, "MottakerFravarende", Some(absence.is_away.unwrap_or(true))))
        .children(flag(CARE, "MeldingVideresendt", absence.is_forwarded))
        .children(time_text(CARE, "FravarendeFraDato", absence.from.as_deref()))
        .children(time_text(CARE, "FravarendeTilDato", absence.until.as_deref()))
        .children(to)
        .children(leaf(CARE, "Merknad", &absence.note))
}

fn event(coder: Coder, event: &EventDraft) -> Element {
    let code = event.what.map(happening_code);
    let expected = event.what == Some(HappeningDraft::ForventetUtskrivningsklar);
    let at = time(CARE, "TidspunktForHendelse", Some(&event.at));
    let place = leaf(CARE, "StedHendelse", &event.place);
    Element::new(CARE, "TidsfestetHendelse")
        .children(coder.cv(CARE, "Hendelsekode", 9121, code))
        .children(leaf(CARE, "BeskrivelseAvHendelse", &event.description))
        .child(at.unwrap_or(Element::new(CARE, "TidspunktForHendelse")))
        .children(flag(CARE, "Anslag", Some(event.is_estimate.unwrap_or(expected))))
        .children(leaf(CARE, "Merknad", &event.note))
        .children(place.map(|place| Element::new(CARE, "StedForHendelse").child(place)))
}

/// The code in table 9121.
fn happening_code(happening: HappeningDraft) -> &'static str {
    match happening {
        HappeningDraft::Innlagt => "1",
        HappeningDraft::Utskrevet => "2",
        HappeningDraft::Utskrivningsklar | HappeningDraft::ForventetUtskrivningsklar => "3",
        HappeningDraft::Avmeldt => "4",
        HappeningDraft::Dod => "13",
    }
}

fn request(coder: Coder, request: &RequestDraft) -> Element {
    Element::new(CARE, "Foresporsel")
        .children(coder.cv(CARE, "TypeForesp", table(request.table.as_ref(), 9152), Some(&request.kind)))
        .children(leaf(CARE, "Sporsmal", &request.question))
        .children(leaf(CARE, "Begrunnelse", &request.reason))
        .children(time_text(CARE, "FraDato", request.from.as_deref()))
        .children(time_text(CARE, "TilDato", request.until.as_deref()))
}

fn patient_more(coder: Coder, more: &PatientMoreDraft) -> Option<Element> {
    let parts = [
        coder.cs(CARE, "SivilStatus", 8724, more.marital_status.as_deref()),
        flag(CARE, "BorAlene", more.lives_alone),
        coder.cs(CARE, "Sprak", 3303, more.language.as_deref()),
    ];
    group(CARE, "TilleggsopplysningPasient", parts.into_iter().flatten().collect())
}

fn relative(coder: Coder, relative: &RelativeDraft) -> Element {
    let person = Element::new(CARE, "Referanseperson")
        .children(names(SHARED, &relative.family_name, "", &relative.given_name))
        .children(telephones(SHARED, SHARED, &relative.telephones));
    Element::new(CARE, "ParorendeForesatt")
        .children(coder.cs(CARE, "Slektskap", 9033, relative.relation.as_deref()))
        .children(coder.cs(CARE, "Omsorgsfunksjon", 9050, relative.care_function.as_deref()))
        .children(time_text(CARE, "FodselsarMindrearigParorende", relative.birth_year.as_deref()))
        .child(person)
        .children(leaf(CARE, "Merknad", &relative.note))
}

fn contact_unit(coder: Coder, of: &UnitDraft) -> Element {
    let element = Element::new(CARE, "Kontaktenhet");
    Element::new(CARE, "TilknyttetEnhet")
        .child(unit(coder, SPACES, element, of, WithoutId::LocalId))
        .children(leaf(CARE, "Merknad", &of.note))
}

fn contact_person(coder: Coder, of: &PersonDraft) -> Element {
    let element = Element::new(CARE, "Kontaktperson");
    Element::new(CARE, "KontaktpersonHelsepersonell")
        .child(person(coder, SPACES, element, of, (Role::Inside, WithoutId::LocalId)))
        .children(leaf(CARE, "Merknad", &of.note))
}

fn responsible(coder: Coder, of: &PersonDraft) -> Element {
    let element = Element::new(CARE, "AnsvarligRapport");
    Element::new(CARE, "AnsvarForRapport")
        .child(person(coder, SPACES, element, of, (Role::Inside, WithoutId::LocalId)))
        .children(time_text(CARE, "GodkjentDato", of.approved.as_deref()))
        .children(leaf(CARE, "Merknad", &of.note))
}

fn service(coder: Coder, service: &ServiceDraft) -> Element {
    let amount = service.amount.as_deref().unwrap_or_default().replace(',', ".");
    Element::new(CARE, "EksisterendeTjeneste")
        .children(coder.cv(CARE, "IPLOStjenestetype", 9151, service.code.as_deref()))
        .children(leaf(CARE, "BetegnelseTjeneste", &service.name))
        .children(flag(CARE, "PrivatTjeneste", Some(service.is_private)))
        .children(leaf(CARE, "TjenestenLevertAv", &service.given_by))
        .children(leaf(CARE, "OpplysningerOmTjenesten", &service.text))
        .children(leaf(CARE, "AntallEnheter", &amount))
        .children(leaf(CARE, "Enhet", &service.unit))
        .children(time_text(CARE, "Startdato", service.from.as_deref()))
        .children(time_text(CARE, "Sluttdato", service.until.as_deref()))
        .children(leaf(CARE, "Merknad", &service.note))
}

fn need(coder: Coder, need: &NeedDraft) -> Element {
    Element::new(CARE, "TjenesteBehov")
        .children(coder.cv(CARE, "IPLOStjenestetype", 9151, need.code.as_deref()))
        .children(leaf(CARE, "BetegnelseTjeneste", &need.name))
        .children(leaf(CARE, "VedInstitusjon", &need.institution))
        .children(leaf(CARE, "BeskrivelseAvTjeneste", &need.text))
}

fn functions(coder: Coder, functions: &FunctionsDraft) -> Option<Element> {
    let assessed = said(Some(&functions.assessed)).map(|day| format!("Vurdert {day}."));
    let note = [assessed.as_deref(), said(Some(&functions.note))]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let overall =
        leaf(CARE, "Merknad", &note).map(|it| Element::new(CARE, "SamletVurderingFunksjonsniva").child(it));
    let scores = functions.scores.iter().map(|it| {
        Element::new(CARE, "KartlagtFunksjon")
            .children(coder.cv(CARE, "Funksjonsvariabel", 9111, Some(&it.code)))
            .children(it.score.and_then(|score| leaf(CARE, "Vurdering", &score.to_string())))
            .children(leaf(CARE, "Merknad", &it.note))
    });
    group(CARE, "InfoKartleggingFunksjonsniva", overall.into_iter().chain(scores).collect())
}

fn interpreter(coder: Coder, of: &InterpreterDraft) -> Element {
    let needs = Element::new(CARE, "AssistertKommunikasjon")
        .children(flag(CARE, "Horselsvikt", of.hearing))
        .children(flag(CARE, "Synsvikt", of.sight))
        .children(coder.cs(CARE, "BehovTolkSprak", 3303, of.language.as_deref()))
        .children(leaf(CARE, "Merknad", &of.note));
    Element::new(CARE, "InfoAssistertKommunikasjon").child(needs)
}
