//! Where a program finds the entries of a case.

use samspill_base::{Clock, Value, columns::NO_TIME};

use super::{atoms::Bits, code::FactNo};

/// The entries of one case, by number, in the order of the log.
pub(crate) trait Source {
    fn len(&self) -> usize;

    fn position(&self, entry: usize) -> u64;

    /// Nanoseconds since 1970, as all times here.
    fn happened(&self, entry: usize) -> i64;

    /// What a version calls the entry's kind: a number of the program's kinds.
    fn kind(&self, entry: usize, version: usize) -> Option<u16>;

    /// Sent, received, acknowledged, recorded; `NO_TIME` where the entry doesn't have it.
    fn clocks(&self, entry: usize) -> [i64; 4];

    /// Whether the log has any of those times.
    fn has_clocks(&self) -> bool;

    /// The entry's time on a clock, or what stands in for it.
    #[inline]
    fn time(&self, entry: usize, clock: Clock) -> i64 {
        let happened = self.happened(entry);
        if clock == Clock::Happened || !self.has_clocks() {
            return happened;
        }
        let [sent, received, acknowledged, recorded] = self.clocks(entry);
        let or = |time: i64, other: i64| if time == NO_TIME { other } else { time };
        match clock {
            Clock::Happened => happened,
            Clock::Sent => or(sent, happened),
            Clock::Received => or(received, or(sent, happened)),
            Clock::Acknowledged => or(acknowledged, or(received, or(sent, happened))),
            Clock::Recorded => or(recorded, happened),
        }
    }

    /// Whether the entry itself says anything about facts, asked for or not.
    fn has_facts(&self, entry: usize) -> bool;

    /// The facts that the entry itself says, of those that are asked for, by name.
    fn said(&self, entry: usize, say: impl FnMut(FactNo, SaidValue));

    /// The value of a field as something said of a fact, for kinds that set facts from fields.
    fn said_field(&self, entry: usize, field: u16, fact: FactNo) -> Option<SaidValue>;

    /// The value that a kind always sets a fact to.
    fn said_constant(&self, kind: u16, place: usize) -> SaidValue;

    /// Answers about a value of a fact, as a version reads it.
    fn bits(&self, value: SaidValue, version: usize) -> Bits;

    /// The value itself.
    fn value(&self, value: SaidValue) -> &Value;

    /// The answers about the entry's fields, as this kind declares them.
    fn atoms(&self, entry: usize, kind: u16) -> u128;

    /// Whether facts or fields of the entry aren't of their type.
    fn misfits(&self, entry: usize, version: usize, kind: u16) -> bool;

    fn has_body(&self, entry: usize) -> bool;

    fn field(&self, entry: usize, field: u16) -> Option<&Value>;

    fn id(&self, entry: usize) -> Option<&str>;
}

/// A value that was said: which list of values holds it, and its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SaidValue {
    pub list: u32,
    pub code: u32,
}
