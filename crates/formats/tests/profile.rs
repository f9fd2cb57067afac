//! The rules of the profiles: each is kept by one message and broken by another that differs in one thing.

mod make_support;

use make_support::{context, draft};
use samspill_formats::messages::{
    Finding, Severity,
    ids::SyntheticPolicy,
    make::{self, Made},
    profile::{self, Writing},
    read::{MessageLimits, read},
    types::Kind,
};
use samspill_formats::xml::{Child, Element, Name, XmlLimits, parse, write};
use serde_json::Value;

/// A change to a message.
enum Edit {
    /// Takes the elements at a place away.
    Without(&'static str),
    /// Puts an attribute's value at a place.
    Value(&'static str, &'static str),
    /// Puts a text at a place.
    Text(&'static str, &'static str),
    /// Adds an element last in a place, with `V` and text.
    With(&'static str, &'static str, &'static str, &'static str),
}
use Edit::{Text, Value as V, Without};

const NOTE: &str = "Document/RefDoc/Content/Dialogmelding/Notat";

/// A rule, the example that keeps it, its kind, and what is done to it so that it doesn't.
type Row = (&'static str, &'static str, Kind, &'static [Edit]);

/// The rows, with short names of kinds.
mod rows {
    use super::{
        Edit::{Text, Value as V, With, Without},
        NOTE, Row,
    };
    use samspill_formats::messages::types::Kind::{
        Avmelding, Avvik, Dodsfall, Epikrise, Foresporsel, HelsefagligDialog as Dialog,
        Helseopplysninger as Helse, Innlagt, Innleggelsesrapport as Inn, MedisinskeOpplysninger as Med,
        Notat, Svar, Tjenestetilbud, Utskrevet, Utskrivningsklar as Klar, Utskrivningsrapport as Ut,
    };

    #[rustfmt::skip]
    pub(crate) const TABLE: &[Row] = &[
        // Every message with a Hodemelding.
        ("meldingsid-guid", "innlagt", Innlagt, &[Text("MsgInfo/MsgId", "4711")]),
        ("samtale-egen-id", "avmelding", Avmelding, &[Text("MsgInfo/ConversationRef/RefToParent", "7c9e6a10-1b2d-4e3f-8a4b-5c6d7e8f9001")]),
        ("avsender-virksomhet", "innlagt", Innlagt, &[V("MsgInfo/Sender/Organisation/Ident/TypeId", "ENH")]),
        ("avsender-tjeneste", "innlagt", Innlagt, &[Without("MsgInfo/Sender/Organisation/Organisation")]),
        ("mottaker-adressert", "innlagt", Innlagt, &[Without("MsgInfo/Receiver/Organisation/Ident"), Without("MsgInfo/Receiver/Organisation/Organisation")]),
        ("mottaker-virksomhet", "dodsfall", Dodsfall, &[Without("MsgInfo/Receiver/Organisation/OrganisationName")]),
        ("mottaker-tjeneste", "dodsfall", Dodsfall, &[Without("MsgInfo/Receiver/Organisation/HealthcareProfessional/Ident")]),
        ("kopimottaker-virksomhet", "utskrivningsklar", Klar, &[Without("MsgInfo/OtherReceiver/Organisation/OrganisationName")]),
        ("kopimottaker-tjeneste", "utskrivningsklar", Klar, &[Without("MsgInfo/OtherReceiver/Organisation/Organisation/Ident")]),
        ("pasient-navn", "svar", Svar, &[Without("MsgInfo/Patient/FamilyName"), Without("MsgInfo/Patient/GivenName")]),
        ("pasient-id", "notat", Notat, &[Without("MsgInfo/Patient/Ident")]),
        ("pasient-identifisert", "innlagt", Innlagt, &[Without("MsgInfo/Patient/Ident"), Without("MsgInfo/Patient/Sex")]),
        ("dokument-xml", "innlagt", Innlagt, &[V("Document/RefDoc/MsgType", "A")]),
        ("vedlegg-merket", "helsefaglig-dialog", Dialog, &[V("Document[2]/RefDoc/MsgType", "REF")]),
        ("vedlegg-mimetype", "helsefaglig-dialog", Dialog, &[Without("Document[2]/RefDoc/MimeType")]),
        ("vedlegg-dato", "helsefaglig-dialog", Dialog, &[Without("Document[2]/RefDoc/IssueDate")]),
        ("vedlegg-beskrivelse", "helsefaglig-dialog", Dialog, &[Without("Document[2]/RefDoc/Description")]),
        ("vedlegg-format", "helsefaglig-dialog", Dialog, &[Text("Document[2]/RefDoc/MimeType", "text/html")]),
        ("vedlegg-avtalt", "innlagt", Innlagt, &[]),
        // HIS 80704.
        ("kontakt-oppgitt", "innlagt", Innlagt, &[Without("Document/RefDoc/Content/*/TilknyttetEnhet"), Without("Document/RefDoc/Content/*/AnsvarForRapport")]),
        ("foresporsel-gjengitt", "medisinske-opplysninger", Med, &[Without("Document/RefDoc/Content/*/InformasjonOmForsendelsen/Foresporsel")]),
        ("ansvarlig-kategori", "innlagt", Innlagt, &[Without("Document/RefDoc/Content/*/AnsvarForRapport/AnsvarligRapport/TypeHealthcareProfessional")]),
        ("kontaktperson-kategori", "utskrivningsrapport", Ut, &[Without("Document/RefDoc/Content/*/KontaktpersonHelsepersonell/Kontaktperson/TypeHealthcareProfessional")]),
        ("hendelse-navngitt", "innlagt", Innlagt, &[Without("Document/RefDoc/Content/*/*/TidsfestetHendelse/Hendelsekode")]),
        ("forventet-som-dato", "helseopplysninger", Helse, &[V("Document/RefDoc/Content/*/OpplysningOpphold[2]/*/TidspunktForHendelse", "2026-03-06T12:00:00")]),
        ("anslag-hendt", "innlagt", Innlagt, &[Text("Document/RefDoc/Content/*/*/TidsfestetHendelse/Anslag", "true")]),
        ("anslag-forventet", "helseopplysninger", Helse, &[Text("Document/RefDoc/Content/*/OpplysningOpphold[2]/*/Anslag", "false")]),
        ("forventet-kode", "helseopplysninger", Helse, &[V("Document/RefDoc/Content/*/OpplysningOpphold[2]/*/Hendelsekode", "5")]),
        ("innleggelsesarsak-utgatt-kode", "innleggelsesrapport", Inn, &[V("Document/RefDoc/Content/*/Sykepleierdokumentasjon/*/Journaltekst[2]/Overskriftskode", "11")]),
        // HISD 1154.
        ("status-verdi", "innleggelsesrapport", Inn, &[V("Document/RefDoc/Content/*/InformasjonOmForsendelsen/Forsendelsesstatus", "A")]),
        ("status-uten-endring", "avmelding", Avmelding, &[V("Document/RefDoc/Content/*/InformasjonOmForsendelsen/Forsendelsesstatus", "M")]),
        ("endring-samtale", "helseopplysninger-endring", Helse, &[Without("MsgInfo/ConversationRef")]),
        ("kansellering-samtale", "innlagt-kansellering", Innlagt, &[Without("MsgInfo/ConversationRef")]),
        ("epikrise-status", "epikrise", Epikrise, &[V("ServRprt/ServType", "A")]),
        ("epikrise-serie", "epikrise-kansellering", Epikrise, &[Without("ServRprt/ServProvId")]),
        // HIS 1149.
        ("innlagt-hendelse", "innlagt", Innlagt, &[V("Document/RefDoc/Content/*/*/TidsfestetHendelse/Hendelsekode", "2")]),
        ("innlagt-klokkeslett", "innlagt", Innlagt, &[V("Document/RefDoc/Content/*/*/TidsfestetHendelse/TidspunktForHendelse", "2026-03-02")]),
        ("utskrivningsklar-innlagt", "utskrivningsklar", Klar, &[V("Document/RefDoc/Content/*/*/TidsfestetHendelse/Hendelsekode", "2")]),
        ("utskrivningsklar-hendelse", "utskrivningsklar", Klar, &[Without("Document/RefDoc/Content/*/*/TidsfestetHendelse[2]")]),
        ("utskrivningsklar-dato", "utskrivningsklar", Klar, &[V("Document/RefDoc/Content/*/*/TidsfestetHendelse[2]/TidspunktForHendelse", "2026-03")]),
        ("utskrivningsklar-ansvarlig", "utskrivningsklar", Klar, &[Without("Document/RefDoc/Content/*/AnsvarForRapport")]),
        ("avmelding-hendelse", "avmelding", Avmelding, &[Without("Document/RefDoc/Content/*/*/TidsfestetHendelse[3]")]),
        ("avmelding-dato", "avmelding", Avmelding, &[V("Document/RefDoc/Content/*/*/TidsfestetHendelse[3]/TidspunktForHendelse", "2026")]),
        ("avmelding-ansvarlig", "avmelding", Avmelding, &[Without("Document/RefDoc/Content/*/AnsvarForRapport/AnsvarligRapport/FamilyName")]),
        ("utskrevet-hendelse", "utskrevet", Utskrevet, &[V("Document/RefDoc/Content/*/*/TidsfestetHendelse/Hendelsekode", "1")]),
        ("utskrevet-dato", "utskrevet", Utskrevet, &[V("Document/RefDoc/Content/*/*/TidsfestetHendelse/TidspunktForHendelse", "")]),
        ("utskrevet-til", "utskrevet", Utskrevet, &[Without("Document/RefDoc/Content/*/*/UtskrevetTil/UtTil")]),
        ("dodsfall-hendelse", "dodsfall", Dodsfall, &[V("Document/RefDoc/Content/*/*/TidsfestetHendelse/Hendelsekode", "2")]),
        ("dodsfall-dato", "dodsfall", Dodsfall, &[V("Document/RefDoc/Content/*/*/TidsfestetHendelse/TidspunktForHendelse", "2026-03")]),
        // HIS 1144.
        ("helseopplysninger-type", "helseopplysninger", Helse, &[V("Document/RefDoc/Content/*/TypeInnholdIMelding/TypeInnhold", "3")]),
        ("oppdatering-samtale", "helseopplysninger", Helse, &[V("Document/RefDoc/Content/*/TypeInnholdIMelding/TypeInnhold", "2")]),
        ("oppdatering-endringer", "helseopplysninger-endring", Helse, &[Without("Document/RefDoc/Content/*/TypeInnholdIMelding/Merknad")]),
        ("forventet-utskrivning", "helseopplysninger", Helse, &[V("Document/RefDoc/Content/*/OpplysningOpphold[2]/*/Hendelsekode", "4")]),
        ("pasientens-status", "helseopplysninger", Helse, &[Text("Document/RefDoc/Content/*/MedisinskfagligeOpplysninger/GenereltJournalnotat/Journaltekst/Notat", " ")]),
        ("antatt-forlop", "helseopplysninger", Helse, &[Without("Document/RefDoc/Content/*/MedisinskfagligeOpplysninger/GenereltJournalnotat/Journaltekst[2]")]),
        ("helseopplysninger-enhet", "helseopplysninger", Helse, &[Without("Document/RefDoc/Content/*/TilknyttetEnhet/Kontaktenhet/TeleCom"), Without("Document/RefDoc/Content/*/AnsvarForRapport/AnsvarligRapport/TeleCom")]),
        ("helseopplysninger-kritisk", "helseopplysninger", Helse, &[Without("Document/RefDoc/Content/*/MedisinskfagligeOpplysninger/Cave")]),
        ("helseopplysninger-parorende", "helseopplysninger", Helse, &[Without("Document/RefDoc/Content/*/ParorendeForesatt")]),
        // HIS 1143.
        ("innleggelse-svar", "innleggelsesrapport", Inn, &[Without("MsgInfo/ConversationRef")]),
        ("innleggelse-arsak", "innleggelsesrapport", Inn, &[V("Document/RefDoc/Content/*/MedisinskfagligeOpplysninger/GenereltJournalnotat/Journaltekst/Overskriftskode", "VU")]),
        ("innleggelse-sykepleie", "innleggelsesrapport", Inn, &[Without("Document/RefDoc/Content/*/Sykepleierdokumentasjon/*/Journaltekst")]),
        ("innleggelse-praktisk", "innleggelsesrapport", Inn, &[Without("Document/RefDoc/Content/*/Sykepleierdokumentasjon/*/Journaltekst[2]")]),
        ("kartlegging-dato", "innleggelsesrapport", Inn, &[Without("Document/RefDoc/Content/*/InfoKartleggingFunksjonsniva/SamletVurderingFunksjonsniva")]),
        ("innleggelse-enhet", "innleggelsesrapport", Inn, &[Without("Document/RefDoc/Content/*/TilknyttetEnhet"), Without("Document/RefDoc/Content/*/AnsvarForRapport/AnsvarligRapport/TeleCom")]),
        ("innleggelse-diagnoser", "innleggelsesrapport", Inn, &[Without("Document/RefDoc/Content/*/InfoMedisinskDiagnose")]),
        ("innleggelse-kritisk", "innleggelsesrapport", Inn, &[Without("Document/RefDoc/Content/*/MedisinskfagligeOpplysninger/Cave")]),
        ("innleggelse-legemidler", "innleggelsesrapport", Inn, &[Without("Document/RefDoc/Content/*/Legemiddelinfo")]),
        ("innleggelse-funksjon", "innleggelsesrapport", Inn, &[Without("Document/RefDoc/Content/*/InfoKartleggingFunksjonsniva")]),
        ("innleggelse-tjenester", "innleggelsesrapport", Inn, &[Without("Document/RefDoc/Content/*/EksisterendeTjeneste")]),
        ("innleggelse-parorende", "innleggelsesrapport", Inn, &[Without("Document/RefDoc/Content/*/ParorendeForesatt")]),
        // HIS 1148.
        ("utskrivningsrapport-type", "utskrivningsrapport", Ut, &[V("Document/RefDoc/Content/*/TypeInnholdIMelding/TypeInnhold", "1")]),
        ("utskrivning-problemstilling", "utskrivningsrapport", Ut, &[Without("Document/RefDoc/Content/*/MedisinskfagligeOpplysninger/GenereltJournalnotat/Journaltekst")]),
        ("utskrivning-oppfolging", "utskrivningsrapport", Ut, &[Without("Document/RefDoc/Content/*/MedisinskfagligeOpplysninger/GenereltJournalnotat/Journaltekst[2]")]),
        ("utskrivning-sykepleie", "utskrivningsrapport", Ut, &[Without("Document/RefDoc/Content/*/Sykepleierdokumentasjon/*/Journaltekst")]),
        ("utskrivning-praktisk", "utskrivningsrapport", Ut, &[Without("Document/RefDoc/Content/*/Sykepleierdokumentasjon/*/Journaltekst[2]")]),
        ("utskrivning-enhet", "utskrivningsrapport", Ut, &[Without("Document/RefDoc/Content/*/TilknyttetEnhet"), Without("Document/RefDoc/Content/*/AnsvarForRapport/AnsvarligRapport/TeleCom")]),
        ("utskrivning-diagnoser", "utskrivningsrapport", Ut, &[Without("Document/RefDoc/Content/*/InfoMedisinskDiagnose")]),
        ("utskrivning-kritisk", "utskrivningsrapport", Ut, &[Without("Document/RefDoc/Content/*/MedisinskfagligeOpplysninger/Cave")]),
        ("utskrivning-legemidler", "utskrivningsrapport", Ut, &[Without("Document/RefDoc/Content/*/Legemiddelinfo")]),
        ("utskrivning-gitt-i-dag", "utskrivningsrapport", Ut, &[Without("Document/RefDoc/Content/*/Sykepleierdokumentasjon/LegemidlerAdministrertVedOverforing")]),
        ("utskrivning-kontrolltime", "utskrivningsrapport", Ut, &[Without("Document/RefDoc/Content/*/InfoKontrolltime")]),
        ("utskrivning-parorende", "utskrivningsrapport", Ut, &[Without("Document/RefDoc/Content/*/ParorendeForesatt")]),
        // HIS 1077.
        ("dialog-notat", "helsefaglig-dialog", Dialog, &[Without(NOTE)]),
        ("dialog-temakode", "helsefaglig-dialog", Dialog, &[V("Document/RefDoc/Content/Dialogmelding/Notat/TemaKodet", "1")]),
        ("dialog-tema", "helsefaglig-dialog", Dialog, &[Without("Document/RefDoc/Content/Dialogmelding/Notat/Tema")]),
        ("dialog-innhold", "helsefaglig-dialog", Dialog, &[Text("Document/RefDoc/Content/Dialogmelding/Notat/TekstNotatInnhold", "")]),
        ("dialog-bare-avtalt", "helsefaglig-dialog", Dialog, &[With(NOTE, "Merknad", "", "Husk sår")]),
        ("dialog-ansvarlig", "helsefaglig-dialog", Dialog, &[Without("Document/RefDoc/Content/Dialogmelding/Notat/RollerRelatertNotat/HealthcareProfessional/TeleCom")]),
        ("dialog-kontakt-hos-mottaker", "helsefaglig-dialog", Dialog, &[V("Document/RefDoc/Content/Dialogmelding/Notat/RollerRelatertNotat[3]/RoleToPatient", "6")]),
        // HIS 1151.
        ("avvik-referanse", "avvik", Avvik, &[Without("MsgInfo/ConversationRef")]),
        ("avvik-notat", "avvik", Avvik, &[Without(NOTE)]),
        ("avvik-temakode", "avvik", Avvik, &[V("Document/RefDoc/Content/Dialogmelding/Notat/TemaKodet", "7")]),
        ("avvik-innhold", "avvik", Avvik, &[Without("Document/RefDoc/Content/Dialogmelding/Notat/TekstNotatInnhold")]),
        ("avvik-bare-avtalt", "avvik", Avvik, &[With(NOTE, "DatoNotat", "", "2026-03-02")]),
        ("avvik-helsefaglig-mangel", "avvik", Avvik, &[V("Document/RefDoc/Content/Dialogmelding/Notat/TemaKodet", "2")]),
        // HISD 80806 and HIS 1152.
        ("tilbakemelding-knytning", "notat", Notat, &[Without("MsgInfo/ConversationRef")]),
        ("tilbakemelding-innhold", "helsefaglig-dialog-tilbakemelding", Dialog, &[Without("Document/RefDoc/Content/Dialogmelding/Notat/TekstNotatInnhold")]),
        ("notat-temakode", "notat", Notat, &[V("Document/RefDoc/Content/Dialogmelding/Notat/TemaKodet", "3")]),
        ("foresporsel-finnes", "foresporsel", Foresporsel, &[Without("Document/RefDoc/Content/Dialogmelding/Foresporsel")]),
        ("foresporsel-type", "foresporsel", Foresporsel, &[V("Document/RefDoc/Content/Dialogmelding/Foresporsel/TypeForesp", "77")]),
        ("foresporsel-bakgrunn", "foresporsel", Foresporsel, &[Without("Document/RefDoc/Content/Dialogmelding/Foresporsel/Sporsmal"), Without("Document/RefDoc/Content/Dialogmelding/Foresporsel/Begrunnelse")]),
        ("svar-samtale", "svar", Svar, &[Without("MsgInfo/ConversationRef")]),
        ("svar-foresporsel", "svar", Svar, &[Without("Document/RefDoc/Content/Dialogmelding/Notat/Foresporsel")]),
        ("svar-innhold", "svar", Svar, &[Without("Document/RefDoc/Content/Dialogmelding/Notat/TekstNotatInnhold")]),
        // HIS 80226.
        ("epikrise-meldingsid", "epikrise", Epikrise, &[Text("MsgId", "17")]),
        ("epikrise-dokumentid", "epikrise", Epikrise, &[Without("ServRprt/ServProvId")]),
        ("epikrise-avsender-virksomhet", "epikrise", Epikrise, &[Without("ServRprt/ServProvider/HCP/Inst/Id")]),
        ("epikrise-avsender-tjeneste", "epikrise", Epikrise, &[Without("ServRprt/ServProvider/HCP/Inst/Dept")]),
        ("epikrise-mottaker-adressert", "epikrise", Epikrise, &[Without("ServRprt/Requester/HCP/Inst/Id"), Without("ServRprt/Requester/HCP/Inst/HCPerson")]),
        ("epikrise-mottaker-virksomhet", "epikrise", Epikrise, &[Without("ServRprt/Requester/HCP/Inst/Name")]),
        ("epikrise-mottaker-tjeneste", "epikrise", Epikrise, &[V("ServRprt/Requester/HCP/Inst/HCPerson/TypeId", "HPR")]),
        ("epikrise-kopimottaker", "epikrise", Epikrise, &[Without("ServRprt/CopyDest/HCP/Inst/Name")]),
        ("epikrise-pasient-navn", "epikrise", Epikrise, &[Without("ServRprt/Patient/Name")]),
        ("epikrise-pasient-id", "epikrise", Epikrise, &[Without("ServRprt/Patient/OffId"), Without("ServRprt/Patient/Sex")]),
        ("epikrise-godkjent", "epikrise", Epikrise, &[Without("ServRprt/ApprDate")]),
        ("epikrise-opphold", "epikrise", Epikrise, &[Without("ServRprt/Event")]),
        ("epikrise-opphold-slutt", "epikrise", Epikrise, &[Without("ServRprt/Event/ReportedEvent/EndDateTime")]),
        ("epikrise-kontakttype", "epikrise", Epikrise, &[Without("ServRprt/Event/Service/AdmCat")]),
        ("epikrise-ansvarlig", "epikrise", Epikrise, &[Without("ServRprt/RelServProvider")]),
        ("epikrise-diagnose", "epikrise", Epikrise, &[Without("ServRprt/Event/InfItem")]),
        ("epikrise-vurdering", "epikrise", Epikrise, &[V("ServRprt/Event/Comment[2]/Heading", "FO")]),
        ("epikrise-overskrift", "epikrise", Epikrise, &[Without("ServRprt/Event/Comment[2]/Heading")]),
        ("epikrise-vedlegg-mimetype", "epikrise", Epikrise, &[Without("ServRprt/RefDoc/MimeType")]),
        ("epikrise-vedlegg-format", "epikrise", Epikrise, &[Text("ServRprt/RefDoc/MimeType", "image/tiff")]),
        ("pasient-id", "tjenestetilbud", Tjenestetilbud, &[Text("MsgInfo/Patient/Ident/Id", "")]),
    ];
}
use rows::TABLE;

#[test]
fn every_rule_file_can_be_read() {
    assert_eq!(profile::faults(), Vec::<String>::new());
    assert!(profile::rules().len() > 100);
}

#[test]
fn every_rule_is_kept_by_one_message_and_broken_by_another() {
    for (rule, example, kind, edits) in TABLE {
        let kept = made(rule, example, *kind);
        assert!(!codes(&check(&kept.element)).contains(rule), "{rule} is broken by {example} as it is");
        let mut broken = kept.element;
        if edits.is_empty() {
            add_file(&mut broken);
        }
        for edit in *edits {
            edit.apply(&mut broken);
        }
        let findings = check(&broken);
        let Some(finding) = findings.iter().find(|it| it.code == *rule) else {
            panic!("{rule} isn't broken: {:?}", codes(&findings));
        };
        let known = profile::rule(rule).expect("a rule");
        assert_eq!(finding.severity, known.severity, "{rule}");
        assert!(finding.path.starts_with('/') && finding.clause.is_some(), "{finding}");
        assert!(profile::bokmal(finding).is_some_and(|text| text.starts_with(&known.nb)), "{rule}");
    }
    let untried: Vec<_> =
        profile::rules().iter().filter(|rule| !TABLE.iter().any(|row| row.0 == rule.id)).collect();
    assert!(untried.is_empty(), "{untried:?}");
}

#[test]
fn a_rule_says_what_to_write_and_where_it_is_asked_for() {
    for rule in profile::rules() {
        assert!(
            rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit()),
            "{}",
            rule.id
        );
        assert!(rule.clause.starts_with("HIS"), "{}: {}", rule.id, rule.clause);
        assert!(
            rule.severity < Severity::Error && !rule.kinds.is_empty() && !rule.versions.is_empty(),
            "{}",
            rule.id
        );
        for text in [&rule.en, &rule.nb] {
            assert!(text.len() > 15 && !text.ends_with('.'), "{}: {text}", rule.id);
        }
    }
}

#[test]
fn a_finding_tells_what_stands_there_and_where() {
    let mut message = made("", "avmelding", Kind::Avmelding).element;
    V("Document/RefDoc/Content/*/InformasjonOmForsendelsen/Forsendelsesstatus", "M").apply(&mut message);
    let findings = check(&message);
    let finding = findings.iter().find(|it| it.code == "status-uten-endring").expect("told");
    assert_eq!(
        finding.path,
        "/MsgHead/Document/RefDoc/Content/Pasientlogistikk/InformasjonOmForsendelsen/Forsendelsesstatus"
    );
    assert!(finding.text.ends_with("here it says “M”"), "{}", finding.text);
    assert_eq!(finding.clause.as_deref(), Some("HISD 1154:2018 3.1"));
    assert!(profile::bokmal(finding).expect("a rule").ends_with("her står “M”"));
}

#[test]
fn something_missing_is_told_at_the_innermost_element_that_is_there() {
    let mut message = made("", "innlagt", Kind::Innlagt).element;
    Without("MsgInfo/Patient/Ident/Id").apply(&mut message);
    let findings = check(&message);
    let finding = findings.iter().find(|it| it.code == "pasient-id").expect("told");
    assert_eq!(finding.path, "/MsgHead/MsgInfo/Patient/Ident");
}

#[test]
fn a_cancellation_need_not_say_it_all_again() {
    let mut message = made("", "innlagt-kansellering", Kind::Innlagt).element;
    Without("Document/RefDoc/Content/*/AnsvarForRapport").apply(&mut message);
    Without("Document/RefDoc/Content/*/TilknyttetEnhet").apply(&mut message);
    V("Document/RefDoc/Content/*/*/TidsfestetHendelse/TidspunktForHendelse", "2026-03-02")
        .apply(&mut message);
    assert_eq!(codes(&check(&message)), Vec::<&str>::new());
}

#[test]
fn a_code_that_its_table_does_not_have_is_a_note_with_what_was_meant() {
    let mut message = made("", "utskrevet", Kind::Utskrevet).element;
    V("Document/RefDoc/Content/*/*/UtskrevetTil/UtTil", "77").apply(&mut message);
    V("MsgInfo/Sender/Organisation/Organisation/Ident/TypeId", "her").apply(&mut message);
    let findings = check(&message);
    let unknown: Vec<_> = findings.iter().filter(|it| it.code == "unknown-code").collect();
    assert_eq!(unknown.len(), 2, "{findings:?}");
    assert!(unknown.iter().all(|it| it.severity == Severity::Note));
    assert!(unknown[0].text.contains("perhaps HER"), "{}", unknown[0].text);
    assert!(unknown[1].text.contains("table 8408 (Sted) has no 77"), "{}", unknown[1].text);
}

#[test]
fn a_code_with_the_name_of_another_is_told() {
    let mut message = made("", "utskrevet", Kind::Utskrevet).element;
    let at = "Document/RefDoc/Content/*/*/UtskrevetTil/UtTil";
    each(&mut message, at, &mut |element| attribute(element, "DN", "Pasienthotell"));
    let findings = check(&message);
    let found: Vec<_> = codes(&findings).into_iter().filter(|code| *code == "code-and-name-differ").collect();
    assert_eq!(found.len(), 1, "{findings:?}");
}

#[test]
fn a_number_that_cannot_be_one_is_a_warning_and_is_not_repeated() {
    let mut message = made("", "innlagt", Kind::Innlagt).element;
    Text("MsgInfo/Patient/Ident/Id", "12835030449").apply(&mut message);
    let findings = check(&message);
    let finding = findings.iter().find(|it| it.code == "id-fault").expect("told");
    assert_eq!((finding.severity, &*finding.path), (Severity::Warning, "/MsgHead/MsgInfo/Patient/Ident/Id"));
    assert!(!finding.text.contains("12835030449"), "{}", finding.text);
    let mut epicrisis = made("", "epikrise", Kind::Epikrise).element;
    Text("ServRprt/Patient/OffId", "1283503044").apply(&mut epicrisis);
    assert!(codes(&check(&epicrisis)).contains(&"id-fault"));
}

#[test]
fn numbers_pass_by_their_series() {
    let message = made("", "innlagt", Kind::Innlagt).element;
    let told = |policy| check_by(&message, policy).iter().filter(|it| it.code == "id-fault").count();
    assert_eq!(told(SyntheticPolicy::Allow), 0);
    assert_eq!(told(SyntheticPolicy::Require), 0);
    let findings = check_by(&message, SyntheticPolicy::Refuse);
    let finding = findings.iter().find(|it| it.path.ends_with("/Patient/Ident/Id")).expect("told");
    assert!(finding.text.contains("synthetic"), "{}", finding.text);
}

#[test]
fn only_a_few_rules_refuse() {
    let refusing: Vec<&str> = profile::rules()
        .iter()
        .filter(|rule| rule.writing == Writing::Refuse)
        .map(|rule| rule.id.as_str())
        .collect();
    assert!(refusing.contains(&"pasient-identifisert") && refusing.contains(&"status-uten-endring"));
    for must_not in [
        "innlagt-klokkeslett",
        "utskrivningsklar-dato",
        "utskrivningsklar-ansvarlig",
        "tilbakemelding-knytning",
    ] {
        assert!(
            !refusing.contains(&must_not),
            "{must_not} would be in the way of a message with a time limit"
        );
    }
}

fn made(rule: &str, example: &str, kind: Kind) -> Made {
    let value: Value = draft(example);
    make::from_json(kind, &value.to_string(), &context())
        .unwrap_or_else(|refused| panic!("{rule}: {refused}"))
}

fn check(element: &Element) -> Vec<Finding> {
    check_by(element, SyntheticPolicy::Allow)
}

fn check_by(element: &Element, policy: SyntheticPolicy) -> Vec<Finding> {
    let xml = write(element);
    let document = parse(&xml, &XmlLimits::default()).expect("XML");
    let (message, _) = read(&document, &MessageLimits::default());
    profile::check(&document, &message, policy)
}

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|it| it.code).collect()
}

