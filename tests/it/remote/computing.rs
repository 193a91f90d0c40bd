//! A served CPU compared with the local one: heatmaps and gradients of a small network, and
//! transferred tensors.
use std::{
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use burn::{
    backend::ExecutionError,
    module::{Module, ModuleVisitor, Param},
    optim::GradientsParams,
    tensor::{Distribution, TensorData, Tolerance},
};
use dafe::{backbone::ResNetConfig, prelude::*};

use super::{connect, serve};
use crate::common::fill;

fn config() -> LandmarkNetConfig {
    LandmarkNetConfig::new(4)
        .with_backbone(ResNetConfig::resnet18().with_width(8))
        .with_decoder_channels([16, 16, 16])
}

/// The gradients in the order of the parameters.
struct Collector<'a> {
    gradients: &'a GradientsParams,
    found: Vec<TensorData>,
}

impl ModuleVisitor for Collector<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let gradient = self.gradients.get::<D>(param.id);
        self.found.extend(gradient.map(Tensor::into_data));
    }
}

/// Heatmaps, then all gradients of a squared error, for the same numbers on any device.
fn pass(weights: &LandmarkNet, device: &Device) -> Vec<TensorData> {
    let device = device.clone().autodiff();
    let net = config().init(&device).load_record(weights.clone().into_record());
    let images = fill::scaled("images", &[2, 3, 64, 64], 1.0, 0.0);
    let target = fill::scaled("target", &[2, 4, 16, 16], 0.5, 0.5);
    let heatmaps = net.forward(Tensor::<4>::from_data(images, &device));
    let error = heatmaps.clone() - Tensor::from_data(target, &device);
    let gradients = error.square().sum().backward();
    let gradients = GradientsParams::from_grads(gradients, &net);
    let mut collector = Collector { gradients: &gradients, found: vec![heatmaps.into_data()] };
    net.visit(&mut collector);
    collector.found
}

#[test]
fn a_served_cpu_computes_what_this_machine_does() {
    let server = serve(1, None);
    let weights = config().init(&Device::flex());
    let here = pass(&weights, &Device::flex());
    let there = pass(&weights, &connect(&server, 0));
    assert!(here.len() > 80, "{}", here.len());
    assert_eq!(here.len(), there.len());
    for (here, there) in here.iter().zip(&there) {
        // The same formulas with other kernels (Burn's there, this crate's here), through about 30
        // layers of single precision: rounding errors of 1e-7 each grow to about 1e-5 of the
        // largest value. A wrong kernel is off by more than a hundredth.
        let largest = here.iter::<f32>().fold(0f32, |largest, value| largest.max(value.abs()));
        here.assert_approx_eq::<f32>(there, Tolerance::absolute(1e-3 * largest.max(1e-3)));
    }
}

#[test]
fn tensors_move_between_all_kinds_of_devices() {
    let (server, other) = (serve(2, None), serve(1, None));
    let devices = [Device::flex(), connect(&server, 0), connect(&server, 1), connect(&other, 0)];
    for from in &devices {
        for to in &devices {
            let tensor = Tensor::<2>::random([64, 48], Distribution::Default, from);
            let numbers = tensor.to_data();
            let moved = tensor.to_device(to);
            assert_eq!(moved.device(), *to);
            assert_eq!(moved.into_data(), numbers);
        }
    }
}

#[test]
fn what_a_dead_server_computed_is_an_error_and_not_a_wait() {
    let (done, is_done) = mpsc::channel();
    let test = thread::spawn(move || {
        outlive_a_server();
        // If it is too late, the failure has already been reported.
        let _ = done.send(());
    });
    let waited = is_done.recv_timeout(Duration::from_secs(60));
    assert_ne!(waited, Err(RecvTimeoutError::Timeout), "a dead server is waited for");
    test.join().unwrap();
}

fn outlive_a_server() {
    let server = serve(1, None);
    let device = connect(&server, 0);
    let sum = |device: &Device| -> Result<TensorData, ExecutionError> {
        Tensor::<1>::ones([8], device).sum().try_into_data()
    };
    assert_eq!(sum(&device).unwrap().iter::<f32>().next(), Some(8.0));
    let before = Tensor::<1>::ones([8], &device);
    drop(server);
    // The connection may break a moment later; results before that are never wrong.
    while let Ok(data) = sum(&device) {
        assert_eq!(data.iter::<f32>().next(), Some(8.0));
    }
    assert!(before.try_into_data().is_err());
    assert!(sum(&device).is_err());
}
