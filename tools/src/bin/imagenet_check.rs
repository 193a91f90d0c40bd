//! Prints which of ImageNet's 1,000 classes an EfficientNet-Lite finds in photographs. With the
//! published classifier on top, the backbone must give the original's classes
//! (`tools/reference/imagenet_check.py` prints those in the same format).
use std::{path::PathBuf, process::ExitCode};

use burn::{
    module::{Param, RunningState},
    nn::{BatchNorm, BatchNormConfig, conv::Conv2dConfig},
    tensor::{Tensor, TensorData, activation::softmax},
};
use clap::Parser;
use dafe::{
    backbone::{Backbone, EfficientNetLiteConfig, IMAGENET_MEAN, IMAGENET_STD},
    data::image::read_image,
    ops::{Activation, Epilogue, conv2d},
    prelude::*,
    weights::{StateDict, load_efficientnet_lite},
};
use dafe_cli::support::{Outcome, finish};
use image::imageops::{FilterType, resize};

/// Side of the images, in pixels.
const SIDE: u32 = 224;

#[derive(Parser)]
#[command(about = "Print the ImageNet class that EfficientNet-Lite0 predicts for each photograph")]
struct Args {
    /// The published weights, including the classifier
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// Photographs; each is stretched to 224 × 224 pixels
    #[arg(required = true)]
    photographs: Vec<PathBuf>,
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> Outcome<()> {
    let device = Device::flex();
    let mut net = EfficientNetLiteConfig::lite0().init(&device);
    println!("{}", load_efficientnet_lite(&mut net, &args.weights)?);
    let head = Head::read(&StateDict::read(&args.weights)?, &device)?;
    for path in &args.photographs {
        let image = resize(&read_image(path)?, SIDE, SIDE, FilterType::Triangle);
        let mut planes = Vec::with_capacity(image.len());
        for channel in 0..3 {
            let (mean, deviation) = (IMAGENET_MEAN[channel], IMAGENET_STD[channel]);
            let values = image.pixels().map(|pixel| f32::from(pixel.0[channel]) / 255.0);
            planes.extend(values.map(|value| (value - mean) / deviation));
        }
        let side = SIDE as usize;
        let input = Tensor::from_data(TensorData::new(planes, [1, 3, side, side]), &device);
        let (class, probability) = head.best(net.forward(input).c5)?;
        println!("{class} {probability:.3} {}", path.display());
    }
    Ok(())
}

/// The original's layers after the backbone: a 1×1 convolution, global average pooling, a
/// linear classifier.
struct Head {
    conv: burn::nn::conv::Conv2d,
    norm: BatchNorm,
    /// Weight `[1000, 1280]`, and bias `[1000]`.
    weight: Tensor<2>,
    bias: Tensor<1>,
}

impl Head {
    fn read(weights: &StateDict, device: &Device) -> Outcome<Self> {
        // The two public naming schemes.
        let [conv_head, bn, classifier] = match weights.shape("_fc.weight") {
            Some(_) => ["_conv_head", "_bn1", "_fc"],
            None => ["conv_head", "bn2", "classifier"],
        };
        let value = |part: &str, name: &str| weights.value(&format!("{part}.{name}"));
        let vector =
            |name| -> Outcome<Tensor<1>> { Ok(Tensor::from_data(value(bn, name)?, device)) };
        let mut conv = Conv2dConfig::new([320, 1280], [1, 1]).with_bias(false).init(device);
        conv.weight = Param::from_data(value(conv_head, "weight")?, device);
        let mut norm = BatchNormConfig::new(1280).with_epsilon(1e-3).init(device);
        norm.gamma = Param::from_tensor(vector("weight")?);
        norm.beta = Param::from_tensor(vector("bias")?);
        norm.running_mean = RunningState::new(vector("running_mean")?);
        norm.running_var = RunningState::new(vector("running_var")?);
        let weight = Tensor::from_data(value(classifier, "weight")?, device);
        let bias = Tensor::from_data(value(classifier, "bias")?, device);
        Ok(Self { conv, norm, weight, bias })
    }

    /// The likeliest class and its probability.
    fn best(&self, map: Tensor<4>) -> Outcome<(usize, f32)> {
        let epilogue = Epilogue { activation: Activation::Relu6, ..Epilogue::norm(&self.norm) };
        let features = conv2d(&self.conv, map, epilogue).mean_dim(3).mean_dim(2);
        let features: Tensor<2> = features.reshape([1, 1280]);
        let logits =
            features.matmul(self.weight.clone().transpose()) + self.bias.clone().unsqueeze();
        let found = softmax(logits, 1).into_data().try_into_vec::<f32>()?;
        let best = (0..found.len()).max_by(|a, b| found[*a].total_cmp(&found[*b]));
        let best = best.ok_or("the classifier has no classes")?;
        Ok((best, found[best]))
    }
}
