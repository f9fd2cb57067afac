use proc_macro2::{TokenStream, TokenTree};

use crate::{Tree, TreeFile};

/// The Rust files of the tree.
pub(crate) fn rust_files(tree: &Tree) -> impl Iterator<Item = &TreeFile> {
    tree.files.iter().filter(|file| file.ends_with(".rs"))
}

/// The crate that a file belongs to: `base` for `crates/base/src/lib.rs`, `xtask` for `xtask/src/lib.rs`.
pub(crate) fn crate_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("crates/").unwrap_or(path);
    inside.split_once('/').map(|(name, _)| name)
}

/// The tokens of a file, without comments; `None` where they can't be read as Rust.
pub(crate) fn tokens(file: &TreeFile) -> Option<TokenStream> {
    file.text()?.parse().ok()
}

/// Every run of tokens that stands together: that of the file, and of every bracket in it.
pub(crate) fn for_each_run(tokens: TokenStream, look: &mut impl FnMut(&[TokenTree])) {
    let run: Vec<_> = tokens.into_iter().collect();
    look(&run);
    for token in run {
        if let TokenTree::Group(group) = token {
            for_each_run(group.stream(), look);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_belongs_to_the_crate_it_stands_in() {
        assert_eq!(crate_of("crates/base/src/lib.rs"), Some("base"));
        assert_eq!(crate_of("xtask/tests/tidy.rs"), Some("xtask"));
        assert_eq!(crate_of("build.rs"), None);
    }
}
