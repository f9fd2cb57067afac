use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use samspill_base::{Entry, Position, Value};
use samspill_service::{
    access::Role,
    audit::Person,
    downtime::{DowntimeDesk, NewPeriod, Sort},
    notices::{Choice, Doing as Chooses, NoticeKind, Quiet, Scope},
    people::{Accounts, Assignment, Desk, Hashing, NewAccount, RoleHeld, duty_at},
};
use samspill_store::{Append, AppendKey, Options, Store};

use super::*;
use crate::{
    config::{Config, MailConfig, parse},
    email::stub::Stub,
    node::{front, mailroom, projections, register, seal},
};

const CONFIG: &str = "[node]\nname = \"prove\"\ncommunity = \"nord\"\nagreements = [\"unn\"]\n\
    [store]\nplace = \"sqlite:samspill.db\"\n[addresses]\nbook = \"bok.toml\"\n\
    [web]\norigin = \"https://samspill.example\"\nperson_keys = { file = \"nokler\" }\n";

const BOOK: &str = r#"
    [[part]]
    navn = "Fjordheim"
    rolle = "sykehus"
    virksomhet = { navn = "Fjordheim sjukehus HF", her = "8100001" }
    tjenester.med = { navn = "Medisinsk post", her = "8100101" }

    [[part]]
    navn = "Nesodal"
    rolle = "kommune"
    virksomhet = { navn = "Nesodal kommune", her = "8200001" }
    tjenester.sykepleie = { navn = "Sykepleietjenesten", her = "8200101" }
"#;

const PERSON: &str = "41814061033";

fn at(minutes: i64) -> Timestamp {
    let start: Timestamp = "2025-02-03T10:00:00+01:00".parse().unwrap();
    start + SignedDuration::from_mins(minutes)
}

/// A stay of which the municipality was told: it must answer.
fn stay(case: &str) -> Vec<Entry> {
    let entry = |kind: &str, minutes: i64| {
        let mut entry = Entry::new(case, kind, Position(0), at(minutes));
        (entry.person, entry.from) = (Some(PERSON.to_owned()), Some("Medisinsk post".to_owned()));
        entry
    };
    let (mut admitted, mut told) = (entry("innlagt", 0), entry("melding-om-innlagt-pasient", 5));
    let texts = [("agreement", "unn"), ("fagomrade", "somatikk"), ("oppholdskommune", "Nesodal")];
    admitted.facts.extend(texts.map(|(name, text)| (name.to_owned(), Value::text(text))));
    let flags = ["kommunale-tjenester", "kommunalt-behov"];
    admitted.facts.extend(flags.map(|name| (name.to_owned(), Value::Bool(true))));
    told.to = Some("Nesodal".to_owned());
    vec![admitted, told]
}

/// A node with a front door and a mail server, and people who want to be told.
struct House {
    config: Config,
    store: Store,
    app: App,
    stub: Stub,
    metrics: Arc<Metrics>,
    _folder: tempfile::TempDir,
}

impl House {
    async fn new(cases: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = format!("en: {}\nindex: {}\n", "0a".repeat(32), "0b".repeat(32));
        std::fs::write(folder.path().join("nokler"), keys).unwrap();
        std::fs::write(folder.path().join("bok.toml"), BOOK).unwrap();
        let config = parse(CONFIG, "prove.toml", folder.path()).config.unwrap();
        let projections = projections(&config).unwrap().unwrap();
        let options =
            Options { projections: projections.all(), seal: seal(&config).unwrap(), ..Options::default() };
        let store = Store::open(&config.store.open_place().unwrap(), options).await.unwrap();
        for case in cases {
            let append = Append { key: AppendKey::new(*case).unwrap(), recorded: at(5), entries: stay(case) };
            store.append(&config.node.community, &append).await.unwrap();
        }
        let web = config.web.clone().unwrap();
        let known = Person {
            id: PERSON.to_owned(),
            given: "Kristoffer".into(),
            family: "Nordvik".into(),
            ..Person::default()
        };
        register(&config, &web, &store).unwrap().put(&known, &SystemRandom, at(5)).await.unwrap();
        let room = mailroom(&config, store.clone()).await.unwrap();
        let app = front::open(&config, &web, room, Vec::new()).await.unwrap();
        let stub = Stub::new().await;
        Self { config, store, app, stub, metrics: Arc::new(Metrics::new()), _folder: folder }
    }

