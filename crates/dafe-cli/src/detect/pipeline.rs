//! Reading, looking and writing at the same time, each a few images ahead of the next.
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

/// What works on images while others are read and written.
pub struct Pipeline<'a> {
    pub inputs: &'a [Input],
    pub looking: &'a Looking<'a>,
    /// Images at a time.
    pub batch: usize,
    /// The threads that read.
    pub pool: &'a ThreadPool,
    pub interrupter: &'a Interrupter,
}

impl Pipeline<'_> {
    /// Looks at the inputs of the indices `pending`, in order, and hands `write` some at a time.
    ///
    /// However many there are, three such lots at most are in memory: one that is read, one that is
    /// looked at, and one that is written. Once interrupted, those that are looked at are written,
    /// and no others.
    pub fn run(
        &self,
        pending: &[usize],
        mut write: impl FnMut(Vec<Looked>) -> Outcome<()>,
    ) -> Outcome<()> {
        // Without room between them, each waits with what it has until the next takes it.
        let (read, to_look) = sync_channel(0);
        let (looked, to_write) = sync_channel(0);
        thread::scope(|scope| {
            scope.spawn(move || self.read(pending, &read));
            scope.spawn(move || self.look(to_look, &looked));
            // Where writing fails, nobody takes what the others have, and they end, too.
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
