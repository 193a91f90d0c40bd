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
    /// A recipe that begins with the weights of the model `path`, for the landmarks of `schema`: a
    /// file that a run wrote, or the run's folder. Network, input size, framing and decoding are
    /// that model's, and the rest is the recipe that made it, to be changed:
    /// `TrainConfig::from_model("runs/fld", &schema)?.with_epochs(40)`. It makes a run of its own,
    /// in another folder.
    ///
    /// For other landmarks than the model's, the head begins anew ([`FineTuning::new_head`]).
    ///
    /// # Errors
    /// As [`LandmarkDetector::load`](crate::detector::LandmarkDetector::load); a [configuration
    /// error](crate::ErrorKind::Config) if the file does not say by which recipe the model was
    /// made, as one that was saved from MMPose's weights.
    pub fn from_model(path: impl AsRef<Path>, schema: &LandmarkSchema) -> Result<Self, Error> {
        let (path, known) = model_file::read_config(path.as_ref())?;
        let refused = |message: String| Error::config(message).with_path(&path);
        let origin = known.origin.as_ref().ok_or_else(|| {
            refused(
                "no run made this model, so that it has no recipe to start from; its weights alone \
                 can be had (InitialWeights::File, --pretrained)"
                    .into(),
            )
        })?;
        let made_by: Self = serde_json::from_value(origin.recipe.clone()).map_err(|error| {
            let version = &origin.crate_version;
            refused(format!("the recipe that made it, of dafe {version}: {error}"))
        })?;
        // Absolute: a run can be resumed from another folder than that which it began in.
        let file = absolute(&path).map_err(Error::io("find", &path))?;
        Ok(Self::starting(&known, InitialWeights::File(file), schema, made_by))
    }

    /// `rest` with all that a trained model prescribes.
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
