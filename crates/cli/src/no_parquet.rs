//! What a program that was built without Parquet says of it.

use std::path::Path;

use jiff::tz::TimeZone;
use samspill_agreement::model::Agreement;
use samspill_base::CaseLog;
use samspill_engine::{Evaluation, explain::About};
use samspill_formats::{CaseCounts, Item, ReadError};

use crate::{
    logs::{Log, Troubles},
    trouble::Trouble,
};

/// A log that this program can't open: there is none.
#[derive(Debug)]
pub(crate) enum TableLog {}

impl TableLog {
    pub(crate) fn open(_path: &Path, _zone: &TimeZone) -> Result<Self, Trouble> {
        Err(without())
    }

    pub(crate) fn counts(&self) -> Result<CaseCounts, Trouble> {
        match *self {}
    }

    pub(crate) fn items(&self) -> Result<std::iter::Empty<Result<Item, ReadError>>, Trouble> {
        match *self {}
    }
}

pub(crate) fn in_order(case: CaseLog) -> CaseLog {
    case
}

pub(crate) fn write_log(_log: &Log<'_>, _path: Option<&Path>, _zone: &str) -> Result<Troubles, Trouble> {
    Err(without())
}

/// A file that this program can't write: there is none.
#[derive(Debug)]
pub(crate) enum ReportFile {}

impl ReportFile {
    pub(crate) fn create(_path: Option<&Path>, _agreements: &[Agreement]) -> Result<Self, Trouble> {
        Err(without())
    }

    pub(crate) fn add(
        &mut self,
        _about: &About<'_>,
        _case: &CaseLog,
        _evaluation: &Evaluation,
    ) -> Result<(), Trouble> {
        match *self {}
    }

    pub(crate) fn finish(self) -> Result<(), Trouble> {
        match self {}
    }
}

fn without() -> Trouble {
    Trouble::Call("this samspill was built without Parquet: build it with `--features parquet`".to_owned())
}
