//! Words in three languages.

/// One of three sentences, by language, with the variables in scope.
macro_rules! say {
    ($language:expr; $nb:literal, $nn:literal, $en:literal) => {
        match $language {
            samspill_agreement::model::Language::Bokmal => format!($nb),
            samspill_agreement::model::Language::Nynorsk => format!($nn),
            samspill_agreement::model::Language::English => format!($en),
        }
    };
}
pub(super) use say;
