//! Places in a file where a network's tensors may be: a prefix and a naming scheme.
use std::{collections::BTreeSet, ops::Bound};

use burn::module::Module;

use super::{LoadedPart, LoadedWeights, StateDict, mmpose, target::Target};
use crate::Error;

/// The naming scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// This crate's names of a landmark network.
    Network,
    /// MMPose's names of a SimpleBaseline network.
    Mmpose,
    /// Microsoft's names of a SimpleBaseline network.
    Microsoft,
    /// This crate's names of a backbone: torchvision's for a ResNet, timm's for an
    /// EfficientNet-Lite.
    Backbone,
    /// The children of a torchvision ResNet in sequence: `nn.Sequential(*resnet.children())`.
    Sequential,
}

/// The key prefixes of the stages of this crate's decoders.
const STAGES: [&str; 6] =
    ["upsampling", "transposed", "top_down", "selection", "context", "non_local"];

impl Form {
    /// The form identified by a key, starting from one of its parts.
    fn marked(rest: &str) -> Option<Self> {
        let mut parts = rest.split('.');
        match (parts.next()?, parts.next()?) {
            ("keypoint_head" | "head", "deconv_layers") => Some(Self::Mmpose),
            ("deconv_layers", _) => Some(Self::Microsoft),
            ("decoder", stage) if stage.parse::<usize>().is_ok() => {
                parts.next().filter(|part| STAGES.contains(part)).map(|_| Self::Network)
            }
            _ => None,
        }
    }

    /// The key prefix of the backbone that a complete network must also have.
    fn backbone(self) -> &'static str {
        match self {
            Self::Microsoft => "conv1.weight",
            _ => "backbone.",
        }
    }

    /// This crate's name for a key; keys outside the network stay unchanged.
    fn rename(self, key: &str) -> String {
        match self {
            Self::Network | Self::Backbone => key.into(),
            Self::Mmpose => mmpose::rename(key),
            Self::Microsoft => mmpose::rename_microsoft(key),
            Self::Sequential => {
                let (child, rest) = key.split_once('.').unwrap_or((key, ""));
                match child {
                    "0" => format!("conv1.{rest}"),
                    "1" => format!("bn1.{rest}"),
                    "4" | "5" | "6" | "7" => {
                        format!("layer{}.{rest}", child.as_bytes()[0] - b'3')
                    }
                    _ => key.into(),
                }
            }
        }
    }

    /// The inverse of [`Self::rename`] for a ResNet's key.
    pub fn child(key: &str) -> Option<String> {
        let (part, rest) = key.split_once('.')?;
        let parts = ["conv1", "bn1", "", "", "layer1", "layer2", "layer3", "layer4"];
        let index = parts.iter().position(|one| *one == part)?;
        Some(format!("{index}.{rest}"))
    }
}

/// A place where a network's tensors may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub form: Form,
    pub prefix: String,
}

impl Place {
    /// The places of complete landmark networks, identified by their decoders.
    pub fn whole(weights: &StateDict) -> BTreeSet<Self> {
        let marked = |key: &str| {
            let (start, form) =
                starts(key).find_map(|start| Some((start, Form::marked(&key[start..])?)))?;
            Some(Self { form, prefix: key[..start].into() })
        };
        let mut places: BTreeSet<_> = weights.keys().filter_map(marked).collect();
        places.retain(|place| {
            let backbone = format!("{}{}", place.prefix, place.form.backbone());
            below(weights, &backbone).next().is_some()
        });
        places
    }

    /// The keys at this place, with the file's names and this crate's names.
    pub fn keys<'a>(&self, weights: &'a StateDict) -> impl Iterator<Item = (&'a str, String)> {
        let start = self.prefix.len();
        below(weights, &self.prefix).map(move |key| (key, self.form.rename(&key[start..])))
    }

    /// How well the tensors at this place fit a target.
    pub fn fit(&self, weights: &StateDict, target: &Target<'_>) -> Fit {
        let mut fit = Fit::default();
        for (key, name) in self.keys(weights) {
            match target.wanted.get(&name) {
                Some(wanted) => {
                    fit.present += 1;
                    fit.fitting += usize::from(weights.shape(key) == Some(&wanted.shape));
                }
                None => fit.foreign += usize::from(target.refuses(&name)),
            }
        }
        fit
    }

    /// Loads the tensors at this place into a module.
    ///
    /// # Errors
    /// As [`StateDict::load_into`].
    pub fn load<M: Module>(
        &self,
        weights: StateDict,
        target: &Target<'_>,
        module: &mut M,
        part: LoadedPart,
        source: String,
    ) -> Result<LoadedWeights, Error> {
        let (mut used, mut counters) = (BTreeSet::new(), BTreeSet::new());
        for (key, name) in self.keys(&weights) {
            if target.wanted.contains_key(&name) {
                used.insert(key);
            } else if target.owns(&name) && name.ends_with(".num_batches_tracked") {
                counters.insert(key);
            }
        }
        let origin = weights.origin();
        let full = |key: &str| origin.full(key);
        // Includes the wrappers' parts before the keys, if there are any.
        let prefix = used.first().and_then(|key| {
            let full = full(key);
            full.strip_suffix(&key[self.prefix.len()..]).map(String::from)
        });
        let unused = weights.keys().filter(|key| !used.contains(key) && !counters.contains(key));
        let loaded = LoadedWeights {
            part,
            source,
            prefix: prefix.unwrap_or_else(|| full(&self.prefix)),
            unused: unused.map(full).chain(origin.others.iter().cloned()).collect(),
            used: used.into_iter().map(full).collect(),
            doubt: None,
        };
        let name = |key: &str| Some(self.form.rename(key.strip_prefix(&self.prefix)?));
        weights.rename(name)?.after(&self.prefix).load_for(target, module)?;
        Ok(loaded)
    }
}

/// The number of a target's tensors found at a place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fit {
    /// Present with the right shape.
    pub fitting: usize,
    /// Present with any shape.
    pub present: usize,
    /// Keys that belong to another network.
    pub foreign: usize,
}

impl Fit {
    /// Whether all of the target is present, and no other network's keys.
    pub fn is_complete(self, target: &Target<'_>) -> bool {
        [self.fitting, self.present] == [target.wanted.len(); 2] && self.foreign == 0
    }
}

/// The keys that begin with a prefix.
fn below<'a>(weights: &'a StateDict, prefix: &str) -> impl Iterator<Item = &'a str> {
    let from = (Bound::Included(prefix), Bound::Unbounded);
    let prefix = prefix.to_string();
    let keys = weights.tensors().range::<str, _>(from).map(|(key, _)| key.as_str());
    keys.take_while(move |key| key.starts_with(&prefix))
}

/// The positions where the parts of a key begin.
pub(super) fn starts(key: &str) -> impl Iterator<Item = usize> {
    let dots = key.match_indices('.').map(|(dot, _)| dot + 1);
    std::iter::once(0).chain(dots)
}
