use std::collections::BTreeMap;

use crate::{
    diagnostic::{Code, Report, did_you_mean},
    source::Spot,
};

/// The sorts of name that rules refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Kind,
    Fact,
    Party,
    Phase,
    Duty,
    Hours,
    Holiday,
    Value,
    Reading,
    Meter,
    /// Every rule, duties too: findings name rules by id.
    Rule,
    Point,
}

impl Sort {
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Fact => "fact",
            Self::Party => "party",
            Self::Phase => "phase",
            Self::Duty => "duty",
            Self::Hours => "open hours",
            Self::Holiday => "holiday",
            Self::Value => "value",
            Self::Reading => "reading",
            Self::Meter => "meter",
            Self::Rule => "rule",
            Self::Point => "checklist point",
        }
    }

    fn unknown(self) -> Code {
        match self {
            Self::Kind => Code::UnknownKind,
            Self::Fact => Code::UnknownFact,
            Self::Party => Code::UnknownParty,
            Self::Phase => Code::UnknownPhase,
            Self::Duty | Self::Rule | Self::Point => Code::UnknownDuty,
            Self::Hours => Code::UnknownHours,
            Self::Holiday => Code::UnknownHoliday,
            Self::Value => Code::UnknownValue,
            Self::Reading => Code::UnknownReading,
            Self::Meter => Code::UnknownMeter,
        }
    }

    fn declare(self) -> &'static str {
        match self {
            Self::Kind => "declare it as [[kind]], or add the vocabulary that has it to `uses`",
            Self::Fact => "declare it as [[fact]], or add the vocabulary that has it to `uses`",
            Self::Party => "declare it as [[party]], or add the vocabulary that has it to `uses`",
            Self::Phase => "declare it as [[phase]]",
            Self::Duty | Self::Rule | Self::Point => "write it as [[duty]]",
            Self::Hours => "add them as a section: [calendar.kontortid]",
            Self::Holiday => {
                "add the law that has it to `uses`: \"law:helligdager\", or declare it as [[holiday]]"
            }
            Self::Value => "add the law that has it to `uses`: \"law:dognpris\", or declare it as [[value]]",
            Self::Reading => "write it as [[reading]]",
            Self::Meter => "write it as [[meter]]",
        }
    }
}

/// All names of a version and where they are declared.
#[derive(Debug, Default)]
pub(super) struct Names {
    known: BTreeMap<Sort, BTreeMap<String, Spot>>,
}

impl Names {
    /// Declares a name; the same one twice is a mistake.
    pub(super) fn declare(&mut self, sort: Sort, name: &str, spot: Spot, report: &mut Report) {
        let first = *self.known.entry(sort).or_default().entry(name.to_owned()).or_insert(spot);
        if first != spot {
            report
                .error(Code::DuplicateId, spot, format!("there is already a {} \"{name}\"", sort.in_words()))
                .help("give one of them another id, or remove it")
                .related(first, "the first is here");
        }
    }

    /// Declares a name that may come several times.
    pub(super) fn declare_again(&mut self, sort: Sort, name: &str, spot: Spot) {
        self.known.entry(sort).or_default().entry(name.to_owned()).or_insert(spot);
    }

    pub(super) fn has(&self, sort: Sort, name: &str) -> bool {
        self.known.get(&sort).is_some_and(|names| names.contains_key(name))
    }

    /// Whether the name is known; if not, that is reported with the nearest one that is.
    pub(super) fn resolve(&self, sort: Sort, name: &str, spot: Spot, report: &mut Report) -> bool {
        if self.has(sort, name) {
            return true;
        }
        let known = self.known.get(&sort);
        let near = known.and_then(|known| did_you_mean(name, known.keys().map(String::as_str)));
        let elsewhere = self.other_sort(sort, name);
        let help = match (near, elsewhere) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, Some(other)) => format!(
                "`{name}` names a {}; here the name of a {} is needed",
                other.in_words(),
                sort.in_words()
            ),
            (None, None) => sort.declare().to_owned(),
        };
        let verb = if sort == Sort::Hours { "are" } else { "is" };
        report
            .error(sort.unknown(), spot, format!("there {verb} no {} \"{name}\"", sort.in_words()))
            .help(help);
        false
    }

    fn other_sort(&self, sort: Sort, name: &str) -> Option<Sort> {
        self.known
            .iter()
            .find(|(other, names)| **other != sort && names.contains_key(name))
            .map(|(other, _)| *other)
    }
}
