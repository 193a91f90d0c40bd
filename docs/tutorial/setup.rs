// What the pages' Rust blocks begin from when they are run as tests: a folder of their own, with the kites of the first page
// and, for the second, the network that it trains.
use std::{env, error::Error, sync::Arc};

use dafe::{prelude::*, train::Interrupter};
use tempfile::TempDir;

#[allow(dead_code, reason = "the blocks use a part, and not the program's main")]
mod kites {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/generate_kites.rs"));
}

/// Makes a temporary folder the current one, and generates `kites/` there. It is removed with what is returned.
#[allow(dead_code, reason = "each block uses a part")]
pub fn with_kites() -> Result<TempDir, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    env::set_current_dir(&folder)?;
    kites::generate_kites("kites".as_ref())?;
    Ok(folder)
}

/// [`with_kites`], and a network in `runs/kites`.
#[allow(dead_code, reason = "each block uses a part")]
pub fn with_model() -> Result<TempDir, Box<dyn Error>> {
    let folder = with_kites()?;
    let open = |split| CocoDataset::open(format!("kites/annotations/{split}.json"), "kites/images");
    let (train, val) = (Arc::new(open("train")?), Arc::new(open("val")?));
    let mut config = TrainConfig::preset(Preset::Nano, 4);
    config.epochs = 4;
    config.augmentation.loose.probability = 0.3;
    config.augmentation.whole_image = 0.3;
    let training = Training::new(config, train, val, vec![Device::flex(); 2], "runs/kites");
    training.run(&Interrupter::new(), |_| ())?;
    Ok(folder)
}
