use std::path::{Path, PathBuf};

use samspill_agreement::{SourceFile, Uses, VersionSources};

use crate::{built_in, disk};

/// Where agreements find the laws and vocabularies that they use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// In this folder, which holds `law/` or `vocabulary/`; what it lacks is taken from the built-in ones.
    Disk(PathBuf),
    /// In the program itself.
    BuiltIn,
}

impl Shelf {
    /// The shelf that a folder stands in: the nearest folder above it that holds `law/` or `vocabulary/`.
    pub fn around(folder: &Path) -> Self {
        disk::resolved(folder)
            .ancestors()
            .find(|above| above.join("law").is_dir() || above.join("vocabulary").is_dir())
            .map_or(Self::BuiltIn, |above| Self::Disk(above.to_owned()))
    }

    fn folder(&self, name: &str) -> Option<PathBuf> {
        match self {
            Self::Disk(root) => Some(root.join(name)),
            Self::BuiltIn => None,
        }
    }
}

// A file that can't be read is as one that isn't there: the diagnostic names what was looked for.
impl Uses for Shelf {
    fn vocabulary(&self, name: &str) -> Option<SourceFile> {
        let on_disk = self
            .folder("vocabulary")
            .and_then(|folder| disk::file(&folder.join(format!("{name}.toml"))).ok()?);
        on_disk.or_else(|| built_in::vocabulary(name))
    }

    fn law(&self, name: &str) -> Option<Vec<VersionSources>> {
        let folder = self.folder("law").map(|law| law.join(name)).filter(|folder| folder.is_dir());
        match folder {
            Some(folder) => {
                let versions = disk::folders(&folder).ok()?;
                let versions = versions.iter().filter(|version| version.join(disk::MARK).is_file());
                versions.map(|version| disk::version(version).ok()).collect()
            }
            None => built_in::law(name),
        }
    }

    fn vocabulary_names(&self) -> Vec<String> {
        built_in::vocabulary_names()
    }

    fn law_names(&self) -> Vec<String> {
        built_in::law_names()
    }

    fn based_on(&self, path: &str) -> Option<VersionSources> {
        let on_disk = self.folder("agreements").map(|agreements| agreements.join(path));
        match on_disk.filter(|folder| folder.join(disk::MARK).is_file()) {
            Some(folder) => disk::version(&folder).ok(),
            None => built_in::agreement_version(path),
        }
    }
}
