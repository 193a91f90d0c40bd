//! Parameters for a whole landmark network, from whichever state dict people have.
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

/// Gives a network the parameters of a file of safetensors or PyTorch, and says which it took:
///
/// - a whole landmark network's, as [`save_safetensors`](super::save_safetensors) writes them;
/// - for a network with
///   [`Decoder::TransposedConvolution`](crate::model::Decoder::TransposedConvolution), those of
///   MMPose's SimpleBaseline (`keypoint_head.*` or, since MMPose 1.0, `head.*`) or Microsoft's
///   (`deconv_layers.*`);
/// - else the backbone's, from a ResNet under torchvision's names or an EfficientNet-Lite under
///   timm's or `efficientnet_pytorch`'s, alone or beside heads of any kind; rules then go by the backbone's own keys, and decoder and head keep their values.
///
/// They may have any prefix, such as a wrapper (`module.`, `_orig_mod.`, `model.`), a part's name
/// (`backbone.`, `encoder_q.`) or a dictionary's entry leaves, and other networks beside them. The
/// prefix is that after which the file has all that the network wants in the right shapes. Of a
/// network and averaged copies of it (an EMA's, MoCo's key encoder, a teacher) it is the network.
///
/// Within the network, loading is strict, as with [`StateDict::load_into`]; what the file has
/// beside it is left out, and reported.
///
/// # Errors
/// As [`StateDict::read`] and [`StateDict::load_into`]; if several networks in the file would do
/// and differ. Where the file looks like another kind of network, the error names it.
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

/// Whose SimpleBaseline it is.
fn baseline(form: Form) -> Option<&'static str> {
    match form {
        Form::Mmpose => Some("MMPose's SimpleBaseline"),
        Form::Microsoft => Some("Microsoft's SimpleBaseline"),
        Form::Network | Form::Backbone | Form::Sequential => None,
    }
}
