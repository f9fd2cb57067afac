use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use samspill_transport::Doing;

use super::*;
use crate::jobs::LeasesInMemory;

/// Goes with tokio's paused clock: nothing is waited for.
#[derive(Debug)]
struct TestClock(tokio::time::Instant);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        after(Timestamp::UNIX_EPOCH, self.0.elapsed())
    }

    fn sleep(&self, time: Duration) -> Doing<'static, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}

/// Leases that can be out of reach, and that never answer.
#[derive(Debug, Default)]
struct Flaky {
    inner: LeasesInMemory,
    is_gone: AtomicBool,
    is_silent: AtomicBool,
}

impl Leases for Flaky {
    fn take<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        now: Timestamp,
        until: Timestamp,
    ) -> Doing<'a, Result<Option<Fence>, LeaseTrouble>> {
        Box::pin(async move {
            if self.is_silent.load(Ordering::SeqCst) {
                std::future::pending::<()>().await;
            }
            if self.is_gone.load(Ordering::SeqCst) {
                return Err(LeaseTrouble("the database is gone".to_owned()));
            }
            self.inner.take(name, holder, now, until).await
        })
    }

    fn give_back<'a>(&'a self, name: &'a str, holder: &'a str) -> Doing<'a, Result<(), LeaseTrouble>> {
        self.inner.give_back(name, holder)
    }
}

/// Says when it ran, for how long, and how many of it ran at a time.
#[derive(Debug, Default)]
struct Count {
    takes: Duration,
    panics: bool,
    runs: Mutex<Vec<Timestamp>>,
    now: Arc<AtomicU32>,
    most: AtomicU32,
}

struct Under(Arc<AtomicU32>);

impl Drop for Under {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Job for Count {
    fn name(&self) -> &'static str {
        "count"
    }

    fn every(&self) -> Duration {
        Duration::from_secs(10)
    }

    fn run(&self, now: Timestamp) -> Doing<'_, Outcome> {
        Box::pin(async move {
            self.runs.lock().unwrap().push(now);
            let running = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            let _under = Under(self.now.clone());
            self.most.fetch_max(running, Ordering::SeqCst);
            tokio::time::sleep(self.takes).await;
            assert!(!self.panics, "as asked");
            Outcome::Done
        })
    }
}

impl Count {
    fn runs(&self) -> usize {
        self.runs.lock().unwrap().len()
    }
}

fn worker(holder: &str, leases: &Arc<Flaky>) -> Worker {
    Worker {
        holder: holder.to_owned(),
        lease: Duration::from_secs(30),
        leases: leases.clone(),
        clock: Arc::new(TestClock(tokio::time::Instant::now())),
        metrics: Arc::default(),
    }
}

/// Begins the job on a node.
fn begin(worker: &Worker, job: &Arc<Count>) -> (Stop, tokio::task::JoinHandle<()>) {
    let (worker, job, stop) = (worker.clone(), job.clone(), Stop::default());
    let own = stop.clone();
    (stop, tokio::spawn(async move { worker.work(job.as_ref(), &own).await }))
}

async fn seconds(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn three_nodes_with_one_table_of_leases_do_a_job_once_an_interval() {
    let leases = Arc::new(Flaky::default());
    let job = Arc::new(Count { takes: Duration::from_millis(100), ..Count::default() });
    let nodes = ["nord", "sor", "vest"].map(|name| begin(&worker(name, &leases), &job));
    seconds(600).await;
    // 600 s, every 10.1 s give or take a tenth.
    assert!((54..=66).contains(&job.runs()), "{}", job.runs());
    assert_eq!(job.most.load(Ordering::SeqCst), 1);
    for (stop, node) in nodes {
        stop.ask();
        node.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn another_node_takes_over_at_once_when_a_lease_is_given_back_and_after_its_end_when_not() {
    for is_killed in [false, true] {
        let leases = Arc::new(Flaky::default());
        let job = Arc::new(Count::default());
        let [nord, sor] = ["nord", "sor"].map(|name| worker(name, &leases));
        let (stop, first) = begin(&nord, &job);
        seconds(25).await;
        let _second = begin(&sor, &job);
        seconds(1).await;
        if is_killed {
            first.abort();
        } else {
            stop.ask();
        }
        let before = job.runs();
        seconds(13).await;
        assert_eq!(job.runs() > before, !is_killed, "a lease that isn't given back is waited for");
        seconds(45).await;
        assert!(job.runs() > before);
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_is_stopped_before_its_lost_lease_can_be_anothers() {
    for is_silent in [false, true] {
        let leases = Arc::new(Flaky::default());
        let job = Arc::new(Count { takes: Duration::from_hours(1), ..Count::default() });
        let node = worker("nord", &leases);
        let (_stop, _first) = begin(&node, &job);
        seconds(12).await;
        assert_eq!(job.now.load(Ordering::SeqCst), 1);
        if is_silent { &leases.is_silent } else { &leases.is_gone }.store(true, Ordering::SeqCst);
        // Prolonged at 10 s at the latest, so another could have it from 40 s on.
        seconds(27).await;
        assert_eq!(job.now.load(Ordering::SeqCst), 0, "dropped");
        assert_eq!(node.metrics.runs_of("count", RunOutcome::Lost), 1);
        leases.is_gone.store(false, Ordering::SeqCst);
        leases.is_silent.store(false, Ordering::SeqCst);
        seconds(30).await;
        assert_eq!(job.now.load(Ordering::SeqCst), 1, "taken up again");
    }
}

#[tokio::test(start_paused = true)]
async fn a_long_run_keeps_its_lease() {
    let leases = Arc::new(Flaky::default());
    let job = Arc::new(Count { takes: Duration::from_mins(10), ..Count::default() });
    let _first = begin(&worker("nord", &leases), &job);
    let _second = begin(&worker("sor", &leases), &job);
    seconds(500).await;
    assert_eq!((job.runs(), job.most.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_told_and_tried_again_later_and_later() {
    let leases = Arc::new(Flaky::default());
    let job = Arc::new(Count { panics: true, ..Count::default() });
    let node = worker("nord", &leases);
    let (stop, first) = begin(&node, &job);
    seconds(60).await;
    let runs = job.runs.lock().unwrap().clone();
    let pauses: Vec<i64> =
        runs.windows(2).map(|pair| pair[1].duration_since(pair[0]).as_millis().try_into().unwrap()).collect();
    assert!(pauses.len() >= 4, "{pauses:?}");
    for (pause, expected) in pauses.iter().zip([1000, 2000, 4000, 8000]) {
        assert!((pause - expected).abs() <= expected / 10 + 2, "{pauses:?}");
    }
    assert_eq!(node.metrics.runs_of("count", RunOutcome::Panicked), runs.len() as u64);
    stop.ask();
    first.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_word_to_stop_lets_a_run_under_way_end() {
    let leases = Arc::new(Flaky::default());
    let job = Arc::new(Count { takes: Duration::from_secs(20), ..Count::default() });
    let node = worker("nord", &leases);
    let (stop, first) = begin(&node, &job);
    seconds(5).await;
    stop.ask();
    first.await.unwrap();
    assert_eq!((job.runs(), node.metrics.runs_of("count", RunOutcome::Done)), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn the_same_node_does_the_same_at_the_same_times() {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let leases = Arc::new(Flaky::default());
        let job = Arc::new(Count::default());
        let (stop, first) = begin(&worker("nord", &leases), &job);
        seconds(100).await;
        stop.ask();
        first.await.unwrap();
        seen.push(job.runs.lock().unwrap().clone());
    }
    assert!(!seen[0].is_empty());
    assert_eq!(seen[0], seen[1]);
}
