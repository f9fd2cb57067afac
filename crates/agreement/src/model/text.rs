/// A language that texts are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Norwegian bokmål, in which every text exists.
    #[default]
    Bokmal,
    /// Norwegian nynorsk.
    Nynorsk,
    /// English.
    English,
}

/// A text that people read, in bokmål and perhaps in other languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Bokmål (or, for an agreement from elsewhere, its main language).
    pub nb: String,
    /// Nynorsk.
    pub nn: Option<String>,
    /// English.
    pub en: Option<String>,
}

impl Text {
    /// A text that exists in one language.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { nb: text.into(), nn: None, en: None }
    }

    /// The text in this language, or in bokmål where it isn't translated.
    pub fn in_language(&self, language: Language) -> &str {
        let translated = match language {
            Language::Bokmal => None,
            Language::Nynorsk => self.nn.as_deref(),
            Language::English => self.en.as_deref(),
        };
        translated.unwrap_or(&self.nb)
    }
}
