use samspill_agreement::model::Language;
use samspill_service::access::Role;

use super::words;

words! {
    /// What stands around every page.
    FrameWords {
        skip: "Hopp til innholdet" | "Hopp til innhaldet" | "Skip to content",
        menu: "Meny" | "Meny" | "Menu",
        main_menu: "Hovedmeny" | "Hovudmeny" | "Main menu",
        start: "Start" | "Start" | "Start",
        board: "Tavle" | "Tavle" | "Board",
        tasks: "Oppgaver" | "Oppgåver" | "Tasks",
        inbox: "Innboks" | "Innboks" | "Inbox",
        monitor: "Meldinger" | "Meldingar" | "Messages",
        agreements: "Avtaler" | "Avtalar" | "Agreements",
        figures: "Tall" | "Tal" | "Figures",
        admin: "Administrasjon" | "Administrasjon" | "Administration",
        access: "Innsyn" | "Innsyn" | "Access report",
        take_access: "Ta tilgang" | "Ta tilgang" | "Take access",
        help: "Hjelp" | "Hjelp" | "Help",
        search: "Søk" | "Søk" | "Search",
        search_for: "Søk etter pasient, opphold eller melding" | "Søk etter pasient, opphald eller melding" | "Search for a patient, stay or message",
        unread: "{n} uleste" | "{n} ulesne" | "{n} unread",
        astray: "{n} kom ikke fram" | "{n} kom ikkje fram" | "{n} did not get through",
        astray_one: "1 kom ikke fram" | "1 kom ikkje fram" | "1 did not get through",
        theme: "Utseende" | "Utsjånad" | "Appearance",
        theme_auto: "Som maskinen" | "Som maskina" | "As the machine",
        theme_light: "Lyst" | "Lyst" | "Light",
        theme_dark: "Mørkt" | "Mørkt" | "Dark",
        language: "Språk" | "Språk" | "Language",
        show: "Vis slik" | "Vis slik" | "Apply",
        change_role: "Bytt rolle" | "Byt rolle" | "Change role",
        account: "Konto" | "Konto" | "Account",
        log_out: "Logg ut" | "Logg ut" | "Log out",
        undo: "Angre" | "Angre" | "Undo",
        undo_until: "Du kan angre til kl. {time}." | "Du kan angre til kl. {time}." | "You can undo this until {time}.",
        undone: "Det er angret." | "Det er angra." | "It was undone.",
        lost: "Ingen forbindelse. Siden kan være gammel." | "Ingen kontakt. Sida kan vere gammal." | "No connection. The page may be old.",
    }
}

/// What a role is called.
pub(crate) fn role_name(role: Role, language: Language) -> &'static str {
    let names = match role {
        Role::Ward => ["Sengepost", "Sengepost", "Ward"],
        Role::Physician => ["Lege", "Lege", "Physician"],
        Role::Coordination => ["Samhandlingskontor", "Samhandlingskontor", "Coordination office"],
        Role::HospitalAccounts => ["Regnskap, sykehus", "Rekneskap, sjukehus", "Hospital accounts"],
        Role::CaseOffice => ["Tildelingskontor", "Tildelingskontor", "Case office"],
        Role::CareUnit => ["Tjenesteenhet", "Tenesteeining", "Care unit"],
        Role::MunicipalAccounts => ["Regnskap, kommune", "Rekneskap, kommune", "Municipal accounts"],
        Role::Gp => ["Fastlege", "Fastlege", "General practitioner"],
        Role::Secretary => ["Sekretariat", "Sekretariat", "Secretariat"],
        Role::Member => ["Utvalgsmedlem", "Utvalsmedlem", "Committee member"],
        Role::Auditor => ["Revisor", "Revisor", "Auditor"],
        Role::Administrator => ["Administrator", "Administrator", "Administrator"],
    };
    match language {
        Language::Bokmal => names[0],
        Language::Nynorsk => names[1],
        Language::English => names[2],
    }
}
