//! Recipes that start from the model that the crate ships.
use super::{
    config::TrainConfig,
    fine_tuning::{FineTuning, InitialWeights},
};
use crate::{data::TargetPolicy, detector::bundled, landmark::LandmarkSchema, model::Preset};

impl TrainConfig {
    /// A recipe that begins with the parameters of
    /// [`LandmarkDetector::bundled`](crate::detector::LandmarkDetector::bundled), for the landmarks
    /// of `schema`. Network, input size, framing, decoding and loss are those of that model, and the
    /// rest is [`Preset::Lite`]'s, with the backbone at three tenths of the learning rate and
    /// BatchNorm's statistics frozen, as that model was trained.
    ///
    /// For FLD's eight landmarks, heatmaps of those that a garment lacks are trained to be empty if
    /// that model's were; for others, the head begins anew ([`FineTuning::new_head`]). A [flip
    /// test](crate::detector::DetectorConfig::flip_test) is no part of training.
    pub fn bundled(schema: &LandmarkSchema) -> Self {
        let (known, _) = bundled::parts();
        let made_by = known.origin.as_ref().expect("make_bundled trains it").recipe.clone();
        let made_by: Self = serde_json::from_value(made_by).expect("tests read the same recipe");
        let preset = Self::preset(Preset::Lite, schema.len());
        let start = Self::starting(&known, InitialWeights::Bundled, schema, preset);
        let absent_as_empty = known.infers_category && !start.fine_tuning.new_head;
        Self {
            policy: TargetPolicy { absent_as_empty, ..start.policy },
            loss: made_by.loss,
            fine_tuning: FineTuning {
                freeze_norm: made_by.fine_tuning.freeze_norm,
                backbone_rate: made_by.fine_tuning.backbone_rate,
                ..start.fine_tuning
            },
            ..start
        }
    }
}
