//! All ways to decode heatmaps: against MMPose's definitions (scripts/reference/decoders.py), and properties.
#[path = "../common/devices.rs"]
mod devices;
mod edges;
mod files;
mod logits;
mod peaks;
mod properties;
mod reference;
mod support;
