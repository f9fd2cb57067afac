use std::{collections::BTreeMap, ops::AsyncFnOnce, path::Path, sync::Arc};

use samspill_base::{Entry, Position};

use crate::{
    Append, CommunityId, Head, LogEntry, Options, Place, ProjectedRow, Projection, Receipt, Seal, StoreError,
    Tail, Tx,
    database::{Company, Database, Param, Postgres, Session, Sqlite, Together, Where},
    entry::{Stored, case_log, head_of, limit_number, rows_from},
    marks::{Marks, Texts, Unopened},
    migrate, projection, sql,
};

/// The logs of communities and what is derived from them, in a database. Clones are the same store.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    database: Box<dyn Database>,
    together: Together,
    projections: Vec<Arc<dyn Projection>>,
    seal: Option<Arc<dyn Seal>>,
    marks: Option<Marks>,
}

impl Store {
    /// Opens a store: brings the schema up to date, and the projections up to the log.
    ///
    /// A projection with another version than its rows is made anew here, before anything is read. While one is made, the
    /// log that it is made from waits.
    ///
    /// # Errors
    ///
    /// A database that is out of reach, or was written by a newer program; a projection's name that is none.
    pub async fn open(place: &Place, options: Options) -> Result<Self, StoreError> {
        for projection in &options.projections {
            CommunityId::new(projection.name())?;
        }
        let database: Box<dyn Database> = match &place.0 {
            Where::Sqlite(path) => Box::new(Sqlite::open(path, &options).await?),
            Where::Postgres(server) => Box::new(Postgres::open(server, &options).await?),
        };
        migrate::to_newest(database.as_ref()).await?;
        let Options { projections, seal, wait, .. } = options;
        let marks = seal.clone().map(Marks::new);
        let store = Self {
            inner: Arc::new(Inner { database, together: Together::new(wait), projections, seal, marks }),
        };
        for community in store.communities().await? {
            store.bring_projections_up(&community).await?;
        }
        Ok(store)
    }

    /// Waits for transactions under way and closes all connections. A store that is dropped closes them too, but doesn't
    /// wait.
    pub async fn close(&self) {
        self.inner.database.close().await;
    }

    /// Begins a transaction on a community's log. Waits until others who write to it are done, and shares nothing with them: what is read in
    /// it was committed.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] where they aren't done within [`Options::wait`].
    pub async fn begin(&self, community: &CommunityId) -> Result<Tx, StoreError> {
        Tx::begin(self, community, Company::Alone).await
    }

    /// The same for whoever commits in any case before it tells anybody of what it read: it may go on in the transaction of those
    /// before it, and read what they wrote. That lasts, or fails, with its own commit, and isn't true before.
    ///
    /// # Errors
    ///
    /// As [`Store::begin`].
    pub async fn begin_together(&self, community: &CommunityId) -> Result<Tx, StoreError> {
        Tx::begin(self, community, Company::Others).await
    }

