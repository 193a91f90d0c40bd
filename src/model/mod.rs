//! Whole networks: backbone → decoder of DAFE modules → one heatmap a landmark.
mod landmark_net;
mod presets;

pub use landmark_net::{LandmarkNet, LandmarkNetConfig, LandmarkOutput};
pub use presets::Preset;
