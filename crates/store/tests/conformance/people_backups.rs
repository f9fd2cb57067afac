//! People in backups.

use age::secrecy::ExposeSecret;
use samspill_base::Position;
use samspill_store::{
    AccessFilter, Assignment, BackupKey, BackupLock, NoticeRow, PeopleTx, Review, RoleRow, SessionRow, Store,
    StoreError, TokenRow,
};

use crate::{
    accesses::access,
    addresses::address,
    bench::{Bench, Kind, on_both},
    notices::notice,
    people::{account, draft, grant, noon, person},
    samples::{community, nord, one},
    support::postgres,
    templates::template,
};

fn keys() -> (BackupKey, BackupLock, age::x25519::Identity) {
    let identity = age::x25519::Identity::generate();
    let lock = BackupLock::Recipients(vec![identity.to_public().to_string()]);
    (BackupKey::Identity(identity.to_string().expose_secret().to_owned()), lock, identity)
}

/// The text of a backup.
async fn text_of(store: &Store) -> String {
    let (_, lock, identity) = keys();
    let mut out = Vec::new();
    store.backup(&lock, &mut out).await.unwrap();
    String::from_utf8(age::decrypt(&identity, &out).unwrap()).unwrap()
}

fn locked(text: &str) -> (BackupKey, Vec<u8>) {
    let (key, _, identity) = keys();
    (key, age::encrypt(&identity.to_public(), text.as_bytes()).unwrap())
}

/// A store with something in every table of people, in a community with a log and in one without.
async fn full(store: &Store) {
    store.append(&nord(), &one("a", "1", "inn")).await.unwrap();
    store.write_people::<_, StoreError>(&nord(), fill).await.unwrap();
    let alone = async |tx: &mut PeopleTx| tx.add_account(&account("1", "kari")).await;
    store.write_people::<_, StoreError>(&community("bare-folk"), alone).await.unwrap();
}

async fn fill(tx: &mut PeopleTx) -> Result<(), StoreError> {
    let digest = samspill_store::EntryHash::START;
    let (from, until) = (noon(), Some(noon()));
    let text = str::to_owned;
    tx.add_account(&account("1", "kari")).await?;
    let role = RoleRow { role: text("lege"), party: text("UNN"), unit: text(""), from, until };
    tx.set_role("1", &role).await?;
    tx.add_link(&[1; 32], "1", noon()).await?;
    let (role, party, until, ended) = (text("lege"), text("UNN"), noon(), None);
    let token = TokenRow {
        digest,
        account: text("1"),
        role: role.clone(),
        party: party.clone(),
        name: text("j"),
        made: from,
        until,
        ended,
    };
    tx.add_token(&token).await?;
    let session = SessionRow {
        digest,
        handle: text("h"),
        account: text("1"),
        role,
        party,
        upstream: text(""),
        begun: from,
        seen: from,
        until,
        ended,
    };
    tx.add_session(&session).await?;
    tx.set_person(&person("a", 0)).await?;
    tx.mark_seen("1", "sak", Position(3)).await?;
    let assignment = Assignment {
        case: text("sak"),
        duty: text("svar"),
        to: text("1"),
        to_name: text("Ø"),
        by: text("Å"),
        at: from,
    };
    tx.assign(&assignment).await?;
    tx.set_draft(&draft("d", 0, "{\"a\":\"ø\"}")).await?;
    tx.set_notice(&NoticeRow { link: Some(digest), ..notice("1", 0) }).await?;
    tx.claim_notices("1", &[text("n")], from, from).await?;
    tx.told_notices("1", &[text("n")], from).await?;
    tx.look_at_tasks("1", "lege:UNN", from).await?;
    tx.set_template(&template("UNN", "mal", 0)).await?;
    tx.add_address(&address("UNN", 1)).await?;
    tx.add_address(&address("UNN", 2)).await?;
    tx.add_grant(&grant("1", "a")).await?;
    tx.add_grant(&grant("1", "b")).await?;
    let review = Review { by: text("Per"), at: from, verdict: text("i-orden"), remark: text("") };
    tx.review_grant(1, &review).await?;
    for number in 0..3 {
        tx.log_access(&access("kari", &number.to_string())).await?;
    }
    Ok(())
}

/// The other database, if it is there.
async fn other_kind(kind: Kind) -> Option<Bench> {
    match kind {
        Kind::Postgres => Some(Bench::sqlite()),
        Kind::Sqlite => Some(Bench::postgres(postgres::server()?).await),
    }
}