    fn app(&self) -> &App {
        &self.app
    }

    fn node(&self) -> Tell {
        self.node_to(&self.stub.config())
    }

    fn node_to(&self, mail: &MailConfig) -> Tell {
        let front = Front::default();
        front.set(self.app.clone());
        Tell {
            front,
            smtp: Smtp::new(mail, "https://samspill.example"),
            metrics: self.metrics.clone(),
            every: mail.every,
            later: Mutex::default(),
        }
    }

    fn notices(&self) -> Notices {
        let parts = self.app().parts();
        Notices::new(parts.store.clone(), parts.community.clone(), parts.people_register.clone())
    }

    /// An account with a role, whose address is its login at a hospital.
    async fn account(&self, login: &str, role: Role, party: &str) -> Subject {
        let settings =
            samspill_service::people::AccountSettings { hashing: Hashing::quick(), ..Default::default() };
        let accounts = Accounts::new(self.store.clone(), self.config.node.community.clone(), settings);
        let made = accounts.make(&NewAccount::new(login, login), &SystemRandom, at(0)).await.unwrap();
        accounts.preset_password(&made.id, "hest og batteri", &SystemRandom, at(0)).await.unwrap();
        let held = RoleHeld { role, party: party.to_owned(), unit: None, from: at(0), until: None };
        accounts.give_role(&made.id, &held).await.unwrap();
        let account = accounts.account(&made.id).await.unwrap().unwrap();
        accounts.subject_of(&account, &held.key(), Means::Person, at(6)).await.unwrap().unwrap()
    }

    async fn choose(&self, by: &Subject, choice: Choice) -> Kept {
        let address = format!("{}@post.example", by.name);
        let known = self.notices().of(&by.account).await.unwrap();
        let wants = Choice { address, ..choice };
        self.notices().choose(wants, true, known.version, doing(by, at(6))).await.unwrap()
    }

    /// Somebody at the municipality whose address is proved.
    async fn told(&self, login: &str, choice: Choice) -> Subject {
        let by = self.account(login, Role::CaseOffice, "Nesodal").await;
        self.choose(&by, choice).await;
        assert_eq!(self.node().run(at(6)).await, Outcome::Done);
        let token = self.token();
        self.notices().confirm(&token, doing(&by, at(7))).await.unwrap();
        by
    }

    /// The secret of the link that came last.
    fn token(&self) -> String {
        let taken = self.stub.taken();
        let link = taken.iter().find_map(|(_, text)| text.split("/bekreft/").nth(1)).unwrap();
        link.split_whitespace().next().unwrap().to_owned()
    }

    /// The first limit of the municipality, and how many duties have it.
    fn first_limit(&self) -> (Timestamp, usize) {
        let stays = self.app().live().stays();
        let own = stays.iter().flat_map(|stay| &stay.row.undone).filter(|duty| duty.holder == "kommune");
        let limits: Vec<Timestamp> = own.filter_map(|duty| duty.due.instant()).collect();
        let first = *limits.iter().min().unwrap();
        (first, limits.iter().filter(|limit| **limit == first).count())
    }

    /// All duties that somebody may be told of at an instant because they fall due soon, whoever has taken them on.
    fn news(&self, by: &Subject, now: Timestamp) -> Vec<News> {
        let (parts, stays) = (self.app().parts(), self.app().live().stays());
        let watch = Watch {
            stays: &stays,
            astray: &[],
            given: &BTreeMap::new(),
            policy: &parts.policy,
            book: self.app().book(),
            agreements: parts.projections.agreements(),
            periods: &Periods::default(),
            now,
        };
        watch.news_of(std::slice::from_ref(by), &choice(&[NoticeKind::Due]))
    }

