//! An application over a simulated month, and people of every role who ask it.
#![expect(clippy::unwrap_used, reason = "helpers of tests end the test where a test itself would")]
#![allow(dead_code, reason = "each test program uses its part")]

mod region;
mod user;

use std::sync::Arc;

use axum::Router;
use jiff::Timestamp;
use samspill_agreement::model::Language;
use samspill_base::Entry;
use samspill_service::{
    access::{Means, Policy, Role, Subject},
    audit::Audit,
    exchange::{
        mailroom::{Mailroom, Settings},
        receipts::ReceiptLimits,
    },
    live::Live,
    people::{AccountSettings, Accounts, Hashing},
    projections::{Agreements, Projections},
};
use samspill_sim::World;
use samspill_store::{Append, AppendKey, CommunityId};
use samspill_web::{
    App, Parts, Signed,
    front::{Clock, FrontSettings, InMemoryLog},
    login::{Login, LoginSettings},
};
use tempfile::TempDir;

pub(crate) use region::{Region, Side};
pub(crate) use user::{Answer, User};

/// Where the application says it is.
pub(crate) const ORIGIN: &str = "https://samspill.test";

/// The application, its store in a folder of its own, and its clock, which stands still.
pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) router: Router,
    pub(crate) region: Arc<Region>,
    pub(crate) clock: Clock,
    pub(crate) access: Arc<InMemoryLog>,
    pub(crate) trust: String,
    pub(crate) first: String,
    pub(crate) second: String,
    appended: std::sync::atomic::AtomicU32,
    folder: TempDir,
}

impl TestApp {
    /// A month of the region, as it stands at its end.
    pub(crate) async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// The same with other settings of the front door.
    pub(crate) async fn with(change: impl FnOnce(&mut FrontSettings)) -> Self {
        Self::of(|parts| change(&mut parts.settings)).await
    }

    /// The same of other parts.
    pub(crate) async fn of(change: impl FnOnce(&mut Parts)) -> Self {
        let region = Region::shared().await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samspill.db");
        std::fs::write(&path, &region.database).unwrap();
        let clock = Clock::fixed(region.now);
        let access = Arc::new(InMemoryLog::default());
        let mut parts = parts(&region, &path, (clock, access.clone(), FrontSettings::new(ORIGIN))).await;
        change(&mut parts);
        let app = App::new(parts);
        Self {
            router: samspill_web::router(app.clone()),
            trust: region.name(Side::Trust).to_owned(),
            first: region.name(Side::First).to_owned(),
            second: region.name(Side::Second).to_owned(),
            appended: 0.into(),
            clock: app.parts().clock.clone(),
            app,
            region,
            access,
            folder,
        }
    }

