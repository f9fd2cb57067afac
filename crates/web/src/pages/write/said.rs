use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::templates::TEMPLATE;
use crate::Refused;

/// What stands before the name of a field of an entry, so that none can be taken for one of the form's own.
const FIELD: &str = "f_";

/// What of a form isn't what is written: how it was sent, what had been seen, and its draft.
const ASIDE: [&str; 8] = ["_token", "gjor", "id", "seen", "likevel", "kladd", "versjon", TEMPLATE];

/// What a form brought, the last word on each name.
#[derive(Clone, Debug, Default)]
pub(in crate::pages) struct Said(BTreeMap<String, String>);

/// What the sender of a form wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages) enum Wanted {
    /// To see it first.
    Preview,
    /// To go on filling it in.
    Edit,
    /// To have the chosen template put in.
    Template,
    /// To keep it for later.
    Draft,
    /// To have it done.
    Send,
}

impl Said {
    /// Reads a form.
    pub(in crate::pages) fn read(bytes: &[u8]) -> Result<Self, Refused> {
        let pairs: Vec<(String, String)> =
            serde_html_form::from_bytes(bytes).map_err(|error| Refused::Wrong(error.to_string()))?;
        Ok(Self(pairs.into_iter().collect()))
    }

    /// What is said under a name of the form's own; empty where nothing is.
    pub(in crate::pages) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |text| text.trim())
    }

    /// Says something under a name of the form's own.
    pub(in crate::pages) fn set(&mut self, name: &str, text: impl Into<String>) {
        self.0.insert(name.to_owned(), text.into());
    }

    /// What is said in a field of the entry; none where the form didn't have it.
    pub(in crate::pages) fn field(&self, name: &str) -> Option<&str> {
        self.0.get(&format!("{FIELD}{name}")).map(String::as_str)
    }

    /// Says something in a field of the entry.
    pub(in crate::pages) fn set_field(&mut self, name: &str, text: impl Into<String>) {
        self.0.insert(format!("{FIELD}{name}"), text.into());
    }

    /// The fields of the entry.
    pub(in crate::pages) fn fields(&self) -> BTreeMap<String, String> {
        let fields = self
            .0
            .iter()
            .filter_map(|(name, text)| Some((name.strip_prefix(FIELD)?.to_owned(), text.clone())));
        fields.collect()
    }

    /// What is said under names that begin like this, in their order.
    pub(in crate::pages) fn starting(&self, with: &str) -> impl Iterator<Item = (&str, &str)> {
        let all = self.0.iter().filter(move |(name, _)| name.starts_with(with));
        all.map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// All of it but the token of the session and the choice of a template, as hidden fields bring it along.
    pub(in crate::pages) fn hidden(&self, without: &[&str]) -> Vec<(String, String)> {
        let stays = |name: &str| !["_token", TEMPLATE].contains(&name) && !without.contains(&name);
        let kept = self.0.iter().filter(|(name, _)| stays(name));
        kept.map(|(name, text)| (name.clone(), text.clone())).collect()
    }

    /// What it says, in so few letters that two that say something else have others.
    pub(in crate::pages) fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for (name, text) in self.0.iter().filter(|(name, _)| !ASIDE.contains(&name.as_str())) {
            // Browsers send line ends as two letters, and hidden fields bring them back as they came.
            let text = text.trim().replace("\r\n", "\n");
            for part in [name, &text] {
                digest.update(part.len().to_be_bytes());
                digest.update(part);
            }
        }
        URL_SAFE_NO_PAD.encode(digest.finalize())
    }

    /// What is wanted.
    pub(in crate::pages) fn wanted(&self) -> Wanted {
        match self.get("gjor") {
            "send" => Wanted::Send,
            "kladd" => Wanted::Draft,
            "endre" => Wanted::Edit,
            "maltekst" => Wanted::Template,
            _ => Wanted::Preview,
        }
    }

    /// The id of what is written: the form came with it, so that sent twice it is written once. One that no form made is no id.
    pub(in crate::pages) fn id(&self) -> Result<String, Refused> {
        let id = Uuid::parse_str(self.get("id"));
        id.map(|id| id.to_string()).map_err(|_| Refused::Wrong("id".to_owned()))
    }

    /// Up to which place in the log the writer had seen.
    pub(in crate::pages) fn seen(&self) -> u64 {
        self.get("seen").parse().unwrap_or_default()
    }
}

/// An id for something that is to be written.
pub(in crate::pages) fn new_id() -> String {
    Uuid::new_v4().to_string()
}
