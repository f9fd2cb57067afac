//! How figures count duties whose limit lay in downtime: by themselves, as long as it stands that there was downtime.

use std::sync::Arc;

use jiff::Timestamp;
use samspill_base::Entry;
use samspill_service::{
    downtime::{ChangeTo, DowntimeDesk},
    figures::{Keeper, Outcome},
    projections::Agreements,
};
use samspill_store::{Append, AppendKey, CommunityId, Options, Place, Store};

use crate::given::{agreement, at, book, change_of, planned, stay};

struct Counting {
    store: Store,
    community: CommunityId,
    _folder: tempfile::TempDir,
}

impl Counting {
    /// A log with one stay, whose notice at 10 is due at 13.
    async fn of_stay(lines: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::file(folder.path().join("samspill.db"));
        let store = Store::open(&place, Options::default()).await.unwrap();
        let counting = Self { store, community: CommunityId::new("helse").unwrap(), _folder: folder };
        counting.append("opphold", stay(&agreement("hmr"), lines).entries).await;
        counting
    }

    async fn append(&self, key: &str, entries: Vec<Entry>) {
        let recorded = entries.iter().map(|entry| entry.happened).max().unwrap();
        let append = Append { key: AppendKey::new(key).unwrap(), recorded, entries };
        self.store.append(&self.community, &append).await.unwrap();
    }

    fn keeper(&self) -> Keeper {
        let agreements = Agreements::find(&["hmr"]).unwrap();
        Keeper::new(self.store.clone(), self.community.clone(), agreements, Arc::new(book()))
    }

    async fn with_desk(&self, run: impl AsyncFnOnce(&DowntimeDesk<'_>)) {
        let (book, hmr) = (book(), agreement("hmr"));
        let calendar = &hmr.newest().calendar.days;
        let desk = DowntimeDesk {
            store: &self.store,
            community: &self.community,
            book: &book,
            calendar,
            practice: None,
        };
        run(&desk).await;
    }
}

/// How the duty to answer counts.
async fn answer_in(keeper: &mut Keeper, now: Timestamp) -> Option<Outcome> {
    while keeper.step(now, 1).await.unwrap() {}
    let kept = keeper.kept();
    let duties: Vec<_> = kept.all().flat_map(|facts| &facts.duties).collect();
    duties.iter().find(|fact| fact.duty == "svar-utskrivningsklar").map(|fact| fact.outcome)
}

const NOTICE: [&str; 3] =
    ["2024-06-03T10:00 innlagt", "2024-06-03T12:00 tidligmelding", "2024-06-10T10:00 utskrivningsklar"];

#[track_caller]
fn check(found: Option<Outcome>, wanted: Outcome) {
    assert_eq!(found, Some(wanted));
}

#[tokio::test]
async fn a_limit_in_downtime_is_counted_by_itself_also_where_it_is_registered_later_and_until_it_is_withdrawn()
 {
    let counting = Counting::of_stay(&NOTICE).await;
    let mut keeper = counting.keeper();
    check(answer_in(&mut keeper, at("2024-06-10T12:00")).await, Outcome::Open);
    check(answer_in(&mut keeper, at("2024-06-10T16:00")).await, Outcome::Missed);
    let mut down = planned("2024-06-10T11:00", Some("2024-06-10T13:01"));
    down.recorded = at("2024-06-10T17:00");
    counting.with_desk(async |desk| drop(desk.register(&down).await.unwrap())).await;
    check(answer_in(&mut keeper, at("2024-06-10T18:00")).await, Outcome::InDowntime);
    let fresh = answer_in(&mut counting.keeper(), at("2024-06-10T18:00")).await;
    check(fresh, Outcome::InDowntime);
    let withdrawn = change_of("ned-2", ChangeTo::Withdrawn, "2024-06-10T19:00");
    counting.with_desk(async |desk| drop(desk.change(&withdrawn).await.unwrap())).await;
    check(answer_in(&mut keeper, at("2024-06-10T20:00")).await, Outcome::Missed);
}

#[tokio::test]
async fn downtime_that_is_over_at_the_limit_or_begins_with_it_does_not_count_and_what_is_kept_stays_so() {
    for (from, until, answer, wanted) in [
        ("11:00", "13:00", None, Outcome::Missed),
        ("13:00", "14:00", None, Outcome::Missed),
        ("12:59", "13:01", None, Outcome::InDowntime),
        ("12:59", "13:01", Some("13:30"), Outcome::InDowntime),
        ("11:00", "14:00", Some("12:30"), Outcome::Kept),
    ] {
        let answer = answer.map(|time| format!("2024-06-10T{time} svar-utskrivningsklar"));
        let lines: Vec<&str> = NOTICE.into_iter().chain(answer.as_deref()).collect();
        let counting = Counting::of_stay(&lines).await;
        let (from, until) = (format!("2024-06-10T{from}"), format!("2024-06-10T{until}"));
        let down = planned(&from, Some(&until));
        counting.with_desk(async |desk| drop(desk.register(&down).await.unwrap())).await;
        check(answer_in(&mut counting.keeper(), at("2024-06-10T16:00")).await, wanted);
    }
}
