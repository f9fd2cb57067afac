//! What a session that began at the provider is called: by the provider's name for it, and the party that was logged in for.
//!
//! Whoever logged in for one organisation acts for that one alone, however many roles the account has elsewhere. The name is kept with
//! the session from its first token to its last, so the party is too.

/// Stands between the two. No name of a party holds it.
const BETWEEN: char = '\u{1f}';

/// The name of a session: the provider's, which may be empty, and the party that it is bound to, if it is to any.
pub(in crate::login) fn named(provider: &str, party: Option<&str>) -> String {
    match party {
        Some(party) => format!("{provider}{BETWEEN}{party}"),
        None => provider.to_owned(),
    }
}

/// The party that a session of this name is bound to.
pub(in crate::login) fn party_of(upstream: &str) -> Option<&str> {
    upstream.rsplit_once(BETWEEN).map(|(_, party)| party)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_party_that_it_is_bound_to_and_none_where_it_is_to_none() {
        for (provider, party) in [("s1", Some("Testby")), ("", Some("Testby")), ("s1", None), ("", None)] {
            assert_eq!(party_of(&named(provider, party)), party, "{provider}");
        }
    }

    #[test]
    fn what_a_provider_calls_a_session_never_says_a_party_that_is_ours_to_say() {
        assert_eq!(party_of(&named("s1\u{1f}Ellers", Some("Testby"))), Some("Testby"));
    }
}
