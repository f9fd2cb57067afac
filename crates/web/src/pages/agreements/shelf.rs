//! Where proposals are kept: among the drafts of the community.

use jiff::Timestamp;
use samspill_service::{
    people::{Desk, Draft},
    proposals::Proposal,
};

use crate::{App, Refused};

/// Proposals belong to all who may propose: they are kept under this name and not under an account's, which is never called so.
const KEEPER: &str = "avtaleforslag";
/// The sort of draft that they are.
const KIND: &str = "avtaleforslag";

/// A proposal as it is kept, and which saving of it this is.
#[derive(Clone, Debug)]
pub(super) struct KeptProposal {
    pub(super) proposal: Proposal,
    pub(super) version: u64,
}

/// The proposals to change an agreement, the newest first.
pub(super) async fn all(app: &App, agreement: &str) -> Result<Vec<KeptProposal>, Refused> {
    let drafts = desk(app).drafts(KEEPER).await.map_err(Refused::failed)?;
    let mut kept: Vec<KeptProposal> = drafts.iter().filter_map(read).collect();
    kept.retain(|kept| kept.proposal.agreement == agreement);
    kept.sort_by_key(|kept| std::cmp::Reverse(kept.proposal.saved));
    Ok(kept)
}

/// The proposal of this id to change this agreement.
pub(super) async fn one(app: &App, agreement: &str, id: &str) -> Result<KeptProposal, Refused> {
    let draft = desk(app).draft(KEEPER, id).await.map_err(Refused::failed)?;
    let kept = draft.as_ref().and_then(read).filter(|kept| kept.proposal.agreement == agreement);
    kept.ok_or(Refused::NotThere)
}

/// Saves a proposal over the saving of this number (0: a new one); nothing where somebody else saved in between.
pub(super) async fn save(app: &App, kept: &KeptProposal, now: Timestamp) -> Result<Option<u64>, Refused> {
    let json = serde_json::to_string(&kept.proposal).map_err(Refused::failed)?;
    let draft = Draft {
        id: kept.proposal.id.clone(),
        account: KEEPER.to_owned(),
        case: String::new(),
        kind: KIND.to_owned(),
        json,
        version: kept.version,
        at: now,
    };
    desk(app).save_draft(&draft).await.map_err(Refused::failed)
}

fn read(draft: &Draft) -> Option<KeptProposal> {
    let proposal = serde_json::from_str(&draft.json).ok()?;
    Some(KeptProposal { proposal, version: draft.version })
}

fn desk(app: &App) -> Desk {
    Desk::new(app.parts().store.clone(), app.parts().community.clone())
}
