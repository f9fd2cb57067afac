use std::{collections::BTreeSet, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Desk, Direction, SealedWith, Standing,
    desk::{AT_ONCE, long, name, padded, short},
    digest::Fields,
};
use crate::{
    CommunityId, Store, StoreError, Tx,
    database::{Param, Row},
    entry::{limit_number, microseconds},
    sql,
};

/// Which message: 1, 2, 3, … in a community, without holes, in the order in which they were kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageNumber(pub u64);

impl fmt::Display for MessageNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A message to keep: the bytes as they came or as they are sent, and what was read of them.
///
/// Texts hold no U+0000 and 1000 bytes at the most. Instants are kept in microseconds, rounded down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    /// Which way it goes.
    pub direction: Direction,
    /// Its id in the form in which ids are compared; empty where none can be read.
    pub id: String,
    /// What it is: a code of Norwegian code system 8279; empty where that can't be read.
    pub kind: String,
    /// The sender's HER-id; empty where it isn't known.
    pub from: String,
    /// The receiver's HER-id; empty where it isn't known.
    pub to: String,
    /// The case that it is about, if that is known.
    pub case: Option<String>,
    /// Of a receipt: the id of the message that it is for.
    pub about: Option<String>,
    /// When its sender made it.
    pub made: Option<Timestamp>,
    /// When it was received, or handed in for sending.
    pub at: Timestamp,
    /// The channel that it came by or goes by.
    pub channel: String,
    /// The id that the channel knows it by; empty where there is none.
    pub parcel: String,
    /// What came or is sent, byte by byte.
    pub bytes: Vec<u8>,
    /// What ties it to other messages: person, stay, conversation, its own id and those that it names. See
    /// [`Tx::related`].
    pub ties: BTreeSet<String>,
}

impl NewMessage {
    /// Bytes at the most: 64 MiB.
    pub const BYTES_MAX: usize = 64 << 20;

    /// Ties at the most.
    pub const TIES_MAX: usize = 256;
}

/// A message as it is kept, with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptMessage {
    /// Which one.
    pub number: MessageNumber,
    /// Which way it goes.
    pub direction: Direction,
    /// Its id; empty where none can be read.
    pub id: String,
    /// What it is; empty where that can't be read.
    pub kind: String,
    /// The sender's HER-id; empty where it isn't known.
    pub from: String,
    /// The receiver's HER-id; empty where it isn't known.
    pub to: String,
    /// The case that it belongs to by now.
    pub case: Option<String>,
    /// Of a receipt: the id of the message that it is for.
    pub about: Option<String>,
    /// When its sender made it.
    pub made: Option<Timestamp>,
    /// When it was received, or handed in for sending.
    pub at: Timestamp,
    /// The channel that it came by or goes by.
    pub channel: String,
    /// The id that the channel knows it by; empty where there is none.
    pub parcel: String,
    /// What came or is sent, byte by byte.
    pub bytes: Vec<u8>,
    /// What ties it to other messages: what was given, and [`KeptMessage::about`].
    pub ties: BTreeSet<String>,
    /// What became of it.
    pub standing: Standing,
    /// What is noted about it, as JSON; empty where nothing is.
    pub notes: String,
}

/// Something that comes, and may have come before.
#[derive(Clone, Copy, Debug)]
pub struct Came<'a> {
    /// Its message's id in the form in which ids are compared; empty where none can be read.
    pub id: &'a str,
    /// The channel that it comes by.
    pub channel: &'a str,
    /// The id that the channel knows it by; empty where there is none.
    pub parcel: &'a str,
    /// What comes, byte by byte.
    pub bytes: &'a [u8],
}

/// What came before of something that comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// The first with its message's id, or in its parcel where it has no id.
    pub first: Option<KeptMessage>,
    /// This very parcel: the same id of the message and of the channel, and the same bytes.
    pub again: Option<KeptMessage>,
}

impl Before {
    /// Parcels of one id and one size that are read at the most, to see whether one is the same. No channel gives two parcels one id.
    const LIKE_MAX: i64 = 8;
}

