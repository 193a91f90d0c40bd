//! Two DAFE modules decode three custom feature maps and are trained for a few steps: the loss
//! falls.
use burn::{
    module::Module,
    nn::{
        PaddingConfig2d,
        conv::{Conv2d, Conv2dConfig},
    },
    optim::{AdamConfig, GradientsParams, ModuleOptimizer},
    tensor::{Distribution, activation::relu},
};
use dafe::{
    blocks::{DafeModule, DafeModuleConfig},
    loss::heatmap_mse,
    prelude::*,
};

#[derive(Module, Debug)]
struct Net {
    fine: Conv2d,
    middle: Conv2d,
    coarse: Conv2d,
    to_middle: DafeModule,
    to_fine: DafeModule,
    head: Conv2d,
}

impl Net {
    fn new(device: &Device) -> Self {
        let halving = |channels| {
            Conv2dConfig::new(channels, [3, 3])
                .with_stride([2, 2])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device)
        };
        Self {
            fine: halving([3, 16]),
            middle: halving([16, 32]),
            coarse: halving([32, 64]),
            to_middle: DafeModuleConfig::new(64, 32).init(device),
            to_fine: DafeModuleConfig::new(32, 16).init(device),
            head: Conv2dConfig::new([16, 2], [1, 1]).init(device),
        }
    }

    /// `[B, 3, H, W]` to heatmaps `[B, 2, H/2, W/2]`.
    fn forward(&self, images: Tensor<4>) -> Tensor<4> {
        let fine = relu(self.fine.forward(images));
        let middle = relu(self.middle.forward(fine.clone()));
        let coarse = relu(self.coarse.forward(middle.clone()));
        let middle = self.to_middle.forward(coarse, middle);
        self.head.forward(self.to_fine.forward(middle, fine))
    }
}

fn main() {
    let device = Device::flex().autodiff();
    device.seed(0);
    let codec = HeatmapCodec::new([48, 48], 2, 1.5);
    let images = Tensor::random([4, 3, 48, 48], Distribution::Normal(0.0, 1.0), &device);
    let positions = Tensor::random([4, 2, 2], Distribution::Uniform(8.0, 40.0), &device);
    let weights = Tensor::ones([4, 2], &device);
    let targets = codec.encode(positions, weights.clone());

    let mut net = Net::new(&device);
    let mut optimizer: ModuleOptimizer = AdamConfig::new().init();
    let mut losses = Vec::new();
    for _ in 0..12 {
        let loss = heatmap_mse(net.forward(images.clone()), targets.clone(), weights.clone());
        losses.push(loss.clone().into_scalar::<f32>());
        let gradients = GradientsParams::from_grads(loss.backward(), &net);
        net = optimizer.step(3e-3, net, gradients);
    }
    println!("losses {losses:.5?}");
    assert!(losses[11] < 0.8 * losses[0], "nothing was learned: {losses:?}");
}