    /// Begins a transaction that only reads: one state of the log and of all beside it. It waits for nobody, and nobody waits for it.
    /// Whatever it is asked to write, the database refuses.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn look(&self, community: &CommunityId) -> Result<Tx, StoreError> {
        Tx::look(self, community).await
    }

    /// Does work in a transaction, and commits it if the work succeeds.
    ///
    /// # Errors
    ///
    /// Those of the work, which leave nothing behind, and those of [`Tx::commit`].
    pub async fn write<T, E: From<StoreError>>(
        &self,
        community: &CommunityId,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut tx = self.begin_together(community).await?;
        let done = work(&mut tx).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Appends to a log in a transaction of its own. See [`Tx::append`].
    ///
    /// # Errors
    ///
    /// Those of [`Tx::append`] and [`Tx::commit`].
    pub async fn append(&self, community: &CommunityId, append: &Append) -> Result<Receipt, StoreError> {
        let (tx, receipt) = Tx::begin_with(self, community, append).await?;
        tx.commit().await?;
        Ok(receipt)
    }

    /// Up to `limit` entries from a position on, in their order. Position 0 is read as 1. Fewer than `limit`, down to
    /// none, where the log ends before.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotWhole`] where a position is missing or can't be read: it is never passed over.
    pub async fn read(
        &self,
        community: &CommunityId,
        from: Position,
        limit: usize,
    ) -> Result<Vec<LogEntry>, StoreError> {
        let mut session = self.inner.database.begin_read().await?;
        let rows = rows_from(session.as_mut(), community, from, limit).await?;
        let entries = without_gaps(community, from, rows)?;
        self.opened(session.as_mut(), community, entries).await
    }

    /// The end of a log.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn head(&self, community: &CommunityId) -> Result<Head, StoreError> {
        let mut session = self.inner.database.begin_read().await?;
        head_of(session.as_mut(), community).await
    }

    /// Reads a log as it grows, from the entry after `last` on: `Position(0)` for all of it.
    pub fn tail(&self, community: &CommunityId, last: Position) -> Tail {
        Tail::new(self.clone(), community.clone(), last)
    }

    /// The communities that have entries, in the order of their ids.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn communities(&self) -> Result<Vec<CommunityId>, StoreError> {
        let mut session = self.inner.database.begin_read().await?;
        communities(session.as_mut()).await
    }

    /// The entries of a case in the order of the log, with their positions. None for a case that the log doesn't know.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotWhole`] for an entry that can't be read.
    pub async fn case_entries(&self, community: &CommunityId, case: &str) -> Result<Vec<Entry>, StoreError> {
        let mut session = self.inner.database.begin_read().await?;
        let log = case_log(session.as_mut(), community, case, Position(u64::MAX)).await?;
        self.opened(session.as_mut(), community, log.entries).await
    }

    /// Up to `limit` cases that have entries, after a case, in the order of the bytes of their names; from the first after
    /// `""`.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn cases(
        &self,
        community: &CommunityId,
        after: &str,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        let mut session = self.inner.database.begin_read().await?;
        let params = [Param::Text(community.as_str()), Param::Text(after), Param::Int(limit_number(limit))];
        let rows = session.rows("list the cases", sql::CASES_AFTER, &params).await?;
        rows.into_iter().map(|mut row| row.text("log", 0)).collect()
    }

    /// The rows of a case in a projection, by their keys. None for a case that has no entries.
    ///
    /// # Errors
    ///
    /// A projection that the store was not opened with, or whose rows a newer program made.
    pub async fn projected(
        &self,
        community: &CommunityId,
        name: &str,
        case: &str,
    ) -> Result<BTreeMap<String, String>, StoreError> {
        let mut session = self.read_projection(community, name).await?;
        let rows = projection::rows_of_case(session.as_mut(), community, name, case).await?;
        self.opened_rows(session.as_mut(), community, case, rows).await
    }

    /// Up to `limit` rows of a projection after a case and key, in the order of the bytes of both; from the first after
    /// `("", "")`.
    ///
    /// # Errors
    ///
    /// As [`Store::projected`].
    pub async fn projected_after(
        &self,
        community: &CommunityId,
        name: &str,
        after: (&str, &str),
        limit: usize,
    ) -> Result<Vec<ProjectedRow>, StoreError> {
        let mut session = self.read_projection(community, name).await?;
        let rows = projection::rows_after(session.as_mut(), community, name, after, limit).await?;
        self.opened(session.as_mut(), community, rows).await
    }

    /// Throws a projection's rows of a community away and makes them anew from the log. Readers see the rows before or the
    /// rows after; writers to the log wait.
    ///
    /// # Errors
    ///
    /// As [`Store::projected`].
    pub async fn rebuild(&self, community: &CommunityId, name: &str) -> Result<(), StoreError> {
        let projection = self.projection(name)?;
        let mut tx = Tx::begin(self, community, Company::Alone).await?;
        let head = tx.head().position;
        projection::readable(tx.session(), community, projection.as_ref(), head).await?;
        projection::drop_all(tx.session(), community, projection.as_ref()).await?;
        projection::bring_up(tx.session(), community, &[projection], head, None).await?;
        tx.commit().await
    }

    /// Makes a copy of a store on SQLite in a new file, while others write: a store as it was at one moment.
    ///
    /// # Errors
    ///
    /// A store on PostgreSQL, and a file that is there already.
    pub async fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let doing = "copy the store";
        if path.exists() {
            let source = std::io::ErrorKind::AlreadyExists.into();
            return Err(StoreError::File { doing, source });
        }
        self.inner.database.copy_to(path).await?;
        let path = path.to_owned();
        // The disk is waited for where nothing else waits.
        let synced = tokio::task::spawn_blocking(move || sync(&path)).await;
        let synced = synced.unwrap_or_else(|error| Err(std::io::Error::other(error)));
        synced.map_err(|source| StoreError::File { doing, source })
    }

    /// A session that writes and holds the lock of this name.
    pub(crate) async fn holding(&self, name: &str, company: Company) -> Result<Box<dyn Session>, StoreError> {
        self.inner.together.begin(self.database(), name, company).await
    }

    pub(crate) fn database(&self) -> &dyn Database {
        self.inner.database.as_ref()
    }

    /// What seals, if anything does.
    pub(crate) fn seal(&self) -> Option<&dyn Seal> {
        self.inner.seal.as_deref()
    }

    /// What puts marks in the place of persons, if anything does.
    pub(crate) fn marks(&self) -> Option<&Marks> {
        self.inner.marks.as_ref()
    }

    /// Things with persons in place of their marks, as far as they can be opened.
    pub(crate) async fn opened<T: Texts>(
        &self,
        session: &mut dyn Session,
        community: &CommunityId,
        things: Vec<T>,
    ) -> Result<Vec<T>, StoreError> {
        match self.marks() {
            Some(marks) => marks.opened(session, community, things, Unopened::Stays).await,
            None => Ok(things),
        }
    }

    /// The same for a projection's rows of a case, by their keys.
    pub(crate) async fn opened_rows(
        &self,
        session: &mut dyn Session,
        community: &CommunityId,
        case: &str,
        rows: BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, StoreError> {
        let rows = rows.into_iter().map(|(key, json)| ProjectedRow { case: case.to_owned(), key, json });
        let rows = self.opened(session, community, rows.collect()).await?;
        Ok(rows.into_iter().map(|row| (row.key, row.json)).collect())
    }

    pub(crate) fn projections(&self) -> &[Arc<dyn Projection>] {
        &self.inner.projections
    }

    pub(crate) fn projection(&self, name: &str) -> Result<Arc<dyn Projection>, StoreError> {
        let found = self.inner.projections.iter().find(|projection| projection.name() == name);
        found.cloned().ok_or_else(|| StoreError::NoProjection(name.to_owned()))
    }

    /// A session that sees a projection as far as the log. Where another program appended without it, it is brought up
    /// first.
    async fn read_projection(
        &self,
        community: &CommunityId,
        name: &str,
    ) -> Result<Box<dyn Session>, StoreError> {
        let projection = self.projection(name)?;
        loop {
            let mut session = self.inner.database.begin_read().await?;
            let head = head_of(session.as_mut(), community).await?.position;
            if projection::readable(session.as_mut(), community, projection.as_ref(), head).await? {
                return Ok(session);
            }
            drop(session);
            self.bring_projections_up(community).await?;
        }
    }

    async fn bring_projections_up(&self, community: &CommunityId) -> Result<(), StoreError> {
        if self.inner.projections.is_empty() {
            return Ok(());
        }
        let mut tx = Tx::begin(self, community, Company::Alone).await?;
        tx.bring_projections_up(None).await?;
        tx.commit().await
    }
}

