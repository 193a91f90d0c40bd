//! Generated garments in use: as datasets, from files to numbers, and for measuring a model.
mod bundled;
mod datasets;
