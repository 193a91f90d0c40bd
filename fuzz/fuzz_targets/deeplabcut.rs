//! A table of labels and `config.yaml`, with a zero byte between them.
#![no_main]
use dafe::data::{DeepLabCutDataset, LandmarkDataset, ReadOptions};
use dafe_fuzz::{check, file, folder};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut files = bytes.splitn(2, |&byte| byte == 0);
    file("labeled-data/a/CollectedData_A.csv", files.next().unwrap_or_default());
    file("config.yaml", files.next().unwrap_or_default());
    let options = ReadOptions::default();
    let tolerant = DeepLabCutDataset::open_with(folder(), &options, &mut |_| Ok(()));
    if let Ok(dataset) = &tolerant {
        check(dataset);
    }
    // Without problems, strict and tolerant reading agree.
    if let Ok(dataset) = DeepLabCutDataset::open(folder()) {
        check(&dataset);
        assert_eq!(tolerant.expect("the same without problems").len(), dataset.len());
    }
});
