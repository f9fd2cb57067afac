//! How long functions are.

use syn::{
    Block, ImplItemFn, ItemFn, Signature, TraitItemFn,
    visit::{self, Visit},
};

use crate::{
    Fault, Tree,
    rust::{crate_of, rust_files},
};

/// No function is longer than this.
pub const LINES_MAX: usize = 70;

/// Functions longer than this are counted by the [ratchet](crate::ratchet).
pub const LONG_LINES: usize = 40;

/// A function that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its crate.
    pub crate_name: String,
    /// Its file.
    pub path: String,
    /// Its name.
    pub name: String,
    /// The line of `fn`.
    pub line: usize,
    /// The lines from `fn` to the closing brace, both counted; comments and attributes above are not.
    pub lines: usize,
}

/// All functions with a body, also those in tests and inside other functions; not those that macros write.
///
/// A file that isn't Rust is a fault.
pub fn functions(tree: &Tree) -> (Vec<Function>, Vec<Fault>) {
    let (mut all, mut faults) = (Vec::new(), Vec::new());
    for file in rust_files(tree) {
        let Some(crate_name) = crate_of(&file.path) else { continue };
        match syn::parse_file(file.text().unwrap_or_default()) {
            Ok(parsed) => {
                let mut found = Found { crate_name, path: &file.path, functions: &mut all };
                found.visit_file(&parsed);
            }
            Err(error) => faults.push(Fault::at(&file.path, error.span().start().line, error.to_string())),
        }
    }
    (all, faults)
}

/// The functions that are longer than [`LINES_MAX`].
pub fn check(tree: &Tree) -> Vec<Fault> {
    let (functions, mut faults) = functions(tree);
    for function in functions.iter().filter(|function| function.lines > LINES_MAX) {
        let Function { name, lines, .. } = function;
        let says = format!(
            "`{name}` has {lines} lines, {LINES_MAX} at most: move a part with a name of its own out"
        );
        faults.push(Fault::at(&function.path, function.line, says));
    }
    faults
}

struct Found<'f> {
    crate_name: &'f str,
    path: &'f str,
    functions: &'f mut Vec<Function>,
}

impl Found<'_> {
    fn take(&mut self, signature: &Signature, body: &Block) {
        let line = signature.fn_token.span.start().line;
        let end = body.brace_token.span.close().end().line;
        self.functions.push(Function {
            crate_name: self.crate_name.to_owned(),
            path: self.path.to_owned(),
            name: signature.ident.to_string(),
            line,
            lines: end - line + 1,
        });
    }
}

impl<'a> Visit<'a> for Found<'_> {
    fn visit_item_fn(&mut self, item: &'a ItemFn) {
        self.take(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'a ImplItemFn) {
        self.take(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'a TraitItemFn) {
        if let Some(body) = &item.default {
            self.take(&item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A function with so many lines in all.
    pub(crate) fn function_of(lines: usize) -> String {
        format!("/// Not counted.\nfn long() {{\n{}}}\n", "    step();\n".repeat(lines - 2))
    }

    #[test]
    fn seventy_lines_are_kept_and_seventy_one_are_not() {
        let count = |lines| check(&Tree::of(&[("crates/x/src/a.rs", &function_of(lines))])).len();
        assert_eq!([count(69), count(70), count(71)], [0, 0, 1]);
    }

    #[test]
    fn methods_and_functions_inside_others_are_found() {
        let text =
            "impl A { fn a() {} }\ntrait B { fn b() {} fn none(); }\nmod c { fn c() { fn d() {\n} } }\n";
        let (found, faults) = functions(&Tree::of(&[("xtask/a.rs", text)]));
        let found: Vec<_> = found.iter().map(|f| (f.name.as_str(), f.line, f.lines)).collect();
        assert_eq!(found, [("a", 1, 1), ("b", 2, 1), ("c", 3, 2), ("d", 3, 2)]);
        assert_eq!(faults, []);
    }

    #[test]
    fn a_file_that_is_not_rust_is_a_fault() {
        assert_eq!(check(&Tree::of(&[("crates/x/src/a.rs", "fn (")])).len(), 1);
    }
}
