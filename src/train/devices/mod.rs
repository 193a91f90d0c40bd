//! Computation: a replica of the network and its optimizer on each device, and a step's gradients.
mod flat_gradients;
pub mod gradients;
pub mod group;
pub mod losses;
pub mod replica;
mod running_statistics;
pub mod workers;
