//! What a detector does with whatever it is given: boxes, images, batches, threads, and files that
//! are no models.
mod batches;
mod boxes;
mod foreign;
mod garments;
mod half;
mod images;
mod parts;
mod saving;
mod support;
mod threads;
