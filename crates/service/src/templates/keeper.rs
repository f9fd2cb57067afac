use jiff::{Timestamp, civil::Date, tz::TimeZone};
use samspill_store::{CommunityId, NewAccess, PeopleTx, Store, StoreError, TemplateRow};

use super::{TextFault, check_name, check_text};
use crate::{
    access::Subject,
    audit::{Deed, Doer, Happened},
};

/// Templates of a party: more would be no help to anybody who looks for one.
pub const TEMPLATES_MAX: u64 = 300;

/// Somebody who writes the templates of their own party. Whether they may is the caller's to ask; what they do, and that they did it, is
/// written in one transaction.
#[derive(Clone, Copy, Debug)]
pub struct TemplateKeeper<'a> {
    /// Where they are.
    pub store: &'a Store,
    /// Of which community.
    pub community: &'a CommunityId,
    /// Who.
    pub by: &'a Subject,
    /// What this program is called in the access log.
    pub node: &'a str,
    /// The request's id.
    pub request: &'a str,
    /// When.
    pub now: Timestamp,
}

/// What a template is to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateText {
    /// What people call it.
    pub name: String,
    /// The kind of entry that it is for; empty: any that has its field.
    pub kind: String,
    /// The field that it fills.
    pub field: String,
    /// What it says.
    pub text: String,
}

/// How it went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is as was wanted: it was written, or said so already.
    Done,
    /// Somebody changed it meanwhile, and nothing was written. As it is now; none where they removed it.
    Changed(Option<TemplateRow>),
    /// The party has as many as there may be, and nothing was written.
    TooMany,
    /// The name or the text can't be a template's, and nothing was written: [`TemplateText::check`] says why.
    Unfit,
}

impl TemplateText {
    /// What a template says.
    pub fn of(row: &TemplateRow) -> Self {
        let (name, kind, field) = (row.name.clone(), row.kind.clone(), row.field.clone());
        Self { name, kind, field, text: row.text.clone() }
    }

    /// What is wrong with the name and with the text, on a day.
    pub fn check(&self, on: Date) -> (Result<(), TextFault>, Result<(), TextFault>) {
        (check_name(&self.name, on), check_text(&self.text, on))
    }
}

impl TemplateKeeper<'_> {
    /// Keeps a template in place of the version that was seen: 0, if it is new. Sent twice it is written once.
    ///
    /// # Errors
    ///
    /// A store that fails.
    pub async fn save(&self, id: &str, version: u64, text: &TemplateText) -> Result<Kept, StoreError> {
        // Hours around midnight are no matter here: what was issued by then tells one kind of number from another.
        if text.check(self.now.to_zoned(TimeZone::UTC).date()) != (Ok(()), Ok(())) {
            return Ok(Kept::Unfit);
        }
        let work = async |tx: &mut PeopleTx| self.save_in(tx, id, version, text).await;
        self.store.write_people(self.community, work).await
    }

    /// Removes a template, if it is the version that was seen.
    ///
    /// # Errors
    ///
    /// A store that fails.
    pub async fn remove(&self, id: &str, version: u64) -> Result<Kept, StoreError> {
        let work = async |tx: &mut PeopleTx| {
            let Some(found) = tx.template(&self.by.party, id).await? else { return Ok(Kept::Done) };
            if !tx.drop_template(&self.by.party, id, version).await? {
                return Ok(Kept::Changed(Some(found)));
            }
            self.tell(tx, "fjernet", &found.name).await?;
            Ok(Kept::Done)
        };
        self.store.write_people(self.community, work).await
    }

    async fn save_in(
        &self,
        tx: &mut PeopleTx,
        id: &str,
        version: u64,
        text: &TemplateText,
    ) -> Result<Kept, StoreError> {
        let found = tx.template(&self.by.party, id).await?;
        if found.as_ref().is_some_and(|found| TemplateText::of(found) == *text) {
            return Ok(Kept::Done);
        }
        if found.is_none() && tx.count_templates(&self.by.party).await? >= TEMPLATES_MAX {
            return Ok(Kept::TooMany);
        }
        if !tx.set_template(&self.row(id, version, text)).await? {
            return Ok(Kept::Changed(found));
        }
        self.tell(tx, if version == 0 { "laget" } else { "endret" }, &text.name).await?;
        Ok(Kept::Done)
    }

    fn row(&self, id: &str, version: u64, text: &TemplateText) -> TemplateRow {
        TemplateRow {
            party: self.by.party.clone(),
            id: id.to_owned(),
            name: text.name.clone(),
            kind: text.kind.clone(),
            field: text.field.clone(),
            text: text.text.clone(),
            by: self.by.name.clone(),
            version,
            changed: self.now,
        }
    }

    async fn tell(&self, tx: &mut PeopleTx, what: &str, name: &str) -> Result<(), StoreError> {
        let detail = format!("{what}: {name}");
        let (by, party) = (Doer::Subject(self.by), self.by.party.as_str());
        let what = Happened::TemplateChanged;
        let deed = Deed { by, what, party, detail: &detail, request: self.request, at: self.now };
        tx.log_access(&NewAccess { kind: "maltekst".to_owned(), ..deed.row(self.node) }).await?;
        Ok(())
    }
}
