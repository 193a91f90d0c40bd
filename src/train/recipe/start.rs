//! Recipes that start from a trained model.
use std::path::{Path, absolute};

use super::{
    config::TrainConfig,
    fine_tuning::{FineTuning, InitialWeights},
};
use crate::{
    Error,
    detector::{DetectorConfig, model_file},
    landmark::LandmarkSchema,
    model::LandmarkNetConfig,
};

impl TrainConfig {
    /// A recipe that starts from the weights of the model `path`, for the landmarks of `schema`.
    /// `path` is a model file written by a run, or the run's folder.
    ///
    /// Network, input size, framing and decoding are those of the model. The rest is the recipe
    /// that trained it, which can be changed: `TrainConfig::from_model("runs/fld",
    /// &schema)?.with_epochs(40)`. The result is a new run, in another folder.
    ///
    /// For other landmarks than the model's, the head is trained from scratch
    /// ([`FineTuning::new_head`]).
    ///
    /// # Errors
    /// As [`LandmarkDetector::load`](crate::detector::LandmarkDetector::load); a [configuration
    /// error](crate::ErrorKind::Config) if the file does not contain the recipe that trained the
    /// model, for example a model saved from MMPose's weights.
    pub fn from_model(path: impl AsRef<Path>, schema: &LandmarkSchema) -> Result<Self, Error> {
        let (path, known) = model_file::read_config(path.as_ref())?;
        let refused = |message: String| Error::config(message).with_path(&path);
        let origin = known.origin.as_ref().ok_or_else(|| {
            refused(
                "no run made this model, so it has no recipe to start from; use only its weights \
                 (InitialWeights::File, --pretrained)"
                    .into(),
            )
        })?;
        let made_by: Self = serde_json::from_value(origin.recipe.clone()).map_err(|error| {
            let version = &origin.crate_version;
            refused(format!("the recipe that made it, of dafe {version}: {error}"))
        })?;
        // Absolute, because a run can be resumed from another working directory.
        let file = absolute(&path).map_err(Error::io("find", &path))?;
        Ok(Self::starting(&known, InitialWeights::File(file), schema, made_by))
    }

    /// `rest` with everything that a trained model prescribes.
    pub(super) fn starting(
        known: &DetectorConfig,
        weights: InitialWeights,
        schema: &LandmarkSchema,
        rest: Self,
    ) -> Self {
        Self {
            model: LandmarkNetConfig {
                num_landmarks: schema.len(),
                supervision: rest.model.supervision,
                ..known.model.clone()
            },
            codec: known.codec,
            framing: known.framing,
            refinement: known.refinement,
            fine_tuning: FineTuning {
                initial_weights: weights,
                new_head: known.schema.names() != schema.names(),
                ..FineTuning::default()
            },
            ..rest
        }
    }
}
