//! Deadlines and conditions: any text is read or refused, and what was read reads back from its own text.
#![no_main]

use samspill_agreement::{parse_condition, parse_deadline};

libfuzzer_sys::fuzz_target!(|text: &str| {
    match parse_deadline(text) {
        Ok(deadline) => {
            let again = parse_deadline(&deadline.to_string()).expect("its own text reads");
            assert_eq!((again.rule, again.given), (deadline.rule, deadline.given));
        }
        Err(error) => assert!(text.is_char_boundary(error.at)),
    }
    if let Ok(condition) = parse_condition(text) {
        assert_eq!(parse_condition(&condition.to_string()).expect("its own text reads"), condition);
    }
});
