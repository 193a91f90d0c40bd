//! Uses of generated garments: as datasets, from files to metrics, and for evaluating a model.
mod bundled;
mod datasets;
