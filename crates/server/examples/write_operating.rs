//! Writes the tables of `docs/operating.md` anew: between `<!-- begin settings -->` and `<!-- end settings -->`, and so on.

use std::{error::Error, fs, path::Path};

use samspill_server::{config::reference, logging::fields_reference, metrics::metrics_reference};

fn main() -> Result<(), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operating.md");
    let mut page = fs::read_to_string(&path)?;
    let tables =
        [("settings", reference()), ("metrics", metrics_reference()), ("fields", fields_reference())];
    for (name, table) in tables {
        let (begin, end) = (format!("<!-- begin {name} -->\n"), format!("<!-- end {name} -->"));
        let missing = || format!("the page has no {begin}");
        let (before, rest) = page.split_once(&begin).ok_or_else(missing)?;
        let (_, after) = rest.split_once(&end).ok_or_else(missing)?;
        page = format!("{before}{begin}\n{table}\n{end}{after}");
    }
    fs::write(path, page)?;
    Ok(())
}
