//! The house rules that a program can check, on this repository.

use std::sync::LazyLock;

use xtask::{
    Fault, Tree, arrows, decisions, floats, functions, glossary, identity, leftovers, links, lints, listed,
    machine_paths, plain, pure, ratchet, tell,
};

static TREE: LazyLock<Tree> =
    LazyLock::new(|| Tree::of_this_repository().expect("the repository can be read"));

/// Runs a check on the repository and shows what it finds, one a line.
#[track_caller]
fn check(look: impl Fn(&Tree) -> Vec<Fault>) {
    let faults = look(&TREE);
    assert!(faults.is_empty(), "{} to mend:\n{}", faults.len(), listed(&faults));
}

#[test]
fn no_function_is_longer_than_seventy_lines() {
    check(functions::check);
}

#[test]
fn long_functions_become_fewer_and_never_more() {
    let turned = ratchet::check(&TREE);
    for notice in &turned.notices {
        tell(notice);
    }
    check(|_| turned.faults.clone());
}

#[test]
fn crates_depend_only_along_the_arrows() {
    check(arrows::check);
}

#[test]
fn no_identity_number_can_be_somebodys() {
    check(identity::check);
}

#[test]
fn paths_are_short_and_ascii() {
    check(plain::paths);
}

#[test]
fn lines_end_with_a_newline_and_no_blanks() {
    check(plain::lines);
}

#[test]
fn files_are_small() {
    check(plain::sizes);
}

#[test]
fn links_in_documents_lead_somewhere() {
    check(links::check);
}

#[test]
fn every_crate_has_the_lints_of_the_workspace() {
    check(lints::check);
}

#[test]
fn pure_crates_ban_clocks_chance_files_and_hash_order() {
    check(pure::check);
}

#[test]
fn the_engine_has_no_floating_numbers() {
    check(floats::check);
}

#[test]
fn no_path_of_a_machine_is_written_down() {
    check(machine_paths::check);
}

#[test]
fn nothing_unfinished_is_left() {
    check(leftovers::check);
}

#[test]
fn every_decision_is_numbered_and_listed() {
    check(decisions::check);
}

#[test]
fn every_word_of_the_vocabularies_is_in_the_glossary() {
    check(glossary::check);
}
