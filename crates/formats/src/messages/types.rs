//! What messages say, as plain values.
//!
//! Texts are as written, with white space at both ends taken off. What a message leaves out is `None` or empty. Times keep
//! the precision and zone they were written with: see [`MessageTime`].

use jiff::{Timestamp, civil::DateTime, tz::Offset};

/// A message as it was read.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Message {
    /// What it is.
    pub kind: Kind,
    /// The version of its standard.
    pub version: Version,
    /// Who, to whom, when, about whom.
    pub head: Head,
    /// What it says.
    pub body: Body,
    /// Files that came with it.
    pub attachments: Vec<Attachment>,
}

/// The kinds of message, by what they do; how each is written is told by [`Version`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `LOG_INNLAGT`, melding om innlagt pasient (HIS 1149).
    Innlagt,
    /// `INNLEGGELSESRAPPORT` (HIS 1143).
    Innleggelsesrapport,
    /// `HELSEOPPL_SOKNAD`, helseopplysninger, also the early notice (HIS 1144).
    Helseopplysninger,
    /// `LOG_UTSKRIVNINGSKLAR` (HIS 1149).
    Utskrivningsklar,
    /// `LOG_AVMELDING`, avmelding av utskrivningsklar pasient (HIS 1149).
    Avmelding,
    /// `LOG_UTSKREVET`, melding om utskrevet pasient (HIS 1149).
    Utskrevet,
    /// `UTSKRIVNINGSRAPPORT`, tverrfaglig epikrise (HIS 1148).
    Utskrivningsrapport,
    /// `LOG_DOD`, orientering om dødsfall (HIS 1149).
    Dodsfall,
    /// `HELSEOPPLYSNINGER_LEGE`, helseopplysninger til lege (HIS 1145).
    TilLege,
    /// `ORIENTERING_TJENESTETILBUD` (HIS 1146).
    Tjenestetilbud,
    /// `MEDISINSKE_OPPLYSNINGER` (HIS 1147).
    MedisinskeOpplysninger,
    /// Melding om fravær, in PLO 1.5 only.
    Fravar,
    /// `DIALOG_FORESPORSEL` (HIS 1152).
    Foresporsel,
    /// `DIALOG_SVAR` (HIS 1152).
    Svar,
    /// `DIALOG_NOTAT`.
    Notat,
    /// `DIALOG_AVVIK`, tilbakemelding om feil i mottatt melding (HIS 1151).
    Avvik,
    /// `DIALOG_HELSEFAGLIG` (HIS 1077).
    HelsefagligDialog,
    /// `EPIKRISE` (HIS 80226), which has no Hodemelding.
    Epikrise,
    /// `APPREC`, a receipt (HIS 80415).
    Kvittering,
    /// A message that is well-formed but that nothing here reads further than its head.
    Annen,
}

/// Which version of its standard a message follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// PLO 1.5 (2009-06-30).
    Plo15,
    /// PLO 1.6 (2012-04-01).
    Plo16,
    /// Dialogmelding 1.0 (2006-10-11).
    Dialog10,
    /// Dialogmelding 1.1 (2013-01-23).
    Dialog11,
    /// Epikrise 1.1 (2006-09-23).
    Epikrise11,
    /// Epikrise 1.2 (2012-02-15).
    Epikrise12,
    /// AppRec 1.0 (2004-11-21).
    AppRec10,
    /// AppRec 1.1 (2012-02-15).
    AppRec11,
    /// None that is known.
    Unknown,
}

/// A coded value as written (`CS`: no table named; `CV`: with table).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    /// The value, `@V`.
    pub value: String,
    /// The name the sender wrote, `@DN`.
    pub name: String,
    /// The OID of the table, `@S`; empty where the schema fixes the table.
    pub table: String,
    /// The original text, `@OT`.
    pub original: String,
}

/// A time as written: with its precision, and its zone if it has one.
///
/// Most messages have no zone; such times are local in Norway. [`MessageTime::earliest`] says which instant is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageTime {
    /// The text itself.
    pub text: String,
    /// What was understood of it; `None` when it isn't a time.
    pub value: Option<TimeValue>,
}

/// A time that was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeValue {
    /// The local date and time; what was left out is the first there is (midnight, the first of the month).
    pub local: DateTime,
    /// How much was written.
    pub precision: Precision,
    /// The offset that was written; none means local time in Norway.
    pub offset: Option<Offset>,
}

/// How much of a time was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// `2018`.
    Year,
    /// `2018-01`.
    Month,
    /// `2018-01-31`.
    Day,
    /// `2018-01-31T10:20:11`.
    Time,
}

