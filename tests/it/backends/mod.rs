//! Blocks, backbones, the network, operations, the codec, losses and a training step: the same on every device, values and
//! gradients. On Flex and ndarray; with `--features vulkan` or `cuda` on the GPU, too (`dafe::testing` says how).
mod backbone;
mod blocks;
#[path = "../ops/cases.rs"]
#[allow(dead_code, reason = "only the cases")]
mod cases;
mod codec;
#[path = "../common/mod.rs"]
mod common;
mod devices;
mod losses;
mod net;
mod ops;
#[path = "../ops/parts.rs"]
#[allow(dead_code, reason = "only what makes the parts")]
mod parts;
#[path = "../losses/problem.rs"]
mod problem;
mod step;
#[path = "../losses/support.rs"]
#[allow(dead_code, reason = "only targets")]
mod support;

use common::fill;
