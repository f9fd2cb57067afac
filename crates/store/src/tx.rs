use std::collections::BTreeMap;

use samspill_base::{Entry, Position};

use crate::{
    Append, CommunityId, Head, LogEntry, Outcome, Receipt, Store, StoreError,
    append::There,
    database::{Company, Param, Session},
    entry::{self, Stored, head_of},
    glance::Glance,
    mail::Desk,
    marks::{AFTER_ALL, Marked, no_key, refuse_sealed},
    projection::{self, Added, Seen},
    sql,
};

/// A transaction on a community's log: all that is written in it becomes visible at once, or none of it does.
///
/// It holds the log from [`Store::begin`] on, and others who append to the same log wait; one of [`Store::look`] holds nothing, and only reads. So do in it only what must
/// hang together, and never wait for a network or a person. Dropped without [`Tx::commit`], it leaves nothing behind.
pub struct Tx {
    store: Store,
    community: CommunityId,
    session: Box<dyn Session>,
    head: Head,
    /// The last number of the messages, once it was asked for.
    messages: Option<u64>,
    state: State,
}

/// Whether the transaction may be committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// All that was asked for is written.
    Whole,
    /// Something is half written: its writing failed, or its future was dropped on the way.
    Half,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx")
            .field("community", &self.community)
            .field("head", &self.head)
            .finish_non_exhaustive()
    }
}

impl Tx {
    pub(crate) async fn begin(
        store: &Store,
        community: &CommunityId,
        company: Company,
    ) -> Result<Self, StoreError> {
        let mut session = locked(store, community, company).await?;
        let head = head_of(session.as_mut(), community).await?;
        Ok(Self::at(head, store, community, session))
    }

    /// Begins a transaction with an append. The end of the log is read with all else that the append must know, so that the
    /// database is asked once.
    ///
    /// # Errors
    ///
    /// As [`Tx::append`].
    pub(crate) async fn begin_with(
        store: &Store,
        community: &CommunityId,
        append: &Append,
    ) -> Result<(Self, Receipt), StoreError> {
        let parts = append.checked()?;
        let marked = marked(store, community, append);
        let mut session = locked(store, community, Company::Others).await?;
        let glance = glance(store, session.as_mut(), community, (append, &marked)).await?;
        let head = match &glance {
            Some(glance) => glance.head,
            None => head_of(session.as_mut(), community).await?,
        };
        let mut tx = Self::at(head, store, community, session);
        let receipt = tx.append_once((append, &marked), parts, glance).await?;
        Ok((tx, receipt))
    }

    fn at(head: Head, store: &Store, community: &CommunityId, session: Box<dyn Session>) -> Self {
        let (store, community) = (store.clone(), community.clone());
        Self { store, community, session, head, messages: None, state: State::Whole }
    }

    pub(crate) async fn look(store: &Store, community: &CommunityId) -> Result<Self, StoreError> {
        let mut session = store.database().begin_read().await?;
        let head = head_of(session.as_mut(), community).await?;
        let (store, community) = (store.clone(), community.clone());
        Ok(Self { store, community, session, head, messages: None, state: State::Whole })
    }

    /// The end of the log as it is in this transaction.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Adds entries to the end of the log, and brings the projections up to them.
    ///
    /// The same append again, in this transaction or years later, writes nothing and gives the positions it had.
    ///
    /// # Errors
    ///
    /// [`StoreError::KeyTaken`] where the key stands for other entries, and [`StoreError::Entry`] for an entry that can't
    /// be kept; the transaction goes on without it. After any other error it can only be dropped.
    pub async fn append(&mut self, append: &Append) -> Result<Receipt, StoreError> {
        let receipt = self.put_append(append).await?;
        self.state = State::Half;
        self.session.settle().await?;
        self.state = State::Whole;
        Ok(receipt)
    }

