//! What is decided about receipts and why, and what receipts say. The names of codes are those of table 8221, with the codes.

use super::Sentence;

pub(super) const ALL: &[Sentence] = &[
    // What is decided.
    [
        "Ingen kvittering ({clause}): {why}",
        "Inga kvittering ({clause}): {why}",
        "No receipt ({clause}): {why}",
    ],
    ["Hovedmottaker", "Hovudmottakar", "Main receiver"],
    [
        "Kopimottaker (nr. {#n}): {what}",
        "Kopimottakar (nr. {n}): {what}",
        "Receiver of a copy (no. {n}): {what}",
    ],
    ["Kopimottaker (nr. {#n})", "Kopimottakar (nr. {n})", "Receiver of a copy (no. {n})"],
    ["kvitteres OK.", "blir kvittert OK.", "the receipt says OK."],
    [
        "en person må avgjøre om meldingen tas inn, før det kvitteres.",
        "ein person må avgjere om meldinga blir teken inn, før det blir kvittert.",
        "a person must decide whether the message is taken in, before a receipt is sent.",
    ],
    [
        "avvises med {=reason} ({clause}, {=force}): {why}",
        "blir avvist med {reason} ({clause}, {force}): {why}",
        "rejected with {reason} ({clause}, {force}): {why}",
    ],
    ["skal", "skal", "must"],
    ["kan", "kan", "may"],
    ["etter avtale", "etter avtale", "when agreed"],
    [
        "Pasienten har ikke journal her.",
        "Pasienten har ikkje journal her.",
        "The patient has no record here.",
    ],
    [
        "Meldingen følger ikke skjemaet, men er tatt inn.",
        "Meldinga følgjer ikkje skjemaet, men er teken inn.",
        "The message does not follow its schema, but was taken in.",
    ],
    [
        "Tjenesten meldingen er til, er ikke kjent; noen må gi den videre.",
        "Tenesta meldinga er til, er ikkje kjend; nokon må gi ho vidare.",
        "The service that the message is for is not known; somebody must pass it on.",
    ],
    [
        "Pasienten har et syntetisk nummer, og her skal bare ekte komme: se etter testdata på avveie.",
        "Pasienten har eit syntetisk nummer, og her skal berre ekte kome: sjå etter testdata på avvegar.",
        "The patient has a synthetic number, and only real ones are to come here: look for test data gone astray.",
    ],
    [
        "Nummeret kan være en ekte persons, og her skal bare syntetiske komme: sjekk om meldingen skal være her.",
        "Nummeret kan vere til ein ekte person, og her skal berre syntetiske kome: sjekk om meldinga skal vere her.",
        "The number may be a real person's, and only synthetic ones are to come here: check whether the message belongs here.",
    ],
    // Why there is no receipt.
    [
        "Meldingen kan ikke leses, og verken avsender eller mottaker kan tydes. Ingen kvittering kan sendes; følg opp med avsenderen slik transporten viser.",
        "Meldinga kan ikkje lesast, og verken avsendar eller mottakar kan tydast. Inga kvittering kan sendast; følg opp med avsendaren slik transporten viser.",
        "The message can't be read, and neither sender nor receiver can be made out. No receipt can be sent; follow up with the sender as the transport shows.",
    ],
    [
        "Dette er en applikasjonskvittering. Kvitteringer kvitteres ikke.",
        "Dette er ei applikasjonskvittering. Kvitteringar blir ikkje kvitterte.",
        "This is an application receipt. Receipts get no receipts.",
    ],
    [
        "Meldingen sier ikke hvem den er fra: avsenderen har ingen identifikator. Ingen kvittering kan sendes; følg opp slik transporten viser.",
        "Meldinga seier ikkje kven ho er frå: avsendaren har ingen identifikator. Inga kvittering kan sendast; følg opp slik transporten viser.",
        "The message does not say who it is from: the sender has no identifier. No receipt can be sent; follow up as the transport shows.",
    ],
    [
        "Ingen av mottakerne er våre. Meldingen skal ikke kvitteres; sjekk hvorfor den kom hit.",
        "Ingen av mottakarane er våre. Meldinga skal ikkje kvitterast; sjekk kvifor ho kom hit.",
        "None of the receivers is ours. The message gets no receipt; check why it came here.",
    ],
    [
        "Meldingen er mottatt og kvittert før. Den ses bort fra.",
        "Meldinga er motteken og kvittert før. Ho blir sett bort frå.",
        "The message was received and got its receipt before. It is passed over.",
    ],
    [
        "En annen melding med samme meldings-id er mottatt før. Denne er ikke tatt inn og kvitteres ikke; ta kontakt med avsenderen, som må sende den på nytt med ny meldings-id.",
        "Ei anna melding med same meldings-id er motteken før. Denne er ikkje teken inn og blir ikkje kvittert; ta kontakt med avsendaren, som må sende ho på nytt med ny meldings-id.",
        "Another message with the same message id was received before. This one was not taken in and gets no receipt; contact the sender, who must send it again with a new message id.",
    ],
    [
        "Avsenderen har bedt om å slippe kvittering, og det er avtalt at det gjelder.",
        "Avsendaren har bede om å sleppe kvittering, og det er avtalt at det gjeld.",
        "The sender has asked for no receipt, and it is agreed that this counts.",
    ],
    // Why a message is rejected.
    [
        "Dokumentet {=what} ({place}). Rett det og send meldingen på nytt med ny meldings-id.",
        "Dokumentet {what} ({place}). Rett det og send meldinga på nytt med ny meldings-id.",
        "The document {what} ({place}). Correct it and send the message again with a new message id.",
    ],
    ["linje {#line}, kolonne {#column}", "linje {line}, kolonne {column}", "line {line}, column {column}"],
    [
        "er for stort eller for sammensatt til å leses",
        "er for stort eller for samansett til å lesast",
        "is too large or too complex to be read",
    ],
    [
        "har en dokumenttype (DOCTYPE), som ikke leses",
        "har ein dokumenttype (DOCTYPE), som ikkje blir lesen",
        "has a document type (DOCTYPE), which is not read",
    ],
    [
        "har en tegnkoding som ikke leses; bruk UTF-8",
        "har ei teiknkoding som ikkje blir lesen; bruk UTF-8",
        "has a character encoding that is not read; use UTF-8",
    ],
    [
        "har tegn som ikke stemmer med tegnkodingen",
        "har teikn som ikkje stemmer med teiknkodinga",
        "has characters that don't agree with its encoding",
    ],
    [
        "slutter for tidlig; deler av det mangler",
        "sluttar for tidleg; delar av det manglar",
        "ends too early; parts of it are missing",
    ],
    ["er ikke velformet XML", "er ikkje velforma XML", "is not well-formed XML"],
    [
        "Meldingen ({kind}) er av en type eller versjon som ikke mottas her. Send den i en versjon som mottakeren er registrert med i Adresseregisteret, eller på annen måte.",
        "Meldinga ({kind}) er av ein type eller versjon som ikkje blir motteken her. Send ho i ein versjon som mottakaren er registrert med i Adresseregisteret, eller på annan måte.",
        "The message ({kind}) is of a type or version that is not received here. Send it in a version that the receiver is registered with in the address register, or in another way.",
    ],
    ["ukjent type", "ukjend type", "unknown type"],
    [
        "XML-en følger ikke skjemaet: se {places} og {#n} til. Rett det og send meldingen på nytt med ny meldings-id.",
        "XML-en følgjer ikkje skjemaet: sjå {places} og {n} til. Rett det og send meldinga på nytt med ny meldings-id.",
        "The XML does not follow the schema: see {places} and {n} more. Correct it and send the message again with a new message id.",
    ],
    [
        "XML-en følger ikke skjemaet: se {places}. Rett det og send meldingen på nytt med ny meldings-id.",
        "XML-en følgjer ikkje skjemaet: sjå {places}. Rett det og send meldinga på nytt med ny meldings-id.",
        "The XML does not follow the schema: see {places}. Correct it and send the message again with a new message id.",
    ],
    [
        "{=what} Signer meldingen på nytt og send den med ny meldings-id.",
        "{what} Signer meldinga på nytt og send ho med ny meldings-id.",
        "{what} Sign the message again and send it with a new message id.",
    ],
    [
        "Den personlige signaturen stemmer ikke med meldingen.",
        "Den personlege signaturen stemmer ikkje med meldinga.",
        "The personal signature does not agree with the message.",
    ],
    [
        "Det personlige sertifikatet er ugyldig.",
        "Det personlege sertifikatet er ugyldig.",
        "The personal certificate is not valid.",
    ],
    [
        "Det personlige sertifikatet er trukket tilbake.",
        "Det personlege sertifikatet er trekt tilbake.",
        "The personal certificate is withdrawn.",
    ],
    [
        "Meldings-id (MsgId) {=what}. Send meldingen på nytt med en GUID som ikke er brukt før.",
        "Meldings-id (MsgId) {what}. Send meldinga på nytt med ein GUID som ikkje er brukt før.",
        "The message id (MsgId) {what}. Send the message again with a GUID that was not used before.",
    ],
    ["mangler", "manglar", "is missing"],
    ["er ikke en GUID", "er ikkje ein GUID", "is not a GUID"],
    [
        "Pasienten har ikke og skal ikke ha journal hos mottakeren. Kontroller pasient og mottaker, og send meldingen til rett mottaker.",
        "Pasienten har ikkje og skal ikkje ha journal hos mottakaren. Kontroller pasient og mottakar, og send meldinga til rett mottakar.",
        "The patient has no record at the receiver and is to have none. Check the patient and the receiver, and send the message to the right receiver.",
    ],
    [
        "{=what} kan ikke leses: det må være PDF, JPEG eller PNG, base64-kodet i meldingen og ikke for stort. Rett vedlegget og send meldingen på nytt med ny meldings-id.",
        "{what} kan ikkje lesast: det må vere PDF, JPEG eller PNG, base64-koda i meldinga og ikkje for stort. Rett vedlegget og send meldinga på nytt med ny meldings-id.",
        "{what} can't be read: PDF, JPEG or PNG is needed, encoded as base64 in the message and not too large. Correct it and send the message again with a new message id.",
    ],
    ["Et vedlegg", "Eit vedlegg", "An attachment"],
    ["Flere vedlegg", "Fleire vedlegg", "More than one attachment"],
    [
        "{=what}. Finn rett tjeneste (HER-id på nivå 2) i Adresseregisteret og send meldingen dit med ny meldings-id.",
        "{what}. Finn rett teneste (HER-id på nivå 2) i Adresseregisteret og send meldinga dit med ny meldings-id.",
        "{what}. Find the right service (HER-id at level 2) in the address register and send the message there with a new message id.",
    ],
    [
        "Tjenesten er ikke registrert hos mottakeren",
        "Tenesta er ikkje registrert hos mottakaren",
        "The service is not registered at the receiver",
    ],
    [
        "Helsepersonen er ikke registrert hos mottakeren",
        "Helsepersonen er ikkje registrert hos mottakaren",
        "The health professional is not registered at the receiver",
    ],
    [
        "Meldingen er til virksomheten og nevner ingen tjeneste i den",
        "Meldinga er til verksemda og nemner inga teneste i ho",
        "The message is for the organisation and names no service in it",
    ],
    [
        "Pasientens navn mangler. Send meldingen på nytt med ny meldings-id og med navnet.",
        "Namnet til pasienten manglar. Send meldinga på nytt med ny meldings-id og med namnet.",
        "The patient's name is missing. Send the message again with a new message id and with the name.",
    ],
    [
        "Pasienten er ikke tilstrekkelig identifisert: {wrong}. Send meldingen på nytt med ny meldings-id og med navn og fødselsnummer, D-nummer eller felles hjelpenummer, eller med navn, fødselsdato og kjønn.",
        "Pasienten er ikkje tilstrekkeleg identifisert: {wrong}. Send meldinga på nytt med ny meldings-id og med namn og fødselsnummer, D-nummer eller felles hjelpenummer, eller med namn, fødselsdato og kjønn.",
        "The patient is not sufficiently identified: {wrong}. Send the message again with a new message id and with the name and a national identity number, D-number or common temporary number, or with the name, date of birth and sex.",
    ],
    ["navn mangler", "namn manglar", "the name is missing"],
    ["nummeret er der", "nummeret er der", "the number is there"],
    [
        "det som står som fødselsnummer, D-nummer eller felles hjelpenummer, er ikke elleve siffer",
        "det som står som fødselsnummer, D-nummer eller felles hjelpenummer, er ikkje elleve siffer",
        "what stands as national identity number, D-number or common temporary number is not eleven digits",
    ],
    [
        "et hjelpenummer som ikke er felles (H-nummer), er ikke nok alene",
        "eit hjelpenummer som ikkje er felles (H-nummer), er ikkje nok åleine",
        "a temporary number that is not common (H-number) is not enough alone",
    ],
    [
        "fødselsnummer, D-nummer eller felles hjelpenummer mangler",
        "fødselsnummer, D-nummer eller felles hjelpenummer manglar",
        "a national identity number, D-number or common temporary number is missing",
    ],
    ["fødselsdato mangler", "fødselsdato manglar", "the date of birth is missing"],
    ["fødselsdatoen er ikke en dato", "fødselsdatoen er ikkje ein dato", "the date of birth is not a date"],
    ["kjønn mangler", "kjønn manglar", "the sex is missing"],
    [
        "kjønn er ikke oppgitt som mann eller kvinne",
        "kjønn er ikkje oppgitt som mann eller kvinne",
        "the sex is not given as male or female",
    ],
    // Codes.
    [
        "T01 Ikke XML / ikke 'well formed' / uleselig",
        "T01 Ikkje XML / ikkje 'well formed' / uleseleg",
        "T01 Not XML / not well-formed / unreadable",
    ],
    [
        "T01 Ikke XML eller ikke 'well formed' eller uleselig",
        "T01 Ikkje XML eller ikkje 'well formed' eller uleseleg",
        "T01 Not XML, not well-formed or unreadable",
    ],
    ["T02 XML validerer ikke", "T02 XML validerer ikkje", "T02 The XML is not valid"],
    [
        "T10 Støtter ikke meldingsformatet",
        "T10 Støttar ikkje meldingsformatet",
        "T10 The message format is not supported",
    ],
    ["T99 Annen feil på format", "T99 Annan feil på format", "T99 Another fault of format"],
    ["T99 Annen teknisk feil", "T99 Annan teknisk feil", "T99 Another technical fault"],
    ["S01 Feil på signatur", "S01 Feil på signatur", "S01 Fault in the signature"],
    ["S02 Ugyldig sertifikat", "S02 Ugyldig sertifikat", "S02 Invalid certificate"],
    ["S03 Tilbaketrukket sertifikat", "S03 Tilbaketrekt sertifikat", "S03 Withdrawn certificate"],
    [
        "S99 Annen feil på signatur eller sertifikat",
        "S99 Annan feil på signatur eller sertifikat",
        "S99 Another fault of signature or certificate",
    ],
    [
        "E10 Ugyldig meldingsidentifikator",
        "E10 Ugyldig meldingsidentifikator",
        "E10 Invalid message identifier",
    ],
    ["E20 Lege finnes ikke", "E20 Lege finst ikkje", "E20 There is no such doctor"],
    ["E21 Mottaker finnes ikke", "E21 Mottakar finst ikkje", "E21 There is no such receiver"],
    [
        "E30 Pasientens fødselsnummer mangler",
        "E30 Fødselsnummeret til pasienten manglar",
        "E30 The patient's national identity number is missing",
    ],
    [
        "E31 Pasientens fødselsnummer er feil",
        "E31 Fødselsnummeret til pasienten er feil",
        "E31 The patient's national identity number is wrong",
    ],
    ["E32 Pasientens navn mangler", "E32 Namnet til pasienten manglar", "E32 The patient's name is missing"],
    [
        "E33 Pasientens etternavn mangler",
        "E33 Etternamnet til pasienten manglar",
        "E33 The patient's family name is missing",
    ],
    [
        "E34 Pasientens fornavn mangler",
        "E34 Førenamnet til pasienten manglar",
        "E34 The patient's given name is missing",
    ],
    [
        "E35 Pasienten finnes ikke i mottakersystemet",
        "E35 Pasienten finst ikkje i mottakarsystemet",
        "E35 The patient is not in the receiver's system",
    ],
    [
        "E36 Pasientopplysninger er utilstrekkelige",
        "E36 Pasientopplysningar er utilstrekkelege",
        "E36 What is said of the patient is not enough",
    ],
    [
        "E53 Pasientens fødselsnummer eller D-nummer finnes ikke registrert i Folkeregisteret.",
        "E53 Fødselsnummeret eller D-nummeret til pasienten er ikkje registrert i Folkeregisteret.",
        "E53 The patient's national identity number or D-number is not in the population register.",
    ],
    [
        "E54 Pasientens fødselsnummer er ikke registrert i mottagersystemet",
        "E54 Fødselsnummeret til pasienten er ikkje registrert i mottakarsystemet",
        "E54 The patient's national identity number is not registered in the receiver's system",
    ],
    ["X99 Annen feil", "X99 Annan feil", "X99 Another fault"],
    // What goes before another: who, or a code, or a place; and the clause that goes after.
    ["{=what}: {why}", "{what}: {why}", "{what}: {why}"],
    ["{=what} ({clause})", "{what} ({clause})", "{what} ({clause})"],
    ["{path} (linje {#n})", "{path} (linje {n})", "{path} (line {n})"],
];
