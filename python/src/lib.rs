//! Samspill in Python: Arrow tables in, Arrow tables out.
//!
//! Tables come and go through the Arrow PyCapsule interface, so that Polars, DuckDB, pandas, pyarrow and Spark hand over
//! their own memory. What is decided is decided by the same crates as in the command.

mod agreement;
mod cases;
mod explain;
mod instant;
mod log;
mod table;

use pyo3::{create_exception, exceptions::PyValueError, prelude::*};

create_exception!(
    samspill,
    SamspillError,
    PyValueError,
    "An agreement, a log or a call that is wrong; the message says what to do."
);

/// An error with these words.
fn wrong(what: impl std::fmt::Display) -> PyErr {
    SamspillError::new_err(what.to_string())
}

#[pymodule]
mod _samspill {
    #[pymodule_export]
    use super::SamspillError;
    #[pymodule_export]
    use super::agreement::Agreement;
    #[pymodule_export]
    use super::cases::CaseStream;
    #[pymodule_export]
    use super::log::read_log;
    #[pymodule_export]
    use super::table::{Table, to_csv};
}
