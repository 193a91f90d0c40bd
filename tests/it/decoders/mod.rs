//! All heatmap decoders: compared with MMPose's definitions (tools/reference/decoders.py), and
//! properties.
mod edges;
mod files;
mod logits;
mod peaks;
mod properties;
mod reference;
mod support;