impl Tx {
    /// Keeps a message under the next number. It stands as [`Standing::Taken`] until [`Tx::stand`] says something else.
    ///
    /// The store doesn't compare it with others: whether it was here before is the caller's to see, with
    /// [`Tx::came_before`] and [`Tx::first_of_id`].
    ///
    /// # Errors
    ///
    /// A text, a size or a number of ties that can't be kept: the transaction goes on without it. After any other error it can
    /// only be dropped.
    pub async fn keep_message(&mut self, message: &NewMessage) -> Result<MessageNumber, StoreError> {
        let stored = StoredMessage::new(message)?;
        let number = MessageNumber(self.last_message().await? + 1);
        let mut desk = self.desk()?;
        stored.numbered(number).put(&desk)?.write(&mut desk).await?;
        self.kept(number.0);
        Ok(self.done(number))
    }

    /// Says what became of a message, in place of what was said before. A `case` moves it to this case; without one it stays
    /// where it is. `notes` is JSON, or empty.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoMessage`] and texts that can't be kept: the transaction goes on without it. After any other error it
    /// can only be dropped.
    pub async fn stand(
        &mut self,
        number: MessageNumber,
        standing: Standing,
        case: Option<&str>,
        notes: &str,
    ) -> Result<(), StoreError> {
        case.map_or(Ok(()), |case| name(case, "case of a message"))?;
        long(notes, "notes about a message")?;
        self.known(number).await?;
        let params =
            [number.param(), Param::Text(standing.as_str()), Param::MaybeText(case), Param::Text(notes)];
        self.desk()?.put("write what became of a message", sql::mail::SET_STANDING, &params).await?;
        self.done(());
        Ok(())
    }

    /// A message by its number.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn message(&mut self, number: MessageNumber) -> Result<Option<KeptMessage>, StoreError> {
        let found = messages(&mut self.desk()?, &[number]).await?;
        Ok(self.done(found.into_iter().next()))
    }

    /// Every message that has this id, in and out, by number. Ids are compared byte by byte.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn messages_of_id(&mut self, id: &str) -> Result<Vec<KeptMessage>, StoreError> {
        short(id, "id of a message")?;
        self.looked_for(sql::mail::NUMBERS_OF_ID, &[Param::Text(id)]).await
    }

    /// The first message with this id that goes this way. However many there are, one is read.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn first_of_id(
        &mut self,
        direction: Direction,
        id: &str,
    ) -> Result<Option<KeptMessage>, StoreError> {
        short(id, "id of a message")?;
        let params = [Param::Text(direction.as_str()), Param::Text(id)];
        Ok(self.looked_for(sql::mail::FIRST_OF_ID, &params).await?.into_iter().next())
    }

    /// What came before of what comes now. However often a message came, a few of its copies are read.
    ///
    /// Of what has no id, the channel's parcel is looked for; of what has neither, nothing.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn came_before(&mut self, came: &Came<'_>) -> Result<Before, StoreError> {
        let Came { id, channel, parcel, bytes } = *came;
        short(id, "id of a message")?;
        short(channel, "channel")?;
        short(parcel, "parcel")?;
        if id.is_empty() && parcel.is_empty() {
            return Ok(Before::default());
        }
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let (of_id, of_parcel) = (
            [Param::Text(Direction::In.as_str()), Param::Text(id)],
            [Param::Text(channel), Param::Text(parcel)],
        );
        let like =
            [&of_parcel[..], &[Param::Text(id), Param::Int(size), Param::Int(Before::LIKE_MAX)]].concat();
        let first: (_, &[_]) = match id {
            "" => (sql::mail::FIRST_OF_PARCEL, &of_parcel),
            _ => (sql::mail::FIRST_OF_ID, &of_id),
        };
        let found = self.looked_for_all(&[first, (sql::mail::LIKE_IN_PARCEL, &like)]).await?;
        let mut found = found.into_iter().map(Vec::into_iter);
        let first = found.next().and_then(|mut first| first.next());
        let again = found.next().and_then(|mut like| like.find(|kept| kept.bytes == bytes));
        Ok(Before { first, again })
    }

    /// The messages whose numbers a query gives. The last number of all is asked for with them: whoever looks for a message is about to
    /// keep one.
    async fn looked_for(
        &mut self,
        sql: &'static str,
        params: &[Param<'_>],
    ) -> Result<Vec<KeptMessage>, StoreError> {
        let mut found = self.looked_for_all(&[(sql, params)]).await?;
        Ok(found.pop().unwrap_or_default())
    }

    /// The same for several queries, each with its own messages.
    async fn looked_for_all(
        &mut self,
        asked: &[(&'static str, &[Param<'_>])],
    ) -> Result<Vec<Vec<KeptMessage>>, StoreError> {
        let mut desk = self.desk()?;
        let questions = [asked, &[(sql::mail::LAST_MESSAGE, &[])]].concat();
        let answers = desk.rows_all(READING, &questions).await?;
        let mut numbers: Vec<_> = answers.into_iter().map(numbers_in).collect::<Result<_, _>>()?;
        let last = numbers.pop().unwrap_or_default();
        let all: BTreeSet<_> = numbers.iter().flatten().copied().collect();
        let found = messages(&mut desk, &all.into_iter().collect::<Vec<_>>()).await?;
        let of = |some: Vec<MessageNumber>| {
            found.iter().filter(|kept| some.contains(&kept.number)).cloned().collect::<Vec<_>>()
        };
        let found = numbers.into_iter().map(of).collect();
        self.kept(last.last().map_or(0, |last| last.0));
        Ok(self.done(found))
    }
}

