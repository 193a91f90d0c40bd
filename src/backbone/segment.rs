//! A segment of a backbone, which can be run by itself.
use std::fmt;

use burn::{
    module::{Module, ModuleVisitor, Param},
    tensor::Tensor,
};

/// A segment of a [`Backbone`](super::Backbone), from the map of the segment before it to its own.
///
/// A training step runs it twice, and it must give the same result both times: see
/// [`Backbone::segments`](super::Backbone::segments).
pub struct Segment<'a> {
    run: Box<dyn Fn(Tensor<4>) -> Tensor<4> + 'a>,
    trained: bool,
}

impl<'a> Segment<'a> {
    /// A segment computed by `run`. `trained` says whether [`is_trained`] holds for any of its
    /// parameters.
    pub fn new(trained: bool, run: impl Fn(Tensor<4>) -> Tensor<4> + 'a) -> Self {
        Self { run: Box::new(run), trained }
    }

    /// The map that the segment computes.
    ///
    /// # Shapes
    /// - `x`: `[B, C, H, W]`, the map of the segment before, or images
    /// - output: `[B, C', H', W']`
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        (self.run)(x)
    }

    /// Whether any of its parameters is trained.
    pub fn is_trained(&self) -> bool {
        self.trained
    }
}

impl fmt::Debug for Segment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Segment").field("trained", &self.trained).finish_non_exhaustive()
    }
}

/// Whether any parameter of `module` is trained: on an autodiff device, and not frozen.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{
///     backbone::{ResNetConfig, is_trained},
///     prelude::*,
/// };
///
/// let net = ResNetConfig::resnet18().with_width(8).init(&Device::flex().autodiff());
/// assert!(is_trained(&net));
/// assert!(!is_trained(&net.freeze_stages(5))); // the stem and all four stages
/// ```
pub fn is_trained<M: Module>(module: &M) -> bool {
    let mut trained = Trained(false);
    module.visit(&mut trained);
    trained.0
}

struct Trained(bool);

impl ModuleVisitor for Trained {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0 |= param.is_require_grad();
    }
}
