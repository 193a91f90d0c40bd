//! The detector with arbitrary input: boxes, images, batches, threads, and files that are not
//! models.
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
