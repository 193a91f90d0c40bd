//! Which parts of a step are recomputed to save memory.
#[cfg(doc)]
use crate::backbone::Backbone;
use crate::named::named_enum;

/// Which parts of a training step's forward pass are recomputed in its backward pass instead of
/// kept in memory (gradient checkpointing).
///
/// This costs time but does not change results: gradients differ at most by rounding, where sums
/// are taken in another order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Recompute {
    /// Nothing. The default.
    #[default]
    None,
    /// The backbone's stages. Only the inputs of stages and of every second block are kept
    /// ([`Backbone::segments`]; backbones without segments are kept entirely).
    Stages,
}

named_enum!(Recompute, "recompute", { None => "none", Stages => "stages" });
