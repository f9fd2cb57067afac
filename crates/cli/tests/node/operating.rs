//! The files of `examples/operating`: what can be tried of them on this machine is tried, and they say the same as each other and as
//! the page that shows them.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use samspill_server::config::{Config, Loaded, check_deep, load};

use crate::support::{
    alone,
    feed::Traffic,
    nginx::{Nginx, certificate},
    node::{Node, with_front, words_of},
    page::Browser,
    postgres::Postgres,
    root, so, tell, until,
};

fn folder() -> PathBuf {
    root().join("examples/operating")
}

fn text(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap()
}

fn loaded(name: &str) -> Loaded {
    load(&folder().join(name))
}

fn config(name: &str) -> Config {
    let loaded = loaded(name);
    loaded.config.unwrap_or_else(|| panic!("{}", loaded.mistakes.render()))
}

/// What stands in a file between a word and the end of its line.
fn after<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = &'t str> {
    text.lines().filter_map(move |line| line.trim().strip_prefix(word)).map(str::trim)
}

/// What users write in the browser, in all of the files.
const ORIGIN: &str = "https://samspill.example";
const PASSWORD: &str = "en lang setning om fjell";

const CONFIGURATIONS: [&str; 3] = ["samspill.toml", "node-1.toml", "node-2.toml"];

#[test]
fn the_configurations_are_right_but_for_secrets_and_folders_that_are_made_by_hand() {
    for name in CONFIGURATIONS {
        let path = folder().join(name);
        let mut check = Command::new(env!("CARGO_BIN_EXE_samspill"));
        let ran = check.args(["config", "check", "--config"]).arg(&path).output().unwrap();
        assert!(ran.status.success(), "{name}: {}", words_of(&ran));
        // What it names on the machine isn't here; that it names nothing else is looked at.
        let deep = check_deep(loaded(name));
        let others = deep
            .mistakes
            .list
            .iter()
            .filter(|it| !["CFG-15", "CFG-20", "CFG-21", "CFG-22", "CFG-25"].contains(&it.code.as_str()));
        assert_eq!(others.map(|it| &it.message).collect::<Vec<_>>(), Vec::<&String>::new(), "{name}");
        assert!(config(name).addresses.book.unwrap().exists(), "{name}");
    }
    let (one, other) = (text("node-1.toml"), text("node-2.toml"));
    let rest = |text: &str| {
        text.replace("node-1", "N").replace("node-2", "N").replace("Node 1", "N").replace("Node 2", "N")
    };
    assert_eq!(rest(&one), rest(&other), "the nodes differ in their names alone");
    assert_ne!(one, other);
}

#[test]
fn the_unit_is_one_and_lets_the_program_write_where_it_must() {
    let (unit, config) = (text("samspill.service"), config("samspill.toml"));
    let writable: Vec<&str> = after(&unit, "ReadWritePaths=").flat_map(str::split_whitespace).collect();
    let store = config.store.place.strip_prefix("sqlite:").unwrap();
    for path in [&config.node.data, Path::new(store), &config.backup.as_ref().unwrap().folder] {
        assert!(writable.iter().any(|folder| path.starts_with(folder)), "{} in {writable:?}", path.display());
    }
    let stop: u64 = after(&unit, "TimeoutStopSec=").next().unwrap().parse().unwrap();
    assert!(stop >= 2 * config.http.stop_within.as_secs());
    for line in ["ExecStart=", "ExecStartPre="] {
        assert!(after(&unit, line).next().unwrap().ends_with("--config /etc/samspill/samspill.toml"));
    }
    let own = tempfile::tempdir().unwrap();
    let path = own.path().join("samspill.service");
    let here = unit.replace("/usr/local/bin/samspill", env!("CARGO_BIN_EXE_samspill"));
    assert_ne!(here, unit);
    fs::write(&path, &here).unwrap();
    let Some(said) = verified(&path) else {
        return tell("no systemd-analyze: the unit isn't read by systemd");
    };
    assert_eq!(said, "");
    fs::write(&path, here.replace("ProtectClock", "ProtectKlokke")).unwrap();
    assert!(verified(&path).unwrap().contains("ProtectKlokke"), "it says what is wrong");
}

