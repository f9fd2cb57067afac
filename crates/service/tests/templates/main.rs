//! Templates of a party, on a store: who wrote what when, and that it is written down.

#![expect(clippy::unwrap_used, reason = "a test that can't go on panics")]

use jiff::Timestamp;
use samspill_service::{
    access::{Means, Role, Subject},
    audit::Happened,
    templates::{Kept, TEMPLATES_MAX, TemplateKeeper, TemplateRow, TemplateText},
};
use samspill_store::{AccessFilter, CommunityId, Options, Place, Store};
use tempfile::TempDir;

struct Office {
    store: Store,
    community: CommunityId,
    _folder: TempDir,
}

impl Office {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::file(folder.path().join("samspill.db"));
        let store = Store::open(&place, Options::default()).await.unwrap();
        Self { store, community: CommunityId::new("prove").unwrap(), _folder: folder }
    }

    fn keeper<'a>(&'a self, by: &'a Subject) -> TemplateKeeper<'a> {
        let (store, community) = (&self.store, &self.community);
        TemplateKeeper { store, community, by, node: "node-1", request: "r-1", now: noon() }
    }

    async fn all(&self, party: &str) -> Vec<TemplateRow> {
        self.store.templates(&self.community, party).await.unwrap()
    }

    /// What the access log says was done, in order.
    async fn told(&self) -> Vec<String> {
        let all = AccessFilter::default();
        let mut rows = self.store.accesses(&self.community, &all, None, 1000).await.unwrap();
        rows.reverse();
        rows.iter()
            .map(|row| format!("{} {} {}", row.access.party, row.access.action, row.access.detail))
            .collect()
    }
}

fn noon() -> Timestamp {
    "2026-03-17T12:00:00Z".parse().unwrap()
}

fn administrator(party: &str, name: &str) -> Subject {
    Subject {
        account: name.to_lowercase(),
        name: name.to_owned(),
        role: Role::Administrator,
        party: party.to_owned(),
        units: [].into(),
        means: Means::Person,
        grants: Vec::new(),
    }
}

fn text(name: &str, says: &str) -> TemplateText {
    let (kind, field) = ("tidligmelding".to_owned(), "arsak".to_owned());
    TemplateText { name: name.to_owned(), kind, field, text: says.to_owned() }
}

#[tokio::test]
async fn of_two_who_write_one_template_the_second_sees_what_the_first_wrote() {
    let office = Office::new().await;
    let (kari, per) = (administrator("UNN", "Kari"), administrator("UNN", "Per"));
    assert_eq!(office.keeper(&kari).save("1", 0, &text("Brudd", "Ny")).await.unwrap(), Kept::Done);
    assert_eq!(office.keeper(&kari).save("1", 1, &text("Brudd", "Karis")).await.unwrap(), Kept::Done);
    let Kept::Changed(Some(now)) = office.keeper(&per).save("1", 1, &text("Brudd", "Pers")).await.unwrap()
    else {
        panic!("it was changed meanwhile")
    };
    assert_eq!((&*now.text, &*now.by, now.version), ("Karis", "Kari", 2));
    assert_eq!(office.keeper(&per).remove("1", 1).await.unwrap(), Kept::Changed(Some(now)));
    assert_eq!(office.keeper(&per).remove("1", 2).await.unwrap(), Kept::Done);
    assert_eq!(office.keeper(&kari).save("1", 2, &text("Brudd", "Sist")).await.unwrap(), Kept::Changed(None));
    assert_eq!(office.all("UNN").await, []);
}

#[tokio::test]
async fn what_is_sent_twice_is_done_once_and_each_change_is_in_the_access_log() {
    let office = Office::new().await;
    let kari = administrator("UNN", "Kari");
    let keeper = office.keeper(&kari);
    for (version, name) in [(0, "Brudd"), (0, "Brudd"), (1, "Lårbrudd"), (1, "Lårbrudd")] {
        assert_eq!(keeper.save("1", version, &text(name, "Ny")).await.unwrap(), Kept::Done, "{name}");
    }
    assert_eq!(office.all("UNN").await.len(), 1);
    for _ in 0..2 {
        assert_eq!(keeper.remove("1", 2).await.unwrap(), Kept::Done);
    }
    let what = Happened::TemplateChanged.as_str();
    let row = |done: &str| format!("UNN {what} {done}");
    assert_eq!(office.told().await, [row("laget: Brudd"), row("endret: Lårbrudd"), row("fjernet: Lårbrudd")]);
}

#[tokio::test]
async fn what_can_not_be_a_template_is_not_kept_whoever_asks() {
    let office = Office::new().await;
    let kari = administrator("UNN", "Kari");
    for (name, says) in [("", "Ny"), ("Brudd", " "), ("Brudd", "Gjelder 418140 61033"), ("41814061033", "Ny")]
    {
        assert_eq!(office.keeper(&kari).save("1", 0, &text(name, says)).await.unwrap(), Kept::Unfit);
    }
    assert_eq!(office.all("UNN").await, []);
    assert_eq!(office.told().await, [""; 0]);
}

#[tokio::test]
async fn nobody_writes_or_removes_another_partys() {
    let office = Office::new().await;
    let (kari, other) = (administrator("UNN", "Kari"), administrator("Nesodal", "Ola"));
    office.keeper(&kari).save("1", 0, &text("Brudd", "Ny")).await.unwrap();
    assert_eq!(office.keeper(&other).save("1", 1, &text("Brudd", "Min")).await.unwrap(), Kept::Changed(None));
    assert_eq!(office.keeper(&other).remove("1", 1).await.unwrap(), Kept::Done, "as one that isn't there");
    assert_eq!(office.keeper(&other).save("1", 0, &text("Brudd", "Min")).await.unwrap(), Kept::Done);
    assert_eq!(office.all("UNN").await[0].text, "Ny");
    assert_eq!(office.all("Nesodal").await[0].text, "Min");
}

#[tokio::test]
async fn a_party_has_as_many_as_there_may_be_and_can_still_change_them() {
    let office = Office::new().await;
    let kari = administrator("UNN", "Kari");
    let keeper = office.keeper(&kari);
    for number in 0..TEMPLATES_MAX {
        let done = keeper.save(&number.to_string(), 0, &text("Brudd", "Ny")).await.unwrap();
        assert_eq!(done, Kept::Done, "{number}");
    }
    assert_eq!(keeper.save("en til", 0, &text("Brudd", "Ny")).await.unwrap(), Kept::TooMany);
    assert_eq!(keeper.save("1", 1, &text("Brudd", "Endret")).await.unwrap(), Kept::Done);
    assert_eq!(keeper.remove("2", 1).await.unwrap(), Kept::Done);
    assert_eq!(keeper.save("en til", 0, &text("Brudd", "Ny")).await.unwrap(), Kept::Done);
    assert_eq!(office.all("UNN").await.len(), usize::try_from(TEMPLATES_MAX).unwrap());
}
