//! Equations 1 to 5 on numbers small enough to work out by hand.
use approx::assert_abs_diff_eq;
use burn::module::{Module, Param};
use burn::tensor::{TensorData, Tolerance};
use dafe::{
    blocks::{
        AttentionMap, ChannelAttentiveSelectionConfig, DafeModuleConfig, Gate,
        SpatialAttentiveUpsamplingConfig,
    },
    prelude::*,
};

use crate::common::devices::on_cpus;

on_cpus!(
    eq_1_and_2_by_hand,
    eq_2_upsamples_the_attention_bilinearly_and_maps_the_lateral,
    the_transposed_convolution_extends_the_exact_grid,
    eq_3_to_5_by_hand,
    a_new_selection_lets_everything_pass,
    new_context_blocks_change_nothing,
    a_module_is_its_two_blocks_and_can_show_its_attention,
);

/// Loads `values` into the module by key, like a weights file.
fn load<M: Module>(module: M, values: &[(&str, TensorData)]) -> M {
    use burn::store::{ModuleSnapshot, ModuleStore, SafetensorsStore};
    let mut store = SafetensorsStore::from_bytes(None);
    module.save_into(&mut store).unwrap();
    let keys: Vec<String> = store.keys().unwrap();
    let mut wanted: Vec<&str> = values.iter().map(|(key, _)| *key).collect();
    let mut found: Vec<&str> = keys.iter().map(String::as_str).collect();
    wanted.sort();
    found.sort();
    assert_eq!(wanted, found);
    set_all(module, values)
}

fn set_all<M: Module>(module: M, values: &[(&str, TensorData)]) -> M {
    struct Setter<'a> {
        path: Vec<String>,
        values: &'a [(&'a str, TensorData)],
    }
    impl burn::module::ModuleMapper for Setter<'_> {
        fn enter_module(&mut self, name: &str, _kind: &str) {
            self.path.push(name.into());
        }
        fn exit_module(&mut self, _name: &str, _kind: &str) {
            self.path.pop();
        }
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let path = self.path.join(".");
            let (_, data) = self.values.iter().find(|(key, _)| *key == path).unwrap();
            param.map(|tensor| Tensor::from_data(data.clone(), &tensor.device()))
        }
    }
    module.map(&mut Setter { path: Vec::new(), values })
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

fn eq_1_and_2_by_hand(device: &Device) {
    // X: one channel, 1×1, value 2. U_t with an all-ones kernel: each cell of the 2×2 output is
    // covered once, so 2, plus bias 0.5. M = sigmoid(0.25·2 − 1) = sigmoid(−0.5), constant, so
    // U_b(M) is the same everywhere.
    let block = SpatialAttentiveUpsamplingConfig::new(1, 1).init(device);
    let block = load(
        block,
        &[
            ("upsample.weight", TensorData::new(vec![1.0f32; 16], [1, 1, 4, 4])),
            ("upsample.bias", TensorData::from([0.5f32])),
            ("attention.weight", TensorData::new(vec![0.25f32], [1, 1, 1, 1])),
            ("attention.bias", TensorData::from([-1.0f32])),
        ],
    );
    let high = Tensor::<4>::from_floats([[[[2.0]]]], device);
    let low = Tensor::<4>::from_floats([[[[1.0, 2.0], [3.0, 4.0]]]], device);
    let m = sigmoid(-0.5);
    let attention = block.attention(high.clone()).into_scalar::<f32>();
    assert_abs_diff_eq!(attention, m, epsilon = 1e-6);
    let expected = [2.5 + m, 2.5 + 2.0 * m, 2.5 + 3.0 * m, 2.5 + 4.0 * m];
    let output = block.forward(high, low).into_data();
    output.assert_approx_eq::<f32>(
        &TensorData::new(expected.to_vec(), [1, 1, 2, 2]),
        Tolerance::absolute(1e-6),
    );
}

fn eq_2_upsamples_the_attention_bilinearly_and_maps_the_lateral(device: &Device) {
    // X: 1×2, values 0 and 2. U_t is switched off (weight 0, bias 0). M = sigmoid(X), upsampled
    // along the row with weights (1, 0), (¾, ¼), (¼, ¾), (0, 1). Y = 1 in both of its channels; the
    // lateral sums them: 2.
    let block = SpatialAttentiveUpsamplingConfig::new(1, 2).with_out_channels(Some(1)).init(device);
    let block = load(
        block,
        &[
            ("upsample.weight", TensorData::new(vec![0.0f32; 16], [1, 1, 4, 4])),
            ("upsample.bias", TensorData::from([0.0f32])),
            ("attention.weight", TensorData::new(vec![1.0f32], [1, 1, 1, 1])),
            ("attention.bias", TensorData::from([0.0f32])),
            ("lateral.weight", TensorData::new(vec![1.0f32, 1.0], [1, 2, 1, 1])),
            ("lateral.bias", TensorData::from([0.0f32])),
        ],
    );
    let high = Tensor::<4>::from_floats([[[[0.0, 2.0]]]], device);
    let (a, b) = (sigmoid(0.0), sigmoid(2.0));
    let row = [a, 0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b, b].map(|m| 2.0 * m);
    let output = block.forward(high, Tensor::ones([1, 2, 2, 4], device)).into_data();
    output.assert_approx_eq::<f32>(
        &TensorData::new([row, row].concat(), [1, 1, 2, 4]),
        Tolerance::absolute(1e-6),
    );
}

