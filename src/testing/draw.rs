//! Random values from seeds.
use burn::{
    module::{Module, ModuleMapper, Param},
    tensor::{Shape, Tensor, TensorData},
};

use crate::random::SplitMix64;

/// Uniform values in (-1, 1), excluding 0. Depends only on the seed and the shape.
///
/// ```
/// use dafe::testing::random_values;
///
/// assert_eq!(random_values([2, 3], 7), random_values([2, 3], 7));
/// assert_ne!(random_values([2, 3], 7), random_values([2, 3], 8));
/// ```
pub fn random_values(shape: impl Into<Shape>, seed: u64) -> TensorData {
    draw(&mut SplitMix64(seed), shape.into(), 1.0, 0.0)
}

/// The module with all parameters and running statistics sampled from `seed`. The parameters stay
/// on their device.
///
/// Burn initializes modules from a generator shared by all threads, and zeros in a new block hide
/// errors in the layers after them. Here no value is 0:
///
/// | tensor | values |
/// |---|---|
/// | two axes or more, sizes `[a, b, …]` | uniform, with variance 1 / (max(a, b) · …), so outputs have about the size of inputs |
/// | `gamma`, `running_var` | 1 ± 0.5 |
/// | others | ± 0.3 |
pub fn randomized<M: Module>(module: M, seed: u64) -> M {
    let mut randomizer = Randomizer { random: SplitMix64(seed), path: Vec::new() };
    // A copy, because clones of a module share its running statistics.
    module.valid().map(&mut randomizer)
}

fn draw(random: &mut SplitMix64, shape: Shape, scale: f32, center: f32) -> TensorData {
    let values = (0..shape.num_elements()).map(|_| center + scale * random.around_zero());
    TensorData::new(values.collect::<Vec<_>>(), shape)
}

struct Randomizer {
    random: SplitMix64,
    path: Vec<String>,
}

impl ModuleMapper for Randomizer {
    fn enter_module(&mut self, name: &str, _kind: &str) {
        self.path.push(name.into());
    }

    fn exit_module(&mut self, _name: &str, _kind: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let name = self.path.last().map(String::as_str);
        param.map(|old| {
            let sizes = old.dims();
            let (scale, center) = match (D, name) {
                (2.., _) => {
                    let terms: usize =
                        sizes[0].max(sizes[1]) * sizes[2..].iter().product::<usize>();
                    ((3.0 / terms.max(1) as f32).sqrt(), 0.0)
                }
                (_, Some("gamma" | "running_var")) => (0.5, 1.0),
                _ => (0.3, 0.0),
            };
            Tensor::from_data(draw(&mut self.random, old.shape(), scale, center), &old.device())
        })
    }
}
