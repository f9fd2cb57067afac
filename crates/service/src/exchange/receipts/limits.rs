use jiff::{SignedDuration, Timestamp, civil::Date};

/// How long a receipt may be waited for, by the standard as it was when a message was made, and by what is agreed locally.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptLimits {
    /// By the day each begins to hold, earliest first.
    rows: Vec<Row>,
    local: Option<SignedDuration>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    in_force: Date,
    hours: i64,
    clause: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    limit: Vec<Row>,
}

/// Why a file of limits isn't taken.
#[derive(Debug, thiserror::Error)]
pub enum LimitsError {
    /// It can't be read.
    #[error("the limits for receipts aren't read: {0}")]
    Unread(String),
    /// It has none, or they don't rise from day to day.
    #[error("the limits for receipts must be at least one, of at least an hour each, by rising `in_force`")]
    Order,
}

impl ReceiptLimits {
    /// Those that come with the program.
    ///
    /// # Errors
    /// The file is broken, which a test rules out.
    pub fn shipped() -> Result<Self, LimitsError> {
        Self::parse(include_str!("../../../data/receipt-limits.toml"))
    }

    /// Reads limits from TOML: `[[limit]]` with `in_force`, `hours` and `clause`.
    pub fn parse(text: &str) -> Result<Self, LimitsError> {
        let file: File = toml::from_str(text).map_err(|error| LimitsError::Unread(error.to_string()))?;
        let is_rising = file.limit.windows(2).all(|pair| pair[0].in_force < pair[1].in_force);
        let is_sound = is_rising && !file.limit.is_empty() && file.limit.iter().all(|row| row.hours > 0);
        if is_sound { Ok(Self { rows: file.limit, local: None }) } else { Err(LimitsError::Order) }
    }

    /// With a limit agreed locally. It holds where it is the stricter one; the standard's can't be stretched.
    pub fn with_local(mut self, limit: SignedDuration) -> Self {
        self.local = Some(limit);
        self
    }

    /// How long a receipt is waited for, for a message made then, in elapsed hours; and the clause, none when the local limit is the stricter.
    /// A message older than the first row is under that one.
    pub fn at(&self, made: Timestamp) -> (SignedDuration, Option<&str>) {
        let day = made.to_zoned(jiff::tz::TimeZone::UTC).date();
        let row = self.rows.iter().rev().find(|row| row.in_force <= day).unwrap_or(&self.rows[0]);
        let national = SignedDuration::from_hours(row.hours);
        match self.local {
            Some(local) if local < national => (local, None),
            Some(_) | None => (national, Some(&row.clause)),
        }
    }
}