/// The head of a message: MsgInfo of a Hodemelding, and what stands for it in receipts and epicrises.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Head {
    /// `MsgInfo/Type` as written (table 8279).
    pub type_code: Code,
    /// The message's own id; a GUID if the sender follows the standard.
    pub id: String,
    /// When the sender made it.
    pub made: MessageTime,
    /// Whether it asks for a receipt (table 7304: `J`, `N`, `F`); none means yes for PLO (HITS 1168).
    pub ack: Option<Code>,
    /// `P` production, `D` debugging.
    pub processing: Option<Code>,
    /// The conversation it is part of; none on the first message.
    pub conversation: Option<Conversation>,
    /// N new, M change, C cancellation (7309): from the body of PLO messages, from the head of epicrises.
    pub status: Option<Code>,
    /// Who sent it.
    pub sender: Party,
    /// Whom it is for.
    pub receiver: Party,
    /// Others who get it, copy receivers above all.
    pub others: Vec<OtherReceiver>,
    /// Whom it is about.
    pub patient: Option<Patient>,
}

/// The place of a message in a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Conversation {
    /// The message it answers or changes (RefToParent).
    pub parent: String,
    /// The first message of the conversation (RefToConversation).
    pub first: String,
}

/// A sender or receiver: the organisation, then the unit or person within it. Empty if it can't be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Party {
    /// Outermost first: level 1 is the organisation, level 2 the service (or a health professional).
    pub levels: Vec<Unit>,
}

/// One level of a party.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Unit {
    /// Its name.
    pub name: String,
    /// Whether it is a person.
    pub is_person: bool,
    /// Its ids.
    pub ids: Vec<Id>,
    /// Telephone numbers and other addresses, as written: `tel:73555555`.
    pub telecoms: Vec<String>,
}

/// Another receiver.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OtherReceiver {
    /// Its role: `COP` for a copy receiver.
    pub role: Code,
    /// Who.
    pub party: Party,
}

/// An id with its kind (tables 9051 and 8116): HER, ENH, FNR, DNR, HPR …
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    /// The id.
    pub value: String,
    /// The kind: `HER`.
    pub kind: Code,
}

/// The patient.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Patient {
    /// Family name.
    pub family_name: String,
    /// Middle name.
    pub middle_name: String,
    /// Given name.
    pub given_name: String,
    /// Date of birth.
    pub born: Option<MessageTime>,
    /// Sex (3101).
    pub sex: Option<Code>,
    /// Ids: fødselsnummer and others.
    pub ids: Vec<Id>,
    /// The municipality, if an address names it (table 3402).
    pub municipality: Option<Code>,
}

/// What a message says, beyond its head.
#[derive(Clone, Debug, PartialEq, Hash)]
pub enum Body {
    /// A PLO message.
    Care(CareBody),
    /// A dialogue message.
    Dialog(DialogBody),
    /// An epicrisis.
    Epicrisis(EpicrisisBody),
    /// A receipt.
    Receipt(Receipt),
    /// Nothing that is read here.
    Other,
}

/// The parts of PLO messages that have meaning for the stay; each message has some of them.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct CareBody {
    /// `TypeInnholdIMelding` (9140, 9139): early notice or updated information.
    pub content_type: Option<Code>,
    /// Whether it answers a request (`SvarPaaForesporsel`).
    pub answers_request: Option<bool>,
    /// Timed events, in the order written.
    pub events: Vec<TimedEvent>,
    /// Where the patient was discharged to (`UtTil`, 8408).
    pub discharged_to: Option<Code>,
    /// The condition at discharge (`Uttilstand`, 8431).
    pub discharge_state: Option<Code>,
    /// Responsible persons.
    pub responsible: Vec<Contact>,
    /// Units to contact.
    pub units: Vec<Contact>,
    /// Health professionals to contact (`KontaktpersonHelsepersonell`); being named here makes nobody responsible.
    pub contacts: Vec<Contact>,
    /// Diagnoses.
    pub diagnoses: Vec<Diagnosis>,
    /// Texts under a heading (journal texts and others), in the order written.
    pub sections: Vec<Section>,
    /// Services that the patient has or needs.
    pub services: Vec<Service>,
    /// Measured functions.
    pub functions: Vec<Function>,
    /// Whether medicines are listed.
    pub has_medicines: bool,
    /// The request it answers, repeated (`Foresporsel` in `InformasjonOmForsendelsen`).
    pub request: Option<Box<Request>>,
    /// Who is away (`Fraversassistent`, in Melding om fravær only).
    pub absence: Option<Box<Absence>>,
}

/// That a receiver is away, and who takes over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Absence {
    /// Whether the receiver is away.
    pub is_away: Option<bool>,
    /// Whether the message was sent on.
    pub is_forwarded: Option<bool>,
    /// The first day away.
    pub from: Option<MessageTime>,
    /// The last day away.
    pub until: Option<MessageTime>,
    /// Whom it was sent on to.
    pub forwarded_to: Option<Contact>,
    /// A remark.
    pub note: String,
}

/// Something that happened or is expected, with its time (`TidsfestetHendelse`).
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct TimedEvent {
    /// What (9121).
    pub code: Option<Code>,
    /// What, in words.
    pub description: String,
    /// When.
    pub at: MessageTime,
    /// `Anslag` as written. It is documented two opposite ways: never let it alone decide anything.
    pub is_estimate: Option<bool>,
    /// A remark.
    pub note: String,
}

