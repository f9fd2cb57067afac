//! The emergency form of a kind of message.

use std::collections::BTreeSet;

use samspill_agreement::model::{FactType, Kind, KindId, Language, PartyId, SetTo, Version};
use samspill_base::{ClauseRef, Value};
use samspill_engine::explain::instant_words;

use super::{
    Print, StayNow,
    kinds::{Asked, asked, rules},
    labels::Label,
    page::{Html, element, page, says, table},
    stay::{End, current, due_words, duty_name, ends, kind_name, role_name, telephones, value_words},
};
use crate::downtime::{Parties, Way};

/// Forms for a stay, one of each kind, filled in with what is known: a document with a page (or more) for each. Kinds that the
/// agreement doesn't know are left out.
pub fn emergency_forms(stay: &StayNow<'_>, kinds: &[KindId], print: &Print<'_>) -> String {
    document(stay.version(), Some(stay), kinds, print)
}

/// The same with nothing filled in, for patients who come while the systems are down.
pub fn blank_forms(version: &Version, kinds: &[KindId], print: &Print<'_>) -> String {
    document(version, None, kinds, print)
}

fn document(version: &Version, stay: Option<&StayNow<'_>>, kinds: &[KindId], print: &Print<'_>) -> String {
    let parties = stay.map(|stay| Parties::of(stay.log, version, print.book)).unwrap_or_default();
    let forms = kinds.iter().filter_map(|kind| version.kinds.get(kind)).map(|kind| {
        let form = Form { version, stay, kind, parties: &parties, print };
        element("section", &[("class", "form")], form.body())
    });
    let name = stay.map_or_else(String::new, |stay| format!(": {}", stay.log.case));
    let title = format!("{}{name}", Label::EmergencyForm.in_language(print.language));
    page(print.language, &title, forms.collect())
}

struct Form<'f> {
    version: &'f Version,
    stay: Option<&'f StayNow<'f>>,
    kind: &'f Kind,
    parties: &'f Parties,
    print: &'f Print<'f>,
}

