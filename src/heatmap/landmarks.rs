//! Decoded landmarks: positions and scores, on the device and on the host.
use burn::tensor::{Tensor, TensorData};

/// Decoded landmarks of a batch.
#[derive(Debug, Clone)]
pub struct Landmarks {
    /// `[B, n, 2]`: x and y in input pixels.
    pub positions: Tensor<3>,
    /// `[B, n]`: the highest value of each heatmap (its sigmoid if the heatmaps are logits); 0 for
    /// a heatmap without information.
    pub scores: Tensor<2>,
}

/// Decoded landmarks of one image, on the host.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageLandmarks {
    /// x and y of each landmark, in input pixels.
    pub positions: Vec<[f32; 2]>,
    /// The scores, as in [`Landmarks::scores`].
    pub scores: Vec<f32>,
}

impl Landmarks {
    /// Reads the batch back from the device, one entry per image.
    ///
    /// # Panics
    /// If the device fails to return the values.
    pub fn into_images(self) -> Vec<ImageLandmarks> {
        let [batch, n, _] = self.positions.dims();
        let read = |data: TensorData| {
            data.convert::<f32>().try_into_vec::<f32>().expect("just converted to f32")
        };
        let positions = read(self.positions.into_data());
        let scores = read(self.scores.into_data());
        (0..batch)
            .map(|image| ImageLandmarks {
                positions: positions[2 * n * image..][..2 * n]
                    .chunks(2)
                    .map(|point| [point[0], point[1]])
                    .collect(),
                scores: scores[n * image..][..n].to_vec(),
            })
            .collect()
    }
}