    /// The same, for whoever goes on at once: the database is told with what is asked or committed next, and says only then whether
    /// it refuses.
    ///
    /// # Errors
    ///
    /// As [`Tx::append`], but for what the database itself says.
    pub async fn put_append(&mut self, append: &Append) -> Result<Receipt, StoreError> {
        self.whole()?;
        let parts = append.checked()?;
        self.state = State::Half;
        let marked = marked(&self.store, &self.community, append);
        let glance = glance(&self.store, self.session.as_mut(), &self.community, (append, &marked)).await?;
        let done = self.append_once((append, &marked), parts, glance).await;
        if matches!(done, Ok(_) | Err(StoreError::KeyTaken { .. } | StoreError::Entry(_))) {
            self.state = State::Whole;
        }
        done
    }

    /// The rows of a case in a projection, by their keys, with all that this transaction appended.
    ///
    /// # Errors
    ///
    /// A projection that the store was not opened with.
    pub async fn projected(
        &mut self,
        name: &str,
        case: &str,
    ) -> Result<BTreeMap<String, String>, StoreError> {
        self.whole()?;
        let projection = self.store.projection(name)?;
        self.state = State::Half;
        let (session, position) = (self.session.as_mut(), self.head.position);
        let one = std::slice::from_ref(&projection);
        projection::bring_up(session, &self.community, one, position, None).await?;
        self.state = State::Whole;
        projection::readable(session, &self.community, projection.as_ref(), position).await?;
        let rows = projection::rows_of_case(session, &self.community, name, case).await?;
        self.store.opened_rows(session, &self.community, case, rows).await
    }

    /// The entries of a case in the order of the log, with their positions, and with all that this transaction appended. None
    /// for a case that the log doesn't know.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotWhole`] for an entry that can't be read.
    pub async fn case_entries(&mut self, case: &str) -> Result<Vec<Entry>, StoreError> {
        self.whole()?;
        self.state = State::Half;
        let (session, position) = (self.session.as_mut(), self.head.position);
        let log = entry::case_log(session, &self.community, case, position).await?;
        let entries = self.store.opened(session, &self.community, log.entries).await?;
        self.state = State::Whole;
        Ok(entries)
    }

