//! `samspill whatif`: payment ideas on an example log.

use crate::support::{json_lines, samspill, stdout};

#[test]
fn a_price_that_rises_costs_more_and_changes_no_duty() {
    for idea in ["examples/betaling-ti-prosent", "examples/betaling-dobling"] {
        let run = samspill([
            "whatif",
            "examples/logg/ett-opphold.jsonl",
            "-a",
            "unn",
            "--with",
            idea,
            "--format",
            "json",
        ])
        .success();
        let change = &json_lines(&stdout(&run))[0];
        let meter = &change["meters"]["betalingsdogn"];
        assert_eq!((&meter["before"]["days"], &meter["after"]["days"]), (&6.into(), &6.into()), "{idea}");
        let (before, after) = (meter["before"]["amount_ore"].as_i64(), meter["after"]["amount_ore"].as_i64());
        // 5 745 kroner a day; ten per cent more each day, or twice as much each day.
        let expected = if idea.ends_with("dobling") {
            574_500 * 63
        } else {
            574_500 + 631_950 + 695_145 + 764_660 + 841_126 + 925_239
        };
        assert_eq!((before, after), (Some(3_447_000), Some(expected)), "{idea}");
        for duty in change["duties"].as_object().expect("duties").values() {
            assert_eq!(duty["before"], duty["after"]);
        }
    }
}

#[test]
fn another_agreement_changes_limits_and_days() {
    let run =
        samspill(["whatif", "examples/logg/opphold.jsonl", "-a", "unn", "--with", "hmr", "--lang", "en"])
            .success();
    let text = stdout(&run);
    assert!(text.contains("from unn to hmr") && text.contains("innleggelsesrapport"), "{text}");
}

#[test]
fn cases_of_another_agreement_are_left_out_and_counted() {
    let run = samspill([
        "whatif",
        "examples/logg/opphold.jsonl",
        "-a",
        "unn",
        "--with",
        "examples/betaling-dobling",
        "--format",
        "json",
    ])
    .success();
    assert!(
        crate::support::stderr(&run).contains("20 cases name another agreement"),
        "{}",
        crate::support::stderr(&run)
    );
    let meter = &json_lines(&stdout(&run))[0]["meters"]["betalingsdogn"];
    assert_eq!((&meter["before"]["days"], &meter["before"]["amount_ore"]), (&34.into(), &19_580_200.into()));
}
