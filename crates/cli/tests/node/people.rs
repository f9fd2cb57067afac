//! Accounts, tokens and keys from the node's machine, and what stands of that, and of looks, in the access log.

use std::process::Output;

use samspill_service::people::{AccountSettings, Accounts, Hashing, SystemRandom};
use samspill_store::{CommunityId, Options, Place, Store};

use crate::support::{
    node::{COMMUNITY, Node, words_of},
    stay::{self, Party, setup},
};

/// A municipality with a front door, an administrator and an auditor.
fn municipality(more: &str) -> Node {
    let keys = "a".repeat(64);
    let web =
        "[web]\norigin = \"http://localhost\"\nport = 0\nperson_keys = { file = \"person-keys.txt\" }\n";
    let node = Node::new(&setup(Party::Municipality).with(&format!("{web}{more}")));
    node.write("person-keys.txt", format!("en: {keys}\nindex: {keys}\n").as_bytes());
    node
}

/// What the address book calls it.
const PARTY: &str = "Fjordvik";

/// Lets somebody log in, as if they had used their link.
fn activate(node: &Node, login: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let place = Place::file(node.path("data/samspill.db"));
        let store = Store::open(&place, Options::default()).await.unwrap();
        let settings = AccountSettings { hashing: Hashing::quick(), ..AccountSettings::default() };
        let accounts = Accounts::new(store.clone(), CommunityId::new(COMMUNITY).unwrap(), settings);
        let account = accounts.by_login(login).await.unwrap().unwrap();
        let now = jiff::Timestamp::now();
        accounts.preset_password(&account.id, "hest og batteri", &SystemRandom, now).await.unwrap();
        store.close().await;
    });
}

/// An account of an auditor who can log in.
fn auditor(node: &Node) {
    made(node, "revisor", "revisor");
    activate(node, "revisor");
}

fn add(node: &Node, login: &str, role: &str) -> Output {
    let role = format!("{role}:{PARTY}");
    node.run(&["account", "add", login, "--name", "Kari Prøve", "--role", &role])
}

#[track_caller]
fn made(node: &Node, login: &str, role: &str) -> String {
    let ran = add(node, login, role);
    assert!(ran.status.success(), "{}", words_of(&ran));
    words_of(&ran)
}

/// The rows of what was done at the machine.
fn told(node: &Node) -> String {
    node.does(&["access-log", "search", "--by", "revisor", "--account", "kommandolinje", "--limit", "100"])
}

/// The roles of an account, as `list` has them.
fn roles(node: &Node, login: &str) -> String {
    let list = node.does(&["account", "list"]);
    let line = list.lines().find(|line| line.starts_with(&format!("{login}\t"))).unwrap();
    line.rsplit('\t').next().unwrap().to_owned()
}

#[test]
fn only_the_first_account_may_come_before_the_store() {
    let node = municipality("");
    let typed = [
        &["account", "list"][..],
        &["account", "close", "kari"],
        &["account", "reset", "kari"],
        &["account", "tokens", "kari"],
    ];
    for words in typed {
        let ran = node.run(words);
        assert!(!ran.status.success(), "{words:?}");
        assert!(!node.path("data/samspill.db").exists(), "{words:?} made a store");
    }
    assert!(made(&node, "kari", "administrator").contains("/oppsett/"));
    assert!(node.does(&["account", "list"]).contains("kari\tinvited"));
}

#[test]
fn parties_roles_and_units_are_those_of_the_address_book() {
    let node = municipality("");
    let party = PARTY;
    for (role, says) in [
        (format!("tildelingskontor:{party} kommun"), "address book"),
        (format!("sengepost:{party}"), "another sort of party"),
        (format!("keiser:{party}"), "no role"),
    ] {
        let ran = node.run(&["account", "add", "kari", "--name", "Kari", "--role", &role]);
        let said = words_of(&ran);
        assert!(!ran.status.success() && said.contains(says), "{role}: {said}");
    }
    let role = format!("tildelingskontor:{party}");
    let unit = ["account", "add", "kari", "--name", "Kari", "--role", &role, "--unit", "En annens"];
    assert!(words_of(&node.run(&unit)).contains("has no unit"));
    made(&node, "kari", "tildelingskontor");
    assert!(words_of(&add(&node, "kari", "tildelingskontor")).contains("belongs to another account"));
}

#[test]
fn a_role_is_limited_by_a_later_gift_and_ended_for_good() {
    let node = municipality("");
    made(&node, "kari", "tildelingskontor");
    let role = format!("tildelingskontor:{PARTY}");
    node.does(&["account", "role", "kari", &role, "--until", "2999-12-31"]);
    node.does(&["account", "role", "kari", &role]);
    assert_eq!(roles(&node, "kari"), role, "it is held once");
    node.does(&["account", "role", "kari", &role, "--end"]);
    assert_eq!(roles(&node, "kari"), "", "however often it was given");
    let again = words_of(&node.run(&["account", "role", "kari", &role, "--end"]));
    assert!(again.contains("doesn't have the role") && again.contains("it has none"), "{again}");
    let behind = node.run(&["account", "role", "kari", &role, "--until", "2020-01-01"]);
    assert!(words_of(&behind).contains("lies behind"), "{}", words_of(&behind));
}

