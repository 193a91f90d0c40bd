//! What follows a convolution, while its output is still in registers.
use pulp::{Simd, WithSimd};

use super::kernel::{arch, load, relu, store};

/// `relu(scale · sum + shift + gate · residual)`, each part where there is one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tail<'a> {
    /// One factor a channel.
    pub scale: Option<&'a [f32]>,
    /// One summand a channel.
    pub shift: Option<&'a [f32]>,
    /// `[B, C, H, W]`, as the output.
    pub residual: Option<&'a [f32]>,
    /// `[B, 1, H, W]`: a factor for every channel of the residual.
    pub gate: Option<&'a [f32]>,
    pub relu: bool,
}

/// The tail of one row of pixels: of a channel, or of a part of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowTail<'a> {
    scale: f32,
    shift: f32,
    residual: Option<&'a [f32]>,
    gate: Option<&'a [f32]>,
    relu: bool,
}

impl<'a> Tail<'a> {
    /// The tail of `channel` (of `channels`) of `image`, from pixel `first` of the `pixels` that a channel has.
    #[inline(always)]
    pub fn row(
        &self,
        image: usize,
        [channel, channels]: [usize; 2],
        first: usize,
        pixels: usize,
    ) -> RowTail<'a> {
        let plane = (image * channels + channel) * pixels;
        RowTail {
            scale: self.scale.map_or(1.0, |scale| scale[channel]),
            shift: self.shift.map_or(0.0, |shift| shift[channel]),
            residual: self.residual.map(|values| &values[plane + first..plane + pixels]),
            gate: self.gate.map(|gate| &gate[image * pixels + first..(image + 1) * pixels]),
            relu: self.relu,
        }
    }
}

impl RowTail<'_> {
    /// Vector `v` of the row, from its sums.
    #[inline(always)]
    pub fn apply<S: Simd>(&self, simd: S, v: usize, sum: S::f32s) -> S::f32s {
        let (scale, shift) = (simd.splat_f32s(self.scale), simd.splat_f32s(self.shift));
        let mut value = simd.mul_add_e_f32s(sum, scale, shift);
        if let Some(residual) = self.residual {
            let residual = load(simd, residual, v);
            value = match self.gate {
                Some(gate) => simd.mul_add_e_f32s(load(simd, gate, v), residual, value),
                None => simd.add_f32s(value, residual),
            };
        }
        match self.relu {
            true => relu(simd, value),
            false => value,
        }
    }

    /// The row, `at` pixels further on.
    #[inline(always)]
    pub fn from(&self, at: usize) -> Self {
        Self {
            residual: self.residual.map(|residual| &residual[at..]),
            gate: self.gate.map(|gate| &gate[at..]),
            ..*self
        }
    }
}

impl Tail<'_> {
    /// Applies the tail to a whole channel's finished sums.
    pub fn finish(&self, image: usize, channel: [usize; 2], plane: &mut [f32]) {
        let tail = self.row(image, channel, 0, plane.len());
        arch().dispatch(Finish { tail, plane });
    }
}

struct Finish<'a, 'o> {
    tail: RowTail<'a>,
    plane: &'o mut [f32],
}

impl WithSimd for Finish<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for v in 0..self.plane.len().div_ceil(S::F32_LANES) {
            let value = self.tail.apply(simd, v, load(simd, self.plane, v));
            store(simd, self.plane, v, value);
        }
    }
}
