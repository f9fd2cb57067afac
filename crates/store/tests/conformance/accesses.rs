//! The access log: it only grows, without holes, and tells what was done to it.

use jiff::Timestamp;
use samspill_store::{AccessFilter, KeptAccess, NewAccess, PeopleTx, Store, StoreError, Tx};
use tokio::task::JoinSet;

use crate::{
    bench::{Bench, Kind, on_both},
    samples::{at, community, nord, one},
};

pub(crate) fn access(account: &str, case: &str) -> NewAccess {
    NewAccess {
        at: at("2025-03-28T14:00:00Z"),
        account: account.to_owned(),
        name: "Kari Nordmann".to_owned(),
        role: "sengepost".to_owned(),
        party: "Sengepost".to_owned(),
        unit: "A, B".to_owned(),
        action: "lese-opphold".to_owned(),
        kind: "opphold".to_owned(),
        case: Some(case.to_owned()).filter(|case| !case.is_empty()),
        person: Some(format!("p-{case}")).filter(|_| !case.is_empty()),
        purpose: "omsorg".to_owned(),
        rule: "tar-del".to_owned(),
        is_refused: false,
        detail: "ø \"\n'".to_owned(),
        lines: 3,
        request: "r-1".to_owned(),
        node: "node-1".to_owned(),
    }
}

async fn all(store: &Store) -> Vec<KeptAccess> {
    store.accesses_after(&nord(), 0, 10_000).await.unwrap()
}

/// Writes a row in one of the three ways there are.
async fn write(store: Store, writer: usize, number: usize) {
    let row = access(&format!("k{writer}"), &format!("sak-{number}"));
    match writer % 3 {
        0 => drop(store.log_accesses(&nord(), &[row.clone(), row]).await.unwrap()),
        1 => {
            let work = async |tx: &mut Tx| {
                tx.append(&one(&format!("{writer}-{number}"), "1", "inn")).await?;
                tx.log_access(&row).await
            };
            store.write::<_, StoreError>(&nord(), work).await.unwrap();
        }
        _ => {
            let work = async |tx: &mut PeopleTx| tx.log_access(&row).await;
            store.write_people::<_, StoreError>(&nord(), work).await.unwrap();
        }
    }
}

async fn found(store: &Store, filter: AccessFilter) -> Vec<u64> {
    let kept = store.accesses(&nord(), &filter, None, 100).await.unwrap();
    kept.iter().map(|kept| kept.number).collect()
}

fn minutes(minutes: i64) -> Timestamp {
    at("2025-03-28T14:00:00Z") + jiff::SignedDuration::from_mins(minutes)
}