impl Form<'_> {
    fn language(&self) -> Language {
        self.print.language
    }

    fn label(&self, label: Label) -> &'static str {
        label.in_language(self.language())
    }

    fn heading(&self, label: Label) -> Html {
        says("h2", self.label(label))
    }

    fn body(&self) -> Html {
        Html::all([
            self.head(),
            self.patient(),
            self.so_far(),
            self.facts(),
            self.ends(),
            self.limits(),
            self.contents(),
            self.true_times(),
            self.how_told(),
            self.signatures(),
        ])
    }

    fn head(&self) -> Html {
        let language = self.language();
        let title = format!("{}: {}", self.label(Label::EmergencyForm), self.kind.name.in_language(language));
        let agreement = format!("{}, {}", self.version.name.in_language(language), self.version.version);
        let zone = &self.version.calendar.zone;
        let as_of =
            instant_words(self.stay.map_or(self.print.as_of, |stay| stay.evaluation.as_of), zone, language);
        Html::all([
            says("h1", &title),
            says("p", &format!("{agreement}. {} {as_of}.", self.label(Label::AsOf))),
            element("p", &[("class", "warning")], Html::text(self.label(Label::Secret))),
            says("p", self.label(Label::FormUse)),
        ])
    }

    fn patient(&self) -> Html {
        let of = |get: &dyn Fn(&StayNow<'_>) -> String| self.stay.map(get).unwrap_or_default();
        let born = of(&|stay| stay.patient.and_then(|patient| patient.born.clone()).unwrap_or_default());
        let rows = [
            (Label::Name, of(&|stay| stay.patient_name())),
            (Label::Number, of(&|stay| stay.number())),
            (Label::Born, born),
            (Label::Stay, of(&|stay| stay.log.case.clone())),
            (Label::Unit, of(&|stay| stay.unit.unwrap_or_default().to_owned())),
        ];
        let rows = rows.into_iter().map(|(label, text)| vec![Html::text(self.label(label)), filled(&text)]);
        Html::all([self.heading(Label::Patient), table(self.label(Label::Patient), &[], rows.collect())])
    }

    fn so_far(&self) -> Html {
        let Some(stay) = self.stay else { return Html::default() };
        let language = self.language();
        let mut entries = stay.entries();
        entries.reverse();
        let rows: Vec<Vec<Html>> = entries
            .iter()
            .map(|entry| {
                let name = kind_name(self.version, &entry.kind, language);
                let at = stay.at(entry.happened, language);
                vec![Html::text(&name), Html::text(&at), Html::text(&ends(entry))]
            })
            .collect();
        if rows.is_empty() {
            return Html::all([self.heading(Label::SoFar), says("p", self.label(Label::NothingSoFar))]);
        }
        let columns = [Label::What, Label::Happened, Label::FromTo].map(|label| self.label(label));
        Html::all([self.heading(Label::SoFar), table(self.label(Label::SoFar), &columns, rows)])
    }

    fn facts(&self) -> Html {
        let facts = self.stay.map(|stay| &stay.evaluation.facts).into_iter().flatten();
        let rows: Vec<Vec<Html>> = facts
            .filter_map(|(name, value)| {
                let fact = self.version.facts.get(name)?;
                // What nobody has said is left out.
                (fact.default.as_ref() != Some(value)).then_some(())?;
                let value = value_words(value, self.language());
                Some(vec![Html::text(fact.name.in_language(self.language())), Html::text(&value)])
            })
            .collect();
        if rows.is_empty() {
            return Html::default();
        }
        let columns = [Label::Fact, Label::Value].map(|label| self.label(label));
        Html::all([self.heading(Label::Facts), table(self.label(Label::Facts), &columns, rows)])
    }

    fn ends(&self) -> Html {
        let from = self.end(Label::Sender, &self.kind.from, End::Sender);
        let to = self.end(Label::Receiver, &self.kind.to, End::Receiver);
        let columns = [Label::Role, Label::Party, Label::Telephone].map(|label| self.label(label));
        let rows = from.into_iter().chain(to).collect();
        Html::all([self.heading(Label::Parties), table(self.label(Label::Parties), &columns, rows)])
    }

    /// A row for each party that has the role in the case; an empty one where nobody is known to.
    fn end(&self, label: Label, roles: &[PartyId], end: End) -> Vec<Vec<Html>> {
        let mut rows = Vec::new();
        for role in roles {
            let role_words =
                format!("{}: {}", self.label(label), role_name(self.version, role, self.language()));
            let mut names = self.parties.in_role(role);
            if names.is_empty() {
                names.push("");
            }
            rows.extend(names.into_iter().map(|name| {
                let telephones = telephones(self.print.book, name, Some(&self.kind.id), end);
                vec![Html::text(&role_words), filled(name), or_line(telephones)]
            }));
        }
        rows
    }

    fn limits(&self) -> Html {
        let Some(stay) = self.stay else { return Html::default() };
        let does = |duty: &KindId| duty == &self.kind.id;
        let open = stay
            .open_duties()
            .into_iter()
            .filter(|duty| self.version.duty(&duty.duty).is_some_and(|rule| rule.must.iter().any(does)));
        let rows: Vec<Vec<Html>> = open
            .map(|duty| {
                let name = duty_name(stay, duty, self.language());
                let due = due_words(stay, duty, self.language());
                vec![Html::text(&format!("{name} ({})", duty.clause)), Html::text(&due)]
            })
            .collect();
        if rows.is_empty() {
            return Html::default();
        }
        let columns = [Label::Duty, Label::Limit].map(|label| self.label(label));
        Html::all([self.heading(Label::Limit), table(self.label(Label::Limit), &columns, rows)])
    }

    fn contents(&self) -> Html {
        let asked = asked(self.version, self.kind, self.language());
        if asked.is_empty() {
            let rows = vec![vec![Html::text(self.label(Label::FreeText)), lines(3)]];
            return Html::all([self.heading(Label::Contents), table(self.label(Label::Contents), &[], rows)]);
        }
        let says_each = rules(self.version, self.kind).map(|rule| {
            let text = format!("{} ({})", rule.says.in_language(self.language()), rule.clause);
            says("li", &text)
        });
        let said = Html::all(says_each);
        let said = if said == Html::default() { said } else { element("ul", &[], said) };
        let columns = [Label::Field, Label::AskedBy, Label::Value].map(|label| self.label(label));
        let rows = asked.iter().map(|asked| self.asked_row(asked)).collect();
        Html::all([self.heading(Label::Contents), said, table(self.label(Label::Contents), &columns, rows)])
    }

    fn asked_row(&self, asked: &Asked<'_>) -> Vec<Html> {
        let name = asked.field.map_or(asked.name, |field| field.name.in_language(self.language()));
        let why = |(clause, when): &(&ClauseRef, String)| {
            if when.is_empty() { clause.to_string() } else { format!("{clause}, {when}") }
        };
        let by = match asked.by.as_slice() {
            [] => Html::text(self.label(Label::Optional)),
            by => Html::lines(by.iter().map(why)),
        };
        vec![Html::text(name), by, self.value(asked)]
    }

    /// What is known of a field, or the place to write it.
    fn value(&self, asked: &Asked<'_>) -> Html {
        if let Some(known) = self.known(asked.name) {
            return Html::text(&value_words(known, self.language()));
        }
        match asked.field.map(|field| &field.field_type) {
            Some(FactType::Bool) => {
                ticks([Label::Yes, Label::No].map(|label| self.label(label).to_owned()).into_iter())
            }
            Some(FactType::OneOf(words)) => ticks(words.iter().map(|word| word.replace('-', " "))),
            Some(FactType::Date | FactType::Time | FactType::Number) => lines(1),
            Some(FactType::Text) | None => lines(2),
        }
    }

    /// A field says what a fact of the stay says, where the kind sets that fact by it. Nothing else is the same from one message to
    /// the next.
    fn known(&self, field: &str) -> Option<&Value> {
        let is_it = |to: &SetTo| matches!(to, SetTo::Field(name) if name == field);
        let (fact, _) = self.kind.sets.iter().find(|(_, to)| is_it(to))?;
        self.stay?.evaluation.facts.get(fact).filter(|value| !value.is_blank())
    }

    fn true_times(&self) -> Html {
        self.to_fill(Label::TrueTimes, &[Label::HappenedAt, Label::ToldAt, Label::ReceivedAt])
    }

    fn how_told(&self) -> Html {
        let ways = Way::ALL.into_iter().filter(|way| *way != Way::Event);
        let ways = ways.map(|way| way.name(self.language()).to_owned());
        Html::all([self.heading(Label::HowTold), ticks(ways)])
    }

    fn signatures(&self) -> Html {
        let down = table(
            self.label(Label::Downtime),
            &[],
            vec![vec![Html::text(self.label(Label::Downtime)), or_line(Html::lines(self.downtime()))]],
        );
        let people = [Label::ToldBy, Label::ReceivedBy, Label::Signature, Label::EnteredBy];
        Html::all([self.to_fill(Label::Signatures, &people), down])
    }

    /// The downtime of those who send and get such messages that isn't over.
    fn downtime(&self) -> Vec<String> {
        let roles = self.kind.from.iter().chain(&self.kind.to);
        let parties: BTreeSet<&str> = roles.flat_map(|role| self.parties.in_role(role)).collect();
        let of = |party: &&str| {
            let party = (*party).to_owned();
            current(&party, self.print).into_iter().map(move |words| format!("{party}: {words}"))
        };
        parties.iter().flat_map(of).collect()
    }

    fn to_fill(&self, title: Label, rows: &[Label]) -> Html {
        let rows = rows.iter().map(|label| vec![Html::text(self.label(*label)), lines(1)]).collect();
        Html::all([self.heading(title), table(self.label(title), &[], rows)])
    }
}

/// A text, or a line to write on.
fn filled(text: &str) -> Html {
    if text.trim().is_empty() { lines(1) } else { Html::text(text) }
}

fn or_line(html: Html) -> Html {
    if html == Html::default() { lines(1) } else { html }
}

fn lines(count: usize) -> Html {
    Html::all((0..count).map(|_| element("span", &[("class", "line")], Html::default())))
}

fn ticks(choices: impl Iterator<Item = String>) -> Html {
    let items = choices.map(|choice| says("li", &format!("☐ {choice}")));
    element("ul", &[("class", "ticks")], Html::all(items))
}
