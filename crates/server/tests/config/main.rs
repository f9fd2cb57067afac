//! Configurations: what is said about wrong ones, and that the example and the page say what the table says.
//!
//! Beside each `tests/mistakes/*.toml` stands a `.txt` with everything that is reported. Where the report has changed for the
//! better, remove the `.txt`: the next run writes it anew, and fails once so that it is looked at.

#![expect(clippy::unwrap_used, reason = "a test that can't go on panics")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use samspill_server::{
    config::{Code, LineConfig, Loaded, SecretPlace, check_deep, example, load, parse, reference},
    logging::fields_reference,
    metrics::metrics_reference,
};
use samspill_service::exchange::receipts::{DirectMail, System};

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    paths.sort();
    paths
}

fn parsed(path: &Path) -> Loaded {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    parse(&fs::read_to_string(path).unwrap(), &name, Path::new("/etc/samspill"))
}

#[test]
fn mistakes_are_reported_as_recorded() {
    let mut troubles = Vec::new();
    for path in examples() {
        let loaded = parsed(&path);
        assert!(!loaded.mistakes.list.is_empty(), "nothing is said about {}", path.display());
        assert_eq!(loaded.config.is_none(), loaded.mistakes.has_errors(), "{}", path.display());
        let (record, found) = (path.with_extension("txt"), loaded.mistakes.render());
        match fs::read_to_string(&record) {
            Ok(recorded) if recorded.trim_end() == found.trim_end() => {}
            Ok(recorded) => troubles.push(format!("{}:\n{found}\nrecorded:\n{recorded}", record.display())),
            Err(_) => {
                let lines: Vec<&str> = found.lines().map(str::trim_end).collect();
                fs::write(&record, lines.join("\n").trim_end().to_owned() + "\n").unwrap();
                troubles.push(format!("{} is written anew: look at it, and run again", record.display()));
            }
        }
    }
    assert!(troubles.is_empty(), "{}", troubles.join("\n\n"));
}

#[test]
fn every_mistake_says_where_and_what_to_do() {
    for mistake in examples().iter().flat_map(|path| parsed(path).mistakes.list) {
        assert!(mistake.line > 0 && mistake.column > 0 && !mistake.help.is_empty(), "{mistake:?}");
    }
}

#[test]
fn every_code_of_the_file_alone_has_an_example() {
    let mut seen: BTreeSet<Code> =
        examples().iter().flat_map(|path| parsed(path).mistakes.list).map(|mistake| mistake.code).collect();
    seen.extend(load(Path::new("no-such-file.toml")).mistakes.list.iter().map(|mistake| mistake.code));
    let file_alone = Code::ALL.iter().filter(|code| code.as_str() < "CFG-20");
    let missing: Vec<_> = file_alone.filter(|code| !seen.contains(code)).collect();
    assert!(missing.is_empty(), "no example shows {missing:?}");
}

#[test]
fn codes_are_in_order_and_never_given_twice() {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
}

#[test]
fn no_secret_is_ever_shown() {
    for path in examples() {
        let loaded = parsed(&path);
        let shown = format!("{}{:?}", loaded.mistakes.render(), loaded.mistakes.list);
        assert!(!shown.contains("hemmelig"), "{}: {shown}", path.display());
    }
}

#[test]
fn the_example_has_every_setting_and_no_mistake() {
    let loaded = parse(&example(), "example.toml", Path::new("/etc/samspill"));
    assert_eq!(loaded.mistakes.render(), "");
    let config = loaded.config.unwrap();
    assert_eq!(config.channels.len(), 3);
    let LineConfig::Amqp(amqp) = &config.route("8000112").unwrap().line else { panic!("another channel") };
    assert_eq!(amqp.password, Some(SecretPlace::Env("SAMSPILL_BROKER_PASSWORD".into())));
    let own = config.recipients().organisations;
    assert_eq!((own.len(), own[0].parties.len(), own[0].direct), (1, 1, DirectMail::NeedsService));
    assert_eq!(own[0].parties[0].system, System::Here);
}

#[test]
fn a_short_configuration_has_the_defaults_of_the_table() {
    let text = "[node]\nname = \"a\"\ncommunity = \"b\"\n[store]\nplace = \"sqlite:c.db\"\n";
    let config = parse(text, "kort.toml", Path::new("/etc/samspill")).config.unwrap();
    assert_eq!(config.store.place, "sqlite:/etc/samspill/c.db");
    assert_eq!(config.node.data, Path::new("/etc/samspill/data"));
    assert!(config.http.address.is_loopback() && config.http.port == 8311);
    assert_eq!((config.retry.first, config.retry.attempts), (Duration::from_secs(30), 60));
    assert!(config.backup.is_none() && config.receipts.limit.is_none() && config.channels.is_empty());
    assert!(config.route("1").is_none());
}

