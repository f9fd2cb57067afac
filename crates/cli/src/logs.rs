//! Opens logs and hands out their cases.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use indicatif::ProgressBar;
use jiff::{Timestamp, tz::TimeZone};
use samspill_base::{CaseLog, Entry};
use samspill_formats::{
    CaseCounts, ColumnMap, Effect, Format, GroupItem, Item, ReadError, ReadOptions, ReadTrouble, group_all,
    group_by_trace, group_streaming, open_log,
};

use crate::{
    args::{InputFormat, LogArgs},
    output, parquet, progress,
    trouble::Trouble,
};

/// Troubles printed before the rest are only counted.
const TROUBLES_SHOWN_MAX: u64 = 20;

/// A log that a call names.
#[derive(Debug)]
pub(crate) struct Log<'a> {
    pub path: &'a Path,
    pub options: ReadOptions,
    /// Whether it is a table in Parquet.
    pub layout: Layout,
    /// Stop at the first bad line.
    pub strict: bool,
}

/// How the bytes of a log are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One after another, as the formats read them.
    Stream,
    /// A table in Parquet.
    Parquet,
}

/// How many lines were bad, after all cases were read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Troubles {
    /// Lines, rows or events that were left out.
    pub left_out: u64,
    /// Those read all the same.
    pub kept: u64,
}

impl<'a> Log<'a> {
    /// The log of a call, for an agreement that counts in `zone`.
    pub(crate) fn of(args: &'a LogArgs, zone: TimeZone) -> Result<Self, Trouble> {
        let mut options = ReadOptions::new(zone);
        let of_bytes = args.input.map(InputFormat::of_bytes);
        options.format = of_bytes.unwrap_or_else(|| Format::of_name(&args.log.to_string_lossy()));
        let is_parquet = match args.input {
            Some(format) => format == InputFormat::Parquet,
            None => args.log.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet")),
        };
        if let Some(columns) = &args.columns {
            options.columns = ColumnMap::parse(columns)?;
        }
        options.case_type.clone_from(&args.case_type);
        let layout = if is_parquet { Layout::Parquet } else { Layout::Stream };
        Ok(Self { path: &args.log, options, layout, strict: args.strict })
    }

    /// Gives each case to `take`, as soon as it is complete.
    ///
    /// XES keeps cases together and is read once. The other formats and tables may mix them: a file is read twice, first
    /// to count the entries of each case, so that memory holds the open cases only; from standard input they are held in memory.
    pub(crate) fn for_each_case(
        &self,
        mut take: impl FnMut(CaseLog) -> Result<(), Trouble>,
    ) -> Result<Troubles, Trouble> {
        let mut troubles = Troubles::default();
        if self.layout == Layout::Parquet {
            let table = parquet::TableLog::open(self.path, &self.options.zone)?;
            let groups = group_streaming(table.items()?, table.counts()?);
            self.drain(groups, &mut troubles, &mut |case| take(parquet::in_order(case)))?;
            return Ok(troubles);
        }
        if self.path == Path::new("-") {
            let items =
                open_log(BufReader::new(io::stdin()), &self.options).map_err(|source| self.failed(source))?;
            if items.format() == Format::Xes {
                self.drain(group_by_trace(items), &mut troubles, &mut take)?;
                return Ok(troubles);
            }
            let grouped = group_all(items).map_err(|source| self.failed(source))?;
            for trouble in grouped.troubles {
                self.report(GroupItem::Trouble(trouble), &mut troubles, &mut take)?;
            }
            return grouped.cases.into_iter().try_for_each(take).map(|()| troubles);
        }
        let bar = progress::over_file(self.path, "reading");
        let items = self.open(&bar)?;
        if items.format() == Format::Xes {
            self.drain(group_by_trace(items), &mut troubles, &mut take)?;
        } else {
            let counts = CaseCounts::of(items).map_err(|source| self.failed(source))?;
            bar.reset();
            self.drain(group_streaming(self.open(&bar)?, counts), &mut troubles, &mut take)?;
        }
        bar.finish_and_clear();
        Ok(troubles)
    }