impl Store {
    /// A message by its number.
    ///
    /// # Errors
    ///
    /// A database that can't be read.
    pub async fn message(
        &self,
        community: &CommunityId,
        number: MessageNumber,
    ) -> Result<Option<KeptMessage>, StoreError> {
        let mut session = self.database().begin_read().await?;
        let mut desk = Desk::sealing(session.as_mut(), community, self.seal());
        let found = messages(&mut desk, &[number]).await?;
        Ok(found.into_iter().next())
    }
}

impl MessageNumber {
    pub(crate) fn param(self) -> Param<'static> {
        Param::Int(i64::try_from(self.0).unwrap_or(i64::MAX))
    }
}

/// A message as it stands in its row, with what it must have been for its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredMessage {
    pub(crate) message: KeptMessage,
    /// The case that it was kept with.
    pub(crate) first_case: Option<String>,
    pub(crate) digest: Vec<u8>,
    /// With what its bytes and ties are sealed; they are in the clear where nothing stands here.
    pub(crate) sealed: Option<SealedWith>,
}

impl StoredMessage {
    /// A message that has no number yet.
    fn new(message: &NewMessage) -> Result<Self, StoreError> {
        let NewMessage { direction, id, kind, from, to, case, about, made, at, channel, parcel, bytes, ties } =
            message.clone();
        let ties: BTreeSet<_> = ties.into_iter().chain(about.clone().filter(|id| !id.is_empty())).collect();
        let (number, standing, notes) = (MessageNumber(0), Standing::Taken, String::new());
        let (first_case, digest) = (case.clone(), Vec::new());
        let message = KeptMessage {
            number,
            direction,
            id,
            kind,
            from,
            to,
            case,
            about,
            made,
            at,
            channel,
            parcel,
            bytes,
            ties,
            standing,
            notes,
        };
        let stored = Self { message, first_case, digest, sealed: None };
        stored.check()?;
        Ok(stored)
    }

    fn numbered(mut self, number: MessageNumber) -> Self {
        self.message.number = number;
        self.digest = self.own_digest().to_vec();
        self
    }