/// What systemd says against a unit; none where there is no systemd to ask.
fn verified(unit: &Path) -> Option<String> {
    let ran = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(unit).output().ok()?;
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    Some(if ran.status.success() { said } else { format!("{}: {said}", ran.status) })
}

#[test]
fn the_image_is_built_from_what_is_here_and_runs_the_node() {
    let (image, ignored) = (text("Containerfile"), fs::read_to_string(root().join(".dockerignore")).unwrap());
    let toolchain = fs::read_to_string(root().join("rust-toolchain.toml")).unwrap();
    let version = toolchain.split('"').nth(1).unwrap().rsplit_once('.').unwrap().0;
    assert!(image.contains(&format!("FROM rust:{version}-")), "the toolchain is {version}");
    let makefile = fs::read_to_string(root().join("Makefile")).unwrap();
    assert!(image.contains("make assets") && makefile.contains("\nassets:"));
    assert!(image.contains("cargo build --release --locked -p samspill-cli"), "{image}");
    assert!(image.contains("/build/target/release/samspill /usr/local/bin/samspill"));
    let page = fs::read_to_string(root().join("docs/operating.md")).unwrap();
    assert!(page.contains("examples/operating/Containerfile"));
    // What git leaves out isn't sent along either.
    let git = fs::read_to_string(root().join(".gitignore")).unwrap();
    let made = ["/web/dist/installed", "/web/dist/designsystemet.css", "/web/dist/htmx.js"];
    for line in ["/target", "/.venv", "node_modules/", "/samspill-demo", "/pictures"].iter().chain(&made) {
        let name = line.trim_matches('/');
        assert!(git.lines().any(|it| it == *line), "{line}");
        assert!(ignored.lines().any(|it| it.trim_start_matches("**/") == name), "{name} in .dockerignore");
    }
    let config = config("node-1.toml");
    assert!(image.contains(&format!("EXPOSE {}", config.web.unwrap().port)));
    assert!(image.contains(&format!("VOLUME {}", config.node.data.display())));
}

