//! What a document is: by its outermost element, the body in it, and what the head says.

use super::{
    reading::Reading,
    values::{code_in, shown},
};
use crate::{
    messages::{
        Severity,
        types::{Kind, Version},
    },
    xml::{Document, El},
};

/// What a message is, and which version of its standard it follows.
///
/// The body decides, and of a Pasientlogistikk the event in it; of a dialogue message, whose body is the same for all, the
/// type in the head. A message with no body at all is what its head says, of unknown version.
pub fn kind(document: &Document<'_>) -> (Kind, Version) {
    let sorted = Sorted::of(document);
    (sorted.kind, sorted.version)
}

/// A document, sorted.
pub(super) struct Sorted<'d> {
    pub(super) kind: Kind,
    pub(super) version: Version,
    pub(super) frame: Frame<'d>,
    pub(super) family: Family,
    pub(super) body: Option<El<'d>>,
    pub(super) files: Vec<File<'d>>,
    /// A body that isn't read, because another is.
    unread: Option<El<'d>>,
    root: El<'d>,
    /// The type in the head.
    said: Option<El<'d>>,
}

/// What the outermost element is.
#[derive(Clone, Copy)]
pub(super) enum Frame<'d> {
    MsgHead(El<'d>),
    AppRec(El<'d>),
    Epicrisis(El<'d>),
    Unknown,
}

/// Bodies that are read alike.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Care,
    Dialog,
    Epicrisis,
    Receipt,
    Other,
}

/// A file that comes with a message.
pub(super) struct File<'d> {
    /// What is said of it.
    pub(super) reference: El<'d>,
    /// Its content, if it is there.
    pub(super) container: Option<El<'d>>,
}

/// PLO bodies, but for Pasientlogistikk.
const CARE: [(&str, Kind); 7] = [
    ("Innleggelsesrapport", Kind::Innleggelsesrapport),
    ("HelseopplysningerVedSoknad", Kind::Helseopplysninger),
    ("TverrfagligEpikrise", Kind::Utskrivningsrapport),
    ("Konsultasjon", Kind::TilLege),
    ("OrienteringOmTjenestetilbud", Kind::Tjenestetilbud),
    ("OverforingMedisinskeOpplysninger", Kind::MedisinskeOpplysninger),
    ("MeldingFravar", Kind::Fravar),
];

/// What a Pasientlogistikk tells of.
const LOGISTICS: [(&str, Kind); 5] = [
    ("MeldingInnlagtPasient", Kind::Innlagt),
    ("MeldingUtskrivningsklarPasient", Kind::Utskrivningsklar),
    ("AvmeldingUtskrivningsklarPasient", Kind::Avmelding),
    ("MeldingOmUtskrevetPasient", Kind::Utskrevet),
    ("OrienteringOmDod", Kind::Dodsfall),
];

/// The tables that the themes of notes are from, by the end of their OID.
const THEMES: [(&str, Kind); 4] = [
    (".9069", Kind::Svar),
    (".8117", Kind::Avvik),
    (".9155", Kind::Notat),
    (".7322", Kind::HelsefagligDialog),
];

/// The namespaces of versions; of PLO only the end, after the name of the message.
const VERSIONS: [(&str, Version); 6] = [
    ("http://www.kith.no/xmlstds/dialog/2006-10-11", Version::Dialog10),
    ("http://www.kith.no/xmlstds/dialog/2013-01-23", Version::Dialog11),
    ("http://www.kith.no/xmlstds/epikrise/2006-09-23", Version::Epikrise11),
    ("http://www.kith.no/xmlstds/epikrise/2012-02-15", Version::Epikrise12),
    ("http://www.kith.no/xmlstds/apprec/2004-11-21", Version::AppRec10),
    ("http://www.kith.no/xmlstds/apprec/2012-02-15", Version::AppRec11),
];

