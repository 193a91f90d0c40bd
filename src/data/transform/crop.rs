//! A crop: an affine map from an image to a network's input, and color changes.
use image::RgbImage;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

#[cfg(doc)]
use super::PADDING;
use super::{
    augmentation::{Augmentation, Draws},
    color::ColorJitter,
    degradation::Degradation,
    framing::Framing,
};
use crate::{
    geometry::{Affine, Alignment, BoundingBox},
    landmark::Landmark,
    random::mix_seed,
};

/// The transform from a garment's box in an image to a network's input.
///
/// ```
/// use dafe::{
///     data::transform::CropTransform,
///     geometry::{Alignment, BoundingBox},
///     landmark::{Landmark, Visibility},
/// };
///
/// let bounds = BoundingBox::new(20.0, 10.0, 180.0, 330.0).unwrap();
/// let crop = CropTransform::plain(&bounds, [320, 320], Alignment::HalfPixel);
///
/// let input = crop.image(&image::RgbImage::new(200, 350), [320, 320]);
/// assert_eq!(input.dimensions(), (320, 320));
///
/// let hem = Landmark::new(100.0, 300.0, Visibility::Visible);
/// let moved = crop.landmarks(&[hem], &[0])[0];
/// assert_eq!([moved.x, moved.y], [160.5, 290.0]); // (100 − 20 + ½)·2 − ½, (300 − 10 + ½)·1 − ½
/// assert_eq!(crop.to_image([moved.x, moved.y]), [hem.x, hem.y]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CropTransform {
    /// Maps image pixels to input pixels, including the flip.
    pub affine: Affine,
    /// Whether the input is mirrored, so that left and right landmarks are swapped.
    pub flipped: bool,
    /// Color changes of the image.
    pub(super) color: ColorJitter,
    /// Degradations that are applied after the color changes.
    pub(super) degradation: Degradation,
    /// How pixels are sampled, and the color around the image.
    pub framing: Framing,
}

impl CropTransform {
    /// Crops `bounds` and stretches it to `size` (`[width, height]`, pixels), without augmentation.
    pub fn plain(bounds: &BoundingBox, size: [usize; 2], alignment: Alignment) -> Self {
        Self {
            affine: alignment.crop(bounds, size),
            flipped: false,
            color: ColorJitter::NONE,
            degradation: Degradation::NONE,
            framing: Framing::Stretch,
        }
    }

    /// The same crop with the sampling of `framing`. The cropped region is determined by
    /// [`Framing::region`].
    pub fn with_framing(self, framing: Framing) -> Self {
        Self { framing, ..self }
    }

    /// Like [`Self::plain`], with random variations according to `augmentation`. `whole` is the
    /// region of the whole image, for [`Augmentation::whole_image`].
    ///
    /// The same `key` (a run's seed, an epoch and a sample) gives the same transform on any
    /// machine, in any order and with any number of threads. Each variation has its own position in
    /// the random sequence, so changing the strength of one leaves the random values of the others
    /// unchanged.
    ///
    /// `augmentation` should have passed [`Augmentation::validate`]. If the varied box is empty,
    /// the labeled one is used.
    pub fn random(
        bounds: &BoundingBox,
        whole: &BoundingBox,
        size: [usize; 2],
        alignment: Alignment,
        augmentation: &Augmentation,
        key: [u64; 3],
    ) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(mix_seed(&key));
        let draws = Draws::from_uniform(|| rng.random::<f64>());
        let bounds = augmentation.vary(&augmentation.region(bounds, whole, &draws), &draws);
        let mut affine = alignment.crop(&bounds, size);
        if let Some(degrees) = augmentation.degrees(&draws) {
            // In image coordinates, before the box is stretched to the input: garments rotate, they
            // do not shear.
            affine = Affine::similarity(bounds.center(), degrees, 1.0).then(&affine);
        }
        let flipped = augmentation.flips(&draws);
        if flipped {
            affine = affine.then(&Affine::flip(size[0]));
        }
        let color = augmentation.color_jitter(&draws);
        let degradation = augmentation.degradation(&draws, mix_seed(&key));
        Self { affine, flipped, color, degradation, framing: Framing::Stretch }
    }

    /// The network's input of `size` (`[width, height]`, the size that the transform was made for):
    /// RGB, not yet normalized.
    ///
    /// Outside the image it is [`PADDING`] or the color of [`Self::framing`], before blur, noise
    /// and erased rectangles.
    pub fn image(&self, image: &RgbImage, size: [usize; 2]) -> RgbImage {
        let mut input = self.framing.sample(image, &self.affine, size);
        self.color.apply(&mut input, &self.affine, image.dimensions().into());
        self.degradation.apply(&mut input);
        input
    }

    /// The landmarks in input pixels, with left and right swapped if the input is mirrored.
    /// `mirror[i]` is the landmark that `i` becomes in a mirrored image
    /// ([`crate::landmark::LandmarkSchema::mirror`]).
    ///
    /// Landmarks without a position keep their meaningless coordinates. A position outside the
    /// input keeps its visibility here; the codec gives it no weight.
    ///
    /// # Panics
    /// If the numbers of landmarks and mirror entries differ.
    pub fn landmarks(&self, landmarks: &[Landmark], mirror: &[usize]) -> Vec<Landmark> {
        let (landmark_count, mirror_count) = (landmarks.len(), mirror.len());
        assert_eq!(
            landmark_count, mirror_count,
            "{landmark_count} landmarks, but {mirror_count} mirror entries"
        );
        let moved = |landmark: &Landmark| {
            if !landmark.visibility.has_position() {
                return *landmark;
            }
            let [x, y] = self.affine.apply_f32([landmark.x, landmark.y]);
            Landmark { x, y, ..*landmark }
        };
        match self.flipped {
            true => mirror.iter().map(|&i| moved(&landmarks[i])).collect(),
            false => landmarks.iter().map(moved).collect(),
        }
    }

    /// The map from input pixels back to image pixels. `None` if the crop is degenerate, which
    /// never happens for the box of a labeled garment. For a mirrored input, left and right
    /// landmarks must be swapped as well.
    pub fn inverse(&self) -> Option<Affine> {
        self.affine.inverse()
    }

    /// Maps `point`, `[x, y]` in input pixels, to image pixels. NaN if the crop is degenerate.
    pub fn to_image(&self, point: [f32; 2]) -> [f32; 2] {
        match self.inverse() {
            Some(inverse) => inverse.apply_f32(point),
            None => [f32::NAN; 2],
        }
    }
}
