//! What is wrong with a change, beside the field that it is about.

use samspill_service::addresses::{AddressFault, NAME_LETTERS_MAX, TELEPHONES_MAX};

use super::{Words, kinds::Kinds};
use crate::pages::fill;

/// What is said beside the fields of a form; empty where nothing is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) name: String,
    pub(super) her: String,
    pub(super) telephones: String,
    /// Of the whole form.
    pub(super) whole: String,
}

impl Wrong {
    pub(super) fn of(faults: &[AddressFault], w: &Words, kinds: &Kinds) -> Self {
        let mut wrong = Self::default();
        for fault in faults {
            let (field, told) = match fault {
                AddressFault::NoName => (&mut wrong.name, w.no_name.to_owned()),
                AddressFault::BadName => (&mut wrong.name, fill(w.bad_name, &[("n", &NAME_LETTERS_MAX)])),
                AddressFault::NameTaken => (&mut wrong.name, w.name_taken.to_owned()),
                AddressFault::NameOfAnother { party } => {
                    (&mut wrong.name, fill(w.name_of_another, &[("party", party)]))
                }
                AddressFault::BadHer => (&mut wrong.her, w.bad_her.to_owned()),
                AddressFault::HerTaken { party } => (&mut wrong.her, fill(w.her_taken, &[("party", party)])),
                AddressFault::BadTelephone => {
                    (&mut wrong.telephones, fill(w.bad_telephone, &[("n", &TELEPHONES_MAX)]))
                }
                AddressFault::InUse { kinds: used } => {
                    let names: Vec<String> = used.iter().map(|kind| kinds.name(kind)).collect();
                    (&mut wrong.whole, fill(w.in_use, &[("kinds", &names.join(", "))]))
                }
                AddressFault::LastUnit => (&mut wrong.whole, w.last_unit.to_owned()),
                AddressFault::TooManyUnits => (&mut wrong.whole, w.too_many.to_owned()),
                AddressFault::NoUnit => (&mut wrong.whole, w.no_unit.to_owned()),
            };
            *field = told;
        }
        wrong
    }
}
