//! Tensors generated from their names, the same here and in tools/reference/fill.py, which
//! describes the method.
use burn::tensor::TensorData;

pub fn fnv1a(name: &str) -> u64 {
    let step = |state: u64, byte| (state ^ u64::from(byte)).wrapping_mul(0x100000001b3);
    name.bytes().fold(0xcbf29ce484222325, step)
}

/// The next number of SplitMix64.
pub fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e3779b97f4a7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d049bb133111eb);
    z ^ (z >> 31)
}

/// Numbers in [-1, 1), multiples of 2^-23.
pub fn uniform(name: &str, count: usize) -> Vec<f32> {
    let mut state = fnv1a(name);
    (0..count).map(|_| (splitmix(&mut state) >> 40) as f32 * 2f32.powi(-23) - 1.0).collect()
}

/// `center` ± `scale`.
pub fn scaled(name: &str, shape: &[usize], scale: f64, center: f32) -> TensorData {
    let values = uniform(name, shape.iter().product());
    TensorData::new(
        values.into_iter().map(|value| value * scale as f32 + center).collect::<Vec<f32>>(),
        shape.to_vec(),
    )
}

/// A parameter or running statistic, depending on the last part of its key and its rank.
pub fn parameter(name: &str, shape: &[usize]) -> TensorData {
    match (shape.len(), name.rsplit('.').next().unwrap()) {
        (4, _) => {
            scaled(name, shape, (3.0 / shape[1..].iter().product::<usize>() as f64).sqrt(), 0.0)
        }
        (_, "running_var") => scaled(name, shape, 0.5, 1.0),
        (_, "weight") => scaled(name, shape, 0.3, 1.0),
        (_, "bias" | "running_mean") => scaled(name, shape, 0.2, 0.0),
        _ => panic!("no rule for {name} {shape:?}"),
    }
}
