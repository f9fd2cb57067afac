use std::{
    fmt::Write as _,
    fs,
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// Where Debian keeps the programs that don't insist on being started by its own user.
const PROGRAMS: &str = "/usr/lib/rabbitmq/bin";
const USER: &str = "samspill";
const PASSWORD: &str = "bare-for-prover";
/// Generous: a busy machine needs long to start an Erlang system.
const START_LIMIT: Duration = Duration::from_mins(3);
/// A port that was free may be taken by somebody else before the broker is there.
const ATTEMPTS: u32 = 3;
static STARTED: AtomicU32 = AtomicU32::new(0);

/// A `RabbitMQ` of one's own on the loopback, with AMQP 1.0, a folder of its own and ports of its own. It ends when it is
/// dropped, and also when the process that started it ends in another way.
#[derive(Debug)]
pub struct PrivateRabbit {
    folder: TempDir,
    node: String,
    amqp: u16,
    distribution: u16,
    names: u16,
    queues: Vec<String>,
    name_server: Child,
    broker: Option<Child>,
    caretaker: Child,
}

impl PrivateRabbit {
    /// The exchange that every queue is bound to by its own name: the namespace of the addresses.
    pub const NAMESPACE: &'static str = "NHNTestServiceBus";

    /// Starts one with these durable queues and waits until it answers. `None`, and a line on standard error, where the
    /// programs are not installed.
    ///
    /// # Panics
    ///
    /// When they are installed and don't start.
    pub fn start(queues: &[&str]) -> Option<Self> {
        if !Path::new(PROGRAMS).join("rabbitmq-server").exists() {
            say(
                "skipped: RabbitMQ is not installed (apt-get install --no-install-recommends rabbitmq-server)",
            );
            return None;
        }
        let mut last = String::new();
        for _ in 0..ATTEMPTS {
            match Self::try_start(queues) {
                Ok(rabbit) => return Some(rabbit),
                Err(error) => last = error,
            }
        }
        panic!("RabbitMQ doesn't start: {last}");
    }

    /// Its address, with a user that may do everything.
    pub fn url(&self) -> String {
        format!("amqp://{USER}:{PASSWORD}@127.0.0.1:{}", self.amqp)
    }

    /// Its address with a wrong password.
    pub fn url_with_wrong_password(&self) -> String {
        format!("amqp://{USER}:feil@127.0.0.1:{}", self.amqp)
    }

    /// Makes more durable queues, bound like the first ones.
    ///
    /// # Panics
    ///
    /// When the broker refuses.
    pub fn declare(&mut self, queues: &[&str]) {
        self.queues.extend(queues.iter().map(|queue| (*queue).to_owned()));
        self.write_definitions();
        let definitions = self.folder.path().join("definitions.json");
        let output = self
            .command("rabbitmqctl")
            .args(["import_definitions".as_ref(), definitions.as_os_str()])
            .output()
            .expect("rabbitmqctl runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Ends it at once, as a power cut would (`kill -9`). What it had confirmed is on its disk.
    pub fn kill(&mut self) {
        if let Some(mut broker) = self.broker.take() {
            let _ = broker.kill();
            let _ = broker.wait();
        }
    }

    /// Starts it again on the same port with what it has on its disk, and waits until it answers.
    ///
    /// # Panics
    ///
    /// When it doesn't start.
    pub fn restart(&mut self) {
        self.kill();
        self.launch().expect("the broker starts again");
    }

    fn try_start(queues: &[&str]) -> Result<Self, String> {
        let folder = TempDir::with_prefix("samspill-rabbit-").map_err(|error| error.to_string())?;
        let [amqp, distribution, names] = free_ports();
        write_files(folder.path(), amqp);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let name_server = start_name_server(names).map_err(|error| format!("epmd: {error}"))?;
        let caretaker = start_caretaker(folder.path()).map_err(|error| format!("sh: {error}"))?;
        let mut rabbit = Self {
            node: format!("samspill-{}-{number}@localhost", process::id()),
            folder,
            amqp,
            distribution,
            names,
            queues: queues.iter().map(|queue| (*queue).to_owned()).collect(),
            name_server,
            broker: None,
            caretaker,
        };
        rabbit.write_definitions();
        rabbit.launch()?;
        Ok(rabbit)
    }

    fn launch(&mut self) -> Result<(), String> {
        let broker = self
            .command("rabbitmq-server")
            // Then the script makes way for the broker: the process we start is the one we kill.
            .env("RUNNING_UNDER_SYSTEMD", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| error.to_string())?;
        let pids = format!("{} {}\n", self.name_server.id(), broker.id());
        fs::write(self.folder.path().join("pids"), pids).map_err(|error| error.to_string())?;
        self.broker = Some(broker);
        self.wait_until_it_answers()
    }

    fn wait_until_it_answers(&mut self) -> Result<(), String> {
        let limit = Instant::now() + START_LIMIT;
        while Instant::now() < limit {
            if answers(self.amqp) {
                return Ok(());
            }
            let ended = self.broker.as_mut().and_then(|broker| broker.try_wait().ok().flatten());
            if let Some(status) = ended {
                return Err(format!("it ended with {status}; {}", self.log()));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err(format!("it didn't answer in {START_LIMIT:?}; {}", self.log()))
    }

    fn log(&self) -> String {
        let text = fs::read_to_string(self.folder.path().join("log/rabbit.log")).unwrap_or_default();
        let tail = text.chars().count().saturating_sub(4000);
        format!("its log ends so:\n{}", text.chars().skip(tail).collect::<String>())
    }

    fn command(&self, program: &str) -> Command {
        let folder = self.folder.path();
        let mut command = Command::new(Path::new(PROGRAMS).join(program));
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")
            .env("LANG", "C.UTF-8");
        command.current_dir(folder).env("HOME", folder);
        command.env("RABBITMQ_NODENAME", &self.node).env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
        command.env("RABBITMQ_NODE_PORT", self.amqp.to_string());
        command.env("RABBITMQ_DIST_PORT", self.distribution.to_string());
        command.env("ERL_EPMD_PORT", self.names.to_string()).env("ERL_EPMD_ADDRESS", "127.0.0.1");
        let loopback = "-kernel inet_dist_use_interface {127,0,0,1}";
        command.env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", format!("{loopback} +S 2:2"));
        command.env("RABBITMQ_CTL_ERL_ARGS", loopback);
        for (name, file) in FILES {
            command.env(name, folder.join(file));
        }
        command
    }

    fn write_definitions(&self) {
        let path = self.folder.path().join("definitions.json");
        fs::write(path, definitions(&self.queues)).expect("a file in our own folder");
    }
}

impl Drop for PrivateRabbit {
    fn drop(&mut self) {
        self.kill();
        let _ = self.name_server.kill();
        let _ = self.name_server.wait();
        let _ = fs::write(self.folder.path().join("pids"), "");
        drop(self.caretaker.stdin.take());
        let _ = self.caretaker.wait();
    }
}

const FILES: [(&str, &str); 13] = [
    ("RABBITMQ_BASE", ""),
    ("RABBITMQ_CONF_ENV_FILE", "env.conf"),
    ("RABBITMQ_CONFIG_FILE", "rabbitmq.conf"),
    ("RABBITMQ_CONFIG_FILES", "conf.d"),
    ("RABBITMQ_ADVANCED_CONFIG_FILE", "advanced.config"),
    ("RABBITMQ_ENABLED_PLUGINS_FILE", "enabled_plugins"),
    ("RABBITMQ_MNESIA_BASE", "mnesia"),
    ("RABBITMQ_LOG_BASE", "log"),
    ("RABBITMQ_LOGS", "log/rabbit.log"),
    ("RABBITMQ_PID_FILE", "broker.pid"),
    ("RABBITMQ_GENERATED_CONFIG_DIR", "generated"),
    ("RABBITMQ_SCHEMA_DIR", "schema"),
    ("RABBITMQ_PLUGINS_EXPAND_DIR", "plugins"),
];

fn write_files(folder: &Path, amqp: u16) {
    for name in ["conf.d", "mnesia", "log", "generated", "schema"] {
        fs::create_dir(folder.join(name)).expect("a folder in our own folder");
    }
    let definitions = folder.join("definitions.json");
    let config = format!(
        "listeners.tcp.1 = 127.0.0.1:{amqp}\nload_definitions = {}\nloopback_users = none\n\
         disk_free_limit.absolute = 1MB\nvm_memory_high_watermark.absolute = 1GB\nlog.file.level = warning\n",
        definitions.display(),
    );
    for (name, text) in [
        ("env.conf", ""),
        ("advanced.config", "[].\n"),
        ("enabled_plugins", "[rabbitmq_amqp1_0].\n"),
        ("rabbitmq.conf", &config),
    ] {
        fs::write(folder.join(name), text).expect("a file in our own folder");
    }
}

fn definitions(queues: &[String]) -> String {
    let mut declared = String::new();
    let mut bound = String::new();
    for (index, queue) in queues.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(
            declared,
            r#"{comma}{{"name":"{queue}","vhost":"/","durable":true,"auto_delete":false,"arguments":{{}}}}"#
        );
        let _ = write!(
            bound,
            r#"{comma}{{"source":"{}","vhost":"/","destination":"{queue}","destination_type":"queue","routing_key":"{queue}","arguments":{{}}}}"#,
            PrivateRabbit::NAMESPACE,
        );
    }
    format!(
        r#"{{"users":[{{"name":"{USER}","password":"{PASSWORD}","tags":"administrator"}}],
"vhosts":[{{"name":"/"}}],
"permissions":[{{"user":"{USER}","vhost":"/","configure":".*","write":".*","read":".*"}}],
"exchanges":[{{"name":"{}","vhost":"/","type":"direct","durable":true,"auto_delete":false,"internal":false,"arguments":{{}}}}],
"queues":[{declared}],"bindings":[{bound}]}}"#,
        PrivateRabbit::NAMESPACE,
    )
}

fn free_ports() -> [u16; 3] {
    let listeners = [(); 3].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port"));
    listeners.map(|listener| listener.local_addr().expect("a bound port").port())
}

fn start_name_server(port: u16) -> io::Result<Child> {
    Command::new("epmd")
        .args(["-address", "127.0.0.1", "-port", &port.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

/// A shell that waits until our end of its pipe is closed, which happens however we end, and then cleans up.
fn start_caretaker(folder: &Path) -> io::Result<Child> {
    let script = r#"trap '' INT TERM HUP; cat >/dev/null; kill -9 $(cat "$0/pids") 2>/dev/null; rm -rf "$0""#;
    Command::new("sh")
        .args(["-c", script])
        .arg(PathBuf::from(folder))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

/// Whether somebody there speaks AMQP 1.0 with SASL.
fn answers(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_secs(1)) else { return false };
    let mut answer = [0; 8];
    stream.set_read_timeout(Some(Duration::from_secs(5))).is_ok()
        && stream.write_all(b"AMQP\x03\x01\x00\x00").is_ok()
        && stream.read_exact(&mut answer).is_ok()
        && answer.starts_with(b"AMQP\x03")
}

fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
