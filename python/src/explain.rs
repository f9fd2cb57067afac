//! The reasoning about a case, as the command prints it.

use samspill_engine::{
    Evaluation, MeterDay,
    explain::{self, About},
};

/// All of it: each duty, each finding, the days in spans that have the same reasons, and each reading once at the end.
pub(crate) fn everything(about: &About<'_>, evaluation: &Evaluation) -> String {
    let duties = evaluation.duties.iter().map(|reading| explain::duty(about, evaluation, reading));
    let findings =
        evaluation.findings.iter().map(|finding| vec![explain::finding(about, evaluation, finding)]);
    let spans = evaluation.meters.iter().flat_map(|meter| {
        let spans = meter.days.chunk_by(is_alike);
        spans.map(move |days| explain::days(about, evaluation, meter, days))
    });
    let readings = Some(explain::readings_used(about, evaluation)).filter(|readings| !readings.is_empty());
    duties.chain(findings).chain(spans).chain(readings).map(|paragraph| written(&paragraph)).collect()
}

fn written(paragraph: &[String]) -> String {
    let lines = paragraph.iter().enumerate().map(|(number, sentence)| {
        if number == 0 { format!("{sentence}\n") } else { format!("  {sentence}\n") }
    });
    lines.collect::<String>() + "\n"
}

/// Whether two days, one after the other, are what they are for the same reasons and at the same price.
fn is_alike(one: &MeterDay, next: &MeterDay) -> bool {
    one.date.tomorrow().is_ok_and(|tomorrow| tomorrow == next.date)
        && (one.status, one.amount, &one.because) == (next.status, next.amount, &next.because)
}
