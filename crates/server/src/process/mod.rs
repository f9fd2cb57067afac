//! The process: what is begun, in which order, and how it ends.
//!
//! ```text
//!   config ─▶ http answers ─▶ store opens ─▶ channels, post ─▶ loops ─────────────▶ stop ─▶ what is under way ends ─▶ close
//!             /ready: starting                                 receive, hand over,         within `stop_within`
//!                                                              measure; jobs by leases
//! ```

pub(crate) mod board;
mod loops;
mod post;
mod renew;
mod supervise;
mod upkeep;

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use samspill_service::addresses::Changes;
use samspill_store::{IfMissing, Options, Store, StoreError};
use samspill_transport::Channel;
use tokio::task::JoinSet;

use self::{
    board::{Board, Phase},
    loops::Work,
    renew::Renewal,
    upkeep::{BackUp, Forget, Tick, Verify},
};
pub use post::{Base, Front, Measures, Outfit, Post, Trouble};

use crate::{
    Stop,
    config::{Config, PlaceError},
    door::{self, Door, TlsError, Waiting},
    http,
    jobs::{Clock, Job, SystemClock, Worker},
    metrics::Metrics,
    node::accounts,
};

/// A process that runs.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    front: Option<SocketAddr>,
    stop: Stop,
    base: Base,
    channels: Vec<Arc<dyn Channel>>,
    tasks: JoinSet<()>,
    board: Board,
    stop_within: Duration,
}

