use samspill_service::notices::NoticeKind;

use crate::pages::{fill, words::words};

words! {
    /// Words of the page of notices.
    Words {
        title: "Varsler på e-post" | "Varsel på e-post" | "Notices by e-mail",
        lead: "Du kan få en e-post når noe haster. Den sier hvor mange plikter det gjelder og når den første forfaller, og ingenting om pasienter. Resten ser du når du logger inn." | "Du kan få ein e-post når noko hastar. Han seier kor mange plikter det gjeld og når den første forfell, og ingenting om pasientar. Resten ser du når du loggar inn." | "You can get an e-mail when something is urgent. It says how many duties there are and when the first falls due, and nothing about patients. The rest you see when you log in.",
        not_set_up: "E-post er ikke satt opp her. Si fra til den som drifter Samspill om du trenger det." | "E-post er ikkje sett opp her. Sei frå til den som driftar Samspill om du treng det." | "E-mail is not set up here. Tell whoever runs Samspill if you need it.",
        account: "Konto" | "Konto" | "Account",
        state_off: "Ingen varsler sendes." | "Ingen varsel blir sende." | "No notices are sent.",
        state_asked: "En lenke sendes snart til {address}. Varslene begynner når du har bekreftet adressen." | "Ei lenkje blir snart send til {address}. Varsla byrjar når du har stadfesta adressa." | "A link will soon be sent to {address}. Notices begin when you have confirmed the address.",
        state_sent: "En lenke er sendt til {address}. Varslene begynner når du har åpnet den og bekreftet." | "Ei lenkje er send til {address}. Varsla byrjar når du har opna ho og stadfesta." | "A link was sent to {address}. Notices begin when you have opened it and confirmed.",
        state_on: "Varsler sendes til {address}." | "Varsel blir sende til {address}." | "Notices are sent to {address}.",
        state_refused: "Varslene er stoppet: ingen tar imot e-post på {address}. Rett adressen, eller be om en ny lenke." | "Varsla er stoppa: ingen tek imot e-post på {address}. Rett adressa, eller be om ei ny lenkje." | "Notices are stopped: nobody takes e-mail at {address}. Correct the address, or ask for a new link.",
        on: "Send meg varsler" | "Send meg varsel" | "Send me notices",
        address: "E-postadresse" | "E-postadresse" | "E-mail address",
        address_hint: "Bruk jobbadressen din. Bare du ser den her." | "Bruk jobbadressa di. Berre du ser ho her." | "Use your address at work. Only you see it here.",
        wrong_address: "Skriv én e-postadresse, som navn@sykehus.no." | "Skriv éi e-postadresse, som namn@sykehus.no." | "Write one e-mail address, such as name@hospital.no.",
        not_kept: "Ikke lagret: adressen er ikke en e-postadresse." | "Ikkje lagra: adressa er ikkje ei e-postadresse." | "Not kept: the address is not an e-mail address.",
        which: "Når" | "Når" | "When",
        kind_due: "En plikt forfaller snart" | "Ei plikt forfell snart" | "A duty falls due soon",
        kind_late: "En plikt er over fristen" | "Ei plikt er over fristen" | "A duty is overdue",
        kind_answer: "En melding venter på svar" | "Ei melding ventar på svar" | "A message waits for an answer",
        kind_astray: "En melding kom ikke fram" | "Ei melding kom ikkje fram" | "A message did not get through",
        before: "Hvor lenge før fristen" | "Kor lenge før fristen" | "How long before the limit",
        minutes: "{n} minutter" | "{n} minutt" | "{n} minutes",
        hour: "1 time" | "1 time" | "1 hour",
        hours: "{n} timer" | "{n} timar" | "{n} hours",
        whose: "Hvilke plikter" | "Kva plikter" | "Which duties",
        scope_unit: "Alle jeg ser, unntatt de en kollega har tatt" | "Alle eg ser, unnateke dei ein kollega har teke" | "All that I see, but those a colleague has taken",
        scope_mine: "Bare de jeg har tatt" | "Berre dei eg har teke" | "Only those I have taken",
        quiet: "Stille timer" | "Stille timar" | "Quiet hours",
        quiet_hint: "Da sendes bare varsel om plikter som må gjøres før de stille timene er over. Samme klokkeslett to ganger gir ingen stille timer." | "Då blir berre varsel om plikter som må gjerast før dei stille timane er over, sende. Same klokkeslett to gonger gir ingen stille timar." | "Then only notices of duties that must be done before the quiet hours are over are sent. The same time twice gives no quiet hours.",
        quiet_from: "Fra" | "Frå" | "From",
        quiet_until: "Til" | "Til" | "Until",
        save: "Lagre" | "Lagre" | "Keep",
        kept: "Lagret." | "Lagra." | "Kept.",
        again: "Send en ny lenke" | "Send ei ny lenkje" | "Send a new link",
        link_asked: "En ny lenke sendes om litt, tidligst ti minutter etter den forrige." | "Ei ny lenkje blir send om litt, tidlegast ti minutt etter den førre." | "A new link will be sent in a while, ten minutes after the last at the earliest.",
        forget: "Slett adressen og valgene" | "Slett adressa og vala" | "Delete the address and choices",
        forgotten: "Adressen og valgene er slettet." | "Adressa og vala er sletta." | "The address and choices are deleted.",
        confirm_title: "Bekreft e-postadressen" | "Stadfest e-postadressa" | "Confirm the e-mail address",
        confirm_says: "Varsler sendes til denne adressen når du bekrefter den:" | "Varsel blir sende til denne adressa når du stadfestar ho:" | "Notices are sent to this address when you confirm it:",
        confirm: "Bekreft" | "Stadfest" | "Confirm",
        confirmed: "Adressen er bekreftet." | "Adressa er stadfesta." | "The address is confirmed.",
        confirm_gone: "Lenken er brukt, for gammel, skrevet feil eller en annens" | "Lenkja er brukt, for gammal, skriven feil eller ein annan si" | "The link was used, is too old, mistyped or somebody else's",
        admin_off: "av" | "av" | "off",
        admin_on: "på" | "på" | "on",
        admin_waits: "venter på bekreftelse" | "ventar på stadfesting" | "waiting to be confirmed",
        admin_refused: "stoppet, adressen tas ikke imot" | "stoppa, adressa blir ikkje teken imot" | "stopped, the address is refused",
    }
}

impl Words {
    /// What a kind of notice is called.
    pub(super) fn kind(&self, kind: NoticeKind) -> &'static str {
        match kind {
            NoticeKind::Due => self.kind_due,
            NoticeKind::Late => self.kind_late,
            NoticeKind::Answer => self.kind_answer,
            NoticeKind::Astray => self.kind_astray,
        }
    }

    /// So many minutes, in words.
    pub(super) fn before(&self, minutes: u32) -> String {
        match (minutes / 60, minutes % 60) {
            (1, 0) => self.hour.to_owned(),
            (hours, 0) => fill(self.hours, &[("n", &hours)]),
            (_, _) => fill(self.minutes, &[("n", &minutes)]),
        }
    }
}
