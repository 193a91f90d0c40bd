//! Adam and AdamW: a single pass over each parameter with this crate's kernels where available,
//! otherwise with Burn's operations.
use burn::{
    optim::{Adam, AdamConfig, AdamState, LearningRate, Optimizer},
    tensor::{Device, Tensor},
};

#[cfg(feature = "flex")]
use crate::ops::flex::AdamStep;
#[cfg(feature = "flex")]
use burn::optim::AdaptiveMomentumState;

const BETAS: [f32; 2] = [0.9, 0.999];
const EPSILON: f32 = 1e-8;

/// Adam, with or without decoupled weight decay.
#[derive(Clone)]
pub(super) struct FusedAdam {
    burns: Adam,
    weight_decay: f64,
}

impl FusedAdam {
    pub fn new(weight_decay: f64) -> Self {
        let [beta_1, beta_2] = BETAS;
        let config = AdamConfig::new().with_beta_1(beta_1).with_beta_2(beta_2);
        Self { burns: config.with_epsilon(EPSILON).build(), weight_decay }
    }
}

impl Optimizer for FusedAdam {
    type State<const D: usize> = AdamState<D>;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        parameters: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<AdamState<D>>,
    ) -> (Tensor<D>, Option<AdamState<D>>) {
        // Decoupled: does not affect the gradient.
        let decay = 1.0 - rate * self.weight_decay;
        #[cfg(feature = "flex")]
        if AdamStep::is_for(&parameters, &gradient) {
            let (time, moments) = match state {
                Some(AdamState { momentum }) => {
                    (momentum.time + 1, Some([momentum.moment_1, momentum.moment_2]))
                }
                None => (1, None),
            };
            let step = adam_step(time, rate, decay);
            let (parameters, [moment_1, moment_2]) = step.take(parameters, gradient, moments);
            let momentum = AdaptiveMomentumState::new(time, moment_1, moment_2);
            return (parameters, Some(AdamState::new(momentum)));
        }
        let parameters = match decay == 1.0 {
            true => parameters,
            false => parameters.mul_scalar(decay),
        };
        self.burns.step(rate, parameters, gradient, state)
    }

    fn to_device<const D: usize>(state: AdamState<D>, device: &Device) -> AdamState<D> {
        Adam::to_device(state, device)
    }
}

/// Step `time`, counted from 1.
#[cfg(feature = "flex")]
fn adam_step(time: usize, rate: LearningRate, decay: f64) -> AdamStep {
    let [mean, square] = BETAS.map(|beta| 1.0 - beta.powi(time as i32));
    let root = square.sqrt();
    AdamStep {
        betas: BETAS,
        epsilon: EPSILON * root,
        correction: root / mean,
        rate: rate as f32,
        decay: decay as f32,
    }
}

#[cfg(all(test, feature = "flex"))]
mod tests {
    use burn::{
        module::{Module, Param},
        optim::{AdamWConfig, GradientsParams, ModuleOptimizer},
    };

    use super::*;
    use crate::testing::random_values;

    #[derive(Module, Debug)]
    struct Parameters {
        matrix: Param<Tensor<4>>,
        vector: Param<Tensor<1>>,
    }

    /// Parameters with more values than one task updates, and a slice of a vector, after several
    /// steps; the state is saved and loaded in between.
    fn after_steps(make: impl Fn() -> ModuleOptimizer) -> Vec<Vec<f32>> {
        let device = Device::flex().autodiff();
        let values =
            |shape: [usize; 4], seed| Tensor::<4>::from_data(random_values(shape, seed), &device);
        let mut module = Parameters {
            matrix: Param::from_tensor(values([5, 37, 10, 10], 1)),
            vector: Param::from_tensor(values([1, 1, 1, 21], 2).reshape([21])),
        };
        let mut optimizer = make();
        for step in 0..6 {
            let matrix = values([5, 37, 10, 10], 10 + step) * module.matrix.val().powi_scalar(3);
            let vector = values([1, 1, 1, 21], 20 + step).reshape([21]) * module.vector.val();
            let gradients = (matrix.sum() + vector.sum()).backward();
            let gradients = GradientsParams::from_grads(gradients, &module);
            module = optimizer.step(0.01, module, gradients);
            if step == 2 {
                optimizer = make().load_record(optimizer.to_record());
            }
        }
        let values = [module.matrix.val().into_data(), module.vector.val().into_data()];
        values.map(|data| data.iter::<f32>().collect()).to_vec()
    }

    #[test]
    fn adam_is_burns_bit_by_bit() {
        let burns = after_steps(|| AdamConfig::new().with_epsilon(EPSILON).init());
        assert_eq!(after_steps(|| FusedAdam::new(0.0).into()), burns);
    }

    #[test]
    fn decoupled_weight_decay_is_burns() {
        let burns = AdamWConfig::new().with_epsilon(EPSILON).with_weight_decay(0.05);
        let burns = after_steps(|| burns.init()).concat();
        let ours = after_steps(|| FusedAdam::new(0.05).into()).concat();
        for (ours, burns) in ours.iter().zip(&burns) {
            // Burn applies the factors in another order.
            assert!((ours - burns).abs() < 1e-5, "{ours}, not {burns}");
        }
    }
}
