use super::{
    context::{Context, Scope},
    get,
    names::Sort,
};
use crate::{
    model::{CheckPoint, Checklist, DoneBy},
    syntax::Table,
};

const DONE_KEYS: [&str; 5] = ["done_by", "duty", "that", "person", "reminder"];

impl Context<'_> {
    pub(super) fn checklist(&mut self, table: &Table) -> Option<Checklist> {
        let who = self.name(table, "who", Sort::Party);
        let when = self.condition(table, "when", Scope::Case);
        let points: Vec<Option<CheckPoint>> = table.tables("point").map(|point| self.point(point)).collect();
        let points: Option<Vec<CheckPoint>> = points.into_iter().collect();
        let id = table.str("id")?;
        Some(Checklist {
            id: id.into(),
            clause: get::clause(table, "clause")?,
            name: get::name_or(table, id),
            who: who?,
            when: when?,
            points: points?,
            place: self.place(table),
        })
    }

    fn point(&mut self, table: &Table) -> Option<CheckPoint> {
        let phase = self.name(table, "phase", Sort::Phase);
        let when = self.condition(table, "when", Scope::Case);
        let done_by = self.done_by(table);
        Some(CheckPoint {
            id: table.str("id")?.into(),
            clause: get::clause(table, "clause")?,
            says: get::text(table, "says")?,
            phase: phase?,
            when: when?,
            done_by: done_by?,
            place: self.place(table),
        })
    }

    fn done_by(&mut self, table: &Table) -> Option<DoneBy> {
        let set: Vec<&str> = DONE_KEYS.into_iter().filter(|key| Self::is_set(table, key)).collect();
        match set.as_slice() {
            ["done_by"] => self.some_names(table, "done_by", Sort::Kind).map(DoneBy::Kinds),
            ["duty"] => self.name(table, "duty", Sort::Duty).map(DoneBy::Duty),
            ["that"] => self.condition(table, "that", Scope::Case).map(DoneBy::Condition),
            ["person"] => Some(DoneBy::Person),
            ["reminder"] => Some(DoneBy::Reminder),
            _ => {
                let message =
                    "a point needs exactly one of `done_by`, `duty`, `that`, `person` and `reminder`";
                self.contradiction(table.spot, message, "write person = true where the log can't show it");
                None
            }
        }
    }
}
