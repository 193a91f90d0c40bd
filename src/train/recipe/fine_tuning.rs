//! Fine-tuning: initial weights, frozen parts, and the backbone's learning rate.
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    Error,
    model::LandmarkNet,
    weights::{LoadRules, LoadedWeights, load_pretrained},
    with_fields::with_fields,
};

/// The initial weights of a network before training.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum InitialWeights {
    /// Random weights. The default.
    #[default]
    Random,
    /// A weights file in any format that [`load_pretrained`] supports: a ResNet for the backbone,
    /// or a whole landmark network. Missing parameters and auxiliary heads are random.
    File(PathBuf),
    /// The bundled model; `TrainConfig::bundled` has its network. Starting a run requires the
    /// feature `bundled`; resuming does not.
    Bundled,
}

/// How a run starts from pretrained weights.
///
/// ```
/// use dafe::{
///     prelude::*,
///     train::{FineTuning, InitialWeights},
/// };
///
/// // torchvision's ResNet-18, whose stem and first stage stay as they are.
/// let fine_tuning = FineTuning::default()
///     .with_initial_weights(InitialWeights::File("resnet18.pth".into()))
///     .with_frozen_stages(2)
///     .with_backbone_rate(0.1);
/// TrainConfig::preset(Preset::Small, 8).with_fine_tuning(fine_tuning).validate()?;
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FineTuning {
    /// The initial weights.
    pub initial_weights: InitialWeights,
    /// Train the head from random parameters, for other landmarks than those of the initial
    /// weights.
    pub new_head: bool,
    /// Number of frozen backbone parts: 1 freezes the stem, 2 also the first stage, and so on up to
    /// 5.
    pub frozen_stages: usize,
    /// Freeze parameters and statistics of the backbone's batch normalization, for batches too
    /// small for their own statistics.
    pub freeze_norm: bool,
    /// The backbone's learning rate, relative to that of the other parts.
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
    /// Random initial weights, all trained at the same learning rate.
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
    /// Checks that all values are valid.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) naming the first invalid value.
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

    /// Loads the weights file or the bundled model, if selected, into a network with random
    /// parameters. Returns what was loaded from a file.
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

    /// Freezes the selected parts.
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
