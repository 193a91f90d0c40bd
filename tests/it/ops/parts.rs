//! A case's modules and tensors, and the results of this crate and of Burn.
use burn::{
    module::{Param, RunningState},
    nn::{
        BatchNorm, BatchNormConfig, PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig},
    },
    prelude::*,
    tensor::{module::conv_transpose2d, ops::ConvTransposeOptions},
};
use dafe::ops::{self, Epilogue};

use super::cases::Case;
use crate::common::fill::scaled;

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
    /// The modules and tensors, identical for each call.
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
                let ([y, x], [down, right]) = (self.padding, self.longer[0]);
                conv.padding = PaddingConfig2d::Explicit(y, x, y + down, x + right);
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
        let vector = |name: &str, scale, center| scaled(name, &[outputs], scale, center);
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
    /// This crate's implementation.
    pub fn ours(&self) -> Tensor<4> {
        let case = &self.case;
        let epilogue = Epilogue {
            norm: case.norm.then_some(&self.norm),
            residual: case.residual.then(|| self.residual.clone()),
            gate: (case.residual && case.gate).then(|| self.gate.clone()),
            activation: case.activation,
        };
        match &self.conv {
            Conv::There(conv) => ops::conv2d(conv, self.x.clone(), epilogue),
            Conv::Back(conv) => {
                ops::conv_transpose2d(conv, self.x.clone(), case.longer[1], epilogue)
            }
        }
    }

    /// Burn's own, before the activation.
    pub fn before_activation(&self) -> Tensor<4> {
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
        self.case.activation.apply(self.before_activation())
    }
}
