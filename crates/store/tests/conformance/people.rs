//! Accounts, sessions, access that people took on themselves, persons, and what people do with cases.

use std::collections::BTreeSet;

use jiff::Timestamp;
use samspill_base::Position;
use samspill_store::{
    AccountRow, Assignment, Draft, EntryHash, LinkRow, NewGrant, PeopleTx, PersonRow, Review, RoleRow,
    SessionRow, Store, StoreError, TokenRow,
};

use crate::{
    bench::{Bench, Kind, on_both},
    samples::{at, community, nord, ties},
};

pub(crate) fn account(id: &str, login: &str) -> AccountRow {
    AccountRow {
        id: id.to_owned(),
        login: login.to_owned(),
        name: "Kari \"ø\"".to_owned(),
        email: Some("kari@sykehus.no".to_owned()),
        secret: Some("$argon2id$".to_owned()),
        oidc: Some(("https://helseid".to_owned(), format!("sub-{id}"))),
        state: "active".to_owned(),
        language: "nn".to_owned(),
        settings: "{}".to_owned(),
        failures: 2,
        locked_until: Some(noon()),
        made: noon(),
        version: 1,
    }
}

pub(crate) fn noon() -> Timestamp {
    at("2025-01-01T12:00:00Z")
}

fn later(seconds: i64) -> Timestamp {
    noon() + jiff::SignedDuration::from_secs(seconds)
}

fn digest(byte: u8) -> EntryHash {
    EntryHash::from_bytes(&[byte; 32]).unwrap()
}

fn session(byte: u8, account: &str, upstream: &str) -> SessionRow {
    SessionRow {
        digest: digest(byte),
        handle: format!("h{byte}"),
        account: account.to_owned(),
        role: "sengepost".to_owned(),
        party: String::new(),
        upstream: upstream.to_owned(),
        begun: noon(),
        seen: noon(),
        until: later(3600),
        ended: None,
    }
}

pub(crate) fn grant(account: &str, case: &str) -> NewGrant {
    NewGrant {
        account: account.to_owned(),
        name: "Kari".to_owned(),
        role: "lege".to_owned(),
        party: "UNN".to_owned(),
        case: case.to_owned(),
        reason: "akutt".to_owned(),
        at: noon(),
        until: later(60),
    }
}

pub(crate) fn person(key: &str, version: u64) -> PersonRow {
    PersonRow {
        person: key.to_owned(),
        key_id: "2025".to_owned(),
        protection: "address".to_owned(),
        sealed: (0..=255).collect(),
        version,
        changed: noon(),
    }
}

pub(crate) fn draft(id: &str, version: u64, json: &str) -> Draft {
    Draft {
        id: id.to_owned(),
        account: "1".to_owned(),
        case: "sak".to_owned(),
        kind: "svar".to_owned(),
        json: json.to_owned(),
        version,
        at: noon(),
    }
}

/// Does work in a transaction.
async fn people<T>(store: &Store, work: impl AsyncFnOnce(&mut PeopleTx) -> Result<T, StoreError>) -> T {
    store.write_people(&nord(), work).await.unwrap()
}

