//! Complete networks: a backbone, a decoder of DAFE modules or an alternative, and one heatmap per
//! landmark.
mod config;
mod decoder;
mod decoder_stage;
mod landmark_net;
mod presets;
mod summary;
mod supervision;

pub use config::LandmarkNetConfig;
pub use decoder::Decoder;
pub use decoder_stage::DecoderStage;
pub use landmark_net::{LandmarkNet, LandmarkOutput};
pub use presets::Preset;
pub use summary::{Cost, ModelSummary, StageSummary};
pub use supervision::{SupervisedOutput, Supervision};
