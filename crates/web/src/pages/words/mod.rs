//! Words on the screen, in bokmål, nynorsk and English.
//!
//! Each area has a table of its own, made by [`words!`]: every text stands in three languages side by side, so that none can be
//! forgotten. What an agreement names (kinds, duties, phases, parties) is called what the agreement calls it.

mod frame;
mod when;

pub(super) use frame::FrameWords;
pub(crate) use frame::role_name;
pub use when::Clock;

/// A table of words: `words! { Words { title: "Innboks" | "Innboks" | "Inbox" } }` makes a struct of texts, and `Words::of(language)`.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $nb:literal | $nn:literal | $en:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug)]
        pub(crate) struct $name {
            $(pub(crate) $field: &'static str,)+
        }

        impl $name {
            /// The words in a language.
            pub(crate) fn of(language: samspill_agreement::model::Language) -> &'static Self {
                static NB: $name = $name { $($field: $nb,)+ };
                static NN: $name = $name { $($field: $nn,)+ };
                static EN: $name = $name { $($field: $en,)+ };
                match language {
                    samspill_agreement::model::Language::Bokmal => &NB,
                    samspill_agreement::model::Language::Nynorsk => &NN,
                    samspill_agreement::model::Language::English => &EN,
                }
            }
        }
    };
}
pub(crate) use words;

/// Puts values into a text: `{n}` becomes what `n` is. A value is never read again for names.
pub fn fill(text: &str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        let value = values.iter().find(|(known, _)| *known == name);
        match value {
            Some((_, value)) => filled.push_str(&value.to_string()),
            None => filled.push_str(&format!("{{{name}}}")),
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_by_name_and_not_read_again() {
        assert_eq!(fill("{n} av {all}", &[("n", &"{all}"), ("all", &3)]), "{all} av 3");
    }

    #[test]
    fn what_has_no_value_stays() {
        assert_eq!(fill("a {b} {c", &[]), "a {b} {c");
    }
}
