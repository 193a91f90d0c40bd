//! Images of bytes as normalized planes of numbers.
use burn::tensor::{Device, Tensor};

use super::{Buffer, from_flex, is_our_device, share};

/// RGB bytes `[B, height, width, 3]` as `(value − mean) / deviation`, `[B, 3, height, width]`, if `device` is Flex: what
/// Burn's operations give, to the last bit.
pub(crate) fn planes(
    bytes: &[u8],
    [batch, height, width]: [usize; 3],
    [mean, deviation]: [[f32; 3]; 2],
    device: &Device,
) -> Option<Tensor<4>> {
    if !is_our_device(device) {
        return None;
    }
    // Every value that a byte can have.
    let table: [[f32; 256]; 3] = std::array::from_fn(|channel| {
        std::array::from_fn(|value| (value as f32 - mean[channel]) / deviation[channel])
    });
    let pixels = height * width;
    let mut images = Buffer::new(batch * 3 * pixels);
    if pixels > 0 {
        let outputs = images.chunks_exact_mut(3 * pixels);
        share(bytes.chunks_exact(3 * pixels).zip(outputs), |(bytes, planes)| {
            let (red, rest) = planes.split_at_mut(pixels);
            let (green, blue) = rest.split_at_mut(pixels);
            let planes = red.iter_mut().zip(green).zip(blue);
            for (pixel, ((red, green), blue)) in bytes.as_chunks::<3>().0.iter().zip(planes) {
                *red = table[0][usize::from(pixel[0])];
                *green = table[1][usize::from(pixel[1])];
                *blue = table[2][usize::from(pixel[2])];
            }
        });
    }
    let images = images.into_tensor([batch, 3, height, width]);
    Some(from_flex(images, device.is_autodiff()))
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
