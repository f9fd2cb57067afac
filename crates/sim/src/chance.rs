/// Chance from a seed: the same draws in the same order on every machine and in every year.
///
/// The generator is `SplitMix64` (Steele, Lea and Flood 2014): small, fast, and good enough for made-up data. It isn't for secrets.
/// Draws are whole numbers throughout.
///
/// ```
/// use samspill_sim::Chance;
///
/// let mut one = Chance::of(1);
/// assert_eq!(one.next(), Chance::of(1).next());
/// // A branch hangs on the seed and its name alone, however much was drawn before.
/// let branch = one.branch("people");
/// assert_eq!(branch.clone().next(), Chance::of(1).branch("people").next());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chance {
    root: u64,
    state: u64,
}

impl Chance {
    /// The chance of a seed.
    pub fn of(seed: u64) -> Self {
        let root = mixed(seed.wrapping_add(STEP));
        Self { root, state: root }
    }

    /// A chance of its own for what has this name, whatever was drawn of this one before.
    pub fn branch(&self, name: &str) -> Self {
        let folded =
            name.bytes().fold(self.root, |sum, byte| mixed(sum ^ u64::from(byte)).wrapping_add(STEP));
        Self::of(folded)
    }

    /// The same for what has a number.
    pub fn nth(&self, number: u64) -> Self {
        Self::of(mixed(self.root ^ mixed(number.wrapping_add(STEP))))
    }

    /// The next 64 bits.
    #[expect(clippy::should_implement_trait, reason = "it never ends, and is no iterator to be adapted")]
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mixed(self.state)
    }

    /// A number from 0 to one below `bound`; 0 where `bound` is 0. Uneven by less than one in four thousand million.
    pub fn below(&mut self, bound: u32) -> u32 {
        let high = (self.next() >> 32) * u64::from(bound);
        u32::try_from(high >> 32).unwrap_or_default()
    }

    /// A number within these, both included. Where the second is the smaller, the first.
    pub fn within(&mut self, [least, most]: [u32; 2]) -> u32 {
        least + self.below(most.saturating_sub(least).saturating_add(1))
    }

    /// Yes for so many of each thousand: 0 never, 1000 and more always.
    pub fn hits(&mut self, thousandths: u32) -> bool {
        self.below(1000) < thousandths
    }

    /// One of these; none where there are none.
    pub fn one_of<'t, T>(&mut self, all: &'t [T]) -> Option<&'t T> {
        let count = u32::try_from(all.len()).unwrap_or(u32::MAX);
        all.get(usize::try_from(self.below(count)).unwrap_or_default())
    }

    /// One of these texts; an empty one where there are none.
    pub fn text<'t>(&mut self, all: &'t [String]) -> &'t str {
        self.one_of(all).map_or("", String::as_str)
    }

    /// The place of one of these shares, each as often as its size says.
    pub fn share(&mut self, shares: impl Iterator<Item = u32> + Clone) -> usize {
        let mut left = self.below(shares.clone().sum());
        let mut last = 0;
        for (place, share) in shares.enumerate() {
            last = place;
            if left < share {
                break;
            }
            left -= share;
        }
        last
    }
}

/// The golden ratio's share of 2⁶⁴, odd.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first draws of `SplitMix64` from state 1234567, as its authors' code gives them.
    #[test]
    fn the_generator_is_splitmix64() {
        let mut chance = Chance { root: 0, state: 1_234_567 };
        let drawn: Vec<u64> = (0..3).map(|_| chance.next()).collect();
        assert_eq!(drawn, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn draws_stay_within_their_bounds_and_reach_them() {
        let mut chance = Chance::of(7);
        let drawn: Vec<u32> = (0..1000).map(|_| chance.within([3, 5])).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&3), Some(&5)));
        assert_eq!((chance.below(0), chance.below(1), chance.within([9, 2])), (0, 0, 9));
    }

    #[test]
    fn shares_of_a_thousand_come_so_often() {
        let mut chance = Chance::of(7);
        let mut count = |share| (0..10_000).filter(|_| chance.hits(share)).count();
        assert_eq!((count(0), count(1000)), (0, 10_000));
        assert!((800..1200).contains(&count(100)));
        let mut places = [0; 3];
        for _ in 0..1000 {
            places[chance.share([500, 0, 500].into_iter())] += 1;
        }
        assert_eq!(places[1], 0, "a share of nothing never comes: {places:?}");
        assert!(places[0] > 400 && places[2] > 400, "{places:?}");
    }

    #[test]
    fn branches_differ_by_name_and_number_and_not_by_what_was_drawn() {
        let mut drawn = Chance::of(7);
        drawn.next();
        assert_eq!(drawn.branch("a"), Chance::of(7).branch("a"));
        assert_ne!(drawn.branch("a"), drawn.branch("b"));
        assert_ne!(drawn.nth(1), drawn.nth(2));
        assert_ne!(Chance::of(7).branch("a"), Chance::of(8).branch("a"));
    }
}
