//! Open stays in memory say what the log says, and cost what has changed.
#![expect(clippy::unwrap_used, reason = "helpers of tests end the test where a test itself would")]

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use samspill_base::{Entry, Position, Value};
use samspill_service::{
    access::{Ends, Involvement, Protection},
    audit::{KeyRing, MailSeal, Person, PersonRegister},
    exchange::meaning::AddressBook,
    live::{Change, Live},
    people::SystemRandom,
    projections::{Agreements, Board, Paging, Projections},
};
use samspill_store::{Append, AppendKey, CommunityId, Options, Place, Store};
use tempfile::TempDir;
use tokio::sync::broadcast::error::TryRecvError;

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

    [[part]]
    navn = "Utvær"
    rolle = "kommune"
    virksomhet = { navn = "Utvær kommune", her = "8300001" }
"#;

struct Bench {
    store: Store,
    projections: Projections,
    folder: TempDir,
}

fn nord() -> CommunityId {
    CommunityId::new("nord").unwrap()
}

fn at(hours: i64) -> Timestamp {
    let start: Timestamp = "2025-02-03T08:00:00+01:00".parse().unwrap();
    start + SignedDuration::from_hours(hours)
}

fn admitted(case: &str, hours: i64) -> Entry {
    let mut entry = Entry::new(case, "innlagt", Position(0), at(hours));
    entry.from = Some("Medisinsk post".to_owned());
    entry.person = Some(format!("person-{case}"));
    for (name, value) in [
        ("agreement", Value::text("unn")),
        ("fagomrade", Value::text("somatikk")),
        ("oppholdskommune", Value::text("Nesodal")),
        ("kommunale-tjenester", Value::Bool(true)),
        ("kommunalt-behov", Value::Bool(true)),
    ] {
        entry.facts.insert(name.to_owned(), value);
    }
    entry
}

fn entry(case: &str, kind: &str, hours: i64) -> Entry {
    let mut entry = Entry::new(case, kind, Position(0), at(hours));
    entry.from = Some("Medisinsk post".to_owned());
    entry
}

/// As a node with keys has it.
fn sealing(projections: &Projections) -> Options {
    let seal = MailSeal::new(KeyRing::for_demo(), Arc::new(SystemRandom));
    Options { projections: projections.all(), seal: Some(Arc::new(seal)), ..Options::default() }
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let projections = Projections::new(Agreements::find(&["unn"]).unwrap());
        let options = sealing(&projections);
        let store = Store::open(&Place::file(folder.path().join("samspill.db")), options).await.unwrap();
        Self { store, projections, folder }
    }

    /// Another process on the same database.
    async fn beside(&self) -> Store {
        let options = sealing(&self.projections);
        Store::open(&Place::file(self.folder.path().join("samspill.db")), options).await.unwrap()
    }

    async fn live(&self, now: Timestamp) -> Live {
        let book = Arc::new(AddressBook::read(BOOK).unwrap());
        Live::open(&self.store, &nord(), &self.projections, book, now).await.unwrap()
    }

    async fn append(&self, key: &str, entries: Vec<Entry>) {
        append(&self.store, key, entries).await;
    }
}

async fn append(store: &Store, key: &str, entries: Vec<Entry>) {
    let recorded = entries.iter().map(|entry| entry.happened).max().unwrap();
    let append = Append { key: AppendKey::new(key).unwrap(), recorded, entries };
    store.append(&nord(), &append).await.unwrap();
}

fn cases(live: &Live) -> Vec<String> {
    live.stays().iter().map(|line| line.row.case.clone()).collect()
}

fn told(changes: &mut tokio::sync::broadcast::Receiver<Change>) -> Vec<(u64, String)> {
    std::iter::from_fn(|| changes.try_recv().ok()).map(|change| (change.position.0, change.case)).collect()
}

