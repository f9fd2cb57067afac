use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};
use pyo3::{prelude::*, types::PyType};
use pyo3_arrow::input::AnyRecordBatch;
use samspill_agreement::{DiagnosticSeverity, Look, Outcome, model, model::Language, render_diagnostics};
use samspill_base::Columns;
use samspill_engine::Engine;
use samspill_tables::{Cases, Fineness, LogTable, zone_name};

use crate::{
    cases::{CaseStream, Question},
    explain,
    instant::instant,
    table::Table,
    wrong,
};

/// A cooperation agreement: its duties, findings and payable days are read off a log.
#[pyclass(module = "samspill", frozen)]
#[derive(Clone, Debug)]
pub(crate) struct Agreement {
    pub(crate) model: Arc<model::Agreement>,
    /// What it was loaded by.
    named: String,
}

#[pymethods]
impl Agreement {
    /// Loads an agreement: a folder with it or with one version of it, or the name of a shipped one (`unn`, `hmr`).
    #[classmethod]
    fn load(_cls: &Bound<'_, PyType>, name: &Bound<'_, PyAny>) -> PyResult<Self> {
        let named: String = name.str()?.extract()?;
        let mut found = samspill_shelf::load_all(std::slice::from_ref(&named)).map_err(wrong)?;
        let Some((_, outcome)) = found.pop().filter(|_| found.is_empty()) else {
            return Err(wrong(format!("«{named}» holds several agreements: name the folder of one of them")));
        };
        let model = checked(outcome)?;
        zone_name(&model).map_err(wrong)?;
        Ok(Self { model: Arc::new(model), named })
    }

    /// The agreement's id.
    #[getter]
    fn id(&self) -> String {
        self.model.id.to_string()
    }

    /// What it is called, in bokmål.
    #[getter]
    fn name(&self) -> String {
        self.model.newest().name.in_language(Language::Bokmal).to_owned()
    }

    /// The zone in which it counts days, and in which local times are.
    #[getter]
    fn zone(&self) -> &str {
        &self.model.newest().calendar.zone_name
    }

    /// Its versions, the oldest first.
    #[getter]
    fn versions(&self) -> Vec<&str> {
        self.model.versions.iter().map(|version| version.version.as_str()).collect()
    }

    /// Reads every case of a log table: its duties, findings and counted days, a row each.
    ///
    /// `log` is anything with the Arrow PyCapsule interface. `as_of` is a text, a `datetime` or a `date`; now, if it is left
    /// out. `times` is how fine the times of the report are: `"ns"`, or `"us"` for engines that know no finer. Rows that
    /// can't be entries are an error. The interpreter is free while cases are read, on `threads` threads.
    #[pyo3(signature = (log, as_of=None, *, lang="nb", times="ns", threads=1))]
    fn check(
        &self,
        py: Python<'_>,
        log: AnyRecordBatch,
        as_of: Option<&Bound<'_, PyAny>>,
        lang: &str,
        times: &str,
        threads: usize,
    ) -> PyResult<Table> {
        let question = self.question(as_of, lang, times)?;
        let zone = self.time_zone();
        let reader = log.into_reader()?;
        let report = py.detach(move || {
            let columns = columns_of(reader, zone)?;
            question.answer(&columns, threads.max(1))
        });
        report.map_err(wrong)
    }

    /// Says why: the reasoning about a case in sentences, as `samspill explain` prints it.
    #[pyo3(signature = (log, case, as_of=None, *, lang="nb"))]
    fn explain(
        &self,
        py: Python<'_>,
        log: AnyRecordBatch,
        case: &str,
        as_of: Option<&Bound<'_, PyAny>>,
        lang: &str,
    ) -> PyResult<String> {
        let question = self.question(as_of, lang, "ns")?;
        let zone = self.time_zone();
        let reader = log.into_reader()?;
        let said = py.detach(move || {
            let columns = columns_of(reader, zone)?;
            let found =
                Cases::of(&columns).named(case).ok_or_else(|| format!("the log has no case «{case}»"))?;
            let as_of = found.log.as_of().unwrap_or(question.as_of);
            let evaluation = Engine::new(&question.agreement).evaluate(&found.log, as_of);
            Ok::<_, String>(explain::everything(&question.about(), &evaluation))
        });
        said.map_err(wrong)
    }

    /// Takes record batches one after another in which the rows of a case stand together, and gives the report of each case
    /// as soon as it is complete.
    #[pyo3(signature = (as_of=None, *, lang="nb", times="us"))]
    fn stream(&self, as_of: Option<&Bound<'_, PyAny>>, lang: &str, times: &str) -> PyResult<CaseStream> {
        Ok(CaseStream::new(self.question(as_of, lang, times)?, self.time_zone()))
    }

    /// The instant that `as_of` means, as a text with an offset.
    #[pyo3(signature = (as_of=None))]
    fn instant(&self, as_of: Option<&Bound<'_, PyAny>>) -> PyResult<String> {
        Ok(instant(as_of, &self.time_zone())?.to_string())
    }

    fn __repr__(&self) -> String {
        format!("samspill.Agreement({}, versions {})", self.model.id, self.versions().join(", "))
    }

    /// Pickled by what it was loaded by: a folder must be there where it is loaded again.
    fn __reduce__(&self, py: Python<'_>) -> PyResult<(Py<PyAny>, (String,))> {
        Ok((py.get_type::<Self>().getattr("load")?.unbind(), (self.named.clone(),)))
    }
}

impl Agreement {
    fn time_zone(&self) -> TimeZone {
        self.model.newest().calendar.zone.clone()
    }

    fn question(&self, as_of: Option<&Bound<'_, PyAny>>, lang: &str, times: &str) -> PyResult<Question> {
        let as_of: Timestamp = instant(as_of, &self.time_zone())?;
        let language = match lang {
            "nb" => Language::Bokmal,
            "nn" => Language::Nynorsk,
            "en" => Language::English,
            other => return Err(wrong(format!("lang: «{other}» is none of nb, nn and en"))),
        };
        let fineness = match times {
            "ns" => Fineness::Nanoseconds,
            "us" => Fineness::Microseconds,
            other => return Err(wrong(format!("times: «{other}» is neither ns nor us"))),
        };
        Ok(Question { agreement: Arc::clone(&self.model), as_of, language, fineness })
    }
}

/// The agreement, or every mistake in its files.
fn checked(outcome: Outcome) -> PyResult<model::Agreement> {
    let is_error =
        |diagnostic: &&samspill_agreement::Diagnostic| diagnostic.severity == DiagnosticSeverity::Error;
    let errors: Vec<_> = outcome.diagnostics.iter().filter(is_error).cloned().collect();
    let rendered = render_diagnostics(&errors, &outcome.sources, Look::Plain);
    outcome.agreement.filter(|_| errors.is_empty()).ok_or_else(|| wrong(rendered.trim_end()))
}

/// The columns of a log, if all its rows are entries.
fn columns_of(
    reader: Box<dyn arrow_array::RecordBatchReader + Send>,
    zone: TimeZone,
) -> Result<Columns, String> {
    let mut table = LogTable::new(zone);
    for batch in reader {
        let batch = batch.map_err(|error| error.to_string())?;
        let troubles = table.push(&batch).map_err(|error| error.to_string())?;
        if let Some(first) = troubles.first() {
            return Err(format!("{first} (or leave the row out)"));
        }
    }
    Ok(table.finish())
}
