//! A pipeline that reads, detects and writes concurrently, each stage a few images ahead of the
//! next.
use std::{
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use dafe::train::Interrupter;
use rayon::ThreadPool;

use super::{
    inputs::Input,
    looking::{Looked, Looking},
    reading::{Read, next_chunk, read_chunk},
};
use crate::support::Outcome;

/// The detection pipeline.
pub struct Pipeline<'a> {
    pub inputs: &'a [Input],
    pub looking: &'a Looking<'a>,
    /// Images per batch.
    pub batch: usize,
    /// The threads that read.
    pub pool: &'a ThreadPool,
    pub interrupter: &'a Interrupter,
}

impl Pipeline<'_> {
    /// Processes the inputs with the indices `pending`, in order, and passes them to `write` in
    /// batches.
    ///
    /// At most three batches are in memory: one being read, one in the network, and one being
    /// written. After an interruption, the batch in the network is still written, and no others.
    pub fn run(
        &self,
        pending: &[usize],
        mut write: impl FnMut(Vec<Looked>) -> Outcome<()>,
    ) -> Outcome<()> {
        // Rendezvous channels: each stage keeps its batch until the next stage takes it.
        let (read, to_look) = sync_channel(0);
        let (looked, to_write) = sync_channel(0);
        thread::scope(|scope| {
            scope.spawn(move || self.read(pending, &read));
            scope.spawn(move || self.look(to_look, &looked));
            // If writing fails, the channels close and the other stages end, too.
            to_write.into_iter().try_for_each(&mut write)
        })
    }

    fn read(&self, mut rest: &[usize], read: &SyncSender<Vec<Read>>) {
        while !rest.is_empty() && !self.interrupter.should_stop() {
            let chunk = next_chunk(self.inputs, &mut rest, self.batch);
            let images = self.pool.install(|| read_chunk(self.inputs, chunk));
            if read.send(images).is_err() {
                return;
            }
        }
    }

    fn look(&self, to_look: Receiver<Vec<Read>>, looked: &SyncSender<Vec<Looked>>) {
        for images in to_look {
            if self.interrupter.should_stop() || looked.send(self.looking.look(images)).is_err() {
                return;
            }
        }
    }
}
