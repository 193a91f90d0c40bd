//! Convolutions to try, and what Burn makes of them.
use burn::{
    module::{Param, RunningState},
    nn::{
        BatchNorm, BatchNormConfig, PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig},
    },
    prelude::*,
    tensor::{activation::relu, module::conv_transpose2d, ops::ConvTransposeOptions},
};
use dafe::ops::{self, Epilogue};
use proptest::prelude::*;

use crate::fill::scaled;

/// Sums in another order: √K roundings of 6e-8, and K is 2304 at most.
pub const SUM: f32 = 1e-5;
/// Winograd's transforms, there and back, add a few more.
pub const WINOGRAD: f32 = 2e-5;

/// A convolution and what follows. Pairs are `[height, width]`.
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
    /// A transposed one's longer output: the module's own and the call's.
    pub longer: [[usize; 2]; 2],
    pub bias: bool,
    pub norm: bool,
    pub residual: bool,
    pub gate: bool,
    pub relu: bool,
}

/// Kernel 3, with everything that follows.
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
    relu: true,
};

/// Kernel 4, stride 2.
pub const DOUBLING: Case =
    Case { transposed: true, kernel: [4, 4], stride: [2, 2], size: [33, 17], ..PLAIN };

/// Convolutions of all kinds, a half of them such as take Winograd's way.
pub fn cases(transposed: bool) -> impl Strategy<Value = Case> {
    let base = if transposed { DOUBLING } else { PLAIN };
    let size = || [1usize..=24, 1..=24];
    let parts = || any::<[bool; 5]>();
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
                // Something has to be left of the output,
                true => padding[i] = padding[i].min((covered - 1) / 2),
                // and the kernel has to fit.
                false => size[i] = size[i].max(covered.saturating_sub(2 * padding[i])),
            }
        }
        let [bias, norm, residual, gate, relu] = parts;
        let base = Case { batch, channels, groups, size, kernel, stride, padding, ..PLAIN };
        let base = Case { transposed, dilation, longer, ..base };
        Case { bias, norm, residual, gate, relu, ..base }
    });
    let winograd = (1usize..=3, [16usize..=40, 16..=40], size(), [0usize..=1, 0..=1], parts());
    let winograd = winograd.prop_map(move |(batch, channels, size, extra, parts)| {
        let [bias, norm, residual, gate, relu] = parts;
        let longer = [[0, 0], if transposed && parts[0] { extra } else { [0, 0] }];
        let base = Case { batch, channels, size, longer, ..base.clone() };
        Case { bias, norm, residual, gate, relu, ..base }
    });
    prop_oneof![any_kind, winograd]
}

/// A convolution of either direction.
#[derive(Debug, Clone)]
pub enum Conv {
    There(Conv2d),
    Back(ConvTranspose2d),
}

/// A case's modules and tensors.
#[derive(Debug, Clone)]
pub struct Parts {
    pub case: Case,
    pub conv: Conv,
    pub norm: BatchNorm,
    pub x: Tensor<4>,
    pub residual: Tensor<4>,
    pub gate: Tensor<4>,
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
                false => (self.size[i] + 2 * self.padding[i] - covered) / self.stride[i] + 1,
            }
        });
        [self.batch, self.channels[1], height, width]
    }

    /// The largest difference allowed for each unit of the largest value, or of 1 if that is less: inputs and outputs are
    /// about 1, and one tap in the wrong place makes 0.01 and more.
    pub fn tolerance(&self) -> f32 {
        let is_winograd = self.groups == 1 && self.channels.iter().all(|channels| *channels >= 16);
        if is_winograd { WINOGRAD } else { SUM }
    }

    /// Modules and tensors, the same ones for each call.
    pub fn parts(&self, device: &Device) -> Parts {
        let [inputs, outputs] = self.channels;
        let [kernel_height, kernel_width] = self.kernel;
        let conv = match self.transposed {
            false => {
                let mut conv = Conv2dConfig::new(self.channels, self.kernel)
                    .with_stride(self.stride)
                    .with_dilation(self.dilation)
                    .with_groups(self.groups)
                    .with_bias(self.bias)
                    .init(device);
                let [y, x] = self.padding;
                conv.padding = PaddingConfig2d::Explicit(y, x, y, x);
                Conv::There(conv)
            }
            true => Conv::Back(
                ConvTranspose2dConfig::new(self.channels, self.kernel)
                    .with_stride(self.stride)
                    .with_padding(self.padding)
                    .with_padding_out(self.longer[0])
                    .with_dilation(self.dilation)
                    .with_groups(self.groups)
                    .with_bias(self.bias)
                    .init(device),
            ),
        };
        let fan_in = (inputs / self.groups * kernel_height * kernel_width) as f64;
        let mut conv = conv;
        let (weight, bias) = conv.parameters();
        let shape = weight.val().dims();
        *weight = Param::from_data(scaled("weight", &shape, (3.0 / fan_in).sqrt(), 0.0), device);
        if let Some(bias) = bias {
            *bias = Param::from_data(scaled("bias", &[outputs], 0.5, 0.0), device);
        }
        let vector = |name: &str, scale, centre| scaled(name, &[outputs], scale, centre);
        let mut norm = BatchNormConfig::new(outputs).init(device);
        norm.gamma = Param::from_data(vector("gamma", 0.5, 0.8), device);
        norm.beta = Param::from_data(vector("beta", 0.5, 0.0), device);
        let running = |data| RunningState::new(Tensor::from_data(data, device));
        norm.running_mean = running(vector("mean", 0.5, 0.0));
        norm.running_var = running(vector("variance", 0.5, 1.0));
        let tensor =
            |name, shape: [usize; 4]| Tensor::from_data(scaled(name, &shape, 1.0, 0.0), device);
        let shape @ [batch, _, rows, columns] = self.output();
        Parts {
            case: self.clone(),
            conv,
            norm,
            x: tensor("x", [self.batch, inputs, self.size[0], self.size[1]]),
            residual: tensor("residual", shape),
            gate: tensor("gate", [batch, 1, rows, columns]),
        }
    }
}

