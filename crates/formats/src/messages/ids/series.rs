use std::fmt;

/// Whether a number can belong to a real person or organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Series {
    /// It is built as numbers of real ones are.
    Real,
    /// It is made for tests and belongs to nobody.
    Synthetic(SyntheticSource),
    /// The number doesn't tell: help numbers, and numbers with 40 added to the month, which are H-numbers or NAV's
    /// synthetic ones.
    Undecided,
}

/// Who makes synthetic numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SyntheticSource {
    /// Skatteetaten's test population (Tenor): 80 added to the month; organisations that begin with 2 or 3.
    Skatteetaten,
    /// Norsk helsenett: 65 added to the month.
    NorskHelsenett,
    /// NAV: 40 added to the month. Only D-numbers can be told from H-numbers.
    Nav,
}

/// What a system does with synthetic numbers.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum SyntheticPolicy {
    /// They are refused, as in production. What is undecided passes.
    Refuse,
    /// Both real and synthetic numbers pass.
    #[default]
    Allow,
    /// Only synthetic numbers pass, as where no real person's data may come. What is undecided is refused.
    Require,
}

/// Why a number doesn't pass, though nothing is wrong with the number itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeriesRefused {
    /// A synthetic number where only real ones may come.
    #[error(
        "it is a synthetic number ({0}), and this system takes real ones only: look for test data gone astray"
    )]
    Synthetic(SyntheticSource),
    /// A number that may be a real one's, where only synthetic ones may come.
    #[error(
        "it may be a real number, and this system takes synthetic ones only: use numbers with 80 added to the month"
    )]
    MayBeReal,
}

impl SyntheticPolicy {
    /// Lets a number of this series pass, or says why not.
    pub fn admit(self, series: Series) -> Result<(), SeriesRefused> {
        match (self, series) {
            (Self::Refuse, Series::Synthetic(source)) => Err(SeriesRefused::Synthetic(source)),
            (Self::Require, Series::Real | Series::Undecided) => Err(SeriesRefused::MayBeReal),
            (Self::Refuse, Series::Real | Series::Undecided)
            | (Self::Allow, Series::Real | Series::Synthetic(_) | Series::Undecided)
            | (Self::Require, Series::Synthetic(_)) => Ok(()),
        }
    }
}

impl fmt::Display for SyntheticSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Skatteetaten => "Skatteetaten",
            Self::NorskHelsenett => "Norsk helsenett",
            Self::Nav => "NAV",
        })
    }
}
