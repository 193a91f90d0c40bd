//! Threads that each own a value and answer questions about it.
//!
//! If a worker panics or does not answer in time, the error names the worker and the reason, so
//! that a lost device never blocks the run. Threads are not joined, because one may hang in its
//! device's driver.
use std::{
    any::Any,
    cell::LazyCell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use rayon::ThreadPool;

use crate::{Error, ErrorKind};

/// Creates a worker's value, on its thread.
type Make<S> = Box<dyn FnOnce() -> S + Send>;

/// A question to a worker; the answer is sent elsewhere. Returning false ends the worker.
type Question<S> = Box<dyn FnOnce(&mut LazyCell<S, Make<S>>) -> bool + Send>;

/// Workers 0 to n − 1, each with its own value.
pub(in crate::train) struct Workers<S> {
    /// The workers' names in errors.
    names: Vec<String>,
    queues: Vec<Sender<Question<S>>>,
    /// Maximum time for an answer.
    timeout: Duration,
}

/// How a worker's value is created: on the worker's thread, and on the pool if there is one.
pub(in crate::train) struct Seed<S> {
    /// The worker's name in errors.
    pub name: String,
    /// The thread pool for its work; the shared one if `None`.
    pub pool: Option<ThreadPool>,
    /// Creates the value.
    pub make: Make<S>,
}

impl<S: 'static> Workers<S> {
    /// Starts a worker for each seed.
    pub fn start(seeds: Vec<Seed<S>>, timeout: Duration) -> Result<Self, Error> {
        let (mut names, mut queues) = (Vec::new(), Vec::new());
        for Seed { name, pool, make } in seeds {
            let (queue, questions) = channel();
            let work = move || match pool {
                Some(pool) => pool.install(|| answer_all(make, questions)),
                None => answer_all(make, questions),
            };
            thread::Builder::new().name(name.clone()).spawn(work).map_err(|error| {
                Error::new(ErrorKind::Training, format!("no thread for {name}: {error}"))
            })?;
            names.push(name);
            queues.push(queue);
        }
        Ok(Self { names, queues, timeout })
    }

    /// The number of workers.
    pub fn len(&self) -> usize {
        self.queues.len()
    }

    /// Sets the maximum time for answers from now on.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// Asks worker i the i-th question, all in parallel, and waits for the answers. If there are
    /// fewer questions than workers, the last workers are not asked. The first failure is returned
    /// without waiting for the others.
    pub fn ask_each<T: Send + 'static, F>(
        &self,
        questions: impl IntoIterator<Item = F>,
    ) -> Result<Vec<T>, Error>
    where
        F: FnOnce(&mut S) -> T + Send + 'static,
    {
        let asked: Vec<_> = (0..).zip(questions).collect();
        self.ask(asked)
    }

    /// Asks one worker and waits for its answer.
    pub fn ask_one<T: Send + 'static>(
        &self,
        worker: usize,
        question: impl FnOnce(&mut S) -> T + Send + 'static,
    ) -> Result<T, Error> {
        self.ask(vec![(worker, question)]).map(|mut answers| answers.remove(0))
    }

    fn ask<T: Send + 'static, F>(&self, asked: Vec<(usize, F)>) -> Result<Vec<T>, Error>
    where
        F: FnOnce(&mut S) -> T + Send + 'static,
    {
        let workers: Vec<usize> = asked.iter().map(|&(worker, _)| worker).collect();
        let (sender, receiver) = channel();
        for (slot, (worker, question)) in asked.into_iter().enumerate() {
            let sender = sender.clone();
            let question: Question<S> = Box::new(move |value| {
                let answer =
                    catch_unwind(AssertUnwindSafe(|| question(LazyCell::force_mut(value))));
                let alive = answer.is_ok();
                // The caller may no longer be waiting.
                let _ = sender.send((slot, answer.map_err(|panic| reason(panic.as_ref()))));
                alive
            });
            self.queues[worker].send(question).map_err(|_| self.ended(worker))?;
        }
        drop(sender);

        let mut answers: Vec<Option<T>> = workers.iter().map(|_| None).collect();
        // `None` if the deadline is beyond the range of the clock.
        let deadline = Instant::now().checked_add(self.timeout);
        while let Some(missing) = answers.iter().position(Option::is_none) {
            let left =
                deadline.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()));
            match receiver.recv_timeout(left) {
                Ok((slot, Ok(answer))) => answers[slot] = Some(answer),
                Ok((slot, Err(reason))) => return Err(self.failed(workers[slot], &reason)),
                Err(RecvTimeoutError::Timeout) => {
                    let reason = format!("no answer in {} s", self.timeout.as_secs());
                    return Err(self.failed(workers[missing], &reason));
                }
                // The worker dropped the question because it ended earlier.
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended(workers[missing])),
            }
        }
        Ok(answers.into_iter().flatten().collect())
    }

    fn ended(&self, worker: usize) -> Error {
        self.failed(worker, "its thread has ended")
    }

    fn failed(&self, worker: usize, reason: &str) -> Error {
        Error::new(ErrorKind::Device, format!("device '{}': {reason}", self.names[worker]))
    }
}