fn find(table: &[(&str, Kind)], name: &str) -> Option<Kind> {
    table.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

fn version(space: &str) -> Version {
    if let Some(care) = space.strip_prefix("http://www.kith.no/xmlstds/po/") {
        return match care.rsplit('/').next() {
            Some("2009-06-30") => Version::Plo15,
            Some("2012-04-01") => Version::Plo16,
            Some(_) | None => Version::Unknown,
        };
    }
    VERSIONS.iter().find(|(known, _)| *known == space).map_or(Version::Unknown, |(_, version)| *version)
}

impl<'d> Sorted<'d> {
    pub(super) fn of(document: &'d Document<'d>) -> Self {
        let root = document.root();
        match root.local() {
            "MsgHead" => Self::of_msg_head(root),
            "AppRec" => Self::alone(root, Frame::AppRec(root), Family::Receipt, Kind::Kvittering),
            "Message" if is_epicrisis(root) => {
                let mut sorted = Self::alone(root, Frame::Epicrisis(root), Family::Epicrisis, Kind::Epikrise);
                if let Some(report) = root.child("ServRprt") {
                    for reference in report.children_named("RefDoc") {
                        sorted.take(reference);
                    }
                }
                sorted
            }
            _ => Self::alone(root, Frame::Unknown, Family::Other, Kind::Annen),
        }
    }

    /// A message whose outermost element is its body.
    fn alone(root: El<'d>, frame: Frame<'d>, family: Family, kind: Kind) -> Self {
        let body = (family != Family::Other).then_some(root);
        let version = version(root.space());
        Self { kind, version, frame, family, body, files: Vec::new(), unread: None, root, said: None }
    }

    fn of_msg_head(root: El<'d>) -> Self {
        let mut sorted = Self::alone(root, Frame::MsgHead(root), Family::Other, Kind::Annen);
        for part in root.children() {
            match part.local() {
                "Document" => sorted.take_document(part),
                "PatientReport" => {
                    part.children_named("Document").for_each(|part| sorted.take_document(part));
                }
                _ => {}
            }
        }
        sorted.decide();
        sorted
    }

    fn take_document(&mut self, document: El<'d>) {
        document.children_named("RefDoc").for_each(|reference| self.take(reference));
    }

    /// Takes what lies in a reference: the body, or files.
    fn take(&mut self, reference: El<'d>) {
        let is_file = code_in(reference, "MsgType").is_some_and(|kind| kind.value == "A");
        let mut is_empty = true;
        for content in reference.child("Content").into_iter().flat_map(El::children) {
            if content.local() == "Base64Container" {
                self.files.push(File { reference, container: Some(content) });
            } else if family(content) == Family::Other && is_file {
                continue;
            } else {
                self.take_body(content);
            }
            is_empty = false;
        }
        if is_empty && is_file {
            self.files.push(File { reference, container: None });
        }
    }

    /// Takes a body: the first, or the first that is known here.
    fn take_body(&mut self, body: El<'d>) {
        let family = family(body);
        if self.body.is_some() && (self.family != Family::Other || family == Family::Other) {
            self.unread = self.unread.or(Some(body));
            return;
        }
        self.unread = self.unread.or(self.body);
        self.family = family;
        self.version = version(body.space());
        self.body = Some(body);
    }

    /// Says what it is, from body and head together.
    fn decide(&mut self) {
        self.said = self.root.descend(&["MsgInfo", "Type"]);
        let by_type = Kind::of_message_type(self.type_code());
        let kind = match self.body {
            None => by_type,
            Some(_) if self.is_dialogue() => by_type,
            Some(body) if body.local() == "Pasientlogistikk" => shown_kind(body).or(by_type),
            Some(body) => shown_kind(body),
        };
        self.kind = kind.unwrap_or(Kind::Annen);
    }

    fn type_code(&self) -> &'d str {
        self.said.and_then(|said| said.attribute("V")).unwrap_or_default().trim_ascii()
    }

    /// Whether both head and body say that it is a dialogue message.
    fn is_dialogue(&self) -> bool {
        self.family == Family::Dialog && self.type_code().starts_with("DIALOG_")
    }

    /// Tells what is odd about it.
    pub(super) fn tell(&self, reading: &mut Reading<'_>) {
        if matches!(self.frame, Frame::Unknown) {
            reading.tell(self.root, Severity::Error, "unknown-document", || {
                let name = shown(self.root.local());
                format!("a document that begins with `{name}` isn't read: MsgHead, AppRec and Message of Epikrise are")
            });
        }
        let Some(body) = self.body else { return };
        if let Some(unread) = self.unread {
            reading.tell(unread, Severity::Error, "several-bodies", || {
                let read = shown(body.local());
                format!("more than one body in one message: `{read}` is read, send the others as messages of their own")
            });
        }
        if let Some(said) = self.said.filter(|_| self.disagrees(body)) {
            reading.tell(said, Severity::Warning, "type-and-body-disagree", || {
                let (type_code, body) = (shown(self.type_code()), shown(told_name(body)));
                format!(
                    "the head says `{type_code}`, but the body is `{body}`: write the type of what is sent"
                )
            });
        }
    }

    /// Whether the type in the head is another than the body shows. A request can lie in several kinds of dialogue.
    fn disagrees(&self, body: El<'_>) -> bool {
        match (Kind::of_message_type(self.type_code()), shown_kind(body)) {
            (Some(_), Some(Kind::Foresporsel)) if self.is_dialogue() => false,
            (Some(by_type), Some(by_body)) => by_type != by_body,
            (Some(_), None) => self.family == Family::Other,
            (None, Some(_)) => !self.is_dialogue(),
            (None, None) => false,
        }
    }
}

/// The name of what makes a body what it is.
fn told_name(body: El<'_>) -> &str {
    let event = body.children().find(|part| find(&LOGISTICS, part.local()).is_some());
    event.unwrap_or(body).local()
}

fn is_epicrisis(root: El<'_>) -> bool {
    root.space().starts_with("http://www.kith.no/xmlstds/epikrise/")
}

fn family(body: El<'_>) -> Family {
    match body.local() {
        "Dialogmelding" => Family::Dialog,
        "Pasientlogistikk" => Family::Care,
        "Message" if is_epicrisis(body) => Family::Epicrisis,
        name if find(&CARE, name).is_some() => Family::Care,
        _ => Family::Other,
    }
}

/// What a body shows that it is, whatever the head says.
fn shown_kind(body: El<'_>) -> Option<Kind> {
    match family(body) {
        Family::Care if body.local() == "Pasientlogistikk" => {
            body.children().find_map(|part| find(&LOGISTICS, part.local()))
        }
        Family::Care => find(&CARE, body.local()),
        Family::Dialog => dialogue_kind(body),
        Family::Epicrisis => Some(Kind::Epikrise),
        Family::Receipt | Family::Other => None,
    }
}

fn dialogue_kind(body: El<'_>) -> Option<Kind> {
    if body.child("Foresporsel").is_some() {
        return Some(Kind::Foresporsel);
    }
    let theme = body.descend(&["Notat", "TemaKodet"])?.attribute("S")?;
    THEMES.iter().find(|(end, _)| theme.ends_with(end)).map(|(_, kind)| *kind)
}