on_both! {
    async fn a_login_and_a_name_elsewhere_belong_to_one_account_of_a_community(bench: Bench) {
        let store = bench.open().await;
        let kari = account("1", "kari");
        assert!(people(&store, async |tx| tx.add_account(&kari).await).await);
        assert_eq!(store.account(&nord(), "1").await.unwrap(), Some(kari.clone()));
        let elsewhere = Some(("https://helseid".to_owned(), "sub-1".to_owned()));
        for taken in [
            account("1", "ola"),
            account("2", "kari"),
            AccountRow { oidc: elsewhere, ..account("2", "ola") },
        ] {
            assert!(!people(&store, async |tx| tx.add_account(&taken).await).await, "{taken:?}");
        }
        let bare = AccountRow { email: None, secret: None, oidc: None, locked_until: None, ..account("2", "Kari") };
        assert!(people(&store, async |tx| tx.add_account(&bare).await).await);
        assert_eq!(store.account_of_login(&nord(), "Kari").await.unwrap(), Some(bare));
        assert_eq!(store.account_of_subject(&nord(), "https://helseid", "sub-1").await.unwrap(), Some(kari));
        assert_eq!(store.account_of_subject(&nord(), "https://annen", "sub-1").await.unwrap(), None);
        let sor = async |tx: &mut PeopleTx| tx.add_account(&account("1", "kari")).await;
        assert!(store.write_people::<_, StoreError>(&community("sor"), sor).await.unwrap());
        assert_eq!(store.count_accounts(&nord()).await.unwrap(), 2);
        let logins = |after: &'static str, limit| {
            let store = store.clone();
            async move { store.accounts(&nord(), after, limit).await.unwrap().into_iter().map(|row| row.login).collect::<Vec<_>>() }
        };
        assert_eq!((logins("", 9).await, logins("", 1).await, logins("Kari", 9).await), (vec!["Kari".to_owned(), "kari".to_owned()], vec!["Kari".to_owned()], vec!["kari".to_owned()]));
    }

    async fn whoever_changes_an_account_must_have_seen_its_last_version(bench: Bench) {
        let store = bench.open().await;
        people(&store, async |tx| tx.add_account(&account("1", "kari")).await).await;
        let changed = AccountRow { name: "Ola".to_owned(), secret: None, failures: 0, locked_until: None, ..account("1", "kari") };
        assert!(people(&store, async |tx| tx.set_account(&changed).await).await);
        assert!(!people(&store, async |tx| tx.set_account(&changed).await).await);
        let kept = store.account(&nord(), "1").await.unwrap().unwrap();
        assert_eq!(kept, AccountRow { version: 2, ..changed });
    }

    async fn a_role_that_begins_at_the_same_instant_is_the_same(bench: Bench) {
        let store = bench.open().await;
        let role = RoleRow { role: "lege".to_owned(), party: "UNN".to_owned(), unit: String::new(), from: noon(), until: None };
        let other = RoleRow { unit: "A".to_owned(), ..role.clone() };
        let ended = RoleRow { until: Some(later(1)), ..role.clone() };
        people(&store, async |tx| {
            tx.set_role("1", &role).await?;
            tx.set_role("1", &other).await?;
            tx.set_role("1", &ended).await
        }).await;
        assert_eq!(store.roles(&nord(), "1").await.unwrap(), [ended, other]);
        assert_eq!(store.roles(&nord(), "2").await.unwrap(), []);
    }

    async fn links_are_void_for_an_account_at_once_and_forgotten_when_they_are_old(bench: Bench) {
        let store = bench.open().await;
        people(&store, async |tx| {
            tx.add_link(&[1; 32], "1", later(10)).await?;
            tx.add_link(&[2; 32], "1", later(20)).await?;
            tx.add_link(&[3; 32], "2", later(20)).await?;
            tx.void_links("1", later(5)).await
        }).await;
        let used = |account: &str, until: i64, used: Option<i64>| Some(LinkRow { account: account.to_owned(), until: later(until), used: used.map(later) });
        assert_eq!(store.link(&nord(), &[1; 32]).await.unwrap(), used("1", 10, Some(5)));
        assert_eq!(store.link(&nord(), &[3; 32]).await.unwrap(), used("2", 20, None));
        assert_eq!(people(&store, async |tx| tx.forget_before(later(20)).await).await, 1);
        assert_eq!(store.link(&nord(), &[1; 32]).await.unwrap(), None);
        assert_eq!(people(&store, async |tx| tx.link(&[2; 32]).await).await, used("1", 20, Some(5)));
    }

    async fn sessions_end_one_by_one_by_account_and_by_their_name_elsewhere(bench: Bench) {
        let store = bench.open().await;
        people(&store, async |tx| {
            for (byte, account, upstream) in [(1, "1", ""), (2, "1", "sid"), (3, "2", "sid"), (4, "2", ""), (5, "1", "")] {
                tx.add_session(&session(byte, account, upstream)).await?;
            }
            Ok(())
        }).await;
        assert!(people(&store, async |tx| tx.end_session(&[1; 32], later(1)).await).await);
        assert!(!people(&store, async |tx| tx.end_session(&[1; 32], later(2)).await).await);
        assert_eq!(people(&store, async |tx| tx.end_sessions_upstream("", later(1)).await).await, 0);
        assert_eq!(people(&store, async |tx| tx.end_sessions_upstream("sid", later(1)).await).await, 2);
        let left = people(&store, async |tx| tx.sessions_of("1").await).await;
        assert_eq!(left, [session(5, "1", "")]);
        assert_eq!(people(&store, async |tx| tx.end_sessions_of("1", later(1)).await).await, 1);
        assert_eq!(people(&store, async |tx| tx.sessions_of("2").await).await, [session(4, "2", "")]);
        assert_eq!(store.sessions_of(&nord(), "2").await.unwrap(), [session(4, "2", "")]);
        assert_eq!(store.sessions_of(&nord(), "1").await.unwrap(), []);
        let ended = people(&store, async |tx| tx.session(&[1; 32]).await).await.unwrap();
        assert_eq!(ended, SessionRow { ended: Some(later(1)), ..session(1, "1", "") });
        people(&store, async |tx| tx.see_session(&[4; 32], later(5)).await).await;
        people(&store, async |tx| tx.see_session(&[4; 32], later(4)).await).await;
        assert_eq!(people(&store, async |tx| tx.session(&[4; 32]).await).await.unwrap().seen, later(5));
    }

    async fn a_session_is_opened_with_its_account_roles_and_what_runs(bench: Bench) {
        let store = bench.open().await;
        let role = RoleRow { role: "lege".to_owned(), party: "UNN".to_owned(), unit: "A".to_owned(), from: noon(), until: None };
        people(&store, async |tx| {
            tx.add_account(&account("1", "kari")).await?;
            tx.set_role("1", &role).await?;
            tx.add_session(&session(1, "1", "")).await?;
            tx.add_session(&session(2, "borte", "")).await?;
            tx.add_grant(&grant("1", "sak-1")).await?;
            tx.add_grant(&grant("2", "sak-1")).await
        }).await;
        let opened = store.opened_session(&nord(), &[1; 32], later(60)).await.unwrap().unwrap();
        assert_eq!((opened.session, opened.account, opened.roles), (session(1, "1", ""), account("1", "kari"), vec![role]));
        assert_eq!(opened.grants.into_iter().map(|kept| kept.grant).collect::<Vec<_>>(), [grant("1", "sak-1")]);
        assert_eq!(store.opened_session(&nord(), &[1; 32], later(61)).await.unwrap().unwrap().grants, []);
        assert_eq!(store.opened_session(&nord(), &[2; 32], noon()).await.unwrap(), None);
        assert_eq!(store.opened_session(&nord(), &[3; 32], noon()).await.unwrap(), None);
    }

    async fn tokens_are_kept_until_they_are_ended(bench: Bench) {
        let store = bench.open().await;
        let token = TokenRow {
            digest: digest(7),
            account: "1".to_owned(),
            role: "fastlege".to_owned(),
            party: "UNN".to_owned(),
            name: "journal".to_owned(),
            made: noon(),
            until: later(10),
            ended: None,
        };
        people(&store, async |tx| tx.add_token(&token).await).await;
        assert_eq!(store.token(&nord(), &[7; 32]).await.unwrap(), Some(token.clone()));
        assert_eq!(people(&store, async |tx| tx.end_tokens_of("1", later(1)).await).await, 1);
        let ended = TokenRow { ended: Some(later(1)), ..token };
        assert_eq!(store.tokens_of(&nord(), "1").await.unwrap(), [ended]);
    }

    async fn a_token_is_ended_alone_and_once(bench: Bench) {
        let store = bench.open().await;
        let token = |byte: u8, account: &str| TokenRow {
            digest: digest(byte),
            account: account.to_owned(),
            role: "fastlege".to_owned(),
            party: "UNN".to_owned(),
            name: "journal".to_owned(),
            made: later(byte.into()),
            until: later(100),
            ended: None,
        };
        people(&store, async |tx| {
            for (byte, account) in [(1, "1"), (2, "1"), (3, "2")] {
                tx.add_token(&token(byte, account)).await?;
            }
            Ok(())
        }).await;
        assert!(people(&store, async |tx| tx.end_token(&[2; 32], later(5)).await).await);
        for gone in [[2; 32], [9; 32]] {
            assert!(!people(&store, async |tx| tx.end_token(&gone, later(6)).await).await);
        }
        let ended = TokenRow { ended: Some(later(5)), ..token(2, "1") };
        assert_eq!(people(&store, async |tx| tx.tokens_of("1").await).await, [token(1, "1"), ended]);
        assert_eq!(people(&store, async |tx| tx.tokens_of("2").await).await, [token(3, "2")]);
    }

    async fn an_account_that_is_written_anew_is_as_it_was(bench: Bench) {
        let store = bench.open().await;
        people(&store, async |tx| tx.write_anew().await).await;
        let all = [account("1", "kari"), account("2", "ada")];
        people(&store, async |tx| {
            for one in &all {
                tx.add_account(one).await?;
            }
            tx.write_anew().await
        }).await;
        for one in &all {
            assert_eq!(store.account(&nord(), &one.id).await.unwrap().as_ref(), Some(one));
        }
        assert!(people(&store, async |tx| tx.set_account(&all[1]).await).await, "whoever has read it can write it");
    }

    async fn what_people_took_on_themselves_is_reviewed_once_and_else_never_changed(bench: Bench) {
        let store = bench.open().await;
        let numbers = people(&store, async |tx| Ok([tx.add_grant(&grant("1", "a")).await?, tx.add_grant(&grant("2", "b")).await?])).await;
        assert_eq!(numbers, [1, 2]);
        let running = |second| { let store = store.clone(); async move { store.grants_running(&nord(), "1", later(second)).await.unwrap().len() } };
        assert_eq!([running(-1).await, running(0).await, running(60).await, running(61).await], [0, 1, 1, 0]);
        let review = Review { by: "Revisor".to_owned(), at: later(90), verdict: "i-orden".to_owned(), remark: "ok".to_owned() };
        assert!(people(&store, async |tx| tx.review_grant(1, &review).await).await);
        for number in [1, 3] {
            assert!(!people(&store, async |tx| tx.review_grant(number, &review).await).await);
        }
        let left = store.grants_unreviewed(&nord(), Some("UNN"), 9).await.unwrap();
        assert_eq!(left.iter().map(|kept| kept.number).collect::<Vec<_>>(), [2]);
        assert_eq!(store.grants_unreviewed(&nord(), Some("Fjordvik"), 9).await.unwrap(), []);
        let kept = store.grants(&nord(), 0, 9).await.unwrap();
        assert_eq!((kept[0].review.as_ref(), kept[1].review.as_ref()), (Some(&review), None));
        let mut refused = vec![
            "UPDATE self_grant SET verdict = 'x' WHERE number = 1",
            "UPDATE self_grant SET reviewed_us = NULL WHERE number = 1",
            "UPDATE self_grant SET reason = 'x' WHERE number = 2",
            "UPDATE self_grant SET until_us = until_us + 1 WHERE number = 2",
            "DELETE FROM self_grant WHERE number = 2",
            "INSERT INTO self_grant SELECT community, 4, account, name, role, party, case_name, reason, at_us, until_us, reviewed_by, reviewed_us, verdict, remark FROM self_grant WHERE number = 2",
        ];
        match bench.kind {
            Kind::Sqlite => refused.push("INSERT OR REPLACE INTO self_grant SELECT * FROM self_grant WHERE number = 2"),
            Kind::Postgres => refused.push("TRUNCATE self_grant"),
        }
        for sql in refused {
            let error = bench.raw(sql).await.expect_err(sql).to_string();
            assert!(error.contains("what people take on themselves is kept"), "{sql}: {error}");
        }
    }

    async fn a_person_is_written_in_place_of_the_version_that_was_seen(bench: Bench) {
        let store = bench.open().await;
        let set = |row: PersonRow| { let store = store.clone(); async move { people(&store, async |tx| tx.set_person(&row).await).await } };
        assert_eq!((set(person("a", 0)).await, set(person("a", 0)).await, set(person("b", 1)).await), (true, false, false));
        assert_eq!(store.persons(&nord(), &ties(&["a", "x"])).await.unwrap(), [person("a", 1)]);
        let resealed = PersonRow { key_id: "2026".to_owned(), ..person("a", 1) };
        assert_eq!((set(resealed.clone()).await, set(resealed.clone()).await), (true, false));
        // The other kind of transaction sees the same.
        let mut tx = store.begin(&nord()).await.unwrap();
        assert_eq!(tx.person("a").await.unwrap(), Some(PersonRow { version: 2, ..resealed }));
        assert!(tx.set_person(&person("c", 0)).await.unwrap());
        tx.commit().await.unwrap();
        let keys = |rows: Vec<PersonRow>| rows.into_iter().map(|row| row.person).collect::<Vec<_>>();
        assert_eq!(keys(store.persons_after(&nord(), "", 9).await.unwrap()), ["a", "c"]);
        assert_eq!(keys(store.persons_after(&nord(), "a", 9).await.unwrap()), ["c"]);
        assert_eq!(keys(store.persons_not_sealed_with(&nord(), "2026", 9).await.unwrap()), ["c"]);
        assert_eq!(store.count_persons_not_sealed_with(&nord(), "2027").await.unwrap(), 2);
        for (key, protection) in [("d", "none"), ("e", "identity")] {
            assert!(set(PersonRow { protection: protection.to_owned(), ..person(key, 0) }).await);
        }
        let protected = store.persons_protected(&nord()).await.unwrap();
        let protected: Vec<_> = protected.iter().map(|(key, protection)| (key.as_str(), protection.as_str())).collect();
        assert_eq!(protected, [("a", "address"), ("c", "address"), ("e", "identity")]);
        let many: BTreeSet<String> = (0..40).map(|number| format!("p{number:02}")).collect();
        for key in &many {
            set(person(key, 0)).await;
        }
        assert_eq!(store.persons(&nord(), &many).await.unwrap().len(), 40);
    }

    async fn what_was_seen_never_goes_back(bench: Bench) {
        let store = bench.open().await;
        for (case, position) in [("a", 5), ("a", 3), ("b", 1), ("a", 6)] {
            people(&store, async |tx| tx.mark_seen("1", case, Position(position)).await).await;
        }
        let seen = store.seen(&nord(), "1").await.unwrap();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [("a".to_owned(), Position(6)), ("b".to_owned(), Position(1))]);
        assert!(store.seen(&nord(), "2").await.unwrap().is_empty());
    }

    async fn one_does_a_duty_at_a_time(bench: Bench) {
        let store = bench.open().await;
        let to = |case: &str, duty: &str, to: &str| Assignment { case: case.to_owned(), duty: duty.to_owned(), to: to.to_owned(), to_name: "Ola".to_owned(), by: "Kari".to_owned(), at: noon() };
        for assignment in [to("a", "svar", "1"), to("a", "svar", "2"), to("a", "innkalling", "1"), to("b", "svar", "1")] {
            people(&store, async |tx| tx.assign(&assignment).await).await;
        }
        let all = store.assignments(&nord(), &BTreeSet::new()).await.unwrap();
        assert_eq!(all, [to("a", "innkalling", "1"), to("a", "svar", "2"), to("b", "svar", "1")]);
        assert!(people(&store, async |tx| tx.unassign("a", "svar").await).await);
        assert!(!people(&store, async |tx| tx.unassign("a", "svar").await).await);
        assert_eq!(store.assignments(&nord(), &ties(&["a"])).await.unwrap(), [to("a", "innkalling", "1")]);
    }

    async fn of_two_windows_with_one_draft_the_second_to_keep_it_is_told(bench: Bench) {
        let store = bench.open().await;
        let set = |row: Draft| { let store = store.clone(); async move { people(&store, async |tx| tx.set_draft(&row).await).await } };
        assert!(set(draft("d", 0, "1")).await);
        assert!(!set(draft("d", 0, "2")).await);
        assert!(set(draft("d", 1, "3")).await);
        assert!(!set(draft("d", 1, "4")).await);
        assert!(!set(Draft { account: "2".to_owned(), ..draft("d", 2, "5") }).await);
        assert_eq!(store.draft(&nord(), "1", "d").await.unwrap(), Some(draft("d", 2, "3")));
        assert_eq!(store.draft(&nord(), "2", "d").await.unwrap(), None);
        assert_eq!(store.drafts(&nord(), "1").await.unwrap().len(), 1);
        assert!(!people(&store, async |tx| tx.drop_draft("2", "d").await).await);
        assert!(people(&store, async |tx| tx.drop_draft("1", "d").await).await);
        assert_eq!(store.drafts(&nord(), "1").await.unwrap(), []);
    }
}