/// A Word file, which nobody has agreed on.
fn add_file(message: &mut Element) {
    let space = message.name.space.clone();
    let new = |local: &'static str| Element::new(space.clone(), local);
    let container =
        Element::new("http://www.kith.no/xmlstds/base64container", "Base64Container").text("0M8R4KGxGuE=");
    let file = new("RefDoc")
        .child(new("MsgType").with("V", "A"))
        .child(new("MimeType").text("application/msword"))
        .child(new("Content").child(container));
    let document = new("Document").child(file);
    message.children.push(Child::Element(document));
}

impl Edit {
    fn apply(&self, message: &mut Element) {
        let mut hits = 0;
        match self {
            Self::Without(way) => {
                let (parent, last) = way.rsplit_once('/').unwrap_or(("", way));
                let (name, index) = step(last);
                each(message, parent, &mut |element| hits += remove(element, name, index));
            }
            Self::Value(way, value) => each(message, way, &mut |element| {
                hits += 1;
                attribute(element, "V", value);
            }),
            Self::Text(way, text) => each(message, way, &mut |element| {
                hits += 1;
                element.children = vec![Child::Text((*text).to_owned())];
            }),
            Self::With(way, local, value, text) => each(message, way, &mut |element| {
                hits += 1;
                let mut child = Element::new(element.name.space.clone(), *local).text(*text);
                if !value.is_empty() {
                    attribute(&mut child, "V", value);
                }
                element.children.push(Child::Element(child));
            }),
        }
        assert!(hits > 0, "nothing was changed");
    }
}

