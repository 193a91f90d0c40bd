//! What a detector does with whatever it is given: boxes, pictures, batches, threads, and files that are no models.
mod batches;
mod boxes;
mod foreign;
mod half;
mod parts;
mod pictures;
mod saving;
mod support;
mod threads;
