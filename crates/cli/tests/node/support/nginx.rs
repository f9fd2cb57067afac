//! An nginx of our own with the site of `examples/operating`, on a port and in a folder of its own.

use std::{
    fs,
    net::{SocketAddr, TcpStream},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use super::{LIMIT, page::free_port, so, until};

/// A proxy that runs. It ends with this, however it comes.
#[derive(Debug)]
pub(crate) struct Nginx {
    port: u16,
    process: Child,
    /// Waits for the end of this process, and then stops the proxy by its own id and removes the folder.
    caretaker: Child,
}

/// A certificate and its key, as PEM.
pub(crate) fn certificate(host: &str) -> (String, String) {
    let pair = rcgen::generate_simple_self_signed([host.to_owned()]).unwrap();
    (pair.cert.pem(), pair.signing_key.serialize_pem())
}

impl Nginx {
    /// The program, where it is installed.
    pub(crate) fn program() -> Option<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
        folders.map(|folder| folder.join("nginx")).find(|program| program.exists())
    }

    /// Runs the site with this pair in front of two nodes, after nginx has said that it is right.
    pub(crate) fn start(program: &Path, site: &str, pair: &(String, String), nodes: [SocketAddr; 2]) -> Self {
        let folder = TempDir::with_prefix("samspill-nginx-").unwrap().keep();
        let port = free_port();
        fs::write(folder.join("samspill.pem"), &pair.0).unwrap();
        fs::write(folder.join("samspill-key.pem"), &pair.1).unwrap();
        fs::write(folder.join("site.conf"), placed(site, program, &folder, port, nodes)).unwrap();
        fs::write(folder.join("nginx.conf"), around(&folder)).unwrap();
        let run = |more: &[&str]| {
            let mut command = Command::new(program);
            command.arg("-p").arg(&folder).arg("-c").arg(folder.join("nginx.conf")).args(["-e", "error.log"]);
            command.args(more).stdin(Stdio::null());
            command
        };
        let tested = run(&["-t"]).output().unwrap();
        assert!(tested.status.success(), "{}", super::node::words_of(&tested));
        let caretaker = caretaker(&folder);
        let process = run(&[]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let nginx = Self { port, process, caretaker };
        until("nginx answers", LIMIT, || {
            let log = || fs::read_to_string(folder.join("error.log")).unwrap_or_default();
            so(TcpStream::connect(nginx.address()).is_ok(), log)
        });
        nginx
    }

    pub(crate) fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        let _ = self.process.wait();
        drop(self.caretaker.stdin.take());
        let _ = self.caretaker.wait();
    }
}

/// The site with what differs on this machine: ports, and where the certificate lies. Everything that is replaced must be there.
fn placed(site: &str, program: &Path, folder: &Path, port: u16, nodes: [SocketAddr; 2]) -> String {
    let mut site = site.to_owned();
    let mut replace = |what: &str, with: &str| {
        assert!(site.contains(what), "the site has no «{what}»");
        site = site.replace(what, with);
    };
    replace("node-1:8310", &nodes[0].to_string());
    replace("node-2:8310", &nodes[1].to_string());
    replace("/etc/nginx/tls/", &format!("{}/", folder.display()));
    // Before 1.25.1 it was said with the port.
    let speaks = if is_older(program) { " http2" } else { "" };
    replace("listen 443 ssl;", &format!("listen 127.0.0.1:{port} ssl{speaks};"));
    if !speaks.is_empty() {
        replace("http2 on;", "");
    }
    site
}

fn is_older(program: &Path) -> bool {
    let told = Command::new(program).arg("-v").output().unwrap();
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    let version = told.split("nginx/").nth(1).unwrap().split_whitespace().next().unwrap();
    let numbers: Vec<u32> = version.split('.').map(|number| number.parse().unwrap()).collect();
    numbers < vec![1, 25, 1]
}

/// What Debian's own configuration has around a site, with all files in our folder.
fn around(folder: &Path) -> String {
    // Workers of root would be another user, who can't read the folder.
    let user = if fs::metadata(folder).unwrap().uid() == 0 { "user root;\n" } else { "" };
    let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|what| format!("{what}_temp_path {what};\n"));
    format!(
        "{user}daemon off;\npid nginx.pid;\nworker_processes 1;\nevents {{ worker_connections 256; }}\n\
         http {{\naccess_log off;\n{}include site.conf;\n}}\n",
        paths.concat()
    )
}

fn caretaker(folder: &Path) -> Child {
    let script =
        r#"trap '' INT TERM HUP; cat >/dev/null; kill $(cat "$0/nginx.pid") 2>/dev/null; cd /; rm -rf "$0""#;
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).arg(folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.spawn().unwrap()
}
