//! A list is the policy over each of its lines.

use proptest::{collection::btree_set, prelude::*, sample::select};
use samspill_service::access::{
    Action, Involvement, Means, Policy, Protection, Purpose, Resource, Role, SelfGrant, Subject, decide,
};

use crate::support::{after, now};

const PARTIES: [&str; 4] = ["Fjordheim", "Nesodal", "Havrelia", "Legekontoret"];
const UNITS: [&str; 3] = ["Medisin", "Kirurgi", "Sykepleie"];
const CASES: [&str; 3] = ["1", "2", "3"];

fn name(of: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(of).prop_map(str::to_owned)
}

prop_compose! {
    fn stays()(
        case in name(&CASES),
        parties in btree_set(name(&PARTIES), 0..4),
        units in btree_set((name(&PARTIES), name(&UNITS)), 0..4),
        payers in btree_set(name(&PARTIES), 0..2),
        is_open in any::<bool>(),
        days in 0_i64..3_000,
        protection in select(&[Protection::None, Protection::Address, Protection::Identity][..]),
    ) -> Involvement {
        // As in a log: whoever pays, and whose unit takes part, takes part.
        let mut all = parties;
        all.extend(payers.iter().cloned().chain(units.iter().map(|(party, _)| party.clone())));
        Involvement { case, parties: all, units, payers, is_open, last: after(-24 * days), protection }
    }
}

prop_compose! {
    fn subjects()(
        role in select(&Role::ALL[..]),
        party in name(&PARTIES),
        units in btree_set(name(&UNITS), 0..3),
        grants in btree_set((name(&CASES), -5_i64..5), 0..2),
    ) -> Subject {
        let grants = grants.into_iter().map(|(case, hours)| SelfGrant { case, until: after(hours) });
        Subject {
            account: "a".to_owned(), name: "A".to_owned(), role, party, units, means: Means::Person, grants: grants.collect(),
        }
    }
}

fn may(who: &Subject, action: Action, stay: &Involvement) -> bool {
    let purpose = Policy::shipped().usual_purpose(who.role);
    decide(who, purpose, action, Resource::Stay(stay), now()).is_allowed
}

proptest! {
    /// What a list shows can be opened by whoever may open stays at all, and what can be opened is in the list.
    #[test]
    fn a_line_is_shown_if_and_only_if_its_stay_can_be_opened(who in subjects(), stays in proptest::collection::vec(stays(), 0..20)) {
        let opens = stays.iter().any(|stay| may(&who, Action::ReadStay, stay));
        let listed: Vec<&Involvement> = stays.iter().filter(|stay| may(&who, Action::ListStay, stay)).collect();
        let opened: Vec<&Involvement> = stays.iter().filter(|stay| may(&who, Action::ReadStay, stay)).collect();
        prop_assert!(!opens || listed == opened);
        let read: Vec<&Involvement> = stays.iter().filter(|stay| may(&who, Action::ReadMessage, stay)).collect();
        prop_assert_eq!(opened, read);
    }

    /// Nothing but taking part opens a stay: no role, no purpose, no action.
    #[test]
    fn a_stay_in_which_the_own_party_has_no_part_is_never_seen(who in subjects(), stay in stays(), purpose in select(&Purpose::ALL[..])) {
        prop_assume!(!stay.has(&who.party));
        for action in Action::ALL {
            prop_assert!(!decide(&who, purpose, action, Resource::Stay(&stay), now()).is_allowed);
        }
    }

    /// Time takes away, it never gives.
    #[test]
    fn what_is_refused_now_is_refused_later(who in subjects(), stay in stays(), hours in 0_i64..50_000) {
        for action in Action::ALL {
            let purpose = Policy::shipped().usual_purpose(who.role);
            let at = |at| decide(&who, purpose, action, Resource::Stay(&stay), at).is_allowed;
            prop_assert!(at(now()) || !at(after(hours)));
        }
    }

    /// More taking part never takes anything away.
    #[test]
    fn who_takes_part_by_another_unit_too_loses_nothing(who in subjects(), stay in stays(), unit in name(&UNITS)) {
        let mut more = stay.clone();
        more.parties.insert(who.party.clone());
        more.units.insert((who.party.clone(), unit));
        for action in Action::ALL {
            prop_assert!(!may(&who, action, &stay) || may(&who, action, &more));
        }
    }
}
