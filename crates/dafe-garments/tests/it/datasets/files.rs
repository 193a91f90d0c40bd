//! Files: generated datasets are read back unchanged, however often the generator was interrupted.
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use dafe::{data::Subset, landmark::Visibility, prelude::*};
use dafe_garments::{SceneDatasetConfig, Style, generate_scene, write_scene_dataset};

use super::{COCO, DEEPFASHION2, generated, open, samples, small, write};

/// Every file below a folder, with its contents.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => drop(found.insert(path.clone(), fs::read(&path).unwrap())),
        }
    }
    found
}

#[test]
fn both_forms_hold_the_garments_that_were_drawn() {
    for form in [DEEPFASHION2, COCO] {
        let folder = generated(form);
        for (split, images) in [(Split::Train, 12), (Split::Val, 4), (Split::Test, 5)] {
            let dataset = open(folder.path(), form, split);
            let mut left = samples(dataset.as_ref()).into_iter().enumerate().peekable();
            for image in 0..images {
                let scene = generate_scene(Style::Usual, 3, split, image);
                for garment in &scene.garments {
                    let (index, sample) = left.next().unwrap();
                    let number = dataset.image_id(index);
                    assert_eq!(number, Some(image + 1), "{form:?} {split} sample {index}");
                    assert_eq!(sample.bounding_box, garment.item.bounding_box);
                    let (drawn, category) = match form {
                        DEEPFASHION2 => (&garment.item.landmarks, garment.item.category as usize),
                        COCO => (&garment.fld_landmarks, garment.clothes_type as usize),
                    };
                    assert_eq!(sample.category, Some(category));
                    let own = dataset.schema().landmarks_of(sample.category);
                    let drawn: Vec<_> = match form {
                        DEEPFASHION2 => drawn.iter().collect(),
                        COCO => own.iter().map(|&slot| &drawn[slot]).collect(),
                    };
                    assert_eq!(own.len(), drawn.len());
                    for (&slot, drawn) in own.iter().zip(drawn) {
                        let read = &sample.landmarks[slot];
                        assert_eq!(read.visibility, drawn.visibility);
                        if drawn.visibility.has_position() {
                            assert_eq!((read.x, read.y), (drawn.x, drawn.y));
                        }
                    }
                    let absent = sample.landmarks.iter();
                    let absent = absent.filter(|l| l.visibility == Visibility::Absent).count();
                    assert_eq!(absent + own.len(), dataset.schema().len());
                    let read = dataset.image(index).unwrap();
                    assert_eq!(read.dimensions(), scene.image.dimensions());
                }
            }
            assert!(left.next().is_none(), "{form:?} {split}: more samples than garments");
            assert!(dataset.len() > images as usize, "no image has several garments");
        }
    }
}

#[test]
fn an_interrupted_tree_becomes_the_same_as_one_drawn_at_once() {
    for form in [DEEPFASHION2, COCO] {
        let whole = generated(form);
        let names = |folder: &Path| -> Vec<(PathBuf, Vec<u8>)> {
            let relative = |path: PathBuf| path.strip_prefix(folder).unwrap().to_path_buf();
            files(folder).into_iter().map(|(path, bytes)| (relative(path), bytes)).collect()
        };
        // An interrupted state: started, with some images, and no or some annotations.
        let parts = generated(form);
        let finished = parts.path().join("garments.json");
        fs::rename(&finished, parts.path().join("garments.json.begun")).unwrap();
        let mut lost = BTreeSet::new();
        for (i, path) in files(parts.path()).into_keys().enumerate() {
            let begun = path.extension().is_some_and(|extension| extension == "begun");
            if i % 3 == 0 && !begun {
                fs::remove_file(&path).unwrap();
                lost.insert(path);
            }
        }
        assert!(lost.len() > 5);
        write(parts.path(), &small(form)).unwrap();
        assert!(names(parts.path()) == names(whole.path()), "{form:?}: the datasets differ");
        // A finished dataset is not touched: even missing files are not generated again.
        let gone = lost.first().unwrap();
        fs::remove_file(gone).unwrap();
        write(parts.path(), &small(form)).unwrap();
        assert!(!gone.exists());
    }
}

#[test]
fn other_trees_and_data_sets_are_not_written_over() {
    let folder = generated(DEEPFASHION2);
    let before = files(folder.path());
    let mut other_seed = small(DEEPFASHION2);
    other_seed.seed = 4;
    let mut more = small(DEEPFASHION2);
    more.train = 13;
    for other in [small(COCO), other_seed, more] {
        let error = write(folder.path(), &other).unwrap_err();
        assert!(error.contains("garments.json") && error.contains("another folder"), "{error}");
    }
    for count in [0, 10_000_000, usize::MAX] {
        let config = SceneDatasetConfig { train: count, val: count.min(1), test: 0, ..small(COCO) };
        let error = write(folder.path(), &config).unwrap_err();
        assert!(error.contains("at least one image") || error.contains("at most"), "{error}");
    }
    // A real dataset has no file that marks it as generated.
    for name in ["train/image/000007.jpg", "validation/image/000001.jpg"] {
        let real = tempfile::tempdir().unwrap();
        let path = real.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "a photograph").unwrap();
        let error = write(real.path(), &small(DEEPFASHION2)).unwrap_err();
        assert!(error.contains(path.to_str().unwrap()), "{error}");
        assert_eq!(files(real.path()).len(), 1);
    }
    assert!(files(folder.path()) == before, "a refused dataset was changed");
}

#[test]
fn progress_counts_every_image_once() {
    let folder = tempfile::tempdir().unwrap();
    let told = std::sync::Mutex::new(Vec::new());
    let note = |done, total| told.lock().unwrap().push((done, total));
    write_scene_dataset(folder.path(), &small(COCO), &note).unwrap();
    let mut told = told.into_inner().unwrap();
    told.sort_unstable();
    assert_eq!(told, (1..=21).map(|done| (done, 21)).collect::<Vec<_>>());
}

#[test]
fn a_part_of_a_tree_takes_images_whole() {
    for form in [DEEPFASHION2, COCO] {
        let folder = generated(form);
        let whole = open(folder.path(), form, Split::Train);
        let half = Subset::fraction(whole.clone(), 0.5, 7).unwrap();
        let by_image = |dataset: &dyn LandmarkDataset| {
            let mut counts = BTreeMap::new();
            for index in 0..dataset.len() {
                *counts.entry(dataset.image_id(index).unwrap()).or_insert(0) += 1;
            }
            counts
        };
        let (all, chosen) = (by_image(whole.as_ref()), by_image(&half));
        assert_eq!((all.len(), chosen.len()), (12, 6));
        assert!(chosen.iter().all(|(image, count)| all[image] == *count), "{chosen:?}");
        assert!(chosen.values().any(|&count| count > 1));
    }
}
