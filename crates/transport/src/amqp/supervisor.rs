use std::{sync::Arc, time::Duration};

use fe2o3_amqp::{
    Session,
    connection::{Connection, ConnectionHandle},
    sasl_profile::SaslProfile,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

use super::{
    AmqpOptions, Shared,
    line::{self, Line},
    reader::{self, Brings, OwnQueue},
    sender::{SessionRequest, Wire},
    trouble::Trouble,
};
use crate::Arrival;

/// A broker that doesn't answer our good-bye in this time is left.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);
/// Frames of this size are ours at most; the broker's own limit counts too.
const FRAME_BYTES: u32 = 64 * 1024;
/// The library's channels are sized for thousands of links otherwise.
const BUFFER: usize = 1024;

/// Keeps a line to the broker up until the channel is closed.
pub(super) async fn supervise(shared: Arc<Shared>, arrivals: mpsc::UnboundedSender<Arrival>) {
    let mut failures = 0;
    while !shared.closing.is_cancelled() {
        let begun = Instant::now();
        let trouble = one_line(&shared, &arrivals).await;
        shared.down(&trouble.says);
        if shared.closing.is_cancelled() {
            break;
        }
        let lasted = begun.elapsed() > shared.options.reconnect.longest;
        failures = if lasted { 0 } else { failures + 1 };
        let pause = shared.options.reconnect.pause(failures - u32::from(failures > 0));
        tracing::warn!(channel = shared.options.name, says = trouble.says, ?pause, "no line to the broker");
        tokio::select! {
            () = sleep(pause) => {}
            () = shared.closing.cancelled() => {}
        }
    }
}

/// Makes a line and keeps it until it ends, and says why it ended.
async fn one_line(shared: &Arc<Shared>, arrivals: &mpsc::UnboundedSender<Arrival>) -> Trouble {
    let ended = CancellationToken::new();
    let _cut_when_we_leave = ended.clone().drop_guard();
    let opening = timeout(shared.options.connect_within, open(&shared.options, &ended));
    let opened = tokio::select! {
        opened = opening => opened,
        () = shared.closing.cancelled() => return Trouble::new("closed"),
    };
    let connection = match opened {
        Ok(Ok(connection)) => connection,
        Ok(Err(trouble)) => return trouble,
        Err(_) => {
            return Trouble::new(format!("the broker doesn't answer in {:?}", shared.options.connect_within));
        }
    };
    let (requests, requested) = mpsc::channel(16);
    let wire = Arc::new(Wire::new(shared.options.clone(), requests, ended.clone()));
    let mut readers = JoinSet::new();
    for queue in own_queues(&shared.options) {
        readers.spawn(reader::read(Arc::clone(shared), Arc::clone(&wire), queue, arrivals.clone()));
    }
    shared.up(wire);
    let trouble = serve(shared, connection, requested, &mut readers).await;
    readers.shutdown().await;
    trouble
}

/// Opens sessions for those who ask, until the connection ends.
async fn serve(
    shared: &Shared,
    mut connection: ConnectionHandle<()>,
    mut requests: mpsc::Receiver<SessionRequest>,
    readers: &mut JoinSet<()>,
) -> Trouble {
    loop {
        tokio::select! {
            biased;
            () = shared.closing.cancelled() => {
                // What was settled is told the broker before the line ends: closing it overtakes what is on its way.
                let _ = timeout(CLOSE_WITHIN, async { while readers.join_next().await.is_some() {} }).await;
                let _ = timeout(CLOSE_WITHIN, connection.close()).await;
                return Trouble::new("closed");
            }
            ended = connection.on_close() => return match ended {
                Ok(()) => Trouble::new("the broker closed the line"),
                Err(error) => Trouble::new(format!("the line to the broker broke: {error}")),
            },
            Some(request) = requests.recv() => {
                let beginning = Session::builder().buffer_size(BUFFER).begin(&mut connection);
                match timeout(shared.options.connect_within, beginning).await {
                    Ok(session) => drop(request.send(session)),
                    Err(_) => return Trouble::new("the broker doesn't answer"),
                }
            }
        }
    }
}

async fn open(options: &AmqpOptions, cut: &CancellationToken) -> Result<ConnectionHandle<()>, Trouble> {
    let url =
        Url::parse(&options.url).map_err(|error| Trouble::new(format!("`url` can't be read: {error}")))?;
    let unreachable = |error: std::io::Error| Trouble::new(format!("the broker can't be reached: {error}"));
    match url.scheme() {
        "amqp" => {
            let stream = line::connect(&url, 5672, options.silence_max).await.map_err(unreachable)?;
            greet(options, &url, Line::new(stream, cut)).await
        }
        "amqps" => {
            let stream = line::connect(&url, 5671, options.silence_max).await.map_err(unreachable)?;
            let stream = line::encrypt(stream, &url, &options.trust).await;
            let stream =
                stream.map_err(|error| Trouble::new(format!("no safe line to the broker: {error}")))?;
            greet(options, &url, Line::new(stream, cut)).await
        }
        other => Err(Trouble::new(format!("`url` begins with `{other}`: write `amqp://` or `amqps://`"))),
    }
}

async fn greet<S>(options: &AmqpOptions, url: &Url, stream: S) -> Result<ConnectionHandle<()>, Trouble>
where
    S: AsyncRead + AsyncWrite + std::fmt::Debug + Send + Unpin + 'static,
{
    let silence = u32::try_from(options.silence_max.as_millis()).unwrap_or(u32::MAX);
    let host = url.host_str();
    let connection = Connection::builder()
        .container_id(format!("samspill-{}", Uuid::new_v4()))
        .hostname(host)
        .sasl_hostname(host)
        .max_frame_size(FRAME_BYTES)
        .idle_time_out(silence)
        .buffer_size(BUFFER)
        .sasl_profile(profile(options, url)?)
        .open_with_stream(stream)
        .await?;
    Ok(connection)
}

fn profile(options: &AmqpOptions, url: &Url) -> Result<SaslProfile, Trouble> {
    if let Some(login) = &options.login {
        return Ok(SaslProfile::Plain { username: login.user.clone(), password: login.password.clone() });
    }
    if url.username().is_empty() {
        return Ok(SaslProfile::Anonymous);
    }
    SaslProfile::try_from(url).map_err(|()| Trouble::new("`url` has a user without a password: use `login`"))
}

fn own_queues(options: &AmqpOptions) -> Vec<OwnQueue> {
    let directory = &options.directory;
    let queue = |her_id: &String, queue, brings| OwnQueue { her_id: her_id.clone(), queue, brings };
    let pair = |her_id| {
        [
            queue(her_id, directory.receive_queue(her_id), Brings::Messages),
            queue(her_id, directory.error_queue(her_id), Brings::Faults),
        ]
    };
    options.own.iter().flat_map(pair).collect()
}
