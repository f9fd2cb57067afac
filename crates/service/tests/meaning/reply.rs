//! What replies seem to say: phrases as people write them, in bokmål and nynorsk.

use jiff::civil::{Date, date};
use samspill_service::exchange::meaning::{Answer, Suggestion, Sureness, suggest};

/// A Wednesday.
const SENT: Date = date(2026, 3, 4);

/// `kan`, `kan 2026-03-05`, `ikke`, `ikke 2026-03-05` or `-`; with ` ?` where it isn't clear.
fn told(suggestion: &Suggestion) -> String {
    let day = |word: &str, day: Option<Date>| day.map_or(word.to_owned(), |day| format!("{word} {day}"));
    let answer = match suggestion.answer {
        None => return "-".to_owned(),
        Some(Answer::CanReceive { from }) => day("kan", from),
        Some(Answer::CannotReceive { expected }) => day("ikke", expected),
    };
    match suggestion.sureness {
        Sureness::Clear => answer,
        Sureness::Unsure => format!("{answer} ?"),
        Sureness::None => format!("{answer} uten sikkerhet"),
    }
}

fn check(rows: &str) {
    let mut wrong = Vec::new();
    for row in rows.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (expected, text) = row.split_once('|').unwrap();
        let suggestion = suggest(text.trim(), SENT);
        let got = told(&suggestion);
        if got != expected.trim() {
            wrong.push(format!("{} ≠ {got} | {}   {:?}", expected.trim(), text.trim(), suggestion));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_yes_is_suggested_with_the_day_that_it_names() {
    check(
        "
        kan              | Kommunen kan ta imot pasienten.
        kan              | Vi kan ta i mot pasienten
        kan              | Kan motta pas.
        kan              | Kommunen kan ta imot på meldt dato
        kan              | Vi har plass.
        kan              | Kommunen tar imot pasienten
        kan              | Kommunen kan ta henne imot.
        kan              | Ja, vi kan ta imot pasienten.
        kan              | Hei! Takk for melding. Kommunen er klar til å ta imot pasienten. Hilsen sone 2
        kan              | Ikke noe problem, vi kan ta imot.
        kan              | Pasienten kan komme til Solsida sykehjem
        kan 2026-03-04   | Kommunen kan ta imot pasienten i dag
        kan 2026-03-04   | Vi kan ta imot med en gang
        kan 2026-03-05   | Vi kan ta imot i morgen
        kan 2026-03-06   | Kan ta imot i overmorgen
        kan 2026-03-09   | kan ta i mot fra mandag
        kan 2026-03-06   | Kommunen kan ta imot pasienten fra og med fredag 6. mars.
        kan 2026-03-05   | Kan tidligst ta imot torsdag 5.3
        kan 2026-03-05   | Kan ta imot, tidligst torsdag 5.3.
        kan 2026-03-06   | Kan ta imot, men ikke før fredag.
        kan 2026-03-06   | Kan ikke før fredag ta imot
        kan 2026-03-10   | Vi kan ta imot fra 10/3
        kan 2026-03-10   | Kommunen kan ta imot pasienten fra 10.03.2026.
        kan 2026-03-10   | Kommunen kan ta imot f.o.m. 10.3.26
        kan 2026-03-10   | Kan ta imot den 10.
        kan 2026-04-02   | Kan ta imot den 2.
        kan 2026-03-09   | Har plass på korttidsavdelinga fra mandag kl. 12
        kan 2026-03-07   | Plassen er klar lørdag
        kan 2026-03-09   | Kan ta imot. Fra mandag.
        kan 2026-03-05   | Pasienten har fått plass, kan komme i morgen etter kl 13:00
        kan 2026-03-06   | Melding mottatt. Vi kan ta imot pasienten på fredagen.
        kan 2026-03-05   | Tilbudet er klart torsdag
        kan 2026-03-10   | Vi har ledig rom fra tirsdag 10/3-26.
    ",
    );
}

#[test]
fn a_yes_in_nynorsk_is_read_too() {
    check(
        "
        kan              | Kommunen kan ta imot pasienten, helsing tildelingskontoret
        kan              | Me tek imot pasienten
        kan 2026-03-05   | Vi kan ta imot i morgon
        kan 2026-03-09   | Kommunen kan ta imot frå måndag
        kan 2026-03-10   | Vi har ledig plass frå tysdag 10. mars
        kan 2026-03-04   | Vi har plass til pasienten no på sjukeheimen
        kan 2026-03-07   | Pasienten kan kome laurdag
        kan 2026-03-06   | Kan ta imot, men ikkje før fredag
        kan 2026-03-05   | Kan tidlegast ta imot torsdag
    ",
    );
}

#[test]
fn a_no_is_suggested_with_the_day_on_which_an_offer_is_expected() {
    check("
        ikke              | Kommunen kan ikke ta imot pasienten.
        ikke              | Vi kan dessverre ikke ta imot pasienten
        ikke              | Vi kan dessverre ikke ta pasienten i mot nå
        ikke              | Har ikke plass
        ikke              | Vi har ingen ledige plasser
        ikke              | Det er ikke mulig for oss å ta imot
        ikke              | Mangler plass, pasienten må vente
        ikke              | Kommunen har per i dag ikke tilbud til pasienten
        ikke              | Kommunen kan ikke ta imot pasienten 04.03.2026.
        ikke              | Nei, vi kan ikke ta imot
        ikke              | Kan ikke ta imot, gir beskjed når vi kan ta imot
        ikke              | Kan ikke ta imot. Vi kommer tilbake når plass er ledig.
        ikke              | Kommunen har fullt belegg
        ikke              | Vi er ikke i stand til å ta imot
        ikke 2026-03-06   | Kommunen kan ikke ta imot pasienten 04.03.2026. Kommunalt tilbud antas klart 06.03.2026.
        ikke 2026-03-09   | Har ikke plass. Forventer ledig plass mandag.
        ikke 2026-03-06 ? | Kan ikke ta imot før fredag
        ikke 2026-03-06 ? | Har ikke plass før fredag
        ikke 2026-03-05 ? | Har ikke plass, tidligst torsdag 5.3
    ");
}

#[test]
fn a_no_in_nynorsk_is_read_too() {
    check(
        "
        ikke              | Kommunen kan ikkje ta imot pasienten
        ikke              | Vi har ikkje plass
        ikke              | har ikkje plass no, diverre
        ikke              | Me manglar plass
        ikke              | Det er ikkje mogleg å ta imot
        ikke              | Vi har inga ledig seng
        ikke 2026-03-09   | Vi kan ikkje ta imot. Tilbodet er venta klart måndag.
        ikke 2026-03-09 ? | Kan ikkje ta imot før måndag
    ",
    );
}

#[test]
fn nothing_is_suggested_where_it_says_both_or_neither() {
    check(
        "
        - | Kan ikke ta imot i dag, men kan ta imot i morgen
        - | Vi kan ta imot. Vi kan ikke ta imot.
        - | Har ikke plass på sykehjem, men kan ta imot med hjemmesykepleie
        - | Kan ta imot mandag eller tirsdag
        - | Mottatt.
        - | Takk for melding, vi kommer tilbake til dere
        - |
        - | Vi gir beskjed når vi kan ta imot
        - | Kan ta imot hvis pasienten kan gå selv
        - | Dersom det blir ledig plass, kan vi ta imot
        - | Kanskje vi kan ta imot i morgen
        - | Kan dere beholde pasienten til fredag?
        - | Når kan vi ta imot pasienten?
        - | Vi håper å ha plass fredag
        - | Tilbud ventes klart fredag
        - | Pasienten er kjent hos oss og har hjemmesykepleie.
        - | Ring oss på 77 62 66 60
        - | Vi undersøker om vi kan ta imot
        - | Vet ikkje når vi kan ta imot
        - | > Kommunen kan ta imot pasienten
    ",
    );
}

#[test]
fn a_day_that_can_be_two_is_left_out_and_told() {
    check(
        "
        kan ? | Kan ta imot neste mandag
        kan ? | Kan ta imot onsdag
        kan ? | Kan ta imot neste uke
        kan ? | Kan ta imot torsdag 6.3
        kan ? | Kan ta imot 30.2
        kan ? | Kan ta imot fra 2.3
        kan ? | Kan ta imot 4.1
        kan ? | Vi kan ta imot før fredag
        kan 2026-03-05 ? | Tidligst torsdag 5.3
        kan ? | Ja
        ikke ? | Nei, dessverre
    ",
    );
}

#[test]
fn a_suggestion_shows_the_words_that_it_rests_on() {
    let suggestion = suggest("Hei. Vi kan dessverre ikke ta imot  nå.\nTilbud ventes klart 6.3.", SENT);
    assert_eq!(suggestion.words, ["Vi kan dessverre ikke ta imot nå", "Tilbud ventes klart 6.3"]);
    let both = suggest("Kan ikke i dag. Kan ta imot fredag. Har ikke plass onsdag.", SENT);
    assert_eq!((both.answer, both.sureness), (None, Sureness::None));
    assert_eq!(both.doubts, ["Teksten sier både at kommunen kan og at den ikke kan ta imot."]);
}

#[test]
fn our_own_sentences_are_read_back_as_they_were_meant() {
    let friday = Some(date(2026, 3, 6));
    for answer in [
        Answer::CanReceive { from: friday },
        Answer::CanReceive { from: None },
        Answer::CannotReceive { expected: friday },
        Answer::CannotReceive { expected: None },
    ] {
        let read = suggest(&answer.sentence(), SENT);
        assert_eq!((read.answer, read.sureness), (Some(answer), Sureness::Clear), "{}", answer.sentence());
    }
}

#[test]
fn any_text_at_all_is_read_without_harm() {
    use proptest::prelude::*;
    let words = "kan|ikke|ta|imot|i|mot|fra|31.12|mandag|neste|den|5|før|hvis|plass|,|.|?|men|\n|>|æ|99999|2026-13-40|uke|tidligst|ledig|/";
    let words: Vec<&'static str> = words.split('|').collect();
    proptest!(|(text in proptest::collection::vec(proptest::sample::select(words), 0..40), any in ".{0,200}")| {
        for text in [text.join(" "), any] {
            let read = suggest(&text, SENT);
            prop_assert_eq!(read.answer.is_none(), read.sureness == Sureness::None);
            prop_assert!(read.answer.is_some() || !read.doubts.is_empty());
        }
    });
}
