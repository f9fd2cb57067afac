//! What the tests have in common.

pub(crate) mod door;
pub(crate) mod feed;
pub(crate) mod nginx;
pub(crate) mod node;
pub(crate) mod page;
pub(crate) mod postgres;
pub(crate) mod stay;
pub(crate) mod view;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    thread::sleep,
    time::{Duration, Instant},
};

/// How long something may take that takes a moment on a quiet machine.
pub(crate) const LIMIT: Duration = Duration::from_mins(1);

/// The top of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Says something that people shall see although the test passes.
pub(crate) fn tell(text: &str) {
    // Where standard error is closed, nobody listens.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Waits until something is so. `state` says what is there instead, for whoever reads why the test failed.
#[track_caller]
pub(crate) fn until(what: &str, limit: Duration, mut is_so: impl FnMut() -> Result<(), String>) {
    let start = Instant::now();
    loop {
        let Err(state) = is_so() else { return };
        assert!(start.elapsed() < limit, "{what}: not within {limit:?}; {state}");
        sleep(Duration::from_millis(50));
    }
}

/// `Err` with a word of what is there, where it isn't so.
pub(crate) fn so(is_so: bool, state: impl FnOnce() -> String) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(state()) }
}

/// Held by tests that keep the machine busy, so that they don't slow each other down.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The names of what lies in a folder, in their order; what begins with a dot is a channel's own.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let named = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut found: Vec<String> = named.filter(|name| !name.starts_with('.')).collect();
    found.sort();
    found
}

/// What lies in an inbox and isn't settled, what a node has claimed included.
pub(crate) fn waiting(inbox: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(inbox) else { return Vec::new() };
    let named = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    named.filter(|name| !name.starts_with(".node-")).collect()
}

/// Puts a whole file into a folder at once, as an integration should.
pub(crate) fn drop_in(folder: &Path, name: &str, bytes: &[u8]) {
    let part = folder.join(format!(".{name}.part"));
    fs::write(&part, bytes).unwrap();
    fs::rename(&part, folder.join(name)).unwrap();
}

/// Runs something on the store.
pub(crate) fn wait_for<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.unwrap().block_on(work)
}
