//! Loading tensors into a module by name, all or none.
use std::fmt::Display;

use burn::{
    module::Module,
    store::{ModuleSnapshot, PyTorchToBurnAdapter, bridge},
};

use super::{StateDict, expected::Wanted, target::Target};
use crate::{Error, ErrorKind};

/// Exceptions from the strictness of [`StateDict::load_into`]. By default, there is only one:
/// BatchNorm's `num_batches_tracked`, which may always stay unused.
///
#[cfg_attr(feature = "flex", doc = "```")]
#[cfg_attr(not(feature = "flex"), doc = "```ignore")]
/// use dafe::{
///     prelude::*,
///     weights::{LoadRules, StateDict, save_safetensors},
/// };
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("net.safetensors");
/// let device = Device::flex();
/// save_safetensors(&Preset::Nano.config(8).init(&device), &path)?;
///
/// // A network for three landmarks, with a new head.
/// let mut net = Preset::Nano.config(3).init(&device);
/// let weights = StateDict::read(&path)?;
/// let error = weights.load_into(&mut net, &LoadRules::default()).unwrap_err();
/// assert!(error.to_string().contains("the file is for 8 landmarks, the network for 3"));
/// weights.load_into(&mut net, &LoadRules { keep: vec!["head.".into()], ..Default::default() })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadRules {
    /// Keys of the file that may stay unused: prefixes ("fc.") or, with a leading dot, suffixes
    /// (".num_batches").
    pub ignored: Vec<String>,
    /// Prefixes of the module's own keys whose current values it keeps ("head." to train a new
    /// head). The file's values for these keys are not used.
    pub keep: Vec<String>,
}

impl LoadRules {
    pub(super) fn ignores(&self, key: &str) -> bool {
        let named = |part: &String| match part.starts_with('.') {
            true => key.ends_with(part),
            false => key.starts_with(part),
        };
        key.rsplit('.').next() == Some("num_batches_tracked")
            || self.keeps(key)
            || self.ignored.iter().any(named)
    }

    pub(super) fn keeps(&self, key: &str) -> bool {
        self.keep.iter().any(|part| key.starts_with(part))
    }

    /// The same rules for a backbone's own keys, so that rules for a whole network also apply.
    pub(super) fn for_backbone(&self) -> Self {
        let both = |parts: &[String]| {
            let own = parts.iter().filter_map(|part| part.strip_prefix("backbone."));
            let own = own.filter(|part| !part.is_empty()).map(String::from);
            parts.iter().cloned().chain(own).collect()
        };
        Self { ignored: both(&self.ignored), keep: both(&self.keep) }
    }
}

/// The differences between a file and a module.
#[derive(Default)]
struct Differences<'a> {
    misshapen: Vec<Misshapen<'a>>,
    missing: Vec<&'a str>,
    unknown: Vec<&'a str>,
}

struct Misshapen<'a> {
    key: &'a str,
    /// The shape in the file.
    found: &'a [usize],
    /// The shape in the module.
    wanted: &'a [usize],
}

impl StateDict {
    /// Loads the tensors into a module, strictly.
    ///
    /// Each of the module's parameters and running statistics must be present, with its shape and
    /// finite values, and there must be no other tensors, except as the rules allow. On an error,
    /// the module stays unchanged.
    ///
    /// Burn's BatchNorm shares its running statistics with its clones, so clones of the module get
    /// the new ones as well.
    ///
    /// # Errors
    /// A [shape error](crate::ErrorKind::Shape) naming the tensors of another shape and everything
    /// else that does not fit; a [weights error](crate::ErrorKind::Weights) naming what is missing,
    /// unknown or not finite.
    pub fn load_into<M: Module>(&self, module: &mut M, rules: &LoadRules) -> Result<(), Error> {
        self.load_for(&Target::new(module, rules), module)
    }

