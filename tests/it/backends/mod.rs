//! Blocks, backbones, the network, operations, the codec, losses and a training step have the same
//! values and gradients on every device: on Flex and ndarray, and with `--features vulkan` or
//! `cuda` also on the GPU (see `dafe::testing`).
mod backbone;
mod blocks;
mod codec;
mod devices;
mod losses;
mod net;
mod ops;
mod step;
