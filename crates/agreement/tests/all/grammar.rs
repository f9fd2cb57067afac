//! Deadlines and conditions: what they mean, and that their own text reads back.

use jiff::civil::{Time, time};
use proptest::prelude::*;
use samspill_agreement::{
    model::{
        Amount, Condition, CutOff, DayKind, Deadline, DeadlineRule, DutyState, Edge, GivenCutOff, Operand,
        Test, Unit,
    },
    parse_condition, parse_deadline,
};
use samspill_base::{Decimal, Value};

fn hours(count: u32) -> Amount {
    Amount { count, unit: Unit::Hour }
}

fn days(count: u32, unit: Unit, at: Option<Time>) -> DeadlineRule {
    DeadlineRule::Days { amount: Amount { count, unit }, at }
}

fn clock(at: Time, day: DayKind, days_after: u32, cut_off: Option<CutOff>) -> DeadlineRule {
    DeadlineRule::ClockOn { at: Some(at), day, days_after, cut_off }
}

fn forms() -> Vec<(&'static str, DeadlineRule)> {
    let noon = time(12, 0, 0, 0);
    let three = time(15, 0, 0, 0);
    let cut = |edge| Some(CutOff { at: time(14, 0, 0, 0), edge });
    let open = || DayKind::OpenIn("kontortid".into());
    vec![
        ("at once", DeadlineRule::AtOnce),
        ("24 hours", DeadlineRule::Elapsed(hours(24))),
        ("1 hour", DeadlineRule::Elapsed(hours(1))),
        ("90 minutes", DeadlineRule::Elapsed(Amount { count: 90, unit: Unit::Minute })),
        ("3 hours within kontortid", DeadlineRule::Within(hours(3), "kontortid".into())),
        ("30 days", days(30, Unit::Day, None)),
        ("5 working days", days(5, Unit::WorkingDay, None)),
        ("2 weeks", days(2, Unit::Week, None)),
        ("3 months at 12:00", days(3, Unit::Month, Some(noon))),
        ("1 year", days(1, Unit::Year, None)),
        (
            "15:00 same working day, next if at or after 14:00",
            clock(three, DayKind::Working, 0, cut(Edge::AtOrAfter)),
        ),
        ("15:00 same day, next if after 14:00", clock(three, DayKind::Any, 0, cut(Edge::After))),
        ("15:00 same kontortid day", clock(three, open(), 0, None)),
        ("12:00 next working day", clock(noon, DayKind::Working, 1, None)),
        ("12:00 next day", clock(noon, DayKind::Any, 1, None)),
        (
            "1 week before utskrivningsklar",
            DeadlineRule::BeforeKind(Some(Amount { count: 1, unit: Unit::Week }), "utskrivningsklar".into()),
        ),
        ("24 hours before fact forventet", DeadlineRule::BeforeFact(Some(hours(24)), "forventet".into())),
        ("by utskrevet", DeadlineRule::BeforeKind(None, "utskrevet".into())),
        ("by fact forventet", DeadlineRule::BeforeFact(None, "forventet".into())),
        ("first working day of next month", DeadlineRule::FirstWorkingDayOfNextMonth),
        ("last day of the month", DeadlineRule::LastDayOfMonth),
        ("day 10 of next month", DeadlineRule::DayOfNextMonth(10)),
        ("1 july", DeadlineRule::Annual { month: 7, day: 1 }),
        ("29 february", DeadlineRule::Annual { month: 2, day: 29 }),
    ]
}

