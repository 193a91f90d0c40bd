//! A sheet that explains a detection.
use image::{Rgb, RgbImage, imageops};

use super::{
    caption::{captioned, short},
    channels::channel_bars,
    drawing::Drawing,
    heat::{ColorScale, highest},
    mark::{LandmarkMark, Marker},
    names::short_names,
    sheet::sheet,
};
use crate::{
    detector::{Detection, Explanation, InputMap},
    landmark::LandmarkSchema,
};

/// The maximum `[width, height]` of an image on the sheet.
const CELL: [u32; 2] = [360, 480];

/// The maximum number of landmarks whose heatmaps are shown.
const HEATMAPS: usize = 64;

/// Renders a sheet that shows how a network found the landmarks of `image`, around the box that it
/// saw:
///
/// - the image with the landmarks and their names, and below it the maximum over all heatmaps;
/// - a column for each DAFE module, coarse to fine: its spatial attention, each map on its own
///   scale, and its channel weights ([U of equation 4](crate::blocks::ChannelAttentiveSelection)),
///   highest first;
/// - the heatmaps of the first 64 landmarks found, all on one scale.
///
#[cfg_attr(all(feature = "bundled", feature = "flex"), doc = "```no_run")]
#[cfg_attr(not(all(feature = "bundled", feature = "flex")), doc = "```ignore")]
/// use dafe::{
///     data::image::{read_image, write_png},
///     draw::explanation_sheet,
///     prelude::*,
/// };
///
/// let detector = LandmarkDetector::bundled(&Device::flex());
/// let image = read_image("shirt.jpg")?;
/// let explanation = detector.explain(&DetectionRequest::new(&image))?;
/// let sheet = explanation_sheet(&image, &explanation, &detector.config().schema);
/// write_png("explained.png", &sheet)?;
/// # Ok::<(), dafe::Error>(())
/// ```
///
/// # Panics
/// If the explanation doesn't fit the schema: there must be a heatmap for each landmark, and each
/// map must have as many values as cells.
pub fn explanation_sheet(
    image: &RgbImage,
    explanation: &Explanation,
    schema: &LandmarkSchema,
) -> RgbImage {
    let (heatmaps, count) = (&explanation.heatmaps, schema.len());
    assert_eq!(heatmaps.len(), count, "{} heatmaps of {count} landmarks", heatmaps.len());
    let detection = &explanation.detection;
    let around = || Drawing::around(image, &detection.bounding_box, CELL);
    let over = |map: &InputMap, scale: &ColorScale, title: &str| {
        captioned(&around().map(map, scale).image(), title, Some(scale))
    };

    let found = &detection.landmarks;
    let marks: Vec<_> = found.iter().map(LandmarkMark::from).collect();
    let shown = || found.iter().take(HEATMAPS).map(|landmark| &heatmaps[landmark.index]);
    let scale = ColorScale::of(shown().flat_map(|map| &map.values));
    let landmarks = around()
        .bounding_box(&detection.bounding_box)
        .skeleton(schema, &marks)
        .landmarks(schema, &marks, Marker::Dot)
        .names(schema, &marks)
        .image();

    let mut first = vec![captioned(&landmarks, &title(detection), None)];
    let mut second = vec![match highest(shown()) {
        Some(map) => over(&map, &scale, "maximum of these heatmaps"),
        None => captioned(&around().image(), "no landmarks", None),
    }];
    for (module, number) in explanation.modules.iter().zip(1..) {
        let own = ColorScale::of(&module.spatial.values);
        first.push(over(&module.spatial, &own, &format!("module {number}: spatial attention")));
        second.push(channels(&module.channels, number, landmarks.dimensions()));
    }
    let columns = if explanation.modules.is_empty() { 4 } else { first.len() };
    let names = short_names(schema);
    let heatmaps = found.iter().zip(shown()).map(|(landmark, map)| {
        over(map, &scale, &format!("{}: {}", names[landmark.index], short(landmark.score)))
    });
    let cells: Vec<_> = first.into_iter().chain(second).chain(heatmaps).collect();
    let largest = |side: fn(&RgbImage) -> u32| cells.iter().map(side).max().unwrap_or(1);
    let cell = [largest(RgbImage::width), largest(RgbImage::height)];
    let cells: Vec<_> = cells.iter().map(|image| extended(image, cell)).collect();
    sheet(&cells, columns, cell)
}

