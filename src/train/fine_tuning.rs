//! Starting from trained parameters: which file, what stays as it is, and how fast the backbone changes.
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    error::Error,
    model::LandmarkNet,
    weights::{LoadRules, load_pretrained},
};

/// How a run starts from parameters that were trained before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FineTuning {
    /// A state dict: torchvision's of the backbone, or one of a whole landmark network (this crate's or MMPose's).
    /// Without it, parameters are random. Auxiliary heads are trained anew, whatever the file says.
    pub pretrained: Option<PathBuf>,
    /// Train the head anew, whatever the file says: for other landmarks than the file's.
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
        let kept = self.new_head || self.freeze_norm || self.frozen_stages > 0;
        if kept && self.pretrained.is_none() {
            return Err(Error::Config(
                "new_head, frozen_stages and freeze_norm need a pretrained file: random parameters \
                 are nothing to keep"
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

    /// Loads the file, if there is one, into a network of random parameters.
    pub(super) fn load(&self, net: &mut LandmarkNet) -> Result<(), Error> {
        let Some(path) = &self.pretrained else { return Ok(()) };
        let mut keep = vec!["auxiliary.".to_string()];
        keep.extend(self.new_head.then(|| "head.".to_string()));
        load_pretrained(net, path, &LoadRules { keep, ..LoadRules::default() })
    }

    /// Freezes what is to stay as it is.
    pub(super) fn freeze(&self, net: LandmarkNet) -> LandmarkNet {
        net.map_backbone(|backbone| {
            let backbone = backbone.freeze_stages(self.frozen_stages);
            if self.freeze_norm { backbone.freeze_norm() } else { backbone }
        })
    }
}
