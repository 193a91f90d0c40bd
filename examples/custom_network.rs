//! DAFE blocks on your own backbone: in `LandmarkNet`, and by themselves.
//!
//!     cargo run --release --example custom_network -- [--steps N] [--device flex]
use std::{env, process::ExitCode};

use burn::{
    module::Module,
    nn::{
        PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
    },
    optim::{AdamConfig, GradientsParams, ModuleOptimizer},
    tensor::activation::relu,
};
use dafe::{
    backbone::{Backbone, FeaturePyramid},
    blocks::{DafeModule, DafeModuleConfig},
    device::parse_device,
    loss::heatmap_mse,
    prelude::*,
};

const USAGE: &str = "usage: custom_network [--steps N] [--device flex]";

/// A plain stack of strided convolutions. Any module with maps at strides 4, 8, 16 and 32 works.
#[derive(Module, Debug)]
struct PlainBackbone {
    stem: Conv2d,
    stages: Vec<Conv2d>,
    widths: [usize; 4],
}

impl PlainBackbone {
    fn new(widths: [usize; 4], device: &Device) -> Self {
        let halving = |input, output| {
            Conv2dConfig::new([input, output], [3, 3])
                .with_stride([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device)
        };
        let [c2, c3, c4, c5] = widths;
        Self {
            stem: halving(3, c2),
            stages: vec![halving(c2, c2), halving(c2, c3), halving(c3, c4), halving(c4, c5)],
            widths,
        }
    }
}

impl Backbone for PlainBackbone {
    fn out_channels(&self) -> [usize; 4] {
        self.widths
    }

    fn forward(&self, images: Tensor<4>) -> FeaturePyramid {
        let stage = |i: usize, x: Tensor<4>| relu(self.stages[i].forward(x));
        let c2 = stage(0, relu(self.stem.forward(images)));
        let c3 = stage(1, c2.clone());
        let c4 = stage(2, c3.clone());
        let c5 = stage(3, c4.clone());
        FeaturePyramid { c2, c3, c4, c5 }
    }
}

/// One DAFE module in another kind of network: a coarse map refined by a fine one.
#[derive(Module, Debug)]
struct Refiner {
    backbone: PlainBackbone,
    merge: DafeModule,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let (steps, device) = arguments().ok_or(USAGE)?;
    let device = parse_device(&device)?.autodiff();
    device.seed(0);

    // 1. The complete landmark network on this backbone.
    let codec = HeatmapCodec::new([96, 96], LandmarkNetConfig::STRIDE, 1.5);
    let mut net = LandmarkNetConfig::new(2)
        .with_decoder_channels([32, 32, 32])
        .init_with(PlainBackbone::new([16, 32, 64, 64], &device), &device);
    println!("landmark network: {} parameters", net.num_params());

    // Bright squares on dark noise; two opposite corners are the landmarks.
    let (images, positions) = squares(16, 96, &device);
    let weights = Tensor::ones([16, 2], &device);
    let targets = codec.encode(positions, weights.clone());
    let mut optimizer: ModuleOptimizer = AdamConfig::new().init();
    for step in 1..=steps {
        let loss = heatmap_mse(net.forward(images.clone()), targets.clone(), weights.clone());
        if step == 1 || step % 20 == 0 {
            println!("step {step:>3}: loss {:.5}", loss.clone().into_scalar::<f32>());
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &net);
        net = optimizer.step(2e-3, net, gradients);
    }
    let found =
        codec.decode(net.valid().forward(images.inner().narrow(0, 0, 1)), Refinement::default());
    println!("corners of the first square: {:?}", found.into_images()[0].positions);

    // 2. One module by itself.
    let device = device.inner();
    let refiner = Refiner {
        backbone: PlainBackbone::new([16, 32, 64, 64], &device),
        merge: DafeModuleConfig::new(64, 32).with_out_channels(Some(24)).init(&device),
    };
    let maps = refiner.backbone.forward(Tensor::zeros([1, 3, 64, 64], &device));
    println!("one module: {:?} and {:?} to {:?}", maps.c4.dims(), maps.c3.dims(), {
        refiner.merge.forward(maps.c4, maps.c3).dims()
    });
    Ok(())
}

/// The steps and the device; `None` if the arguments are invalid.
fn arguments() -> Option<(usize, String)> {
    let (mut steps, mut device) = (60, "flex".to_string());
    let mut arguments = env::args().skip(1);
    while let Some(option) = arguments.next() {
        match option.as_str() {
            "--steps" => steps = arguments.next()?.parse().ok()?,
            "--device" => device = arguments.next()?,
            _ => return None,
        }
    }
    Some((steps, device))
}

/// Images `[count, 3, side, side]` of a bright square, and its top left and bottom right corners
/// `[count, 2, 2]`.
fn squares(count: usize, side: usize, device: &Device) -> (Tensor<4>, Tensor<3>) {
    use burn::tensor::{Distribution, TensorData};
    let mut corners = Vec::new();
    let mut mask = vec![0.0f32; count * side * side];
    for i in 0..count {
        let (left, top, size) = (8 + (i * 7) % 30, 8 + (i * 13) % 30, 24 + (i * 5) % 20);
        for y in top..top + size {
            let row = (i * side + y) * side;
            mask[row + left..row + left + size].fill(1.0);
        }
        let last = size - 1;
        corners.extend([left, top, left + last, top + last].map(|v| v as f32));
    }
    let mask = Tensor::<4>::from_data(TensorData::new(mask, [count, 1, side, side]), device);
    let noise = Tensor::random([count, 3, side, side], Distribution::Normal(0.0, 0.2), device);
    (noise + mask, Tensor::from_data(TensorData::new(corners, [count, 2, 2]), device))
}
