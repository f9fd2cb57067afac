use std::{fs, io, path::PathBuf, sync::Arc};

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use samspill_formats::messages::norway;
use samspill_sim::{Settings, World};
use serde::{Deserialize, Serialize};

use crate::commands::node::DemoArgs;

/// What the region of a folder follows from. It is written once, and read at every start.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The folder.
    pub(super) folder: PathBuf,
    kept: Kept,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Kept {
    seed: u64,
    /// The first day on which anybody is admitted.
    start: Date,
    /// Stays that begin from this day on are told by messages.
    messages_from: Date,
    /// The position of the last entry of the history, once it stands in the log.
    history: Option<u64>,
}

/// The file in the folder.
const FILE: &str = "demo.json";
/// Days before the first start of which messages are kept, and not only entries.
const MESSAGE_DAYS: u32 = 7;
/// Days that the region goes on after its first start.
const DAYS_AHEAD: u32 = 400;

impl Plan {
    /// The plan of a folder; a new one where it has none, whose history ends now.
    pub(super) fn in_folder(args: &DemoArgs, now: Timestamp) -> io::Result<Self> {
        fs::create_dir_all(&args.data)?;
        let kept = match fs::read(args.data.join(FILE)) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Kept::new(args, today(now)),
            Err(error) => return Err(error),
        };
        let plan = Self { folder: args.data.clone(), kept };
        plan.write()?;
        Ok(plan)
    }

    /// The region, with all who will come.
    pub(super) fn world(&self, now: Timestamp) -> Arc<World> {
        let mut settings = Settings::unn_like();
        settings.region.start = self.kept.start;
        let past = self.kept.start.until(today(now)).map_or(0, |span| span.get_days());
        let days = u32::try_from(past).unwrap_or_default() + DAYS_AHEAD;
        Arc::new(World::of(self.kept.seed, days, settings))
    }

    /// From when on stays are told by messages.
    pub(super) fn messages_from(&self) -> Timestamp {
        let midnight = self.kept.messages_from.to_zoned(zone());
        midnight.map_or(Timestamp::MAX, |midnight| midnight.timestamp())
    }

    /// The last position of the history, where it stands in the log.
    pub(super) fn history(&self) -> Option<u64> {
        self.kept.history
    }

    /// Notes that the history stands in the log.
    pub(super) fn with_history(mut self, last: u64) -> io::Result<Self> {
        self.kept.history = Some(last);
        self.write()?;
        Ok(self)
    }

    pub(super) fn seed(&self) -> u64 {
        self.kept.seed
    }

    /// Whole or not at all: a crash leaves the plan before.
    fn write(&self) -> io::Result<()> {
        let (path, beside) = (self.folder.join(FILE), self.folder.join("demo.json.ny"));
        fs::write(&beside, serde_json::to_vec_pretty(&self.kept)?)?;
        fs::rename(beside, path)
    }
}

impl Kept {
    fn new(args: &DemoArgs, today: Date) -> Self {
        let before = |days: u32| today.checked_sub(i64::from(days).days()).unwrap_or(today);
        let messages_from = before(MESSAGE_DAYS.min(args.days));
        Self { seed: args.seed, start: before(args.days), messages_from, history: None }
    }
}

fn today(now: Timestamp) -> Date {
    now.to_zoned(zone()).date()
}

fn zone() -> TimeZone {
    norway()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn args(folder: &Path, days: u32) -> DemoArgs {
        DemoArgs { data: folder.to_owned(), seed: 3, days, port: 0 }
    }

    #[test]
    fn a_folder_keeps_its_plan_whatever_is_asked_for_later() {
        let folder = tempfile::tempdir().unwrap();
        let now: Timestamp = "2026-03-02T09:00:00+01:00".parse().unwrap();
        let plan = Plan::in_folder(&args(folder.path(), 30), now).unwrap();
        assert_eq!(plan.world(now).start, jiff::civil::date(2026, 1, 31));
        assert_eq!(plan.messages_from(), "2026-02-23T00:00:00+01:00".parse::<Timestamp>().unwrap());
        plan.with_history(17).unwrap();
        let later: Timestamp = "2026-05-01T09:00:00+02:00".parse().unwrap();
        let again = Plan::in_folder(&args(folder.path(), 365), later).unwrap();
        assert_eq!((again.world(later).start, again.history()), (jiff::civil::date(2026, 1, 31), Some(17)));
        assert!(again.world(later).days > 400);
    }

    #[test]
    fn a_short_history_is_all_told_by_messages() {
        let folder = tempfile::tempdir().unwrap();
        let now: Timestamp = "2026-03-02T09:00:00+01:00".parse().unwrap();
        let plan = Plan::in_folder(&args(folder.path(), 2), now).unwrap();
        assert_eq!(plan.messages_from(), "2026-02-28T00:00:00+01:00".parse::<Timestamp>().unwrap());
    }
}
