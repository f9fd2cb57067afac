use samspill_formats::{
    messages::{
        ids::SeriesRefused,
        make::Answering,
        types::{Attachment, Detected, Head, Kind, Message, Party},
    },
    xml::{XmlError, XmlFault},
};

use super::{
    decision::{Answer, Decision, Remark, Role, Verdict},
    identity::is_guid,
    incoming::{Earlier, Incoming, Journal, Opened, Signature},
    patient,
    reason::{Reason, Refusal},
    recipients::{
        AckField, Addressed, Known, Policy, ReasonCodes, Recipients, SchemaFaults, UnknownPatient,
        UnknownService, WhatIsUnknown,
    },
    silence::Silence,
};

/// What a text quotes of a message is cut here: a sender could write anything.
const TYPE_BYTES_MAX: usize = 40;
const PATH_BYTES_MAX: usize = 200;

/// Decides which receipts a message that came asks for.
///
/// A reason that is a `KAN` in the standard is given unless the policy says that the message is taken in; one that is a `SKAL`
/// always. All reasons that hold are listed, those of form first. If the document can't be read, only that is.
pub fn decide(incoming: &Incoming<'_>, ours: &Recipients) -> Decision {
    let Some(message) = &incoming.opened.message else { return Decision::None(Silence::Unreadable) };
    let addressed = ours.among(&message.head);
    if let Some(silence) = silence(message, incoming, &addressed) {
        return Decision::None(silence);
    }
    let common = refusals(incoming, message, &ours.policy);
    let wishes = &message.head.ack;
    let ack =
        wishes.as_ref().filter(|_| ours.policy.ack == AckField::Followed).map(|code| code.value.as_str());
    let answers = addressed.iter().map(|it| answer(*it, &common, incoming, message, &ours.policy));
    match ack {
        Some("N") => Decision::None(Silence::NotAskedFor),
        Some("F") => only_rejections(answers),
        Some(_) | None => Decision::Receipts(answers.collect()),
    }
}

fn only_rejections(answers: impl Iterator<Item = Answer>) -> Decision {
    let answers: Vec<Answer> = answers.filter(|it| it.verdict != Verdict::Accept).collect();
    if answers.is_empty() { Decision::None(Silence::NotAskedFor) } else { Decision::Receipts(answers) }
}

fn silence(message: &Message, incoming: &Incoming<'_>, addressed: &[Addressed]) -> Option<Silence> {
    if message.kind == Kind::Kvittering {
        return Some(Silence::IsReceipt);
    }
    if incoming.opened.fault.is_some() && !names_all(&message.head) {
        return Some(Silence::Unreadable);
    }
    if !has_id(&message.head.sender) {
        return Some(Silence::SenderUnreadable);
    }
    if addressed.is_empty() {
        return Some(Silence::NotOurs);
    }
    match incoming.earlier {
        Earlier::None => None,
        Earlier::Same => Some(Silence::Duplicate),
        Earlier::Other => Some(Silence::SameIdOtherContent),
    }
}

/// Whether a receipt can name the message and both its ends.
fn names_all(head: &Head) -> bool {
    has_id(&head.sender) && has_id(&head.receiver) && !head.id.is_empty()
}

/// Whether a party can be told by an id at any of its levels.
fn has_id(party: &Party) -> bool {
    party.levels.iter().flat_map(|level| &level.ids).any(|id| !id.value.is_empty())
}

fn answer(
    addressed: Addressed,
    common: &[Refusal],
    incoming: &Incoming<'_>,
    message: &Message,
    policy: &Policy,
) -> Answer {
    let mut refusals = common.to_vec();
    let mut remarks = remarks(incoming, message, policy);
    let is_whole = incoming.opened.fault.is_none();
    if let (Known::UnknownIn(_, what), true) = (addressed.known, is_whole) {
        match policy.unknown_service {
            UnknownService::Reject => refusals.push(unknown_receiver(what, policy.codes)),
            UnknownService::Accept => remarks.push(Remark::UnknownService),
        }
    }
    let verdict = match refusals.is_empty() {
        false => Verdict::Reject(refusals),
        true if must_ask(incoming, message, policy) => Verdict::Ask,
        true => Verdict::Accept,
    };
    Answer { answering: addressed.answering, role: role(addressed.answering), verdict, remarks }
}

