//! The schema, and how it came about.

use std::{fs, path::Path};

use samspill_base::Position;
use samspill_store::{Options, Store, StoreError};
use sha2::{Digest, Sha256};

use crate::{
    bench::{Bench, Kind, lenient, on_both},
    samples::{nord, one},
};

/// All that the database says about its tables, indexes, triggers and functions, a line each.
async fn catalog(bench: &Bench) -> Vec<String> {
    let sql = match bench.kind {
        Kind::Sqlite => {
            "SELECT type || ' ' || name || ' on ' || tbl_name || ': ' || COALESCE(sql, '-') \
             FROM sqlite_schema ORDER BY 1"
        }
        Kind::Postgres => {
            "SELECT line FROM ( \
             SELECT 'column ' || table_name || '.' || column_name || ' ' || ordinal_position || ' ' || data_type || ' ' \
                 || is_nullable || ' ' || COALESCE(collation_name, '-') || ' ' || COALESCE(column_default, '-') AS line \
                 FROM information_schema.columns WHERE table_schema = 'public' \
             UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' \
             UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) \
                 FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
             UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal \
             UNION ALL SELECT 'function ' || pg_get_functiondef(oid) \
                 FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
             ) AS lines ORDER BY line COLLATE \"C\""
        }
    };
    let lines = bench.texts(sql).await;
    lines.iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The scripts of the folder in their order, by name.
fn scripts(kind: Kind) -> Vec<(String, String)> {
    let folder = match kind {
        Kind::Sqlite => "sqlite",
        Kind::Postgres => "postgres",
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
    let mut scripts: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect();
    scripts.sort();
    scripts
}

/// The number of the last script.
fn newest(kind: Kind) -> i64 {
    let scripts = scripts(kind);
    let (stem, _) = scripts.last().unwrap();
    stem.split_once('_').unwrap().0.parse().unwrap()
}

/// Applies a script by hand, and writes down that it was.
async fn apply(bench: &Bench, (stem, script): &(String, String)) {
    bench.raw(script).await.unwrap();
    let (version, name) = stem.split_once('_').unwrap();
    let version: i64 = version.parse().unwrap();
    if version > 0 {
        let digest =
            Sha256::digest(script).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        let digest = match bench.kind {
            Kind::Sqlite => format!("x'{digest}'"),
            Kind::Postgres => format!("'\\x{digest}'"),
        };
        bench.raw(&format!("INSERT INTO schema_step VALUES ({version}, '{name}', {digest})")).await.unwrap();
    }
}

on_both! {
    async fn a_fresh_schema_is_the_one_that_all_steps_give_one_by_one(bench: Bench) {
        bench.open().await.close().await;
        let fresh = catalog(&bench).await;
        assert!(fresh.len() > 10, "{fresh:#?}");
        let steps = scripts(bench.kind);
        // However many steps were applied before, by hand or by an older program, opening does the rest.
        for applied in 1..=steps.len() {
            let old = bench.another().await;
            for step in &steps[..applied] {
                apply(&old, step).await;
            }
            if applied == steps.len() {
                assert_eq!(catalog(&old).await, fresh);
            }
            old.open().await.close().await;
            assert_eq!(catalog(&old).await, fresh, "{applied} steps before");
            old.open().await.close().await;
            assert_eq!(catalog(&old).await, fresh, "opened again");
        }
    }

    async fn what_was_recorded_stays_when_the_schema_moves_on(bench: Bench) {
        let store = bench.open().await;
        store.append(&nord(), &one("a", "1", "inn")).await.unwrap();
        store.close().await;
        let tables = ["projection", "projection_row", "message", "message_tie", "message_standing", "decision", "outbox", "life", "stray", "alert", "lease", "account", "account_role", "setup_link", "session", "machine_token", "access_log", "self_grant", "person", "case_seen", "assignment", "draft", "undo", "log_person", "notice_choice", "notice_told", "task_look", "text_template", "address_entry"];
        for table in tables {
            bench.raw(&format!("DROP TABLE {table}")).await.unwrap();
        }
        let functions = ["message_follows", "decision_follows", "mail_never_changed", "access_log_follows", "access_log_never_changed", "self_grant_follows", "self_grant_only_reviewed", "self_grant_kept", "message_only_sealed", "message_tie_only_sealed", "decision_only_sealed", "log_person_only_sealed", "log_person_never_deleted"].map(|name| format!("DROP FUNCTION {name}"));
        bench.raw_each("SELECT 1", &functions.join("; ")).await.unwrap();
        bench.raw("DELETE FROM schema_step WHERE version > 1").await.unwrap();
        let store = bench.open().await;
        assert_eq!(store.head(&nord()).await.unwrap().position, Position(1));
        assert!(store.verify(&nord(), &[]).await.unwrap().is_whole());
    }

    async fn a_schema_from_a_newer_program_is_refused(bench: Bench) {
        bench.open().await.close().await;
        let newest = newest(bench.kind);
        let digest = match bench.kind { Kind::Sqlite => "x'00'", Kind::Postgres => "'\\x00'" };
        bench.raw(&format!("INSERT INTO schema_step VALUES ({}, 'fremtid', {digest})", newest + 1)).await.unwrap();
        let error = Store::open(&bench.place(), lenient()).await.unwrap_err();
        assert!(
            matches!(error, StoreError::SchemaTooNew { found, known } if found == newest + 1 && known == newest),
            "{error}"
        );
        assert!(error.to_string().contains("run the newer program"), "{error}");
    }

    async fn a_step_that_was_applied_otherwise_is_refused(bench: Bench) {
        bench.open().await.close().await;
        let digest = match bench.kind { Kind::Sqlite => "x'00'", Kind::Postgres => "'\\x00'" };
        bench.raw(&format!("UPDATE schema_step SET digest = {digest} WHERE version = 1")).await.unwrap();
        let error = Store::open(&bench.place(), lenient()).await.unwrap_err();
        assert!(matches!(error, StoreError::SchemaChanged { version: 1 }), "{error}");
    }

    async fn programs_that_start_at_once_make_one_schema(bench: Bench) {
        let mut starts = tokio::task::JoinSet::new();
        for number in 0..4 {
            let place = bench.place();
            let options = Options { wait: std::time::Duration::from_secs(30), ..lenient() };
            starts.spawn(async move {
                let store = Store::open(&place, options).await.unwrap();
                store.append(&nord(), &one(&number.to_string(), "1", "inn")).await.unwrap();
            });
        }
        starts.join_all().await;
        assert_eq!(bench.open().await.head(&nord()).await.unwrap().position, Position(4));
    }
}
