//! What care messages say: the fields of an entry in the parts that they were read from.

use samspill_formats::messages::{
    codes::table_by_number,
    make::{AidDraft, CareContent, OutcomeDraft, PersonDraft, SectionDraft, StatusDraft, UnitDraft},
    types::Kind,
};

use super::{SendError, Sending, lines};
use crate::exchange::meaning::sources::{CarePart, ClinicalPart, Part, Source};

impl Sending<'_> {
    pub(super) fn care(&self) -> Result<CareContent, SendError> {
        let mut content = self.given();
        content.events = self.events()?;
        content.content_type = content.content_type.or_else(|| self.write.content.clone());
        if self.rule.message == Kind::Utskrevet {
            let outcome = content.outcome.get_or_insert_with(OutcomeDraft::default);
            outcome.state = outcome.state.take().or_else(|| self.write.state.clone());
        }
        let role = &self.context.table.log.responsible_role;
        let is_cancellation = self.status == StatusDraft::Cancellation;
        for (value, sources) in if is_cancellation { Vec::new() } else { self.fields() } {
            // What no part takes isn't said, and told as unsaid when the message is read again.
            let _ = sources.iter().any(|source| put(source, &value, &mut content));
        }
        for person in &mut content.responsible {
            person.role.get_or_insert_with(|| role.clone());
        }
        Ok(content)
    }

    /// What the record gives. A cancellation says who to ask, and nothing clinical.
    fn given(&self) -> CareContent {
        let given = self.context.beside.care.clone();
        match self.status {
            StatusDraft::New | StatusDraft::Change => given,
            StatusDraft::Cancellation => CareContent {
                units: given.units,
                contacts: given.contacts,
                responsible: given.responsible,
                outcome: given.outcome.filter(|_| self.rule.message == Kind::Utskrevet),
                ..CareContent::default()
            },
        }
    }

    /// The fields with the sources that they can be written to, those first on which others lean.
    fn fields(&self) -> Vec<(String, Vec<&Source>)> {
        let all = self.rule.body.iter().chain(&self.rule.carried);
        let mut fields: Vec<_> = all
            .filter_map(|(name, sources)| {
                let value = self.entry.field(name)?.to_string();
                let own = self.write.fields.get(name);
                Some((value, own.map_or_else(|| sources.iter().collect(), |own| vec![own])))
            })
            .collect();
        fields.sort_by_key(|(_, sources)| sources.first().map(|source| rank(source)));
        fields
    }
}

/// Single texts before those of which a part can be told apart, services and scores before the words on them, and last what can
/// only be told apart by what stands already.
fn rank(source: &Source) -> u8 {
    let has_diagnoses = source.parts.contains(&Part::Clinical(ClinicalPart::Diagnoses));
    match source.parts.as_slice() {
        [Part::Clinical(_)] => 0,
        [Part::Care(CarePart::ServiceTexts)] => 2,
        [Part::Care(CarePart::FunctionTexts(_))] => 3,
        [_] => 1,
        _ if has_diagnoses => 4,
        _ => 5,
    }
}

/// Writes a text to a source; whether it has a place there.
fn put(source: &Source, text: &str, content: &mut CareContent) -> bool {
    match source.parts.as_slice() {
        [part] => put_part(part, text, content),
        [first, second] => put_two(first, second, text, content),
        _ => false,
    }
}

fn put_part(part: &Part, text: &str, content: &mut CareContent) -> bool {
    match part {
        Part::Clinical(part) => put_clinical(part, text, content),
        Part::Care(part) => put_care(part, text, content),
        Part::Dialog(_) | Part::Frame(_) | Part::Question => false,
    }
}

fn put_clinical(part: &ClinicalPart, text: &str, content: &mut CareContent) -> bool {
    match part {
        ClinicalPart::Section { table, codes } => {
            codes.first().is_some_and(|code| put_section(table, code, text, content))
        }
        ClinicalPart::Diagnoses => fill(&mut content.diagnoses, text, lines::diagnosis),
    }
}

