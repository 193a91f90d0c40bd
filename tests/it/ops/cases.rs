//! Random convolutions.
use dafe::ops::Activation;
use proptest::{prelude::*, sample};

/// Sums in another order: √K roundings of 6e-8, with K at most 2304.
pub const SUM: f32 = 1e-5;
/// Winograd's forward and inverse transforms add a few more.
pub const WINOGRAD: f32 = 2e-5;

/// A convolution and its epilogue. Pairs are `[height, width]`.
#[derive(Debug, Clone)]
pub struct Case {
    pub transposed: bool,
    pub batch: usize,
    /// Channels in and out.
    pub channels: [usize; 2],
    pub groups: usize,
    pub size: [usize; 2],
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub padding: [usize; 2],
    pub dilation: [usize; 2],
    /// The additional output size of a transposed convolution: the module's own and the call's. For
    /// other convolutions, the first is how much more padding there is after than before.
    pub longer: [[usize; 2]; 2],
    pub bias: bool,
    pub norm: bool,
    pub residual: bool,
    pub gate: bool,
    pub activation: Activation,
}

/// Kernel 3, with the complete epilogue.
pub const PLAIN: Case = Case {
    transposed: false,
    batch: 2,
    channels: [16, 16],
    groups: 1,
    size: [9, 7],
    kernel: [3, 3],
    stride: [1, 1],
    padding: [1, 1],
    dilation: [1, 1],
    longer: [[0, 0]; 2],
    bias: true,
    norm: true,
    residual: true,
    gate: true,
    activation: Activation::Relu,
};

/// Kernel 4, stride 2.
pub const DOUBLING: Case =
    Case { transposed: true, kernel: [4, 4], stride: [2, 2], size: [33, 17], ..PLAIN };

/// Convolutions of all kinds, half of which use Winograd.
pub fn cases(transposed: bool) -> impl Strategy<Value = Case> {
    let base = if transposed { DOUBLING } else { PLAIN };
    let size = || [1usize..=24, 1..=24];
    let parts = || (any::<[bool; 4]>(), sample::select(Activation::ALL));
    let any_kind = (
        (1usize..=3, [1usize..=10, 1..=10], 1usize..=4, size()),
        [1usize..=5, 1..=5],
        ([1usize..=3, 1..=3], [0usize..=2, 0..=2], [1usize..=2, 1..=2]),
        [[0usize..=2, 0..=2], [0usize..=2, 0..=2]],
        parts(),
    );
    let any_kind = any_kind.prop_map(move |(sizes, kernel, steps, longer, parts)| {
        let (batch, channels, groups, mut size) = sizes;
        let (stride, mut padding, dilation) = steps;
        // One group may have as many channels as four.
        let channels = channels.map(|channels| channels * groups * if groups == 1 { 4 } else { 1 });
        for i in [0, 1] {
            let covered = dilation[i] * (kernel[i] - 1) + 1;
            match transposed {
                // Something must be left of the output,
                true => padding[i] = padding[i].min((covered - 1) / 2),
                // and the kernel must fit.
                false => size[i] = size[i].max(covered.saturating_sub(2 * padding[i])),
            }
        }
        let ([bias, norm, residual, gate], activation) = parts;
        let base = Case { batch, channels, groups, size, kernel, stride, padding, ..PLAIN };
        let base = Case { transposed, dilation, longer, ..base };
        Case { bias, norm, residual, gate, activation, ..base }
    });
    let winograd = (1usize..=3, [16usize..=40, 16..=40], size(), [0usize..=1, 0..=1], parts());
    let winograd = winograd.prop_map(move |(batch, channels, size, extra, parts)| {
        let ([bias, norm, residual, gate], activation) = parts;
        let longer = [[0, 0], if transposed && bias { extra } else { [0, 0] }];
        let base = Case { batch, channels, size, longer, ..base.clone() };
        Case { bias, norm, residual, gate, activation, ..base }
    });
    prop_oneof![any_kind, winograd]
}

impl Case {
    /// The sizes of the output.
    pub fn output(&self) -> [usize; 4] {
        let [height, width] = [0, 1].map(|i| {
            let covered = self.dilation[i] * (self.kernel[i] - 1) + 1;
            match self.transposed {
                true => {
                    let longer = self.longer[0][i] + self.longer[1][i];
                    (self.size[i] - 1) * self.stride[i] + covered + longer - 2 * self.padding[i]
                }
                false => {
                    let padding = 2 * self.padding[i] + self.longer[0][i];
                    (self.size[i] + padding - covered) / self.stride[i] + 1
                }
            }
        });
        [self.batch, self.channels[1], height, width]
    }

    /// Positions where the activation's slope jumps: for values this near, rounding decides on
    /// which side they are.
    pub fn kinks(&self) -> &'static [f32] {
        match self.activation {
            Activation::Relu => &[0.0],
            Activation::Relu6 => &[0.0, 6.0],
            _ => &[],
        }
    }

    /// The largest allowed difference, relative to the largest value or to 1 if that is larger:
    /// inputs and outputs are about 1, and one tap in the wrong place causes at least 0.01.
    pub fn tolerance(&self) -> f32 {
        let is_winograd = self.groups == 1 && self.channels.iter().all(|channels| *channels >= 16);
        if is_winograd { WINOGRAD } else { SUM }
    }
}