#[test]
fn the_nodes_of_the_compose_file_have_what_their_configuration_names() {
    let (compose, proxy) = (text("compose.yaml"), text("nginx.conf"));
    for number in [1, 2] {
        let (name, config) = (format!("node-{number}"), config(&format!("node-{number}.toml")));
        assert!(compose.contains(&format!("./{name}.toml:/etc/samspill/samspill.toml:ro")));
        assert!(
            compose.contains(&format!("{name}:{}", config.node.data.display())),
            "its data can be written"
        );
        let web = config.web.unwrap();
        assert!(proxy.contains(&format!("server {name}:{} ", web.port)));
        assert_eq!(web.proxies.len(), 1);
        assert!(compose.contains(&format!("ipv4_address: {}", web.proxies[0])), "the proxy is believed");
        assert!(proxy.contains(&format!("server_name {};", web.origin.strip_prefix("https://").unwrap())));
        let megabytes: usize =
            after(&proxy, "client_max_body_size ").next().unwrap().trim_end_matches("m;").parse().unwrap();
        assert!(megabytes << 20 >= web.bulk_bytes_max);
        let stop: u64 =
            after(&compose, "stop_grace_period: ").next().unwrap().trim_end_matches('s').parse().unwrap();
        assert!(stop >= 2 * config.http.stop_within.as_secs());
        let own = text(&format!("node-{number}.toml"));
        let secrets: BTreeSet<&str> =
            own.split("/run/secrets/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(secrets.len(), 3);
        for secret in secrets {
            assert!(
                after(&compose, &format!("{secret}: ")).any(|it| it.starts_with("{ file: ./secrets/")),
                "{secret}"
            );
        }
        assert!(config.store.place.contains("@database/") && compose.contains("\n  database:\n"));
    }
    // What is mounted lies here, or is said to be made.
    for path in compose.split("- ./").skip(1).filter_map(|rest| rest.split(':').next()) {
        let is_said = compose.lines().any(|line| line.starts_with('#') && line.contains(path));
        assert!(folder().join(path).exists() || is_said, "{path}");
    }
}

/// Two nodes behind the proxy, on one database, and a token of the hospital's system.
fn pair(traffic: &Traffic, postgres: &Postgres) -> [Node; 2] {
    let mut nodes = ["en", "to"].map(|name| {
        let setup = crate::support::node::Setup {
            name: name.to_owned(),
            place: postgres.place(),
            ..traffic.hospital()
        };
        with_front(setup, ORIGIN, "proxies = [\"127.0.0.1\"]\n")
    });
    nodes[0].start();
    nodes[1].start();
    nodes
}

#[test]
fn the_proxy_sends_people_and_programs_to_nodes_that_answer_and_says_who_they_are() {
    let _alone = alone();
    let Some(nginx) = Nginx::program() else {
        return tell("no nginx: the example of a proxy isn't tried; `make nginx` installs it");
    };
    let Some(postgres) = Postgres::start() else { return };
    let traffic = Traffic::new(3, 1);
    let mut nodes = pair(&traffic, &postgres);
    let pair = certificate("samspill.example");
    let proxy = Nginx::start(&nginx, &text("nginx.conf"), &pair, [nodes[0].front(), nodes[1].front()]);
    let mut browser = Browser::trusting(proxy.address(), ORIGIN, Some(&pair.0));
    let role = format!("samhandlingskontor:{}", traffic.trust());
    let link = nodes[0].does(&["account", "add", "kari", "--name", "Kari Lien", "--role", &role]);
    browser.set_password(link.trim().strip_prefix(ORIGIN).unwrap(), PASSWORD);
    browser.log_in("kari", PASSWORD);
    assert!(browser.has_cookie("__Host-samspill"));
    assert_eq!(browser.get("/tavle").status, 200);
    let token = nodes[0].does(&["account", "token", "kari", &role, "--name", "prøve"]);
    let mut program = Browser::trusting(proxy.address(), ORIGIN, Some(&pair.0));
    program.says("authorization", &format!("Bearer {}", token.trim()));
    writes_and_hears(&mut program, &traffic.messages[0].bytes);

    nodes[1].kill();
    for _ in 0..6 {
        assert_eq!(
            browser.get("/tavle").status,
            200,
            "reads go to the node that is there, as the same person"
        );
    }
    is_told_apart_by_address(&proxy, &pair.0);
    assert!(nodes[0].stop().success());
    until("the proxy says that nobody answers", Duration::from_secs(20), || {
        let status = browser.try_get("/tavle")?.status;
        so([502, 503, 504].contains(&status), || status.to_string())
    });
}

/// A message goes in, and a stream tells of it while it is open.
fn writes_and_hears(program: &mut Browser, message: &[u8]) {
    let answer = program.send_xml("/api/v1/messages", message);
    assert_eq!(answer.status, 201, "{}", answer.text);
    let heard = program.hears("/api/v1/events", ("last-event-id", "0"), Duration::from_secs(20));
    assert!(heard.contains("event: entry"), "{heard}");
}

/// Who tries passwords is counted by the address that the proxy saw, whatever they write about themselves.
fn is_told_apart_by_address(proxy: &Nginx, certificate: &str) {
    let mut guesser = Browser::trusting(proxy.address(), ORIGIN, Some(certificate));
    let form = guesser.get("/logg-inn");
    let mut statuses = Vec::new();
    for number in 0..30 {
        guesser.says("x-forwarded-for", &format!("10.0.0.{number}"));
        statuses.push(guesser.post("/logg-inn", &form, &[("navn", "kari"), ("passord", "feil")]).status);
    }
    assert!(statuses.contains(&429), "what a browser writes about its address isn't believed: {statuses:?}");
    let mut other = Browser::from_address([127, 0, 0, 2].into(), proxy.address(), ORIGIN, certificate);
    let form = other.get("/logg-inn");
    let answer = other.post("/logg-inn", &form, &[("navn", "ola"), ("passord", "feil")]);
    assert_ne!(answer.status, 429, "another address is another: the node believes the proxy");
}