/// `image` with white to its right and below it, so that titles side by side are on one line.
fn extended(image: &RgbImage, [width, height]: [u32; 2]) -> RgbImage {
    let mut page = RgbImage::from_pixel(width, height, Rgb([255; 3]));
    imageops::replace(&mut page, image, 0, 0);
    page
}

/// The title: the number of landmarks, and the category with its probability, if known.
fn title(detection: &Detection) -> String {
    let count = match detection.landmarks.len() {
        1 => "1 landmark".to_string(),
        count => format!("{count} landmarks"),
    };
    match &detection.category {
        None => count,
        Some(category) => match category.probability {
            Some(probability) => {
                format!("{} ({:.0} %): {count}", category.name, 100.0 * probability)
            }
            None => format!("{}: {count}", category.name),
        },
    }
}

/// The bars of a module's channels, below the lowest and the highest weight.
fn channels(weights: &[f32], module: usize, (width, height): (u32, u32)) -> RgbImage {
    let ColorScale { low, high } = ColorScale::of(weights);
    let title = match weights.is_empty() {
        true => format!("module {module}: no channel weights"),
        false => format!("module {module}: channels, {} to {}", short(low), short(high)),
    };
    captioned(&channel_bars(weights, [width, height]), &title, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        detector::{DetectedCategory, DetectedLandmark, ModuleAttention},
        geometry::{Affine, BoundingBox},
    };

    /// An explanation of FLD's first `found` landmarks by a network with `modules` modules.
    fn explanation(found: usize, modules: usize) -> Explanation {
        let map = |value: f32| InputMap {
            values: vec![0.0, value, 0.0, 0.0],
            size: [2, 2],
            to_map: Affine { xx: 0.01, yy: 0.01, ..Affine::IDENTITY },
        };
        let landmark = |index: usize| DetectedLandmark {
            index,
            name: LandmarkSchema::fld().names()[index].clone(),
            x: 20.0 * index as f32,
            y: 90.0,
            score: 0.5,
            confidence: None,
            visibility: None,
        };
        let category = DetectedCategory {
            index: 0,
            name: "upper".into(),
            probability: Some(0.934),
            sure: true,
        };
        let detection = Detection {
            landmarks: (0..found).map(landmark).collect(),
            category: Some(category),
            bounding_box: BoundingBox::whole(200, 100),
        };
        let module = |_| ModuleAttention { spatial: map(0.7), channels: vec![0.5, 1.5] };
        Explanation {
            detection,
            heatmaps: (0..8).map(|i| map(i as f32)).collect(),
            modules: (0..modules).map(module).collect(),
        }
    }

    #[test]
    fn there_is_a_cell_for_each_image_module_and_landmark() {
        let image = RgbImage::from_pixel(200, 100, Rgb([90; 3]));
        // Images of 360×180 with a title (14.4 pixels of text: 24 of height) and a scale of the
        // same height.
        let (width, height) = (360 + 8, 180 + 2 * 24 + 8);
        for (found, modules, columns, rows) in
            [(8, 3, 4, 4), (5, 3, 4, 4), (0, 3, 4, 2), (8, 0, 4, 3), (6, 1, 2, 5)]
        {
            let explanation = explanation(found, modules);
            let shown = explanation_sheet(&image, &explanation, &LandmarkSchema::fld());
            let expected = (8 + columns * width, 8 + rows * height);
            assert_eq!(shown.dimensions(), expected, "{found} landmarks, {modules} modules");
        }
    }

    #[test]
    fn the_title_says_what_was_found() {
        let mut detection = explanation(6, 0).detection;
        assert_eq!(title(&detection), "upper (93 %): 6 landmarks");
        detection.category.as_mut().unwrap().probability = None;
        detection.landmarks.truncate(1);
        assert_eq!(title(&detection), "upper: 1 landmark");
        detection.category = None;
        assert_eq!(title(&detection), "1 landmark");
    }

    #[test]
    #[should_panic(expected = "8 heatmaps of 6 landmarks")]
    fn another_schemas_explanation_is_a_mistake() {
        let schema = LandmarkSchema::fld_of(crate::landmark::ClothesType::Upper);
        explanation_sheet(&RgbImage::new(9, 9), &explanation(0, 0), &schema);
    }
}
