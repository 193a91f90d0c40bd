//! Fast random bits for noise.

/// A fast stream of random bits of moderate quality, for large amounts of noise: a xorshift
/// generator.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bits(u64);

impl Bits {
    /// A stream from a number.
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Uniform between −1 and 1.
    pub fn signed(&mut self) -> f32 {
        ((self.next() >> 40) as f32) / (1 << 23) as f32 - 1.0
    }
}
