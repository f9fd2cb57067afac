//! Texts that a party's people begin their messages with.

use samspill_store::{PeopleTx, Store, StoreError, TemplateRow};

use crate::{
    bench::{Bench, on_both},
    people::noon,
    samples::{community, nord},
};

pub(crate) fn template(party: &str, id: &str, version: u64) -> TemplateRow {
    TemplateRow {
        party: party.to_owned(),
        id: id.to_owned(),
        name: "Brudd".to_owned(),
        kind: "tidligmelding".to_owned(),
        field: "arsak".to_owned(),
        text: "Første linje\n«andre» ø".to_owned(),
        by: "Kari".to_owned(),
        version,
        changed: noon(),
    }
}

async fn set(store: &Store, row: TemplateRow) -> bool {
    store
        .write_people::<_, StoreError>(&nord(), async |tx: &mut PeopleTx| tx.set_template(&row).await)
        .await
        .unwrap()
}

async fn drop(store: &Store, party: &str, id: &str, version: u64) -> bool {
    let work = async |tx: &mut PeopleTx| tx.drop_template(party, id, version).await;
    store.write_people::<_, StoreError>(&nord(), work).await.unwrap()
}

on_both! {
    async fn a_template_is_written_in_place_of_the_version_that_was_seen(bench: Bench) {
        let store = bench.open().await;
        assert_eq!(store.template(&nord(), "UNN", "1").await.unwrap(), None);
        assert!(set(&store, template("UNN", "1", 0)).await && !set(&store, template("UNN", "1", 0)).await);
        assert!(!set(&store, template("UNN", "2", 1)).await, "what isn't there has no version");
        let changed = TemplateRow { kind: String::new(), text: "Ny".to_owned(), by: "Per".to_owned(), ..template("UNN", "1", 1) };
        assert!(set(&store, changed.clone()).await && !set(&store, template("UNN", "1", 1)).await);
        let now = TemplateRow { version: 2, ..changed };
        assert_eq!(store.template(&nord(), "UNN", "1").await.unwrap(), Some(now.clone()));
        let seen = async |tx: &mut PeopleTx| Ok((tx.template("UNN", "1").await?, tx.count_templates("UNN").await?));
        assert_eq!(store.write_people::<_, StoreError>(&nord(), seen).await.unwrap(), (Some(now), 1));
    }

    async fn a_template_is_removed_where_nobody_wrote_it_anew(bench: Bench) {
        let store = bench.open().await;
        set(&store, template("UNN", "1", 0)).await;
        assert!(!drop(&store, "UNN", "1", 2).await && !drop(&store, "UNN", "1", 0).await);
        assert!(!drop(&store, "UNN", "2", 1).await);
        assert!(drop(&store, "UNN", "1", 1).await && !drop(&store, "UNN", "1", 1).await);
        assert_eq!(store.templates(&nord(), "UNN").await.unwrap(), []);
    }

    async fn a_party_has_its_own_templates_alone(bench: Bench) {
        let store = bench.open().await;
        for (party, id) in [("UNN", "2"), ("UNN", "1"), ("Nesodal", "1")] {
            assert!(set(&store, template(party, id, 0)).await, "ids are of a party");
        }
        let ids = async |party: &str| {
            let all = store.templates(&nord(), party).await.unwrap();
            all.into_iter().map(|row| (row.party, row.id)).collect::<Vec<_>>()
        };
        let of = |party: &str, id: &str| (party.to_owned(), id.to_owned());
        assert_eq!(ids("UNN").await, [of("UNN", "1"), of("UNN", "2")]);
        assert_eq!(ids("Nesodal").await, [of("Nesodal", "1")]);
        assert!(ids("unn").await.is_empty() && ids("").await.is_empty());
        assert!(!drop(&store, "Nesodal", "2", 1).await);
        assert_eq!(store.template(&nord(), "Nesodal", "2").await.unwrap(), None);
        assert_eq!(store.templates(&community("sor"), "UNN").await.unwrap(), []);
    }

    async fn a_template_that_cannot_be_kept_is_refused(bench: Bench) {
        let store = bench.open().await;
        let of = |change: fn(&mut TemplateRow)| { let mut row = template("UNN", "1", 0); change(&mut row); row };
        for row in [
            of(|row| row.party = String::new()),
            of(|row| row.id = String::new()),
            of(|row| row.text.push('\0')),
            of(|row| row.name = "a".repeat(1001)),
        ] {
            let work = async |tx: &mut PeopleTx| tx.set_template(&row).await;
            store.write_people::<_, StoreError>(&nord(), work).await.unwrap_err();
        }
        assert_eq!(store.templates(&nord(), "UNN").await.unwrap(), []);
    }
}
