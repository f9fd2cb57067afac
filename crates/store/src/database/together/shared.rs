use tokio::sync::oneshot;

use super::{Company, Fate, Group, Held, SAVEPOINT, finish};
use crate::{
    StoreError,
    database::{Doing, Param, Question, Row, Session},
};

/// One's own part of a transaction that others may share.
pub(super) struct Shared {
    /// None once it was committed, or left to the next.
    open: Option<(Group, Held)>,
    company: Company,
    /// Whether there is a savepoint to go back to. Without one, and with others before, nothing of one's own was written yet.
    is_marked: bool,
}

impl Shared {
    pub(super) fn new(group: Group, held: Held, company: Company) -> Self {
        Self { open: Some((group, held)), company, is_marked: false }
    }

    /// Marks where one's own part begins, in a transaction that others have written in.
    pub(super) async fn mark(&mut self) -> Result<(), StoreError> {
        self.session()?.put("mark a part of a transaction", SAVEPOINT, &[]).await?;
        self.is_marked = true;
        Ok(())
    }

    fn session(&mut self) -> Result<&mut dyn Session, StoreError> {
        match &mut self.open {
            Some((group, _)) => Ok(group.session.as_mut()),
            None => Err(StoreError::Broken),
        }
    }

    /// Whether nobody else is concerned by the commit.
    fn is_alone(&self) -> bool {
        let is_first = |(group, held): &(Group, Held)| group.members.is_empty() && !held.is_wanted();
        self.company == Company::Alone || self.open.as_ref().is_none_or(is_first)
    }

    async fn commit_alone_or_together(mut self) -> Result<(), StoreError> {
        if self.is_alone() {
            let (group, held) = self.open.take().ok_or(StoreError::Broken)?;
            let done = group.commit().await;
            drop(held);
            return done;
        }
        // What was put off and fails is one's own: those before are not to fail with it.
        self.session()?.settle().await?;
        let (group, held) = self.open.take().ok_or(StoreError::Broken)?;
        match leave(group, held) {
            Ok(fate) => told(fate).await,
            Err((group, held)) => commit_for_all(group, held).await,
        }
    }
}

/// Leaves the transaction open to the next who waits. Gives it back where nobody goes on in it.
fn leave(mut group: Group, held: Held) -> Result<oneshot::Receiver<Fate>, (Group, Held)> {
    if !group.has_room() {
        return Err((group, held));
    }
    let (member, fate) = oneshot::channel();
    group.members.push(member);
    held.leave(group).map(|()| fate).map_err(|(held, mut group)| {
        group.members.pop();
        (group, held)
    })
}

/// Commits in a task of its own: others wait for it, whether or not this one still does.
async fn commit_for_all(group: Group, held: Held) -> Result<(), StoreError> {
    let committing = tokio::spawn(async move {
        let done = group.commit().await;
        drop(held);
        done
    });
    committing.await.unwrap_or_else(|error| Err(StoreError::OutcomeUnknown { source: error.into() }))
}

/// What became of a commit that somebody else saw to. Whoever went away without a word may have committed.
async fn told(fate: oneshot::Receiver<Fate>) -> Result<(), StoreError> {
    const TOGETHER: &str = "it shared a transaction with others, and that failed";
    match fate.await.unwrap_or(Fate::Unknown) {
        Fate::Lasts => Ok(()),
        Fate::Unknown => Err(StoreError::OutcomeUnknown { source: TOGETHER.into() }),
        Fate::Failed => Err(StoreError::Gone { doing: "commit", source: TOGETHER.into() }),
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let Some((group, held)) = self.open.take() else { return };
        if group.members.is_empty() {
            drop(group);
            drop(held);
            return;
        }
        let is_marked = self.is_marked;
        finish(async move {
            group.commit_without_last(is_marked).await;
            drop(held);
        });
    }
}

impl Session for Shared {
    fn run<'a>(
        &'a mut self,
        doing: &'static str,
        sql: &'static str,
        params: &'a [Param<'a>],
    ) -> Doing<'a, u64> {
        Box::pin(async move { self.session()?.run(doing, sql, params).await })
    }

    fn rows<'a>(
        &'a mut self,
        doing: &'static str,
        sql: &'static str,
        params: &'a [Param<'a>],
    ) -> Doing<'a, Vec<Row>> {
        Box::pin(async move { self.session()?.rows(doing, sql, params).await })
    }

    fn rows_all<'a>(
        &'a mut self,
        doing: &'static str,
        questions: &'a [Question<'a>],
    ) -> Doing<'a, Vec<Vec<Row>>> {
        Box::pin(async move { self.session()?.rows_all(doing, questions).await })
    }

    fn put<'a>(
        &'a mut self,
        doing: &'static str,
        sql: &'static str,
        params: &'a [Param<'a>],
    ) -> Doing<'a, ()> {
        Box::pin(async move { self.session()?.put(doing, sql, params).await })
    }

    fn settle(&mut self) -> Doing<'_, ()> {
        Box::pin(async move { self.session()?.settle().await })
    }

    fn script(&mut self, doing: &'static str, sql: &'static str) -> Doing<'_, ()> {
        Box::pin(async move { self.session()?.script(doing, sql).await })
    }

    fn lock<'a>(&'a mut self, name: &'a str) -> Doing<'a, ()> {
        Box::pin(async move { self.session()?.lock(name).await })
    }

    fn commit(self: Box<Self>) -> Doing<'static, ()> {
        Box::pin(self.commit_alone_or_together())
    }
}