#[test]
fn every_form_of_deadline_means_what_it_says() {
    for (text, rule) in forms() {
        let read = parse_deadline(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(read.rule, rule, "{text}");
        assert_eq!(read.to_string(), text);
    }
}

#[test]
fn a_late_start_can_count_from_the_next_day() {
    let read = parse_deadline("24 hours, given next kontortid day if after 14:00").unwrap();
    let cut_off = CutOff { at: time(14, 0, 0, 0), edge: Edge::After };
    assert_eq!(read.given, Some(GivenCutOff { cut_off, next: DayKind::OpenIn("kontortid".into()) }));
    let both =
        parse_deadline("12:00 same day, next if after 10:00, given next day if at or after 20:00").unwrap();
    assert!(both.given.is_some());
}

#[test]
fn an_error_names_the_letter_and_what_it_needs() {
    for (text, at, column, expected) in [
        ("", 0, 1, "a number"),
        ("24 hurs", 3, 4, "minutes, hours, days, working days, weeks, months or years"),
        ("15:00 same fridag", 11, 12, "\"day\", \"working day\" or the name of open hours and \"day\""),
        ("åtte timer", 0, 1, "a number"),
        ("24 hours within", 15, 16, "the name of open hours"),
        ("30 february", 0, 1, "a day that the month has"),
    ] {
        let error = parse_deadline(text).unwrap_err();
        assert_eq!((error.at, error.column), (at, column), "{text}: {error}");
        assert!(error.expected.iter().any(|wanted| wanted == expected), "{text}: {error}");
        parse_deadline(error.example).unwrap();
    }
}

#[test]
fn conditions_bind_not_then_and_then_or() {
    for (plain, bracketed) in [
        ("not a and b", "(not a) and b"),
        ("a or b and c", "a or (b and c)"),
        ("not a or not b and c", "(not a) or ((not b) and c)"),
        ("a is not known", "not (a is known)"),
        ("a is not one of [x, y]", "not (a is one of [x, y])"),
    ] {
        assert_eq!(parse_condition(plain), parse_condition(bracketed), "{plain}");
    }
}

#[test]
fn words_that_the_language_uses_need_quotes_as_values() {
    let read = parse_condition("status is \"known\"").unwrap();
    assert_eq!(read, Condition::Fact("status".into(), Test::Is(Operand::Value(Value::text("known")))));
    assert_eq!(read.to_string(), "status is \"known\"");
    let norwegian = parse_condition("sted is \"Tromsø \\\"øy\\\"\" and a").unwrap();
    assert_eq!(parse_condition(&norwegian.to_string()).unwrap(), norwegian);
    parse_condition("status is or").unwrap_err();
    parse_condition("body \"Total amount\" >= 35.5").unwrap();
}

#[test]
fn brackets_deeper_than_anybody_writes_are_refused() {
    for levels in [32, 33] {
        let text = format!("{}a{}", "(".repeat(levels), ")".repeat(levels));
        assert_eq!(parse_condition(&text).is_ok(), levels == 32, "{levels}");
    }
    parse_condition(&"not ".repeat(3000)).unwrap_err();
    parse_condition(&"(".repeat(100_000)).unwrap_err();
}

fn name() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?".prop_filter("no word of the language", |name| {
        parse_condition(name).is_ok()
            && !["working", "day", "days", "fact", "always"].contains(&name.as_str())
    })
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        (-9999_i64..9999).prop_map(|number| Value::Number(Decimal::whole(number))),
        "-?[0-9]{1,4}\\.[0-9]{1,3}".prop_map(|text| Value::from_number_text(&text)),
        "[a-zæøå0-9 \"\\\\-]{0,8}".prop_map(Value::Text),
    ]
}

fn test() -> impl Strategy<Value = Test> {
    let number = || (-99_i64..99).prop_map(Decimal::whole);
    let operand = || {
        prop_oneof![
            value().prop_map(Operand::Value),
            name().prop_map(|name| Operand::Fact(name.as_str().into()))
        ]
    };
    prop_oneof![
        Just(Test::IsYes),
        Just(Test::IsKnown),
        operand().prop_map(Test::Is),
        operand().prop_map(Test::IsNot),
        proptest::collection::vec(value(), 1..4).prop_map(Test::OneOf),
        number().prop_map(Test::Below),
        number().prop_map(Test::AtMost),
        number().prop_map(Test::Above),
        number().prop_map(Test::AtLeast),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let states = [
        DutyState::Kept,
        DutyState::Late,
        DutyState::Missed,
        DutyState::Open,
        DutyState::Waived,
        DutyState::Fulfilled,
        DutyState::Overdue,
    ];
    let leaf = prop_oneof![
        Just(Condition::Always),
        (name(), test()).prop_map(|(name, test)| Condition::Fact(name.as_str().into(), test)),
        ("[A-Za-z][a-z ]{0,6}", test()).prop_map(|(field, test)| Condition::Field(field, test)),
        (name(), proptest::collection::vec(name(), 0..3)).prop_map(|(kind, since)| Condition::Has {
            kind: kind.as_str().into(),
            since: since.iter().map(|kind| kind.as_str().into()).collect(),
        }),
        name().prop_map(|phase| Condition::InPhase(phase.as_str().into())),
        (proptest::sample::select(states.to_vec()), name())
            .prop_map(|(state, duty)| Condition::Duty(state, duty.as_str().into())),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Condition::Not(Box::new(inner))),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Condition::All),
            proptest::collection::vec(inner, 2..4).prop_map(Condition::Any),
        ]
    })
}

