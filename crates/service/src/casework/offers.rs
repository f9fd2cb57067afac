//! What a party may write in a stay now.

use samspill_agreement::model::{DutyId, Kind, KindId, KindType, Text};
use samspill_base::ClauseRef;
use samspill_engine::{Due, DutyReading, DutyStatus};

use super::StayView;

/// A kind of entry that a party may write.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The kind.
    pub kind: KindId,
    /// What people call it.
    pub name: Text,
    /// Message or event.
    pub sort: KindType,
    /// How it fits the stay as it stands. Nothing is forbidden by it.
    pub standing: OfferStanding,
    /// The open duties that it fulfils, the one due first at the front.
    pub asked: Vec<Asked>,
}

/// How a kind fits the stay as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OfferStanding {
    /// An open duty of the party asks for it.
    Asked,
    /// It may be written.
    Possible,
    /// It begins what runs already: another one changes nothing of that.
    AlreadyRuns,
    /// It ends what has never begun.
    NothingToEnd,
}

/// A duty that asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The duty.
    pub duty: DutyId,
    /// Its clause.
    pub clause: ClauseRef,
    /// When it is due.
    pub due: Due,
    /// Whether it is past due.
    pub is_overdue: bool,
}

/// What a party that plays this role may write, what is asked of it first, then by how it fits; each in the order of its name.
pub fn offers(view: &StayView<'_>, role: &str) -> Vec<Offer> {
    let kinds = view.version.kinds.values().filter(|kind| may_write(kind, role));
    let mut offers: Vec<Offer> = kinds.map(|kind| offer(view, kind, role)).collect();
    let soonest = |offer: &Offer| offer.asked.first().and_then(|asked| asked.due.instant());
    offers.sort_by_cached_key(|offer| {
        let due = soonest(offer);
        (offer.standing, !offer.asked.is_empty() && due.is_none(), due, offer.name.nb.clone())
    });
    offers
}

/// Whether a party of the role writes such entries. What cancels is an act on what is there, and not written by itself.
fn may_write(kind: &Kind, role: &str) -> bool {
    kind.cancels.is_none() && kind.from.iter().any(|from| from.as_str() == role)
}

fn offer(view: &StayView<'_>, kind: &Kind, role: &str) -> Offer {
    let asked = asked(view, kind, role);
    let standing = if asked.is_empty() { standing(view, kind) } else { OfferStanding::Asked };
    Offer { kind: kind.id.clone(), name: kind.name.clone(), sort: kind.kind_type, standing, asked }
}

fn standing(view: &StayView<'_>, kind: &Kind) -> OfferStanding {
    let of = |kinds: &[KindId]| kinds.contains(&kind.id);
    let mut begins = view.version.phases.iter().filter(|phase| of(&phase.from)).peekable();
    let ends: Vec<_> = view.version.phases.iter().filter(|phase| of(&phase.until)).collect();
    if begins.peek().is_some() && begins.all(|phase| view.is_running(&phase.id)) {
        return OfferStanding::AlreadyRuns;
    }
    if !ends.is_empty() && !ends.iter().any(|phase| view.has_begun(&phase.id)) {
        return OfferStanding::NothingToEnd;
    }
    OfferStanding::Possible
}

/// The duties of the role that an entry of the kind fulfils and nothing has closed, in the order of their limits.
fn asked(view: &StayView<'_>, kind: &Kind, role: &str) -> Vec<Asked> {
    let is_undone = |duty: &&DutyReading| match duty.status {
        DutyStatus::Open => true,
        DutyStatus::Missed => duty.closed.is_none(),
        DutyStatus::Kept | DutyStatus::Late | DutyStatus::Waived => false,
    };
    let asks = |duty: &&DutyReading| {
        let declared = view.version.duty(&duty.duty);
        duty.holder.as_str() == role && declared.is_some_and(|it| it.must.contains(&kind.id))
    };
    let duties = view.evaluation.duties.iter().filter(is_undone).filter(asks);
    let mut asked: Vec<Asked> = duties
        .map(|duty| Asked {
            duty: duty.duty.clone(),
            clause: duty.clause.clone(),
            due: duty.due,
            is_overdue: duty.status == DutyStatus::Missed,
        })
        .collect();
    asked.sort_by_key(|it| (it.due.instant().is_none(), it.due.instant()));
    asked
}