/// Under a heading stands one text.
fn put_section(table: &str, code: &str, text: &str, content: &mut CareContent) -> bool {
    if let Some(there) = section(content, table, code) {
        return there == text;
    }
    content.sections.push(SectionDraft {
        table: Some(table.to_owned()),
        heading: Some(code.to_owned()),
        text: text.to_owned(),
        ..SectionDraft::default()
    });
    true
}

fn section<'c>(content: &'c CareContent, table: &str, code: &str) -> Option<&'c str> {
    let is = |it: &&SectionDraft| it.table.as_deref() == Some(table) && it.heading.as_deref() == Some(code);
    content.sections.iter().find(is).map(|it| it.text.as_str())
}

/// What the record gives in coded form goes before the words of the log.
fn put_care(part: &CarePart, text: &str, content: &mut CareContent) -> bool {
    let functions = &mut content.functions;
    match part {
        CarePart::Services => fill(&mut content.services, text, lines::service),
        CarePart::ServiceTexts => lines::service_texts(text, &mut content.services),
        CarePart::Functions(codes) => lines::scores(text, codes, functions),
        CarePart::FunctionTexts(codes) => lines::score_notes(text, codes, functions),
        CarePart::Units => fill(&mut content.units, text, unit),
        CarePart::Responsible => fill(&mut content.responsible, text, person),
        CarePart::DischargedTo => put_place(text, content.outcome.get_or_insert_with(OutcomeDraft::default)),
        CarePart::Texts(element) if element == "BetegnelseHjelpemiddel" => fill(&mut content.aids, text, aid),
        CarePart::Texts(_)
        | CarePart::Date(_)
        | CarePart::Time(_)
        | CarePart::Needs
        | CarePart::ServiceIs { .. }
        | CarePart::Medicines
        | CarePart::State => false,
    }
}

/// A part for each line, unless there are some.
fn fill<T>(parts: &mut Vec<T>, text: &str, part: impl Fn(&str) -> T) -> bool {
    if parts.is_empty() {
        *parts = text.lines().map(part).collect();
    }
    true
}

/// Where to the patient went: the code that is called so, or else in words.
fn put_place(text: &str, outcome: &mut OutcomeDraft) -> bool {
    if outcome.place.is_none() {
        outcome.place = place(text);
        if outcome.place.is_none() {
            text.clone_into(&mut outcome.note);
        }
    }
    true
}

fn aid(name: &str) -> AidDraft {
    AidDraft { name: name.to_owned(), status: None }
}

/// A text that two parts make up: diagnoses are told by their codes, and of two texts the first may stand there already.
fn put_two(first: &Part, second: &Part, text: &str, content: &mut CareContent) -> bool {
    let (before, after) = match (first, second) {
        (Part::Clinical(ClinicalPart::Diagnoses), _) => lines::leading_diagnoses(text),
        (_, Part::Clinical(ClinicalPart::Diagnoses)) => lines::trailing_diagnoses(text),
        (Part::Clinical(ClinicalPart::Section { table, codes }), _) => {
            let there = codes.first().and_then(|code| section(content, table, code));
            match there.and_then(|there| Some((there, text.strip_prefix(there)?))) {
                Some((there, rest)) => (there.to_owned(), rest.trim_start_matches('\n').to_owned()),
                None => (text.to_owned(), String::new()),
            }
        }
        _ => return false,
    };
    let mut put_some = |part: &Part, text: &str| text.is_empty() || put_part(part, text, content);
    put_some(first, &before) && put_some(second, &after)
}

fn unit(line: &str) -> UnitDraft {
    let (name, telephones) = lines::name_and_telephones(line);
    UnitDraft { name, telephones, ..UnitDraft::default() }
}

/// A name is given names and a family name, its last word.
fn person(line: &str) -> PersonDraft {
    let (name, telephones) = lines::name_and_telephones(line);
    let (given_name, family_name) = name.rsplit_once(' ').unwrap_or(("", &name));
    PersonDraft {
        given_name: given_name.to_owned(),
        family_name: family_name.to_owned(),
        telephones,
        ..PersonDraft::default()
    }
}

/// The place (table 8408) that is called so, or has this code.
fn place(text: &str) -> Option<String> {
    let codes = table_by_number(8408)?.codes();
    let code = codes.iter().find(|code| code.value == text || code.is_called(text))?;
    Some(code.value.clone())
}
