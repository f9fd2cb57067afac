//! Work on parts, by several threads, with the results in the order of the parts.

use std::{
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};

use crate::Threads;

/// Parts under way for each thread at the most: one that it works on, and one that waits.
const PARTS_EACH: usize = 2;

/// Works on each part and hands the results to `take`, in the order of the parts.
///
/// At most two parts a thread are under way: memory doesn't grow with their number. The parts come and the results go on
/// the caller's thread. An error of `take` ends the work: parts under way are finished, no more are begun.
///
/// # Panics
/// Where `work` does.
pub fn ordered<P: Send, R: Send, E>(
    parts: impl Iterator<Item = P>,
    threads: Threads,
    work: impl Fn(P) -> R + Sync,
    take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    ordered_with(parts, threads, || (), |(), part| work(part), take)
}

/// The same, with something that each thread keeps from part to part.
///
/// # Panics
/// Where `work` does.
pub fn ordered_with<P: Send, R: Send, K, E>(
    parts: impl Iterator<Item = P>,
    threads: Threads,
    keep: impl Fn() -> K + Sync,
    work: impl Fn(&mut K, P) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    thread::scope(|scope| {
        let workers: Vec<Worker<P, R>> = (0..threads.get())
            .map(|_| {
                let (give, parts) = sync_channel::<P>(PARTS_EACH);
                let (answer, results) = sync_channel(PARTS_EACH);
                let (keep, work) = (&keep, &work);
                scope.spawn(move || {
                    let mut kept = keep();
                    // Whoever gives parts, or waits for answers, is gone when the work is over or has failed.
                    let _ = parts.into_iter().try_for_each(|part| answer.send(work(&mut kept, part)));
                });
                Worker { give, results }
            })
            .collect();
        let mut under_way = 0..0;
        for (number, part) in parts.enumerate() {
            if under_way.len() == workers.len() * PARTS_EACH {
                take(workers[under_way.start % workers.len()].result())?;
                under_way.start += 1;
            }
            workers[number % workers.len()].give(part);
            under_way.end = number + 1;
        }
        under_way.into_iter().try_for_each(|number| take(workers[number % workers.len()].result()))
    })
}

struct Worker<P, R> {
    give: SyncSender<P>,
    results: Receiver<R>,
}

impl<P, R> Worker<P, R> {
    fn give(&self, part: P) {
        self.give.send(part).unwrap_or_else(|_| panic!("the worker broke off: its own message says why"));
    }

    fn result(&self) -> R {
        self.results.recv().expect("the worker broke off: its own message says why")
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, num::NonZeroUsize, time::Duration};

    use super::*;

    fn threads(number: usize) -> Threads {
        Threads::new(NonZeroUsize::new(number).unwrap())
    }

    #[test]
    fn results_come_in_the_order_of_the_parts_however_long_each_takes() {
        for number in [1, 2, 3, 8] {
            let mut taken = Vec::new();
            let slow_first = |part: u64| {
                thread::sleep(Duration::from_micros(if part.is_multiple_of(5) { 300 } else { 0 }));
                part * 2
            };
            let outcome: Result<(), Infallible> = ordered(0..40_u64, threads(number), slow_first, |result| {
                taken.push(result);
                Ok(())
            });
            assert_eq!((outcome, taken), (Ok(()), (0..80).step_by(2).collect()));
        }
    }

    #[test]
    fn no_more_than_two_parts_a_thread_are_under_way() {
        let mut begun = 0;
        let taken = std::cell::Cell::new(0);
        let parts = std::iter::from_fn(|| {
            begun += 1;
            assert!(begun - taken.get() <= 2 * 2 + 1, "{begun} begun, {} taken", taken.get());
            (begun <= 100).then_some(begun)
        });
        let outcome: Result<(), Infallible> = ordered(
            parts,
            threads(2),
            |part| part,
            |_: i32| {
                taken.set(taken.get() + 1);
                Ok(())
            },
        );
        assert_eq!((outcome, taken.get()), (Ok(()), 100));
    }

    #[test]
    fn an_error_of_the_taker_ends_the_work() {
        let mut begun = 0;
        let parts = std::iter::repeat_with(|| begun += 1);
        let outcome = ordered(parts, threads(2), |()| (), |()| Err("full"));
        assert_eq!(outcome, Err("full"));
        assert!(begun <= 5, "{begun} parts were begun");
    }

    #[test]
    fn without_parts_nothing_is_taken() {
        let outcome: Result<(), &str> =
            ordered(std::iter::empty::<()>(), threads(2), |()| (), |()| Err("one"));
        assert_eq!(outcome, Ok(()));
    }
}
