//! Gradients and changes of running statistics as one vector, so that a single transfer or
//! all-reduce is enough for the whole network.
use burn::{
    module::{Module, ModuleVisitor, Param, ParamId},
    optim::GradientsParams,
    tensor::Tensor,
};

/// The gradients of a network's parameters and, if it has any, the deviations of its running
/// statistics.
pub(in crate::train) struct Parts {
    pub gradients: GradientsParams,
    pub deviations: Option<Tensor<1>>,
}

impl Parts {
    /// Concatenates the gradients of the parameters of `net`, in the order of its fields, and the
    /// deviations.
    pub fn flatten<M: Module>(self, net: &M) -> Tensor<1> {
        let mut reader = Reader { gradients: self.gradients, found: Vec::new() };
        net.visit(&mut reader);
        reader.found.extend(self.deviations);
        Tensor::cat(reader.found, 0)
    }

    /// The inverse of [`flatten`](Self::flatten), for a network like `net` with gradients for the
    /// parameters `trained`.
    ///
    /// # Panics
    /// If the vector is shorter than the gradients.
    pub fn unflatten<M: Module>(net: &M, trained: &[ParamId], flat: Tensor<1>) -> Self {
        let length = flat.dims()[0];
        let mut writer = Writer { trained, flat, from: 0, gradients: GradientsParams::new() };
        net.visit(&mut writer);
        let Writer { flat, from, gradients, .. } = writer;
        Self { gradients, deviations: (from < length).then(|| flat.slice(from..length)) }
    }
}

/// The parameters of `net` with gradients, in the order of its fields.
pub(in crate::train) fn trained<M: Module>(net: &M, gradients: &GradientsParams) -> Vec<ParamId> {
    struct Finder<'a>(&'a GradientsParams, Vec<ParamId>);
    impl ModuleVisitor for Finder<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if self.0.get::<D>(param.id).is_some() {
                self.1.push(param.id);
            }
        }
    }
    let mut finder = Finder(gradients, Vec::new());
    net.visit(&mut finder);
    finder.1
}

struct Reader {
    gradients: GradientsParams,
    found: Vec<Tensor<1>>,
}

impl ModuleVisitor for Reader {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let gradient = self.gradients.remove::<D>(param.id);
        self.found.extend(gradient.map(|gradient| gradient.reshape([-1])));
    }
}

struct Writer<'a> {
    trained: &'a [ParamId],
    flat: Tensor<1>,
    /// The number of values used so far.
    from: usize,
    gradients: GradientsParams,
}

impl ModuleVisitor for Writer<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        // `trained` has the order of the fields.
        let Some((id, rest)) = self.trained.split_first() else { return };
        if *id == param.id {
            self.trained = rest;
            let shape = param.val().shape();
            let to = self.from + shape.num_elements();
            let values = self.flat.clone().slice(self.from..to);
            self.gradients.register::<D>(param.id, values.reshape(shape));
            self.from = to;
        }
    }
}
