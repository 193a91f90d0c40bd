//! Blocks, backbones, the network, operations, the codec, losses and a training step: the same on every device, values and
//! gradients. On Flex and ndarray; with `--features vulkan` or `cuda` on the GPU, too (`dafe::testing` says how).
mod backbone;
mod blocks;
mod codec;
mod devices;
mod losses;
mod net;
mod ops;
mod step;
