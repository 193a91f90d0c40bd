//! Differences between two recipes.
use std::{collections::BTreeSet, fmt};

use serde_json::Value;

use super::config::TrainConfig;

/// A value that differs between two recipes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ConfigDifference {
    /// The key in `config.json`'s recipe: `epochs`, `augmentation.flip`, ….
    pub key: String,
    /// The value in the first recipe; null if missing.
    pub was: Value,
    /// The value in the second recipe.
    pub now: Value,
}

impl fmt::Display for ConfigDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {} there, not {}", self.key, self.was, self.now)
    }
}

impl TrainConfig {
    /// The values in which `now` differs from this recipe, with their keys.
    ///
    /// ```
    /// use dafe::prelude::*;
    ///
    /// let (old, new) = (TrainConfig::paper(8), TrainConfig::paper(8).with_epochs(40));
    /// let differences = old.differences(&new);
    /// assert_eq!(differences[0].to_string(), "epochs is 30 there, not 40");
    /// ```
    pub fn differences(&self, now: &Self) -> Vec<ConfigDifference> {
        let [was, now] = [self, now]
            .map(|config| serde_json::to_value(config).expect("plain numbers and strings"));
        let mut found = Vec::new();
        compare(String::new(), &was, &now, &mut found);
        found
    }
}

fn compare(key: String, was: &Value, now: &Value, found: &mut Vec<ConfigDifference>) {
    match (was, now) {
        (Value::Object(old), Value::Object(new)) => {
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                let [was, now] = [old, new].map(|object| object.get(name).unwrap_or(&Value::Null));
                compare(key, was, now, found);
            }
        }
        _ if was == now => (),
        _ => found.push(ConfigDifference { key, was: was.clone(), now: now.clone() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::Preset, train::InitialWeights};

    #[test]
    fn differences_have_the_keys_of_the_file() {
        let was = TrainConfig::preset(Preset::Nano, 8);
        let mut now = was.clone().with_epochs(40);
        assert!(was.differences(&was).is_empty());
        now.model.num_landmarks = 4;
        now.augmentation.flip = 0.0;
        now.fine_tuning.initial_weights = InitialWeights::File("a.pth".into());
        let shown: Vec<String> = was.differences(&now).iter().map(ToString::to_string).collect();
        let expected = [
            format!("augmentation.flip is {:?} there, not 0.0", was.augmentation.flip),
            format!("epochs is {} there, not 40", was.epochs),
            "fine_tuning.initial_weights is \"random\" there, not {\"file\":\"a.pth\"}".into(),
            "model.num_landmarks is 8 there, not 4".into(),
        ];
        assert_eq!(shown, expected);
    }
}