/// A whole configuration with this many things that are really there.
fn deep_in(folder: &Path, password_mode: u32) -> Loaded {
    use std::os::unix::fs::PermissionsExt as _;
    for name in ["inn", "ut"] {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    let secret = folder.join("passord");
    fs::write(&secret, "hemmelig\n").unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(password_mode)).unwrap();
    let text = "[node]\nname = \"a\"\ncommunity = \"b\"\nagreements = [\"unn\"]\n\
        [store]\nplace = \"postgres://a@localhost/b\"\npassword = { file = \"passord\" }\n[http]\nport = 0\n\
        [[channel]]\nname = \"m\"\nkind = \"folder\"\ninbox = \"inn\"\noutbox = \"ut\"\ndefault = true\n";
    check_deep(parse(text, "dyp.toml", folder))
}

#[cfg(unix)]
#[test]
fn what_is_there_is_no_mistake_and_a_secret_that_all_can_read_is_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let loaded = deep_in(folder.path(), 0o600);
    assert_eq!(loaded.mistakes.render(), "");
    assert_eq!(loaded.config.unwrap().store.password.unwrap().read().unwrap().reveal(), "hemmelig");
    let loaded = deep_in(folder.path(), 0o604);
    assert_eq!(loaded.mistakes.list.len(), 1);
    assert_eq!(loaded.mistakes.list[0].code, Code::Exposed);
    assert!(loaded.config.is_some());
}

#[test]
fn what_is_not_there_is_told_with_its_setting() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let text = format!(
        "[node]\nname = \"a\"\ncommunity = \"b\"\nagreements = [\"ingen\"]\n\
        [store]\nplace = \"postgres://a@localhost/b\"\npassword = {{ file = \"passord\" }}\n\
        [http]\nport = {}\n[[channel]]\nname = \"m\"\nkind = \"folder\"\ninbox = \"inn\"\noutbox = \"ut\"\ndefault = true\n\
        [addresses]\nbook = \"bok.toml\"\n[backup]\nfolder = \"kopier\"\nrecipients = \"tom.txt\"\n",
        taken.local_addr().unwrap().port()
    );
    fs::write(folder.path().join("bok.toml"), "nei = 1\n").unwrap();
    fs::write(folder.path().join("tom.txt"), "# none\n").unwrap();
    let loaded = check_deep(parse(&text, "dyp.toml", folder.path()));
    let codes: Vec<&str> = loaded.mistakes.list.iter().map(|mistake| mistake.code.as_str()).collect();
    assert_eq!(codes, ["CFG-23", "CFG-25", "CFG-22", "CFG-20", "CFG-20", "CFG-24", "CFG-20", "CFG-24"]);
    assert!(loaded.config.is_none());
}

/// A front door that names everything that holds a secret, or a party.
const FRONT: &str = "[node]\nname = \"a\"\ncommunity = \"b\"\nagreements = [\"unn\"]\n[store]\nplace = \"sqlite:c.db\"\n\
    [http]\nport = 0\n[addresses]\nbook = \"bok.toml\"\n[web]\norigin = \"https://samspill.example\"\nport = 0\n\
    person_keys = { file = \"person.txt\" }\nsecrets = { file = \"innlogging.txt\" }\n\
    certificate = \"tls.pem\"\ncertificate_key = { file = \"tls-nokkel.pem\" }\n\
    [web.oidc]\nissuer = \"https://innlogging.example\"\nclient = \"a\"\nkey = { file = \"nokkel.pem\" }\n\
    organisation_claim = \"orgnr\"\n[[web.oidc.organisation]]\nnumber = \"999999999\"\nparty = \"Nesodal\"\n";

