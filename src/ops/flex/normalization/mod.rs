//! Batch normalization with its epilogue,
//! `activation(γ (x − mean) / √(variance + ε) + β + gate · residual)`, and its gradients.
mod apply;
mod gradients;
mod moments;
mod sums;

pub(super) use self::{
    apply::{apply, behind},
    gradients::{Forward, Passed, gradients},
    moments::moments,
    sums::{column_totals, sums},
};
