//! Recipes that start from the bundled model.
use super::{
    config::TrainConfig,
    fine_tuning::{FineTuning, InitialWeights},
};
use crate::{data::TargetPolicy, detector::bundled, landmark::LandmarkSchema, model::Preset};

impl TrainConfig {
    /// A recipe that starts from the weights of
    /// [`LandmarkDetector::bundled`](crate::detector::LandmarkDetector::bundled), for the landmarks
    /// of `schema`.
    ///
    /// Network, input size, framing, decoding and loss are those of the bundled model. The rest is
    /// that of [`Preset::Lite`], with three tenths of the learning rate for the backbone and frozen
    /// BatchNorm statistics, as in the training of that model.
    ///
    /// For FLD's eight landmarks, heatmaps of landmarks that a garment lacks are trained to be
    /// empty if that was the case for the bundled model. For other landmarks, the head is trained
    /// from scratch ([`FineTuning::new_head`]). A [flip
    /// test](crate::detector::DetectorConfig::flip_test) is not part of training.
    ///
    /// ```
    /// use dafe::{prelude::*, train::InitialWeights};
    ///
    /// let config = TrainConfig::bundled(&LandmarkSchema::fld());
    /// assert_eq!(config.fine_tuning.initial_weights, InitialWeights::Bundled);
    /// assert!(!config.fine_tuning.new_head);
    ///
    /// let kite = LandmarkSchema::new(vec!["top".into()], vec![0], vec![])?;
    /// assert!(TrainConfig::bundled(&kite).fine_tuning.new_head);
    /// # Ok::<(), dafe::Error>(())
    /// ```
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
