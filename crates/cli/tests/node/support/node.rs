//! A node: a folder with its configuration, and the process that serves it while one runs.

use std::{
    fs::{self, File},
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use super::{LIMIT, so, until};

/// The community of all nodes of these tests.
pub(crate) const COMMUNITY: &str = "fjordhelse";

/// What a node is made from. All of it is text of its configuration but the address book.
#[derive(Clone, Debug, Default)]
pub(crate) struct Setup {
    /// Its name.
    pub(crate) name: String,
    /// Where its store is; a file of its own where this is empty.
    pub(crate) place: String,
    /// Its channels.
    pub(crate) channels: String,
    /// Its organisations.
    pub(crate) own: String,
    /// The address book.
    pub(crate) book: String,
    /// More of its configuration, at the end.
    pub(crate) more: String,
}

impl Setup {
    /// With this at the end too.
    pub(crate) fn with(mut self, more: &str) -> Self {
        self.more += more;
        self
    }

    fn text(&self) -> String {
        let Self { name, place, channels, own, more, .. } = self;
        // A command beside a busy node waits for the one lock of a file; a server that is away isn't worth waiting for.
        let (place, wait) = match place.as_str() {
            "" => ("sqlite:data/samspill.db", 30),
            place => (place, 3),
        };
        format!(
            "[node]\nname = \"{name}\"\ncommunity = \"{COMMUNITY}\"\nagreements = [\"unn\"]\n\
             [store]\nplace = \"{place}\"\nwait = \"{wait} s\"\n[http]\nport = 0\n\
             [retry]\nfirst = \"100 ms\"\nmax = \"1 s\"\nattempts = 1000\nlease = \"5 s\"\n\
             [jobs]\ntick = \"500 ms\"\nmeasure = \"500 ms\"\nlease = \"1 s\"\n\
             [addresses]\nbook = \"adresser.toml\"\n{channels}{own}{more}"
        )
    }
}

/// A node with a front door at a free port, whose users write `origin`; its only channel is a folder. `more` stands in `[web]`.
pub(crate) fn with_front(setup: Setup, origin: &str, more: &str) -> Node {
    let web = format!(
        "[web]\norigin = \"{origin}\"\nport = 0\nperson_keys = {{ file = \"person-keys.txt\" }}\n\
         secrets = {{ file = \"login.txt\" }}\n{more}"
    );
    let channels = folder_channel("mappe", Path::new("inn"), Path::new("ut"), "default = true");
    let node = Node::new(&Setup { channels, ..setup }.with(&web));
    let keys = "a".repeat(64);
    node.write("person-keys.txt", format!("en: {keys}\nindex: {keys}\n").as_bytes());
    node.write("login.txt", "b".repeat(64).as_bytes());
    node
}

/// A channel over folders.
pub(crate) fn folder_channel(name: &str, inbox: &Path, outbox: &Path, to: &str) -> String {
    let (inbox, outbox) = (inbox.display(), outbox.display());
    format!(
        "[[channel]]\nname = \"{name}\"\nkind = \"folder\"\ninbox = \"{inbox}\"\noutbox = \"{outbox}\"\nlook_every = \"100 ms\"\n{to}\n"
    )
}

/// A node in a folder of its own. Its process ends with it.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    folder: TempDir,
    place: String,
    process: Option<Child>,
    caretaker: Child,
    secrets: Vec<(String, String)>,
}

impl Node {
    /// A folder with the configuration, and with `inn` and `ut` for a channel over folders.
    pub(crate) fn new(setup: &Setup) -> Self {
        let folder = TempDir::with_prefix("samspill-node-").unwrap();
        for name in ["inn", "ut", "data"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let place = if setup.place.is_empty() {
            format!("sqlite:{}", folder.path().join("data/samspill.db").display())
        } else {
            setup.place.clone()
        };
        let caretaker = caretaker(folder.path());
        let name = setup.name.clone();
        let node = Self { name, folder, place, process: None, caretaker, secrets: Vec::new() };
        node.write("samspill.toml", setup.text().as_bytes());
        node.write("adresser.toml", setup.book.as_bytes());
        node
    }

    /// With a secret in the environment of all that it runs.
    pub(crate) fn with_secret(mut self, name: &str, secret: &str) -> Self {
        self.secrets.push((name.to_owned(), secret.to_owned()));
        self
    }

    /// A file or folder of its own.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where its store is.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// Writes a file of its own.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// A command on this node.
    pub(crate) fn program(&self, words: &[&str]) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_samspill"));
        program.args(words).env("SAMSPILL_CONFIG", self.path("samspill.toml")).env("NO_COLOR", "1");
        program.envs(self.secrets.iter().cloned()).current_dir(self.folder.path()).stdin(Stdio::null());
        program
    }

