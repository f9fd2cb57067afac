//! What is kept in bokmål about messages is shown in the language of whoever reads it.

use samspill_agreement::model::Language;
use samspill_service::{
    access::Role,
    exchange::{
        mailroom::{HERE, Notes},
        meaning::{Choice, Question, QuestionKind},
    },
};
use samspill_store::{Alert, Direction, MessageNumber, OutboxState, Standing};
use samspill_web::Signed;

use crate::{
    desk::{Region, hidden},
    support::{Side, User},
    way::{EARLY, UPDATE},
};

const LANGUAGES: [Language; 3] = [Language::Bokmal, Language::Nynorsk, Language::English];

impl Region {
    /// Looks at a page in each language: it says what it should, and nothing of what it says in the others.
    async fn says(&self, user: &User, path: &str, texts: &[[&str; 3]]) {
        for (place, language) in LANGUAGES.into_iter().enumerate() {
            let subject = user.signed.as_ref().unwrap().subject.clone();
            let token = format!("token-{}", subject.account);
            let reader = User::new(self.t.router.clone(), Some(Signed::new(subject, token, language)));
            let page = reader.get(path).await.text().replace("&#39;", "'");
            for text in texts {
                for (other, said) in text.iter().enumerate() {
                    assert_eq!(page.contains(said), other == place, "{language:?} {path}: {said}\n{page}");
                }
            }
        }
    }

    /// What is noted beside a message.
    async fn noted(&self, number: u64, change: impl FnOnce(&str, &mut Notes)) {
        let parts = self.t.app.parts();
        let kept = parts.store.message(&parts.community, MessageNumber(number)).await.unwrap().unwrap();
        let mut notes = Notes::read(&kept.notes);
        change(&kept.id, &mut notes);
        let mut tx = parts.store.begin(&parts.community).await.unwrap();
        tx.stand(kept.number, Standing::Question, kept.case.as_deref(), &notes.write()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Sends a message once more with something else between marks, as another system might.
    async fn sent_otherwise(&self, number: u64, between: [&str; 2], with: &str) {
        let parts = self.t.app.parts();
        let kept = parts.store.message(&parts.community, MessageNumber(number)).await.unwrap().unwrap();
        let text = String::from_utf8(kept.bytes).unwrap();
        let id = ["<MsgId>", "</MsgId>", "66666666-79c4-4d16-98e0-ccb2c9be9a88"];
        let text = [id, [between[0], between[1], with]].into_iter().fold(text, |text, [begin, end, with]| {
            let (before, rest) = text.split_once(begin).unwrap();
            format!("{before}{begin}{with}{end}{}", rest.split_once(end).unwrap().1)
        });
        parts.mailroom.send(text.as_bytes(), self.t.now()).await.unwrap();
        self.deliver().await;
    }
}

#[tokio::test]
async fn a_question_is_asked_in_the_language_of_whoever_settles_it() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "melding-om-innlagt-pasient", "2026-03-09T09:05", &[]).await;
    let number = region.latest("LOG_INNLAGT", Direction::In).await;
    let why = "Hvilket opphold gjelder meldingen? Navn og fødselsdato er de samme, men id-en er en annen.";
    region
        .noted(number, |id, notes| {
            let reasons = ["Innlagt 09.03.2026 08:10.", "Ikke avsluttet."].map(str::to_owned).into();
            let (message, what, text) = (id.to_owned(), QuestionKind::WhichStay, why.to_owned());
            let choices = vec![Choice { value: case.clone(), reasons }];
            notes.questions = vec![Question { message, what, text, choices }];
            notes.remarks = vec!["Meldingen var kansellert før den kom.".to_owned()];
            notes.receipts = vec!["Hovedmottaker: Pasienten har ikke journal her.".to_owned()];
        })
        .await;
    let question = [
        why,
        "Kva opphald gjeld meldinga? Namn og fødselsdato er dei same, men id-en er ein annan.",
        "Which stay is the message about? The name and the date of birth are the same, but the id is another.",
    ];
    let others = [
        ["Innlagt 09.03.2026 08:10.", "Innlagd 09.03.2026 08:10.", "Admitted 09.03.2026 08:10."],
        ["<li>Ikke avsluttet.</li>", "<li>Ikkje avslutta.</li>", "<li>Not over.</li>"],
        [
            "<li>Meldingen var kansellert før den kom.</li>",
            "<li>Meldinga var kansellert før ho kom.</li>",
            "<li>The message was cancelled before it came.</li>",
        ],
        [
            "<li>Hovedmottaker: Pasienten har ikke journal her.</li>",
            "<li>Hovudmottakar: Pasienten har ikkje journal her.</li>",
            "<li>Main receiver: The patient has no record here.</li>",
        ],
    ];
    region.says(&region.municipality, "/innboks", &[question]).await;
    let texts = [&[question][..], &others].concat();
    region.says(&region.municipality, &format!("/melding/{number}"), &texts).await;
}

