//! A version as people read it.

use samspill_agreement::{model::Language, render, words};

use crate::common::{check_record, complete, fjordhelse};

#[test]
fn the_complete_example_reads_as_recorded_in_three_languages() {
    let agreement = fjordhelse();
    for (language, name) in [(Language::Bokmal, "nb"), (Language::Nynorsk, "nn"), (Language::English, "en")] {
        let record = complete().root.join(format!("../recorded/fjordhelse.{name}.md"));
        assert_eq!(check_record(&record, &render(agreement.newest(), language)), None);
    }
}

const LIMITS: [(&str, &str, &str, &str); 9] = [
    ("at once", "straks", "straks", "at once"),
    ("1 hour", "innen 1 time", "innan 1 time", "within 1 hour"),
    (
        "30 days at 12:00",
        "innen 30 dager, kl. 12.00",
        "innan 30 dagar, kl. 12.00",
        "within 30 days, at 12:00",
    ),
    (
        "3 hours within kontortid",
        "innen 3 timer, regnet innenfor kontortid",
        "innan 3 timar, rekna innanfor kontortid",
        "within 3 hours, counted within office hours",
    ),
    (
        "15:00 same working day, next if at or after 14:00",
        "innen kl. 15.00 samme virkedag; neste virkedag hvis det utløses kl. 14.00 eller senere",
        "innan kl. 15.00 same yrkedag; neste yrkedag dersom det blir utløyst kl. 14.00 eller seinare",
        "by 15:00 the same working day; the next working day if triggered at 14:00 or later",
    ),
    (
        "1 week before utskrivningsklar",
        "senest 1 uke før «Utskrivningsklar»",
        "seinast 1 veke før «Utskrivingsklar»",
        "at the latest 1 week before “Ready for discharge”",
    ),
    (
        "by fact forventet-utskrivning",
        "senest ved forventet utskrivning",
        "seinast ved forventet utskrivning",
        "at the latest at forventet utskrivning",
    ),
    ("1 july", "innen utgangen av 1. juli", "innan utgangen av 1. juli", "by the end of 1 July"),
    (
        "2 working days, given next day if after 14:00",
        "innen 2 virkedager; det som gis etter kl. 14.00, regnes fra neste dag",
        "innan 2 yrkedagar; det som blir gitt etter kl. 14.00, blir rekna frå neste dag",
        "within 2 working days; what is given after 14:00 counts from the next day",
    ),
];

#[test]
fn limits_read_as_people_say_them() {
    let agreement = fjordhelse();
    let version = agreement.newest();
    for (text, nb, nn, en) in LIMITS {
        let deadline = samspill_agreement::parse_deadline(text).unwrap();
        assert_eq!(words::deadline(version, &deadline, Language::Bokmal), nb);
        assert_eq!(words::deadline(version, &deadline, Language::Nynorsk), nn);
        assert_eq!(words::deadline(version, &deadline, Language::English), en);
    }
}

#[test]
fn conditions_read_as_people_say_them() {
    let agreement = fjordhelse();
    let version = agreement.newest();
    for (text, nb, en) in [
        (
            "fagomrade is phv and not tvang",
            "fagområde er phv og ikke tvang",
            "field of care is phv and not tvang",
        ),
        ("fagomrade is one of [phv, tsb]", "fagområde er phv eller tsb", "field of care is phv or tsb"),
        ("problem is not known", "problem er ikke oppgitt", "problem is not given"),
        (
            "late innleggelsesrapport",
            "«Innleggelsesrapport» er gjort for sent",
            "“Admission report” was done late",
        ),
        (
            "has utskrivningsklar since innlagt",
            "«Utskrivningsklar» er gitt etter siste «Innlagt»",
            "“Ready for discharge” has been given since the last “Admitted”",
        ),
        (
            "not (tvang or kommunalt-behov)",
            "ikke (tvang eller behov for kommunale tjenester)",
            "not (tvang or behov for kommunale tjenester)",
        ),
    ] {
        let condition = samspill_agreement::parse_condition(text).unwrap();
        assert_eq!(words::condition(version, &condition, Language::Bokmal), nb);
        assert_eq!(words::condition(version, &condition, Language::English), en);
    }
}
