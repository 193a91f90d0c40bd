//! Images of bytes as normalized values, channels last.
use burn::tensor::{Device, Tensor};

use super::{
    memory::Buffer,
    share::share,
    tensors::{from_flex, is_our_device},
};

/// Converts RGB bytes `[B, height, width, 3]` to `(value − mean) / deviation`,
/// `[B, 3, height, width]`, channels last in memory, if `device` is Flex. Equal to Burn's
/// operations to the last bit.
pub(crate) fn planes(
    bytes: &[u8],
    [batch, height, width]: [usize; 3],
    [mean, deviation]: [[f32; 3]; 2],
    device: &Device,
) -> Option<Tensor<4>> {
    if !is_our_device(device) {
        return None;
    }
    // The results for all values of a byte.
    let table: [[f32; 256]; 3] = std::array::from_fn(|channel| {
        std::array::from_fn(|value| (value as f32 - mean[channel]) / deviation[channel])
    });
    let image = height * width * 3;
    let mut images = Buffer::new(batch * image);
    if image > 0 {
        share(bytes.chunks_exact(image).zip(images.chunks_exact_mut(image)), |(bytes, values)| {
            let pixels = bytes.as_chunks::<3>().0.iter().zip(values.as_chunks_mut::<3>().0);
            for (pixel, values) in pixels {
                for channel in 0..3 {
                    values[channel] = table[channel][usize::from(pixel[channel])];
                }
            }
        });
    }
    Some(from_flex(images.into_maps([batch, 3, height, width]), device.is_autodiff()))
}

#[cfg(test)]
mod tests {
    use burn::tensor::{DType, Int, TensorData};

    use super::*;

    #[test]
    fn planes_are_what_burn_makes() {
        let size = [3, 7, 5];
        let bytes: Vec<u8> = (0..3 * 7 * 5 * 3).map(|i| (i * 37 % 256) as u8).collect();
        let numbers = [[123.675, 116.28, 103.53], [58.395, 57.12, 57.375]];
        for device in [Device::flex(), Device::flex().autodiff()] {
            let found = planes(&bytes, size, numbers, &device).expect("Flex");
            assert_eq!(found.device().is_autodiff(), device.is_autodiff());
            let data = TensorData::new(bytes.clone(), [3, 7, 5, 3]);
            let images = Tensor::<4, Int>::from_data(data, (&device, DType::U8)).float();
            let [mean, deviation] =
                numbers.map(|three| Tensor::<1>::from_floats(three, &device).reshape([1, 3, 1, 1]));
            let expected = (images.permute([0, 3, 1, 2]) - mean) / deviation;
            found.into_data().assert_eq(&expected.into_data(), true);
        }
    }
}
