//! Writers of each format's annotation files, and the image names in it.
use std::{collections::HashSet, path::Path};

use dafe::{
    data::{
        DatasetFormat, FldFormat,
        coco::{CocoImage, write_coco},
        deepfashion2::{
            DeepFashion2Attributes, DeepFashion2Image, DeepFashion2Item, image_name,
            write_annotation,
        },
        deeplabcut::{DeepLabCutImage, write_deeplabcut},
        fld::write_annotations,
        yolo::{YoloImage, write_yolo},
    },
    landmark::{DeepFashion2Category, LandmarkSample},
    prelude::*,
};

use super::images::{Gathered, Image};
use crate::support::Outcome;

/// Writes the annotations of all splits to `folder`; returns the paths of each split's images
/// relative to it.
pub fn annotations(
    folder: &Path,
    format: DatasetFormat,
    schema: &LandmarkSchema,
    splits: &[Gathered],
) -> Outcome<Vec<Vec<String>>> {
    match format {
        DatasetFormat::Coco => coco(folder, schema, splits),
        DatasetFormat::Yolo => yolo(folder, schema, splits),
        DatasetFormat::DeepLabCut => deeplabcut(folder, schema, splits),
        DatasetFormat::DeepFashion2 => deepfashion2(folder, schema, splits),
        DatasetFormat::Fld => fld(folder, FldFormat::Fld, schema, splits),
        DatasetFormat::DeepFashionC => fld(folder, FldFormat::DeepFashionC, schema, splits),
        other => Err(format!("datasets can't be written as {other}").into()),
    }
}

fn coco(folder: &Path, schema: &LandmarkSchema, splits: &[Gathered]) -> Outcome<Vec<Vec<String>>> {
    let mut all = Vec::new();
    for Gathered { split, images } in splits {
        // The dataset's own ids, if they are unique.
        let ids: Option<Vec<u64>> = images.iter().map(|image| image.id).collect();
        let mut seen = HashSet::new();
        let ids = ids.filter(|ids| ids.iter().all(|id| seen.insert(*id)));
        let ids = ids.unwrap_or_else(|| (1..=images.len() as u64).collect());
        let written = images.iter().zip(ids).map(|(image, id)| CocoImage {
            id,
            file_name: image.name.clone(),
            size: Some(image.size),
            samples: image.samples.clone(),
        });
        let path = folder.join(format!("annotations/{split}.json"));
        std::fs::create_dir_all(folder.join("annotations"))?;
        write_coco(&path, schema, &written.collect::<Vec<_>>())?;
        all.push(images.iter().map(|image| format!("images/{split}/{}", image.name)).collect());
    }
    Ok(all)
}

fn yolo(folder: &Path, schema: &LandmarkSchema, splits: &[Gathered]) -> Outcome<Vec<Vec<String>>> {
    let written: Vec<_> = splits
        .iter()
        .map(|Gathered { split, images }| {
            let image = |image: &Image| YoloImage {
                name: image.name.clone(),
                size: image.size,
                samples: image.samples.clone(),
            };
            (*split, images.iter().map(image).collect())
        })
        .collect();
    write_yolo(folder, schema, &written)?;
    let names = |Gathered { split, images }: &Gathered| {
        images.iter().map(|image| format!("images/{split}/{}", image.name)).collect()
    };
    Ok(splits.iter().map(names).collect())
}

/// A folder of "videos", one per split, as DeepLabCut has no splits.
fn deeplabcut(
    folder: &Path,
    schema: &LandmarkSchema,
    splits: &[Gathered],
) -> Outcome<Vec<Vec<String>>> {
    let name = |split: Split, image: &Image| {
        format!("labeled-data/{split}/{}", image.name.replace('/', "-"))
    };
    let written: Vec<_> = splits
        .iter()
        .flat_map(|Gathered { split, images }| {
            images.iter().map(|image| DeepLabCutImage {
                name: name(*split, image),
                size: image.size,
                samples: image.samples.clone(),
            })
        })
        .collect();
    write_deeplabcut(folder, schema, "dafe", &written)?;
    let names = |Gathered { split, images }: &Gathered| {
        images.iter().map(|image| name(*split, image)).collect()
    };
    Ok(splits.iter().map(names).collect())
}

fn fld(
    folder: &Path,
    format: FldFormat,
    schema: &LandmarkSchema,
    splits: &[Gathered],
) -> Outcome<Vec<Vec<String>>> {
    if schema.names() != LandmarkSchema::fld().names() {
        return Err("FLD's format has FLD's eight landmarks and no others".into());
    }
    let name = |split: Split, image: &Image| format!("img/{split}/{}", image.name);
    let mut rows = Vec::new();
    for Gathered { split, images } in splits {
        for image in images {
            let [sample] = &image.samples[..] else {
                let count = image.samples.len();
                let message =
                    format!("{}: FLD's format has one garment per image, not {count}", image.name);
                return Err(message.into());
            };
            rows.push((*split, LandmarkSample { image: name(*split, image), ..sample.clone() }));
        }
    }
    write_annotations(folder, format, &rows)?;
    let names = |Gathered { split, images }: &Gathered| {
        images.iter().map(|image| name(*split, image)).collect()
    };
    Ok(splits.iter().map(names).collect())
}

fn deepfashion2(
    folder: &Path,
    schema: &LandmarkSchema,
    splits: &[Gathered],
) -> Outcome<Vec<Vec<String>>> {
    if schema.len() != DeepFashion2Category::LANDMARKS {
        return Err("DeepFashion2's format has its 294 landmarks and no others".into());
    }
    let mut all = Vec::new();
    for Gathered { split, images } in splits {
        let mut names = Vec::new();
        for (number, image) in (1..).zip(images) {
            let items = image.samples.iter().map(item).collect::<Outcome<Vec<_>>>()?;
            let written = DeepFashion2Image { items, ..Default::default() };
            write_annotation(folder, *split, number, &written)?;
            names.push(image_name(*split, number));
        }
        all.push(names);
    }
    Ok(all)
}

fn item(sample: &LandmarkSample) -> Outcome<DeepFashion2Item> {
    let category = sample.category.and_then(|index| DeepFashion2Category::ALL.get(index));
    let category = *category.ok_or("an annotation has none of DeepFashion2's categories")?;
    Ok(DeepFashion2Item {
        category,
        bounding_box: sample.bounding_box,
        landmarks: sample.landmarks[category.landmarks()].to_vec(),
        attributes: DeepFashion2Attributes::default(),
        segmentation: Vec::new(),
    })
}
