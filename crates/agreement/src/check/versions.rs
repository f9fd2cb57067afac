use crate::{
    diagnostic::{Code, Report},
    lower::Lowered,
};

/// Checks the versions of an agreement against each other; they come sorted by the day they come into force.
pub(crate) fn check_versions(versions: &[Lowered], report: &mut Report) {
    for pair in versions.windows(2) {
        check_ids(&pair[0], &pair[1], report);
        check_days(&pair[0], &pair[1], report);
    }
}

fn check_ids(first: &Lowered, second: &Lowered, report: &mut Report) {
    let (one, other) = (&first.version.agreement, &second.version.agreement);
    if one != other {
        report
            .error(
                Code::OtherAgreement,
                second.spots.id,
                format!("this version is of \"{other}\", the earlier one of \"{one}\""),
            )
            .help("all versions of an agreement have the same `id`")
            .related(first.spots.id, "the earlier version is here");
    }
}

fn check_days(first: &Lowered, second: &Lowered, report: &mut Report) {
    let begins = second.version.in_force;
    if first.version.in_force == begins {
        report
            .error(
                Code::VersionsOverlap,
                second.spots.in_force,
                format!("two versions come into force on {begins}"),
            )
            .help("keep one, or correct the date of the other")
            .related(first.spots.in_force, "the other version is here");
        return;
    }
    match first.version.until {
        Some(until) if until > begins => {
            report
                .error(
                    Code::VersionsOverlap,
                    second.spots.in_force,
                    format!("the version from {} is still in force on {begins}", first.version.in_force),
                )
                .help("leave `until` out there: a version holds until the next one begins")
                .related(first.spots.until, "the earlier version ends here");
        }
        Some(until) if until < begins => {
            report
                .warning(
                    Code::VersionGap,
                    second.spots.in_force,
                    format!("no version is in force from {until} until {begins}"),
                )
                .help("leave `until` out there: a version holds until the next one begins")
                .related(first.spots.until, "the earlier version ends here");
        }
        Some(_) | None => {}
    }
}