    /// The made-up region.
    pub(crate) fn world(&self) -> &World {
        &self.region.world
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Asks as somebody of this role at its usual place: hospital roles at the trust, municipal ones at the first municipality.
    pub(crate) async fn get_as(&self, role: Role, path: &str) -> Answer {
        self.user(role, Side::of(role)).get(path).await
    }

    /// Somebody of this role at a party.
    pub(crate) fn user(&self, role: Role, side: Side) -> User {
        self.user_of(self.subject(role, side))
    }

    /// Somebody.
    pub(crate) fn user_of(&self, subject: Subject) -> User {
        let token = format!("token-{}", subject.account);
        User::new(self.router.clone(), Some(Signed::new(subject, token, Language::Bokmal)))
    }

    /// Nobody who is known.
    pub(crate) fn anonymous(&self) -> User {
        User::new(self.router.clone(), None)
    }

    /// Who has a role at a party: wards and care units have one unit, all others the whole party.
    pub(crate) fn subject(&self, role: Role, side: Side) -> Subject {
        let party = self.region.name(side).to_owned();
        Subject {
            account: format!("{}-{side:?}", role.as_str()).to_lowercase(),
            name: format!("{} ved {party}", role.as_str()),
            role,
            units: self.region.unit(role, side).into_iter().collect(),
            party,
            means: Means::Person,
            grants: Vec::new(),
        }
    }

    /// An open stay that this party takes part in, and no other municipality or general practitioner.
    pub(crate) fn case_of(&self, side: Side) -> String {
        let name = self.region.name(side);
        let others: Vec<&str> = [Side::First, Side::Second, Side::Gp]
            .into_iter()
            .filter(|it| *it != side)
            .map(|it| self.region.name(it))
            .collect();
        let stays = self.app.live().stays();
        let own = stays.iter().find(|line| {
            let has = |party: &str| line.involvement.has(party);
            has(name) && !line.row.case.starts_with("prove-") && !others.iter().any(|other| has(other))
        });
        own.unwrap_or_else(|| panic!("an open stay of {name}")).row.case.clone()
    }

    /// The open stay that both municipalities and the general practitioner take part in, each with messages of its own.
    pub(crate) fn shared_case(&self) -> String {
        self.made(region::SHARED)
    }

    /// The open stay of the first municipality whose patient's identity is protected.
    pub(crate) fn protected_case(&self) -> String {
        self.made(region::PROTECTED)
    }

    /// The name of a case that isn't there.
    pub(crate) fn no_case(&self) -> String {
        assert!(self.app.live().stay(region::NOWHERE).is_none());
        region::NOWHERE.to_owned()
    }

    fn made(&self, case: &str) -> String {
        assert!(self.app.live().stay(case).is_some(), "{case} is open");
        case.to_owned()
    }

    /// A settled stay of this party.
    pub(crate) async fn closed_case(&self, side: Side) -> String {
        let name = self.region.name(side);
        let store = &self.app.parts().store;
        for case in store.cases(&self.app.parts().community, "", 10_000).await.unwrap() {
            let found = self.app.live().involvement_of(&case, self.now()).await.unwrap().unwrap();
            if !found.is_open && found.has(name) {
                return case;
            }
        }
        panic!("a settled stay of {name}")
    }

    /// Writes entries into the log, as another program would, and lets the application see them.
    pub(crate) async fn append(&self, entries: Vec<Entry>) {
        let number = self.appended.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let key = AppendKey::new(format!("prove-{number}")).unwrap();
        let append = Append { key, recorded: self.now(), entries };
        self.app.parts().store.append(&self.app.parts().community, &append).await.unwrap();
        self.app.live().catch_up(self.now()).await.unwrap();
    }
}

/// What an application is made of, over a store in this file.
async fn parts(
    region: &Region,
    path: &std::path::Path,
    (clock, access_log, settings): (Clock, Arc<InMemoryLog>, FrontSettings),
) -> Parts {
    let projections = projections();
    let store = region::open(path, &projections).await;
    let community = community();
    let book = Arc::new(region.book.clone());
    let people_register = region::register(&store);
    let register = people_register.clone();
    let live =
        Live::open_with_register(&store, &community, &projections, book.clone(), register, clock.now());
    let live = live.await.unwrap();
    let mailroom = Mailroom::new(store.clone(), community.clone(), mailroom_settings(region));
    let policy = Policy::shipped();
    let quick = AccountSettings { hashing: Hashing::quick(), ..AccountSettings::default() };
    let accounts = Accounts::new(store.clone(), community.clone(), quick);
    let login = Login::new(LoginSettings::new(ORIGIN)).unwrap();
    let audit = Audit::new(store.clone(), community.clone(), people_register.clone(), "prove".to_owned());
    Parts {
        store,
        community,
        projections,
        mailroom,
        live,
        book,
        policy,
        clock,
        settings,
        access_log,
        audit,
        accounts,
        login,
        people_register,
    }
}

pub(crate) fn mailroom_settings(region: &Region) -> Settings {
    let world = &region.world;
    let mut recipients = world.region.recipients(&world.region.trust.name);
    let others = world.region.municipalities.iter().map(|it| world.region.recipients(&it.name));
    recipients.organisations.extend(others.flat_map(|of| of.organisations));
    let limits = ReceiptLimits::shipped().unwrap();
    Settings::new(recipients, world.region.directory(), region.book.clone(), limits)
}

pub(crate) fn projections() -> Projections {
    Projections::new(Agreements::find(&["unn"]).unwrap())
}

pub(crate) fn community() -> CommunityId {
    CommunityId::new("region").unwrap()
}