    /// Downtime of the municipality, registered as it begins.
    async fn goes_down(&self, from: Timestamp, until: Timestamp) {
        let down = NewPeriod {
            id: "ned-1".to_owned(),
            party: "Nesodal".to_owned(),
            unit: None,
            sort: Sort::Unplanned,
            announced: from,
            announced_by: "Drift".to_owned(),
            from,
            until: Some(until),
            why: "Strømbrudd".to_owned(),
            systems: BTreeSet::new(),
            registered_by: "Nina".to_owned(),
            recorded: from,
        };
        let parts = self.app().parts();
        let (store, community, book) = (&parts.store, &parts.community, self.app().book());
        let calendar = &parts.projections.agreements().all()[0].newest().calendar.days;
        DowntimeDesk { store, community, book, calendar, practice: None }.register(&down).await.unwrap();
    }

    /// What came when a node looked at an instant.
    async fn came(&self, node: &Tell, now: Timestamp) -> Vec<(String, String)> {
        assert_eq!(node.run(now).await, Outcome::Done);
        self.stub.taken()
    }
}

fn doing(by: &Subject, now: Timestamp) -> Chooses<'_> {
    Chooses { by, node: "prove", request: "r-1", random: &SystemRandom, now }
}

fn choice(kinds: &[NoticeKind]) -> Choice {
    Choice { kinds: kinds.iter().copied().collect(), quiet: Quiet::NONE, ..Choice::default() }
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_to_an_address_before_it_is_proved_but_the_link() {
    let house = House::new(&["opphold-1"]).await;
    let (node, (limit, _)) = (house.node(), house.first_limit());
    let kari = house.account("kari", Role::CaseOffice, "Nesodal").await;
    let other = house.account("ola", Role::CaseOffice, "Nesodal").await;
    assert_eq!(house.choose(&kari, choice(&NoticeKind::ALL)).await.state, NoticeState::Asked);
    let came = house.came(&node, limit - minutes(30)).await;
    assert_eq!(came.len(), 1);
    assert!(came[0].0 == "kari@post.example" && came[0].1.contains("/konto/varsler/bekreft/"), "{came:?}");
    let token = came[0].1.split("/bekreft/").nth(1).unwrap().split_whitespace().next().unwrap();
    assert_eq!(house.came(&node, limit - minutes(20)).await, [], "one link, and nothing else");
    let notices = house.notices();
    for (by, now) in [(&other, limit), (&kari, limit + minutes(24 * 60))] {
        let refused = notices.confirm(token, doing(by, now)).await;
        assert!(matches!(refused, Err(NoticeError::NoLink)), "{refused:?}");
    }
    let kept = notices.confirm(token, doing(&kari, limit + minutes(24 * 60 - 30))).await.unwrap();
    assert_eq!(kept.state, NoticeState::On);
    assert!(notices.confirm(token, doing(&kari, limit)).await.is_err(), "once");
    assert_eq!(house.came(&node, limit - minutes(10)).await.len(), 1);
    // Another address is proved anew.
    let elsewhere = Choice { address: "kari@annen.example".into(), ..kept.choice };
    let kept = notices.choose(elsewhere, true, kept.version, doing(&kari, limit)).await.unwrap();
    assert_eq!((kept.state, kept.choice.is_verified), (NoticeState::Asked, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn links_come_no_oftener_than_every_ten_minutes() {
    let house = House::new(&[]).await;
    let (node, notices) = (house.node(), house.notices());
    let kari = house.account("kari", Role::CaseOffice, "Nesodal").await;
    house.choose(&kari, choice(&NoticeKind::ALL)).await;
    assert_eq!(house.came(&node, at(10)).await.len(), 1);
    for (minute, count) in [(11, 0), (19, 0), (20, 1), (21, 0)] {
        notices.ask_again(doing(&kari, at(minute))).await.unwrap();
        assert_eq!(house.came(&node, at(minute)).await.len(), count, "minute {minute}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_thing_is_told_once_and_all_that_is_new_in_one_letter() {
    let house = House::new(&["opphold-1", "opphold-2"]).await;
    let (node, (limit, count)) = (house.node(), house.first_limit());
    house.told("kari", choice(&[NoticeKind::Due, NoticeKind::Late])).await;
    assert_eq!(house.came(&node, limit - minutes(60) - SignedDuration::from_nanos(1)).await, []);
    let came = house.came(&node, limit - minutes(60)).await;
    assert_eq!(came.len(), 1, "{came:?}");
    assert!(count > 1 && came[0].1.contains(&format!("{count} plikter forfaller, den første ")), "{came:?}");
    assert_eq!(house.came(&node, limit - minutes(59)).await, []);
    assert_eq!(house.came(&node, limit).await, []);
    let came = house.came(&node, limit + SignedDuration::from_nanos(1)).await;
    assert!(came.len() == 1 && came[0].1.contains(&format!("{count} plikter er over fristen.")), "{came:?}");
    assert_eq!(house.came(&node, limit + minutes(1)).await, []);
    assert!(house.metrics.text().contains("samspill_notices_total{outcome=\"sent\"} 3"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_in_registered_downtime_is_told_as_such() {
    let house = House::new(&["opphold-1"]).await;
    house.told("kari", choice(&[NoticeKind::Late])).await;
    let (limit, count) = house.first_limit();
    house.goes_down(at(7), limit + minutes(1)).await;
    let came = house.came(&house.node(), limit + minutes(2)).await;
    let said = if count == 1 { "Fristen er" } else { "Alle har fristen" };
    let told = format!("over fristen. {said} i registrert nedetid.");
    assert!(came.len() == 1 && came[0].1.contains(&told), "{came:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_waits_for_an_answer_is_told_of_whatever_its_limit() {
    let house = House::new(&["opphold-1"]).await;
    house.told("kari", choice(&[NoticeKind::Answer])).await;
    let came = house.came(&house.node(), at(10)).await;
    assert!(came.len() == 1 && came[0].1.contains("venter på svar."), "{came:?}");
    assert_eq!(house.came(&house.node(), at(9_000)).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_at_once_tell_once() {
    let house = House::new(&["opphold-1"]).await;
    let (limit, _) = house.first_limit();
    house.told("kari", choice(&[NoticeKind::Due])).await;
    let (one, other) = (house.node(), house.node());
    let (first, second) = tokio::join!(one.run(limit), other.run(limit));
    assert_eq!((first, second), (Outcome::Done, Outcome::Done));
    assert_eq!(house.stub.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_comes_at_night_but_what_must_be_done_before_it_is_over() {
    let house = House::new(&["opphold-1"]).await;
    let (limit, _) = house.first_limit();
    let local = |at: Timestamp| at.to_zoned(TimeZone::get("Europe/Oslo").unwrap()).time();
    let quiet = |from: i64, until: i64| Quiet {
        from: local(limit + minutes(from)),
        until: local(limit + minutes(until)),
    };
    let both = || choice(&[NoticeKind::Due, NoticeKind::Late]);
    // The night is over before the limit: it can wait until then.
    let early = house.told("tidlig", Choice { quiet: quiet(-50, -10), ..both() }).await;
    // The limit is in the night, or its very end.
    let late = house.told("sent", Choice { quiet: quiet(-50, 10), ..both() }).await;
    let edge = house.told("kant", Choice { quiet: quiet(-50, 0), ..both() }).await;
    let node = house.node();
    let to = async |minute: i64| {
        let came = house.came(&node, limit + minutes(minute)).await;
        came.into_iter().map(|(to, _)| to).collect::<BTreeSet<_>>()
    };
    let names =
        |all: &[&Subject]| all.iter().map(|by| format!("{}@post.example", by.name)).collect::<BTreeSet<_>>();
    assert_eq!(to(-45).await, names(&[&late, &edge]));
    assert_eq!(to(-11).await, names(&[]));
    assert_eq!(to(-10).await, names(&[&early]));
    assert_eq!(to(1).await, names(&[&early, &edge]), "what is late waits for the morning");
    assert_eq!(to(9).await, names(&[]));
    assert_eq!(to(10).await, names(&[&late]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_says_not_now_is_followed_by_a_pause_of_that_address_alone() {
    let house = House::new(&["opphold-1"]).await;
    let (node, (limit, _)) = (house.node(), house.first_limit());
    house.told("kari", choice(&[NoticeKind::Due])).await;
    house.told("ola", choice(&[NoticeKind::Due])).await;
    house.stub.answers("RCPT TO:<kari@", "451 4.7.1 <kari@post.example> later");
    let begin = limit - minutes(30);
    assert_eq!(house.came(&node, begin).await.len(), 1);
    let before = house.stub.said().len();
    assert_eq!(house.came(&node, begin + SignedDuration::from_secs(59)).await, []);
    assert_eq!(house.stub.said().len(), before, "nobody is asked before the pause is over");
    house.stub.answers_as_usual();
    let came = house.came(&node, begin + minutes(1)).await;
    assert!(came.len() == 1 && came[0].0 == "kari@post.example", "{came:?}");
    assert!(house.metrics.text().contains("samspill_notices_total{outcome=\"later\"} 1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_nothing_from_us_turns_nobodys_notices_off() {
    let house = House::new(&["opphold-1"]).await;
    let (node, (limit, _)) = (house.node(), house.first_limit());
    let mut people = Vec::new();
    for login in ["kari", "ola", "per"] {
        people.push(house.told(login, choice(&[NoticeKind::Due])).await);
    }
    house.stub.answers("RCPT", "530 5.7.1 log in first");
    for minute in [40, 38, 36, 34, 32] {
        let Outcome::Failed { says } = node.run(limit - minutes(minute)).await else {
            panic!("it takes nothing")
        };
        assert!(says.contains("says 530"), "{says}");
    }
    for by in &people {
        assert_eq!(house.notices().of(&by.account).await.unwrap().state, NoticeState::On);
    }
    assert_eq!(house.stub.taken(), []);
    house.stub.answers_as_usual();
    assert_eq!(house.came(&node, limit - minutes(30)).await.len(), 3, "nothing was lost");
    assert_eq!(house.came(&node, limit - minutes(28)).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_are_never_answered_hold_nobody_else_up() {
    for slow in [&["kari"][..], &["per"], &["kari", "ola"], &["ola", "per"]] {
        let house = House::new(&["opphold-1"]).await;
        let (limit, _) = house.first_limit();
        for login in ["kari", "ola", "per"] {
            house.told(login, choice(&[NoticeKind::Due])).await;
        }
        for login in slow {
            house.stub.answers(&format!("RCPT TO:<{login}@"), "~");
        }
        let timeout = Duration::from_millis(500);
        let node = house.node_to(&MailConfig { timeout, ..house.stub.config() });
        let mut came = Vec::new();
        for minute in [40, 39] {
            node.run(limit - minutes(minute)).await;
            came.extend(house.stub.taken());
        }
        assert_eq!(came.len(), 3 - slow.len(), "{slow:?}: {came:?}");
        house.stub.answers_as_usual();
        assert_eq!(house.came(&node, limit - minutes(10)).await.len(), slow.len(), "{slow:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_refused_is_left_alone_until_it_is_proved_again() {
    let house = House::new(&["opphold-1"]).await;
    let (node, (limit, _)) = (house.node(), house.first_limit());
    let kari = house.told("kari", choice(&[NoticeKind::Due])).await;
    house.stub.answers("RCPT TO:<kari@", "550 5.1.1 <kari@post.example> unknown");
    assert_eq!(house.came(&node, limit - minutes(30)).await, []);
    house.stub.answers_as_usual();
    assert_eq!(house.came(&node, limit - minutes(20)).await, []);
    let kept = house.notices().of(&kari.account).await.unwrap();
    assert_eq!((kept.state, kept.choice.is_verified), (NoticeState::Refused, false));
    house.notices().ask_again(doing(&kari, limit - minutes(15))).await.unwrap();
    assert_eq!(house.came(&node, limit - minutes(14)).await.len(), 1, "the link");
    assert!(house.metrics.text().contains("samspill_notices_total{outcome=\"refused\"} 1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_that_is_away_didnt_get_comes_when_it_is_back() {
    let house = House::new(&["opphold-1"]).await;
    let (limit, _) = house.first_limit();
    house.told("kari", choice(&[NoticeKind::Due])).await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let away = house.node_to(&MailConfig { port: nobody, ..house.stub.config() });
    for minute in [40, 35, 30] {
        let Outcome::Failed { says } = away.run(limit - minutes(minute)).await else { panic!("it is away") };
        assert!(says.contains("can't be reached") && !says.contains("kari"), "{says}");
    }
    assert_eq!(house.came(&house.node(), limit - minutes(20)).await.len(), 1);
    assert_eq!(house.came(&house.node(), limit - minutes(19)).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_broke_off_in_the_middle_is_sent_once_more_at_the_most() {
    let house = House::new(&["opphold-1"]).await;
    let (node, (limit, _)) = (house.node(), house.first_limit());
    house.told("kari", choice(&[NoticeKind::Due])).await;
    // It is taken, and the line ends before anybody is told.
    house.stub.answers(".", "-");
    let mut letters = Vec::new();
    for minute in [40, 30, 20, 10] {
        node.run(limit - minutes(minute)).await;
        letters.extend(house.stub.taken());
    }
    assert_eq!(letters.len(), 2, "{letters:?}");
    let id = |text: &str| text.lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned();
    assert_eq!(id(&letters[0].1), id(&letters[1].1), "to mail programs it is the same letter");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_node_that_stopped_had_claimed_another_tells_after_a_while() {
    let house = House::new(&["opphold-1"]).await;
    let (node, (limit, count)) = (house.node(), house.first_limit());
    let kari = house.told("kari", choice(&[NoticeKind::Due])).await;
    let begin = limit - minutes(40);
    let news = house.news(&kari, begin);
    assert_eq!(house.notices().claim(&kari.account, news, begin).await.unwrap().len(), count);
    assert_eq!(house.came(&node, begin + minutes(9)).await, []);
    assert_eq!(house.came(&node, begin + minutes(10)).await.len(), 1);
    assert_eq!(house.came(&node, begin + minutes(30)).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_of_what_is_not_theirs() {
    let house = House::new(&["opphold-1"]).await;
    let (node, (limit, _)) = (house.node(), house.first_limit());
    let kari = house.told("kari", choice(&NoticeKind::ALL)).await;
    house.told("bare-mine", Choice { scope: Scope::Mine, ..choice(&[NoticeKind::Due]) }).await;
    // Who keeps accounts sees no stays; a role, or an account, may be over.
    for (login, role) in [("styrer", Role::Administrator), ("sluttet", Role::CaseOffice)] {
        let by = house.account(login, role, "Nesodal").await;
        house.choose(&by, choice(&[NoticeKind::Due])).await;
        house.node().run(at(6)).await;
        house.notices().confirm(&house.token(), doing(&by, at(7))).await.unwrap();
        if login == "sluttet" {
            house.app().parts().accounts.close(&by.account, at(8)).await.unwrap();
        }
    }
    let to: Vec<String> =
        house.came(&node, limit - minutes(30)).await.into_iter().map(|(to, _)| to).collect();
    assert_eq!(to, ["kari@post.example"]);
    // The hospital waits for it, and isn't told.
    let post = house.account("post", Role::Coordination, "Fjordheim").await;
    let keys = |by: &Subject| house.news(by, limit).into_iter().map(|it| it.key).collect::<BTreeSet<_>>();
    assert!(!keys(&kari).is_empty() && keys(&kari).is_disjoint(&keys(&post)));
    // What a colleague has taken on is theirs.
    let stays = house.app().live().stays();
    let desk = Desk::new(house.store.clone(), house.config.node.community.clone());
    let mine = house.app().parts().accounts.by_login("bare-mine").await.unwrap().unwrap();
    for duty in stays[0].row.undone.iter().filter(|duty| duty.holder == "kommune") {
        let (case, duty) = (stays[0].row.case.clone(), duty_at(&duty.key(), &kari.party));
        let (to, to_name, by) = (mine.id.clone(), mine.name.clone(), kari.name.clone());
        desk.assign(&Assignment { case, duty, to, to_name, by, at: limit }).await.unwrap();
    }
    let to: Vec<String> = house.came(&node, limit + minutes(1)).await.into_iter().map(|(to, _)| to).collect();
    assert!(!to.contains(&"kari@post.example".to_owned()), "it isn't kari's any more: {to:?}");
    assert!(house.came(&node, limit - minutes(1)).await.iter().any(|(to, _)| to == "bare-mine@post.example"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_letter_says_anything_of_a_patient() {
    let house = House::new(&["opphold-1", "opphold-2"]).await;
    let (limit, _) = house.first_limit();
    house.told("kari", choice(&NoticeKind::ALL)).await;
    let mut letters = house.came(&house.node(), limit - minutes(30)).await;
    letters.extend(house.came(&house.node(), limit + minutes(30)).await);
    assert_eq!(letters.len(), 2);
    let mut secret = BTreeSet::from(["Kristoffer".to_owned(), "Nordvik".to_owned(), "kommune".to_owned()]);
    for case in ["opphold-1", "opphold-2"] {
        for entry in house.store.case_entries(&house.config.node.community, case).await.unwrap() {
            secret.extend(
                [Some(entry.case), Some(entry.kind), entry.person, entry.from, entry.to]
                    .into_iter()
                    .flatten(),
            );
            secret.extend(entry.facts.into_keys());
        }
    }
    let duties = house.app().live().stays();
    secret.extend(duties.iter().flat_map(|stay| &stay.row.undone).map(|duty| duty.duty.clone()));
    assert!(secret.len() > 10, "{secret:?}");
    for (_, text) in &letters {
        let text = text.to_lowercase();
        let found: Vec<_> = secret.iter().filter(|it| text.contains(&it.to_lowercase())).collect();
        assert!(found.is_empty(), "{found:?} in {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_is_sealed_in_the_store_and_each_change_is_in_the_access_log() {
    let house = House::new(&[]).await;
    let kari = house.told("kari", choice(&NoticeKind::ALL)).await;
    let row = house.store.notice(&house.config.node.community, &kari.account).await.unwrap().unwrap();
    assert!(!row.sealed.windows(4).any(|bytes| bytes == b"kari") && row.sealed.len() > 64);
    let kept = house.notices().of(&kari.account).await.unwrap();
    assert!(!format!("{kept:?}").contains("post.example"));
    house.notices().forget(kept.version, doing(&kari, at(9))).await.unwrap();
    assert_eq!(house.notices().of(&kari.account).await.unwrap().choice.address, "");
    let filter = samspill_store::AccessFilter { account: Some(kari.account.clone()), ..Default::default() };
    let rows = house.store.accesses(&house.config.node.community, &filter, None, 9).await.unwrap();
    let details: Vec<&str> = rows.iter().map(|row| row.access.detail.as_str()).collect();
    assert_eq!(details, ["varsler slettet", "varsler bekreftet", "varsler på"]);
    let stale = house.notices().forget(kept.version, doing(&kari, at(9))).await;
    assert!(matches!(stale, Err(NoticeError::Changed)), "{stale:?}");
}