/// The list is the one that the board reads from the database, whatever the time and however it came to be.
async fn check_against_board(bench: &Bench, live: &Live, now: Timestamp) {
    let board = Board { store: &bench.store, community: &nord(), projections: &bench.projections };
    let all = Paging { skip: 0, limit: usize::MAX };
    let rows = board.stays(now, all).await.unwrap().rows;
    let lines: Vec<String> = rows.iter().map(|row| row.case.clone()).collect();
    assert_eq!(cases(live), lines, "at {now}");
    for (row, line) in rows.iter().zip(live.stays().iter()) {
        let read = |row: &samspill_service::projections::StayRow| {
            (
                row.next_duty(now).cloned().map(|duty| (duty.duty, duty.due)),
                row.overdue(now),
                row.meters.clone(),
                row.phases.clone(),
            )
        };
        assert_eq!(read(row), read(&line.row), "{} at {now}", row.case);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_into_the_log_is_in_the_list_and_told_once() {
    let bench = Bench::new().await;
    bench.append("1", vec![admitted("a", 0)]).await;
    let live = bench.live(at(1)).await;
    let mut changes = live.changes();
    assert_eq!((cases(&live), live.position()), (vec!["a".to_owned()], Position(1)));
    bench.append("2", vec![admitted("b", 2), entry("a", "tidligmelding", 2)]).await;
    let caught_up = live.catch_up(at(2)).await.unwrap();
    assert_eq!((caught_up.position, caught_up.changed, caught_up.more), (Position(3), 2, false));
    assert_eq!(told(&mut changes), [(2, "b".to_owned()), (3, "a".to_owned())]);
    assert_eq!(live.catch_up(at(2)).await.unwrap().changed, 0);
    assert_eq!(changes.try_recv(), Err(TryRecvError::Empty));
    let shown = live.stay("a").unwrap();
    assert_eq!((shown.last_position, shown.first, shown.last), (3, at(0), at(2)));
    assert_eq!(shown.persons, ["person-a"]);
    check_against_board(&bench, &live, at(2)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_node_writes_is_seen_too() {
    let bench = Bench::new().await;
    let live = bench.live(at(0)).await;
    let other = bench.beside().await;
    append(&other, "1", vec![admitted("a", 0)]).await;
    live.catch_up(at(0)).await.unwrap();
    assert_eq!(cases(&live), ["a"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_says_who_took_part_before_and_who_does_now() {
    let bench = Bench::new().await;
    bench.append("1", vec![entry("a", "innlagt", 0)]).await;
    let live = bench.live(at(1)).await;
    let mut changes = live.changes();
    let to = |mut entry: Entry, to: &str| {
        entry.to = Some(to.to_owned());
        entry
    };
    bench.append("2", vec![to(entry("a", "tidligmelding", 1), "Nesodal")]).await;
    live.catch_up(at(1)).await.unwrap();
    let change = changes.try_recv().unwrap();
    let parties =
        |stay: Option<Arc<Involvement>>| stay.map(|it| it.parties.iter().cloned().collect::<Vec<_>>());
    assert_eq!(parties(change.before), Some(vec!["Fjordheim".to_owned()]));
    assert_eq!(parties(change.after), Some(vec!["Fjordheim".to_owned(), "Nesodal".to_owned()]));
    bench.append("3", vec![to(entry("b", "innlagt", 2), "")]).await;
    live.catch_up(at(2)).await.unwrap();
    assert_eq!(parties(changes.try_recv().unwrap().before), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn time_alone_moves_stays_as_evaluating_them_would() {
    let bench = Bench::new().await;
    bench
        .append("1", vec![admitted("a", 0), admitted("b", 3), entry("b", "melding-om-innlagt-pasient", 4)])
        .await;
    let live = bench.live(at(4)).await;
    let mut changes = live.changes();
    for hours in [5, 24, 25, 28, 29, 40, 50, 100, 500] {
        live.catch_up(at(hours)).await.unwrap();
        check_against_board(&bench, &live, at(hours)).await;
    }
    let moved = told(&mut changes);
    assert!(!moved.is_empty() && moved.iter().all(|(position, _)| *position == 3), "{moved:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stay_that_is_settled_leaves_the_list_and_who_took_part_is_still_known() {
    let bench = Bench::new().await;
    let mut foreign = entry("nedetid", "ukjent-hendelse", 0);
    foreign.from = Some("Nesodal kommune".to_owned());
    bench.append("1", vec![admitted("a", 0), foreign]).await;
    let live = bench.live(at(0)).await;
    assert_eq!(cases(&live), ["a"]);
    let settled = live.involvement_of("nedetid", at(0)).await.unwrap().unwrap();
    assert!(!settled.is_open && settled.has("Nesodal"));
    assert!(live.involvement_of("a", at(0)).await.unwrap().unwrap().is_open);
    assert_eq!(live.involvement_of("ingen", at(0)).await.unwrap(), None);
}

/// What a line says of its entries' ends is what deciding on the entries one by one says.
#[tokio::test(flavor = "multi_thread")]
async fn a_line_says_which_entries_lie_between_whom() {
    let bench = Bench::new().await;
    let message = |case: &str, to: &str, hours| {
        let mut message = entry(case, "tidligmelding", hours);
        message.to = Some(to.to_owned());
        message
    };
    let shared = [message("a", "Nesodal", 1), message("a", "Utvær", 2), message("a", "Utvær kommune", 3)];
    let two = [admitted("b", 0), message("b", "Nesodal", 1)];
    bench.append("1", [vec![admitted("a", 0)], shared.into(), two.into()].concat()).await;
    let live = bench.live(at(4)).await;
    let book = AddressBook::read(BOOK).unwrap();
    let entries = bench.store.case_entries(&nord(), "a").await.unwrap();
    let stay = live.stay("a").unwrap();
    for (party, hidden) in [("Fjordheim", vec![]), ("Nesodal", vec![3, 4]), ("Utvær", vec![2])] {
        let sees = |ends: &Ends| ends.to.is_none() || ends.has(party);
        let one_by_one = entries.iter().filter(|entry| !sees(&Ends::of(entry, &book)));
        assert_eq!(one_by_one.map(|entry| entry.position.0).collect::<Vec<_>>(), hidden, "{party}");
        assert_eq!(stay.apart.hidden(sees), hidden.into_iter().collect(), "{party}");
    }
    assert_eq!(stay.apart.findings_but(&[].into()), stay.row.findings);
    assert!(live.stay("b").unwrap().apart.hidden(|_| false).is_empty(), "between two nothing is hidden");
}

/// A list that was given stays as it was: pages that are being made aren't disturbed.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_was_given_does_not_change() {
    let bench = Bench::new().await;
    bench.append("1", vec![admitted("a", 0)]).await;
    let live = bench.live(at(0)).await;
    let before = live.stays();
    bench.append("2", vec![admitted("b", 1)]).await;
    live.catch_up(at(1)).await.unwrap();
    assert_eq!((before.len(), live.stays().len()), (1, 2));
    assert!(Arc::ptr_eq(&before[0], &live.stay("a").unwrap()), "lines that didn't change are shared");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_follows_until_it_is_told_to_stop() {
    let bench = Bench::new().await;
    let live = bench.live(at(0)).await;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stop_when = async move { drop(stopped.await) };
    let task = tokio::spawn(live.clone().follow(|| at(1), Duration::from_millis(5), stop_when));
    let mut changes = live.changes();
    bench.append("1", vec![admitted("a", 0)]).await;
    let change = tokio::time::timeout(Duration::from_secs(20), changes.recv()).await.unwrap().unwrap();
    assert_eq!(change.case, "a");
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(20), task).await.unwrap().unwrap();
}

/// Streams and boards look when they are told; what they didn't find then they would find with the next change only.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_told_of_a_change_finds_it() {
    let bench = Bench::new().await;
    let live = bench.live(at(0)).await;
    let (mut changes, looking) = (live.changes(), live.clone());
    let listener = tokio::spawn(async move {
        let mut missing = Vec::new();
        for _ in 0..40 {
            let change = changes.recv().await.unwrap();
            let is_listed = looking.stays().iter().any(|line| line.row.case == change.case);
            if !is_listed || looking.position() < change.position {
                missing.push(change.case);
            }
        }
        missing
    });
    bench.append("1", (0..40).map(|number| admitted(&format!("c{number}"), 0)).collect()).await;
    live.catch_up(at(0)).await.unwrap();
    assert_eq!(listener.await.unwrap(), Vec::<String>::new());
}

/// Many who write while it catches up, on a store of their own: nothing is passed over, and nothing is told twice.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_passed_over_while_others_write() {
    let bench = Bench::new().await;
    let live = bench.live(at(0)).await;
    let mut changes = live.changes();
    let writers = (0..4).map(|writer| {
        let store = bench.store.clone();
        tokio::spawn(async move {
            for number in 0..10 {
                let case = format!("{writer}-{number}");
                append(&store, &case, vec![admitted(&case, 0)]).await;
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    for _ in 0..20 {
        live.catch_up(at(0)).await.unwrap();
    }
    for writer in writers {
        writer.await.unwrap();
    }
    live.catch_up(at(0)).await.unwrap();
    let told = told(&mut changes);
    assert_eq!(told.iter().map(|(position, _)| *position).collect::<Vec<_>>(), (1..=40).collect::<Vec<_>>());
    assert_eq!(cases(&live).len(), 40);
}

/// With ten times as many open stays, one append costs about the same: what is copied is a list of pointers.
#[tokio::test(flavor = "multi_thread")]
async fn catching_up_costs_what_has_changed() {
    let bench = Bench::new().await;
    let many: Vec<Entry> = (0..600).map(|number| admitted(&format!("m{number:05}"), 0)).collect();
    bench.append("many", many).await;
    let live = bench.live(at(1)).await;
    assert_eq!(live.stays().len(), 600);
    let before = live.stays();
    bench.append("one", vec![entry("m00300", "tidligmelding", 1)]).await;
    let caught_up = live.catch_up(at(1)).await.unwrap();
    assert_eq!(caught_up.changed, 1);
    let shared =
        live.stays().iter().filter(|line| before.iter().any(|other| Arc::ptr_eq(line, other))).count();
    assert_eq!(shared, 599, "no other line was made anew");
}

/// Whose identity is protected may stand in the register of persons alone.
#[tokio::test(flavor = "multi_thread")]
async fn protection_is_the_stricter_of_what_log_and_register_say() {
    let bench = Bench::new().await;
    let register = PersonRegister::new(bench.store.clone(), nord(), KeyRing::for_demo());
    let person = Person { id: "person-a".to_owned(), protection: Protection::Identity, ..Person::default() };
    register.put(&person, &SystemRandom, at(0)).await.unwrap();
    let mut known = admitted("b", 0);
    known.facts.insert("adressegradering".to_owned(), Value::text("fortrolig"));
    bench.append("1", vec![admitted("a", 0), known, admitted("c", 0)]).await;
    let book = Arc::new(AddressBook::read(BOOK).unwrap());
    let (store, rows) = (&bench.store, &bench.projections);
    let live = Live::open_with_register(store, &nord(), rows, book, register, at(0)).await.unwrap();
    let protection = |case: &str| live.stay(case).unwrap().involvement.protection;
    assert_eq!(
        ["a", "b", "c"].map(protection),
        [Protection::Identity, Protection::Address, Protection::None]
    );
}

/// The register is followed as the log is: nobody waits for an entry, or for midnight.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_protection_is_followed_at_once_and_told() {
    let bench = Bench::new().await;
    let register = PersonRegister::new(bench.store.clone(), nord(), KeyRing::for_demo());
    bench.append("1", vec![admitted("a", 0), admitted("b", 0)]).await;
    let book = Arc::new(AddressBook::read(BOOK).unwrap());
    let (store, rows) = (&bench.store, &bench.projections);
    let live = Live::open_with_register(store, &nord(), rows, book, register.clone(), at(0)).await.unwrap();
    let protection = |case: &str| live.stay(case).unwrap().involvement.protection;
    let mut changes = live.changes();
    for (wanted, is_new) in [
        (Protection::Identity, true),
        (Protection::Identity, false),
        (Protection::Address, true),
        (Protection::None, true),
    ] {
        register.protect("person-a", wanted, &SystemRandom, at(1)).await.unwrap();
        let caught_up = live.catch_up(at(1)).await.unwrap();
        assert_eq!((caught_up.changed, protection("a")), (usize::from(is_new), wanted));
        assert_eq!(
            live.stays().iter().find(|line| line.row.case == "a").unwrap().involvement.protection,
            wanted
        );
        assert_eq!(protection("b"), Protection::None);
        let told = changes.try_recv().ok().map(|change| (change.case, change.after.unwrap().protection));
        assert_eq!(told, is_new.then(|| ("a".to_owned(), wanted)));
    }
    // Somebody who is in no stay changes nothing.
    register.protect("person-z", Protection::Identity, &SystemRandom, at(1)).await.unwrap();
    assert_eq!(live.catch_up(at(1)).await.unwrap().changed, 0);
}

#[tokio::test]
async fn what_was_not_done_in_its_time_is_left_over_two_weeks_after_all_else_and_not_while_the_patient_is_there()
 {
    let bench = Bench::new().await;
    bench.append("1", vec![admitted("a", 0), admitted("b", 0), entry("a", "utskrevet", 30)]).await;
    let live = bench.live(at(31)).await;
    let (over, there) = (live.stay("a").unwrap(), live.stay("b").unwrap());
    assert!(!over.row.is_going_on && there.row.is_going_on && !over.row.undone.is_empty());
    let limits = over.row.undone.iter().map(|duty| duty.due.instant().unwrap_or(duty.triggered));
    let last = limits.chain([over.last]).max().unwrap();
    let two_weeks = SignedDuration::from_hours(14 * 24);
    let edge = last + two_weeks;
    assert!(!over.is_left_over(edge), "exactly two weeks after it isn't yet");
    assert!(over.is_left_over(edge + SignedDuration::from_nanos(1)));
    assert!(!there.is_left_over(edge + SignedDuration::from_hours(365 * 24)));
    // What happens in it brings it back.
    let late = 31 + 14 * 24 * 2;
    bench.append("2", vec![entry("a", "epikrise", late)]).await;
    live.catch_up(at(late)).await.unwrap();
    assert!(!live.stay("a").unwrap().is_left_over(at(late + 1)));
}
