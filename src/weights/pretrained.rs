//! Loading pretrained weights into a landmark network from common kinds of state dicts.
use std::path::Path;

use super::{
    LoadRules, LoadedPart, LoadedWeights, StateDict,
    efficientnet::load_lite,
    expected::expected,
    family::family,
    place::{Form, Place},
    search,
    target::Target,
    torchvision::load_resnet,
};
use crate::{Error, backbone::AnyBackbone, model::LandmarkNet};

/// Loads the parameters of a safetensors or PyTorch file into a network, and reports which were
/// used.
///
/// The file may contain:
///
/// - A complete landmark network, as [`save_safetensors`](super::save_safetensors) writes it.
/// - For a network with
///   [`Decoder::TransposedConvolution`](crate::model::Decoder::TransposedConvolution), MMPose's
///   SimpleBaseline (`keypoint_head.*` or, since MMPose 1.0, `head.*`) or Microsoft's
///   (`deconv_layers.*`).
/// - Otherwise a backbone, which may have heads of any kind: a ResNet with torchvision's names, or
///   an EfficientNet-Lite with timm's or `efficientnet_pytorch`'s names. The rules then apply to
///   the backbone's own keys, and decoder and head keep their values.
///
/// The keys may have any prefix, such as that of a wrapper (`module.`, `_orig_mod.`, `model.`), a
/// part's name (`backbone.`, `encoder_q.`) or a dictionary entry, and the file may contain other
/// networks. The prefix used is the one with all tensors that the network needs, in the right
/// shapes. If the file has a network and averaged copies of it (an EMA, MoCo's key encoder, a
/// teacher), the network is used.
///
/// Within the network, loading is strict, as with [`StateDict::load_into`]; the other tensors of
/// the file are left out, and reported.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{
///     backbone::ResNetConfig,
///     prelude::*,
///     weights::{LoadRules, LoadedPart, load_pretrained, save_safetensors},
/// };
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("resnet18.safetensors");
/// let device = Device::flex();
/// save_safetensors(&ResNetConfig::resnet18().init(&device), &path)?; // Or torchvision's.
///
/// let config = LandmarkNetConfig::new(8).with_backbone(ResNetConfig::resnet18());
/// let mut net = config.init(&device);
/// let loaded = load_pretrained(&mut net, &path, &LoadRules::default())?;
/// assert_eq!((loaded.part, loaded.source.as_str()), (LoadedPart::Backbone, "ResNet-18"));
/// assert!(loaded.unused.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`StateDict::read`] and [`StateDict::load_into`]; also if several networks in the file fit
/// and have different weights. If the file looks like another kind of network, the error names it.
pub fn load_pretrained(
    net: &mut LandmarkNet,
    path: impl AsRef<Path>,
    rules: &LoadRules,
) -> Result<LoadedWeights, Error> {
    let weights = StateDict::read(path)?.without_wrappers()?;
    let mut places = Place::whole(&weights);
    let simple_baseline = places.iter().find_map(|place| baseline(place.form));
    if !expected(net).keys().any(|key| key.starts_with("decoder.0.transposed.")) {
        places.retain(|place| baseline(place.form).is_none());
    }
    if places.is_empty() {
        let (mut backbone, rules) = (net.backbone().clone(), rules.for_backbone());
        let mut loaded = match &mut backbone {
            AnyBackbone::ResNet(resnet) => load_resnet(weights, resnet, &rules)?,
            AnyBackbone::EfficientNetLite(lite) => load_lite(weights, lite, &rules)?,
        };
        *net = net.clone().map_backbone(|_| backbone);
        if let Some(baseline) = simple_baseline {
            loaded.source = format!("{} of {baseline}", loaded.source);
        }
        return Ok(loaded);
    }
    let owned = ["keypoint_head", "deconv_layers", "final_layer"];
    let target = Target::among_others(net, rules).owning(&owned);
    let found = search::choose(&weights, places, &target)?;
    if !found.complete {
        family(&weights, found.fit, &target)?;
    }
    let source = baseline(found.place.form).unwrap_or("a landmark network of this crate");
    found.place.load(weights, &target, net, LoadedPart::Network, source.into())
}

/// The origin of a SimpleBaseline.
fn baseline(form: Form) -> Option<&'static str> {
    match form {
        Form::Mmpose => Some("MMPose's SimpleBaseline"),
        Form::Microsoft => Some("Microsoft's SimpleBaseline"),
        Form::Network | Form::Backbone | Form::Sequential => None,
    }
}
