use super::{
    CareDraft, DialogDraft, EpicrisisDraft, HeadDraft, Made, MakeContext, Refused, care, dialog, epicrisis,
};
use crate::messages::types::Kind;

/// A draft of any message, with its kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Draft {
    /// A care message.
    Care(Kind, Box<CareDraft>),
    /// A dialogue message.
    Dialog(Kind, Box<DialogDraft>),
    /// An epicrisis.
    Epicrisis(Box<EpicrisisDraft>),
}

impl Draft {
    /// What it becomes.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Care(kind, _) | Self::Dialog(kind, _) => *kind,
            Self::Epicrisis(_) => Kind::Epikrise,
        }
    }

    /// Who, to whom, about whom.
    pub fn head(&self) -> &HeadDraft {
        match self {
            Self::Care(_, draft) => &draft.head,
            Self::Dialog(_, draft) => &draft.head,
            Self::Epicrisis(draft) => &draft.head,
        }
    }

    /// Makes the message.
    ///
    /// # Errors
    ///
    /// Why it mustn't be sent.
    pub fn make(&self, context: &MakeContext<'_>) -> Result<Made, Refused> {
        match self {
            Self::Care(kind, draft) => care(*kind, draft, context),
            Self::Dialog(kind, draft) => dialog(*kind, draft, context),
            Self::Epicrisis(draft) => epicrisis(draft, context),
        }
    }
}
