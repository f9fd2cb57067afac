//! Days and money.

use samspill_agreement::model::Agreement;
use samspill_base::Ore;
use samspill_engine::{DayStatus, FindingEffect, settle};

use crate::support::{agreement, days, duty, read};

/// A meter from the ready notice to the departure, liable once the answer is no or overdue; `more` holds other lines.
fn meter(more: &str) -> Agreement {
    agreement(&format!(
        "[[value]]\nid = \"pris\"\nname = \"Pris\"\nunit = \"NOK per day\"\nclause = \"pkt. 9\"\n\
         [[value.at]]\nfrom = 2023-01-01\namount = \"100.00\"\nsource = \"vedtak\"\n\
         [[value.at]]\nfrom = 2024-01-01\namount = \"200.00\"\nsource = \"vedtak\"\n\
         [[value.at]]\nfrom = 2025-01-01\nuntil = 2026-01-01\namount = \"300.00\"\nsource = \"vedtak\"\ncertain = false\n\
         {}[[meter]]\nid = \"dogn\"\nname = \"Døgn\"\nclause = \"pkt. 5\"\nsays = \"…\"\ncounts = \"days\"\n\
         liable = \"fulfilled svar or overdue svar\"\nliable_clause = \"pkt. 5\"\npayer = \"betaler\"\nrate = \"value:pris\"\n{more}\n\
         [meter.from]\nkinds = [\"klar\"]\nclause = \"pkt. 5\"\n\
         [[meter.until]]\nkinds = [\"ut\", \"av\"]\nlast = \"day before\"\neffect = \"ends\"\nclause = \"pkt. 6\"\n\
         [[meter.until]]\nkinds = [\"svar\"]\nwhen = \"body svar is ja\"\nday = [\"same day\", \"field fra\"]\nlast = \"day before\"\neffect = \"limits\"\nclause = \"pkt. 6\"\n",
        duty("svar", "must = \"svar\"\nafter = \"klar\"\nwithin = \"3 hours\"\nwaived_by = [\"ut\", \"av\"]")
    ))
}

const NO: &str = "2024-06-03T10:00 klar\n2024-06-03T11:00 svar .svar=nei";

#[test]
fn days_run_from_the_start_to_the_day_before_the_end() {
    let evaluation = read(&meter(""), &format!("{NO}\n2024-06-06T09:00 ut"), "2024-06-10T12:00");
    assert_eq!(days(&evaluation), ["2024-06-03", "2024-06-04", "2024-06-05"]);
    assert_eq!(evaluation.meters[0].amount, Some(Ore(60_000)));
}

#[test]
fn only_whole_days_before_the_reading_count() {
    assert_eq!(days(&read(&meter(""), NO, "2024-06-05T23:59")), ["2024-06-03", "2024-06-04"]);
    assert!(days(&read(&meter(""), NO, "2024-06-03T23:59")).is_empty());
}

#[test]
fn nobody_is_liable_before_the_answer_is_due() {
    let agreement = meter("");
    assert!(days(&read(&agreement, "2024-06-03T22:00 klar", "2024-06-04T01:00")).is_empty(), "still in time");
    assert_eq!(days(&read(&agreement, "2024-06-03T22:00 klar", "2024-06-04T01:01")), ["2024-06-03"]);
    assert!(
        days(&read(&agreement, "2024-06-03T22:00 klar\n2024-06-04T00:30 ut", "2024-06-09T00:00")).is_empty(),
        "fell away"
    );
}

#[test]
fn a_yes_ends_the_count_at_the_later_of_its_day_and_the_day_it_names() {
    let agreement = meter("");
    let paid = |yes: &str| {
        days(&read(
            &agreement,
            &format!("{NO}\n2024-06-05T10:00 svar .svar=ja {yes}\n2024-06-12T09:00 ut"),
            "2024-06-20T12:00",
        ))
    };
    assert_eq!(paid(""), ["2024-06-03", "2024-06-04"]);
    assert_eq!(paid(".fra=2024-06-04"), ["2024-06-03", "2024-06-04"]);
    assert_eq!(paid(".fra=2024-06-06"), ["2024-06-03", "2024-06-04", "2024-06-05"]);
}

