//! How somebody wants pages to look: in a cookie of the browser, since it says nothing about anybody.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use samspill_agreement::model::Language;

/// The theme and the language that the browser asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Light or dark.
    pub theme: Theme,
    /// The language that was chosen; none where nobody has.
    pub language: Option<Language>,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the machine is set.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The word in the cookie and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "lys",
            Self::Dark => "mork",
        }
    }

    /// The word in the page, as the design system reads it.
    pub fn scheme(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a word.
    pub fn called(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == word)
    }
}

/// The languages, in the order of the menu.
pub(super) const LANGUAGES: [Language; 3] = [Language::Bokmal, Language::Nynorsk, Language::English];

/// The code of a language: `nb`, `nn`, `en`.
pub fn language_code(language: Language) -> &'static str {
    match language {
        Language::Bokmal => "nb",
        Language::Nynorsk => "nn",
        Language::English => "en",
    }
}

/// The language of a code.
pub fn language_called(code: &str) -> Option<Language> {
    LANGUAGES.into_iter().find(|language| language_code(*language) == code)
}

impl Look {
    /// What the cookies say; what they don't is left as the machine is set.
    pub fn of(headers: &HeaderMap) -> Self {
        let theme = cookie(headers, "tema").and_then(Theme::called).unwrap_or_default();
        let language = cookie(headers, "sprak").and_then(language_called);
        Self { theme, language }
    }
}

impl<S: Sync> FromRequestParts<S> for Look {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(found, _)| *found == name).map(|(_, value)| value).next()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn look(cookie: &str) -> Look {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(cookie).expect("a header"));
        Look::of(&headers)
    }

    #[test]
    fn cookies_choose_theme_and_language() {
        let dark = Look { theme: Theme::Dark, language: Some(Language::Nynorsk) };
        assert_eq!(look("a=b; tema=mork; sprak=nn"), dark);
    }

    #[test]
    fn a_word_that_nobody_knows_chooses_nothing() {
        assert_eq!(look("tema=<b>; sprak=xx; mork"), Look::default());
    }
}
