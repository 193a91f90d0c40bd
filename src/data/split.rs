//! The splits of a dataset.
use super::annotation::shortened;
use crate::named::named_enum;

/// Which part of a dataset an image belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Split {
    /// Images to learn from.
    Train,
    /// Images to choose by.
    Val,
    /// Images to report on.
    Test,
}

named_enum!(Split, "split", { Train => "train", Val => "val", Test => "test" });

impl Split {
    /// The split of that name, or a message that shows the name.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| format!("split '{}' is not train, val or test", shortened(text)))
    }
}
