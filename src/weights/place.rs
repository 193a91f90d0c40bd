//! Places in a file where a network's tensors may be: after a prefix, under somebody's names.
use std::{collections::BTreeSet, ops::Bound};

use burn::module::Module;

use super::{LoadedPart, LoadedWeights, StateDict, mmpose, target::Target};
use crate::Error;

/// Under whose names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// This crate's of a landmark network.
    Network,
    /// MMPose's of a SimpleBaseline network.
    Mmpose,
    /// Microsoft's of a SimpleBaseline network.
    Microsoft,
    /// This crate's of a backbone: torchvision's of a ResNet, timm's of an EfficientNet-Lite.
    Backbone,
    /// A torchvision ResNet's children in a row: `nn.Sequential(*resnet.children())`.
    Sequential,
}

/// This crate's decoders, as the keys of one of their stages begin.
const STAGES: [&str; 6] =
    ["upsampling", "transposed", "top_down", "selection", "context", "non_local"];

impl Form {
    /// The form of which a key, from one of its parts on, is a mark.
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

    /// What a whole network's file must have beside the mark.
    fn backbone(self) -> &'static str {
        match self {
            Self::Microsoft => "conv1.weight",
            _ => "backbone.",
        }
    }

    /// This crate's name for a key; one that is none of the network's stays as it is.
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

    /// [`Self::rename`]'s inverse for a ResNet's key.
    pub fn child(key: &str) -> Option<String> {
        let (part, rest) = key.split_once('.')?;
        let parts = ["conv1", "bn1", "", "", "layer1", "layer2", "layer3", "layer4"];
        let index = parts.iter().position(|one| *one == part)?;
        Some(format!("{index}.{rest}"))
    }
}

/// Where a network's tensors may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub form: Form,
    pub prefix: String,
}

impl Place {
    /// Where whole landmark networks are, by the decoders that only they have.
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

    /// The keys that are here, as the file has them and as this crate has.
    pub fn keys<'a>(&self, weights: &'a StateDict) -> impl Iterator<Item = (&'a str, String)> {
        let start = self.prefix.len();
        below(weights, &self.prefix).map(move |key| (key, self.form.rename(&key[start..])))
    }

    /// How well a target's tensors are found here.
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

    /// Gives a module what is here.
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
        // With wrappers' parts, if there are any before the keys.
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

/// How many of a target's tensors are somewhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fit {
    /// In their shape.
    pub fitting: usize,
    /// In any shape.
    pub present: usize,
    /// Keys that another network has.
    pub foreign: usize,
}

impl Fit {
    /// Whether it is all of the target, and no other network's.
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

/// Where the parts of a key begin.
pub(super) fn starts(key: &str) -> impl Iterator<Item = usize> {
    let dots = key.match_indices('.').map(|(dot, _)| dot + 1);
    std::iter::once(0).chain(dots)
}
