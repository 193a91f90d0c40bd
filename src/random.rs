//! Reproducible random numbers: a seed gives the same numbers on every machine.

/// SplitMix64 (Steele, Lea and Flood), enough here to need no crate for random numbers.
#[derive(Debug, Clone)]
pub(crate) struct SplitMix64(pub(crate) u64);

impl SplitMix64 {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `count`, uniform up to an error of less than `count` / 2⁶⁴.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.next()) * count as u128) >> 64) as usize
    }

    /// A number in (-1, 1): an odd multiple of 2⁻²³, so exact in single precision and never 0.
    #[cfg(feature = "testing")]
    pub(crate) fn around_zero(&mut self) -> f32 {
        ((self.next() >> 40) | 1) as f32 * 2f32.powi(-23) - 1.0
    }
}

/// Mixes several numbers into one seed. Each is added to the state, which SplitMix64's output
/// function then scrambles, so neighboring seeds, epochs and samples give unrelated numbers.
#[cfg(feature = "data")]
pub(crate) fn mix_seed(parts: &[u64]) -> u64 {
    parts.iter().fold(0, |state: u64, part| SplitMix64(state.wrapping_add(*part)).next())
}