/// Why a process can't run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address and port of `[http]`.
    #[error("could not listen on {address}: take another port in [http], or stop what listens there")]
    Listen {
        /// The address.
        address: String,
        /// The system's words.
        source: io::Error,
    },
    /// The front door's address and port, or its certificate.
    #[error(
        "the front door can't be opened: take another address or port in [web], or correct its certificate"
    )]
    Front(#[source] TlsError),
    /// The folder `data`, or that of the store.
    #[error("could not make the folder {path}: give this program's user the right to")]
    Folder {
        /// Which folder.
        path: String,
        /// The system's words.
        source: io::Error,
    },
    /// The password of the store.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A part that can't be made as the configuration says.
    #[error(transparent)]
    Outfit(#[from] Trouble),
    /// It was asked to stop before it ran.
    #[error("it was asked to stop before it ran")]
    Stopped,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// What was under way is done.
    Whole,
    /// Something was still under way when time was up, or a second signal came. It comes again at the next start.
    Cut,
}

/// Begins a process. Answers `/health` at once, and returns when all its loops run.
///
/// # Errors
/// What can't be opened. Channels that don't connect are none: they go on trying.
pub async fn serve(config: Config, outfit: &dyn Outfit) -> Result<Running, ServeError> {
    serve_with(config, outfit, Arc::new(SystemClock), Stop::default()).await
}

/// As [`serve`], by this clock, and until `stop` is asked. Dropped or stopped before it returns, it leaves nothing running.
///
/// # Errors
/// As [`serve`], and [`ServeError::Stopped`].
pub async fn serve_with(
    config: Config,
    outfit: &dyn Outfit,
    clock: Arc<dyn Clock>,
    stop: Stop,
) -> Result<Running, ServeError> {
    let (board, metrics) = (Board::default(), Arc::new(Metrics::new()));
    let at = || format!("{}:{}", config.http.address, config.http.port);
    let listening = http::listen(&config.http, board.clone(), metrics.clone()).await;
    let listening = listening.map_err(|source| ServeError::Listen { address: at(), source })?;
    let address = listening.address;
    let mut tasks = JoinSet::new();
    let heard = stop.clone();
    tasks.spawn(async move {
        if let Err(error) = listening.answer(heard).await {
            tracing::error!(error = %error, "requests are no longer answered");
        }
    });
    tracing::info!(address = %address, node = config.node.name, version = env!("CARGO_PKG_VERSION"), "listening");
    let front = begin_front(&config, &stop, &mut tasks).await?;
    let store = tokio::select! {
        store = open(&config, outfit) => store?,
        () = stop.asked() => return Err(ServeError::Stopped),
    };
    let waiting = front.as_ref().map(|(door, _)| door.waiting().clone()).unwrap_or_default();
    let addresses = Changes::read(&store, &config.node.community).await?;
    let base = Base { store, metrics, wake: Arc::default(), waiting, front: Front::default(), addresses };
    let opened = config.channels.iter().map(|channel| outfit.channel(&config, channel, &base));
    let channels: Vec<Arc<dyn Channel>> = opened.collect::<Result<_, _>>()?;
    board.channels(channels.clone());
    let post = outfit.post(&config, &base)?;
    let work = Work { base: base.clone(), post, clock, board: board.clone(), stop: stop.clone() };
    work.measure_once(&config.node.community, &channels).await;
    begin_loops(&config, &work, &channels, &mut tasks);
    begin_jobs(&config, outfit, &work, &mut tasks);
    let door = front.as_ref().map(|(door, _)| door.clone());
    let open = open_front(&config, outfit, &work, door).await?;
    begin_renewal(&config, &work, open, &mut tasks);
    board.phase(Phase::Running);
    tracing::info!(node = config.node.name, count = channels.len(), "running");
    let front = front.map(|(_, address)| address);
    Ok(Running { address, front, stop, base, channels, tasks, board, stop_within: config.http.stop_within })
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the front door listens, if there is one.
    pub fn front(&self) -> Option<SocketAddr> {
        self.front
    }

    /// What stops it.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// What its parts share.
    pub fn base(&self) -> &Base {
        &self.base
    }

    /// Runs until SIGTERM or SIGINT (Ctrl-C). A second one stops at once.
    ///
    /// # Errors
    /// Signals that can't be listened for.
    pub async fn until_signalled(self) -> io::Result<Ended> {
        let stop = self.stop.clone();
        let mut signals = Signals::new()?;
        let listening = tokio::spawn(async move {
            let signal = signals.next().await;
            tracing::info!(signal, "stopping: what is under way is finished");
            stop.ask();
            let signal = signals.next().await;
            tracing::warn!(signal, "stopping at once");
            stop.ask_now();
        });
        let ended = self.until_stopped().await;
        listening.abort();
        Ok(ended)
    }

    /// Runs until it is asked to stop; then nothing new is taken in, what is under way is finished within `stop_within`,
    /// channels let go of their lines and the store is closed.
    pub async fn until_stopped(mut self) -> Ended {
        self.stop.asked().await;
        self.board.phase(Phase::Stopping);
        let finished = async { while self.tasks.join_next().await.is_some() {} };
        let ended = self.stop.clone().within(self.stop_within, finished).await;
        self.tasks.shutdown().await;
        let let_go = async {
            for channel in &self.channels {
                channel.close().await;
            }
            self.base.store.close().await;
        };
        let closed = self.stop.clone().within(self.stop_within, let_go).await;
        let is_whole = ended && closed;
        tracing::info!("stopped");
        if is_whole { Ended::Whole } else { Ended::Cut }
    }
}

impl Stop {
    /// Whether the work ended in time and before the word to stop at once.
    async fn within(&self, time: Duration, work: impl Future<Output = ()>) -> bool {
        tokio::select! {
            biased;
            () = work => true,
            () = self.asked_now() => false,
            () = tokio::time::sleep(time) => {
                tracing::warn!("something was still under way when time was up");
                false
            }
        }
    }
}

/// The signals that end a process.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    #[cfg(unix)]
    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }

    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "it can fail where there are Unix signals")]
    fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn next(&mut self) -> &'static str {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "Ctrl-C"
    }
}

/// Listens where the front door is to be. Until it is open, it says that it isn't.
async fn begin_front(
    config: &Config,
    stop: &Stop,
    tasks: &mut JoinSet<()>,
) -> Result<Option<(Door, SocketAddr)>, ServeError> {
    let Some(web) = &config.web else { return Ok(None) };
    let listening = door::listen(web).await.map_err(ServeError::Front)?;
    let (door, address) = (Door::new(Waiting::default(), stop.clone()), listening.address);
    tasks.spawn(listening.answer(door.router(), stop.clone()));
    tracing::info!(address = %address, "the front door listens");
    Ok(Some((door, address)))
}