/// A responsible person or a unit to contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// Role to the patient (9034).
    pub role: Option<Code>,
    /// Profession (9060).
    pub profession: Option<Code>,
    /// Ids.
    pub ids: Vec<Id>,
    /// Telephone numbers, as written.
    pub telecoms: Vec<String>,
}

/// A diagnosis.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Diagnosis {
    /// Its code.
    pub code: Option<Code>,
    /// In words.
    pub text: String,
    /// Whether it is the main one.
    pub is_main: Option<bool>,
}

/// A text under a heading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Section {
    /// The heading's code (9141, 9142, 9145 …), if it has one.
    pub heading: Option<Code>,
    /// The part of the body it stands in: `Sykepleierdokumentasjon`; of a text that isn't a journal text the element itself:
    /// `CaveStikkord`; of a remark the element that it is on: `UtskrevetTil`.
    pub element: String,
    /// The text.
    pub text: String,
}

/// A service the patient has or needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Service {
    /// IPLOS type (9151).
    pub code: Option<Code>,
    /// Its name.
    pub name: String,
    /// Whether it is there already, or is needed.
    pub is_needed: bool,
    /// More about it, in words.
    pub text: String,
}

/// A function that was mapped (9111).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Function {
    /// Which.
    pub code: Option<Code>,
    /// The score, as written.
    pub score: String,
    /// A remark.
    pub note: String,
}

/// A dialogue message: notes and requests.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct DialogBody {
    /// Notes, answers and deviations.
    pub notes: Vec<Note>,
    /// Requests.
    pub requests: Vec<Request>,
}

/// A note in a dialogue message.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Note {
    /// The theme's code (7322, 9155, 9069, 8117).
    pub theme: Code,
    /// The theme in words.
    pub theme_text: String,
    /// The text; XHTML is told as plain text.
    pub text: String,
    /// The message it is about (`DokIdNotat`).
    pub about_id: String,
    /// Its date.
    pub dated: Option<MessageTime>,
    /// A remark.
    pub note: String,
    /// The request that it answers, repeated.
    pub request: Option<Request>,
    /// People with a role in it.
    pub roles: Vec<Contact>,
}

/// A request in a dialogue message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Request {
    /// What is asked for (9152, 9153, 9154).
    pub kind: Code,
    /// The question.
    pub question: String,
    /// Why.
    pub reason: String,
    /// How urgent.
    pub urgency: Option<Code>,
}

/// An epicrisis, as much as the stay needs.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct EpicrisisBody {
    /// When the stay began.
    pub from: Option<MessageTime>,
    /// When it ended.
    pub until: Option<MessageTime>,
    /// Diagnoses.
    pub diagnoses: Vec<Diagnosis>,
    /// Texts.
    pub sections: Vec<Section>,
}

/// A receipt (AppRec 1.0 and 1.1).
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Receipt {
    /// 1 accepted, 2 rejected, 3 accepted with faults in parts (8258).
    pub status: Code,
    /// Reasons (8221).
    pub errors: Vec<Code>,
    /// The type of the message it is for.
    pub original_type: Code,
    /// When that message was made, as repeated here.
    pub original_made: MessageTime,
    /// That message's id.
    pub original_id: String,
    /// The role of who sends the receipt: `PRIM`, `COP` …
    pub sender_role: Option<Code>,
    /// The role of who receives it.
    pub receiver_role: Option<Code>,
    /// The program that made it.
    pub software: Option<(String, String)>,
}

/// A file that came with a message.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Attachment {
    /// What the sender says that it is: `application/pdf`.
    pub mime_type: String,
    /// What the content shows that it is.
    pub detected: Detected,
    /// What the sender calls it.
    pub description: String,
    /// Its bytes, decoded; `None` if they weren't base64 or were too many (a finding says which).
    pub bytes: Option<Vec<u8>>,
}

/// What a file's first bytes show that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detected {
    /// `%PDF-`.
    Pdf,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// Anything else, or nothing.
    Other,
}

impl Detected {
    /// What the first bytes show that a file is.
    pub fn of(bytes: &[u8]) -> Self {
        const KINDS: [(&[u8], Detected); 3] = [
            (b"%PDF-", Detected::Pdf),
            (b"\xFF\xD8\xFF", Detected::Jpeg),
            (b"\x89PNG\r\n\x1A\n", Detected::Png),
        ];
        KINDS.iter().find(|(magic, _)| bytes.starts_with(magic)).map_or(Self::Other, |(_, kind)| *kind)
    }
}

impl MessageTime {
    /// The earliest instant that the text can mean: midnight for a date alone, and the earlier of the two where a clock change
    /// makes a local time stand twice. A time in the hour that a clock change leaves out means the instant it would have been
    /// by the clock before. `None` when it isn't a time.
    pub fn earliest(&self) -> Option<Timestamp> {
        let value = self.value?;
        if let Some(offset) = value.offset {
            return offset.to_timestamp(value.local).ok();
        }
        super::norway().to_ambiguous_timestamp(value.local).compatible().ok()
    }
}