    /// Gives each entry to `take`, for a first look at a file: troubles are passed over, since the second pass meets them again.
    #[cfg_attr(
        not(feature = "parquet"),
        expect(dead_code, reason = "only what becomes Parquet is looked at first")
    )]
    pub(crate) fn for_each_entry_quietly(&self, mut take: impl FnMut(&Entry)) -> Result<(), Trouble> {
        if self.layout == Layout::Parquet {
            let table = parquet::TableLog::open(self.path, &self.options.zone)?;
            return self.pass_over(table.items()?, &mut take);
        }
        self.pass_over(self.open(&ProgressBar::hidden())?, &mut take)
    }

    fn pass_over(
        &self,
        items: impl Iterator<Item = Result<Item, ReadError>>,
        take: &mut impl FnMut(&Entry),
    ) -> Result<(), Trouble> {
        for item in items {
            if let Item::Entry(entry) = item.map_err(|source| self.failed(source))? {
                take(&entry);
            }
        }
        Ok(())
    }

    /// The items of the file, one by one.
    fn open(&self, bar: &ProgressBar) -> Result<samspill_formats::OpenedLog<impl BufRead + use<>>, Trouble> {
        let file = open_file(self.path)?;
        let counted: Box<dyn Read> = Box::new(progress::counted(bar, file));
        open_log(BufReader::with_capacity(1 << 17, counted), &self.options)
            .map_err(|source| self.failed(source))
    }

    fn drain(
        &self,
        groups: impl Iterator<Item = Result<GroupItem, ReadError>>,
        troubles: &mut Troubles,
        take: &mut impl FnMut(CaseLog) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        for group in groups {
            let group = group.map_err(|source| self.failed(source))?;
            self.report(group, troubles, take)?;
        }
        Ok(())
    }

    fn report(
        &self,
        group: GroupItem,
        troubles: &mut Troubles,
        take: &mut impl FnMut(CaseLog) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        match group {
            GroupItem::Case(case) => take(case),
            GroupItem::Trouble(trouble) => {
                match trouble.effect {
                    Effect::LeftOut if self.strict => {
                        return Err(Trouble::BadLine { log: self.path.to_owned(), trouble });
                    }
                    Effect::LeftOut => troubles.left_out += 1,
                    Effect::Kept => troubles.kept += 1,
                }
                let count = troubles.left_out + troubles.kept;
                if count <= TROUBLES_SHOWN_MAX {
                    let what = if trouble.effect == Effect::LeftOut { "left out" } else { "warning" };
                    output::note(&format!("{}: {what}: {trouble}", self.path.display()));
                } else if count == TROUBLES_SHOWN_MAX + 1 {
                    output::note("… further ones are only counted");
                }
                Ok(())
            }
        }
    }

    /// Tells of all of these, as they are told of when they are met one by one.
    pub(crate) fn report_all(&self, met: Vec<ReadTrouble>) -> Result<Troubles, Trouble> {
        let mut troubles = Troubles::default();
        for trouble in met {
            self.report(GroupItem::Trouble(trouble), &mut troubles, &mut |_| Ok(()))?;
        }
        Ok(troubles)
    }

    pub(crate) fn failed(&self, source: ReadError) -> Trouble {
        Trouble::Log { log: self.path.to_owned(), source }
    }
}

/// All items of a log in the order in which they stand, for rewriting it.
pub(crate) fn all_cases(log: &Log<'_>) -> Result<(Vec<CaseLog>, Troubles), Trouble> {
    let mut cases = Vec::new();
    let troubles = log.for_each_case(|case| {
        cases.push(case);
        Ok(())
    })?;
    Ok((cases, troubles))
}

impl Troubles {
    /// A sentence about them, if there were any.
    pub(crate) fn sentence(self) -> Option<String> {
        (self.left_out + self.kept > 0).then(|| {
            format!("{} bad lines were left out; {} lines were read with a warning", self.left_out, self.kept)
        })
    }
}

/// The instant as of which the log is read: what the call says, or now.
pub(crate) fn as_of(said: Option<&str>, zone: &TimeZone) -> Result<Timestamp, Trouble> {
    match said {
        None => Ok(Timestamp::now()),
        Some(text) => samspill_base::parse_instant(text, zone)
            .map_err(|error| Trouble::Call(format!("--as-of: {error}"))),
    }
}

/// Opens a file; a folder is refused.
pub(crate) fn open_file(path: &Path) -> Result<File, Trouble> {
    let failed = |source| Trouble::File { what: "reading", path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_dir() {
        return Err(Trouble::Call(format!("«{}» is a folder: name a log file", path.display())));
    }
    Ok(file)
}