/// Opens the front door, where there is one.
async fn open_front(
    config: &Config,
    outfit: &dyn Outfit,
    work: &Work,
    door: Option<Door>,
) -> Result<Option<Door>, ServeError> {
    let Some(door) = door else { return Ok(None) };
    let app = tokio::select! {
        app = outfit.front(config, &work.base) => app?,
        () = work.stop.asked() => return Err(ServeError::Stopped),
    };
    let Some(app) = app else { return Ok(None) };
    work.base.front.set(app.clone());
    door.open(samspill_web::router(app));
    Ok(Some(door))
}

/// Follows the log for the front door, and puts in what administrators change in the address book.
fn begin_renewal(config: &Config, work: &Work, door: Option<Door>, tasks: &mut JoinSet<()>) {
    let supervisor = work.supervisor();
    let renewal = Renewal { work: work.clone(), community: config.node.community.clone(), door };
    tasks.spawn(async move { supervisor.run("addresses", || renewal.run()).await });
}

async fn open(config: &Config, outfit: &dyn Outfit) -> Result<Store, ServeError> {
    make_folder(&config.node.data)?;
    if let Some(folder) =
        config.store.place.strip_prefix("sqlite:").and_then(|path| std::path::Path::new(path).parent())
    {
        make_folder(folder)?;
    }
    let seal = crate::node::seal(config)?;
    if seal.is_none() {
        tracing::warn!(
            "messages and the log's persons are kept in the clear: name keys as person_keys in [web] or [store]"
        );
    }
    let options = Options {
        if_missing: IfMissing::Create,
        wait: config.store.wait,
        connections_max: config.store.connections_max,
        projections: outfit.projections(config)?,
        seal,
        ..Options::default()
    };
    Ok(Store::open(&config.store.open_place()?, options).await?)
}

fn make_folder(path: &std::path::Path) -> Result<(), ServeError> {
    let failed = |source| ServeError::Folder { path: path.display().to_string(), source };
    std::fs::create_dir_all(path).map_err(failed)
}

fn begin_loops(config: &Config, work: &Work, channels: &[Arc<dyn Channel>], tasks: &mut JoinSet<()>) {
    let supervisor = work.supervisor();
    for channel in channels {
        let (own, work, channel) = (supervisor.clone(), work.clone(), channel.clone());
        let (other, work_out, channel_out) = (own.clone(), work.clone(), channel.clone());
        tasks.spawn(async move {
            own.run(&format!("receive:{}", channel.name()), || work.receive(channel.as_ref())).await;
        });
        tasks.spawn(async move {
            let name = format!("hand-over:{}", channel_out.name());
            other.run(&name, || work_out.hand_over(channel_out.as_ref())).await;
        });
    }
    let (work, channels) = (work.clone(), channels.to_vec());
    let (community, every) = (config.node.community.clone(), config.jobs.measure);
    tasks.spawn(async move {
        supervisor.run("measure", || work.measure(&community, every, &channels)).await;
    });
}

/// All that a node does again and again.
fn jobs(config: &Config, outfit: &dyn Outfit, base: &Base, post: &Arc<dyn Post>) -> Vec<Arc<dyn Job>> {
    let node = &config.node;
    let mut jobs: Vec<Arc<dyn Job>> = vec![
        Arc::new(Tick { post: post.clone(), every: config.jobs.tick }),
        Arc::new(Verify::new(base.store.clone(), node.community.clone(), config.jobs.verify)),
    ];
    if let Some(web) = &config.web {
        jobs.push(Arc::new(Forget { accounts: accounts(config, web, &base.store) }));
    }
    if let Some(backup) = &config.backup {
        jobs.push(Arc::new(BackUp::new(base.store.clone(), backup.clone(), node.community.as_str())));
    }
    jobs.extend(outfit.jobs(config, base));
    jobs
}

fn begin_jobs(config: &Config, outfit: &dyn Outfit, work: &Work, tasks: &mut JoinSet<()>) {
    let base = &work.base;
    let worker = Worker {
        holder: config.node.name.clone(),
        lease: config.jobs.lease,
        leases: outfit.leases(config, base),
        clock: work.clock.clone(),
        metrics: base.metrics.clone(),
    };
    for job in jobs(config, outfit, base, &work.post) {
        let (worker, stop) = (worker.clone(), work.stop.clone());
        tasks.spawn(async move { worker.work(job.as_ref(), &stop).await });
    }
}

#[cfg(test)]
mod tests;