/// Answers questions until the queue is closed or an answer fails, after which the value may be
/// inconsistent. The value is created for the first question, so its errors are reported there.
fn answer_all<S>(make: Make<S>, questions: Receiver<Question<S>>) {
    let mut value = LazyCell::new(make);
    for question in questions {
        if !question(&mut value) {
            return;
        }
    }
}

/// The message of a panic as a single line.
fn reason(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let lines = text.unwrap_or("it panicked without a message").lines();
    lines.map(str::trim).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counters(count: usize, timeout: Duration) -> Workers<usize> {
        let seed = |i: usize| Seed {
            name: format!("counter {i}"),
            pool: None,
            make: Box::new(move || 10 * i),
        };
        Workers::start((0..count).map(seed).collect(), timeout).unwrap()
    }

    const LONG: Duration = Duration::from_secs(60);

    fn add(amount: usize) -> impl FnOnce(&mut usize) -> usize {
        move |value| {
            *value += amount;
            *value
        }
    }

    #[test]
    fn each_keeps_its_value_and_answers_come_in_order() {
        let workers = counters(3, LONG);
        assert_eq!(workers.ask_each((1..4).map(add)).unwrap(), [1, 12, 23]);
        assert_eq!(workers.ask_each((1..2).map(add)).unwrap(), [2]);
        assert_eq!(workers.ask_one(2, add(0)).unwrap(), 23);
    }

    #[test]
    fn a_panic_is_an_error_and_the_others_go_on() {
        let workers = counters(2, LONG);
        let failed = workers.ask_one(1, |value: &mut usize| -> usize { panic!("no {value}") });
        assert_eq!(failed.unwrap_err().to_string(), "device 'counter 1': no 10");
        let failed = workers.ask_one(1, add(1)).unwrap_err().to_string();
        assert_eq!(failed, "device 'counter 1': its thread has ended");
        assert_eq!(workers.ask_one(0, add(1)).unwrap(), 1);
    }

    #[test]
    fn a_value_that_cannot_be_made_is_an_error() {
        let make: Make<usize> = Box::new(|| panic!("no such device"));
        let seed = Seed { name: "it".into(), pool: None, make };
        let workers = Workers::start(vec![seed], LONG).unwrap();
        let failed = workers.ask_one(0, add(1)).unwrap_err().to_string();
        assert_eq!(failed, "device 'it': no such device");
    }

    #[test]
    fn the_first_failure_does_not_wait_for_the_others() {
        let workers = counters(2, LONG);
        let (release, held) = channel::<()>();
        let failed = workers.ask_each([
            Box::new(move |_: &mut usize| held.recv().unwrap_or_default())
                as Box<dyn FnOnce(&mut usize) + Send>,
            Box::new(|_: &mut usize| panic!("gone")),
        ]);
        assert_eq!(failed.unwrap_err().to_string(), "device 'counter 1': gone");
        drop(release);
    }

    #[test]
    fn silence_is_an_error() {
        let workers = counters(2, Duration::from_millis(20));
        let (release, held) = channel::<()>();
        let silent =
            workers.ask_one(1, move |_| held.recv().unwrap_or_default()).unwrap_err().to_string();
        assert!(silent.starts_with("device 'counter 1': no answer in "), "{silent}");
        drop(release);
    }
}
