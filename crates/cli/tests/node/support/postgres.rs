//! A `PostgreSQL` server of our own, as a node wants it: in a temporary folder, on the loopback, gone when the test is.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::{LIMIT, page::free_port, so, tell, until};

/// A server with one database.
#[derive(Debug)]
pub(crate) struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    user: Option<(u32, u32)>,
    running: Option<Child>,
    /// Waits for the end of this process, however it comes, and then stops the server and removes its folder. Its
    /// standard input is a pipe that only this process holds open.
    undertaker: Child,
}

impl Postgres {
    /// A running server. `None`, and a line that says so, where `PostgreSQL` is not installed.
    pub(crate) fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            tell("skipped: PostgreSQL is not installed");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("samspill-pg-").tempdir().unwrap().keep();
        let user = unprivileged_user(&folder);
        if let Some((uid, gid)) = user {
            chown(&folder, Some(uid), Some(gid)).unwrap();
        }
        let undertaker = undertaker(&folder);
        let mut server = Self { programs, folder, port: free_port(), user, running: None, undertaker };
        let mut initdb = server.program("initdb");
        let made =
            initdb.args(["-U", "samspill", "-A", "trust", "-E", "UTF8", "--locale=C"]).output().unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        server.serve();
        Some(server)
    }

    /// The place of its database.
    pub(crate) fn place(&self) -> String {
        format!("postgres://samspill@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts the server and waits until it answers. What an earlier one left of itself may need a moment to be gone.
    pub(crate) fn serve(&mut self) {
        until("PostgreSQL starts", LIMIT, || {
            let is_gone = self.running.as_mut().is_none_or(|child| child.try_wait().unwrap().is_some());
            if is_gone {
                self.running = Some(self.spawn());
            }
            so(self.is_ready(), || "it doesn't say that it is ready".to_owned())
        });
    }

    /// Ends the server at once, and what its clients were doing with it.
    pub(crate) fn halt(&mut self) {
        let Some(mut running) = self.running.take() else { return };
        // SIGQUIT: its children go at once too, as they don't when it is killed. Nothing is written any more.
        let _ = Command::new("kill").args(["-QUIT", &running.id().to_string()]).status();
        let _ = running.wait();
    }

    fn spawn(&self) -> Child {
        let mut serve = self.program("postgres");
        serve.arg("-k").arg(&self.folder).args(["-p", &self.port.to_string()]);
        for setting in ["listen_addresses=127.0.0.1", "shared_buffers=32MB", "log_min_messages=fatal"] {
            serve.args(["-c", setting]);
        }
        serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        serve.spawn().unwrap()
    }

    fn is_ready(&self) -> bool {
        let id = self.running.as_ref().map(|child| child.id().to_string());
        let text = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
        text.lines().next().map(str::to_owned) == id && text.contains("ready")
    }

    /// One of `PostgreSQL`'s programs, on our data.
    fn program(&self, name: &str) -> Command {
        let mut program = Command::new(self.programs.join(name));
        program.arg("-D").arg(self.folder.join("data")).current_dir(&self.folder);
        if let Some((uid, gid)) = self.user {
            program.uid(uid).gid(gid);
        }
        program
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.halt();
        drop(self.undertaker.stdin.take());
        let _ = self.undertaker.wait();
    }
}

/// The server is stopped by its own id, which it writes into its folder.
fn undertaker(folder: &Path) -> Child {
    let script = r#"read -r _
        id=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$id"
        for _ in 1 2 3 4 5 6 7 8 9 10; do [ -n "$id" ] && kill -0 "$id" && sleep 0.2; done
        rm -rf "$1""#;
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]).arg(folder).current_dir("/");
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).spawn().unwrap()
}

/// The folder of the newest `PostgreSQL`: where Debian puts it, or on the path.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    debian.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = debian.into_iter().rev().chain(std::env::split_paths(&path));
    folders.find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// `PostgreSQL` refuses to run as root. Where that is who we are, it runs as `postgres` or `nobody`.
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
