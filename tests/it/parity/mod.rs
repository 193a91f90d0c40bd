//! Comparison with an independent implementation in PyTorch (tools/reference): outputs and
//! gradients of every block, backbones, whole networks, Adam, training steps, normalized error,
//! costs.
//!
//! Parameters and inputs are generated from their names on both sides, so the fixtures contain only
//! results. The error is max|a − b| / max|b| over a tensor.
mod blocks;
mod costs;
mod efficientnet;
mod export;
mod metrics;
mod networks;
mod support;
mod training;