on_both! {
    async fn a_backup_restores_people_on_both_databases_but_no_session_and_no_link(bench: Bench) {
        let store = bench.open().await;
        full(&store).await;
        let text = text_of(&store).await;
        for into in [Some(bench.another().await), other_kind(bench.kind).await].into_iter().flatten() {
            let restored = into.open().await;
            let (key, backup) = locked(&text);
            restored.restore(&key, &mut &backup[..]).await.unwrap();
            assert_eq!(text_of(&restored).await, text, "its backup is the same");
            assert!(restored.verify(&nord(), &[]).await.unwrap().is_whole());
            assert_eq!(restored.account(&nord(), "1").await.unwrap(), Some(account("1", "kari")));
            assert_eq!(restored.grants(&nord(), 0, 9).await.unwrap(), store.grants(&nord(), 0, 9).await.unwrap());
            let all = AccessFilter::default();
            assert_eq!(restored.accesses(&nord(), &all, None, 9).await.unwrap(), store.accesses(&nord(), &all, None, 9).await.unwrap());
            assert_eq!(restored.opened_session(&nord(), &[0; 32], noon()).await.unwrap(), None);
            assert_eq!(restored.link(&nord(), &[1; 32]).await.unwrap(), None);
            assert_eq!(restored.notice(&nord(), "1").await.unwrap(), Some(notice("1", 1)), "without its link");
            assert_eq!(restored.template(&nord(), "UNN", "mal").await.unwrap(), Some(template("UNN", "mal", 1)));
            assert_eq!(restored.addresses(&nord()).await.unwrap(), [address("UNN", 2)]);
            assert_eq!(restored.log_accesses(&nord(), &[access("ola", "1")]).await.unwrap(), 4);
            assert_eq!(restored.count_accounts(&community("bare-folk")).await.unwrap(), 1);
        }
    }

    async fn people_that_were_changed_in_a_backup_are_refused_and_nothing_written(bench: Bench) {
        let store = bench.open().await;
        full(&store).await;
        let text = text_of(&store).await;
        let lines: Vec<&str> = text.lines().collect();
        let without = |what: &str| {
            let number = lines.iter().rposition(|line| line.contains(what)).unwrap();
            let kept = lines.iter().enumerate().filter(|(at, _)| *at != number).map(|(_, line)| *line);
            kept.collect::<Vec<_>>().join("\n") + "\n"
        };
        let into = bench.another().await.open().await;
        for (changed, says) in [
            (text.replacen("\"p-1\",\"omsorg\"", "\"p-2\",\"omsorg\"", 1), "access row 2 was changed or moved"),
            (text.replacen("\"table\":\"draft\"", "\"table\":\"log\"", 1), "there is no table log"),
            (text.replacen("\"lege\",\"UNN\",\"\",", "\"lege\",", 1), "a row of account_role has 6 cells"),
            (text.replacen("\"sak\",3]", "\"sak\",\"3\"]", 1), "a cell of case_seen is not of its kind"),
            (without("\"table\":\"person\""), "lines are missing"),
            (without("{\"people\":{\"begin\""), "should begin"),
            (without("{\"people\":{\"end\""), "have no end"),
        ] {
            assert_ne!(changed, text, "{says}");
            let (key, backup) = locked(&changed);
            let told = into.restore(&key, &mut &backup[..]).await.unwrap_err().to_string();
            assert!(told.contains(says), "{told}, not {says}");
        }
        let (key, backup) = locked(&text);
        into.restore(&key, &mut &backup[..]).await.unwrap();
    }

    async fn backups_from_before_there_were_people_or_seals_are_restored(bench: Bench) {
        let store = bench.open().await;
        store.append(&nord(), &one("a", "1", "inn")).await.unwrap();
        let text = text_of(&store).await;
        let old: Vec<_> = text.lines().filter(|line| !line.starts_with("{\"people\"")).collect();
        let old = old.join("\n") + "\n";
        let (key, backup) = locked(&old.replace("\"form\":5", "\"form\":2"));
        let restored = bench.another().await.open().await;
        restored.restore(&key, &mut &backup[..]).await.unwrap();
        assert_eq!(text_of(&restored).await, text);
        for (form, of_persons) in [(3, ""), (4, ""), (4, ",[\"log_person\",0]")] {
            let old = text.replace("\"form\":5", &format!("\"form\":{form}"));
            let (key, backup) = locked(&old.replace(",[\"log_person\",0]", of_persons));
            let restored = bench.another().await.open().await;
            restored.restore(&key, &mut &backup[..]).await.unwrap();
            assert_eq!(text_of(&restored).await, text, "{form} {of_persons}");
        }
    }

    async fn backups_from_before_there_were_notices_templates_and_addresses_are_restored_and_no_other_table_may_be_missing(bench: Bench) {
        let store = bench.open().await;
        full(&store).await;
        let text = text_of(&store).await;
        let counted = |count: u8| format!("[\"notice_choice\",{count}],[\"notice_told\",{count}],[\"task_look\",{count}],");
        // An end that doesn't name them, as older programs wrote it, while they are there all the same.
        let of_templates = |count: u8| format!(",[\"text_template\",{count}]");
        let of_addresses = |count: u8| format!(",[\"address_entry\",{count}]");
        let none = [counted(1), counted(0), of_templates(1), of_templates(0), of_addresses(2), of_addresses(0)];
        let unnamed = none.iter().fold(text.clone(), |text, named| text.replace(named, ""));
        assert_ne!(unnamed, text);
        let is_new = |line: &&str| ["notice_choice", "notice_told", "task_look", "text_template", "address_entry"].iter().any(|table| line.contains(&format!("\"table\":\"{table}\"")));
        let older: String = unnamed.split_inclusive('\n').filter(|line| !is_new(line)).collect();
        assert_eq!(unnamed.lines().count(), older.lines().count() + 6);
        for refused in [&unnamed, &older.replace("[\"draft\",1],", "")] {
            let (key, backup) = locked(refused);
            let error = bench.another().await.open().await.restore(&key, &mut &backup[..]).await.unwrap_err();
            assert!(error.to_string().contains("lines are missing"), "{error}");
        }
        let (key, backup) = locked(&older);
        let restored = bench.another().await.open().await;
        restored.restore(&key, &mut &backup[..]).await.unwrap();
        assert_eq!(restored.notice(&nord(), "1").await.unwrap(), None);
        assert_eq!(restored.draft(&nord(), "1", "d").await.unwrap().map(|draft| draft.version), Some(1));
    }

    async fn a_store_with_people_alone_is_not_empty(bench: Bench) {
        let store = bench.open().await;
        store.append(&nord(), &one("a", "1", "inn")).await.unwrap();
        let (key, backup) = locked(&text_of(&store).await);
        let other = bench.another().await.open().await;
        other.log_accesses(&community("sor"), &[access("kari", "1")]).await.unwrap();
        let error = other.restore(&key, &mut &backup[..]).await.unwrap_err();
        assert!(matches!(error, StoreError::NotEmpty { .. }), "{error}");
    }
}
