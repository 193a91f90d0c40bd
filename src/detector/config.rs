//! Everything besides the weights that is needed to run a network.
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{calibration::Calibration, origin::Origin, search::Search};
use crate::{
    Error,
    data::{CropTransform, Framing, LoaderConfig},
    geometry::{Alignment, BoundingBox},
    heatmap::{DecodeConfig, HeatmapCodec, Refinement},
    landmark::LandmarkSchema,
    model::LandmarkNetConfig,
    with_fields::with_fields,
};

/// Everything besides the weights that is needed to run a trained network; saved in the model's
/// file.
///
/// ```
/// use dafe::{detector::DetectorConfig, prelude::*};
///
/// let codec = HeatmapCodec::new(Preset::Nano.input_size(), LandmarkNetConfig::STRIDE, 2.0);
/// let config = DetectorConfig::new(Preset::Nano.config(8), codec, LandmarkSchema::fld())
///     .with_refinement(Refinement::QuarterOffset)
///     .with_flip_test(true);
/// config.validate()?;
/// assert_eq!(config.min_score(), 0.3);
///
/// let seven = config.with_model(Preset::Nano.config(7)).validate().unwrap_err();
/// assert_eq!(seven.to_string(), "the schema has 8 landmarks, the network 7 heatmaps");
/// # Ok::<(), dafe::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DetectorConfig {
    /// The network's configuration.
    pub model: LandmarkNetConfig,
    /// Input size, stride, sigma and alignment.
    pub codec: HeatmapCodec,
    /// How a box is fitted to the network's input.
    pub framing: Framing,
    /// How landmarks are decoded from heatmaps.
    pub refinement: Refinement,
    /// Whether to run a flip test: average the heatmaps of the image and its mirror image, in twice
    /// the time.
    pub flip_test: bool,
    /// How the garment is searched for when no box is given. Files without this key get the
    /// default.
    pub search: Search,
    /// Whether heatmaps are logits, as some losses train them. The sigmoid of logits is decoded.
    pub logits: bool,
    /// Whether the network was trained towards empty heatmaps for landmarks that a category lacks.
    /// If so, the heatmaps show the category ([`LandmarkSchema::category_probabilities`]).
    pub infers_category: bool,
    /// The landmarks' names, mirror pairs, skeleton and categories.
    pub schema: LandmarkSchema,
    /// Calibration fitted on a validation split. Without it, neither the confidence of positions
    /// nor the visibility of landmarks is known.
    pub calibration: Option<Calibration>,
    /// How the model was made, if a training run of this crate made it.
    pub origin: Option<Origin>,
}

with_fields!(DetectorConfig {
    with_model model: LandmarkNetConfig,
    with_codec codec: HeatmapCodec,
    with_framing framing: Framing,
    with_refinement refinement: Refinement,
    with_flip_test flip_test: bool,
    with_search search: Search,
    with_logits logits: bool,
    with_infers_category infers_category: bool,
    with_schema schema: LandmarkSchema,
    with_calibration calibration: Option<Calibration>,
    with_origin origin: Option<Origin>,
});

/// The configuration in a file.
#[derive(Deserialize)]
#[serde(remote = "DetectorConfig", deny_unknown_fields)]
struct Fields {
    model: LandmarkNetConfig,
    codec: HeatmapCodec,
    framing: Framing,
    refinement: Refinement,
    flip_test: bool,
    #[serde(default)]
    search: Search,
    logits: bool,
    infers_category: bool,
    schema: LandmarkSchema,
    calibration: Option<Calibration>,
    origin: Option<Origin>,
}

impl<'de> Deserialize<'de> for DetectorConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let config = Fields::deserialize(deserializer)?;
        config.validate().map(|()| config).map_err(D::Error::custom)
    }
}

impl DetectorConfig {
    /// The paper's configuration: boxes stretched to the input, heatmaps decoded with a [quarter
    /// offset](Refinement::QuarterOffset), no flip test.
    ///
    /// Other fields are `false`, `None` or their default. Change them with setters:
    /// `DetectorConfig::new(model, codec, schema).with_flip_test(true)`.
    pub fn new(model: LandmarkNetConfig, codec: HeatmapCodec, schema: LandmarkSchema) -> Self {
        Self {
            model,
            codec,
            framing: Framing::default(),
            refinement: Refinement::default(),
            flip_test: false,
            search: Search::default(),
            logits: false,
            infers_category: false,
            schema,
            calibration: None,
            origin: None,
        }
    }

    /// How the images of a dataset are cropped and loaded for the network, with the defaults for
    /// everything else: for [`predict_dataset`](crate::predict::predict_dataset).
    pub fn loader(&self) -> LoaderConfig {
        LoaderConfig::new(self.codec).with_framing(self.framing)
    }

    /// How landmarks are decoded from the network's heatmaps.
    pub fn decoding(&self) -> DecodeConfig {
        let Self { refinement, flip_test, logits, .. } = *self;
        DecodeConfig { refinement, flip_test, logits }
    }

    /// The score from which on a landmark is worth showing.
    ///
    /// This is the threshold of [`Calibration::position`] if the model has one, else 0.3. Landmarks
    /// of lower scores are returned, too; many of them are in the wrong place.
    pub fn min_score(&self) -> f32 {
        let known = self.calibration.as_ref().and_then(|calibration| calibration.position);
        known.map_or(Self::MIN_SCORE, |curve| curve.threshold)
    }

    /// [`Self::min_score`] of models without calibration.
    const MIN_SCORE: f32 = 0.3;

