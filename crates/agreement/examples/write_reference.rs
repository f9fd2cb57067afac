//! Writes `docs/agreement.schema.json` and the reference part of `docs/agreements.md` from the table of fields:
//! `cargo run -p samspill-agreement --example write_reference`.
#![expect(clippy::disallowed_methods, reason = "an example that writes files; the crate itself is pure")]

use std::{fs, path::Path};

use samspill_agreement::{agreement_schema, reference_markdown};

const BEGIN: &str =
    "<!-- reference: begin, written by `cargo run -p samspill-agreement --example write_reference` -->";
const END: &str = "<!-- reference: end -->";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let schema = serde_json::to_string_pretty(&agreement_schema())?;
    fs::write(docs.join("agreement.schema.json"), format!("{schema}\n"))?;
    let path = docs.join("agreements.md");
    let page = fs::read_to_string(&path)?;
    let (before, rest) = page.split_once(BEGIN).ok_or("docs/agreements.md has lost its begin marker")?;
    let (_, after) = rest.split_once(END).ok_or("docs/agreements.md has lost its end marker")?;
    fs::write(&path, format!("{before}{BEGIN}\n\n{}\n{END}{after}", reference_markdown()))?;
    Ok(())
}
