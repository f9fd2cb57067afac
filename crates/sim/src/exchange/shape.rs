use crate::{
    faults::Rates,
    settings::{Settings, Thousandths},
};

/// What a run is like, beside its seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// How many days somebody is admitted. Stays that began within them are told to their end.
    pub days: u32,
    /// How often what goes wrong.
    pub rates: Rates,
    /// Parcels that a line refuses the first time, in thousandths. Each is a dead letter that somebody releases at the end, but for
    /// every other one.
    pub refused: Thousandths,
    /// What the region is made from.
    pub settings: Settings,
    /// What is broken on purpose, to see that the checks find it.
    pub defect: Option<Defect>,
}

/// What can be broken on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// The line says that it has every so many parcels, and loses them for ever.
    LosesForEver(u64),
    /// A node that gets a parcel twice writes its entries twice.
    ForgetsWhatCame,
    /// The corrections of late messages are left out of what is looked at, as if no node wrote any.
    ForgetsCorrections,
}

impl Shape {
    /// A small region over some days: few patients, a hospital that takes back and changes more than most, and the faults of the
    /// shipped rates more often, so that they meet.
    pub fn short(days: u32) -> Self {
        let mut settings = Settings::shipped();
        settings.habits.stays.begin = [3, 5];
        settings.habits.hospital.cancelled = 120;
        settings.habits.hospital.corrected = 120;
        settings.habits.delays.mend = [5, 240];
        let mut rates = Rates::shipped();
        rates.nodes.crash = 20;
        rates.nodes.clock_back = 100;
        rates.parcels.delayed = 120;
        rates.parcels.lost = 50;
        rates.parcels.doubled = 50;
        rates.parcels.overtaken = 60;
        Self { days, rates, refused: 5, settings, defect: None }
    }

    /// The same region when nothing goes wrong on the way.
    pub fn calm(days: u32) -> Self {
        Self { rates: Rates::none(), refused: 0, ..Self::short(days) }
    }
}
