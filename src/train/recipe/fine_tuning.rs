//! Starting from trained parameters: whose, what stays as it is, and how fast the backbone changes.
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    Error,
    model::LandmarkNet,
    weights::{LoadRules, LoadedWeights, load_pretrained},
    with_fields::with_fields,
};

/// Where a network's parameters come from before it is trained.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum InitialWeights {
    /// They are random. The default.
    #[default]
    Random,
    /// A file of weights, in any form that [`load_pretrained`] knows: of a ResNet for the backbone,
    /// or of a whole landmark network. What it lacks is random, and so are auxiliary heads.
    File(PathBuf),
    /// The model that the crate ships; `TrainConfig::bundled` has its network. To start takes the
    /// feature `bundled`; to resume does not.
    Bundled,
}

/// How a run starts from parameters that were trained before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FineTuning {
    /// Where parameters come from.
    pub initial_weights: InitialWeights,
    /// Train the head from random parameters: for other landmarks than the initial weights are for.
    pub new_head: bool,
    /// How many of the backbone's parts stay as they are: 1 the stem, 2 the first stage, too, and so on up to 5.
    pub frozen_stages: usize,
    /// Whether the backbone's batch normalization keeps its parameters and statistics: for batches
    /// too small for statistics of their own.
    pub freeze_norm: bool,
    /// The backbone's share of the learning rate.
    pub backbone_rate: f64,
}

with_fields!(FineTuning {
    with_initial_weights initial_weights: InitialWeights,
    with_new_head new_head: bool,
    with_frozen_stages frozen_stages: usize,
    with_freeze_norm freeze_norm: bool,
    with_backbone_rate backbone_rate: f64,
});

impl Default for FineTuning {
    /// Random parameters, all of them trained at one rate.
    fn default() -> Self {
        Self {
            initial_weights: InitialWeights::Random,
            new_head: false,
            frozen_stages: 0,
            freeze_norm: false,
            backbone_rate: 1.0,
        }
    }
}

impl FineTuning {
    /// Whether the values can work.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) naming the first that can't.
    pub fn validate(&self) -> Result<(), Error> {
        if self.frozen_stages > 5 {
            return Err(Error::config(format!(
                "frozen_stages is {}, but a backbone has 5 parts: its stem and four stages",
                self.frozen_stages
            )));
        }
        let kept = self.new_head || self.freeze_norm || self.frozen_stages > 0;
        if kept && self.initial_weights == InitialWeights::Random {
            return Err(Error::config(
                "new_head, frozen_stages and freeze_norm need a pretrained file or the bundled model: \
                 random parameters are nothing to keep",
            ));
        }
        if !(self.backbone_rate > 0.0 && self.backbone_rate <= 1.0) {
            return Err(Error::config(format!(
                "backbone_rate must be in (0, 1], not {}; to keep the backbone as it is, freeze it",
                self.backbone_rate
            )));
        }
        Ok(())
    }

    /// Loads the file or the bundled model, if either is asked for, into a network of random parameters.
    /// Of a file, it says what was loaded.
    pub(in crate::train) fn load(
        &self,
        net: &mut LandmarkNet,
    ) -> Result<Option<LoadedWeights>, Error> {
        let mut keep = vec!["auxiliary.".to_string()];
        keep.extend(self.new_head.then(|| "head.".to_string()));
        let rules = LoadRules { keep, ..LoadRules::default() };
        match &self.initial_weights {
            InitialWeights::Random => Ok(None),
            InitialWeights::File(path) => load_pretrained(net, path, &rules).map(Some),
            InitialWeights::Bundled => load_bundled(net, &rules).map(|()| None),
        }
    }

    /// Freezes what is to stay as it is.
    pub(in crate::train) fn freeze(&self, net: LandmarkNet) -> LandmarkNet {
        net.map_backbone(|backbone| {
            let backbone = backbone.freeze_stages(self.frozen_stages);
            if self.freeze_norm { backbone.freeze_norm() } else { backbone }
        })
    }
}

#[cfg(feature = "bundled")]
fn load_bundled(net: &mut LandmarkNet, rules: &LoadRules) -> Result<(), Error> {
    let (_, parameters) = crate::detector::bundled::parts();
    parameters.load_into(net, rules)
}

#[cfg(not(feature = "bundled"))]
fn load_bundled(_: &mut LandmarkNet, _: &LoadRules) -> Result<(), Error> {
    let message = "the recipe starts from the bundled model, which is not built in: enable dafe's feature 'bundled'";
    Err(Error::config(message))
}