    /// Runs a command on this node to its end.
    pub(crate) fn run(&self, words: &[&str]) -> Output {
        self.program(words).output().unwrap()
    }

    /// Runs a command that succeeds, and gives what it printed.
    #[track_caller]
    pub(crate) fn does(&self, words: &[&str]) -> String {
        let ran = self.run(words);
        assert!(ran.status.success(), "{} {words:?}: {}\n{}", self.name, words_of(&ran), self.log());
        String::from_utf8(ran.stdout).unwrap()
    }

    /// Starts the process, and waits for nothing.
    pub(crate) fn launch(&mut self) {
        assert!(self.process.is_none(), "{} runs already", self.name);
        let log = File::create(self.path("serve.log")).unwrap();
        let process = self.program(&["serve"]).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        self.write("pid", process.id().to_string().as_bytes());
        self.process = Some(process);
    }

    /// Starts the process, and waits until it is ready.
    #[track_caller]
    pub(crate) fn start(&mut self) {
        self.launch();
        self.wait_until_ready();
    }

    /// Waits until `/ready` says so.
    #[track_caller]
    pub(crate) fn wait_until_ready(&mut self) {
        until(&format!("{} is ready", self.name), LIMIT, || {
            let ended = self.process.as_mut().and_then(|process| process.try_wait().unwrap());
            assert_eq!(ended, None, "{} ended: {}", self.name, self.log());
            let answer = self.get("/ready");
            so(answer.starts_with("HTTP/1.1 200"), || format!("{answer}\n{}", self.log()))
        });
    }

    /// Ends the process at once, as a power cut would.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
            self.write("pid", b"");
        }
    }

    /// Tells the process to stop, and waits until it has.
    #[track_caller]
    pub(crate) fn stop(&mut self) -> ExitStatus {
        let mut process = self.process.take().expect("a process that runs");
        let told = Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap();
        assert!(told.success());
        let mut ended = None;
        until(&format!("{} stops", self.name), LIMIT, || {
            ended = process.try_wait().unwrap();
            so(ended.is_some(), || self.log())
        });
        self.write("pid", b"");
        ended.expect("it has ended")
    }

    /// What the process answers to a request, status line and all; what failed where it doesn't answer.
    pub(crate) fn get(&self, path: &str) -> String {
        self.ask(path).unwrap_or_else(|error| error)
    }

    /// What the process has told so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path("serve.log")).unwrap_or_default()
    }

    /// Where the front door of the process is.
    #[track_caller]
    pub(crate) fn front(&self) -> SocketAddr {
        let log = self.log();
        let address = log.split("the front door: ").nth(1).and_then(|rest| rest.lines().next());
        address.and_then(|it| it.trim().parse().ok()).unwrap_or_else(|| panic!("no front door: {log}"))
    }

    fn ask(&self, path: &str) -> Result<String, String> {
        let log = self.log();
        let address = log.split("samspill runs: http://").nth(1).and_then(|rest| rest.split('/').next());
        let address: SocketAddr = address.and_then(|it| it.parse().ok()).ok_or("it has told no address")?;
        let failed = |error: std::io::Error| error.to_string();
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5)).map_err(failed)?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).map_err(failed)?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).map_err(failed)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).map_err(failed)?;
        Ok(answer)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
        drop(self.caretaker.stdin.take());
        let _ = self.caretaker.wait();
    }
}

/// A shell that waits until our end of its pipe is closed, which happens however we end, and then ends the process and removes the
/// folder.
fn caretaker(folder: &Path) -> Child {
    let script =
        r#"trap '' INT TERM HUP; cat >/dev/null; kill -9 $(cat "$0/pid") 2>/dev/null; cd /; rm -rf "$0""#;
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).arg(folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.spawn().unwrap()
}

/// All that a command printed.
pub(crate) fn words_of(ran: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}: {}{}", ran.status, text(&ran.stdout), text(&ran.stderr))
}
