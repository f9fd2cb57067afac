//! Verdicts as sets: for each case one byte for each rule.

use std::{collections::BTreeMap, ops::Range};

use jiff::Timestamp;
use samspill_base::columns::{instant, nanos};

use super::{CaseReader, Program, Verdicts, courses::ENTRIES_MAX, lower::status_bit};
use crate::{DutyStatus, FindingEffect};

/// Which rule has which byte.
///
/// First the duties, in the order of [`Program::duties`]: the set of the statuses of the case's instances, a bit for each
/// status ([`Self::bit`]). Then requirements, windows and contents, version by version, in the order of the agreement: 1
/// where an entry of the case broke the rule (or was moved by the window), 0 where none did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetLayout {
    duties: usize,
    /// The ids of the rules about entries, under their version, in order.
    rules: Vec<(u32, String)>,
    /// The byte of a rule, by its number in verdicts.
    by_number: BTreeMap<u32, usize>,
}

impl SetLayout {
    pub(super) fn of(program: &Program) -> Self {
        let mut layout = Self { duties: program.duties().len(), ..Self::default() };
        for (number, version) in (0..).zip(&program.agreement.versions) {
            let requirements = version.requirements.iter().map(|rule| &rule.id);
            let windows = version.windows.iter().map(|rule| &rule.id);
            let contents = version.contents.iter().map(|rule| &rule.id);
            for id in requirements.chain(windows).chain(contents) {
                if let Some(rule) = program.names.rule(Some(number), id) {
                    layout.by_number.insert(rule, layout.duties + layout.rules.len());
                }
                layout.rules.push((number, id.to_string()));
            }
        }
        layout
    }

    /// How many bytes a case has.
    pub fn width(&self) -> usize {
        self.duties + self.rules.len()
    }

    /// The rules about entries that have a byte after the duties: version number and id.
    pub fn rules(&self) -> &[(u32, String)] {
        &self.rules
    }

    /// The bit of a status.
    pub fn bit(status: DutyStatus) -> u8 {
        status_bit(status)
    }

    /// Puts the verdicts of a case in its bytes.
    pub fn put(&self, verdicts: &Verdicts, into: &mut [u8]) {
        into.fill(0);
        for duty in &verdicts.duties {
            into[duty.duty as usize] |= status_bit(duty.status);
        }
        for finding in &verdicts.findings {
            let is_broken = match finding.effect {
                FindingEffect::Void | FindingEffect::Warn | FindingEffect::CountsFromNextOpening => true,
                FindingEffect::Contestable
                | FindingEffect::Undecided
                | FindingEffect::Unpriced
                | FindingEffect::CancelsNothing => false,
            };
            if let (true, Some(place)) = (is_broken, self.by_number.get(&finding.rule)) {
                into[*place] = 1;
            }
        }
    }
}

impl CaseReader<'_, '_> {
    /// Reads these cases into sets, [`SetLayout::width`] bytes each: the quickest reading there is.
    ///
    /// Logs and rules that hang on kinds, days and order alone are walked from course to course; others are read as by
    /// [`Self::read`], with the same answers.
    ///
    /// # Panics
    /// Where `into` isn't as long as the cases need, or the log doesn't have them.
    pub fn read_sets(&mut self, cases: Range<usize>, as_of: Timestamp, into: &mut [u8]) {
        let width = self.batch.program.sets.width();
        assert_eq!(into.len(), cases.len() * width, "{width} bytes for each case");
        if width == 0 {
            return;
        }
        let mut verdicts = Verdicts::default();
        let mut days = [0; ENTRIES_MAX + 1];
        let batch = self.batch;
        let bound = batch.flat.as_ref().filter(|_| instant(nanos(as_of)) == as_of);
        let bound = bound.map(|bound| (bound, bound.as_of(nanos(as_of))));
        for (case, bytes) in cases.zip(into.chunks_exact_mut(width)) {
            let done = match (&bound, &mut self.courses) {
                (Some((bound, as_of)), Some(courses)) => {
                    bound.read((courses, &mut days), &batch.rows.of_case(case), *as_of, bytes)
                }
                (None, _) | (_, None) => false,
            };
            if !done {
                self.read(case, as_of, &mut verdicts);
                batch.program.sets.put(&verdicts, bytes);
            }
        }
    }
}
