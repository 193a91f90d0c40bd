//! What a device contributes to a step, in the host's memory: there, devices of any kind and of any machine can be summed, and
//! nobody else holds tensors of a device that may hang.
use std::collections::HashMap;

use burn::{
    module::{Module, ModuleVisitor, Param, ParamId},
    optim::GradientsParams,
    tensor::{DType, Device, ExecutionError, Tensor, TensorData},
};

/// Gradients by parameter, and running statistics.
pub(super) struct Contribution {
    gradients: HashMap<ParamId, Vec<f32>>,
    statistics: Option<Vec<f32>>,
    /// How many contributions this is the sum of.
    count: usize,
}

impl Contribution {
    /// Reads the gradients of the parameters of `net`, and its statistics, from their device.
    pub fn read<M: Module>(
        net: &M,
        gradients: &GradientsParams,
        statistics: Option<Tensor<1>>,
    ) -> Result<Self, ExecutionError> {
        let mut reader = Reader { gradients, found: Ok(HashMap::new()) };
        net.visit(&mut reader);
        let statistics = statistics.map(values).transpose()?;
        Ok(Self { gradients: reader.found?, statistics, count: 1 })
    }

    /// The sum of all gradients and the mean of all statistics, in the order of `contributions`.
    pub fn sum(contributions: Vec<Self>) -> Option<Self> {
        let mut contributions = contributions.into_iter();
        let first = contributions.next()?;
        Some(contributions.fold(first, |sum, other| sum.add(other)))
    }

    fn add(mut self, other: Self) -> Self {
        for (id, values) in other.gradients {
            let sum = self.gradients.entry(id).or_insert_with(|| vec![0.0; values.len()]);
            assert_eq!(sum.len(), values.len(), "gradients of different networks");
            sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
        let count = self.count + other.count;
        let share = other.count as f32 / count as f32;
        if let (Some(mean), Some(values)) = (&mut self.statistics, other.statistics) {
            // As a difference, so that equal values (of frozen layers) stay exactly what they are.
            mean.iter_mut().zip(values).for_each(|(mean, value)| *mean += (value - *mean) * share);
        }
        Self { count, ..self }
    }

    /// The gradients of the parameters of `net`, and the statistics, on `device` (without autodiff).
    pub fn write<M: Module>(
        &self,
        net: &M,
        device: &Device,
    ) -> (GradientsParams, Option<Tensor<1>>) {
        let mut writer = Writer { from: self, device, gradients: GradientsParams::new() };
        net.visit(&mut writer);
        let statistics = self.statistics.as_ref();
        (writer.gradients, statistics.map(|values| Tensor::from_floats(&values[..], device)))
    }
}

fn values<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, ExecutionError> {
    let data = tensor.try_into_data()?.convert_dtype(DType::F32);
    Ok(data.try_into_vec().expect("converted to f32"))
}

struct Reader<'a> {
    gradients: &'a GradientsParams,
    found: Result<HashMap<ParamId, Vec<f32>>, ExecutionError>,
}

impl ModuleVisitor for Reader<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let Ok(found) = &mut self.found else { return };
        if let Some(gradient) = self.gradients.get::<D>(param.id) {
            match values(gradient) {
                Ok(values) => drop(found.insert(param.id, values)),
                Err(error) => self.found = Err(error),
            }
        }
    }
}

struct Writer<'a> {
    from: &'a Contribution,
    device: &'a Device,
    gradients: GradientsParams,
}

impl ModuleVisitor for Writer<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(values) = self.from.gradients.get(&param.id) {
            let data = TensorData::new(values.clone(), param.val().shape());
            self.gradients.register(param.id, Tensor::<D>::from_data(data, self.device));
        }
    }
}