#[test]
fn a_notice_that_was_not_received_yet_borrows_no_earlier_reply() {
    let agreement = meter("");
    let received = agreement_counting_from_receipt();
    let events = "2024-06-03T09:00 klar\n2024-06-03T10:00 svar .svar=nei\n2024-06-03T12:00 av\n2024-06-10T09:00 klar received 2024-06-12T09:00";
    assert!(
        days(&read(&received, events, "2024-06-11T12:00")).is_empty(),
        "sent, not received: nobody is liable yet"
    );
    let evaluation = read(&received, events, "2024-06-11T12:00");
    assert!(evaluation.meters[0].days.iter().any(|day| !day.is_final), "and that can change");
    assert_eq!(
        days(&read(&agreement, events, "2024-06-11T12:00")),
        ["2024-06-10"],
        "counted from sending, it is overdue"
    );
}

fn agreement_counting_from_receipt() -> Agreement {
    let rules = "[[meter]]\nid = \"dogn\"\nname = \"Døgn\"\nclause = \"pkt. 5\"\nsays = \"…\"\ncounts = \"days\"\nrate = \"none\"\n\
        liable = \"fulfilled svar or overdue svar\"\nliable_clause = \"pkt. 5\"\n[meter.from]\nkinds = [\"klar\"]\nclause = \"pkt. 5\"\n\
        [[meter.until]]\nkinds = [\"ut\", \"av\"]\nlast = \"day before\"\nclause = \"pkt. 6\"\n";
    let duty = duty(
        "svar",
        "must = \"svar\"\nafter = \"klar\"\nwithin = \"3 hours\"\ncounts_from = \"received\"\nwaived_by = [\"ut\", \"av\"]",
    );
    agreement(&format!("{duty}{rules}"))
}

#[test]
fn the_payer_is_the_one_named_when_the_agreement_says() {
    let payer = |more: &str| {
        let events = "2024-06-01T10:00 varsel betaler=Nord\n2024-06-03T10:00 klar\n2024-06-03T11:00 svar .svar=nei\n2024-06-05T10:00 spor betaler=Sør\n2024-06-07T09:00 ut";
        read(&meter(more), events, "2024-06-10T12:00").meters[0].payer.clone()
    };
    assert_eq!(payer("payer_at = [\"varsel\"]").as_deref(), Some("Nord"));
    assert_eq!(payer("").as_deref(), Some("Sør"));
}

#[test]
fn an_undecided_waiver_is_a_finding_and_the_days_are_not_final() {
    let agreement = meter(
        "[[meter.waiver]]\nid = \"igjen\"\nclause = \"pkt. 8\"\nsays = \"…\"\nat = [\"ut\"]\nif = [\"inn\"]\nwithin = \"48 hours\"\nwhere = \"behov\"",
    );
    let events = format!("{NO}\n2024-06-05T09:00 ut\n2024-06-06T09:00 inn");
    let evaluation = read(&agreement, &events, "2024-06-10T12:00");
    assert_eq!(days(&evaluation).len(), 2);
    assert!(evaluation.meters[0].days.iter().filter(|day| day.status.counts()).all(|day| !day.is_final));
    assert!(evaluation.findings.iter().any(|finding| finding.effect == FindingEffect::Undecided));
    let waived = |fact: &str| {
        days(&read(
            &agreement,
            &events.replace("klar\n", &format!("klar behov={fact}\n")),
            "2024-06-10T12:00",
        ))
        .len()
    };
    assert_eq!((waived("ja!"), waived("nei!")), (0, 2));
}

#[test]
fn what_a_readmission_says_of_itself_does_not_change_the_stay_it_is_compared_with() {
    let agreement = meter(
        "[[meter.waiver]]\nid = \"igjen\"\nclause = \"pkt. 8\"\nsays = \"…\"\nat = [\"ut\"]\nif = [\"inn\"]\nwithin = \"48 hours\"\nwhere = \"body tekst is fact fag\"",
    );
    let paid = |again: &str| {
        let events = format!(
            "{}\n2024-06-05T09:00 ut\n2024-06-06T09:00 inn {again}",
            NO.replace("klar\n", "klar fag=soma\n")
        );
        days(&read(&agreement, &events, "2024-06-10T12:00")).len()
    };
    assert_eq!(paid(".tekst=soma"), 0);
    assert_eq!(paid(".tekst=psyk fag=psyk"), 2);
}

