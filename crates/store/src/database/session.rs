/// A [`Session`](super::Session) over a transaction of one of sqlx's databases.
macro_rules! session {
    ($name:ident, $database:ty, lock: $lock:path, put: $put:path) => {
        struct $name {
            transaction: sqlx::Transaction<'static, $database>,
            /// The turn of whoever writes where turns are counted; it ends after the transaction.
            _turn: Option<super::postgres::Turn>,
        }

        impl $name {
            fn new(
                transaction: sqlx::Transaction<'static, $database>,
                turn: Option<super::postgres::Turn>,
            ) -> Self {
                Self { transaction, _turn: turn }
            }
        }

        impl super::Session for $name {
            fn run<'a>(
                &'a mut self,
                doing: &'static str,
                sql: &'static str,
                params: &'a [super::Param<'a>],
            ) -> super::Doing<'a, u64> {
                Box::pin(async move {
                    let done = bound(sql, params).execute(&mut *self.transaction).await;
                    done.map(|done| done.rows_affected()).map_err(|error| super::trouble(doing, error))
                })
            }

            fn rows<'a>(
                &'a mut self,
                doing: &'static str,
                sql: &'static str,
                params: &'a [super::Param<'a>],
            ) -> super::Doing<'a, Vec<super::Row>> {
                Box::pin(async move {
                    let rows = bound(sql, params).fetch_all(&mut *self.transaction).await;
                    let rows = rows.and_then(|rows| rows.iter().map(super::Row::copied).collect());
                    rows.map_err(|error| super::trouble(doing, error))
                })
            }

            fn script(&mut self, doing: &'static str, sql: &'static str) -> super::Doing<'_, ()> {
                Box::pin(async move {
                    let done = sqlx::raw_sql(sql).execute(&mut *self.transaction).await;
                    done.map(drop).map_err(|error| super::trouble(doing, error))
                })
            }

            fn put<'a>(
                &'a mut self,
                doing: &'static str,
                sql: &'static str,
                params: &'a [super::Param<'a>],
            ) -> super::Doing<'a, ()> {
                Box::pin($put(self, doing, sql, params))
            }

            fn settle(&mut self) -> super::Doing<'_, ()> {
                Box::pin(std::future::ready(Ok(())))
            }

            fn lock<'a>(&'a mut self, name: &'a str) -> super::Doing<'a, ()> {
                Box::pin($lock(self, name))
            }

            fn commit(self: Box<Self>) -> super::Doing<'static, ()> {
                Box::pin(async move { self.transaction.commit().await.map_err(super::trouble::at_commit) })
            }
        }

        fn bound<'q>(
            sql: &'static str,
            params: &'q [super::Param<'q>],
        ) -> sqlx::query::Query<'q, $database, <$database as sqlx::Database>::Arguments> {
            params.iter().fold(sqlx::query(sql), |query, param| match param {
                super::Param::Int(number) => query.bind(*number),
                super::Param::Text(text) => query.bind(*text),
                super::Param::Bytes(bytes) => query.bind(*bytes),
                super::Param::MaybeInt(number) => query.bind(*number),
                super::Param::MaybeText(text) => query.bind(*text),
                super::Param::MaybeBytes(bytes) => query.bind(*bytes),
            })
        }
    };
}

pub(super) use session;
