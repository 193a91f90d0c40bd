//! What of a step is computed twice to save memory.
#[cfg(doc)]
use crate::backbone::Backbone;
use crate::named::named_enum;

/// What of a training step's forward pass is computed again in its backward pass instead of kept in memory. It costs time
/// and changes no result: gradients differ by the rounding of sums taken in another order at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Recompute {
    /// Nothing. The default.
    #[default]
    None,
    /// The backbone's stages, of which only the input is kept, and that of every second block
    /// ([`Backbone::segments`]; backbones without them are kept whole).
    Stages,
}

named_enum!(Recompute, "recompute", { None => "none", Stages => "stages" });
