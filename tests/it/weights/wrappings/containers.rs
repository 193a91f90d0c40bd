//! PyTorch checkpoints with a network and other entries.
use dafe::{prelude::*, weights::LoadRules};

use super::{
    super::{
        forge::floats,
        net,
        pytorch::forge::{dict, pickle, tensor, text, zip},
        values,
    },
    Named, after, assert_backbone, load_bytes, resnet,
};

/// A checkpoint of dictionaries; their tensors are views of one storage.
fn checkpoint(entries: &[(&str, Named)]) -> Vec<u8> {
    let length =
        |tensors: &Named| tensors.values().map(|value| value.num_elements()).sum::<usize>();
    let total: usize = entries.iter().map(|(_, tensors)| length(tensors)).sum();
    let mut numbers: Vec<f32> = Vec::new();
    let mut pickled = vec![("epoch", b"K\x03".to_vec()), ("arch", text("resnet"))];
    for (entry, tensors) in entries {
        let mut views = Vec::new();
        for (key, value) in tensors {
            let shape: Vec<_> = value.shape().iter().map(|size| *size as u32).collect();
            let mut stride = vec![1; shape.len()];
            for i in (1..shape.len()).rev() {
                stride[i - 1] = stride[i] * shape[i];
            }
            let view = tensor(total as u32, numbers.len() as u32, &shape, &stride);
            views.push((key.as_str(), view));
            numbers.extend(value.try_to_vec::<f32>().unwrap());
        }
        pickled.push((entry, dict(&views)));
    }
    let data = floats(&numbers);
    zip(&[("a/data.pkl", &pickle(&dict(&pickled))), ("a/version", b"3\n"), ("a/data/0", &data)])
}

#[test]
fn the_networks_entry_is_found_and_the_rest_is_named() {
    let device = Device::flex();
    let (plain, averaged) = (resnet("plain"), resnet("averaged"));
    let copy = after("module.", &averaged);
    let optimizer = super::extra("state.0.momentum_buffer");
    let entry = |name: &'static str, tensors: &Named| (name, tensors.clone());
    let ours = |name: &'static str| entry(name, &after("module.", &plain));
    // Beside training state, an average, or unknown entries.
    let cases = [
        (vec![ours("state_dict"), entry("optimizer", &optimizer)], "state_dict.module."),
        (vec![entry("state_dict_ema", &averaged), ours("state_dict")], "state_dict.module."),
        (
            vec![entry("ema_state_dict", &copy), ours("model_state_dict")],
            "model_state_dict.module.",
        ),
        (vec![ours("model"), entry("model_ema", &copy)], "model.module."),
        (vec![ours("net"), entry("optimizer", &optimizer)], "net.module."),
        (vec![ours("network"), entry("ema", &averaged)], "network.module."),
        (vec![ours("weights")], "weights.module."),
        (vec![ours("model"), entry("best", &optimizer)], "model.module."),
        (vec![ours("student"), entry("teacher", &averaged)], "student.module."),
        (vec![ours("whatever"), entry("optimizer", &optimizer)], "whatever.module."),
    ];
    for (entries, prefix) in cases {
        let mut net = net(4, &device);
        let before = values(&net);
        let file = checkpoint(&entries);
        let loaded = load_bytes(&mut net, &file, &LoadRules::default()).unwrap();
        assert_backbone(&net, &before, &plain, prefix);
        assert_eq!((loaded.prefix.as_str(), loaded.used.len()), (prefix, plain.len()));
        let beside: usize = entries.iter().map(|(_, tensors)| tensors.len()).sum();
        assert_eq!(loaded.unused.len(), beside - plain.len(), "{loaded}");
        for (name, _) in entries.iter().filter(|(name, _)| !prefix.starts_with(&format!("{name}.")))
        {
            assert!(loaded.to_string().contains(&format!(" {name}.")), "{loaded}");
        }
    }
}

#[test]
fn an_average_is_used_where_there_is_nothing_else() {
    let device = Device::flex();
    let averaged = resnet("averaged");
    let optimizer = super::extra("state.0.momentum_buffer");
    for name in ["state_dict_ema", "model_ema", "ema_state_dict", "ema_model", "ema", "teacher"] {
        let mut net = net(4, &device);
        let before = values(&net);
        let entries = [(name, after("module.", &averaged)), ("optimizer", optimizer.clone())];
        let loaded = load_bytes(&mut net, &checkpoint(&entries), &LoadRules::default()).unwrap();
        assert_backbone(&net, &before, &averaged, name);
        let line = format!(
            "60 tensors used (`{name}.module.*`, an averaged copy); left out: \
             optimizer.state.0.momentum_buffer"
        );
        assert!(loaded.to_string().ends_with(&line), "{loaded}");
    }
}
