//! What was loaded of a file, and what was left out.
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
    /// Backbone, decoder and head, but for what the rules keep.
    Network,
    /// The backbone alone.
    Backbone,
}

named_enum!(LoadedPart, "part", { Network => "network", Backbone => "backbone" });

/// What [`load_pretrained`](super::load_pretrained) took from a file and what it left out.
///
/// Displayed, it is one line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoadedWeights {
    /// Which part of the network has the weights now.
    pub part: LoadedPart,
    /// What they are: "ResNet-18", "MMPose's SimpleBaseline".
    pub source: String,
    /// What the file has before every key that was used: names of dictionaries' entries, wrappers'
    /// prefixes. Empty if nothing.
    pub prefix: String,
    /// The file's tensors that were used, by their full names.
    pub used: Vec<String>,
    /// The file's other tensors, by their full names; `num_batches_tracked` of layers that were
    /// used is not among them.
    pub unused: Vec<String>,
    /// What is doubtful about them, in words, though they fit.
    pub doubt: Option<String>,
}

impl LoadedWeights {
    /// The unused keys in groups, each by what all of its keys begin with and no used one does.
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
