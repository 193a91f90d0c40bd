//! FLD's three files, one after another with a zero byte between them.
#![no_main]
use dafe::data::{FldDataset, ReadEvent, Split};
use dafe_fuzz::{check, file, folder};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut files = bytes.splitn(3, |&byte| byte == 0);
    for name in ["Anno/list_landmarks.txt", "Anno/list_bbox.txt", "Eval/list_eval_partition.txt"] {
        file(name, files.next().unwrap_or_default());
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
    // What is read without complaint is read alike.
    assert!(strict == 0 || (problems == 0 && tolerant.len() == strict));
});
