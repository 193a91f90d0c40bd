//! The splits of a dataset.
use super::annotation::shortened;
use crate::named::named_enum;

/// A split of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Split {
    /// Images for training.
    Train,
    /// Images for validation and model selection.
    Val,
    /// Images for the final evaluation.
    Test,
}

named_enum!(Split, "split", { Train => "train", Val => "val", Test => "test" });

impl Split {
    /// The split named by a file, folder or subset, ignoring case and a trailing year.
    ///
    /// Recognizes `train`, `training`, `val`, `valid`, `validation`, `dev`, `test`, `testing`, and
    /// names like `train2017` or `person_keypoints_Validation`. `None` if the name contains no
    /// split or several.
    ///
    /// ```
    /// use dafe::data::Split;
    ///
    /// assert_eq!(Split::of_name("person_keypoints_val2017"), Some(Split::Val));
    /// assert_eq!(Split::of_name("trainval"), None);
    /// ```
    pub fn of_name(name: &str) -> Option<Self> {
        Self::words(name).map(|(split, _)| split)
    }

    /// [`Self::of_name`] together with the word as written.
    pub(super) fn words(name: &str) -> Option<(Self, &str)> {
        let of_word = |word: &str| {
            let letters = word.trim_end_matches(|c: char| c.is_ascii_digit()).to_lowercase();
            match letters.as_str() {
                "train" | "training" => Some(Self::Train),
                "val" | "valid" | "validation" | "dev" => Some(Self::Val),
                "test" | "testing" => Some(Self::Test),
                _ => None,
            }
        };
        let words = name.split(|c: char| !c.is_alphanumeric());
        let mut found = words.filter_map(|word| Some((of_word(word)?, word)));
        let first = found.next()?;
        found.all(|(split, _)| split == first.0).then_some(first)
    }

    /// The usual names of the split's files and folders, most common first.
    pub fn usual_names(self) -> &'static [&'static str] {
        match self {
            Self::Train => &["train", "Train", "training", "train2017", "Training", "TRAIN"],
            Self::Val => &[
                "val",
                "valid",
                "validation",
                "Validation",
                "Val",
                "Valid",
                "val2017",
                "dev",
                "VAL",
            ],
            Self::Test => &["test", "Test", "testing", "test2017", "Testing", "TEST"],
        }
    }

    /// Parses the split's name. The error message quotes the name.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| format!("split '{}' is not train, val or test", shortened(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_are_found_in_usual_names() {
        for (name, split) in [
            ("train", Split::Train),
            ("person_keypoints_Validation", Split::Val),
            ("valid", Split::Val),
            ("instances_train2017", Split::Train),
            ("Test-1", Split::Test),
            ("train.train", Split::Train),
        ] {
            assert_eq!(Split::of_name(name), Some(split), "{name}");
        }
        for name in ["default", "trainval", "train_val", "_annotations.coco", "latest", ""] {
            assert_eq!(Split::of_name(name), None, "{name}");
        }
        for &split in Split::ALL {
            assert!(split.usual_names().iter().all(|name| Split::of_name(name) == Some(split)));
        }
    }
}
