//! FLD's three files, separated by zero bytes; if the first is empty, the four files of
//! DeepFashion-C's `Anno_fine` and its categories.
#![no_main]
use std::fs;

use dafe::data::{FldDataset, ReadEvent, Split};
use dafe_fuzz::{check, file, folder};
use libfuzzer_sys::fuzz_target;

const LISTS: [&str; 3] =
    ["Anno/list_landmarks.txt", "Anno/list_bbox.txt", "Eval/list_eval_partition.txt"];
const FINE: [&str; 5] = [
    "Anno_fine/train.txt",
    "Anno_fine/train_bbox.txt",
    "Anno_fine/train_landmarks.txt",
    "Anno_fine/train_cate.txt",
    "Anno_fine/list_category_cloth.txt",
];

fuzz_target!(|bytes: &[u8]| {
    for name in LISTS.iter().chain(&FINE) {
        let _ = fs::remove_file(folder().join(name));
    }
    match bytes.strip_prefix(&[0]) {
        None => {
            let mut files = bytes.splitn(3, |&byte| byte == 0);
            for name in LISTS {
                file(name, files.next().unwrap_or_default());
            }
        }
        // The last two files may be missing.
        Some(fine) => {
            let mut files = fine.splitn(5, |&byte| byte == 0);
            for (at, name) in FINE.into_iter().enumerate() {
                match files.next() {
                    None if at > 2 => (),
                    bytes => drop(file(name, bytes.unwrap_or_default())),
                }
            }
        }
    }
    let mut strict = 0;
    for &split in Split::ALL {
        if let Ok(dataset) = FldDataset::open(folder(), split) {
            check(&dataset);
            strict += 1;
        }
    }
    let mut problems = 0;
    let tolerant = FldDataset::open_all(folder(), &mut |event| {
        problems += usize::from(matches!(event, ReadEvent::Problem(_)));
        Ok(())
    });
    let tolerant = tolerant.unwrap_or_default();
    tolerant.iter().for_each(|dataset| check(dataset));
    // Without problems, strict and tolerant reading agree.
    assert!(strict == 0 || (problems == 0 && tolerant.len() == strict));
});
