use std::{ops::Range, sync::Arc};

use crate::model::Place;

/// A file of an agreement, read by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path, as diagnostics shall show it.
    pub name: Arc<str>,
    /// What it holds.
    pub text: String,
}

impl SourceFile {
    /// A file with this path and text.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }
}

/// The files of one version of an agreement or a law, without its test cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionSources {
    /// The name of its folder, which must be the day it comes into force: `2023-06-01`.
    pub folder_name: String,
    /// All its files; together they are one namespace.
    pub files: Vec<SourceFile>,
}

/// Where the files come from that `uses = [...]` names. `None`: there is no such file or folder.
pub trait Uses {
    /// The file that `vocabulary:<name>` means.
    fn vocabulary(&self, name: &str) -> Option<SourceFile>;
    /// All versions of the law that `law:<name>` means.
    fn law(&self, name: &str) -> Option<Vec<VersionSources>>;
    /// The version of an agreement at this path under `agreements/`: `troms-og-ofoten/unn/2023-06-01`.
    fn based_on(&self, _path: &str) -> Option<VersionSources> {
        None
    }
    /// The names of all vocabularies, to suggest one where a name is wrong.
    fn vocabulary_names(&self) -> Vec<String> {
        Vec::new()
    }
    /// The names of all laws, to suggest one where a name is wrong.
    fn law_names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// An empty shelf: nothing can be used.
impl Uses for () {
    fn vocabulary(&self, _name: &str) -> Option<SourceFile> {
        None
    }

    fn law(&self, _name: &str) -> Option<Vec<VersionSources>> {
        None
    }
}

/// The texts that diagnostics point into.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

#[derive(Clone, Debug)]
struct Source {
    name: Arc<str>,
    text: Arc<str>,
    line_starts: Vec<usize>,
}

/// A stretch of one of the files. Copied freely: names of rules carry it until they are checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) file: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Spot {
    pub(crate) fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl Sources {
    /// The texts of these files.
    pub fn of<'f>(files: impl IntoIterator<Item = &'f SourceFile>) -> Self {
        let mut sources = Self::default();
        for file in files {
            sources.add(file);
        }
        sources
    }

    /// The text of the file with this name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.files.iter().find(|file| &*file.name == name).map(|file| &*file.text)
    }

    /// Keeps a file; the same file given twice is kept once.
    pub(crate) fn add(&mut self, file: &SourceFile) -> usize {
        let known = self.files.iter().position(|kept| kept.name == file.name && *kept.text == *file.text);
        known.unwrap_or_else(|| {
            let line_starts =
                std::iter::once(0).chain(file.text.match_indices('\n').map(|(at, _)| at + 1)).collect();
            self.files.push(Source { name: file.name.clone(), text: file.text.as_str().into(), line_starts });
            self.files.len() - 1
        })
    }

    pub(crate) fn text_of(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |file| &file.text)
    }

    /// The spot, ending at the file's end at the latest and between two letters.
    pub(crate) fn within(&self, spot: Spot) -> Spot {
        let text = self.text_of(spot.file);
        let start = floor_char_boundary(text, spot.start);
        Spot { file: spot.file, start, end: floor_char_boundary(text, spot.end).max(start) }
    }

    /// File and line of a spot.
    pub(crate) fn place(&self, spot: Spot) -> Place {
        self.files.get(spot.file).map_or_else(Place::default, |file| Place {
            file: file.name.clone(),
            line: u32::try_from(line_index(&file.line_starts, spot.start) + 1).unwrap_or(u32::MAX),
        })
    }

    /// The column of a spot in characters, from 1.
    pub(crate) fn column(&self, spot: Spot) -> u32 {
        let Some(file) = self.files.get(spot.file) else { return 1 };
        let line_start = file.line_starts[line_index(&file.line_starts, spot.start)];
        let before = file.text.get(line_start..spot.start).map_or(0, |text| text.chars().count());
        u32::try_from(before + 1).unwrap_or(u32::MAX)
    }
}

/// The nearest place between two letters at or before this byte.
fn floor_char_boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The line, from 0, that holds this byte.
fn line_index(line_starts: &[usize], at: usize) -> usize {
    line_starts.partition_point(|start| *start <= at).saturating_sub(1)
}
