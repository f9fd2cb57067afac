use std::sync::Arc;

use arrow_array::{RecordBatch, StructArray};
use arrow_schema::{ArrowError, Field, Fields, SchemaRef};
use jiff::tz::TimeZone;
use pyo3::{
    prelude::*,
    types::{PyBytes, PyCapsule},
};
use pyo3_arrow::{
    error::PyArrowResult,
    ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule},
    input::AnyRecordBatch,
};
use samspill_tables::write_csv;

use crate::wrong;

/// A table of Arrow record batches, which any library that speaks the Arrow PyCapsule interface takes without copying.
///
/// Made of such a library's table, it holds that library's memory.
#[pyclass(module = "samspill", frozen)]
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) schema: SchemaRef,
    pub(crate) batches: Vec<RecordBatch>,
}

#[pymethods]
impl Table {
    #[new]
    fn new(py: Python<'_>, table: AnyRecordBatch) -> PyResult<Self> {
        let reader = table.into_reader()?;
        let schema = reader.schema();
        let batches = py.detach(|| reader.collect::<Result<Vec<_>, ArrowError>>());
        Ok(Self { schema, batches: batches.map_err(wrong)? })
    }

    /// The number of rows.
    #[getter]
    fn num_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<&str> {
        self.schema.fields().iter().map(|field| field.name().as_str()).collect()
    }

    fn __len__(&self) -> usize {
        self.num_rows()
    }

    fn __repr__(&self) -> String {
        format!("samspill.Table({} rows: {})", self.num_rows(), self.column_names().join(", "))
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyArrowResult<Bound<'py, PyCapsule>> {
        to_schema_pycapsule(py, self.schema.as_ref())
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let fields: Fields = self.schema.fields().clone();
        let field = Field::new_struct("", fields, false).with_metadata(self.schema.metadata().clone());
        let arrays: Vec<Result<Arc<dyn arrow_array::Array>, ArrowError>> =
            self.batches.iter().map(|batch| Ok(Arc::new(StructArray::from(batch.clone())) as _)).collect();
        to_stream_pycapsule(py, Box::new(ArrayIterator::new(arrays, field.into())), requested_schema)
    }
}

/// Writes a report as `samspill check --format csv` does, byte for byte.
///
/// Rows are written in the order of `case_at` and `row`, whatever order the table has. Times are written in `zone`, or else
/// in that of the column `triggered`.
#[pyfunction]
#[pyo3(signature = (table, zone=None))]
pub(crate) fn to_csv<'py>(
    py: Python<'py>,
    table: AnyRecordBatch,
    zone: Option<&str>,
) -> PyResult<Bound<'py, PyBytes>> {
    let zone = zone.map(zone_named).transpose()?;
    let reader = table.into_reader()?;
    let written: Result<Vec<u8>, String> = py.detach(|| {
        let batches = reader.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
        let mut bytes = Vec::new();
        write_csv(&batches, zone.as_ref(), &mut bytes).map_err(|error| error.to_string())?;
        Ok(bytes)
    });
    Ok(PyBytes::new(py, &written.map_err(wrong)?))
}

/// The time zone of this name.
pub(crate) fn zone_named(name: &str) -> PyResult<TimeZone> {
    TimeZone::get(name)
        .map_err(|_| wrong(format!("there is no time zone «{name}»: write one as Europe/Oslo")))
}