impl Conv {
    /// Its parameters.
    pub fn parameters(&mut self) -> (&mut Param<Tensor<4>>, Option<&mut Param<Tensor<1>>>) {
        match self {
            Self::There(conv) => (&mut conv.weight, conv.bias.as_mut()),
            Self::Back(conv) => (&mut conv.weight, conv.bias.as_mut()),
        }
    }

    pub fn weight(&self) -> Tensor<4> {
        match self {
            Self::There(conv) => conv.weight.val(),
            Self::Back(conv) => conv.weight.val(),
        }
    }

    pub fn bias(&self) -> Option<Tensor<1>> {
        let bias = match self {
            Self::There(conv) => &conv.bias,
            Self::Back(conv) => &conv.bias,
        };
        bias.as_ref().map(|bias| bias.val())
    }
}

impl Parts {
    /// This crate's way.
    pub fn ours(&self) -> Tensor<4> {
        let case = &self.case;
        let epilogue = Epilogue {
            norm: case.norm.then_some(&self.norm),
            residual: case.residual.then(|| self.residual.clone()),
            gate: (case.residual && case.gate).then(|| self.gate.clone()),
            relu: case.relu,
        };
        match &self.conv {
            Conv::There(conv) => ops::conv2d(conv, self.x.clone(), epilogue),
            Conv::Back(conv) => {
                ops::conv_transpose2d(conv, self.x.clone(), case.longer[1], epilogue)
            }
        }
    }

    /// Burn's own, before ReLU.
    pub fn before_relu(&self) -> Tensor<4> {
        let case = &self.case;
        let mut y = match &self.conv {
            Conv::There(conv) => conv.forward(self.x.clone()),
            Conv::Back(conv) => {
                let longer = [0, 1].map(|i| case.longer[0][i] + case.longer[1][i]);
                let options = ConvTransposeOptions::new(
                    case.stride,
                    case.padding,
                    longer,
                    case.dilation,
                    case.groups,
                );
                conv_transpose2d(self.x.clone(), conv.weight.val(), self.conv.bias(), options)
            }
        };
        if case.norm {
            y = self.norm.forward(y);
        }
        match (case.residual, case.gate) {
            (true, true) => y + self.gate.clone() * self.residual.clone(),
            (true, false) => y + self.residual.clone(),
            _ => y,
        }
    }

    /// Burn's own.
    pub fn burns(&self) -> Tensor<4> {
        let y = self.before_relu();
        if self.case.relu { relu(y) } else { y }
    }
}

/// The numbers.
pub fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

/// The numbers' bits, for they may be no numbers.
pub fn bits(tensor: Tensor<4>) -> Vec<u32> {
    numbers(tensor).into_iter().map(f32::to_bits).collect()
}

/// Panics if two tensors differ by more than `tolerance` for each unit of the largest value, or of 1.
#[track_caller]
pub fn assert_near<const D: usize>(what: &str, ours: Tensor<D>, burns: Tensor<D>, tolerance: f32) {
    assert_within(what, ours, burns, tolerance, 1.0);
}

/// [`assert_near`], with `usual` in place of 1.
#[track_caller]
pub fn assert_within<const D: usize>(
    what: &str,
    ours: Tensor<D>,
    burns: Tensor<D>,
    tolerance: f32,
    usual: f32,
) {
    assert_eq!(ours.dims(), burns.dims(), "{what}");
    let (ours, burns) = (numbers(ours), numbers(burns));
    let largest = burns.iter().fold(usual, |largest, value| largest.max(value.abs()));
    for (i, (ours, burns)) in ours.iter().zip(&burns).enumerate() {
        // Written so that what is not a number fails.
        let is_near = (ours - burns).abs() <= tolerance * largest;
        assert!(is_near, "{what}, value {i}: {ours}, not {burns} (the largest is {largest})");
    }
}
