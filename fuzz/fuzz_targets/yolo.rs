//! `data.yaml` and the label file of one image, with a zero byte between them.
#![no_main]
use dafe::data::{LandmarkDataset, Split, YoloDataset, ReadOptions};
use dafe_fuzz::{check, file, folder, yolo_image};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut files = bytes.splitn(2, |&byte| byte == 0);
    let yaml = files.next().unwrap_or_default();
    // Only the fuzzer's own folder is searched.
    if yaml.iter().any(|byte| b"/\\~.".contains(byte)) {
        return;
    }
    yolo_image();
    file("data.yaml", yaml);
    file("labels/a.txt", files.next().unwrap_or_default());
    for &split in Split::ALL {
        let strict = YoloDataset::open(folder(), split);
        let options = ReadOptions::default();
        let tolerant = YoloDataset::open_with(folder(), split, &options, &mut |_| Ok(()));
        if let Ok(dataset) = &tolerant {
            check(dataset);
        }
        // Without problems, strict and tolerant reading agree.
        if let Ok(dataset) = strict {
            check(&dataset);
            assert_eq!(tolerant.expect("the same without problems").len(), dataset.len());
        }
    }
});
