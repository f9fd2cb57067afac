//! The words of the pages, in three languages.

use samspill_agreement::model::Language;

use crate::downtime::words::say;

/// The words of the pages.
macro_rules! labels {
    ($($name:ident $nb:literal $nn:literal $en:literal)*) => {
        /// A word or sentence of a page.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Label { $($name,)* }

        impl Label {
            /// It in this language.
            pub(super) fn in_language(self, language: Language) -> &'static str {
                match self { $(Self::$name => say(language, $nb, $nn, $en),)* }
            }
        }
    };
}

labels! {
    EmergencyForm "Nødskjema" "Nødskjema" "Emergency form"
    FormUse
        "Brukes når meldingen ikke kan sendes elektronisk. Meld fra muntlig eller på papir, fyll ut det som mangler, og før det i loggen etterpå med de sanne tidene."
        "Blir brukt når meldinga ikkje kan sendast elektronisk. Meld frå munnleg eller på papir, fyll ut det som manglar, og før det i loggen etterpå med dei sanne tidene."
        "For use when the message can't be sent electronically. Tell it orally or on paper, fill in what is missing, and enter it in the log afterwards with the true times."
    Secret
        "Inneholder pasientopplysninger. Skal oppbevares utilgjengelig for uvedkommende og makuleres når det er ført i loggen."
        "Inneheld pasientopplysningar. Skal oppbevarast utilgjengeleg for uvedkomande og makulerast når det er ført i loggen."
        "Holds patient data. Keep it from others, and shred it when it has been entered in the log."
    SecretList
        "Inneholder pasientopplysninger. Skal oppbevares utilgjengelig for uvedkommende og makuleres når en nyere liste er skrevet ut eller systemene er oppe."
        "Inneheld pasientopplysningar. Skal oppbevarast utilgjengeleg for uvedkomande og makulerast når ei nyare liste er skriven ut eller systema er oppe."
        "Holds patient data. Keep it from others, and shred it when a newer list is printed or the systems are up."
    AsOf "Slik det var kjent" "Slik det var kjent" "As known"
    Patient "Pasient" "Pasient" "Patient"
    Name "Navn" "Namn" "Name"
    Number "Fødselsnummer eller annet nummer" "Fødselsnummer eller anna nummer" "National identity number, or another"
    Born "Født" "Fødd" "Born"
    Stay "Opphold" "Opphald" "Stay"
    Unit "Enhet" "Eining" "Unit"
    SoFar "Oppholdet så langt" "Opphaldet så langt" "The stay so far"
    What "Hva" "Kva" "What"
    Happened "Tid" "Tid" "Time"
    FromTo "Fra – til" "Frå – til" "From – to"
    NothingSoFar "Ingenting er ført." "Ingenting er ført." "Nothing has been entered."
    Facts "Opplysninger om oppholdet" "Opplysningar om opphaldet" "Facts of the stay"
    Fact "Opplysning" "Opplysning" "Fact"
    Value "Verdi" "Verdi" "Value"
    Parties "Hvem meldingen går mellom" "Kven meldinga går mellom" "Who the message is between"
    Role "Rolle" "Rolle" "Role"
    Party "Part" "Part" "Party"
    Telephone "Telefon" "Telefon" "Telephone"
    Sender "Fra" "Frå" "From"
    Receiver "Til" "Til" "To"
    Limit "Frist" "Frist" "Limit"
    Duty "Plikt" "Plikt" "Duty"
    Contents "Innhold" "Innhald" "Contents"
    Field "Felt" "Felt" "Field"
    AskedBy "Kreves av" "Blir kravd av" "Asked for by"
    Optional "kan være med" "kan vere med" "may be given"
    FreeText "Det som meldes" "Det som blir meldt" "What is told"
    Yes "Ja" "Ja" "Yes"
    No "Nei" "Nei" "No"
    TrueTimes "De sanne tidene" "Dei sanne tidene" "The true times"
    HappenedAt "Skjedde (dato og klokkeslett)" "Skjedde (dato og klokkeslett)" "Happened (date and time)"
    ToldAt "Meldt (dato og klokkeslett)" "Meldt (dato og klokkeslett)" "Told (date and time)"
    ReceivedAt "Mottatt (dato og klokkeslett)" "Motteke (dato og klokkeslett)" "Received (date and time)"
    HowTold "Hvordan det ble meldt" "Korleis det vart meldt" "How it was told"
    Signatures "Hvem som meldte og tok imot" "Kven som melde og tok imot" "Who told and who received"
    ToldBy "Meldt av (navn, rolle, telefon)" "Meldt av (namn, rolle, telefon)" "Told by (name, role, telephone)"
    ReceivedBy "Mottatt av (navn, rolle, telefon)" "Motteke av (namn, rolle, telefon)" "Received by (name, role, telephone)"
    Signature "Dato, tid og underskrift" "Dato, tid og underskrift" "Date, time and signature"
    EnteredBy "Ført i loggen etterpå av (navn, dato, tid)" "Ført i loggen etterpå av (namn, dato, tid)" "Entered in the log afterwards by (name, date, time)"
    Downtime "Nedetid det gjelder" "Nedetid det gjeld" "The downtime"
    StatusList "Åpne opphold" "Opne opphald" "Open stays"
    NoStays "Ingen opphold er åpne." "Ingen opphald er opne." "No stays are open."
    NoUnit "Uten oppgitt enhet" "Utan oppgitt eining" "No unit given"
    Phase "Fase" "Fase" "Phase"
    OpenDuties "Åpne plikter" "Opne plikter" "Open duties"
    DaysSoFar "Døgn så langt" "Døgn så langt" "Days so far"
    LastMessages "Siste meldinger" "Siste meldingar" "Last messages"
    Unanswered "Ubesvart" "Utan svar" "Unanswered"
    DownNow "Registrert nedetid" "Registrert nedetid" "Registered downtime"
    AtOnce "straks" "straks" "at once"
    NoLimit "frist ikke kjent ennå" "frist ikkje kjend enno" "limit not known yet"
    Overdue "forfalt" "forfallen" "overdue"
    Since "siden" "sidan" "since"
    Days "døgn" "døgn" "days"
    None "ingen" "ingen" "none"
    OpenEnd "uten kjent slutt" "utan kjend slutt" "no known end"
}