fn attribute(element: &mut Element, local: &'static str, value: &str) {
    element.attributes.retain(|(name, _)| name.local != local);
    element.attributes.push((Name::new("", local), value.to_owned()));
}

/// A step of a way: a name (`*` for any) and, in brackets, which one.
fn step(text: &str) -> (&str, Option<usize>) {
    match text.split_once('[') {
        Some((name, index)) => (name, index.trim_end_matches(']').parse().ok()),
        None => (text, None),
    }
}

/// Does something to the elements at a way; the first of its name where no number is given and the way goes on.
fn each(element: &mut Element, way: &str, act: &mut dyn FnMut(&mut Element)) {
    if way.is_empty() {
        return act(element);
    }
    let (first, rest) = way.split_once('/').unwrap_or((way, ""));
    let (name, index) = step(first);
    let mut seen = 0;
    for child in &mut element.children {
        let Child::Element(child) = child else { continue };
        if name != "*" && child.name.local != name {
            continue;
        }
        seen += 1;
        if index.is_none_or(|index| index == seen) {
            each(child, rest, act);
        }
    }
}

fn remove(element: &mut Element, name: &str, index: Option<usize>) -> usize {
    let before = element.children.len();
    let mut seen = 0;
    element.children.retain(|child| match child {
        Child::Element(child) if child.name.local == name => {
            seen += 1;
            index.is_some_and(|index| index != seen)
        }
        Child::Element(_) | Child::Text(_) => true,
    });
    before - element.children.len()
}
