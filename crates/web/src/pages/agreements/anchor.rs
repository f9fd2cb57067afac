//! Where a rule stands, so that explanations can point at it.

use samspill_agreement::RuleSort;

use crate::pages::link;

/// The name of a rule's place on the page of its version: `plikt-varsel-innlagt`.
pub fn rule_anchor(sort: RuleSort, id: &str) -> String {
    let id: String =
        id.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    format!("{}-{id}", slug(sort))
}

/// The address of a rule: `/avtaler/unn/versjon/2023-06-01#plikt-varsel-innlagt`.
pub fn rule_address(agreement: &str, version: &str, sort: RuleSort, id: &str) -> String {
    format!("{}#{}", link::path(&["avtaler", agreement, "versjon", version]), rule_anchor(sort, id))
}

fn slug(sort: RuleSort) -> &'static str {
    match sort {
        RuleSort::Duty => "plikt",
        RuleSort::Window => "vindu",
        RuleSort::Requirement => "krav",
        RuleSort::Content => "innhold",
        RuleSort::Meter => "teller",
        RuleSort::Settlement => "oppgjor",
        RuleSort::Checklist => "sjekkliste",
        RuleSort::Hours => "tid",
        RuleSort::Value => "verdi",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_two_sorts_with_one_name_stand_in_two_places() {
        assert_eq!(rule_anchor(RuleSort::Duty, "svar.1"), "plikt-svar-1");
        assert_ne!(rule_anchor(RuleSort::Duty, "svar"), rule_anchor(RuleSort::Meter, "svar"));
        assert_eq!(
            rule_address("unn", "2023-06-01", RuleSort::Meter, "dogn"),
            "/avtaler/unn/versjon/2023-06-01#teller-dogn"
        );
    }
}
