use crate::{
    compare::RuleSort,
    model::{BlindSpot, DocumentType, Language, Version},
    view::{RuleView, rules},
    words::{self, Label, label, say},
};

/// A version as people read it: Markdown with its parts, every rule under its clause, limits in words, and the
/// readings and blind spots beside the rules they belong to.
pub fn render(version: &Version, language: Language) -> String {
    let mut page = Page { version, language, text: String::new(), shown: Vec::new() };
    page.head();
    page.parties();
    let views = rules(version, language);
    let mut sort: Option<RuleSort> = None;
    for view in &views {
        if sort != Some(view.sort) {
            sort = Some(view.sort);
            page.line(&format!("\n## {}", view.sort.title(language)));
        }
        page.rule(view);
    }
    page.phases();
    page.other_blind_spots();
    page.text
}

struct Page<'v> {
    version: &'v Version,
    language: Language,
    text: String,
    /// Blind spots shown beside a rule.
    shown: Vec<&'v BlindSpot>,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn say<'t>(&self, nb: &'t str, nn: &'t str, en: &'t str) -> &'t str {
        say(self.language, nb, nn, en)
    }

    fn head(&mut self) {
        let version = self.version;
        self.line(&format!("# {}", version.name.in_language(self.language)));
        let from = words::date(version.in_force, self.language);
        let in_force = match version.until {
            Some(until) => {
                let until = words::date(until, self.language);
                self.say("fra {} til {}", "frå {} til {}", "from {} until {}")
                    .replacen("{}", &from, 1)
                    .replacen("{}", &until, 1)
            }
            None => self.say("fra {}", "frå {}", "from {}").replacen("{}", &from, 1),
        };
        let document = words::document_type(version.document, self.language);
        let status = if version.document == DocumentType::Example {
            document.to_owned()
        } else {
            format!("{document}, {} {in_force}", self.say("i kraft", "i kraft", "in force"))
        };
        self.line(&format!(
            "\n{status}. {}: {}.",
            self.say("Tidssone", "Tidssone", "Time zone"),
            version.calendar.zone_name
        ));
        for source in &version.sources {
            let note = source.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            self.line(&format!("- {}{note}", source.title));
        }
    }

    fn parties(&mut self) {
        let names: Vec<&str> =
            self.version.parties.values().map(|party| party.name.in_language(self.language)).collect();
        if !names.is_empty() {
            let title = self.say("Parter", "Partar", "Parties");
            let list = names.join("\n- ");
            self.line(&format!("\n## {title}\n\n- {list}"));
        }
    }

    fn rule(&mut self, view: &RuleView) {
        let clause = if view.clause.is_empty() { String::new() } else { format!(" – {}", view.clause) };
        self.line(&format!("\n### {}{clause}", view.title));
        if !view.says.is_empty() {
            self.line(&format!("\n{}", view.says));
        }
        self.line("");
        for line in &view.lines {
            self.line(&format!("- **{}:** {}", label(line.label, self.language), line.text));
        }
        self.readings(view);
        self.blind_spots(view);
    }

    fn readings(&mut self, view: &RuleView) {
        for reading in &view.readings {
            let label = label(Label::Reading, self.language);
            self.line(&format!("- *{label} {}* ({}): {}", reading.id, reading.clause, reading.text));
        }
    }

    /// The blind spots of the rule's own clause, at the first rule that has it.
    fn blind_spots(&mut self, view: &RuleView) {
        for spot in &self.version.blind_spots {
            if !view.clause.is_empty() && spot.clause.as_str() == view.clause && !self.shown.contains(&spot) {
                self.shown.push(spot);
                let text = spot.text.in_language(self.language);
                self.line(&format!("- *{}:* {text}", label(Label::BlindSpot, self.language)));
            }
        }
    }

    fn phases(&mut self) {
        if self.version.phases.is_empty() {
            return;
        }
        let title = self.say("Faser i en sak", "Fasar i ei sak", "Phases of a case");
        self.line(&format!("\n## {title}\n"));
        for phase in &self.version.phases {
            let name = phase.name.in_language(self.language);
            let from = words::any_of_kinds(self.version, &phase.from, self.language);
            let until = words::any_of_kinds(self.version, &phase.until, self.language);
            let (from_word, until_word) = (self.say("fra", "frå", "from"), self.say("til", "til", "until"));
            let end = if until.is_empty() { String::new() } else { format!(" {until_word} {until}") };
            let restart = words::restart(phase.restart, self.language)
                .map(|text| format!("; {text}"))
                .unwrap_or_default();
            self.line(&format!("- **{name}:** {from_word} {from}{end}{restart}"));
        }
    }

    fn other_blind_spots(&mut self) {
        let others: Vec<&BlindSpot> =
            self.version.blind_spots.iter().filter(|spot| !self.shown.contains(spot)).collect();
        if others.is_empty() {
            return;
        }
        let title = self.say("Det som ikke beregnes", "Det som ikkje blir berekna", "What is not computed");
        self.line(&format!("\n## {title}\n"));
        for spot in others {
            self.line(&format!("- {}: {}", spot.clause, spot.text.in_language(self.language)));
        }
    }
}
