//! Networks of other kinds, told by their keys, so that an error can name them.
use super::{StateDict, place::Fit, target::Target};
use crate::Error;

/// What a network is, and parts of keys that only it has: all of them must be in some key.
const FAMILIES: [(&str, &[&str]); 19] = [
    ("HRNet, which this crate hasn't", &[".transition1.", ".stage2."]),
    ("HRNet, which this crate hasn't", &[".stage3.", ".fuse_layers."]),
    ("a Swin Transformer, which this crate hasn't", &[".relative_position_bias_table."]),
    ("a vision transformer (ViT), which this crate hasn't", &[".pos_embed.", ".patch_embed."]),
    ("a vision transformer (ViT), which this crate hasn't", &[".attn.qkv."]),
    ("a vision transformer (ViT), which this crate hasn't", &[".encoder_layer_0.self_attention."]),
    ("a vision transformer (ViT), which this crate hasn't", &[".patch_embeddings."]),
    ("ConvNeXt, which this crate hasn't", &[".downsample_layers.", ".dwconv."]),
    ("ConvNeXt, which this crate hasn't", &[".stages.0.blocks.0.conv_dw."]),
    ("ConvNeXt, which this crate hasn't", &[".features.1.0.layer_scale."]),
    (
        "EfficientNet with squeeze-and-excitation, of which this crate has the Lite variants",
        &["._blocks.0._se_reduce."],
    ),
    (
        "EfficientNet with squeeze-and-excitation, of which this crate has the Lite variants",
        &[".conv_stem.", ".blocks.0.0.se.conv_reduce."],
    ),
    ("EfficientNet-Lite", &["._blocks.0._depthwise_conv."]),
    ("EfficientNet, which this crate hasn't", &[".features.1.0.block.0.0."]),
    ("EfficientNet-Lite or MobileNet", &[".conv_stem.", ".blocks.0.0.conv_dw."]),
    ("MobileNet, which this crate hasn't", &[".features.1.conv.0.0."]),
    ("MobileNet, which this crate hasn't", &[".features.1.block.0.0."]),
    ("a ResNet under transformers' names, not torchvision's", &[".embedder.convolution."]),
    ("a ResNet under Detectron2's names, not torchvision's", &[".stem.conv1.", ".res2.0.conv1."]),
];

/// An error for a file that is of another kind of network.
pub(super) fn family(weights: &StateDict, fit: Fit, target: &Target<'_>) -> Result<(), Error> {
    if 2 * fit.fitting > target.wanted.len() {
        return Ok(());
    }
    // With a dot at both ends, so that only whole parts of keys count.
    let keys: Vec<_> = weights.keys().map(|key| format!(".{key}.")).collect();
    let has = |mark: &&str| keys.iter().any(|key| key.contains(mark));
    match FAMILIES.iter().find(|(_, marks)| marks.iter().all(has)) {
        Some((what, _)) => Err(weights.failed(format!(
            "it looks like {what}; a network here can start from weights of its own backbone (a \
             ResNet under torchvision's names or an EfficientNet-Lite), a SimpleBaseline on it, \
             or a network that this crate saved"
        ))),
        None => Ok(()),
    }
}
