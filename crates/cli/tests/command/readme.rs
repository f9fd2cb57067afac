//! What the README shows is what one gets.

use crate::support::{root, samspill, stdout};

#[test]
fn the_explanation_in_the_readme_is_what_the_command_prints() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("a README");
    let (_, rest) = readme.split_once("```console\n$ samspill ").expect("an example");
    let (command, rest) = rest.split_once('\n').expect("a command and its output");
    let (shown, _) = rest.split_once("  …\n```").expect("output, cut short");
    let printed = stdout(&samspill(command.split_whitespace()).success());
    assert!(printed.replace('\u{a0}', " ").starts_with(&shown.replace('\u{a0}', " ")), "{printed}");
}
