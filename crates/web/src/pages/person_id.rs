//! Ids of persons as people type them.

/// The id that somebody typed of a person. White space around it is no part of it; nor is what stands between the digits of an identity
/// number, as «130325 45 678» is copied from letters and lists. Other ids keep what stands within them.
pub(super) fn person_id(typed: &str) -> String {
    let typed = typed.trim();
    let is_number = typed.chars().all(|letter| letter.is_ascii_digit() || letter.is_whitespace());
    if is_number { typed.split_whitespace().collect() } else { typed.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::person_id;

    #[test]
    fn white_space_is_no_part_of_a_number_and_may_be_part_of_another_id() {
        for (typed, id) in [
            ("41814061033", "41814061033"),
            (" 418140 61033\n", "41814061033"),
            ("41 81 40\u{a0}610\u{202f}33\t", "41814061033"),
            (" pasient 1 ", "pasient 1"),
            ("fhn 41814061033", "fhn 41814061033"),
            (" \t", ""),
        ] {
            assert_eq!(person_id(typed), id, "{typed:?}");
        }
    }
}
