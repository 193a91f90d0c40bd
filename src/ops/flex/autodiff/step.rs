//! Recording of operations, and accumulation of their gradients.
//!
//! Where a tensor is used twice, Burn adds the second gradient to the first in its own memory
//! order, `[B, C, H, W]`, which the next operation would have to convert back to channels last. So
//! each operation here marks that its output has received a gradient, and the next one adds its own
//! gradient to it.
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU8, Ordering},
    },
};

use burn::{
    backend::{
        Autodiff, Flex,
        autodiff::{
            NodeId,
            checkpoint::strategy::NoCheckpointing,
            grads::Gradients,
            ops::{Backward, Ops, OpsKind},
        },
        flex::FlexTensor,
    },
    tensor::Tensor,
};

use super::Tracked;
use crate::ops::flex::{epilogue::Fused, layout::Maps, normalization};

/// Whether the output of an operation has received a gradient in the backward pass.
#[derive(Debug, Clone)]
struct Mark(Arc<AtomicU8>);

/// The states: no gradient yet; some gradient; the operation's own backward pass is done.
const NONE: u8 = 0;
const GIVEN: u8 = 1;
const DONE: u8 = 2;

/// The marks of outputs that may still be used, by node.
static MARKS: Mutex<Option<HashMap<NodeId, Weak<AtomicU8>>>> = Mutex::new(None);

impl Mark {
    fn of(node: NodeId) -> Option<Self> {
        let marks = MARKS.lock().unwrap_or_else(PoisonError::into_inner);
        marks.as_ref()?.get(&node)?.upgrade().map(Self)
    }

    fn register(&self, node: NodeId) {
        let mut marks = MARKS.lock().unwrap_or_else(PoisonError::into_inner);
        let marks = marks.get_or_insert_default();
        // Now and then, remove the marks of graphs that no longer exist.
        if marks.len() == marks.capacity() {
            marks.retain(|_, mark| mark.strong_count() > 0);
        }
        marks.insert(node, Arc::downgrade(&self.0));
    }
}

/// The state of an operation, its own mark, and the marks of its parents.
#[derive(Debug, Clone)]
pub(super) struct Step<S, const N: usize> {
    pub state: S,
    own: Mark,
    parents: [Option<Mark>; N],
}

/// Records `output` of an operation on `parents`; `backward` computes their gradients from `state`.
pub(super) fn record<B, S, const N: usize, const D: usize>(
    backward: B,
    parents: [&Tracked; N],
    state: S,
    output: FlexTensor,
) -> Tensor<D>
where
    B: Backward<Flex, N, State = Step<S, N>>,
    S: Clone + Send + std::fmt::Debug + 'static,
{
    let own = Mark(Arc::new(AtomicU8::new(NONE)));
    let marks = parents.map(|parent| Mark::of(parent.id()));
    let nodes = parents.map(|parent| parent.node());
    let output = match backward.prepare::<NoCheckpointing>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(prep) => {
            let step = Step { state, own: own.clone(), parents: marks };
            let output = prep.finish(step, output);
            own.register(output.id());
            output
        }
        OpsKind::UnTracked(prep) => prep.finish(output),
    };
    Tensor::from_primitive::<Autodiff<Flex>>(output)
}

/// An operation as the backward pass receives it: its recorded state, and the nodes of its inputs.
type Recorded<S, const N: usize> = Ops<Step<S, N>, N>;

/// Takes the gradient with respect to the operation's output.
pub(super) fn take<S, const N: usize>(ops: &Recorded<S, N>, grads: &mut Gradients) -> FlexTensor {
    ops.state.own.0.store(DONE, Ordering::Relaxed);
    grads.consume::<Flex>(&ops.node)
}

/// The same for maps.
pub(super) fn take_maps<S, const N: usize>(ops: &Recorded<S, N>, grads: &mut Gradients) -> Maps {
    Maps::of_flex(&take(ops, grads))
}

/// Takes the gradient that a parent has received before, to add to it, if the parent is the output
/// of an operation here. (Nothing else can ask for it: outputs of operations can't be set to keep
/// their gradients.)
pub(super) fn take_before<S, const N: usize>(
    ops: &Recorded<S, N>,
    parent: usize,
    grads: &mut Gradients,
) -> Option<Maps> {
    let mark = ops.state.parents[parent].as_ref()?;
    let node = ops.parents[parent].as_ref()?;
    // A second backward pass may reach outputs that the first one has finished; Burn handles those.
    let given = mark.0.compare_exchange(NONE, GIVEN, Ordering::Relaxed, Ordering::Relaxed);
    (given == Err(GIVEN)).then(|| Maps::of_flex(&grads.consume::<Flex>(node)))
}

/// Gives a tracked parent its gradient, added to the gradient it has received before.
pub(super) fn give<S, const N: usize>(
    ops: &Recorded<S, N>,
    parent: usize,
    grads: &mut Gradients,
    gradient: Maps,
) {
    let Some(node) = &ops.parents[parent] else { return };
    let sum = match take_before(ops, parent, grads) {
        Some(before) => {
            let size = gradient.size();
            let fused = Fused { residual: Some(before.values()), ..Fused::default() };
            let sum = normalization::apply(gradient.values(), size[1], fused);
            Maps::of_buffer(sum, size)
        }
        None => gradient,
    };
    grads.register::<Flex>(node.id, sum.into_tensor());
}
