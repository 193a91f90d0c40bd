//! Loading EfficientNet-Lite weights, with either of the two common naming schemes.
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
};

#[cfg(doc)]
use super::load_pretrained;
use super::{
    LoadRules, LoadedWeights, StateDict,
    backbone::{Shapes, load_backbone},
    image_scale::image_scale,
    place::starts,
};
use crate::{
    Error,
    backbone::{EfficientNetLite, EfficientNetLiteConfig, EfficientNetVariant},
};

/// Loads the parameters of an EfficientNet-Lite of the same size from a safetensors or PyTorch
/// file.
///
/// The file may have any wrapping that [`load_pretrained`] accepts, and either naming scheme:
/// timm's (`conv_stem`, `blocks.N.M`) or `efficientnet_pytorch`'s (`_conv_stem`, `_blocks.N`).
/// Other tensors in the file, such as a classifier, are not used, and are reported.
///
/// ```no_run
/// use dafe::{backbone::EfficientNetLiteConfig, prelude::*, weights::load_efficientnet_lite};
///
/// let mut net = EfficientNetLiteConfig::lite0().init(&Device::default());
/// let loaded = load_efficientnet_lite(&mut net, "efficientnet-lite0.pth")?;
/// if let Some(doubt) = &loaded.doubt {
///     println!("warning: {doubt}"); // For example, weights of another variant.
/// }
/// # Ok::<(), dafe::Error>(())
/// ```
///
/// # Errors
/// As [`load_pretrained`]; for another size, the error says which size the file seems to have.
pub fn load_efficientnet_lite(
    net: &mut EfficientNetLite,
    path: impl AsRef<Path>,
) -> Result<LoadedWeights, Error> {
    let weights = StateDict::read(path)?.without_wrappers()?;
    load_lite(weights, net, &LoadRules::default())
}

/// [`load_efficientnet_lite`] from a state dict.
pub(super) fn load_lite(
    weights: StateDict,
    net: &mut EfficientNetLite,
    rules: &LoadRules,
) -> Result<LoadedWeights, Error> {
    let describe = |shapes: &Shapes<'_>| Size::of(shapes).map(|size| size.to_string());
    let loaded = load_backbone(with_timm_names(weights)?, net, rules, describe)?;
    Ok(LoadedWeights { doubt: other_scale(net), ..loaded })
}

/// A warning about weights that seem to have been trained on images of another scale than the
/// network's variant, and so belong to another variant.
fn other_scale(net: &EfficientNetLite) -> Option<String> {
    let [weights, variances] = net.first_layer().map(|data| data.try_into_vec::<f32>());
    let (found, variant) = (image_scale(&weights.ok()?, &variances.ok()?)?, net.variant());
    let distance = |variant: &EfficientNetVariant| (found / scale_of(*variant)).ln().abs();
    let nearest =
        EfficientNetVariant::ALL.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    // In between, it could be either variant.
    let is_clear = distance(&variant) - distance(nearest) > CLEAR.ln();
    (*nearest != variant && is_clear).then(|| {
        format!(
            "they seem to be of the variant {nearest}, whose images have another normalization and \
             padding; the network's variant is {variant} (EfficientNetLiteConfig::with_variant)"
        )
    })
}

/// The scale of a variant's training images: the factor applied to values from 0 to 1, averaged
/// over the three colors.
fn scale_of(variant: EfficientNetVariant) -> f64 {
    let [_, deviations] = variant.normalization();
    deviations.iter().map(|deviation| 1.0 / f64::from(*deviation)).sum::<f64>() / 3.0
}

/// A warning requires that the estimated scale is this many times nearer to another variant.
const CLEAR: f64 = 1.25;

/// Renames `efficientnet_pytorch`'s keys to timm's.
fn with_timm_names(weights: StateDict) -> Result<StateDict, Error> {
    // For each network in the file, by prefix: the stage and position of its blocks.
    let mut places = BTreeMap::new();
    for prefix in weights.keys().filter_map(|key| Some(spelled(key)?.0)).collect::<BTreeSet<_>>() {
        let shape = |index: usize, layer: &str, axis: usize| {
            let key = format!("{prefix}_blocks.{index}.{layer}.weight");
            weights.shape(&key).and_then(|shape| shape.get(axis)).copied()
        };
        // A stage begins with a block that changes the width.
        let (mut stage, mut block) = (0, 0);
        for index in 0.. {
            let Some(output) = shape(index, "_project_conv", 0) else { break };
            let expanded = shape(index, "_expand_conv", 1);
            let input = expanded.or_else(|| shape(index, "_depthwise_conv", 0));
            if index > 0 && input != Some(output) {
                (stage, block) = (stage + 1, 0);
            }
            places.insert((prefix.to_string(), index), (stage, block, expanded.is_some()));
            block += 1;
        }
    }
    weights.with_names(|key| timm_name(key, &places).unwrap_or_else(|| key.into()))
}

