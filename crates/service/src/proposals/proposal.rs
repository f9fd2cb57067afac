use std::collections::BTreeMap;

use jiff::Timestamp;
use samspill_agreement::VersionSources;
use serde::{Deserialize, Serialize};

/// Files of a version, as somebody would have them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its id.
    pub id: String,
    /// The agreement.
    pub agreement: String,
    /// The version that it began as.
    pub base: String,
    /// What it is called.
    pub title: String,
    /// Who made it: the name of the account.
    pub author: String,
    /// The author's party.
    pub party: String,
    /// When it was last saved.
    pub saved: Timestamp,
    /// Its files by their short names (`processes/betaling.toml`), all of them, also those that weren't touched.
    pub files: BTreeMap<String, String>,
}

impl Proposal {
    /// A proposal that says what the version says.
    pub fn of(id: String, agreement: String, version: &VersionSources, saved: Timestamp) -> Self {
        let files = version.files.iter();
        Self {
            id,
            agreement,
            base: version.folder_name.clone(),
            title: String::new(),
            author: String::new(),
            party: String::new(),
            saved,
            files: files
                .map(|file| (short_name(version, &file.name).to_owned(), file.text.clone()))
                .collect(),
        }
    }

    /// Takes over the text of a file. Line ends of browsers become those of files; a file that isn't there is left out.
    pub fn set(&mut self, file: &str, text: &str) {
        if let Some(kept) = self.files.get_mut(file) {
            *kept = text.replace("\r\n", "\n");
        }
    }

    /// The files whose text differs from the version's.
    pub fn changed<'p>(&'p self, version: &'p VersionSources) -> impl Iterator<Item = &'p str> {
        let is_same = |name: &str, text: &str| {
            version.files.iter().any(|file| short_name(version, &file.name) == name && file.text == text)
        };
        let changed = self.files.iter().filter(move |(name, text)| !is_same(name, text));
        changed.map(|(name, _)| name.as_str())
    }
}

/// A file's name within its version's folder.
pub(super) fn short_name<'n>(version: &VersionSources, name: &'n str) -> &'n str {
    let folder = format!("{}/", version.folder_name);
    name.rfind(&folder).map_or(name, |at| &name[at + folder.len()..])
}
