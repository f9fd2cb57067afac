use samspill_service::people::PasswordFault;

use crate::pages::words::words;

words! {
    /// Words of the pages for logging in and out.
    LoginWords {
        title: "Logg inn" | "Logg inn" | "Log in",
        login: "Brukernavn" | "Brukarnamn" | "User name",
        password: "Passord" | "Passord" | "Password",
        log_in: "Logg inn" | "Logg inn" | "Log in",
        log_in_with: "Logg inn med {name}" | "Logg inn med {name}" | "Log in with {name}",
        or: "Eller med passord" | "Eller med passord" | "Or with a password",
        demo: "Prøv som" | "Prøv som" | "Try as",
        demo_says: "Dette er en demo med oppdiktede pasienter. Velg hvem du vil være." | "Dette er ein demo med oppdikta pasientar. Vel kven du vil vere." | "This is a demo with made-up patients. Choose who to be.",
        refused: "Innloggingen ble avvist. Brukernavnet eller passordet er feil, eller kontoen er stengt en stund: etter {n} feil er en konto stengt i {minutes} minutter." | "Innlogginga vart avvist. Brukarnamnet eller passordet er feil, eller kontoen er stengd ei stund: etter {n} feil er ein konto stengd i {minutes} minutt." | "You are not logged in. The user name or the password is wrong, or the account is locked for a while: after {n} mistakes an account is locked for {minutes} minutes.",
        no_local: "Her logger alle inn med {name}." | "Her loggar alle inn med {name}." | "Everybody logs in with {name} here.",
        out: "Du er logget ut." | "Du er logga ut." | "You are logged out.",
        out_provider: "Du er fortsatt logget inn hos {name}. Logg ut der også hvis andre bruker maskinen." | "Du er framleis logga inn hos {name}. Logg ut der òg dersom andre brukar maskina." | "You are still logged in at {name}. Log out there too if others use this machine.",
        out_provider_button: "Logg ut av {name}" | "Logg ut av {name}" | "Log out of {name}",
        ready: "Passordet er lagret. Logg inn med det." | "Passordet er lagra. Logg inn med det." | "The password is kept. Log in with it.",
        stale: "Siden var for gammel, eller nettleseren tar ikke imot informasjonskapsler. Prøv igjen." | "Sida var for gammal, eller nettlesaren tek ikkje imot informasjonskapslar. Prøv igjen." | "The page was too old, or the browser takes no cookies. Try again.",
        not_this_browser: "Innloggingen begynte ikke i denne nettleseren, eller siden ble åpnet to ganger. Prøv igjen." | "Innlogginga byrja ikkje i denne nettlesaren, eller sida vart opna to gonger. Prøv igjen." | "The login did not begin in this browser, or the page was opened twice. Try again.",
        too_late: "Innloggingen tok for lang tid, eller var fullført før. Prøv igjen." | "Innlogginga tok for lang tid, eller var fullført før. Prøv igjen." | "The login took too long, or was finished before. Try again.",
        denied: "Innloggingen ble avbrutt hos {name}." | "Innlogginga vart avbroten hos {name}." | "The login was broken off at {name}.",
        busy: "{name} svarer ikke nå. Prøv igjen om litt." | "{name} svarar ikkje no. Prøv igjen om litt." | "{name} does not answer now. Try again in a while.",
        setup: "{name} godtar ikke innlogging herfra slik det er satt opp. Si fra til den som drifter Samspill." | "{name} godtek ikkje innlogging herfrå slik det er sett opp. Sei frå til den som driftar Samspill." | "{name} does not accept logins from here as it is set up. Tell whoever runs Samspill.",
        not_trusted: "Svaret fra {name} kunne ikke kontrolleres, så ingen er logget inn. Prøv igjen, og si fra hvis det gjentar seg." | "Svaret frå {name} kunne ikkje kontrollerast, så ingen er logga inn. Prøv igjen, og sei frå om det tek seg opp att." | "The answer of {name} could not be verified, so nobody is logged in. Try again, and report it if it happens again.",
        no_account: "Du er kjent hos {name}, men har ingen rolle her. Be en administrator i din organisasjon om tilgang." | "Du er kjend hos {name}, men har inga rolle her. Be ein administrator i organisasjonen din om tilgang." | "You are known at {name} but have no role here. Ask an administrator of your organisation for access.",
        no_party: "Organisasjonen du logget inn for er ikke part her, eller du har ingen rolle i den." | "Organisasjonen du logga inn for er ikkje part her, eller du har inga rolle i han." | "The organisation you logged in for is no party here, or you have no role in it.",
        role_title: "Velg rolle" | "Vel rolle" | "Choose a role",
        role_says: "Du har flere roller. Du ser det rollen trenger, og kan bytte når som helst." | "Du har fleire roller. Du ser det rolla treng, og kan byte når som helst." | "You have several roles. You see what the role needs, and can change at any time.",
        role_now: "Nå" | "No" | "Now",
        role_none: "Kontoen har ingen rolle nå. Be en administrator i din organisasjon om en." | "Kontoen har inga rolle no. Be ein administrator i organisasjonen din om ei." | "The account has no role now. Ask an administrator of your organisation for one.",
        setup_title: "Lag passord" | "Lag passord" | "Make a password",
        setup_says: "Lenken kan brukes én gang. Velg et langt passord; flere ord etter hverandre er lett å huske." | "Lenkja kan brukast éin gong. Vel eit langt passord; fleire ord etter kvarandre er lett å hugse." | "The link can be used once. Choose a long password; several words in a row are easy to remember.",
        setup_gone: "Lenken er brukt, for gammel, eller skrevet feil. Be administratoren om en ny." | "Lenkja er brukt, for gammal, eller skriven feil. Be administratoren om ei ny." | "The link was used, is too old, or mistyped. Ask the administrator for a new one.",
        new_password: "Nytt passord" | "Nytt passord" | "New password",
        again: "Passordet en gang til" | "Passordet ein gong til" | "The password once more",
        keep_password: "Lagre passordet" | "Lagre passordet" | "Keep the password",
        not_same: "De to passordene er ikke like." | "Dei to passorda er ikkje like." | "The two passwords differ.",
        short: "Passordet er for kort. Bruk flere ord." | "Passordet er for kort. Bruk fleire ord." | "The password is too short. Use more words.",
        long: "Passordet er for langt." | "Passordet er for langt." | "The password is too long.",
        holds_login: "Brukernavnet kan ikke stå i passordet." | "Brukarnamnet kan ikkje stå i passordet." | "The user name cannot be part of the password.",
        common: "Passordet er lett å gjette. Bruk tre eller fire ord som ikke hører sammen." | "Passordet er lett å gjette. Bruk tre eller fire ord som ikkje høyrer saman." | "The password is easy to guess. Use three or four words that do not belong together.",
        old_wrong: "Det gamle passordet er feil, eller kontoen er stengt en stund." | "Det gamle passordet er feil, eller kontoen er stengd ei stund." | "The old password is wrong, or the account is locked for a while.",
        account_title: "Konto" | "Konto" | "Account",
        account_of: "Innlogget som" | "Innlogga som" | "Logged in as",
        notices: "Varsler på e-post" | "Varsel på e-post" | "Notices by e-mail",
        notices_says: "Få beskjed når noe haster, uten pasientopplysninger." | "Få beskjed når noko hastar, utan pasientopplysningar." | "Be told when something is urgent, without anything about patients.",
        language: "Språk" | "Språk" | "Language",
        keep: "Lagre" | "Lagre" | "Keep",
        kept: "Lagret." | "Lagra." | "Kept.",
        sessions: "Hvor du er logget inn" | "Kvar du er logga inn" | "Where you are logged in",
        session_begun: "Logget inn" | "Logga inn" | "Logged in",
        session_seen: "Sist brukt" | "Sist brukt" | "Last used",
        session_until: "Varer til" | "Varer til" | "Lasts until",
        session_role: "Rolle" | "Rolle" | "Role",
        session_this: "Denne" | "Denne" | "This one",
        session_end: "Avslutt" | "Avslutt" | "End it",
        session_act: "Handling" | "Handling" | "Action",
        session_ended: "Økten er avsluttet." | "Økta er avslutta." | "The session is ended.",
        log_out: "Logg ut" | "Logg ut" | "Log out",
        everywhere: "Logg ut overalt" | "Logg ut overalt" | "Log out everywhere",
        everywhere_says: "Avslutter alle øktene dine, også på andre maskiner." | "Avsluttar alle øktene dine, òg på andre maskiner." | "Ends all your sessions, also on other machines.",
        change_role: "Bytt rolle" | "Byt rolle" | "Change role",
        change_password: "Bytt passord" | "Byt passord" | "Change the password",
        old_password: "Gammelt passord" | "Gammalt passord" | "Old password",
        password_changed: "Passordet er byttet." | "Passordet er bytt." | "The password is changed.",
    }
}

impl LoginWords {
    /// Why a password isn't taken.
    pub(super) fn password_fault(&self, fault: PasswordFault) -> &'static str {
        match fault {
            PasswordFault::Short => self.short,
            PasswordFault::Long => self.long,
            PasswordFault::HoldsLogin => self.holds_login,
            PasswordFault::Common => self.common,
        }
    }
}