#[test]
fn tokens_are_listed_and_ended() {
    let node = municipality("");
    made(&node, "journal", "tildelingskontor");
    let role = format!("tildelingskontor:{PARTY}");
    let secret = node.does(&["account", "token", "journal", &role, "--name", "Journalsystemet"]);
    let list = node.does(&["account", "tokens", "journal"]);
    assert!(list.contains("\truns\t") && list.contains("Journalsystemet"), "{list}");
    assert!(!list.contains(secret.trim()), "the secret is shown once");
    let token = list.split('\t').next().unwrap();
    node.does(&["account", "token", "journal", "--end", token]);
    assert!(node.does(&["account", "tokens", "journal"]).contains("\tended\t"));
    let again = node.run(&["account", "token", "journal", "--end", token]);
    assert!(words_of(&again).contains("no token"), "{}", words_of(&again));
    for wrong in [&["account", "token", "journal"][..], &["account", "token", "journal", &role, "--end", "x"]]
    {
        assert!(!node.run(wrong).status.success(), "{wrong:?}");
    }
    auditor(&node);
    let rows = told(&node);
    assert_eq!(rows.matches("nokkel-endret").count(), 2, "{rows}");
}

#[test]
fn without_passwords_nobody_gets_a_link() {
    let oidc = "passwords = false\n[web.oidc]\nissuer = \"https://innlogging.example\"\nclient = \"x\"\n\
                key = { env = \"OIDC\" }\nlogin_claim = \"hpr\"\n";
    let node = municipality(oidc);
    let said = made(&node, "kari", "tildelingskontor");
    assert!(!said.contains("/oppsett/") && said.contains("whose hpr is «kari»"), "{said}");
    let reset = node.run(&["account", "reset", "kari"]);
    assert!(reset.status.success(), "{}", words_of(&reset));
    assert!(!words_of(&reset).contains("/oppsett/"), "{}", words_of(&reset));
}

/// What is looked at.
fn looks(case: &str) -> [Vec<&str>; 8] {
    [
        vec!["monitor", "show", "1"],
        vec!["monitor", "messages"],
        vec!["monitor", "dead"],
        vec!["downtime", "forms", case],
        vec!["downtime", "duties", case],
        vec!["downtime", "status", PARTY],
        vec!["account", "list"],
        vec!["export"],
    ]
}

/// What is changed.
const CHANGES: [&[&str]; 5] = [
    &["account", "log-out", "kari"],
    &["account", "close", "kari"],
    &["account", "reset", "kari"],
    &["keys", "rotate", "login"],
    &["keys", "rotate", "persons"],
];

/// What the access log says of all that.
const TOLD: [&str; 15] = [
    "\teksport\t-\tdrift\t",
    "kari: laget, tildelingskontor:",
    "kari: overalt",
    "kari: stengt",
    "kari: åpnet",
    "kari: ny lenke",
    "innlogging",
    "personer",
    "meldinger",
    "døde brev",
    "plikter",
    "nødskjema",
    "statusliste",
    "hele loggen",
    "alle innføringer",
];

#[test]
fn what_is_done_and_seen_at_the_machine_stands_in_the_access_log() {
    let node = municipality("secrets = { file = \"secrets.txt\" }\n");
    node.write("secrets.txt", "b".repeat(64).as_bytes());
    made(&node, "kari", "tildelingskontor");
    auditor(&node);
    let message = &stay::messages()[0];
    let file = node.write(&message.name, &message.bytes);
    node.does(&["receive", &file.display().to_string()]);
    let entries = node.does(&["export", "--form", "entries", "--numbers"]);
    let entry: serde_json::Value = serde_json::from_str(entries.lines().next().unwrap()).unwrap();
    let (case, person) = (entry["case"].as_str().unwrap(), entry["person"].as_str().unwrap());
    for words in &looks(case) {
        node.does(words);
    }
    for words in CHANGES {
        node.does(words);
    }
    let rows = told(&node);
    for words in TOLD {
        assert!(rows.contains(words), "«{words}» is not in\n{rows}");
    }
    assert!(rows.lines().any(|row| row.contains("lese-melding") && row.contains(case)), "{rows}");
    assert!(!rows.contains(person), "nobody's id stands in the access log");
    let of_person = ["access-log", "search", "--by", "revisor", "--person", person];
    assert!(node.does(&of_person).contains("nødskjema"), "found by the person too");
    assert!(node.does(&["access-log", "verify"]).contains("the access log is whole"));
}

/// A node without a front door has no keys to name persons by, and its access log says who looked all the same.
#[test]
fn a_node_without_a_front_door_keeps_an_access_log_too() {
    let node = Node::new(&setup(Party::Municipality));
    let message = &stay::messages()[0];
    let file = node.write(&message.name, &message.bytes);
    node.does(&["receive", &file.display().to_string()]);
    node.does(&["monitor", "show", "1"]);
    let keys = "a".repeat(64);
    let web =
        "[web]\norigin = \"http://localhost\"\nport = 0\nperson_keys = { file = \"person-keys.txt\" }\n";
    let text = std::fs::read_to_string(node.path("samspill.toml")).unwrap();
    node.write("samspill.toml", format!("{text}{web}").as_bytes());
    node.write("person-keys.txt", format!("en: {keys}\nindex: {keys}\n").as_bytes());
    auditor(&node);
    assert!(told(&node).contains("lese-melding"));
}
