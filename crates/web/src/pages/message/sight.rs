//! Which messages somebody may see.

use std::{collections::BTreeSet, sync::Arc};

use samspill_agreement::model::Language;
use samspill_base::{Entry, Position};
use samspill_service::{
    access::{Action, Ends, Involvement, Purpose, Resource},
    exchange::meaning::AddressBook,
};
use samspill_store::{Direction, KeptMessage, MessageFilter, MessageLine, MessageNumber, Standing};

use super::{page::persons, settle::unit_given, words::Words};
use crate::{
    App, Refused, Signed,
    front::{Looked, LookedAt},
};

/// A message that somebody may see.
#[derive(Clone, Debug)]
pub(in crate::pages) struct Sight {
    pub(in crate::pages) line: MessageLine,
    /// The stay that it belongs to; none while that isn't settled.
    pub(in crate::pages) stay: Option<Arc<Involvement>>,
    /// Whether it is nobody's here, and the reader keeps what is nobody's: then what it says isn't shown.
    pub(in crate::pages) is_stray: bool,
}

impl Sight {
    /// Opens a message for somebody: decided, and written down. What isn't theirs is as what isn't there.
    pub(in crate::pages) async fn open(
        app: &App,
        signed: &Signed,
        number: u64,
        action: Action,
    ) -> Result<Self, Refused> {
        let before = number.checked_sub(1).ok_or(Refused::NotThere)?;
        let parts = app.parts();
        let filter = MessageFilter::default();
        let found = parts.store.messages(&parts.community, &filter, MessageNumber(before), 1).await;
        let line = found.map_err(Refused::failed)?.into_iter().find(|line| line.number.0 == number);
        let line = line.ok_or(Refused::NotThere)?;
        let stay = stay_of(app, &line).await?;
        let ends = ends(&line, app.book());
        let Some(involved) = &stay else {
            let own = &signed.subject.party;
            if !ends.has(own) {
                return Self::stray(app, signed, line).await;
            }
            let resource = Resource::Party(own);
            app.may_in(signed, signed.purpose(), Action::PlaceMessage, resource).await?;
            read_of_persons(app, signed, &line).await?;
            return Ok(Self { line, stay, is_stray: false });
        };
        // The entry of the message is theirs, and then what they want to do with it.
        let given = unit_given(app, signed, number).await?;
        let read = with_unit(involved, &signed.subject.party, given);
        let resource = Resource::Entry(&read, &ends);
        app.may_in(signed, signed.purpose(), Action::ReadMessage, resource).await?;
        if action != Action::ReadMessage {
            app.may(signed, signed.purpose(), action, involved).await?;
        }
        Ok(Self { line, stay, is_stray: false })
    }

    /// Opens a message that is nobody's here, for whoever keeps such. Others are told that it isn't there.
    async fn stray(app: &App, signed: &Signed, line: MessageLine) -> Result<Self, Refused> {
        if !is_stray(line.standing, [&line.from, &line.to], app.book()) {
            return Err(Refused::NotThere);
        }
        let resource = Resource::Party(&signed.subject.party);
        let allowed = app.may_in(signed, Purpose::Operation, Action::KeepStrays, resource).await;
        let hidden =
            |refused| if matches!(refused, Refused::NotAllowed(_)) { Refused::NotThere } else { refused };
        allowed.map_err(hidden)?;
        Ok(Self { line, stay: None, is_stray: true })
    }

    /// Whether it was for a party: then what it means is that party's to say.
    pub(in crate::pages) fn is_for(line: &MessageLine, book: &AddressBook, party: &str) -> bool {
        ends(line, book).to.is_some_and(|end| end.party == party)
    }
}

/// Whether a message is nobody's here: it is for others, or no end of it can be read.
pub(in crate::pages) fn is_stray(standing: Standing, ends: [&str; 2], book: &AddressBook) -> bool {
    let knows = |her: &str| !her.is_empty() && book.find(her).is_some();
    match standing {
        Standing::NotOurs | Standing::Unreadable => !ends.into_iter().any(knows),
        Standing::Taken
        | Standing::Question
        | Standing::Duplicate
        | Standing::Conflict
        | Standing::Refused
        | Standing::Settled => false,
    }
}

