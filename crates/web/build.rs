//! Gathers the styles and scripts that pages use, so that the program carries them: our own, and those of others if `make assets`
//! has copied them to `web/dist`. Without them pages have our own styles alone. Both folders must be there: cargo takes a watched path
//! that is missing for changed, and would build all that stands on this crate each time.

use std::{
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut list = String::from("[\n");
    for folder in [here.join("assets"), here.join("../../web/dist")] {
        println!("cargo::rerun-if-changed={}", folder.display());
        for file in files(&folder)? {
            println!("cargo::rerun-if-changed={}", file.display());
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let path = file.display().to_string();
            writeln!(list, "    ({name:?}, include_bytes!({path:?})),").map_err(io::Error::other)?;
        }
    }
    list.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("assets.rs"), list)
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| ["css", "js", "svg"].iter().any(|known| kind == *known)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
