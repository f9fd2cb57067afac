//! What administrators changed in the address book.

use samspill_store::{AddressRow, PeopleTx, Store, StoreError};

use crate::{
    bench::{Bench, on_both},
    people::noon,
    samples::{community, nord},
};

pub(crate) fn address(party: &str, version: u64) -> AddressRow {
    AddressRow {
        party: party.to_owned(),
        version,
        entry: format!("{{\"navn\":\"{party} ø\",\"nr\":{version}}}"),
        by: "Kari".to_owned(),
        changed: noon(),
    }
}

async fn add(store: &Store, row: AddressRow) -> bool {
    let work = async |tx: &mut PeopleTx| tx.add_address(&row).await;
    store.write_people::<_, StoreError>(&nord(), work).await.unwrap()
}

on_both! {
    async fn the_newest_entry_of_each_party_holds_and_each_version_is_written_once(bench: Bench) {
        let store = bench.open().await;
        assert_eq!(store.addresses(&nord()).await.unwrap(), []);
        assert_eq!(store.address_changes(&nord()).await.unwrap(), 0);
        for (party, version) in [("UNN", 1), ("UNN", 2), ("Nesodal", 1)] {
            assert!(add(&store, address(party, version)).await, "{party} {version}");
        }
        let late = AddressRow { entry: "annet".to_owned(), ..address("UNN", 2) };
        assert!(!add(&store, late).await, "somebody wrote that version");
        let newest = [address("Nesodal", 1), address("UNN", 2)];
        assert_eq!(store.addresses(&nord()).await.unwrap(), newest);
        assert_eq!(store.address_changes(&nord()).await.unwrap(), 3);
        let seen = async |tx: &mut PeopleTx| Ok((tx.address("UNN").await?, tx.address("unn").await?, tx.addresses().await?));
        let seen = store.write_people::<_, StoreError>(&nord(), seen).await.unwrap();
        assert_eq!(seen, (Some(address("UNN", 2)), None, newest.to_vec()));
    }

    async fn a_community_has_its_own_address_book(bench: Bench) {
        let store = bench.open().await;
        add(&store, address("UNN", 1)).await;
        assert_eq!(store.addresses(&community("sor")).await.unwrap(), []);
        assert_eq!(store.address_changes(&community("sor")).await.unwrap(), 0);
    }

    async fn an_entry_that_cannot_be_kept_is_refused(bench: Bench) {
        let store = bench.open().await;
        for row in [
            AddressRow { party: String::new(), ..address("UNN", 1) },
            AddressRow { entry: "\0".to_owned(), ..address("UNN", 1) },
            address("UNN", 0),
        ] {
            let work = async |tx: &mut PeopleTx| tx.add_address(&row).await;
            store.write_people::<_, StoreError>(&nord(), work).await.unwrap_err();
        }
        assert_eq!(store.addresses(&nord()).await.unwrap(), []);
    }
}
