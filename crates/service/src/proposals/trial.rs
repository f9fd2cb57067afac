//! The same log under another agreement.

use std::sync::Arc;

use jiff::Timestamp;
use samspill_agreement::model::Agreement;
use samspill_base::CaseLog;
use samspill_engine::{Dates, Engine};

use super::{Sides, Tally};
use crate::{access, exchange::meaning::AddressBook};

/// What a log comes to before and after a proposal, as cases are added.
///
/// Before, each version is held to the days it is in force; after, the proposed one to every case. Cases that name another agreement are
/// left out. The command `samspill whatif` and the pages count so.
#[derive(Clone, Debug)]
pub struct Trial {
    before: Agreement,
    after: Agreement,
    book: Option<Arc<AddressBook>>,
    /// How many cases name another agreement.
    pub left_out: u64,
    /// What all cases come to.
    pub all: Tally,
    /// What those come to that the reader takes no part in: what is hidden from it hangs on them.
    pub others: Tally,
}

/// Whose case it is to whoever reads the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The reader takes part, and may know all of it.
    Own,
    /// It is between others.
    Others,
}

impl Trial {
    /// Before any case.
    pub fn new(before: Agreement, after: Agreement) -> Self {
        let (all, others) = (Tally::default(), Tally::default());
        Self { before, after, book: None, left_out: 0, all, others }
    }

    /// The same, in which payers are called what the address book calls them.
    #[must_use]
    pub fn with_book(self, book: Arc<AddressBook>) -> Self {
        Self { book: Some(book), ..self }
    }

    /// The agreement as it is.
    pub fn before(&self) -> &Agreement {
        &self.before
    }

    /// The proposal.
    pub fn after(&self) -> &Agreement {
        &self.after
    }

    /// Reads a case both ways, as of an instant or of its own.
    pub fn add(&mut self, log: &CaseLog, as_of: Timestamp, whose: Whose) {
        let as_of = log.as_of().unwrap_or(as_of);
        if crate::projections::names_other(&self.before, log, as_of) {
            self.left_out += 1;
            return;
        }
        let before = Engine::new(&self.before).evaluate(log, as_of);
        let after = Engine::new(&self.after).with_dates(Dates::NewestAlways).evaluate(log, as_of);
        let book = self.book.clone();
        let payer = |name: &str| book.as_ref().map_or_else(|| name.to_owned(), |it| access::party(name, it));
        let both = Sides { before: &before, after: &after };
        self.all.add(both, &payer);
        if whose == Whose::Others {
            self.others.add(both, &payer);
        }
    }
}
