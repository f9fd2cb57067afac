//! Texts that are kept in bokmål, in the reader's language.

use samspill_agreement::model::Language;
use samspill_service::exchange::wording;

/// A kept text as a page shows it.
#[derive(Clone, Debug)]
pub(super) struct Worded {
    pub(super) text: String,
    /// Its language, where that isn't the page's: as it was kept, or as another system wrote it. Else empty.
    pub(super) lang: &'static str,
}

impl Worded {
    pub(super) fn of(text: &str, language: Language) -> Self {
        let as_kept =
            || Self { text: text.to_owned(), lang: if language == Language::Bokmal { "" } else { "nb" } };
        wording::translated(text, language).map_or_else(as_kept, |text| Self { text, lang: "" })
    }

    pub(super) fn all(texts: &[String], language: Language) -> Vec<Self> {
        texts.iter().map(|text| Self::of(text, language)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_not_in_the_readers_language_says_which_it_is_in() {
        let rows = [
            ("Pasienten har ikke journal her.", Language::Bokmal, "Pasienten har ikke journal her.", ""),
            ("Pasienten har ikke journal her.", Language::English, "The patient has no record here.", ""),
            ("Ring oss.", Language::Bokmal, "Ring oss.", ""),
            ("Ring oss.", Language::Nynorsk, "Ring oss.", "nb"),
        ];
        for (kept, language, text, lang) in rows {
            let worded = Worded::of(kept, language);
            assert_eq!((worded.text.as_str(), worded.lang), (text, lang));
        }
    }
}
