//! Recognizes other kinds of networks by their keys, so that an error can name them.
use super::{StateDict, place::Fit, target::Target};
use crate::Error;

/// Names of networks, and parts of keys that identify them: each part must occur in some key.
const FAMILIES: [(&str, &[&str]); 20] = [
    ("HRNet, which is not supported", &[".transition1.", ".stage2."]),
    ("HRNet, which is not supported", &[".stage3.", ".fuse_layers."]),
    ("a Swin Transformer, which is not supported", &[".relative_position_bias_table."]),
    ("a vision transformer (ViT), which is not supported", &[".pos_embed.", ".patch_embed."]),
    ("a vision transformer (ViT), which is not supported", &[".attn.qkv."]),
    ("a vision transformer (ViT), which is not supported", &[".encoder_layer_0.self_attention."]),
    ("a vision transformer (ViT), which is not supported", &[".patch_embeddings."]),
    ("ConvNeXt, which is not supported", &[".downsample_layers.", ".dwconv."]),
    ("ConvNeXt, which is not supported", &[".stages.0.blocks.0.conv_dw."]),
    ("ConvNeXt, which is not supported", &[".features.1.0.layer_scale."]),
    (
        "EfficientNet with squeeze-and-excitation (only the Lite variants are supported)",
        &["._blocks.0._se_reduce."],
    ),
    (
        "EfficientNet with squeeze-and-excitation (only the Lite variants are supported)",
        &[".conv_stem.", ".blocks.0.0.se.conv_reduce."],
    ),
    ("EfficientNet-Lite", &["._blocks.0._depthwise_conv."]),
    ("EfficientNet, which is not supported", &[".features.1.0.block.0.0."]),
    ("EfficientNet-Lite or MobileNet", &[".conv_stem.", ".blocks.0.0.conv_dw."]),
    ("MobileNet, which is not supported", &[".features.1.conv.0.0."]),
    ("MobileNet, which is not supported", &[".features.1.block.0.0."]),
    ("a ResNet", &[".layer1.0.conv1.", ".layer4.0.conv1."]),
    ("a ResNet under transformers' names, not torchvision's", &[".embedder.convolution."]),
    ("a ResNet under Detectron2's names, not torchvision's", &[".stem.conv1.", ".res2.0.conv1."]),
];

/// An error if the file contains another kind of network.
pub(super) fn family(weights: &StateDict, fit: Fit, target: &Target<'_>) -> Result<(), Error> {
    if 2 * fit.fitting > target.wanted.len() {
        return Ok(());
    }
    // With a dot at both ends, so that only whole parts of keys match.
    let dotted = |key: &str| format!(".{key}.");
    let keys: Vec<_> = weights.keys().map(dotted).collect();
    let own: Vec<_> = target.wanted.keys().map(|key| dotted(key)).collect();
    let is_of = |keys: &[String], marks: &[&str]| {
        marks.iter().all(|mark| keys.iter().any(|key| key.contains(mark)))
    };
    let other = |(_, marks): &&(&str, &[&str])| is_of(&keys, marks) && !is_of(&own, marks);
    match FAMILIES.iter().find(other) {
        Some((what, _)) => Err(weights.failed(format!(
            "it looks like {what}; a network here can start from weights of its own backbone (a \
             ResNet under torchvision's names or an EfficientNet-Lite), a SimpleBaseline on it, \
             or a network that this crate saved"
        ))),
        None => Ok(()),
    }
}
