//! Optimizers by name.
use std::{fmt, str::FromStr};

use burn::optim::{ModuleOptimizer, SgdConfig, decay::WeightDecayConfig, momentum::MomentumConfig};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::adam::FusedAdam;
use crate::{
    Error, Result,
    named::{NameAndNumbers, find},
};

/// The optimizer, with the behavior and defaults of PyTorch: ε of 10⁻⁸ and β of 0.9 and 0.999.
///
/// The learning rate and its schedule are in [`TrainConfig`](super::config::TrainConfig). Weight
/// decay applies to all trained parameters, including normalization and biases.
///
/// [`Display`](fmt::Display) and [`FromStr`] write and read the name and the numbers, as in
/// `adamw:0.05` and `sgd:0.9:0.0001`. Omitted numbers are those of [`Self::ALL`]. The same text is
/// used in files.
///
/// ```
/// use dafe::train::Optimizer;
///
/// let optimizer: Optimizer = "adamw:0.05".parse()?;
/// assert_eq!(optimizer, Optimizer::AdamW { weight_decay: 0.05 });
/// assert_eq!("sgd".parse::<Optimizer>()?.to_string(), "sgd:0.9:0");
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum Optimizer {
    /// Adam (Kingma and Ba, 2015). Used in the paper; the default.
    #[default]
    Adam,
    /// Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
    AdamW {
        /// The fraction by which a step at learning rate 1 shrinks a parameter.
        weight_decay: f64,
    },
    /// Stochastic gradient descent with momentum (not Nesterov).
    Sgd {
        /// The fraction of the previous step's velocity that is kept.
        momentum: f64,
        /// The coefficient of the L2 penalty's gradient.
        weight_decay: f64,
    },
}

impl Optimizer {
    /// One of each, with PyTorch's usual values.
    pub const ALL: &'static [Self] = &[
        Self::Adam,
        Self::AdamW { weight_decay: 0.01 },
        Self::Sgd { momentum: 0.9, weight_decay: 0.0 },
    ];

    /// Its name in files and on command lines: "adam", "adamw", "sgd".
    pub fn name(self) -> &'static str {
        match self {
            Self::Adam => "adam",
            Self::AdamW { .. } => "adamw",
            Self::Sgd { .. } => "sgd",
        }
    }

    /// Checks that all values are valid.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) naming the first invalid value.
    pub fn validate(self) -> Result<()> {
        let (momentum, weight_decay) = match self {
            Self::Adam => (0.0, 0.0),
            Self::AdamW { weight_decay } => (0.0, weight_decay),
            Self::Sgd { momentum, weight_decay } => (momentum, weight_decay),
        };
        for (name, value) in [("momentum", momentum), ("weight decay", weight_decay)] {
            if !(0.0..1.0).contains(&value) {
                return Err(Error::config(format!("the {name} must be in [0, 1), not {value}")));
            }
        }
        Ok(())
    }

    /// The optimizer before its first step. On Flex, the CPU, Adam is fused into a single pass over
    /// the parameters.
    pub fn init(self) -> ModuleOptimizer {
        match self {
            Self::Adam => FusedAdam::new(0.0).into(),
            Self::AdamW { weight_decay } => FusedAdam::new(weight_decay).into(),
            Self::Sgd { momentum, weight_decay } => {
                // Burn's default dampens the gradient.
                let momentum = MomentumConfig::new().with_momentum(momentum).with_dampening(0.0);
                let decay =
                    (weight_decay > 0.0).then(|| WeightDecayConfig::new(weight_decay as f32));
                SgdConfig::new().with_momentum(Some(momentum)).with_weight_decay(decay).init()
            }
        }
    }
}

impl fmt::Display for Optimizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::Adam => Ok(()),
            Self::AdamW { weight_decay } => write!(f, ":{weight_decay}"),
            Self::Sgd { momentum, weight_decay } => write!(f, ":{momentum}:{weight_decay}"),
        }
    }
}

impl FromStr for Optimizer {
    type Err = Error;

    /// Parses the output of [`Display`](fmt::Display).
    fn from_str(text: &str) -> Result<Self> {
        let mut given = NameAndNumbers::of(text);
        let mut optimizer = find("optimizer", Self::ALL, |found: &Self| found.name(), given.name)?;
        match &mut optimizer {
            Self::Adam => {}
            Self::AdamW { weight_decay } => given.read(weight_decay)?,
            Self::Sgd { momentum, weight_decay } => {
                given.read(momentum)?;
                given.read(weight_decay)?;
            }
        }
        given.end()?;
        optimizer.validate().map(|()| optimizer)
    }
}

impl Serialize for Optimizer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Optimizer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_read_as_they_are_written() {
        for &optimizer in Optimizer::ALL {
            assert_eq!(optimizer.to_string().parse::<Optimizer>().unwrap(), optimizer);
            assert_eq!(optimizer.name().parse::<Optimizer>().unwrap(), optimizer);
        }
        let error = |text: &str| text.parse::<Optimizer>().unwrap_err().to_string();
        assert_eq!(error("lion"), "unknown optimizer 'lion'; there are adam, adamw, sgd");
        assert_eq!(error("sgd:1"), "the momentum must be in [0, 1), not 1");
        assert_eq!(error("adam:1"), "'1' is one number too many in 'adam:1'");
        assert_eq!(error("adamw:x"), "'x' in 'adamw:x' is not a valid number");
        assert_eq!(error("adamw:NaN"), "the weight decay must be in [0, 1), not NaN");
    }

    /// Three steps of each optimizer on one parameter with the loss θ²/2; PyTorch 2 takes the same
    /// steps.
    #[cfg(feature = "flex")]
    #[test]
    fn steps_are_pytorchs() {
        use burn::{
            module::{Module, Param},
            optim::GradientsParams,
            tensor::{Device, Tensor},
        };

        #[derive(Module, Debug)]
        struct One {
            theta: Param<Tensor<1>>,
        }

        for (text, expected) in
            [("adam", PYTORCH[0]), ("adamw:0.1", PYTORCH[1]), ("sgd:0.9:0.2", PYTORCH[2])]
        {
            let device = Device::flex().autodiff();
            let theta = Tensor::<1>::from_floats([1.0], &device);
            let mut one = One { theta: Param::from_tensor(theta) };
            let mut optimizer = text.parse::<Optimizer>().unwrap().init();
            for expected in expected {
                let loss = one.theta.val().powi_scalar(2).sum() / 2.0;
                let gradients = GradientsParams::from_grads(loss.backward(), &one);
                one = optimizer.step(0.1, one, gradients);
                let theta: f32 = one.theta.val().into_scalar();
                assert!((theta - expected).abs() < 1e-6, "{text}: {theta}, not {expected}");
            }
        }
    }

    /// Generated by tools/reference/optimizers.py.
    const PYTORCH: [[f32; 3]; 3] =
        [[0.9, 0.8004122, 0.7015863], [0.89, 0.7815719, 0.6751013], [0.88, 0.6664, 0.394192]];
}