    /// Makes all of it last. When this returns, it is on disk.
    ///
    /// # Errors
    ///
    /// After [`StoreError::OutcomeUnknown`] it may have been committed all the same: do all of it again in another
    /// transaction, with the same keys. After other errors it was not.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.whole()?;
        self.session.commit().await
    }

    pub(crate) fn session(&mut self) -> &mut dyn Session {
        self.session.as_mut()
    }

    /// The mail of the community. What is begun with it is half written until [`Tx::done`] is said.
    pub(crate) fn desk(&mut self) -> Result<Desk<'_>, StoreError> {
        self.whole()?;
        self.state = State::Half;
        Ok(Desk::sealing(self.session.as_mut(), &self.community, self.store.seal()))
    }

    /// Says that what was begun with [`Tx::desk`] is wholly written.
    pub(crate) fn done<T>(&mut self, value: T) -> T {
        self.state = State::Whole;
        value
    }

    /// The last number of the messages, as this transaction sees it.
    pub(crate) async fn last_message(&mut self) -> Result<u64, StoreError> {
        if let Some(last) = self.messages {
            return Ok(last);
        }
        let last = self.desk()?.last_message().await?;
        self.messages = Some(last);
        Ok(self.done(last))
    }

    /// Says that a message was kept under the number after the last.
    pub(crate) fn kept(&mut self, number: u64) {
        self.messages = Some(number);
    }

    fn whole(&self) -> Result<(), StoreError> {
        match self.state {
            State::Whole => Ok(()),
            State::Half => Err(StoreError::Broken),
        }
    }

    async fn append_once(
        &mut self,
        (append, marked): (&Append, &Marked<'_>),
        parts: u32,
        glance: Option<Glance>,
    ) -> Result<Receipt, StoreError> {
        self.refuse_without_keys(glance.as_ref()).await?;
        let may_be_there = glance.as_ref().is_none_or(|glance| glance.has_key);
        let there = if may_be_there { self.under_key(append).await? } else { There::default() };
        if let Some(receipt) = append.receipt_of(&self.community, &there, &marked.entries)? {
            return Ok(receipt);
        }
        let after = self.head.position;
        let rows = append.rows(&self.community, self.head, parts, &marked.entries)?;
        self.write_persons(marked, glance.as_ref()).await?;
        for row in &rows {
            row.write(self.session.as_mut(), &self.community).await?;
            self.head = row.head();
        }
        let cases = append.entries.iter().map(|entry| entry.case.as_str()).collect();
        let seen = glance.map(|glance| Seen::with(glance, &self.community, append, &rows)).transpose()?;
        self.bring_projections_up(Some(Added { after, cases: &cases, seen: seen.as_ref() })).await?;
        let first = Position(after.0 + 1);
        Ok(Receipt { first, last: self.head.position, outcome: Outcome::Appended })
    }

    /// Refuses to write in the clear where others seal.
    async fn refuse_without_keys(&mut self, glance: Option<&Glance>) -> Result<(), StoreError> {
        if self.store.marks().is_some() {
            return Ok(());
        }
        match glance {
            Some(glance) => no_key(&self.community, glance.person.as_ref().map(|(_, key_id)| key_id.clone())),
            None => refuse_sealed(self.session.as_mut(), &self.community).await,
        }
    }

    /// Writes whom the marks of entries stand for, but for the one of whom a glance says that it is there.
    async fn write_persons(
        &mut self,
        marked: &Marked<'_>,
        glance: Option<&Glance>,
    ) -> Result<(), StoreError> {
        let Some(marks) = self.store.marks() else { return Ok(()) };
        let (session, community) = (self.session.as_mut(), &self.community);
        if marked.may_hold_marks() {
            marks.refuse_marks(session, community, marked).await?;
        }
        let there = glance.and_then(|glance| glance.person.as_ref()).map(|(mark, _)| mark.as_str());
        marks.write(session, community, &marked.numbers, there).await
    }

    async fn under_key(&mut self, append: &Append) -> Result<There, StoreError> {
        let (session, community) = (self.session.as_mut(), &self.community);
        let params = [Param::Text(community.as_str()), Param::Text(append.key.as_str())];
        let rows = session.rows("look for the append key", sql::BY_KEY, &params).await?;
        let stored = rows.into_iter().map(|row| Stored::read(row)?.entry(community));
        let stored: Vec<LogEntry> = stored.collect::<Result<_, _>>()?;
        let opened = self.store.opened(session, community, stored.clone()).await?;
        Ok(There { stored, opened })
    }

    /// Brings all projections up to the end of the log; `added` is what was just written there.
    pub(crate) async fn bring_projections_up(&mut self, added: Option<Added<'_>>) -> Result<(), StoreError> {
        let (session, projections) = (self.session.as_mut(), self.store.projections());
        projection::bring_up(session, &self.community, projections, self.head.position, added).await
    }
}

/// A session that writes and holds the community's log.
async fn locked(
    store: &Store,
    community: &CommunityId,
    company: Company,
) -> Result<Box<dyn Session>, StoreError> {
    store.holding(&format!("log {community}"), company).await
}

/// The entries of an append as they are written.
fn marked<'a>(store: &Store, community: &CommunityId, append: &'a Append) -> Marked<'a> {
    match store.marks() {
        Some(marks) => marks.put(community, &append.entries),
        None => Marked::as_given(&append.entries),
    }
}

/// What an append of one case must know, where one statement has room for it.
async fn glance(
    store: &Store,
    session: &mut dyn Session,
    community: &CommunityId,
    (append, marked): (&Append, &Marked<'_>),
) -> Result<Option<Glance>, StoreError> {
    let Some(names) = projection::names_at_once(store.projections()) else { return Ok(None) };
    let [first, others @ ..] = &append.entries[..] else { return Ok(None) };
    if others.iter().any(|entry| entry.case != first.case) {
        return Ok(None);
    }
    // Without a seal any person of the log is one too many.
    let mark = match store.marks() {
        Some(_) => marked.numbers.keys().next().map_or(AFTER_ALL, String::as_str),
        None => "",
    };
    Glance::read(session, community, &append.key, (&first.case, mark), names).await.map(Some)
}
