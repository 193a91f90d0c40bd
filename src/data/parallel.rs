//! Work distributed over threads, with results in order.
use std::{sync::mpsc::sync_channel, thread};

/// Finished results that each thread may queue.
const AHEAD: usize = 4;

/// Computes values 0 to `count` − 1 on as many threads as there are processors and passes them in
/// order to `accept`, on the caller's thread.
///
/// The first error stops it. No thread runs further ahead than its queue, so memory use does not
/// grow with `count`.
pub(crate) fn in_order<T: Send, E>(
    count: usize,
    make: impl Fn(usize) -> T + Sync,
    mut accept: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(count);
    thread::scope(|scope| {
        let make = &make;
        let queues: Vec<_> = (0..threads)
            .map(|thread| {
                let (sender, receiver) = sync_channel(AHEAD);
                scope.spawn(move || {
                    // If the receiver is gone, no more values are needed.
                    let _ = (thread..count)
                        .step_by(threads)
                        .try_for_each(|index| sender.send(make(index)));
                });
                receiver
            })
            .collect();
        for index in 0..count {
            match queues[index % threads].recv() {
                Ok(value) => accept(value)?,
                // The sending thread has panicked; the scope will panic as well.
                Err(_) => break,
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn values_come_in_order_and_the_first_error_ends_it() {
        let mut seen = Vec::new();
        let all = in_order(
            100,
            |i| i * i,
            |value| {
                seen.push(value);
                Ok::<_, ()>(())
            },
        );
        assert_eq!((all, &seen[..]), (Ok(()), &(0..100).map(|i| i * i).collect::<Vec<_>>()[..]));
        let made = AtomicUsize::new(0);
        let make = |i| {
            made.fetch_add(1, Ordering::Relaxed);
            i
        };
        let stopped = in_order(1_000_000, make, |i| if i < 7 { Ok(()) } else { Err(i) });
        assert_eq!(stopped, Err(7));
        assert!(made.into_inner() < 10_000, "no thread may run far ahead");
        assert_eq!(in_order(0, |i| i, |_| Err("never asked")), Ok(()));
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_is_not_a_short_result() {
        let _ = in_order(10, |i| assert_ne!(i, 5), Ok::<_, ()>);
    }
}