/// A stay as it is for who reads a message of it: the unit that its party forwarded the message to takes part, as far as the message goes.
pub(super) fn with_unit(stay: &Arc<Involvement>, party: &str, unit: Option<String>) -> Arc<Involvement> {
    let Some(unit) = unit else { return Arc::clone(stay) };
    let mut stay = Involvement::clone(stay);
    stay.units.insert((party.to_owned(), unit));
    Arc::new(stay)
}

/// Writes down whom a message without a stay is about.
async fn read_of_persons(app: &App, signed: &Signed, line: &MessageLine) -> Result<(), Refused> {
    let parts = app.parts();
    let kept = parts.store.message(&parts.community, line.number).await.map_err(Refused::failed)?;
    match kept {
        Some(kept) => read_of(app, signed, &kept).await,
        None => Ok(()),
    }
}

/// Writes down whom a message without a stay is about: who was read of is theirs to know, wherever it ends up.
pub(crate) async fn read_of(app: &App, signed: &Signed, kept: &KeptMessage) -> Result<(), Refused> {
    let parts = app.parts();
    let message = parts.mailroom.read(kept);
    let (purpose, action) = (signed.purpose(), Action::PlaceMessage);
    let decision = signed.decides(purpose, action, Resource::Party(&signed.subject.party), app.now());
    for person in message.iter().flat_map(persons) {
        let looked = Looked {
            by: signed.subject.clone(),
            about: LookedAt::Person(person),
            action,
            purpose,
            decision,
            detail: String::new(),
            count: 1,
            request: signed.request().to_owned(),
            at: app.now(),
        };
        parts.access_log.record(&looked).await.map_err(Refused::Failed)?;
    }
    Ok(())
}

pub(super) async fn stay_of(app: &App, line: &MessageLine) -> Result<Option<Arc<Involvement>>, Refused> {
    let Some(case) = &line.case else { return Ok(None) };
    app.live().involvement_of(case, app.now()).await.map_err(Refused::failed)
}

/// The ends of a message, as those of an entry: by their HER-ids.
pub(super) fn ends(line: &MessageLine, book: &AddressBook) -> Ends {
    let mut entry = Entry::new("", "", Position(0), line.at);
    entry.from = Some(line.from.clone()).filter(|from| !from.is_empty());
    entry.to = Some(line.to.clone()).filter(|to| !to.is_empty());
    Ends::of(&entry, book)
}

/// Messages without those that are kept twice: where both ends are of this node, a message stands as it went and as it came, and each end
/// is told of its own.
pub(in crate::pages) fn own_copies(
    book: &AddressBook,
    party: &str,
    mut lines: Vec<MessageLine>,
) -> Vec<MessageLine> {
    let own = |line: &MessageLine| {
        let is_ours = book.find(&line.from).is_some_and(|address| address.name == party);
        line.direction == if is_ours { Direction::Out } else { Direction::In }
    };
    let told: BTreeSet<String> = lines.iter().filter(|line| own(line)).map(|line| line.id.clone()).collect();
    lines.retain(|line| line.id.is_empty() || own(line) || !told.contains(&line.id));
    lines
}

/// What a HER-id is called: the party, and its unit.
pub(in crate::pages) fn party_name(book: &AddressBook, her: &str) -> String {
    let Some(address) = book.find(her) else { return her.to_owned() };
    match address.service_called(her) {
        Some(unit) if unit.name != address.name => format!("{}, {}", address.name, unit.name),
        _ => address.name.clone(),
    }
}

/// What a code of messages (8279) is called: as the vocabulary calls the kind that such a message usually is.
pub(in crate::pages) fn kind_name(app: &App, code: &str, language: Language) -> String {
    let w = Words::of(language);
    match code {
        "" => return w.unknown_kind.to_owned(),
        "APPREC" => return w.receipt.to_owned(),
        "HELSEOPPL_SOKNAD" => return w.health_information.to_owned(),
        "DIALOG_NOTAT" => return w.note.to_owned(),
        _ => {}
    }
    let usual = app.parts().mailroom.settings().table.carrier(code);
    let mut all = app.parts().projections.agreements().all().iter();
    let found = usual.and_then(|kind| all.find_map(|agreement| agreement.newest().kinds.get(kind)));
    found.map_or_else(|| code.to_owned(), |kind| kind.name.in_language(language).to_owned())
}