fn any_time() -> impl Strategy<Value = Time> {
    (0_i8..24, 0_i8..60).prop_map(|(hour, minute)| time(hour, minute, 0, 0))
}

fn day_kind() -> impl Strategy<Value = DayKind> {
    prop_oneof![
        Just(DayKind::Any),
        Just(DayKind::Working),
        name().prop_map(|hours| DayKind::OpenIn(hours.as_str().into()))
    ]
}

fn cut_off() -> impl Strategy<Value = CutOff> {
    (any_time(), prop_oneof![Just(Edge::After), Just(Edge::AtOrAfter)])
        .prop_map(|(at, edge)| CutOff { at, edge })
}

fn deadline_rule() -> impl Strategy<Value = DeadlineRule> {
    let short = || {
        (0_u32..999, prop_oneof![Just(Unit::Minute), Just(Unit::Hour)])
            .prop_map(|(count, unit)| Amount { count, unit })
    };
    let long_units = prop_oneof![
        Just(Unit::Day),
        Just(Unit::WorkingDay),
        Just(Unit::Week),
        Just(Unit::Month),
        Just(Unit::Year)
    ];
    let long = (0_u32..999, long_units).prop_map(|(count, unit)| Amount { count, unit }).boxed();
    prop_oneof![
        Just(DeadlineRule::AtOnce),
        Just(DeadlineRule::LastDayOfMonth),
        Just(DeadlineRule::FirstWorkingDayOfNextMonth),
        short().prop_map(DeadlineRule::Elapsed),
        (short(), name()).prop_map(|(amount, hours)| DeadlineRule::Within(amount, hours.as_str().into())),
        (long.clone(), proptest::option::of(any_time()))
            .prop_map(|(amount, at)| DeadlineRule::Days { amount, at }),
        (proptest::option::of(any_time()), day_kind(), 0_u32..2, proptest::option::of(cut_off())).prop_map(
            |(at, day, days_after, cut_off)| DeadlineRule::ClockOn { at, day, days_after, cut_off }
        ),
        (proptest::option::of(long.clone()), name())
            .prop_map(|(amount, kind)| DeadlineRule::BeforeKind(amount, kind.as_str().into())),
        (proptest::option::of(long), name())
            .prop_map(|(amount, fact)| DeadlineRule::BeforeFact(amount, fact.as_str().into())),
        (1_u8..=31).prop_map(DeadlineRule::DayOfNextMonth),
        (1_i8..=12, 1_i8..=28).prop_map(|(month, day)| DeadlineRule::Annual { month, day }),
    ]
}

proptest! {
    #[test]
    fn a_condition_reads_back_from_its_own_text(condition in condition()) {
        let text = condition.to_string();
        prop_assert_eq!(parse_condition(&text).map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?, condition);
    }

    #[test]
    fn a_deadline_reads_back_from_its_own_text(
        rule in deadline_rule(),
        given in proptest::option::of((cut_off(), day_kind()).prop_map(|(cut_off, next)| GivenCutOff { cut_off, next })),
    ) {
        let text = Deadline { text: String::new(), rule: rule.clone(), given: given.clone() }.to_string();
        let read = parse_deadline(&text).map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
        prop_assert_eq!(read, Deadline { text: text.clone(), rule, given });
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
        let _ = parse_condition(&text);
        if let Err(error) = parse_deadline(&text) {
            prop_assert!(text.is_char_boundary(error.at));
        }
    }
}

#[test]
fn what_other_languages_write_is_named_as_it_is_written_here() {
    for (written, meant) in [("alder = 2", "is"), ("a og b", "and"), ("a eller b", "or")] {
        let error = parse_condition(written).unwrap_err().to_string();
        assert!(error.ends_with(&format!("here it is written \"{meant}\"")), "{written}: {error}");
    }
    let error = parse_deadline("5 virkedager").unwrap_err().to_string();
    assert!(error.ends_with("here it is written \"working days\""), "{error}");
}
