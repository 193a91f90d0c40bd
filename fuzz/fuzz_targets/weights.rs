//! A weights file: safetensors or PyTorch's.
#![no_main]
use dafe::weights::StateDict;
use dafe_fuzz::file;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = StateDict::read(&file("weights", bytes));
});
