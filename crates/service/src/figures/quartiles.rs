/// How numbers lie: their quartiles, by nearest rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quartiles {
    /// How many numbers there are.
    pub count: u64,
    /// A quarter of them is at most this.
    pub first: i64,
    /// Half of them is at most this.
    pub median: i64,
    /// Three quarters of them are at most this.
    pub third: i64,
}

impl Quartiles {
    /// The quartiles of these numbers, in any order; `None` of no numbers.
    ///
    /// # The nearest rank is one of the numbers
    /// ```
    /// # use samspill_service::figures::Quartiles;
    /// let four = Quartiles::of(vec![40, 10, 30, 20]).unwrap();
    /// assert_eq!((four.first, four.median, four.third), (10, 20, 30));
    /// ```
    pub fn of(mut numbers: Vec<i64>) -> Option<Self> {
        numbers.sort_unstable();
        let at = |quarters: usize| {
            let rank = (numbers.len() * quarters).div_ceil(4).max(1);
            numbers.get(rank - 1).copied()
        };
        Some(Self { count: numbers.len() as u64, first: at(1)?, median: at(2)?, third: at(3)? })
    }
}