on_both! {
    async fn rows_are_numbered_from_1_in_each_community_and_kept_as_they_were(bench: Bench) {
        let store = bench.open().await;
        let bare = NewAccess { at: at("1969-12-31T23:59:59.999999Z"), is_refused: true, ..NewAccess::default() };
        let rows = [access("kari", "sak"), bare, access("", "")];
        assert_eq!(store.log_accesses(&nord(), &rows).await.unwrap(), 1);
        assert_eq!(store.log_accesses(&community("sor"), &rows[..1]).await.unwrap(), 1);
        assert_eq!(store.log_accesses(&nord(), &rows[..1]).await.unwrap(), 4);
        let kept = all(&store).await;
        assert_eq!(kept.iter().map(|kept| kept.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(kept.into_iter().map(|kept| kept.access).take(3).collect::<Vec<_>>(), rows);
        let verified = store.verify_accesses(&nord()).await.unwrap();
        assert_eq!((verified.rows, verified.last, verified.broken), (4, 4, None));
        assert_eq!(store.verify(&nord(), &[]).await.unwrap().accesses, 4);
    }

    async fn ten_who_write_at_once_leave_no_hole(bench: Bench) {
        let stores = [bench.open().await, bench.open().await];
        let mut writers = JoinSet::new();
        for writer in 0..10 {
            let store = stores[writer % 2].clone();
            writers.spawn(async move {
                for number in 0..10 {
                    write(store.clone(), writer, number).await;
                }
            });
        }
        writers.join_all().await;
        // Four of the ten write two rows at a time.
        let kept = all(&stores[0]).await;
        assert!(kept.iter().map(|kept| kept.number).eq(1..=140), "{}", kept.len());
        assert_eq!(stores[1].verify_accesses(&nord()).await.unwrap().broken, None);
    }

    async fn as_many_rows_as_are_given_are_chained_in_their_order(bench: Bench) {
        let store = bench.open().await;
        let mut written = 0;
        for count in [0, 1, 7, 8, 9, 16, 17] {
            let rows: Vec<_> = (0..count).map(|number| access(&number.to_string(), "sak")).collect();
            assert_eq!(store.log_accesses(&nord(), &rows).await.unwrap(), written + 1);
            let kept = store.accesses_after(&nord(), written, 100).await.unwrap();
            assert_eq!(kept.into_iter().map(|kept| kept.access).collect::<Vec<_>>(), rows);
            written += count;
        }
        let verified = store.verify_accesses(&nord()).await.unwrap();
        assert_eq!((verified.rows, verified.broken), (written, None));
    }

    async fn what_is_not_committed_leaves_neither_a_row_nor_a_hole(bench: Bench) {
        let store = bench.open().await;
        let mut tx = store.begin_people(&nord()).await.unwrap();
        assert_eq!(tx.log_access(&access("kari", "sak")).await.unwrap(), 1);
        drop(tx);
        let half = async |tx: &mut PeopleTx| {
            tx.log_access(&access("kari", "sak")).await?;
            tx.log_access(&NewAccess { account: "a\0".to_owned(), ..NewAccess::default() }).await
        };
        store.write_people::<_, StoreError>(&nord(), half).await.unwrap_err();
        assert_eq!(store.log_accesses(&nord(), &[access("ola", "sak")]).await.unwrap(), 1);
        assert_eq!(all(&store).await.len(), 1);
    }

    async fn the_database_itself_refuses_all_but_growth(bench: Bench) {
        let store = bench.open().await;
        store.log_accesses(&nord(), &[access("kari", "1"), access("kari", "2")]).await.unwrap();
        let copied = |number: &str, previous: &str| {
            format!(
                "INTO access_log SELECT community, {number}, at_us, account, name, role, party, unit, action, kind, case_name, \
                 person, purpose, rule, outcome, detail, lines, request, node, {previous}, digest FROM access_log WHERE number = 2"
            )
        };
        let mut refused = vec![
            "UPDATE access_log SET account = 'x' WHERE number = 1".to_owned(),
            "UPDATE access_log SET account = account".to_owned(),
            "DELETE FROM access_log WHERE number = 2".to_owned(),
            "DELETE FROM access_log".to_owned(),
            format!("INSERT {}", copied("4", "digest")),
            format!("INSERT {}", copied("2", "previous")),
            format!("INSERT {}", copied("3", "previous")),
        ];
        match bench.kind {
            Kind::Sqlite => refused.extend([
                format!("INSERT OR REPLACE {}", copied("2", "previous")),
                format!("REPLACE {}", copied("1", "previous")),
            ]),
            Kind::Postgres => refused.extend([
                "TRUNCATE access_log".to_owned(),
                "SET session_replication_role = replica; DELETE FROM access_log".to_owned(),
            ]),
        }
        for sql in refused {
            let error = bench.raw(&sql).await.expect_err(&sql).to_string();
            assert!(error.contains("the access log only grows"), "{sql}: {error}");
        }
        bench.raw(&format!("INSERT {}", copied("3", "digest"))).await.unwrap();
    }

    async fn what_was_done_to_it_is_told_by_its_first_row(bench: Bench) {
        let cases = [
            ("SELECT 1", None),
            ("UPDATE access_log SET name = 'x' WHERE number = 2", Some("access row 2 was changed or moved")),
            ("UPDATE access_log SET lines = 4 WHERE number >= 2", Some("access row 2 was changed or moved")),
            ("UPDATE access_log SET person = NULL WHERE number = 3", Some("access row 3 was changed or moved")),
            ("UPDATE access_log SET outcome = 'refused' WHERE number = 1", Some("access row 1 was changed or moved")),
            ("DELETE FROM access_log WHERE number = 1", Some("access row 1 is missing")),
            ("DELETE FROM access_log WHERE number IN (2, 3)", Some("access rows 2 to 3 are missing")),
            ("DELETE FROM access_log WHERE number = 2; UPDATE access_log SET number = number - 1 WHERE number > 2", Some("access row 2 was changed or moved")),
        ];
        for (sql, expected) in cases {
            let bench = bench.another().await;
            let store = bench.open().await;
            let rows: Vec<_> = (1..=4).map(|number| access("kari", &number.to_string())).collect();
            store.log_accesses(&nord(), &rows).await.unwrap();
            let triggers = "DROP TRIGGER access_log_never_updated; DROP TRIGGER access_log_never_deleted";
            bench.raw_each(triggers, "ALTER TABLE access_log DISABLE TRIGGER USER").await.unwrap();
            bench.raw(sql).await.unwrap();
            let broken = store.verify_accesses(&nord()).await.unwrap().broken;
            assert_eq!(broken.map(|fault| fault.to_string()).as_deref(), expected, "{sql}");
            assert_eq!(store.verify(&nord(), &[]).await.unwrap().is_whole(), expected.is_none());
        }
    }

    async fn rows_are_found_by_what_they_are_about_the_newest_first(bench: Bench) {
        let store = bench.open().await;
        let rows = [
            NewAccess { at: minutes(0), ..access("kari", "1") },
            NewAccess { at: minutes(1), party: "Fjordvik".to_owned(), ..access("ola", "1") },
            NewAccess { at: minutes(2), is_refused: true, ..access("ola", "2") },
            NewAccess { at: minutes(3), action: "innlogging".to_owned(), ..access("kari", "") },
        ];
        store.log_accesses(&nord(), &rows).await.unwrap();
        let none = AccessFilter::default;
        for (filter, expected) in [
            (none(), vec![4, 3, 2, 1]),
            (AccessFilter { person: Some("p-1".to_owned()), ..none() }, vec![2, 1]),
            (AccessFilter { case: Some("1".to_owned()), ..none() }, vec![2, 1]),
            (AccessFilter { account: Some("ola".to_owned()), ..none() }, vec![3, 2]),
            (AccessFilter { account: Some("ola".to_owned()), case: Some("1".to_owned()), ..none() }, vec![2]),
            (AccessFilter { party: Some("Fjordvik".to_owned()), ..none() }, vec![2]),
            (AccessFilter { action: Some("innlogging".to_owned()), ..none() }, vec![4]),
            (AccessFilter { from: Some(minutes(1)), before: Some(minutes(3)), ..none() }, vec![3, 2]),
            (AccessFilter { from: Some(minutes(2)), ..none() }, vec![4, 3]),
            (AccessFilter { before: Some(minutes(2)), party: Some("Sengepost".to_owned()), ..none() }, vec![1]),
            (AccessFilter { is_refused: Some(true), ..none() }, vec![3]),
            (AccessFilter { person: Some("p-1".to_owned()), is_refused: Some(true), ..none() }, vec![]),
        ] {
            assert_eq!(found(&store, filter.clone()).await, expected, "{filter:?}");
        }
    }

    async fn a_list_goes_on_before_the_last_number_that_was_seen(bench: Bench) {
        let store = bench.open().await;
        let rows: Vec<_> = (0..5).map(|_| access("kari", "1")).collect();
        store.log_accesses(&nord(), &rows).await.unwrap();
        let filter = AccessFilter { case: Some("1".to_owned()), ..AccessFilter::default() };
        let (mut before, mut seen) = (None, Vec::new());
        loop {
            let page = store.accesses(&nord(), &filter, before, 2).await.unwrap();
            seen.push(page.iter().map(|kept| kept.number).collect::<Vec<_>>());
            let Some(last) = page.last() else { break };
            before = Some(last.number);
        }
        assert_eq!(seen, [vec![5, 4], vec![3, 2], vec![1], vec![]]);
    }
}
