//! Numbers of an independent writing in PyTorch (tools/reference), which these tests don't have to trust: outputs and
//! gradients of every block, backbones, whole networks, Adam, training steps, normalized error, costs.
//!
//! Parameters and inputs are made from their names on both sides, so the fixtures hold only results. The error is
//! max|a − b| / max|b| over a tensor.
mod blocks;
mod costs;
mod efficientnet;
mod export;
mod metrics;
mod networks;
mod support;
mod training;