#[tokio::test]
async fn the_reasons_of_a_rejection_are_told_in_the_language_of_the_sender_and_sent_in_bokmal() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "melding-om-innlagt-pasient", "2026-03-09T09:05", &[]).await;
    let first = region.latest("LOG_INNLAGT", Direction::Out).await;
    region.sent_otherwise(first, ["<Patient>", "</Patient>"], "").await;
    let number = region.latest("LOG_INNLAGT", Direction::Out).await;
    let told = [
        "Pasienten er ikke tilstrekkelig identifisert: navn mangler; ",
        "Pasienten er ikkje tilstrekkeleg identifisert: namn manglar; ",
        "The patient is not sufficiently identified: the name is missing; ",
    ];
    let code = [
        "E36 Pasientopplysninger er utilstrekkelige",
        "E36 Pasientopplysningar er utilstrekkelege",
        "E36 What is said of the patient is not enough",
    ];
    region.says(&region.hospital, &format!("/melding/{number}"), &[told, code]).await;
    let parts = region.t.app.parts();
    let receipt = MessageNumber(region.latest("APPREC", Direction::Out).await);
    let receipt = parts.store.message(&parts.community, receipt).await.unwrap().unwrap();
    assert!(String::from_utf8(receipt.bytes).unwrap().contains(told[0]));
}

#[tokio::test]
async fn alerts_and_what_was_given_up_are_told_in_the_language_of_the_reader() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    let path = format!("/opphold/{case}/skriv/melding-om-innlagt-pasient");
    let form = region.hospital.get(&path).await;
    let fields = [("id", &*hidden(&form, "id")), ("seen", "99999"), ("gjor", "send")];
    assert_eq!(region.hospital.post_form(&path, &fields).await.status, 303);
    let parts = region.t.app.parts();
    let mut tx = parts.store.begin(&parts.community).await.unwrap();
    let says = "12 sendinger venter på linje: køen står.".to_owned();
    tx.raise(&Alert { name: format!("kø:{HERE}"), says, at: region.t.now() }).await.unwrap();
    tx.commit().await.unwrap();
    for parcel in parts.store.outbox(&parts.community, Some(OutboxState::Waiting), "", 1_000).await.unwrap() {
        let mut tx = parts.store.begin(&parts.community).await.unwrap();
        let why = "Ingen kanal går til mottakeren.";
        tx.outgoing_dead(&parcel.id, region.t.now(), "no-route", why).await.unwrap();
        tx.commit().await.unwrap();
    }
    let dead = [
        "Ingen kanal går til mottakeren.",
        "Ingen kanal går til mottakaren.",
        "No channel goes to the receiver.",
    ];
    let stuck = [
        "12 sendinger venter på linje: køen står.",
        "12 sendingar ventar på linje: køen står.",
        "Waiting for linje: 12. The queue stands still.",
    ];
    region.says(&region.hospital, "/meldinger", &[dead, stuck]).await;
    region.t.clock.set(region.t.now() + jiff::SignedDuration::from_mins(1));
    region.says(&region.hospital, &format!("/opphold/{case}"), &[dead]).await;
}

#[tokio::test]
async fn what_is_vague_in_a_reply_is_told_in_the_language_of_the_reader() {
    let region = Region::new("2026-03-09T09:00").await;
    let case = region.admit("2026-03-09T09:00", "2026-03-09", "08:10").await;
    region.write(&region.hospital, &case, "tidligmelding", "2026-03-09T12:00", EARLY).await;
    region.write(&region.hospital, &case, "helseopplysninger", "2026-03-12T10:00", UPDATE).await;
    region.write(&region.hospital, &case, "utskrivningsklar", "2026-03-16T10:00", &[]).await;
    let words = [("f_tekst", "Vi kan ta imot pasienten fra 18.03.2026.")];
    region.write(&region.municipality, &case, "svar-utskrivningsklar", "2026-03-16T12:00", &words).await;
    let reply = region.latest("DIALOG_HELSEFAGLIG", Direction::Out).await;
    region.sent_otherwise(reply, ["Vi kan ", "ta imot"], "trolig ").await;
    let doubt = [
        "Teksten sier at dagen er ventet.",
        "Teksten seier at dagen er venta.",
        "The text says that the day is expected.",
    ];
    region.says(&region.hospital, &format!("/opphold/{case}/svar"), &[doubt]).await;
    let ward = region.t.user(Role::Coordination, Side::Trust);
    assert!(
        ward.get(&format!("/opphold/{case}/svar")).await.text().contains(doubt[0]),
        "each reads in their own"
    );
}
