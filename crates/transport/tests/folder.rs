//! A watched folder loses nothing, brings nothing twice, and takes nothing half.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use samspill_transport::{
    Channel, FaultReport, Health, SendFault, Settle,
    folder::{Folder, FolderOptions},
};
use support::{next, parcel, parcel_in, until};
use tempfile::TempDir;

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: TempDir::new().unwrap() };
        for name in ["inn", "ut", "ferdig", "avvist"] {
            fs::create_dir(place.path(name)).unwrap();
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn options(&self) -> FolderOptions {
        FolderOptions {
            poll: Duration::from_millis(20),
            file_bytes_max: 1000,
            later_first: Duration::from_millis(30),
            later_longest: Duration::from_millis(60),
            ..FolderOptions::new("mappe", self.folder.path())
        }
    }

    fn channel(&self) -> Folder {
        Folder::new(self.options())
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.path("inn").join(name), text).unwrap();
    }

    /// The names in a folder, without those that the channel needs for itself.
    fn names(&self, folder: &str) -> Vec<String> {
        names(&self.path(folder)).into_iter().filter(|name| !name.starts_with(".node-")).collect()
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn set_time(path: &Path, seconds: u64) {
    let time = std::time::UNIX_EPOCH + Duration::from_secs(seconds);
    fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

/// Nothing comes in the time of several looks.
async fn nothing_comes(channel: &Folder) {
    let waited = tokio::time::timeout(Duration::from_millis(300), channel.receive()).await;
    assert!(waited.is_err(), "{waited:?}");
}

fn fault() -> FaultReport {
    FaultReport {
        about: String::new(),
        condition: "transport:not-well-formed-xml".into(),
        says: "Filen er ikke XML.".into(),
        at: None,
    }
}

#[tokio::test]
async fn files_come_oldest_first_and_then_by_name_and_end_in_the_done_folder() {
    let place = Place::new();
    for (name, seconds) in [("b.xml", 100), ("a.xml", 100), ("c.xml", 50)] {
        place.put(name, name);
        set_time(&place.path("inn").join(name), seconds);
    }
    let channel = place.channel();
    for name in ["c.xml", "a.xml", "b.xml"] {
        let arrival = next(&channel).await;
        let parcel = parcel_in(&arrival);
        assert_eq!(parcel.bytes, name.as_bytes());
        assert_eq!(parcel.made.as_second(), if name == "c.xml" { 50 } else { 100 });
        arrival.settle(Settle::Taken).await;
    }
    assert_eq!(place.names("ferdig"), ["a.xml", "b.xml", "c.xml"]);
    assert_eq!(place.names("inn"), [""; 0]);
    assert_eq!(channel.health(), Health::Up);
}

#[tokio::test]
async fn a_file_of_a_name_that_is_taken_in_the_done_folder_gets_a_number() {
    let place = Place::new();
    fs::write(place.path("ferdig").join("x.xml"), "gammel").unwrap();
    place.put("x.xml", "ny");
    next(&place.channel()).await.settle(Settle::Taken).await;
    assert_eq!(place.names("ferdig"), ["x.2.xml", "x.xml"]);
    assert_eq!(fs::read_to_string(place.path("ferdig").join("x.xml")).unwrap(), "gammel");
    assert_eq!(fs::read_to_string(place.path("ferdig").join("x.2.xml")).unwrap(), "ny");
}

#[tokio::test]
async fn a_file_that_a_node_was_moving_when_it_died_is_in_the_done_folder_once() {
    let place = Place::new();
    // It has its name there already, and was not yet taken away here.
    fs::write(place.path("ferdig").join("x.xml"), "x").unwrap();
    place.put("x.xml", "x");
    let channel = place.channel();
    next(&channel).await.settle(Settle::Taken).await;
    nothing_comes(&channel).await;
    assert_eq!(place.names("ferdig"), ["x.xml"]);
    assert_eq!(place.names("inn"), [""; 0]);
}

#[tokio::test]
async fn a_file_is_moved_to_a_folder_on_another_disk() {
    let (place, other) = (Place::new(), TempDir::new_in("/dev/shm"));
    let Ok(other) = other else {
        println!("skipped: there is no other disk to move to");
        return;
    };
    let options = FolderOptions { done: Some(other.path().to_owned()), ..place.options() };
    let channel = Folder::new(options);
    for text in ["gammel", "ny", "ny"] {
        place.put("x.xml", text);
        next(&channel).await.settle(Settle::Taken).await;
    }
    assert_eq!(names(other.path()), ["x.2.xml", "x.xml"]);
    assert_eq!(fs::read_to_string(other.path().join("x.2.xml")).unwrap(), "ny");
    assert_eq!(place.names("inn"), [""; 0]);
}

#[tokio::test]
async fn hidden_and_half_written_files_folders_and_links_are_left_alone() {
    let place = Place::new();
    for name in [".skjult.xml", "x.part", "x.tmp"] {
        place.put(name, "x");
    }
    fs::create_dir(place.path("inn").join("undermappe.xml")).unwrap();
    fs::write(place.path("hemmelig"), "hemmelig").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(place.path("hemmelig"), place.path("inn").join("lenke.xml")).unwrap();
    let channel = place.channel();
    nothing_comes(&channel).await;
    fs::rename(place.path("inn").join("x.part"), place.path("inn").join("x.xml")).unwrap();
    assert_eq!(parcel_in(&next(&channel).await).bytes, b"x");
}

#[tokio::test]
async fn a_file_that_grows_is_waited_for() {
    let place = Place::new();
    let options = FolderOptions { poll: Duration::from_millis(200), ..place.options() };
    let channel = Folder::new(options);
    let mut text = String::new();
    let waiting = channel.receive();
    tokio::pin!(waiting);
    for _ in 0..20 {
        text.push('x');
        place.put("x.xml", &text);
        let early = tokio::time::timeout(Duration::from_millis(30), &mut waiting).await;
        if let Ok(arrival) = early {
            // On a machine so slow that a look lies between two writings, what came is what was there.
            assert!(text.as_bytes().starts_with(&parcel_in(&arrival).bytes));
            return;
        }
    }
    assert_eq!(parcel_in(&waiting.await).bytes, text.as_bytes());
}

#[tokio::test]
async fn later_and_dropped_come_again() {
    let place = Place::new();
    place.put("x.xml", "x");
    let channel = place.channel();
    let first = next(&channel).await;
    let id = parcel_in(&first).id.clone();
    first.settle(Settle::Later).await;
    let second = next(&channel).await;
    assert_eq!(parcel_in(&second).id, id);
    drop(second);
    let third = next(&channel).await;
    assert_eq!(parcel_in(&third).id, id);
    nothing_comes(&channel).await;
    third.settle(Settle::Taken).await;
    nothing_comes(&channel).await;
    assert_eq!(place.names("ferdig"), ["x.xml"]);
}

#[tokio::test]
async fn one_that_waits_does_not_hold_up_the_others() {
    let place = Place::new();
    place.put("a.xml", "a");
    let options = FolderOptions { later_first: Duration::from_hours(1), ..place.options() };
    let channel = Folder::new(FolderOptions { later_longest: Duration::from_hours(1), ..options });
    next(&channel).await.settle(Settle::Later).await;
    place.put("b.xml", "b");
    assert_eq!(parcel_in(&next(&channel).await).bytes, b"b");
}

#[tokio::test]
async fn a_refused_file_lies_beside_the_reason() {
    let place = Place::new();
    place.put("x.xml", "x");
    next(&place.channel()).await.settle(Settle::Refused(fault())).await;
    assert_eq!(place.names("avvist"), ["x.xml", "x.xml.why.txt"]);
    let why = fs::read_to_string(place.path("avvist").join("x.xml.why.txt")).unwrap();
    assert!(why.contains("Filen er ikke XML.") && why.contains("transport:not-well-formed-xml"), "{why}");
    assert_eq!(place.names("inn"), [""; 0]);
}

#[tokio::test]
async fn a_file_over_the_limit_is_refused_unread() {
    let place = Place::new();
    let channel = place.channel();
    for (name, bytes) in [("under.xml", 999), ("on.xml", 1000)] {
        place.put(name, &"x".repeat(bytes));
        let arrival = next(&channel).await;
        assert_eq!(parcel_in(&arrival).bytes.len(), bytes);
        arrival.settle(Settle::Taken).await;
    }
    place.put("over.xml", &"x".repeat(1001));
    nothing_comes(&channel).await;
    assert_eq!(place.names("avvist"), ["over.xml", "over.xml.why.txt"]);
}

#[tokio::test]
async fn two_nodes_on_a_folder_bring_each_file_once() {
    let place = Place::new();
    for number in 0..60 {
        place.put(&format!("{number}.xml"), &number.to_string());
    }
    let nodes = [place.channel(), place.channel()];
    let read = |channel: &'static Folder| async move {
        let mut texts = Vec::new();
        while let Ok(arrival) = tokio::time::timeout(Duration::from_secs(1), channel.receive()).await {
            texts.push(String::from_utf8(parcel_in(&arrival).bytes.clone()).unwrap());
            arrival.settle(Settle::Taken).await;
        }
        texts
    };
    let [one, other] = nodes.map(|node| &*Box::leak(Box::new(node)));
    let (texts, others) = tokio::join!(read(one), read(other));
    let mut all: Vec<u32> = texts.iter().chain(&others).map(|text| text.parse().unwrap()).collect();
    all.sort_unstable();
    assert_eq!(all, (0..60).collect::<Vec<_>>());
    assert_eq!(place.names("ferdig").len(), 60);
}

#[tokio::test]
async fn what_a_node_had_when_it_died_comes_to_another() {
    let place = Place::new();
    place.put("x.xml", "x");
    let (node, other) = (place.channel(), place.channel());
    let held = next(&node).await;
    nothing_comes(&other).await;
    // A process that dies lets go of its locks, and does nothing more.
    std::mem::forget(held);
    node.close().await;
    let arrival = next(&other).await;
    assert_eq!(parcel_in(&arrival).bytes, b"x");
    arrival.settle(Settle::Taken).await;
    assert_eq!(place.names("ferdig"), ["x.xml"]);
}

#[tokio::test]
async fn after_a_restart_what_was_not_settled_comes_again() {
    let place = Place::new();
    let node = "0".repeat(32);
    // As a process left it that was killed: its lock file is there, and nobody holds the lock.
    fs::write(place.path("inn").join(format!(".node-{node}")), "").unwrap();
    fs::write(place.path("inn").join(format!(".taken-{node}-1-x.xml")), "x").unwrap();
    let channel = place.channel();
    next(&channel).await.settle(Settle::Taken).await;
    assert_eq!(place.names("ferdig"), ["x.xml"]);
    assert!(!place.path("inn").join(format!(".node-{node}")).exists());
}

#[tokio::test]
async fn a_folder_that_vanishes_is_down_and_comes_back_by_itself() {
    let place = Place::new();
    let channel = place.channel();
    nothing_comes(&channel).await;
    assert_eq!(channel.health(), Health::Up);
    fs::rename(place.path("inn"), place.path("borte")).unwrap();
    nothing_comes(&channel).await;
    let Health::Down { says, .. } = channel.health() else { panic!("{:?}", channel.health()) };
    assert!(says.contains("inn"), "{says}");
    fs::rename(place.path("borte"), place.path("inn")).unwrap();
    place.put("x.xml", "x");
    assert_eq!(parcel_in(&next(&channel).await).bytes, b"x");
    assert_eq!(channel.health(), Health::Up);
}

#[tokio::test]
async fn a_done_folder_that_is_missing_loses_nothing() {
    let place = Place::new();
    place.put("x.xml", "x");
    let channel = place.channel();
    let arrival = next(&channel).await;
    fs::remove_dir(place.path("ferdig")).unwrap();
    arrival.settle(Settle::Taken).await;
    assert!(matches!(channel.health(), Health::Down { .. }));
    let again = next(&channel).await;
    fs::create_dir(place.path("ferdig")).unwrap();
    again.settle(Settle::Taken).await;
    assert_eq!(place.names("ferdig"), ["x.xml"]);
}

#[tokio::test]
async fn a_waiting_receive_can_be_dropped_at_any_time() {
    let place = Place::new();
    let channel = place.channel();
    for number in 0..20 {
        place.put(&format!("{number}.xml"), &number.to_string());
    }
    let mut taken = Vec::new();
    let mut pause = 0;
    while taken.len() < 20 {
        pause = (pause + 7) % 60;
        if let Ok(arrival) = tokio::time::timeout(Duration::from_millis(pause), channel.receive()).await {
            taken.push(parcel_in(&arrival).bytes.clone());
            arrival.settle(Settle::Taken).await;
        }
    }
    taken.sort();
    taken.dedup();
    assert_eq!(taken.len(), 20);
    assert_eq!(place.names("ferdig").len(), 20);
}

#[tokio::test]
async fn a_parcel_is_written_once_under_its_kind_and_message() {
    let place = Place::new();
    let channel = place.channel();
    let mut sent = parcel(1, "10", "20");
    sent.message = "../M 1".into();
    channel.send(&sent).await.unwrap();
    channel.send(&sent).await.unwrap();
    assert_eq!(place.names("ut"), ["LOG_INNLAGT-_M_1.xml"]);
    assert_eq!(fs::read(place.path("ut").join("LOG_INNLAGT-_M_1.xml")).unwrap(), sent.bytes);
    let other = samspill_transport::Parcel { bytes: b"noe annet".to_vec(), ..sent.clone() };
    let fault = channel.send(&other).await.unwrap_err();
    assert!(
        matches!(&fault, SendFault::Refused { condition, .. } if condition == "folder:name-taken"),
        "{fault:?}"
    );
    assert_eq!(fs::read(place.path("ut").join("LOG_INNLAGT-_M_1.xml")).unwrap(), sent.bytes);
}

#[tokio::test]
async fn a_folder_out_of_reach_is_tried_again_and_a_missing_setting_is_not() {
    let place = Place::new();
    let channel = place.channel();
    fs::remove_dir(place.path("ut")).unwrap();
    let sent = parcel(1, "10", "20");
    assert!(matches!(channel.send(&sent).await, Err(SendFault::Later { .. })));
    fs::create_dir(place.path("ut")).unwrap();
    channel.send(&sent).await.unwrap();
    let one_way = Folder::new(FolderOptions { outgoing: None, ..place.options() });
    assert!(matches!(one_way.send(&sent).await, Err(SendFault::Refused { .. })));
}

#[tokio::test]
async fn what_one_folder_sends_another_receives() {
    let place = Place::new();
    let other = FolderOptions { incoming: place.path("ut"), ..place.options() };
    let (sender, receiver) = (place.channel(), Folder::new(other));
    sender.send(&parcel(1, "10", "20")).await.unwrap();
    let arrival = next(&receiver).await;
    assert_eq!(parcel_in(&arrival).bytes, parcel(1, "10", "20").bytes);
    arrival.settle(Settle::Taken).await;
    until("it is done", || place.names("ferdig").len() == 1).await;
}
