//! Sentences in three languages, side by side.

use samspill_agreement::model::Language;

/// The text of this language.
pub(super) fn say<'t>(language: Language, nb: &'t str, nn: &'t str, en: &'t str) -> &'t str {
    match language {
        Language::Bokmal => nb,
        Language::Nynorsk => nn,
        Language::English => en,
    }
}

/// One of three sentences, by language, with the variables in scope.
macro_rules! tell {
    ($language:expr; $nb:literal, $nn:literal, $en:literal) => {
        match $language {
            samspill_agreement::model::Language::Bokmal => format!($nb),
            samspill_agreement::model::Language::Nynorsk => format!($nn),
            samspill_agreement::model::Language::English => format!($en),
        }
    };
}
pub(super) use tell;

/// `3, 4 og 7`.
pub(super) fn numbers(numbers: &[u64], language: Language) -> String {
    let written: Vec<String> = numbers.iter().map(u64::to_string).collect();
    match written.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} {} {last}", rest.join(", "), say(language, "og", "og", "and")),
    }
}
