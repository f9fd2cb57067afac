//! A progress line on standard error while long work goes on; nothing where nobody watches.

use std::{io::IsTerminal, io::Read, path::Path, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over the bytes of a file; hidden where standard error isn't a terminal.
pub(crate) fn over_file(path: &Path, what: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bytes = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|file| file.len());
    let bar = bytes.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    let template = "{msg} {bar:30} {bytes}/{total_bytes} {eta}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Counts what is read from `inner` on the bar.
pub(crate) fn counted<R: Read>(bar: &ProgressBar, inner: R) -> impl Read + use<R> {
    bar.wrap_read(inner)
}
