//! What goes to the terminal: results to standard output, everything else to standard error.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

use crate::trouble::Trouble;

/// Standard output, buffered; colours are taken out where it isn't a terminal.
pub(crate) fn standard() -> Box<dyn Write> {
    Box::new(BufWriter::with_capacity(1 << 16, anstream::AutoStream::auto(io::stdout())))
}

/// Prints one line of results.
pub(crate) fn line(text: &str) -> Result<(), Trouble> {
    let mut out = standard();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}

/// The file, or standard output without one.
pub(crate) fn to(path: Option<&Path>) -> Result<Box<dyn Write>, Trouble> {
    match path {
        None => Ok(Box::new(BufWriter::new(io::stdout()))),
        Some(path) => {
            let file = File::create(path).map_err(|source| Trouble::File {
                what: "writing",
                path: path.to_owned(),
                source,
            })?;
            Ok(Box::new(BufWriter::new(file)))
        }
    }
}

/// Whether errors may be coloured.
pub(crate) fn errors_are_coloured() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}

/// Columns of the terminal, or of a page where there is none.
pub(crate) fn width() -> usize {
    const PAGE: usize = 110;
    std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok())
        .filter(|columns| *columns >= 60)
        .unwrap_or(PAGE)
}

/// Says on standard error why a command stopped.
pub(crate) fn complain(trouble: &Trouble) {
    note(&format!("error: {trouble}"));
}

/// The same for one of many: after the twentieth, further ones are not said.
pub(crate) fn note_limited(number: u64, text: &str) {
    const SAID_MAX: u64 = 20;
    if number <= SAID_MAX {
        note(text);
    } else if number == SAID_MAX + 1 {
        note("… further ones are not named");
    }
}

/// A text that came from outside, made fit for a terminal: what would command it, or turn or hide writing, is shown as `�`.
pub(crate) fn clean(text: &str) -> String {
    text.lines().map(samspill_formats::messages::show::safe).collect::<Vec<_>>().join("\n")
}

/// Says something on standard error. If that fails, there is nobody to tell.
pub(crate) fn note(text: &str) {
    let _ = writeln!(anstream::AutoStream::auto(io::stderr()), "{text}");
}
