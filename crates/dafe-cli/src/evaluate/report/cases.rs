//! Images of single samples: prediction and ground truth.
use base64::{Engine, engine::general_purpose::STANDARD};
use image::codecs::jpeg::JpegEncoder;
use serde::Serialize;

use super::{Measured, samples::SampleError, table::number};
use crate::support::{Outcome, sheets};

/// The maximum `[width, height]` of an image.
const CELL: [u32; 2] = [320, 400];

/// The JPEG quality, of 100.
const QUALITY: u8 = 82;

#[derive(Serialize)]
pub struct Case {
    /// The image's file name.
    name: String,
    kind: String,
    ne: String,
    /// The number of landmarks that the error averages.
    of: String,
    farthest: String,
    /// A JPEG file in base64, and its size.
    image: String,
    width: u32,
    height: u32,
}

pub fn shown(measured: &Measured<'_>, errors: Vec<SampleError>) -> Outcome<Vec<Case>> {
    errors.iter().map(|error| case(measured, error)).collect()
}

fn case(measured: &Measured<'_>, error: &SampleError) -> Outcome<Case> {
    let prediction = &measured.found.predictions[error.index];
    let (dataset, schema) = (measured.dataset, measured.dataset.schema());
    let image = sheets::comparison(dataset, prediction, CELL)?;
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&image)?;
    let sample = dataset.sample(prediction.index);
    let category = sample.category.and_then(|category| schema.categories().get(category));
    let variation = sample.variation_type.map(|variation| variation.name());
    let kind: Vec<_> =
        category.map(|category| category.name.as_str()).into_iter().chain(variation).collect();
    Ok(Case {
        name: sample.image,
        kind: kind.join(", "),
        ne: number(Some(error.ne)),
        of: match error.landmarks {
            1 => "of 1 landmark".to_string(),
            count => format!("of {count} landmarks"),
        },
        farthest: format!(
            "{} {}",
            schema.names()[error.farthest.0],
            number(Some(error.farthest.1))
        ),
        image: STANDARD.encode(jpeg),
        width: image.width(),
        height: image.height(),
    })
}