fn the_transposed_convolution_extends_the_exact_grid(device: &Device) {
    // With an all-ones kernel of 4 and stride 2, output cell i of a 1×2 input sums the inputs j
    // with 2j − 1 ≤ i ≤ 2j + 2: x0 | x0+x1 | x0+x1 | x1, and, one column further, x1.
    let block = SpatialAttentiveUpsamplingConfig::new(1, 1).init(device);
    let block = load(
        block,
        &[
            ("upsample.weight", TensorData::new(vec![1.0f32; 16], [1, 1, 4, 4])),
            ("upsample.bias", TensorData::from([0.0f32])),
            ("attention.weight", TensorData::new(vec![0.0f32], [1, 1, 1, 1])),
            ("attention.bias", TensorData::from([0.0f32])),
        ],
    );
    let high = Tensor::<4>::from_floats([[[[1.0, 10.0]]]], device);
    for (width, expected) in [
        (3, vec![1.0f32, 11.0, 11.0]),
        (4, vec![1.0, 11.0, 11.0, 10.0]),
        (5, vec![1.0, 11.0, 11.0, 10.0, 10.0]),
    ] {
        let low = Tensor::<4>::zeros([1, 1, 1, width], device);
        let output = block.forward(high.clone(), low).into_data();
        output.assert_eq(&TensorData::new(expected, [1, 1, 1, width]), true);
    }
}

fn eq_3_to_5_by_hand(device: &Device) {
    // Two channels with means 1 and 3; bottleneck of one: relu(2·1 − 1·3 + 2) = 1; U = (1·1 + 1,
    // −2·1 + 1).
    let block = ChannelAttentiveSelectionConfig::new(2).init(device);
    let values = [
        ("reduce.weight", TensorData::new(vec![2.0f32, -1.0], [1, 2, 1, 1])),
        ("reduce.bias", TensorData::from([2.0f32])),
        ("expand.weight", TensorData::new(vec![1.0f32, -2.0], [2, 1, 1, 1])),
        ("expand.bias", TensorData::from([1.0f32, 1.0])),
    ];
    let x = Tensor::<4>::from_floats([[[[0.0, 2.0]], [[2.0, 4.0]]]], device);
    let block = load(block, &values);
    block
        .attention(x.clone())
        .into_data()
        .assert_eq(&TensorData::from([[[[2.0f32]], [[-1.0]]]]), true);
    let expected = TensorData::from([[[[0.0f32, 4.0]], [[-2.0, -4.0]]]]);
    block.forward(x.clone()).into_data().assert_eq(&expected, true);

    let gated = ChannelAttentiveSelectionConfig::new(2).with_gate(Gate::Sigmoid).init(device);
    let gated = load(gated, &values).attention(x).into_data();
    let expected = TensorData::new(vec![sigmoid(2.0), sigmoid(-1.0)], [1, 2, 1, 1]);
    gated.assert_approx_eq::<f32>(&expected, Tolerance::absolute(1e-6));
}

fn a_new_selection_lets_everything_pass(device: &Device) {
    let x = Tensor::<4>::random([2, 40, 3, 5], burn::tensor::Distribution::Default, device);
    let block = ChannelAttentiveSelectionConfig::new(40).init(device);
    block.forward(x.clone()).into_data().assert_eq(&x.into_data(), true);
}

fn new_context_blocks_change_nothing(device: &Device) {
    let x = Tensor::<4>::random([2, 40, 3, 5], burn::tensor::Distribution::Default, device);
    let context = dafe::blocks::GlobalContextConfig::new(40).init(device);
    context.forward(x.clone()).into_data().assert_eq(&x.to_data(), true);
    let non_local = dafe::blocks::NonLocalConfig::new(40).init(device);
    non_local.forward(x.clone()).into_data().assert_eq(&x.into_data(), true);
}

fn a_module_is_its_two_blocks_and_can_show_its_attention(device: &Device) {
    let module = DafeModuleConfig::new(6, 4)
        .with_out_channels(Some(5))
        .with_attention(AttentionMap::PerChannel)
        .with_reduction(2)
        .init(device);
    let random = |shape| Tensor::<4>::random(shape, burn::tensor::Distribution::Default, device);
    // Odd sizes: 2H + 1 rows, 2W − 1 columns.
    let (high, low) = (random([2, 6, 4, 5]), random([2, 4, 9, 9]));
    let (output, looked) = module.forward_with_attention(high.clone(), low.clone());
    assert_eq!(output.dims(), [2, 5, 9, 9]);
    assert_eq!(looked.spatial.dims(), [2, 5, 4, 5]);
    assert_eq!(looked.channel.dims(), [2, 5, 1, 1]);
    output.into_data().assert_eq(&module.forward(high, low).into_data(), true);
}

#[test]
#[should_panic(expected = "low-level is 12×10")]
fn sizes_that_do_not_double_are_refused() {
    let device = Device::flex();
    let module = DafeModuleConfig::new(4, 4).init(&device);
    module.forward(Tensor::zeros([1, 4, 5, 5], &device), Tensor::zeros([1, 4, 12, 10], &device));
}
