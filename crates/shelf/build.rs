//! Builds again when a shipped agreement, law or vocabulary changes: they are copied into the program.

fn main() {
    for folder in ["agreements", "law", "vocabulary"] {
        println!("cargo::rerun-if-changed=../../{folder}");
    }
}
