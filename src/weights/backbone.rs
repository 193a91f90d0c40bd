//! Loading a backbone's weights from a file that may contain more.
use std::collections::BTreeMap;

use burn::module::Module;

use super::{
    LoadRules, LoadedPart, LoadedWeights, StateDict, expected::expected, family::family, search,
    target::Target,
};
use crate::Error;

/// Shapes by this crate's names of a backbone's tensors.
pub(super) type Shapes<'a> = BTreeMap<&'a str, &'a [usize]>;

/// Loads a backbone's parameters, wherever they are in the file. `describe` names the network with
/// the given shapes, such as "ResNet-50".
///
/// # Errors
/// As [`StateDict::load_into`]. If the file contains another network that `describe` knows, the
/// error names it.
pub(super) fn load_backbone<M: Module>(
    weights: StateDict,
    backbone: &mut M,
    rules: &LoadRules,
    describe: impl Fn(&Shapes<'_>) -> Option<String>,
) -> Result<LoadedWeights, Error> {
    let target = Target::among_others(backbone, rules);
    let found = search::choose(&weights, search::backbones(&weights, &target), &target)?;
    let names: Vec<_> = found.place.keys(&weights).collect();
    let shapes = names.iter().filter_map(|(key, name)| Some((name.as_str(), weights.shape(key)?)));
    let file = describe(&shapes.collect());
    if !found.complete {
        let wanted = expected(backbone);
        let shapes = wanted.iter().map(|(key, wanted)| (key.as_str(), &wanted.shape[..]));
        let network = describe(&shapes.collect()).unwrap_or_else(|| "something else".into());
        if let Some(file) = file.as_ref().filter(|file| **file != network) {
            let place = match found.place.prefix.as_str() {
                "" => "the file".into(),
                prefix => format!("`{prefix}` in the file"),
            };
            return Err(weights.failed(format!("{place} is {file}, the network {network}")));
        }
        family(&weights, found.fit, &target)?;
    }
    let source = file.unwrap_or_else(|| "weights".into());
    found.place.load(weights, &target, backbone, LoadedPart::Backbone, source)
}
