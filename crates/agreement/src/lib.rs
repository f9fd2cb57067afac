//! Cooperation agreements as dated data: from TOML to a checked tree, with diagnostics.
//!
//! [`load`] takes the files of an agreement as text and gives the checked [`model`], or every mistake in all of
//! the files at once: each with file, line, a stable code and what to write instead. [`compare`] sets two versions
//! side by side, [`render`] writes one as people read it, [`parse_cases`] reads the test cases beside it.
//!
//! The crate is pure: the caller reads files, this crate reads text.

mod cases;
mod check;
mod compare;
mod diagnostic;
mod fields;
mod grammar;
mod lower;
pub mod model;
mod render;
mod sheet;
mod source;
mod syntax;
mod view;
pub mod words;

pub use cases::{
    CaseExpect, DayRange, DaysStatus, ExpectedDue, ExpectedDuty, ExpectedFulfilment, ExpectedTotal, Shows,
    TestCase, parse_cases,
};
pub use compare::{Comparison, FieldDifference, Match, RuleComparison, RuleSort, compare};
pub use diagnostic::{Code, Diagnostic, DiagnosticSeverity, Location, Look, Related, render_diagnostics};
pub use fields::{agreement_schema, every_field, reference_markdown};
pub use grammar::{GrammarError, parse_condition, parse_deadline};
pub use lower::{Outcome, load};
pub use render::render;
pub use sheet::{ClauseNote, RuleSheet, rule_sheets};
pub use source::{SourceFile, Sources, Uses, VersionSources};
