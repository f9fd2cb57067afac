use super::{
    Line,
    lines::Lines,
    mail_line::{AlertLine, DecisionLine, LifeLine, MailEnd, MailLine, MessageLine, ParcelLine, StrayLine},
};
use crate::{
    CommunityId, StoreError,
    database::Session,
    mail::{self, Desk},
};

/// Takes in the mail of a community, which must have none, up to its last line.
pub(super) async fn import_mail(
    session: &mut dyn Session,
    lines: &mut Lines<'_>,
    community: &CommunityId,
) -> Result<(), StoreError> {
    begun(session, lines, community).await?;
    let mut taking = Taking { desk: Desk::new(session, community), seen: MailEnd::default() };
    loop {
        let Some(Line::Mail(line)) = lines.next()? else {
            return Err(lines.wrong("the mail has no end: the export was cut off, make another"));
        };
        let taken = match *line {
            MailLine::Message(line) => taking.message(line).await?,
            MailLine::Decision(line) => taking.decision(line).await?,
            MailLine::Parcel(line) => taking.parcel(line).await?,
            MailLine::Life(line) => taking.life(line).await?,
            MailLine::Stray(line) => taking.stray(line).await?,
            MailLine::Alert(line) => taking.alert(line).await?,
            MailLine::End(end) if end == taking.seen => return Ok(()),
            MailLine::End(_) => {
                Err("there is less or more mail than it says here: lines are missing".to_owned())
            }
            MailLine::Begin(_) => Err("mail begins within mail: lines have changed places".to_owned()),
        };
        taken.map_err(|says| lines.wrong(says))?;
    }
}

/// Reads the first line.
async fn begun(
    session: &mut dyn Session,
    lines: &mut Lines<'_>,
    community: &CommunityId,
) -> Result<(), StoreError> {
    let begin = match lines.next()? {
        Some(Line::Mail(line)) => Some(*line),
        Some(Line::Log(_) | Line::Entry(_) | Line::End(_) | Line::People(_) | Line::Lease(_)) | None => None,
    };
    if !matches!(begin, Some(MailLine::Begin(begin)) if begin.community == community.as_str()) {
        return Err(lines.wrong(format!("here the mail of {community} should begin: lines are missing")));
    }
    if mail::communities(session).await?.contains(community) {
        return Err(lines.wrong(format!("{community} has messages already: restore into a new database")));
    }
    Ok(())
}

/// A community's mail on its way in.
struct Taking<'a> {
    desk: Desk<'a>,
    seen: MailEnd,
}

/// What is wrong with a line; an error of its own where the database fails.
type Taken = Result<Result<(), String>, StoreError>;

/// Takes what a line gives, or gives what is wrong with it.
macro_rules! given {
    ($read:expr) => {
        match $read {
            Ok(given) => given,
            Err(says) => return Ok(Err(says)),
        }
    };
}

impl Taking<'_> {
    async fn message(&mut self, line: MessageLine) -> Taken {
        given!(line.message(self.seen.messages)).write(&mut self.desk).await?;
        self.seen.messages += 1;
        Ok(Ok(()))
    }

    async fn decision(&mut self, line: DecisionLine) -> Taken {
        given!(line.decision(self.seen.decisions)).write(&mut self.desk).await?;
        self.seen.decisions += 1;
        Ok(Ok(()))
    }

    async fn parcel(&mut self, line: ParcelLine) -> Taken {
        given!(line.parcel(self.seen.messages)).write(&mut self.desk).await?;
        self.seen.parcels += 1;
        Ok(Ok(()))
    }

    async fn life(&mut self, line: LifeLine) -> Taken {
        given!(line.life(self.seen.messages)).write(&mut self.desk).await?;
        self.seen.lives += 1;
        Ok(Ok(()))
    }

    async fn stray(&mut self, line: StrayLine) -> Taken {
        given!(line.stray(self.seen.strays + 1)).write(&mut self.desk).await?;
        self.seen.strays += 1;
        Ok(Ok(()))
    }

    async fn alert(&mut self, line: AlertLine) -> Taken {
        given!(line.alert()).write(&mut self.desk).await?;
        self.seen.alerts += 1;
        Ok(Ok(()))
    }
}