    /// [`Self::load_into`] for a target that may own only some of the file's keys.
    pub(super) fn load_for<M: Module>(
        &self,
        target: &Target<'_>,
        module: &mut M,
    ) -> Result<(), Error> {
        let wanted = &target.wanted;
        let mut differences = Differences::default();
        for (key, Wanted { shape, .. }) in wanted {
            match self.shape(key) {
                None => differences.missing.push(key),
                Some(found) if found != shape => {
                    differences.misshapen.push(Misshapen { key, found, wanted: shape });
                }
                Some(_) => {}
            }
        }
        differences.unknown = self.keys().filter(|key| target.refuses(key)).collect();
        if !differences.is_empty() {
            let message = differences.explain(wanted.len());
            let below = match self.origin().prefix.as_str() {
                "" => String::new(),
                prefix => format!(" below `{prefix}`"),
            };
            let count = self.len();
            let error = self.failed(format!("{message} (the file has {count} tensors{below})"));
            return Err(match differences.misshapen.is_empty() {
                true => error,
                false => error.with_kind(ErrorKind::Shape),
            });
        }

        // All values are read before the first is used, so that a damaged file changes nothing.
        let (mut tensors, mut broken) = (Vec::new(), Vec::new());
        for (key, wanted) in wanted {
            let value = self.read_value(key, &self.tensors()[key], wanted.float)?;
            if wanted.float {
                let numbers = value.as_bytes().as_chunks().0;
                let bad = numbers.iter().filter(|number| !f32::from_ne_bytes(**number).is_finite());
                match bad.count() {
                    0 => {}
                    count => broken.push(format!("{count} of {key}'s {} values", numbers.len())),
                }
            }
            tensors.push(bridge::from_data(value, key.clone(), None));
        }
        if !broken.is_empty() {
            return Err(self.failed(format!("NaN or infinite: {}", list(&broken, SHOWN))));
        }
        let result = module.apply(tensors, None, Some(Box::new(PyTorchToBurnAdapter)), false);
        match result.errors.is_empty() {
            true => Ok(()),
            // Only if booleans were expected and other numbers found.
            false => Err(self.failed(format!("of another shape: {}", list(&result.errors, SHOWN)))),
        }
    }
}

/// The number of keys of each kind that an error names.
const SHOWN: usize = 5;

impl Differences<'_> {
    fn is_empty(&self) -> bool {
        self.misshapen.is_empty() && self.missing.is_empty() && self.unknown.is_empty()
    }

    fn explain(&self, wanted: usize) -> String {
        if let Some([file, network]) = self.landmarks() {
            return format!(
                "the file is for {file} landmarks, the network for {network}; to train a new head, set new_head \
                 (FineTuning) or keep \"head.\" (LoadRules)"
            );
        }
        let bad = self.misshapen.len() + self.missing.len();
        let mut parts = Vec::new();
        let mut shown = SHOWN;
        if 2 * bad > wanted {
            // It is another network: the differing keys are of little use then.
            parts.push(format!(
                "another network's parameters, {} of this one's {wanted} tensors fit",
                wanted - bad
            ));
            shown = 2;
        }
        if !self.misshapen.is_empty() {
            let forms = self.misshapen.iter().map(|Misshapen { key, found, wanted }| {
                format!("{key} is {found:?} in the file, {wanted:?} in the network")
            });
            parts.push(format!("of another shape: {}", list(&forms.collect::<Vec<_>>(), shown)));
        }
        if !self.missing.is_empty() {
            parts.push(format!("missing: {}", list(&self.missing, shown)));
        }
        if !self.unknown.is_empty() {
            parts.push(format!("not part of this network: {}", list(&self.unknown, shown)));
        }
        if self.is_beyond_backbone() {
            parts.push(
                "to load only the backbone, keep \"decoder.\" and \"head.\" (LoadRules)".into(),
            );
        }
        parts.join("; ")
    }

    /// Whether a landmark network's backbone fits.
    fn is_beyond_backbone(&self) -> bool {
        let misshapen = self.misshapen.iter().map(|one| one.key);
        let mut keys = misshapen.chain(self.missing.iter().chain(&self.unknown).copied());
        keys.all(|key| key.starts_with("decoder.") || key.starts_with("head."))
    }

    /// The number of landmarks of the file and of the network, if that is the only difference.
    fn landmarks(&self) -> Option<[usize; 2]> {
        let [first, rest @ ..] = self.misshapen.as_slice() else { return None };
        let counts = |one: &Misshapen| {
            let same = one.key.starts_with("head.") && one.found.get(1..) == one.wanted.get(1..);
            same.then(|| [one.found.first().copied(), one.wanted.first().copied()])
        };
        let found = counts(first)?;
        let all = rest.iter().all(|one| counts(one) == Some(found));
        let [Some(file), Some(network)] = found else { return None };
        (all && self.missing.is_empty() && self.unknown.is_empty()).then_some([file, network])
    }
}

/// "a, b, c and 7 more".
pub(super) fn list(items: &[impl Display], shown: usize) -> String {
    let first: Vec<String> = items.iter().take(shown).map(ToString::to_string).collect();
    match items.len().saturating_sub(shown) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
