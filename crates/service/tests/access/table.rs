//! Every role, every action, every relation.

use std::collections::BTreeMap;

use samspill_service::access::{
    Action, Decision, Ends, Involvement, Policy, Purpose, Resource, Role, Rule, Subject, decide,
};

use crate::support::{OWN, grant, now, of_party, of_unit, paid, stay, subject};

/// A letter for each action.
const LETTERS: [(char, Action); 22] = [
    ('L', Action::ListStay),
    ('S', Action::ReadStay),
    ('M', Action::ReadMessage),
    ('W', Action::WriteStay),
    ('P', Action::PlaceMessage),
    ('D', Action::ReadDays),
    ('E', Action::Export),
    ('G', Action::GrantSelf),
    ('V', Action::ReviewGrants),
    ('A', Action::ReadAgreements),
    ('F', Action::ProposeAgreement),
    ('T', Action::ReadFigures),
    ('O', Action::ReadMonitor),
    ('R', Action::RunMonitor),
    ('N', Action::WriteDowntime),
    ('K', Action::ReadAccessLog),
    ('I', Action::ReadPatientReport),
    ('U', Action::ManageAccounts),
    ('B', Action::ManageTemplates),
    ('Q', Action::ManageAddresses),
    ('X', Action::ProtectPerson),
    ('H', Action::KeepStrays),
];

/// The columns: how the one who asks is related to what it is about.
const RELATIONS: [&str; 8] =
    ["unit", "party", "pays", "taken", "others", "own-party", "other-party", "community"];

/// What each may. A dash: nothing.
const TABLE: &str = "
    role               unit     party    pays     taken  others  own-party   other-party  community
    sengepost          LSMWG    G        G        LSMG   -       T           -            AT
    lege               LSMWG    G        G        LSMWG  -       T           -            AT
    samhandlingskontor LSMWPDE  LSMWPDE  LSMWPDE  LSMWPDE -      PEVFTORNX   -            AFT
    sykehusregnskap    LDE      LDE      LDE      LDE    -       ET          -            AT
    tildelingskontor   LSMWPDE  LSMWPDE  LSMWPDE  LSMWPDE -      PEVFTORNX   -            AFT
    tjenesteenhet      LSMWG    G        G        LSMG   -       T           -            AT
    kommuneregnskap    -        -        LDE      -      -       ET          -            AT
    fastlege           LSMW     -        -        -      -       -           -            A
    sekretariat        -        -        -        -      -       T           -            AFT
    utvalgsmedlem      -        -        -        -      -       T           -            AT
    revisor            -        -        -        -      -       VTKI        -            ATI
    administrator      -        -        -        -      -       TNUBQH      -            AT
";

/// The rows of the table: role, then the actions by relation.
fn rows() -> BTreeMap<Role, Vec<Vec<Action>>> {
    let mut lines = TABLE.lines().map(str::trim).filter(|line| !line.is_empty());
    let header: Vec<&str> = lines.next().unwrap().split_whitespace().skip(1).collect();
    assert_eq!(header, RELATIONS);
    let rows = lines.map(|line| {
        let mut cells = line.split_whitespace();
        let role = Role::called(cells.next().unwrap()).unwrap();
        let cells: Vec<Vec<Action>> = cells.map(|cell| cell.chars().filter_map(action).collect()).collect();
        assert_eq!(cells.len(), RELATIONS.len(), "{line}");
        (role, cells)
    });
    rows.collect()
}

fn action(letter: char) -> Option<Action> {
    let found = LETTERS.iter().find(|(it, _)| *it == letter).map(|(_, action)| *action);
    assert!(found.is_some() || letter == '-', "{letter}");
    found
}

/// What the policy says of a relation.
fn asked(role: Role, relation: &str, action: Action) -> Decision {
    let purpose = Policy::shipped().usual_purpose(role);
    let of_stay =
        |who: &Subject, stay: &Involvement| decide(who, purpose, action, Resource::Stay(stay), now());
    let mut who = subject(role);
    match relation {
        "unit" => of_stay(&who, &of_unit("1")),
        "party" => of_stay(&who, &of_party("1")),
        "pays" => of_stay(&who, &paid("1")),
        "taken" => {
            who.grants.push(grant("1"));
            of_stay(&who, &of_party("1"))
        }
        "others" => of_stay(&who, &stay("1")),
        "own-party" => decide(&who, purpose, action, Resource::Party(OWN), now()),
        "other-party" => decide(&who, purpose, action, Resource::Party("Havrelia"), now()),
        "community" => decide(&who, purpose, action, Resource::Community, now()),
        other => panic!("{other}"),
    }
}

#[test]
fn each_role_may_do_in_each_relation_what_the_table_says_and_nothing_else() {
    let rows = rows();
    assert_eq!(rows.len(), Role::ALL.len());
    assert_eq!(LETTERS.map(|(_, action)| action), Action::ALL);
    let mut asked_count = 0;
    for (role, cells) in rows {
        for (relation, may) in RELATIONS.iter().zip(cells) {
            for action in Action::ALL {
                let decision = asked(role, relation, action);
                assert_eq!(
                    decision.is_allowed,
                    may.contains(&action),
                    "{role:?} {relation} {action:?}: {decision:?}"
                );
                asked_count += 1;
            }
        }
    }
    assert_eq!(asked_count, 12 * 8 * 22);
}

