//! Loading torchvision's ResNets, whose names this crate uses.
use std::path::Path;

#[cfg(doc)]
use super::load_pretrained;
use super::{LoadRules, LoadedWeights, StateDict, backbone::load_backbone};
use crate::{
    Error,
    backbone::{ResNet, ResNetConfig, ResidualKind},
};

/// Loads the parameters of a torchvision ResNet of the same depth from a safetensors or PyTorch
/// file.
///
/// The file may have any wrapping that [`load_pretrained`] accepts. Other tensors in the file, such
/// as a classifier (`fc`), are not used, and are reported.
///
/// ```no_run
/// use dafe::{backbone::ResNetConfig, prelude::*, weights::load_torchvision};
///
/// let mut resnet = ResNetConfig::resnet50().init(&Device::default());
/// let loaded = load_torchvision(&mut resnet, "resnet50-0676ba61.pth")?;
/// println!("{loaded}"); // backbone from ResNet-50: 265 tensors used; left out: fc.* (2 tensors)
/// # Ok::<(), dafe::Error>(())
/// ```
///
/// # Errors
/// As [`load_pretrained`]; for a ResNet of another depth, the error says which one it seems to be.
pub fn load_torchvision(
    resnet: &mut ResNet,
    path: impl AsRef<Path>,
) -> Result<LoadedWeights, Error> {
    let weights = StateDict::read(path)?.without_wrappers()?;
    load_resnet(weights, resnet, &LoadRules::default())
}

/// [`load_torchvision`] from a state dict.
pub(super) fn load_resnet(
    weights: StateDict,
    resnet: &mut ResNet,
    rules: &LoadRules,
) -> Result<LoadedWeights, Error> {
    load_backbone(weights, resnet, rules, |shapes| depth(shapes.keys().copied()).map(name))
}

/// Whether a key belongs to a part of a ResNet, other than its classifier.
pub(super) fn is_resnets(key: &str) -> bool {
    let part = key.split('.').next().unwrap_or_default();
    ["conv1", "bn1", "layer1", "layer2", "layer3", "layer4"].contains(&part)
}

/// The kind of block and the number of blocks in each stage, from a ResNet's keys; `None` if they
/// are not those of a ResNet.
fn depth<'a>(keys: impl Iterator<Item = &'a str>) -> Option<(ResidualKind, [usize; 4])> {
    let (mut blocks, mut kind) = ([0; 4], ResidualKind::Basic);
    for key in keys {
        let mut parts = key.split('.');
        let stage = parts.next().and_then(|part| part.strip_prefix("layer"));
        let Some(stage @ 1..=4) = stage.and_then(|stage| stage.parse::<usize>().ok()) else {
            continue;
        };
        let Some(block) = parts.next().and_then(|block| block.parse::<usize>().ok()) else {
            continue;
        };
        blocks[stage - 1] = blocks[stage - 1].max(block.saturating_add(1));
        if parts.next() == Some("conv3") {
            kind = ResidualKind::Bottleneck;
        }
    }
    (!blocks.contains(&0)).then_some((kind, blocks))
}

/// "ResNet-50", or a description of the blocks.
fn name((kind, blocks): (ResidualKind, [usize; 4])) -> String {
    let published = [
        ("ResNet-18", ResNetConfig::resnet18()),
        ("ResNet-34", ResNetConfig::resnet34()),
        ("ResNet-50", ResNetConfig::resnet50()),
        ("ResNet-101", ResNetConfig::resnet101()),
        ("ResNet-152", ResNetConfig::resnet152()),
    ];
    match published.iter().find(|(_, config)| (config.kind, config.blocks) == (kind, blocks)) {
        Some((name, _)) => (*name).into(),
        None => format!(
            "a ResNet of {blocks:?} {} blocks",
            match kind {
                ResidualKind::Basic => "basic",
                ResidualKind::Bottleneck => "bottleneck",
            }
        ),
    }
}
