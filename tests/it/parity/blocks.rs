//! Outputs and all gradients of every block in every configuration.
use std::collections::BTreeMap;

use burn::{
    module::Module,
    optim::GradientsParams,
    tensor::{Device, Tensor, TensorData},
};
use dafe::blocks::{
    AttentionMap, ChannelAttentiveSelectionConfig, DafeModuleConfig, Gate, GlobalContextConfig,
    NonLocalConfig, SpatialAttentiveUpsamplingConfig, TopDownAdditionConfig,
    TransposedUpsamplingConfig,
};
use serde::Deserialize;

use super::support::{
    Fixture, assert_close, error, eval_norm, fill, gradients, json, named, values,
};
use crate::common::devices::on_cpus;

on_cpus!(every_block_has_pytorchs_outputs_and_gradients,);

/// A block and its input, as described by `blocks.json`.
#[derive(Deserialize)]
struct Case {
    name: String,
    block: String,
    /// For blocks that merge two maps.
    high: Option<[usize; 4]>,
    low: Option<[usize; 4]>,
    /// For blocks with one input.
    x: Option<[usize; 4]>,
    out_channels: Option<usize>,
    attention: Option<String>,
    #[serde(default)]
    norm: bool,
    reduction: Option<usize>,
    gate: Option<String>,
    #[serde(default)]
    smooth: bool,
    /// Parameters whose gradient is 0 for any input, because a softmax ignores them.
    zero_gradients: Vec<String>,
}

/// A few dozen f32 products and sums in another order; measured: 2e-6.
const TOLERANCE: f64 = 1e-5;

impl Case {
    fn attention(&self) -> AttentionMap {
        match self.attention.as_deref() {
            Some("per_channel") => AttentionMap::PerChannel,
            Some("uniform") => AttentionMap::Uniform,
            _ => AttentionMap::Shared,
        }
    }

    fn gate(&self) -> Gate {
        match self.gate.as_deref() {
            Some("sigmoid") => Gate::Sigmoid,
            _ => Gate::Linear,
        }
    }

    /// Compares output and gradients of `block`; `forward` takes the inputs in order.
    fn check<M: Module>(
        &self,
        fixture: &Fixture,
        block: M,
        inputs: &[(&str, [usize; 4])],
        device: &Device,
        forward: impl Fn(&M, &[Tensor<4>]) -> Tensor<4>,
    ) {
        let name = &self.name;
        let block = eval_norm(fill(block, &format!("{name}.")));
        let maps: Vec<Tensor<4>> = inputs
            .iter()
            .map(|(input, shape)| named(&format!("{name}/{input}"), *shape, device).require_grad())
            .collect();
        let output = forward(&block, &maps);
        let wanted = fixture.get(&format!("{name}/output"));
        assert_close(name, output.clone().into_data(), wanted, TOLERANCE);

        let upstream = named(&format!("{name}/upstream"), output.dims(), device);
        let mut tape = (output * upstream).sum().backward();
        for ((input, _), map) in inputs.iter().zip(&maps) {
            let key = format!("{name}/grad/{input}");
            match map.grad_remove(&mut tape) {
                Some(gradient) => {
                    assert_close(&key, gradient.into_data(), fixture.get(&key), TOLERANCE)
                }
                // A block that uses only the size of a map.
                None => assert!(!fixture.has(&key), "{key} is missing"),
            }
        }
        let found = gradients(&block, &GradientsParams::from_grads(tape, &block));
        self.check_parameters(fixture, found);
    }

    fn check_parameters(&self, fixture: &Fixture, found: BTreeMap<String, TensorData>) {
        assert!(!found.is_empty());
        for (parameter, gradient) in found {
            let key = format!("{}/grad/{parameter}", self.name);
            let gradient = values(gradient);
            if self.zero_gradients.contains(&parameter) {
                let most = gradient.iter().fold(0.0f32, |most, g| most.max(g.abs()));
                assert!(most < 1e-5, "{key} is {most}, not 0");
                continue;
            }
            let wanted = values(fixture.get(&key));
            let norm = wanted.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
            assert!(norm > 1e-3, "{key} proves nothing: its norm is {norm}");
            let error = error(&gradient, &wanted);
            assert!(error <= TOLERANCE, "{key}: error {error:.2e}");
        }
    }
}

fn every_block_has_pytorchs_outputs_and_gradients(device: &Device) {
    let device = &device.clone().autodiff();
    let fixture = Fixture::open("blocks.safetensors");
    let cases: Vec<Case> = json("blocks.json");
    assert!(cases.len() >= 30);
    for case in &cases {
        let reduction = case.reduction.unwrap_or(16);
        if let Some(x) = case.x {
            let inputs = [("x", x)];
            let (channels, device) = (x[1], device);
            match case.block.as_str() {
                "cas" => {
                    let block = ChannelAttentiveSelectionConfig::new(channels)
                        .with_reduction(reduction)
                        .with_gate(case.gate())
                        .init(device);
                    case.check(&fixture, block, &inputs, device, |b, x| b.forward(x[0].clone()));
                }
                "global_context" => {
                    let block =
                        GlobalContextConfig::new(channels).with_reduction(reduction).init(device);
                    case.check(&fixture, block, &inputs, device, |b, x| b.forward(x[0].clone()));
                }
                "non_local" => {
                    let block = NonLocalConfig::new(channels).init(device);
                    case.check(&fixture, block, &inputs, device, |b, x| b.forward(x[0].clone()));
                }
                other => panic!("no such block: {other}"),
            }
            continue;
        }
        let (high, low) = (case.high.unwrap(), case.low.unwrap());
        let inputs = [("high", high), ("low", low)];
        let out = case.out_channels;
        match case.block.as_str() {
            "sau" => {
                let block = SpatialAttentiveUpsamplingConfig::new(high[1], low[1])
                    .with_out_channels(out)
                    .with_attention(case.attention())
                    .with_norm(case.norm)
                    .init(device);
                case.check(&fixture, block, &inputs, device, |b, x| {
                    b.forward(x[0].clone(), x[1].clone())
                });
            }
            "dafe" => {
                let block = DafeModuleConfig::new(high[1], low[1])
                    .with_out_channels(out)
                    .with_attention(case.attention())
                    .with_norm(case.norm)
                    .with_reduction(reduction)
                    .with_gate(case.gate())
                    .init(device);
                case.check(&fixture, block, &inputs, device, |b, x| {
                    b.forward(x[0].clone(), x[1].clone())
                });
            }
            "transposed" => {
                let block = TransposedUpsamplingConfig::new(high[1], out.unwrap()).init(device);
                case.check(&fixture, block, &inputs, device, |b, x| {
                    b.forward(x[0].clone(), [low[2], low[3]])
                });
            }
            "top_down" => {
                let block = TopDownAdditionConfig::new(high[1], low[1], out.unwrap())
                    .with_smooth(case.smooth)
                    .init(device);
                case.check(&fixture, block, &inputs, device, |b, x| {
                    b.forward(x[0].clone(), x[1].clone())
                });
            }
            other => panic!("no such block: {other}"),
        }
    }
}
