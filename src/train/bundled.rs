//! Recipes that start from the model that the crate ships.
use super::{FineTuning, TrainConfig};
use crate::{
    detector::bundled,
    landmark::LandmarkSchema,
    model::{LandmarkNetConfig, Preset},
};

impl TrainConfig {
    /// A recipe that begins with the parameters of [`LandmarkDetector::bundled`](crate::detector::LandmarkDetector::bundled), for
    /// the landmarks of `schema`. Network, input size, decoding and loss are those of that model, and the rest is
    /// [`Preset::Nano`]'s. For other landmarks than FLD's eight, the head begins anew ([`FineTuning::new_head`]).
    pub fn bundled(schema: &LandmarkSchema) -> Self {
        let (known, _) = bundled::parts();
        let preset = Self::preset(Preset::Nano, schema.len());
        let recipe = known.origin.map(|origin| origin.recipe);
        let loss = recipe.and_then(|recipe| serde_json::from_value(recipe["loss"].clone()).ok());
        Self {
            model: LandmarkNetConfig { num_landmarks: schema.len(), ..known.model },
            codec: known.codec,
            refinement: known.refinement,
            loss: loss.unwrap_or(preset.loss),
            fine_tuning: FineTuning {
                bundled: true,
                new_head: known.schema.names() != schema.names(),
                ..FineTuning::default()
            },
            ..preset
        }
    }
}
