//! Reports which tensors of a file were loaded and which were left out.
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use super::{load::list, place::starts, search::is_averaged};
use crate::named::named_enum;

/// A part of a network that weights were loaded into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoadedPart {
    /// Backbone, decoder and head, except for what the rules keep.
    Network,
    /// Only the backbone.
    Backbone,
}

named_enum!(LoadedPart, "part", { Network => "network", Backbone => "backbone" });

/// The tensors that [`load_pretrained`](super::load_pretrained) used from a file, and those it left
/// out.
///
/// [`Display`](std::fmt::Display) writes one line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoadedWeights {
    /// The part of the network that was loaded.
    pub part: LoadedPart,
    /// What was loaded, such as "ResNet-18" or "MMPose's SimpleBaseline".
    pub source: String,
    /// The prefix of all used keys in the file: names of dictionary entries and wrappers. May be
    /// empty.
    pub prefix: String,
    /// The used tensors of the file, by their full names.
    pub used: Vec<String>,
    /// The other tensors of the file, by their full names, except `num_batches_tracked` of used
    /// layers.
    pub unused: Vec<String>,
    /// A warning if the weights fit but are doubtful.
    pub doubt: Option<String>,
}

impl LoadedWeights {
    /// The unused keys in groups. Each group is named by a prefix of all its keys that no used key
    /// has.
    fn left_out(&self) -> Vec<String> {
        let parts: BTreeSet<&str> = self
            .used
            .iter()
            .flat_map(|key| starts(key).skip(1).map(|start| &key[..start]))
            .collect();
        let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for key in &self.unused {
            let mut beginnings = starts(key).skip(1).map(|start| &key[..start]);
            let own = beginnings.find(|beginning| !parts.contains(beginning));
            groups.entry(own.unwrap_or(key)).or_default().push(key);
        }
        let describe = |(_, keys): (&str, Vec<&str>)| {
            let [first, _, ..] = keys[..] else { return keys.concat() };
            let common = starts(first).map(|start| &first[..start]);
            let common = common.filter(|common| keys.iter().all(|key| key.starts_with(common)));
            let (common, count) = (common.last().unwrap_or_default(), keys.len());
            let averaged = if is_averaged(common) { ", an averaged copy" } else { "" };
            format!("{common}* ({count} tensors{averaged})")
        };
        groups.into_iter().map(describe).collect()
    }
}

impl fmt::Display for LoadedWeights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { part, source, prefix, used, .. } = self;
        write!(f, "{part} from {source}: {} tensors used", used.len())?;
        if !prefix.is_empty() {
            let averaged = if is_averaged(prefix) { ", an averaged copy" } else { "" };
            write!(f, " (`{prefix}*`{averaged})")?;
        }
        match self.left_out() {
            groups if groups.is_empty() => write!(f, "; nothing left out")?,
            groups => write!(f, "; left out: {}", list(&groups, 8))?,
        }
        self.doubt.iter().try_for_each(|doubt| write!(f, "; warning: {doubt}"))
    }
}
