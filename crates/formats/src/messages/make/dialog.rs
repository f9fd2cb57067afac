//! Dialogue messages: 1.0 for requests, answers, notes and deviations, 1.1 for clinical dialogue.

use super::{
    MakeContext, Refused,
    draft::{DialogContent, DialogDraft, PersonDraft, RequestDraft, StatusDraft, UnitDraft},
    finish::{of_draft, refusal},
    parts::{Coder, DIALOG_10, DIALOG_11, SHARED, Space, leaf, said, table, time_text},
    people::{Role, Spaces, WithoutId, person, unit},
};
use crate::{messages::types::Kind, xml::Element};

/// The contents of a dialogue message.
pub(super) fn body(context: &MakeContext<'_>, kind: Kind, draft: &DialogDraft) -> Result<Element, Refused> {
    let Some((space, theme)) = form(kind) else {
        let text = format!("{} isn't a dialogue message", kind.slug());
        return Err(refusal("wrong-kind", "/", text));
    };
    let findings = unfit(kind, draft);
    if !findings.is_empty() {
        return Err(Refused { findings });
    }
    let dialog = Dialog { coder: context.coder(), space, content: &draft.content };
    let inside = match theme {
        Some((table, usual)) => dialog.note(table, usual),
        None => draft.content.request.iter().map(|it| dialog.request(it, dialog.people())).collect(),
    };
    Ok(Element::new(space, "Dialogmelding").children(inside))
}

/// The namespace, and the table and usual value of the theme; no theme for requests.
type Form = (Space, Option<(u32, &'static str)>);

fn form(kind: Kind) -> Option<Form> {
    match kind {
        Kind::Foresporsel => Some((DIALOG_10, None)),
        Kind::Svar => Some((DIALOG_10, Some((9069, "5")))),
        Kind::Notat => Some((DIALOG_10, Some((9155, "1")))),
        Kind::Avvik => Some((DIALOG_10, Some((8117, "9")))),
        Kind::HelsefagligDialog => Some((DIALOG_11, Some((7322, "6")))),
        Kind::Innlagt
        | Kind::Innleggelsesrapport
        | Kind::Helseopplysninger
        | Kind::Utskrivningsklar
        | Kind::Avmelding
        | Kind::Utskrevet
        | Kind::Utskrivningsrapport
        | Kind::Dodsfall
        | Kind::TilLege
        | Kind::Tjenestetilbud
        | Kind::MedisinskeOpplysninger
        | Kind::Fravar
        | Kind::Epikrise
        | Kind::Kvittering
        | Kind::Annen => None,
    }
}

/// What a draft says that a message of this kind can't.
fn unfit(kind: Kind, draft: &DialogDraft) -> Vec<crate::messages::Finding> {
    let content = &draft.content;
    let no_place = |name: &str| {
        let text = format!("a message of kind {} has no place for {name}: leave it out", kind.slug());
        of_draft("no-place-for", &format!("/innhold/{name}"), text)
    };
    let has_request = matches!(kind, Kind::Foresporsel | Kind::Svar);
    let mut findings = Vec::new();
    if content.request.is_some() && !has_request {
        findings.push(no_place("foresporsel"));
    }
    if !content.units.is_empty() && kind != Kind::HelsefagligDialog {
        findings.push(no_place("enheter"));
    }
    if kind == Kind::Foresporsel && said(Some(&content.text)).is_some() {
        findings.push(no_place("tekst"));
    }
    if draft.head.status != StatusDraft::New {
        let text =
            "a dialogue message can't be changed or cancelled: send another one in the same conversation";
        findings.push(of_draft("status-uten-endring", "/hode/status", text.to_owned()));
    }
    findings
}

struct Dialog<'d> {
    coder: Coder,
    space: Space,
    content: &'d DialogContent,
}

impl Dialog<'_> {
    fn note(&self, table: u32, usual: &str) -> Vec<Element> {
        let theme = said(self.content.theme.as_deref()).or(Some(usual));
        let note = Element::new(self.space, "Notat")
            .children(self.coder.cv(self.space, "TemaKodet", table, theme))
            .children(leaf(self.space, "Tema", &self.content.theme_text))
            .children(leaf(self.space, "TekstNotatInnhold", &self.content.text))
            .children(self.content.request.as_ref().map(|it| self.request(it, Vec::new())))
            .children(self.people());
        vec![note]
    }

    fn request(&self, request: &RequestDraft, people: Vec<Element>) -> Element {
        let table = table(request.table.as_ref(), 9152);
        Element::new(self.space, "Foresporsel")
            .children(self.coder.cv(self.space, "TypeForesp", table, Some(&request.kind)))
            .children(leaf(self.space, "Sporsmal", &request.question))
            .children(leaf(self.space, "Begrunnelse", &request.reason))
            .children(time_text(self.space, "FraDato", request.from.as_deref()))
            .children(time_text(self.space, "TilDato", request.until.as_deref()))
            .children(people)
    }

    fn people(&self) -> Vec<Element> {
        let units = self.content.units.iter().map(|it| self.unit(it));
        units.chain(self.content.people.iter().map(|it| self.person(it))).collect()
    }

    fn unit(&self, of: &UnitDraft) -> Element {
        let spaces = Spaces { outer: SHARED, inner: SHARED };
        let inside =
            unit(self.coder, spaces, Element::new(self.space, "Kontaktenhet"), of, WithoutId::LocalId);
        let unit = Element::new(self.space, "TilknyttetEnhet")
            .child(inside)
            .children(leaf(self.space, "Merknad", &of.note));
        Element::new(self.space, "RollerRelatertNotat").child(unit)
    }

    fn person(&self, of: &PersonDraft) -> Element {
        let spaces = Spaces { outer: self.space, inner: SHARED };
        let element = Element::new(self.space, "HealthcareProfessional");
        Element::new(self.space, "RollerRelatertNotat")
            .children(self.coder.cv(self.space, "RoleToPatient", 9034, of.role.as_deref()))
            .child(person(self.coder, spaces, element, of, (Role::Outside, WithoutId::Nothing)))
    }
}
