//! Parameters for a whole landmark network, from whichever state dict people have.
use std::path::Path;

use super::{LoadRules, StateDict, torchvision::load_backbone};
use crate::{Error, model::LandmarkNet};

/// Gives a network the parameters of a file of safetensors or PyTorch:
///
/// - torchvision's state dict of a ResNet: the backbone's, by whose keys the rules then go; decoder and head keep their
///   own;
/// - one of a whole landmark network, as [`save_safetensors`](super::save_safetensors) writes it;
/// - MMPose's of a SimpleBaseline network (`keypoint_head.*` or, since MMPose 1.0, `head.*`), for a network with
///   [`Decoder::TransposedConvolution`](crate::model::Decoder::TransposedConvolution).
///
/// # Errors
/// As [`StateDict::read`] and [`StateDict::load_into`].
pub fn load_pretrained(
    net: &mut LandmarkNet,
    path: impl AsRef<Path>,
    rules: &LoadRules,
) -> Result<(), Error> {
    let path = path.as_ref();
    let weights = StateDict::read(path)?;
    if weights.is_mmpose() {
        return weights.rename_mmpose()?.load_into(net, rules);
    }
    if weights.keys().any(|key| key.starts_with("backbone.")) {
        return weights.load_into(net, rules);
    }
    let mut backbone = net.backbone().clone();
    load_backbone(&weights, &mut backbone, rules)?;
    *net = net.clone().map_backbone(|_| backbone);
    Ok(())
}