    /// Refuses what one of the databases could not give back.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let it = &self.message;
        for (text, what) in [
            (it.id.as_str(), "id of a message"),
            (&it.kind, "kind of a message"),
            (&it.from, "sender"),
            (&it.to, "receiver"),
            (it.about.as_deref().unwrap_or_default(), "id of the message that a receipt is for"),
            (&it.channel, "channel"),
            (&it.parcel, "parcel"),
        ] {
            short(text, what)?;
        }
        for case in self.first_case.iter().chain(&it.case) {
            name(case, "case of a message")?;
        }
        it.ties.iter().try_for_each(|tie| name(tie, "tie"))?;
        long(&it.notes, "notes about a message")?;
        // What seals adds some bytes, and the limit is what came.
        let sealed = self.sealed.as_ref().map(|with| usize::try_from(with.size).unwrap_or(usize::MAX));
        let (bytes, ties) = (sealed.unwrap_or(it.bytes.len()), it.ties.len());
        if bytes > NewMessage::BYTES_MAX {
            return Err(StoreError::MessageLarge { bytes });
        }
        if ties > NewMessage::TIES_MAX { Err(StoreError::Ties { ties }) } else { Ok(()) }
    }

    /// The digest that the message must have as it stands.
    pub(crate) fn own_digest(&self) -> [u8; 32] {
        let domain = if self.sealed.is_some() { "samspill message 2\n" } else { "samspill message 1\n" };
        self.fields(domain).with_bytes(&self.message.bytes)
    }

    /// All of it that never changes but the bytes.
    pub(super) fn fields(&self, domain: &str) -> Fields {
        let it = &self.message;
        let fields = Fields::of(domain, it.number.0)
            .text(it.direction.as_str())
            .text(&it.id)
            .text(&it.kind)
            .text(&it.from)
            .text(&it.to)
            .maybe_text(self.first_case.as_deref())
            .maybe_text(it.about.as_deref())
            .maybe_instant(it.made)
            .instant(it.at)
            .text(&it.channel)
            .text(&it.parcel)
            .texts(it.ties.iter().map(String::as_str).collect::<Vec<_>>().into_iter());
        self.sealed.iter().fold(fields, |fields, with| fields.text(&with.key_id).count(with.size))
    }

    /// Writes it under its number, which must be the next.
    pub(crate) async fn write(&self, desk: &mut Desk<'_>) -> Result<(), StoreError> {
        const DOING: &str = "keep a message";
        let it = &self.message;
        let params = [
            it.number.param(),
            Param::Text(it.direction.as_str()),
            Param::Text(&it.id),
            Param::Text(&it.kind),
            Param::Text(&it.from),
            Param::Text(&it.to),
            Param::MaybeText(self.first_case.as_deref()),
            Param::MaybeText(it.about.as_deref()),
            Param::MaybeInt(it.made.map(microseconds)),
            Param::Int(microseconds(it.at)),
            Param::Text(&it.channel),
            Param::Text(&it.parcel),
            Param::Bytes(&self.digest),
            Param::Bytes(&it.bytes),
            Param::MaybeText(self.sealed.as_ref().map(|with| with.key_id.as_str())),
            Param::MaybeInt(self.sealed.as_ref().map(|with| i64::try_from(with.size).unwrap_or(i64::MAX))),
        ];
        desk.put(DOING, sql::mail::ADD_MESSAGE, &params).await?;
        let ties: Vec<_> = it.ties.iter().map(|tie| Param::Text(tie)).collect();
        for four in ties.chunks(4) {
            let params: Vec<_> = std::iter::once(it.number.param()).chain(padded(four, 4)).collect();
            desk.put(DOING, sql::mail::ADD_TIES, &params).await?;
        }
        let standing = [
            it.number.param(),
            Param::Text(it.standing.as_str()),
            Param::MaybeText(it.case.as_deref()),
            Param::Text(&it.notes),
        ];
        desk.put(DOING, sql::mail::ADD_STANDING, &standing).await
    }

    /// Reads a row, which has no ties yet.
    fn read(mut row: Row) -> Result<Self, StoreError> {
        let message = KeptMessage {
            number: MessageNumber(row.count(MESSAGE, 0)?),
            direction: direction(&mut row)?,
            id: row.text(MESSAGE, 2)?,
            kind: row.text(MESSAGE, 3)?,
            from: row.text(MESSAGE, 4)?,
            to: row.text(MESSAGE, 5)?,
            case: row.maybe_text(MESSAGE, 6)?,
            about: row.maybe_text(MESSAGE, 7)?,
            made: row.maybe_instant(MESSAGE, 8)?,
            at: row.instant(MESSAGE, 9)?,
            channel: row.text(MESSAGE, 10)?,
            parcel: row.text(MESSAGE, 11)?,
            standing: standing(&mut row)?,
            notes: row.text(MESSAGE, 13)?,
            bytes: row.bytes(MESSAGE, 15)?,
            ties: BTreeSet::new(),
        };
        let sealed = match row.maybe_text(MESSAGE, 17)? {
            Some(key_id) => Some(SealedWith { key_id, size: row.count(MESSAGE, 18)? }),
            None => None,
        };
        let (digest, first_case) = (row.bytes(MESSAGE, 14)?, row.maybe_text(MESSAGE, 16)?);
        Ok(Self { message, first_case, digest, sealed })
    }
}

pub(super) const MESSAGE: &str = "message";
const READING: &str = "read messages";

/// Which way, from the second column.
pub(super) fn direction(row: &mut Row) -> Result<Direction, StoreError> {
    let word = row.text(MESSAGE, 1)?;
    Direction::of_word(&word).ok_or_else(|| unknown_word(MESSAGE, &word))
}