fn role(answering: Answering) -> Role {
    match answering {
        Answering::Primary => Role::Primary,
        Answering::Other(_) => Role::Copy,
    }
}

fn remarks(incoming: &Incoming<'_>, message: &Message, policy: &Policy) -> Vec<Remark> {
    let has_no_journal = matches!(incoming.journal, Journal::HasNone | Journal::IsNotToHave);
    let is_let_through = policy.schema_faults == SchemaFaults::Accept && !incoming.opened.schema.is_empty();
    let all = [(has_no_journal, Remark::NoJournal), (is_let_through, Remark::SchemaFaults)];
    let series = patient::series_refused(&message.head, policy.synthetic).map(of_series);
    all.into_iter().filter_map(|(holds, remark)| holds.then_some(remark)).chain(series).collect()
}

fn of_series(refused: SeriesRefused) -> Remark {
    match refused {
        SeriesRefused::Synthetic(_) => Remark::SyntheticNumber,
        SeriesRefused::MayBeReal => Remark::RealNumber,
    }
}

fn must_ask(incoming: &Incoming<'_>, message: &Message, policy: &Policy) -> bool {
    message.kind != Kind::Epikrise
        && incoming.journal == Journal::IsNotToHave
        && policy.unknown_patient == UnknownPatient::Ask
}

/// The reasons to reject a message whoever of its receivers answers.
fn refusals(incoming: &Incoming<'_>, message: &Message, policy: &Policy) -> Vec<Refusal> {
    if let Some(fault) = &incoming.opened.fault {
        return vec![unread(fault)];
    }
    if !incoming.opened.is_supported() {
        return vec![unsupported(&message.head)];
    }
    let all = [
        schema(incoming.opened, policy),
        signature(incoming.signature),
        message_id(&message.head),
        patient::refusal(message.head.patient.as_ref(), policy),
        journal(incoming.journal, message.kind, policy),
        attachments(&message.attachments, policy),
    ];
    all.into_iter().flatten().collect()
}

fn unread(fault: &XmlError) -> Refusal {
    let place = format!("linje {}, kolonne {}", fault.place.line, fault.place.column);
    let (reason, what) = match &fault.fault {
        XmlFault::TooMuch { .. } => (Reason::OtherFormat, "er for stort eller for sammensatt til å leses"),
        XmlFault::DocumentType => (Reason::OtherFormat, "har en dokumenttype (DOCTYPE), som ikke leses"),
        XmlFault::Encoding(_) => (Reason::NotXml, "har en tegnkoding som ikke leses; bruk UTF-8"),
        XmlFault::NotEncoded(_) => (Reason::NotXml, "har tegn som ikke stemmer med tegnkodingen"),
        XmlFault::CutOff(_) => (Reason::NotXml, "slutter for tidlig; deler av det mangler"),
        XmlFault::Empty
        | XmlFault::Character(_)
        | XmlFault::Entity(_)
        | XmlFault::Prefix(_)
        | XmlFault::Declaration(_)
        | XmlFault::SameAttribute(_)
        | XmlFault::BadName(_)
        | XmlFault::NotWellFormed(_)
        | XmlFault::OutsideRoot => (Reason::NotXml, "er ikke velformet XML"),
    };
    let text = format!("Dokumentet {what} ({place}). Rett det og send meldingen på nytt med ny meldings-id.");
    Refusal::new(reason, text)
}

fn unsupported(head: &Head) -> Refusal {
    let kind = match head.type_code.value.as_str() {
        "" => "ukjent type",
        written => &written[..written.floor_char_boundary(TYPE_BYTES_MAX)],
    };
    let text = format!(
        "Meldingen ({kind}) er av en type eller versjon som ikke mottas her. Send den i en versjon som mottakeren er \
         registrert med i Adresseregisteret, eller på annen måte."
    );
    Refusal::new(Reason::FormatNotSupported, text)
}

/// The end of a path, which says most; a longer one begins with dots.
fn end_of(path: &str) -> String {
    match path.len().checked_sub(PATH_BYTES_MAX) {
        None | Some(0) => path.to_owned(),
        Some(more) => format!("…{}", &path[path.ceil_char_boundary(more)..]),
    }
}

