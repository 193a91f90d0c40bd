//! Finds the place in a file with the tensors of a network.
use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    StateDict,
    load::list,
    place::{Fit, Form, Place, starts},
    target::Target,
};
use crate::Error;

/// The chosen place.
pub(super) struct Found {
    pub place: Place,
    pub fit: Fit,
    /// Whether all tensors are present. If not, it is the best of all places.
    pub complete: bool,
}

/// The places with the most tensors of a backbone: all complete ones, or the best.
pub(super) fn backbones(weights: &StateDict, target: &Target<'_>) -> Vec<Place> {
    let wanted = target.wanted.keys();
    let children: BTreeMap<_, _> =
        wanted.filter_map(|key| Some((Form::child(key)?, key.as_str()))).collect();
    // By form and prefix: how many have the right shape, and how many are present.
    let mut counts: BTreeMap<(Form, &str), [usize; 2]> = BTreeMap::new();
    for key in weights.keys() {
        for start in starts(key) {
            let (prefix, name) = key.split_at(start);
            let child = children.get(name).map(|name| (Form::Sequential, *name));
            let same = target.wanted.contains_key(name).then_some((Form::Backbone, name));
            for (form, name) in child.into_iter().chain(same) {
                let fits = weights.shape(key) == Some(&target.wanted[name].shape);
                let count = counts.entry((form, prefix)).or_default();
                count[0] += usize::from(fits);
                count[1] += 1;
            }
        }
    }
    let complete = [target.wanted.len(); 2];
    let place = |(form, prefix): &(Form, &str)| Place { form: *form, prefix: (*prefix).into() };
    let full = counts.iter().filter(|(_, count)| **count == complete);
    let mut places: Vec<_> = full.map(|(one, _)| place(one)).collect();
    if places.is_empty() {
        let best = counts
            .iter()
            .max_by_key(|((_, prefix), [fitting, present])| (fitting + present, order(prefix)));
        places.extend(best.map(|(one, _)| place(one)));
    }
    places
}

/// Chooses a place: complete ones first, and plain weights before averaged copies. Without any
/// place, the file is used as it is.
///
/// # Errors
/// A weights error if several complete places have different weights.
pub(super) fn choose(
    weights: &StateDict,
    places: impl IntoIterator<Item = Place>,
    target: &Target<'_>,
) -> Result<Found, Error> {
    let fits = places.into_iter().map(|place| (place.fit(weights, target), place));
    let (mut complete, rest): (Vec<_>, Vec<_>) = fits.partition(|(fit, _)| fit.is_complete(target));
    if complete.is_empty() {
        let best = rest
            .into_iter()
            .max_by_key(|(fit, place)| (fit.fitting + fit.present, order(&place.prefix)));
        let as_it_is = Place { form: Form::Backbone, prefix: String::new() };
        let (fit, place) = best.unwrap_or((Fit::default(), as_it_is));
        return Ok(Found { complete: fit.is_complete(target), place, fit });
    }
    complete.sort_by_key(|(_, place)| Reverse(order(&place.prefix)));
    if complete.iter().any(|(_, place)| !is_averaged(&place.prefix)) {
        complete.retain(|(_, place)| !is_averaged(&place.prefix));
    }
    let (fit, first) = complete.remove(0);
    // A network shared by two parts of a module is in its state dict twice.
    for (_, other) in &complete {
        if !same(weights, target, &first, other)? {
            let others = complete.iter().map(|(_, place)| name(place));
            let all: Vec<_> = std::iter::once(name(&first)).chain(others).collect();
            return Err(weights.failed(format!(
                "has several networks that fit and have different weights: {}; save the one you want \
                 to its own file",
                list(&all, 5)
            )));
        }
    }
    Ok(Found { place: first, fit, complete: true })
}

/// Whether a target's tensors have the same values in two places.
fn same(
    weights: &StateDict,
    target: &Target<'_>,
    first: &Place,
    other: &Place,
) -> Result<bool, Error> {
    let named = |place: &Place| -> BTreeMap<String, &str> {
        let keys = place.keys(weights).map(|(key, name)| (name, key));
        keys.filter(|(name, _)| target.wanted.contains_key(name)).collect()
    };
    let value = |key: &str, float: bool| weights.read_value(key, &weights.tensors()[key], float);
    let other = named(other);
    for (name, key) in named(first) {
        let float = target.wanted[&name].float;
        if value(key, float)?.as_bytes() != value(other[&name], float)?.as_bytes() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn name(place: &Place) -> String {
    match place.prefix.as_str() {
        "" => "the one without a prefix".into(),
        prefix => format!("`{prefix}`"),
    }
}

/// Whether a prefix is a common name for an averaged copy of a network: an EMA, MoCo's key encoder,
/// a mean teacher.
pub(super) fn is_averaged(prefix: &str) -> bool {
    const WORDS: [&str; 9] =
        ["ema", "momentum", "teacher", "target", "swa", "averaged", "shadow", "k", "key"];
    prefix.split(['.', '_']).any(|word| WORDS.contains(&word.to_lowercase().as_str()))
}

/// The preference for a prefix; larger is better.
fn order(prefix: &str) -> (Reverse<bool>, Reverse<usize>) {
    (Reverse(is_averaged(prefix)), Reverse(prefix.len()))
}
