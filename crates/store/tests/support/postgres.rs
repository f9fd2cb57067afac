//! A PostgreSQL server of our own: in a temporary folder, reached by a socket in it, gone when the tests are.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, OnceLock},
    thread::sleep,
    time::{Duration, Instant},
};

/// The server of this process; started when it is first asked for. `None` where PostgreSQL is not installed.
pub(crate) fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(Server::start).as_ref()
}

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    programs: PathBuf,
    folder: PathBuf,
    user: Option<(u32, u32)>,
    /// Settings of its own, beside those of all.
    settings: Vec<String>,
    /// The running program.
    pub(crate) postgres: Mutex<Option<Child>>,
    /// Waits for the end of this process, however it comes, and then stops the server and removes its folder. Its
    /// standard input is a pipe that only this process holds open.
    undertaker: Option<Child>,
}

/// Without fsync: the tests stop programs, not machines.
const SETTINGS: [&str; 5] = [
    "listen_addresses=",
    "max_connections=100",
    "shared_buffers=32MB",
    "fsync=off",
    "log_min_messages=fatal",
];

impl Server {
    /// The address of one of its databases.
    pub(crate) fn address(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user=samspill", self.folder.display())
    }

    fn start() -> Option<Self> {
        Self::start_with(|_| Vec::new())
    }

    /// Another server, with settings of its own. `prepare` may put files into the folder of its data, and gives the settings.
    pub(crate) fn start_with(prepare: impl FnOnce(&Path) -> Vec<String>) -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("samspill-pg-").tempdir().unwrap().keep();
        let user = unprivileged_user(&folder);
        if let Some((uid, gid)) = user {
            chown(&folder, Some(uid), Some(gid)).unwrap();
        }
        let (settings, postgres) = (Vec::new(), Mutex::new(None));
        let mut server = Self { programs, folder, user, settings, postgres, undertaker: None };
        server.undertaker = Some(undertaker(&server.folder));
        server.initdb();
        let data = server.folder.join("data");
        server.settings = prepare(&data);
        server.own_all(&data);
        *server.postgres.lock().unwrap() = Some(server.serve());
        Some(server)
    }

    fn initdb(&self) {
        let mut initdb = self.program("initdb");
        initdb.args(["-U", "samspill", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        let made = initdb.output().unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
    }

    /// Files that were put into its data are the server's, and nobody else's.
    fn own_all(&self, data: &Path) {
        for file in fs::read_dir(data).unwrap().map(|file| file.unwrap().path()).filter(|file| file.is_file())
        {
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
            if let Some((uid, gid)) = self.user {
                chown(&file, Some(uid), Some(gid)).unwrap();
            }
        }
    }

    /// Starts the server and waits until it answers. What an earlier one left of itself may need a moment to be gone.
    pub(crate) fn serve(&self) -> Child {
        let start = Instant::now();
        loop {
            let mut serve = self.program("postgres");
            serve.arg("-k").arg(&self.folder).args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
            serve.args(self.settings.iter().flat_map(|setting| ["-c", setting]));
            serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
            let mut postgres = serve.spawn().unwrap();
            while postgres.try_wait().unwrap().is_none() {
                if self.is_ready(postgres.id()) {
                    return postgres;
                }
                sleep(Duration::from_millis(20));
            }
            assert!(start.elapsed() < Duration::from_secs(30), "PostgreSQL does not start");
        }
    }

    fn is_ready(&self, id: u32) -> bool {
        let text = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
        text.lines().next() == Some(&id.to_string()) && text.contains("ready")
    }

    /// One of PostgreSQL's programs, on our data.
    fn program(&self, name: &str) -> Command {
        let mut program = Command::new(self.programs.join(name));
        program.arg("-D").arg(self.folder.join("data")).current_dir(&self.folder);
        if let Some((uid, gid)) = self.user {
            program.uid(uid).gid(gid);
        }
        program
    }
}

/// The server is stopped by its own id, which it writes into its folder.
fn undertaker(folder: &Path) -> Child {
    let script = r#"read -r _
        id=$(head -n 1 "$1/data/postmaster.pid") && kill -QUIT "$id"
        for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$id" && sleep 0.2; done
        rm -rf "$1""#;
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]).arg(folder).current_dir("/");
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).spawn().unwrap()
}

/// The folder of the newest PostgreSQL: where Debian puts it, or on the path.
pub(crate) fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    debian.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = debian.into_iter().rev().chain(std::env::split_paths(&path));
    folders.find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// PostgreSQL refuses to run as root. Where that is who we are, it runs as `postgres` or `nobody`.
fn unprivileged_user(own: &Path) -> Option<(u32, u32)> {
    if fs::metadata(own).unwrap().uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let named = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let fields: Vec<_> = line.split(':').collect();
        Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
    };
    named("postgres").or_else(|| named("nobody"))
}