fn schema(opened: &Opened, policy: &Policy) -> Option<Refusal> {
    const TOLD_MAX: usize = 3;
    if opened.schema.is_empty() || policy.schema_faults == SchemaFaults::Accept {
        return None;
    }
    let places = opened.schema.iter().take(TOLD_MAX);
    let places = places.map(|finding| format!("{} (linje {})", end_of(&finding.path), finding.place.line));
    let places = places.collect::<Vec<_>>().join(", ");
    let more = match opened.schema.len().saturating_sub(TOLD_MAX) {
        0 => String::new(),
        more => format!(" og {more} til"),
    };
    let text = format!(
        "XML-en følger ikke skjemaet: se {places}{more}. Rett det og send meldingen på nytt med ny meldings-id."
    );
    Some(Refusal::new(Reason::NotValid, text))
}

fn signature(signature: Signature) -> Option<Refusal> {
    let (reason, what) = match signature {
        Signature::NotChecked | Signature::Valid => return None,
        Signature::Wrong => (Reason::WrongSignature, "Den personlige signaturen stemmer ikke med meldingen."),
        Signature::InvalidCertificate => {
            (Reason::InvalidCertificate, "Det personlige sertifikatet er ugyldig.")
        }
        Signature::WithdrawnCertificate => {
            (Reason::WithdrawnCertificate, "Det personlige sertifikatet er trukket tilbake.")
        }
    };
    Some(Refusal::new(reason, format!("{what} Signer meldingen på nytt og send den med ny meldings-id.")))
}

fn message_id(head: &Head) -> Option<Refusal> {
    if is_guid(&head.id) {
        return None;
    }
    let what = if head.id.is_empty() { "mangler" } else { "er ikke en GUID" };
    let text =
        format!("Meldings-id (MsgId) {what}. Send meldingen på nytt med en GUID som ikke er brukt før.");
    Some(Refusal::new(Reason::BadMessageId, text))
}

fn journal(journal: Journal, kind: Kind, policy: &Policy) -> Option<Refusal> {
    let is_rejected = kind == Kind::Epikrise || policy.unknown_patient == UnknownPatient::Reject;
    let text = "Pasienten har ikke og skal ikke ha journal hos mottakeren. Kontroller pasient og mottaker, og send \
                meldingen til rett mottaker.";
    (journal == Journal::IsNotToHave && is_rejected).then(|| Refusal::new(Reason::PatientUnknown, text))
}

fn attachments(attachments: &[Attachment], policy: &Policy) -> Option<Refusal> {
    let is_unreadable = |it: &&Attachment| {
        it.bytes.is_none()
            || (it.detected == Detected::Other && !policy.attachment_types.contains(&it.mime_type))
    };
    let bad = attachments.iter().filter(is_unreadable).count();
    if bad == 0 {
        return None;
    }
    let what = if bad == 1 { "Et vedlegg" } else { "Flere vedlegg" };
    let text = format!(
        "{what} kan ikke leses: det må være PDF, JPEG eller PNG, base64-kodet i meldingen og ikke for stort. Rett \
         vedlegget og send meldingen på nytt med ny meldings-id."
    );
    Some(Refusal::new(Reason::OtherFormat, text))
}

fn unknown_receiver(what: WhatIsUnknown, codes: ReasonCodes) -> Refusal {
    let reason = match (what, codes) {
        (WhatIsUnknown::Person, ReasonCodes::Agreed) => Reason::DoctorUnknown,
        (WhatIsUnknown::Service | WhatIsUnknown::Person | WhatIsUnknown::Unnamed, _) => {
            Reason::ReceiverUnknown
        }
    };
    let what = match what {
        WhatIsUnknown::Service => "Tjenesten er ikke registrert hos mottakeren",
        WhatIsUnknown::Person => "Helsepersonen er ikke registrert hos mottakeren",
        WhatIsUnknown::Unnamed => "Meldingen er til virksomheten og nevner ingen tjeneste i den",
    };
    let text = format!(
        "{what}. Finn rett tjeneste (HER-id på nivå 2) i Adresseregisteret og send meldingen dit med ny meldings-id."
    );
    Refusal::new(reason, text)
}
