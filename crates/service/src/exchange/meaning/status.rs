//! New, changed, cancelled (7309): what a message does to those before it.

use samspill_base::{Entry, Position, Value};
use samspill_formats::messages::types::{Kind, Message};

use super::{Context, known::Cancellation, sources::normal_id, traits::Traits};

/// What a message does to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    New,
    /// It replaces an earlier one, and holds all of it.
    Change,
    /// It says that earlier ones were wrong.
    Cancellation,
    /// No status that is in use.
    Unknown,
}

pub(super) fn status(message: &Message) -> Status {
    match message.head.status.as_ref().map(|code| code.value.as_str()) {
        None | Some("" | "N") => Status::New,
        Some("M") => Status::Change,
        Some("C") => Status::Cancellation,
        Some(_) => Status::Unknown,
    }
}

pub(super) fn is_cancellation(message: &Message) -> bool {
    status(message) == Status::Cancellation
}

/// Whether the profile lets messages of the kind be changed: those of Pasientlogistikk and some others are only new or cancelled.
pub(super) fn may_be_changed(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Helseopplysninger | Kind::Innleggelsesrapport | Kind::Utskrivningsrapport | Kind::Epikrise
    )
}

/// The message that a change replaces, as far as it says.
pub(super) fn replaced(message: &Message) -> Option<String> {
    let conversation = message.head.conversation.as_ref()?;
    [&conversation.parent, &conversation.first].into_iter().map(|id| normal_id(id)).find(|id| !id.is_empty())
}

/// The cancellation that a message is, with the pattern of its entries.
pub(super) fn cancellation(traits: &Traits, pattern: Entry) -> Cancellation {
    Cancellation {
        id: traits.id.clone(),
        kind: traits.kind,
        refs: traits.refs.clone(),
        made: traits.made,
        entry: pattern,
    }
}

/// The entries that cancel what a message gave: one for each, for each is named by its own id.
pub(super) fn cancelling(
    cancellation: &Cancellation,
    given: &[(String, String)],
    case: &str,
    context: &Context<'_>,
) -> Vec<Entry> {
    let words = &context.table.log;
    let not_itself = given.iter().filter(|(_, kind)| *kind != words.cancellation);
    not_itself
        .map(|(target, _)| {
            let mut entry = cancellation.entry.clone();
            case.clone_into(&mut entry.case);
            entry.position = Position(0);
            entry.id = Some(format!("{}#{target}", cancellation.id));
            let named = (words.cancelled_field.clone(), Value::text(target));
            entry.body = Some([named].into());
            entry
        })
        .collect()
}

/// The cancellations that came before the message that they are about.
pub(super) fn waiting_for<'k>(traits: &Traits, context: &Context<'k>) -> Vec<&'k Cancellation> {
    let member = traits.member();
    let mut all = context.known.cancellations_of(&member);
    all.retain(|it| member.is_of_series(it.kind, &it.refs, it.made));
    all
}
