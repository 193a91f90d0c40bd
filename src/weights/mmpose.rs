//! Parameter names of the SimpleBaseline networks of MMPose and Microsoft.
use super::{StateDict, torchvision::is_resnets};
#[cfg(feature = "detect")]
use crate::Error;

/// MMPose's prefix for the decoder and head, before version 1.0 and since.
const HEADS: [&str; 2] = ["keypoint_head.", "head."];

impl StateDict {
    /// Whether these are the parameters of an MMPose network with transposed convolutions.
    #[cfg(feature = "detect")]
    pub(crate) fn is_mmpose(&self) -> bool {
        let own = |key: &str| {
            HEADS.iter().any(|head| {
                key.strip_prefix(head).is_some_and(|rest| rest.starts_with("deconv_layers."))
            })
        };
        self.keys().any(own)
    }

    /// Renames the keys to this crate's. Those of the backbone are the same in both.
    ///
    /// # Errors
    /// A [weights error](crate::ErrorKind::Weights) if two keys would get one name.
    #[cfg(feature = "detect")]
    pub(crate) fn rename_mmpose(self) -> Result<Self, Error> {
        self.rename(|key| Some(rename(key)))
    }

    /// The number of heatmaps of an MMPose network.
    #[cfg(feature = "detect")]
    pub(crate) fn mmpose_landmarks(&self) -> Option<usize> {
        let count =
            |head: &&str| self.shape(&format!("{head}final_layer.weight"))?.first().copied();
        HEADS.iter().find_map(count)
    }

    /// Keeps only the heatmaps in `range` of an MMPose network.
    ///
    /// # Errors
    /// A [weights error](crate::ErrorKind::Weights) if the network has fewer heatmaps.
    #[cfg(feature = "detect")]
    pub(crate) fn narrow_mmpose(&mut self, range: std::ops::Range<usize>) -> Result<(), Error> {
        for key in HEADS
            .iter()
            .flat_map(|head| ["weight", "bias"].map(|part| format!("{head}final_layer.{part}")))
        {
            if self.shape(&key).is_some() {
                self.narrow_first(&key, range.clone())?;
            }
        }
        Ok(())
    }
}

/// This crate's name for a key of MMPose's. Other keys stay unchanged, so that they are reported as
/// unknown.
pub(super) fn rename(key: &str) -> String {
    let rest = HEADS.iter().find_map(|head| key.strip_prefix(head));
    rest.and_then(rename_head).unwrap_or_else(|| key.into())
}

/// [`rename`] for a key of Microsoft's, where decoder, head and backbone have no prefix.
pub(super) fn rename_microsoft(key: &str) -> String {
    match rename_head(key) {
        Some(key) => key,
        None if is_resnets(key) => format!("backbone.{key}"),
        None => key.into(),
    }
}

/// This crate's name for a key of the decoder or the head.
fn rename_head(key: &str) -> Option<String> {
    if let Some(part) = key.strip_prefix("final_layer.") {
        return Some(format!("head.{part}"));
    }
    // Each stage is a transposed convolution, a normalization, and a ReLU without parameters.
    let (index, part) = key.strip_prefix("deconv_layers.")?.split_once('.')?;
    let index: usize = index.parse().ok()?;
    let layer = ["upsample", "norm"].get(index % 3)?;
    Some(format!("decoder.{}.transposed.{layer}.{part}", index / 3))
}
