//! A reply in free text: whatever it says, what is suggested rests on words that stand in it.
#![no_main]

use jiff::civil::date;
use samspill_service::exchange::meaning::{Sureness, suggest};

libfuzzer_sys::fuzz_target!(|text: &str| {
    for sent in [date(2026, 3, 16), date(2024, 2, 29), date(2025, 12, 31)] {
        let suggestion = suggest(text, sent);
        assert_eq!(suggestion.answer.is_none(), suggestion.sureness == Sureness::None, "{suggestion:?}");
        if suggestion.answer.is_some() {
            assert!(!suggestion.words.is_empty(), "{suggestion:?}");
        }
        for words in &suggestion.words {
            assert!(words.split_whitespace().all(|word| text.contains(word)), "{words:?} of {text:?}");
        }
    }
});
