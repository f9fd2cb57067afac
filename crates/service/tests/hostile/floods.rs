//! Documents within every limit of the reader, but made to cost much behind it.

use samspill_formats::xml::{XmlLimits, parse};

use crate::{
    documents::GROWING,
    walk::{Made, STEPS, answered, opened},
};

/// Findings of one step. Each costs time in proportion to the document, so that their number may not grow with it.
const FINDINGS_MAX: usize = 1000;
/// Text out for text in: labels, and escaping.
const TIMES_MAX: usize = 40;
/// What any page has.
const BYTES_MIN: usize = 100_000;

#[test]
fn what_comes_out_is_bounded_by_what_came_in() {
    for growing in &GROWING {
        // A part of what is large: the same in kind, and quick to read without optimisation.
        let size = if growing.large < 1000 { growing.large } else { growing.large / 40 };
        let text = (growing.make)(size);
        let document =
            parse(&text, &XmlLimits::default()).unwrap_or_else(|it| panic!("{}: {it}", growing.name));
        let opened = opened(text.as_bytes());
        let message = opened.message.as_ref().expect("it was read");
        for (step, run) in STEPS {
            let Made { findings, bytes } = run(&document, message);
            let name = growing.name;
            assert!(findings.len() <= FINDINGS_MAX, "{name}: {step} makes {} findings", findings.len());
            let most = text.len() * TIMES_MAX + BYTES_MIN;
            assert!(bytes <= most, "{name}: {step} makes {bytes} bytes of {}", text.len());
        }
        // Taken in, or rejected for its schema, its id or its receiver; a receipt goes in each case.
        let answer = answered(&opened);
        assert!(answer == "ok" || answer.starts_with(['T', 'E']), "{}: {answer}", growing.name);
    }
}