/// The communities that have entries.
pub(crate) async fn communities(session: &mut dyn Session) -> Result<Vec<CommunityId>, StoreError> {
    let rows = session.rows("list the communities", sql::COMMUNITIES, &[]).await?;
    rows.into_iter().map(|mut row| Ok(CommunityId::new(row.text("log", 0)?)?)).collect()
}

fn without_gaps(
    community: &CommunityId,
    from: Position,
    rows: Vec<Stored>,
) -> Result<Vec<LogEntry>, StoreError> {
    let expected = from.0.max(1)..;
    let read = rows.into_iter().zip(expected).map(|(row, expected)| {
        if row.position.0 == expected {
            row.entry(community)
        } else {
            Err(missing(community, Position(expected)))
        }
    });
    read.collect()
}

fn missing(community: &CommunityId, position: Position) -> StoreError {
    StoreError::NotWhole { community: community.clone(), position, says: "the entry is missing".to_owned() }
}

/// Waits until a new file and its name are on disk.
fn sync(path: &Path) -> std::io::Result<()> {
    std::fs::File::open(path)?.sync_all()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { std::fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{AppendKey, Outcome};

    /// Lets the file have so many pages at the most, as a full disk does.
    async fn limit_pages(store: &Store, pages: &'static str) {
        let mut session = store.database().begin_write().await.unwrap();
        session.rows("limit the pages", pages, &[]).await.unwrap();
    }

    async fn append_large(
        store: &Store,
        community: &CommunityId,
        number: u32,
    ) -> Result<Receipt, StoreError> {
        let entry = Entry {
            id: Some("x".repeat(50_000)),
            ..Entry::new("1", "inn", Position(0), Timestamp::UNIX_EPOCH)
        };
        let key = AppendKey::new(number.to_string()).unwrap();
        store.append(community, &Append::one(key, Timestamp::UNIX_EPOCH, entry)).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_full_disk_is_told_and_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::file(folder.path().join("full.db"));
        let (store, nord) =
            (Store::open(&place, Options::default()).await.unwrap(), CommunityId::new("nord").unwrap());
        limit_pages(&store, "PRAGMA max_page_count = 120").await;
        let mut kept = 0;
        let error = loop {
            match append_large(&store, &nord, kept).await {
                Ok(_) => kept += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(error, StoreError::DiskFull { .. }), "{error:?}");
        assert!(kept > 0);
        limit_pages(&store, "PRAGMA max_page_count = 1000").await;
        assert_eq!(append_large(&store, &nord, kept).await.unwrap().outcome, Outcome::Appended);
        let found = store.verify(&nord, &[]).await.unwrap();
        assert!(found.is_whole() && found.entries == u64::from(kept) + 1, "{found:?}");
    }
}
