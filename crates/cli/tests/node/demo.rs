//! What `make run` starts: a region that is made and lives, and people who log in to it.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::support::{
    alone,
    page::{Browser, free_port},
    so, until,
};

/// How long the region may take to be made: two days of it, on a machine that does other things too.
const MADE_MAX: Duration = Duration::from_mins(5);

/// A demo in a folder of its own. Its process ends with it.
struct Demo {
    process: Child,
    _folder: tempfile::TempDir,
}

impl Demo {
    fn start(port: u16) -> Self {
        let folder = tempfile::TempDir::with_prefix("samspill-demo-").unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_samspill"));
        program.args(["demo", "--days", "2", "--port", &port.to_string(), "--data"]).arg(folder.path());
        program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = program.spawn().unwrap();
        let said = BufReader::new(process.stderr.take().unwrap());
        std::thread::spawn(move || said.lines().map_while(Result::ok).for_each(drop));
        Self { process, _folder: folder }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn the_demo_says_how_far_it_is_and_then_both_sides_log_in_and_see_their_stays() {
    let _alone = alone();
    let port = free_port();
    let mut demo = Demo::start(port);
    let mut browser = Browser::new(([127, 0, 0, 1], port).into(), &format!("http://localhost:{port}"));
    let mut has_waited = false;
    until("the region is made", MADE_MAX, || {
        assert_eq!(demo.process.try_wait().unwrap(), None, "the demo has ended");
        let page = browser.try_get("/logg-inn")?;
        if page.status == 503 {
            has_waited = true;
            assert!(page.text.contains("Siden kommer av seg selv"), "{}", page.text);
        }
        so(page.status == 200, || page.text.clone())
    });
    assert!(has_waited, "while it is made, it says so");
    let page = browser.get("/logg-inn");
    assert!(page.text.contains("sykepleier") && page.text.contains("tildeling.tromso"), "{}", page.text);
    for login in ["sykepleier", "tildeling.tromso"] {
        let mut browser = Browser::new(([127, 0, 0, 1], port).into(), &format!("http://localhost:{port}"));
        browser.log_in(login, "demo-samspill");
        let board = browser.get("/tavle");
        assert_eq!(board.status, 200, "{login}: {}", board.text);
        assert!(board.text.contains("href=\"/opphold/"), "{login} sees no stay: {}", board.text);
    }
    let mut nobody = Browser::new(([127, 0, 0, 1], port).into(), &format!("http://localhost:{port}"));
    assert_eq!(nobody.get("/tavle").status, 303, "who isn't logged in is sent to the login page");
}