    /// How the region in `bounds` of an image of `[width, height]` pixels is cropped to the
    /// network's input.
    pub fn crop(&self, bounds: &BoundingBox, image: [u32; 2]) -> CropTransform {
        let size = self.codec.input_size();
        let region = self.framing.region(bounds, image, size);
        CropTransform::plain(&region, size, self.codec.alignment()).with_framing(self.framing)
    }

    /// The batch size of detection. Larger batches would need more memory and hardly less time.
    pub(crate) fn batch_size(&self) -> usize {
        const GARMENTS: usize = 16;
        // As many pixels as a full batch of 512 × 512 inputs.
        const PIXELS: usize = GARMENTS << 18;
        let [width, height] = self.codec.input_size();
        (PIXELS / (width * height)).clamp(1, GARMENTS)
    }

    /// Checks that the values are valid and fit together.
    ///
    /// # Errors
    /// A [configuration error](crate::ErrorKind::Config) naming the first value that is invalid.
    pub fn validate(&self) -> Result<(), Error> {
        self.model.validate()?;
        self.codec.validate()?;
        self.refinement.validate()?;
        self.schema.validate()?;
        if self.codec.stride() != LandmarkNetConfig::STRIDE {
            return Err(Error::config(format!(
                "the network's stride is {}, the codec's {}",
                LandmarkNetConfig::STRIDE,
                self.codec.stride()
            )));
        }
        // The first cell's center is also the last one's, so no scale maps back from it.
        if self.codec.alignment() == Alignment::Udp && self.codec.heatmap_size().contains(&1) {
            let ([width, height], stride) = (self.codec.input_size(), self.codec.stride());
            return Err(Error::config(format!(
                "UDP alignment needs two heatmap cells each way, an input of more than {stride} pixels, not {width} × {height}"
            )));
        }
        if self.schema.len() != self.model.num_landmarks {
            return Err(Error::config(format!(
                "the schema has {} landmarks, the network {} heatmaps",
                self.schema.len(),
                self.model.num_landmarks
            )));
        }
        self.calibration.as_ref().map_or(Ok(()), |known| known.validate(self.schema.len()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::Index};

    use super::*;
    use crate::{
        backbone::{ResNetConfig, ResidualKind},
        model::Preset,
    };

    fn config() -> DetectorConfig {
        let codec = HeatmapCodec::new(Preset::Nano.input_size(), LandmarkNetConfig::STRIDE, 2.0);
        let plain = DetectorConfig::new(Preset::Nano.config(8), codec, LandmarkSchema::fld());
        DetectorConfig { flip_test: true, ..plain }
    }

    #[test]
    fn networks_that_would_fill_the_memory_are_refused() {
        let mut config = config();
        let backbone = ResNetConfig::new(ResidualKind::Basic, [4096; 4]).with_width(4096);
        config.model.backbone = backbone.into();
        let error = config.validate().unwrap_err().to_string();
        assert!(error.contains("parameters; at most 500000000"), "{error}");
    }

    /// Files from before `search` existed lack it.
    #[test]
    fn without_a_search_it_is_the_default() {
        let json = serde_json::to_string(&config().with_search(Search::Quick)).unwrap();
        let without = json.replace("\"search\":\"quick\",", "");
        assert_ne!(json, without);
        let read: DetectorConfig = serde_json::from_str(&without).unwrap();
        assert_eq!(read, config().with_search(Search::Thorough));
    }

    #[test]
    fn large_inputs_go_through_the_network_in_smaller_batches() {
        let batch_size = |input_size| {
            let codec = HeatmapCodec::new(input_size, LandmarkNetConfig::STRIDE, 2.0);
            DetectorConfig { codec, ..config() }.batch_size()
        };
        assert_eq!([[1, 1], [512, 512], [512, 1024]].map(batch_size), [16, 16, 8]);
        assert_eq!(batch_size([HeatmapCodec::MAX_SIDE; 2]), 1);
    }

    /// UDP alignment divides by the distance between the first and the last cell.
    #[test]
    fn one_cell_is_refused_with_udp_alignment() {
        let validated = |input_size, alignment| {
            let codec = HeatmapCodec::new(input_size, LandmarkNetConfig::STRIDE, 2.0);
            DetectorConfig { codec: codec.with_alignment(alignment), ..config() }.validate()
        };
        for input_size in [[1, 64], [64, 4]] {
            let error = validated(input_size, Alignment::Udp).unwrap_err().to_string();
            let [width, height] = input_size;
            let shown = format!("an input of more than 4 pixels, not {width} × {height}");
            assert!(error.ends_with(&shown), "{error}");
            validated(input_size, Alignment::HalfPixel).unwrap();
        }
        validated([5, 64], Alignment::Udp).unwrap();
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn no_bytes_make_the_configuration_panic(
            junk in vec(any::<u8>(), 0..100),
            edits in vec((any::<Index>(), any::<u8>()), 1..4),
            numbers in vec((any::<Index>(), any::<i64>()), 1..4),
        ) {
            let valid = serde_json::to_string(&config()).unwrap();
            let mut edited = valid.clone().into_bytes();
            for (at, byte) in edits {
                let at = at.index(edited.len());
                edited[at] = byte;
            }
            // Replacing a digit by a number leaves the JSON valid.
            let mut text = valid;
            for (at, number) in numbers {
                let digits: Vec<_> = text.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at).collect();
                let at = digits[at.index(digits.len())];
                text.replace_range(at..at + 1, &number.to_string());
            }
            for bytes in [junk, edited, text.into_bytes()] {
                if let Ok(config) = serde_json::from_slice::<DetectorConfig>(&bytes) {
                    let size = config.codec.input_size();
                    prop_assert!(size.iter().all(|side| (1..=HeatmapCodec::MAX_SIDE).contains(side)));
                    prop_assert_eq!(config.schema.len(), config.model.num_landmarks);
                }
            }
        }
    }
}