/// By prefix and number of a block: its stage, its number in the stage, and whether it expands its
/// input.
type Places = BTreeMap<(String, usize), (usize, usize, bool)>;

/// The prefix and the rest of an `efficientnet_pytorch` key; `None` for other keys.
fn spelled(key: &str) -> Option<(&str, &str)> {
    const PARTS: [&str; 6] = ["_conv_stem", "_bn0", "_blocks", "_conv_head", "_bn1", "_fc"];
    let rest = |start: usize| key[start..].split('.').next();
    let start = starts(key).find(|start| rest(*start).is_some_and(|part| PARTS.contains(&part)))?;
    Some(key.split_at(start))
}

/// timm's name for an `efficientnet_pytorch` key; `None` for other keys.
fn timm_name(key: &str, places: &Places) -> Option<String> {
    let (prefix, rest) = spelled(key)?;
    let (part, rest) = rest.split_once('.')?;
    let name = match part {
        "_conv_stem" => "conv_stem",
        "_bn0" => "bn1",
        "_conv_head" => "conv_head",
        "_bn1" => "bn2",
        "_fc" => "classifier",
        _ => {
            let (index, rest) = rest.split_once('.')?;
            let place = places.get(&(prefix.to_string(), index.parse().ok()?))?;
            let &(stage, block, expands) = place;
            let (layer, rest) = rest.split_once('.')?;
            let layer = match (layer, expands) {
                ("_expand_conv", true) | ("_project_conv", false) => "conv_pw",
                ("_bn0", true) | ("_bn1", false) => "bn1",
                ("_depthwise_conv", _) => "conv_dw",
                ("_bn1", true) | ("_bn2", false) => "bn2",
                ("_project_conv", true) => "conv_pwl",
                ("_bn2", true) => "bn3",
                _ => return None,
            };
            return Some(format!("{prefix}blocks.{stage}.{block}.{layer}.{rest}"));
        }
    };
    Some(format!("{prefix}{name}.{rest}"))
}

/// Channels and blocks of each of the seven stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size {
    channels: [usize; 7],
    blocks: [usize; 7],
}

impl Size {
    /// From timm's names and shapes; `None` if they are not those of an EfficientNet-Lite.
    fn of(shapes: &Shapes<'_>) -> Option<Self> {
        let mut size = Self { channels: [0; 7], blocks: [0; 7] };
        for (key, shape) in shapes {
            let parts: Vec<_> = key.split('.').collect();
            let ["blocks", stage, block, layer, "weight"] = parts[..] else { continue };
            let (stage, block) = (stage.parse::<usize>().ok()?, block.parse::<usize>().ok()?);
            let blocks = size.blocks.get_mut(stage)?;
            *blocks = (*blocks).max(block.saturating_add(1));
            // The last convolution of a block; in the first stage, which has only two per block, it
            // is `conv_pw`.
            if layer == "conv_pwl" || stage == 0 && layer == "conv_pw" {
                size.channels[stage] = *shape.first()?;
            }
        }
        (!size.channels.contains(&0)).then_some(size)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let published = [
            EfficientNetLiteConfig::lite0(),
            EfficientNetLiteConfig::lite1(),
            EfficientNetLiteConfig::lite2(),
            EfficientNetLiteConfig::lite3(),
            EfficientNetLiteConfig::lite4(),
        ];
        let Self { channels, blocks } = self;
        let mut all = published.iter();
        match all.position(|config| (&config.channels, &config.blocks) == (channels, blocks)) {
            Some(number) => write!(f, "EfficientNet-Lite{number}"),
            None => {
                write!(f, "an EfficientNet-Lite of {channels:?} channels and {blocks:?} blocks")
            }
        }
    }
}
