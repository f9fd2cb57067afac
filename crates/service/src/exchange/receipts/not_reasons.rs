/// Something that can be wrong with a message and is no reason to reject it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAReason {
    /// A stable name.
    pub id: &'static str,
    /// What, in Norwegian.
    pub says: &'static str,
    /// Where the standard says so.
    pub clause: &'static str,
}

/// What never leads to a rejection, with the clause for each.
pub const NOT_REASONS: [NotAReason; 12] = [
    NotAReason {
        id: "ukjent-kodeverdi",
        says: "En kodeverdi, eller kodeverket den er fra, er ukjent.",
        clause: "HIS 80415:2012 3.3.2",
    },
    NotAReason {
        id: "innholdsfeil",
        says: "Innholdet er feil, motstridende eller mangelfullt, for eksempel tidspunkter i gal rekkefølge.",
        clause: "HIS 80415:2012 3.3.2",
    },
    NotAReason {
        id: "profilregel",
        says: "Skjemaet er fulgt, men ikke en regel i meldingens profil.",
        clause: "HIS 80415:2012 3.3.2, jf. 3.3.4",
    },
    NotAReason {
        id: "sifferkontroll",
        says: "Nummeret er elleve siffer, men kontrollsifrene eller datoen i det stemmer ikke.",
        clause: "HIS 80415:2012 3.3.2, jf. 6.3 om E31",
    },
    NotAReason {
        id: "ukjent-pasient",
        says: "Pasienten er tilstrekkelig identifisert, men har ikke journal her (unntatt epikrise til den som ikke skal \
               ha journal).",
        clause: "HIS 80415:2012 3.3.4",
    },
    NotAReason {
        id: "annen-identifikator-her",
        says: "Pasienten er registrert her med en annen identifikator enn den i meldingen.",
        clause: "HIS 80415:2012 3.3.4 (manuell kobling før import)",
    },
    NotAReason {
        id: "for-sent",
        says: "Meldingen er eldre enn fristen for kvittering.",
        clause: "HIS 80415:2012 3.2 nr. 5 og 3.3.4",
    },
    NotAReason {
        id: "kansellering-uten-original",
        says: "En kansellering eller endring kommer før meldingen den gjelder.",
        clause: "HITS 1168:2016 4.2",
    },
    NotAReason {
        id: "samtale-ukjent",
        says: "Meldingen viser til en samtale eller melding som ikke er kjent her, eller viser ikke til noen.",
        clause: "HIS 80415:2012 3.3.2",
    },
    NotAReason {
        id: "ack-nei",
        says: "Feltet Ack er N eller F: feltet er ikke i bruk, og kvittering sendes alltid.",
        clause: "HIS 80601:2006 (Ack, korrigert)",
    },
    NotAReason {
        id: "type-mot-innhold",
        says: "Typen i hodet stemmer ikke med meldingen som ligger i det.",
        clause: "HIS 80415:2012 3.3.2",
    },
    NotAReason {
        id: "navn-mot-register",
        says: "Navn på avsender, mottaker eller tjeneste er annerledes enn i registeret; identifikatoren gjelder.",
        clause: "HITS 1168:2016 6.1",
    },
];
