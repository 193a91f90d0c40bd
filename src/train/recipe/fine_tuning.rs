//! Starting from trained parameters: whose, what stays as it is, and how fast the backbone changes.
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    error::Error,
    model::LandmarkNet,
    weights::{LoadRules, load_pretrained},
};

/// How a run starts from parameters that were trained before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FineTuning {
    /// A state dict: torchvision's of the backbone, or one of a whole landmark network (this crate's or MMPose's).
    /// Without it and without [`Self::bundled`], parameters are random. Auxiliary heads are trained anew, whatever the file says.
    pub pretrained: Option<PathBuf>,
    /// Start from the parameters of the model that the crate ships instead of a file's: `TrainConfig::bundled` has the network
    /// that they are of. To begin takes the feature `bundled`; to go on from a checkpoint does not.
    pub bundled: bool,
    /// Train the head anew, whatever the file or the bundled model says: for other landmarks than those that it is for.
    pub new_head: bool,
    /// How many of the backbone's parts stay as they are: 1 the stem, 2 the first stage, too, and so on up to 5.
    pub frozen_stages: usize,
    /// Whether the backbone's batch normalisation keeps its parameters and statistics: for batches too small for
    /// statistics of their own.
    pub freeze_norm: bool,
    /// The backbone's share of the learning rate.
    pub backbone_rate: f64,
}

impl Default for FineTuning {
    /// Random parameters, all of them trained at one rate.
    fn default() -> Self {
        Self {
            pretrained: None,
            bundled: false,
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
    /// [`Error::Config`] naming the first that can't.
    pub fn validate(&self) -> Result<(), Error> {
        if self.frozen_stages > 5 {
            return Err(Error::Config(format!(
                "frozen_stages is {}, but a backbone has 5 parts: its stem and four stages",
                self.frozen_stages
            )));
        }
        if let (Some(path), true) = (&self.pretrained, self.bundled) {
            return Err(Error::Config(format!(
                "a run starts from {} or from the bundled model, not from both",
                path.display()
            )));
        }
        let kept = self.new_head || self.freeze_norm || self.frozen_stages > 0;
        if kept && self.pretrained.is_none() && !self.bundled {
            return Err(Error::Config(
                "new_head, frozen_stages and freeze_norm need a pretrained file or the bundled model: \
                 random parameters are nothing to keep"
                    .into(),
            ));
        }
        if !(self.backbone_rate > 0.0 && self.backbone_rate <= 1.0) {
            return Err(Error::Config(format!(
                "backbone_rate must be in (0, 1], not {}; to keep the backbone as it is, freeze it",
                self.backbone_rate
            )));
        }
        Ok(())
    }

    /// Loads the file or the bundled model, if either is asked for, into a network of random parameters.
    pub(in crate::train) fn load(&self, net: &mut LandmarkNet) -> Result<(), Error> {
        let mut keep = vec!["auxiliary.".to_string()];
        keep.extend(self.new_head.then(|| "head.".to_string()));
        let rules = LoadRules { keep, ..LoadRules::default() };
        match &self.pretrained {
            Some(path) => load_pretrained(net, path, &rules),
            None if self.bundled => load_bundled(net, &rules),
            None => Ok(()),
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
    Err(Error::Config(message.into()))
}