/// Whose stay it is, is all that tells a refusal from an approval, so the rule has to say which it was.
#[test]
fn a_decision_names_its_rule() {
    let rule = |role, relation, action| asked(role, relation, action).rule;
    assert_eq!(rule(Role::Ward, "unit", Action::ReadStay), Rule::TakesPart);
    assert_eq!(rule(Role::Ward, "party", Action::ReadStay), Rule::NoPart);
    assert_eq!(rule(Role::Ward, "taken", Action::ReadStay), Rule::TookIt);
    assert_eq!(rule(Role::Ward, "others", Action::ReadStay), Rule::NoPart);
    assert_eq!(rule(Role::MunicipalAccounts, "pays", Action::ReadDays), Rule::Pays);
    assert_eq!(rule(Role::MunicipalAccounts, "pays", Action::ReadStay), Rule::NotTheRole);
    assert_eq!(rule(Role::Administrator, "unit", Action::ListStay), Rule::NotTheRole);
    assert_eq!(rule(Role::Administrator, "own-party", Action::ManageAccounts), Rule::OwnParty);
    assert_eq!(rule(Role::Administrator, "other-party", Action::ManageAccounts), Rule::NoPart);
    assert_eq!(rule(Role::Member, "community", Action::ReadAgreements), Rule::Common);
}

/// No role looks into stays for a purpose that isn't its own.
#[test]
fn a_stay_is_refused_under_a_purpose_that_the_role_has_not() {
    let purposes = |role: Role| -> Vec<Purpose> {
        let who = subject(role);
        let own = Purpose::ALL.into_iter();
        own.filter(|purpose| {
            decide(&who, *purpose, Action::ListStay, Resource::Stay(&paid("1")), now()).is_allowed
                || decide(&who, *purpose, Action::ListStay, Resource::Stay(&of_unit("1")), now()).is_allowed
        })
        .collect()
    };
    assert_eq!(purposes(Role::Ward), [Purpose::Care]);
    assert_eq!(purposes(Role::Coordination), [Purpose::Care, Purpose::Accounts, Purpose::Quality]);
    assert_eq!(purposes(Role::MunicipalAccounts), [Purpose::Accounts]);
    assert_eq!(purposes(Role::Auditor), []);
    let who = subject(Role::Ward);
    let decision = decide(&who, Purpose::Quality, Action::ReadStay, Resource::Stay(&of_unit("1")), now());
    assert_eq!(decision, Decision { is_allowed: false, rule: Rule::NotThePurpose });
}

/// An account for all of a party is in each of its units, those that the log doesn't name too.
#[test]
fn an_account_without_units_is_in_all_of_its_party() {
    let mut who = subject(Role::CareUnit);
    who.units.clear();
    let may = |stay: &Involvement| {
        decide(&who, Purpose::Care, Action::ReadStay, Resource::Stay(stay), now()).is_allowed
    };
    assert_eq!([may(&of_unit("1")), may(&of_party("1")), may(&stay("1"))], [true, true, false]);
}

/// A unit is known by its party too: units of two parties may be called the same.
#[test]
fn a_unit_of_another_party_that_is_called_the_same_is_another_unit() {
    let who = subject(Role::CareUnit);
    let mut others = of_party("1");
    others.units.extend(who.units.iter().map(|unit| ("Havrelia".to_owned(), unit.clone())));
    assert!(!decide(&who, Purpose::Care, Action::ReadStay, Resource::Stay(&others), now()).is_allowed);
}

/// Several municipalities in a stay: each reads its own messages, and all read what happened.
#[test]
fn a_message_is_for_those_at_its_ends_and_an_event_is_for_all_who_take_part() {
    let end = |party: &str| Some(samspill_service::access::End { party: party.to_owned(), unit: None });
    let reads = |role, ends: &Ends| {
        decide(
            &subject(role),
            Purpose::Care,
            Action::ReadMessage,
            Resource::Entry(&of_party("1"), ends),
            now(),
        )
    };
    let rows = [
        (Ends { from: end("Fjordheim"), to: end(OWN) }, true),
        (Ends { from: end(OWN), to: end("Fjordheim") }, true),
        (Ends { from: end("Fjordheim"), to: end("Havrelia") }, false),
        (Ends { from: end("Fjordheim"), to: None }, true),
        (Ends { from: None, to: end("Havrelia") }, false),
        (Ends { from: None, to: None }, true),
    ];
    for (ends, may) in rows {
        assert_eq!(reads(Role::CaseOffice, &ends).is_allowed, may, "{ends:?}");
        assert!(!reads(Role::MunicipalAccounts, &ends).is_allowed, "{ends:?}");
    }
    let other = Ends { from: end("Fjordheim"), to: end("Havrelia") };
    assert_eq!(reads(Role::CaseOffice, &other).rule, Rule::NoPart);
}
