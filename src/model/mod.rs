//! Whole networks: backbone → decoder of DAFE modules, or of a rival → one heatmap a landmark.
mod decoder;
mod landmark_net;
mod presets;
mod summary;
mod supervision;

pub use decoder::{Decoder, DecoderStage};
pub use landmark_net::{LandmarkNet, LandmarkNetConfig, LandmarkOutput};
pub use presets::Preset;
pub use summary::{Cost, ModelSummary, StageSummary};
pub use supervision::{SupervisedOutput, Supervision};
