//! Words of the patient's report and of access taken on oneself.

use crate::pages::words::words;

words! {
    /// Words of the patient's report and of access taken on oneself.
    Words {
        report: "Innsyn i hvem som har sett" | "Innsyn i kven som har sett" | "Report of who has looked",
        report_lead: "Pasienten har rett til å vite hvem som har sett opplysninger om seg, hos begge sider. At rapporten lages, blir også ført i loggen." | "Pasienten har rett til å vite kven som har sett opplysningar om seg, hos begge sider. At rapporten blir laga, blir òg ført i loggen." | "The patient has a right to know who has looked, on both sides. That the report is made is logged too.",
        person: "Pasientens id-nummer" | "Pasienten sitt id-nummer" | "The patient's id number",
        make: "Lag rapport" | "Lag rapport" | "Make the report",
        of_person: "Rapport for {person}, laget {when}" | "Rapport for {person}, laga {when}" | "Report for {person}, made {when}",
        looks: "{n} oppslag i {stays} opphold." | "{n} oppslag i {stays} opphald." | "{n} looks in {stays} stays.",
        nothing: "Ingen oppslag er registrert" | "Ingen oppslag er registrerte" | "No looks are recorded",
        when: "Når" | "Når" | "When",
        who: "Hvem" | "Kven" | "Who",
        organisation: "Virksomhet" | "Verksemd" | "Organisation",
        role: "Rolle" | "Rolle" | "Role",
        what: "Hva" | "Kva" | "What",
        purpose: "Formål" | "Føremål" | "Purpose",
        ground: "Grunnlag" | "Grunnlag" | "Ground",
        take: "Ta tilgang på eget ansvar" | "Ta tilgang på eige ansvar" | "Take access on oneself",
        take_lead: "Oppholdet hører til en annen enhet hos dere. Trenger du opplysningene for å hjelpe pasienten, kan du ta tilgang. Begrunnelsen lagres, tilgangen utløper av seg selv, og noen vurderer den etterpå." | "Opphaldet høyrer til ei anna eining hos dykk. Treng du opplysningane for å hjelpe pasienten, kan du ta tilgang. Grunngivinga blir lagra, tilgangen går ut av seg sjølv, og nokon vurderer han etterpå." | "The stay belongs to another unit of yours. If you need the information to help the patient, you can take access. The reason is kept, the access ends by itself, and somebody reviews it.",
        which: "Hvilket opphold gjelder det?" | "Kva opphald gjeld det?" | "Which stay is it?",
        which_hint: "Navnet på oppholdet, slik det står i adressen til siden." | "Namnet på opphaldet, slik det står i adressa til sida." | "The name of the stay, as the address of its page has it.",
        go_on: "Gå videre" | "Gå vidare" | "Go on",
        case: "Opphold" | "Opphald" | "Stay",
        reason: "Hvorfor trenger du tilgang?" | "Kvifor treng du tilgang?" | "Why do you need access?",
        reason_hint: "{min} til {max} tegn. Skriv hva du skal gjøre for pasienten." | "{min} til {max} teikn. Skriv kva du skal gjere for pasienten." | "{min} to {max} letters. Write what you are to do for the patient.",
        wrong_reason: "Begrunnelsen er {n} tegn. Skriv {min} til {max}." | "Grunngivinga er {n} teikn. Skriv {min} til {max}." | "The reason is {n} letters. Write {min} to {max}.",
        lasts: "Tilgangen varer til {when}." | "Tilgangen varer til {when}." | "The access lasts until {when}.",
        take_button: "Ta tilgang" | "Ta tilgang" | "Take access",
    }
}
