//! What messages say: the fields of an entry's body, from the texts of the settings.

use std::collections::BTreeMap;

use jiff::civil::Date;
use samspill_base::Value;

use crate::{
    Chance,
    region::Staff,
    settings::{Problem, Texts},
};

/// The body of an entry.
pub(crate) type Body = BTreeMap<String, Value>;

/// Names of functions (9111), as they begin lines in the log.
const COGNITIVE: &str = "Beslutninger i dagliglivet";
const MENTAL: &str = "Sosial deltakelse";
const PHYSICAL: &str = "Bevege seg innendørs";
const CARE: &str = "Personlig hygiene";

/// Whether some of what should be said is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    Whole,
    Part,
}

/// Writes what messages about one patient say.
pub(crate) struct Writer<'t> {
    pub(crate) texts: &'t Texts,
    pub(crate) problem: &'t Problem,
    pub(crate) chance: Chance,
}

pub(crate) fn body(fields: &[(&str, &str)]) -> Body {
    fields.iter().map(|(name, text)| ((*name).to_owned(), Value::text(*text))).collect()
}

impl Writer<'_> {
    fn some(&mut self, about: &str) -> String {
        self.chance.text(self.texts.about(about)).to_owned()
    }

    /// `Personlig hygiene: Trenger hjelp.`
    fn function(&mut self, name: &str, about: &str) -> String {
        format!("{name}: {}", self.some(about))
    }

    pub(crate) fn early(&mut self, extent: Extent, expected: Date) -> Body {
        let (status, problem) = (self.some("better"), self.problem);
        let mut body = body(&[
            ("arsak", &problem.reason),
            ("status", &status),
            ("forventet-forlop", &problem.course),
            ("forventet-utskrivning", &expected.to_string()),
        ]);
        self.leave_out(extent, &mut body, &["forventet-utskrivning", "forventet-forlop", "arsak"]);
        body
    }

    /// An update: how the patient manages, and the five points that go with a ready notice.
    pub(crate) fn update(&mut self, extent: Extent, expected: Date) -> Body {
        let functions = [
            ("funksjon-kognitiv", self.function(COGNITIVE, "cognitive")),
            ("funksjon-psykisk", self.function(MENTAL, "mental")),
            ("funksjon-fysisk", self.function(PHYSICAL, "physical")),
        ];
        let problem = self.problem;
        let mut body = body(&[
            ("status", &self.some("better")),
            ("forventet-forlop", &problem.course),
            ("forventet-utskrivning", &expected.to_string()),
            ("problem-innleggelse", &problem.reason),
            ("problem-ovrige", &self.some("others")),
            ("uavklart", &self.some("unclear")),
            ("diagnose-og-plan", &format!("{}\n{}", problem.diagnosis, problem.plan)),
        ]);
        body.extend(functions.into_iter().map(|(name, text)| (name.to_owned(), Value::text(text))));
        let parts =
            ["funksjon-kognitiv", "funksjon-psykisk", "problem-ovrige", "uavklart", "forventet-utskrivning"];
        self.leave_out(extent, &mut body, &parts);
        // The fifth point is what stands on functions, in the order in which they are written.
        let said = ["funksjon-kognitiv", "funksjon-psykisk", "funksjon-fysisk"];
        let lines: Vec<String> =
            said.iter().filter_map(|name| body.get(*name)).map(ToString::to_string).collect();
        body.insert("funksjon".to_owned(), Value::text(lines.join("\n")));
        body
    }

    /// An admission report.
    pub(crate) fn report(&mut self, extent: Extent, contact: &Staff) -> Body {
        let (condition, nursing) = (self.some("condition"), self.some("nursing"));
        let functions = [
            ("funksjon-kognitiv", self.function(COGNITIVE, "cognitive")),
            ("funksjon-fysisk", self.function(PHYSICAL, "physical")),
            ("adl", self.function(CARE, "care")),
        ];
        let mut body = body(&[
            ("arsak", &self.problem.reason),
            ("tjenester", &self.some("services")),
            ("hyppighet", &self.some("frequency")),
            ("kontaktpunkt", &contact.line()),
            ("tilstand", &condition),
            ("sykepleieopplysninger", &format!("{condition}\n{nursing}")),
            ("legemiddelliste", IN_MESSAGE),
            ("tiltak", &self.some("measures")),
        ]);
        body.extend(functions.into_iter().map(|(name, text)| (name.to_owned(), Value::text(text))));
        self.leave_out(
            extent,
            &mut body,
            &["legemiddelliste", "adl", "tiltak", "hyppighet", "funksjon-kognitiv"],
        );
        let said = ["funksjon-kognitiv", "funksjon-fysisk", "adl"];
        let lines: Vec<String> =
            said.iter().filter_map(|name| body.get(*name)).map(ToString::to_string).collect();
        body.insert("iplos-merknad".to_owned(), Value::text(lines.join("\n")));
        body
    }

    pub(crate) fn ready(day: Date, responsible: &Staff) -> Body {
        body(&[("utskrivningsklar-dato", &day.to_string()), ("ansvarlig", &responsible.line())])
    }

    pub(crate) fn discharge_report(&mut self) -> Body {
        body(&[("planer", &self.problem.plan), ("sammenfatning", &self.some("left"))])
    }

    /// Leaves out one or two of these, where some are to be.
    fn leave_out(&mut self, extent: Extent, body: &mut Body, parts: &[&str]) {
        if extent == Extent::Part {
            for _ in 0..self.chance.within([1, 2]) {
                body.remove(self.chance.one_of(parts).copied().unwrap_or_default());
            }
        }
    }
}

/// What the log says of medicines that stand in the message.
pub(crate) const IN_MESSAGE: &str = "i meldingen";