#[test]
fn an_instant_past_all_calendars_reads_to_their_end_and_a_sum_past_all_numbers_is_refused() {
    let events = format!("{NO}\n2024-06-05T09:00 ut");
    assert_eq!(days(&read(&meter(""), &events, "2300-01-01T00:00")).len(), 2);
    let dear = agreement(
        "[[meter]]\nid = \"dogn\"\nname = \"Døgn\"\nclause = \"pkt. 5\"\nsays = \"…\"\ncounts = \"days\"\nrate = \"92233720368547758.07\"\n[meter.from]\nkinds = [\"klar\"]\nclause = \"pkt. 5\"\n",
    );
    let evaluation = read(&dear, "2024-06-03T10:00 klar", "2024-06-06T00:00");
    assert_eq!((evaluation.meters[0].count, evaluation.meters[0].amount), (3, None));
}

#[test]
fn the_first_day_can_hang_on_a_day_that_is_named() {
    let first = |expr: &str, more: &str| {
        let rules = format!(
            "[[meter]]\nid = \"dogn\"\nname = \"Døgn\"\nclause = \"pkt. 5\"\nsays = \"…\"\ncounts = \"days\"\nrate = \"none\"\n\
             [meter.from]\nkinds = [\"klar\"]\nfirst_day = {expr}\nclause = \"pkt. 5\"\n\
             [[meter.until]]\nkinds = [\"ut\"]\nlast = \"day before\"\nclause = \"pkt. 6\"\n"
        );
        let events = format!(
            "2024-06-06T10:00 varsel\n2024-06-07T15:00 klar klar-dag=2024-06-12 {more}\n2024-06-30T09:00 ut"
        );
        days(&read(&agreement(&rules), &events, "2024-07-20T12:00")).first().cloned().unwrap_or_default()
    };
    for (expr, more, expected) in [
        ("\"same day\"", "", "2024-06-07"),
        ("\"next working day\"", "", "2024-06-10"),
        ("\"same day, given next day if after 14:00\"", "", "2024-06-08"),
        ("\"2 working days after\"", "", "2024-06-11"),
        ("\"2 days after varsel\"", "", "2024-06-08"),
        ("\"field fra\"", ".fra=2024-06-20", "2024-06-20"),
        ("\"field fra\"", "", "2024-06-07"),
        ("\"1 day after field fra\"", ".fra=2024-06-20", "2024-06-21"),
        ("\"1 working day after fact klar-dag\"", "", "2024-06-13"),
        ("[\"same day\", \"fact klar-dag\"]", "", "2024-06-12"),
    ] {
        assert_eq!(first(expr, more), expected, "{expr} {more}");
    }
}

#[test]
fn a_withdrawn_notice_ends_its_run_and_a_new_one_starts_another() {
    let events = format!(
        "{NO}\n2024-06-05T09:00 av\n2024-06-07T10:00 klar\n2024-06-07T11:00 svar .svar=nei\n2024-06-09T09:00 ut"
    );
    assert_eq!(
        days(&read(&meter(""), &events, "2024-06-20T12:00")),
        ["2024-06-03", "2024-06-04", "2024-06-07", "2024-06-08"]
    );
}

#[test]
fn each_day_has_the_price_of_its_year() {
    let events = "2023-12-30T10:00 klar\n2023-12-30T11:00 svar .svar=nei\n2024-01-02T09:00 ut";
    let evaluation = read(&meter(""), events, "2024-06-10T12:00");
    let amounts: Vec<_> = evaluation.meters[0].days.iter().filter_map(|day| day.amount).collect();
    assert_eq!(amounts, [Ore(10_000), Ore(10_000), Ore(20_000)]);
}

#[test]
fn a_day_without_a_certain_price_is_not_priced_and_says_so() {
    for year in ["2025", "2026", "2022"] {
        let events =
            format!("{year}-06-03T10:00 klar\n{year}-06-03T11:00 svar .svar=nei\n{year}-06-05T09:00 ut");
        let evaluation = read(&meter(""), &events, "2027-06-10T12:00");
        assert_eq!(days(&evaluation).len(), 2, "{year}: the days count all the same");
        assert_eq!(evaluation.meters[0].amount, None, "{year}");
        assert!(
            evaluation.findings.iter().any(|finding| finding.effect == FindingEffect::Unpriced),
            "{year}"
        );
    }
}

