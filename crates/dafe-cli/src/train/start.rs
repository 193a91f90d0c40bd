//! The defaults of a run's network and initial weights.
use dafe::{device::DeviceName, prelude::*};

use crate::support::{output::tell, parse_device_names};

/// The default number of samples that fine-tuning on a CPU sees: some minutes on two cores.
const CPU_SAMPLES: usize = 6000;

/// The minimum and the maximum of epochs derived from it.
const CPU_EPOCHS: [usize; 2] = [2, 60];

/// Whether all of these devices are CPUs.
pub fn on_cpu(devices: &[String]) -> bool {
    let names = parse_device_names(devices.iter().map(String::as_str));
    let is_cpu = |name: &DeviceName| matches!(name, DeviceName::Flex | DeviceName::NdArray);
    names.is_ok_and(|names| names.iter().all(is_cpu))
}

/// The network of a run from random weights: one that the devices can train in reasonable time.
pub fn preset(on_cpu: bool, is_generated: bool) -> Preset {
    match on_cpu || is_generated {
        true => Preset::Nano,
        false => Preset::Paper,
    }
}

/// Reports that a run starts from the bundled model by default, and the alternatives.
pub fn tell_bundled(config: &TrainConfig, on_cpu: bool) {
    let [width, height] = config.codec.input_size();
    let paper = match on_cpu {
        true => "; the paper's network (--preset paper) takes a CPU hours to days",
        false => " or --preset paper for the paper's network",
    };
    tell(format_args!(
        "starts from the bundled model, at {width}×{height} pixels; --from-scratch for random \
         weights{paper}"
    ));
}

/// The number of epochs of a run that starts from trained weights on a CPU.
pub fn cpu_epochs(samples: usize) -> usize {
    let [fewest, most] = CPU_EPOCHS;
    (CPU_SAMPLES / samples.max(1)).clamp(fewest, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_datasets_are_seen_more_often() {
        assert_eq!([1, 81, 263, 5000, 200_000].map(cpu_epochs), [60, 60, 22, 2, 2]);
    }

    #[test]
    fn networks_are_what_the_devices_can_train() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(on_cpu(&names(&["flex"])) && on_cpu(&names(&["flex", "flex"])));
        assert!(!on_cpu(&names(&["remote:10.0.0.7:3000#0"])));
        let all = [(true, false), (true, true), (false, true), (false, false)];
        let expected = [Preset::Nano, Preset::Nano, Preset::Nano, Preset::Paper];
        assert_eq!(all.map(|(cpu, generated)| preset(cpu, generated)), expected);
    }
}