/// The files that it names, as they should be; the last is a key that goes with nothing.
fn right_files() -> [(&'static str, String); 7] {
    let pair = rcgen::generate_simple_self_signed(["samspill.example".to_owned()]).unwrap();
    let other = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let book =
        "[[part]]\nnavn = \"Nesodal\"\nrolle = \"kommune\"\nvirksomhet = { navn = \"Nesodal kommune\" }\n";
    [
        ("person.txt", format!("en: {0}\nindex: {0}\n", "a".repeat(64))),
        ("innlogging.txt", "b".repeat(64)),
        ("nokkel.pem", other.clone()),
        ("tls.pem", pair.cert.pem()),
        ("tls-nokkel.pem", pair.signing_key.serialize_pem()),
        ("bok.toml", book.to_owned()),
        ("annen-nokkel.pem", other),
    ]
}

/// What is said of them with one of them spoilt: codes, lines and words.
fn told_of(files: &[(&str, String)], name: &str, spoilt: &str) -> Vec<(&'static str, usize, String)> {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files.iter().map(|(name, text)| (*name, text.as_str())).chain([(name, spoilt)]) {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let loaded = check_deep(parse(FRONT, "dyp.toml", folder.path()));
    assert_eq!(loaded.config.is_none(), loaded.mistakes.has_errors());
    loaded.mistakes.list.into_iter().map(|it| (it.code.as_str(), it.line, it.message)).collect()
}

#[cfg(unix)]
#[test]
fn secrets_that_cannot_be_used_are_told_before_the_node_starts() {
    let files = right_files();
    assert_eq!(told_of(&files, "person.txt", &files[0].1), [], "all is well");
    for (name, spoilt, code, line) in [
        ("person.txt", "en: kort\nindex: kort\n", "CFG-26", 14),
        ("innlogging.txt", "kort", "CFG-26", 15),
        ("nokkel.pem", "ingen nøkkel", "CFG-26", 21),
        ("nokkel.pem", "", "CFG-25", 21),
        ("tls-nokkel.pem", &files[6].1, "CFG-26", 16),
        ("tls.pem", "intet sertifikat", "CFG-26", 16),
        ("bok.toml", "", "CFG-27", 25),
    ] {
        let told = told_of(&files, name, spoilt);
        let found: Vec<_> = told.iter().map(|(code, line, _)| (*code, *line)).collect();
        assert_eq!(found, [(code, line)], "{name}: {told:?}");
        assert!(!told[0].2.contains("kort"), "{told:?}");
    }
}

#[cfg(unix)]
#[test]
fn keys_of_a_node_without_a_front_door_are_tried_too() {
    use std::os::unix::fs::PermissionsExt as _;
    let text = "[node]\nname = \"a\"\ncommunity = \"b\"\n[store]\nplace = \"sqlite:c.db\"\n\
        person_keys = { file = \"person.txt\" }\n[http]\nport = 0\n";
    let right = format!("en: {0}\nindex: {0}\n", "a".repeat(64));
    for (keys, told) in [(right.as_str(), None), ("en: kort\nindex: kort\n", Some(("CFG-26", 6)))] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("person.txt");
        fs::write(&path, keys).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let loaded = check_deep(parse(text, "dyp.toml", folder.path()));
        let found: Vec<_> = loaded.mistakes.list.iter().map(|it| (it.code.as_str(), it.line)).collect();
        assert_eq!(found, Vec::from_iter(told), "{}", loaded.mistakes.render());
        assert!(!loaded.mistakes.render().contains("en: kort"));
    }
}

#[test]
fn a_node_has_one_ring_of_keys() {
    let with = |file: &str| {
        let text = FRONT.replace("[http]\n", &format!("person_keys = {{ file = \"{file}\" }}\n[http]\n"));
        parse(&text, "kort.toml", Path::new("/etc/samspill"))
    };
    assert_eq!(with("person.txt").mistakes.render(), "");
    let loaded = with("andre.txt");
    let found: Vec<_> = loaded.mistakes.list.iter().map(|it| (it.code.as_str(), it.line)).collect();
    assert_eq!(found, [("CFG-13", 7)], "{}", loaded.mistakes.render());
    assert!(loaded.config.is_none() && loaded.mistakes.render().contains("remove it from [store]"));
}

#[test]
fn what_is_told_to_a_login_provider_comes_from_the_file() {
    let text = "[node]\nname = \"a\"\ncommunity = \"b\"\nagreements = [\"unn\"]\n[store]\nplace = \"sqlite:c.db\"\n\
        [web]\norigin = \"https://samspill.example\"\nperson_keys = { file = \"p\" }\n\
        [web.oidc]\nissuer = \"https://innlogging.example\"\nclient = \"a\"\nkey = { file = \"k\" }\n\
        organisation_claim = \"orgnr\"\n\
        [web.oidc.assertion]\nassertion_details = [{ type = \"helseid_authorization\", level = 4, is_own = true }]\n\
        [[web.oidc.organisation]]\nnumber = \"999999999\"\nparty = \"Nesodal\"\n";
    let loaded = parse(text, "kort.toml", Path::new("/etc/samspill"));
    assert_eq!(loaded.mistakes.render(), "");
    let oidc = loaded.config.unwrap().web.unwrap().oidc.unwrap();
    let detail = serde_json::json!({ "type": "helseid_authorization", "level": 4, "is_own": true });
    assert_eq!(
        serde_json::Value::Object(oidc.assertion),
        serde_json::json!({ "assertion_details": [detail] })
    );
    assert_eq!(
        (oidc.organisations[0].number.as_str(), oidc.organisations[0].party.as_str()),
        ("999999999", "Nesodal")
    );
}

#[test]
fn the_page_says_what_the_tables_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operating.md");
    let page = fs::read_to_string(path).unwrap();
    for (what, table) in [
        ("settings", reference()),
        ("metrics", metrics_reference()),
        ("fields of the log", fields_reference()),
    ] {
        let how = "run `cargo run -p samspill-server --example write_operating`";
        assert!(page.contains(&table), "docs/operating.md differs from the table of {what}: {how}");
    }
}