#[test]
fn prices_can_rise_by_the_day() {
    let amounts = |more: &str| -> Vec<i64> {
        let evaluation = read(&meter(more), &format!("{NO}\n2024-06-07T09:00 ut"), "2024-06-10T12:00");
        evaluation.meters[0].days.iter().filter_map(|day| day.amount).map(|amount| amount.0).collect()
    };
    assert_eq!(amounts("progression = \"110 percent of the day before\""), [20_000, 22_000, 24_200, 26_620]);
    assert_eq!(amounts("progression = \"200 percent of the day before\""), [20_000, 40_000, 80_000, 160_000]);
    assert_eq!(
        amounts("progression = [{ from_day = 1, percent = 100 }, { from_day = 3, percent = 150 }]"),
        [20_000, 20_000, 30_000, 30_000]
    );
    assert_eq!(amounts("free_days = 3"), [20_000]);
}

#[test]
fn a_price_beyond_all_numbers_is_refused_not_wrong() {
    let evaluation = read(
        &meter("progression = \"200 percent of the day before\""),
        &format!("{NO}\n2024-12-07T09:00 ut"),
        "2024-12-10T12:00",
    );
    assert_eq!(evaluation.meters[0].amount, None);
    assert_eq!(evaluation.meters[0].days[62].amount, None);
}

#[test]
fn marks_make_days_contestable_or_provisional() {
    let agreement = meter(
        "[[meter.contestable]]\nid = \"sen\"\nclause = \"pkt. 7\"\nsays = \"…\"\nwhen = \"late svar\"\n\
         [[meter.provisional]]\nid = \"inne\"\nclause = \"pkt. 8\"\nsays = \"…\"\nwhen = \"not has ut\"",
    );
    let statuses = |events: &str| -> Vec<(DayStatus, bool)> {
        let evaluation = read(&agreement, events, "2024-06-04T12:00");
        evaluation.meters[0].days.iter().map(|day| (day.status, day.is_final)).collect()
    };
    assert_eq!(statuses(NO), [(DayStatus::Provisional, false)]);
    assert_eq!(
        statuses("2024-06-03T10:00 klar\n2024-06-03T14:00 svar .svar=nei"),
        [(DayStatus::Contestable, false)]
    );
    let out = "2024-06-03T10:00 klar\n2024-06-03T11:00 svar .svar=nei\n2024-06-04T08:00 ut";
    assert_eq!(statuses(out)[0], (DayStatus::Payable, true));
}

#[test]
fn a_waiver_takes_all_days_away() {
    let agreement = meter(
        "[[meter.waiver]]\nid = \"epikrise\"\nclause = \"pkt. 8\"\nsays = \"…\"\nat = [\"ut\"]\nunless = [\"rapport\"]",
    );
    let paid = |events: &str| days(&read(&agreement, &format!("{NO}\n{events}"), "2024-06-10T12:00")).len();
    assert_eq!(paid("2024-06-05T09:00 ut"), 0);
    assert_eq!(paid("2024-06-05T09:00 rapport\n2024-06-05T09:00 ut"), 2, "equal to the departure is in time");
    assert_eq!(paid("2024-06-05T09:00 ut\n2024-06-05T09:01 rapport"), 0);
}

#[test]
fn a_month_is_settled_by_its_average() {
    let agreement = agreement_with_settlement();
    let stays = [
        "2024-06-03T10:00 klar betaler=Nord\n2024-06-03T11:00 svar .svar=nei\n2024-06-13T09:00 ut",
        "2024-06-03T10:00 klar betaler=Nord\n2024-06-03T11:00 svar .svar=nei\n2024-06-04T09:00 ut",
    ];
    let evaluations: Vec<_> = stays.iter().map(|stay| read(&agreement, stay, "2024-07-10T12:00")).collect();
    let settled = settle(&agreement, &evaluations);
    assert_eq!(settled.len(), 1);
    let month = &settled[0];
    assert_eq!((month.cases, month.days, month.free, month.payable), (2, 11, 6, 5));
    assert_eq!(month.amount, Some(Ore(100_000)));
}

fn agreement_with_settlement() -> Agreement {
    meter(
        "[[settlement]]\nid = \"snitt\"\nclause = \"pkt. 9\"\nsays = \"…\"\nmeter = \"dogn\"\nfree_days_average = 3\n[[meter.provisional]]\nid = \"aldri\"\nclause = \"pkt. 9\"\nsays = \"…\"\nwhen = \"has spor\"",
    )
}