/// What became of it, from the thirteenth column.
pub(super) fn standing(row: &mut Row) -> Result<Standing, StoreError> {
    let word = row.text(MESSAGE, 12)?;
    Standing::of_word(&word).ok_or_else(|| unknown_word("message_standing", &word))
}

pub(super) fn unknown_word(table: &'static str, word: &str) -> StoreError {
    StoreError::Row { table, says: format!("it holds «{word}», which this program doesn't know") }
}

/// Messages by their numbers. Numbers that there aren't are passed over.
pub(super) async fn messages(
    desk: &mut Desk<'_>,
    numbers: &[MessageNumber],
) -> Result<Vec<KeptMessage>, StoreError> {
    let asked: Vec<_> = numbers.iter().map(|number| number.param()).collect();
    let some: Vec<_> = asked.chunks(AT_ONCE).map(|some| padded(some, AT_ONCE)).collect();
    let questions: Vec<_> = some
        .iter()
        .flat_map(|some| [(sql::mail::MESSAGES, &some[..]), (sql::mail::TIES, &some[..])])
        .collect();
    let mut answers = desk.rows_all(READING, &questions).await?.into_iter();
    let mut found = Vec::new();
    while let (Some(rows), Some(ties)) = (answers.next(), answers.next()) {
        for stored in joined(rows, ties)? {
            found.push(stored.opened(desk)?.message);
        }
    }
    Ok(found)
}

/// Messages from a number on as they stand, so many at the most.
pub(crate) async fn messages_from(
    desk: &mut Desk<'_>,
    from: MessageNumber,
    limit: usize,
) -> Result<Vec<StoredMessage>, StoreError> {
    let params = [from.param(), Param::Int(limit_number(limit))];
    let rows = desk.rows(READING, sql::mail::MESSAGES_FROM, &params).await?;
    let first: Vec<_> = numbers_in(rows.clone())?;
    let asked: Vec<_> = first.into_iter().map(MessageNumber::param).collect();
    let ties = desk.rows_of(READING, sql::mail::TIES, &asked, &[]).await?;
    joined(rows, ties)
}

/// The numbers in the first column.
pub(super) fn numbers_in(rows: Vec<Row>) -> Result<Vec<MessageNumber>, StoreError> {
    rows.into_iter().map(|mut row| row.count(MESSAGE, 0).map(MessageNumber)).collect()
}

/// The numbers in the first column, with the sizes in the second.
pub(super) fn sizes_in(rows: Vec<Row>) -> Result<Vec<(MessageNumber, u64)>, StoreError> {
    let sizes =
        rows.into_iter().map(|mut row| Ok((MessageNumber(row.count(MESSAGE, 0)?), row.count(MESSAGE, 1)?)));
    sizes.collect()
}

/// Messages of some rows, with the ties of some others.
fn joined(rows: Vec<Row>, ties: Vec<Row>) -> Result<Vec<StoredMessage>, StoreError> {
    let mut found: Vec<_> = rows.into_iter().map(StoredMessage::read).collect::<Result<_, _>>()?;
    for mut row in ties {
        let (number, tie) = (row.count("message_tie", 0)?, row.text("message_tie", 1)?);
        let of = found.iter_mut().find(|stored| stored.message.number.0 == number);
        of.map(|stored| stored.message.ties.insert(tie));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_of_a_message_is_what_came_and_not_what_seals_it() {
        let message = NewMessage {
            direction: Direction::In,
            id: "m".to_owned(),
            kind: String::new(),
            from: String::new(),
            to: String::new(),
            case: None,
            about: None,
            made: None,
            at: Timestamp::UNIX_EPOCH,
            channel: "amqp".to_owned(),
            parcel: String::new(),
            bytes: vec![0; NewMessage::BYTES_MAX],
            ties: BTreeSet::new(),
        };
        let mut stored = StoredMessage::new(&message).unwrap();
        stored.message.bytes.extend([0; 48]);
        assert!(matches!(stored.check(), Err(StoreError::MessageLarge { .. })));
        for (size, fits) in [(NewMessage::BYTES_MAX, true), (NewMessage::BYTES_MAX + 1, false)] {
            stored.sealed = Some(SealedWith { key_id: "k".to_owned(), size: u64::try_from(size).unwrap() });
            assert_eq!(stored.check().is_ok(), fits, "{size}");
        }
    }
}
