//! A new stay.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{RawForm, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use samspill_agreement::model::Kind;
use samspill_base::{CaseLog, Entry, Position, Value};
use samspill_formats::messages::ids::{PersonNumber, SeriesRefused};
use samspill_service::{
    access::{Action, Involvement, Openness},
    audit::persons::Person,
    casework::{Form, Plan, StayView, Step, Typed, read_typed},
    exchange::{
        mailroom::{Against, FormDone, FormStands},
        meaning::{Address, Beside},
    },
    people::SystemRandom,
};

use super::{
    Field, Said, Words, fields,
    moment::{HAPPENED, Moment, MomentField},
    said::new_id,
};
use crate::{
    App, Refused,
    pages::{Choice, Frame, html, link, see_other},
};

/// What a stay is called before it has a name.
const NOWHERE: &str = "opphold-nytt";
/// So many letters of its id a stay is called by: the first that no other stay has.
const NAME_LETTERS: [usize; 3] = [8, 16, 32];
/// The kind that a stay begins with.
const ADMITTED: &str = "innlagt";
/// The fact that names the agreement, where there are several.
const AGREEMENT: &str = "avtale";
/// The fact that names the municipality of stay: chosen from those there are.
const LIABLE: &str = "oppholdskommune";

#[derive(Template)]
#[template(path = "write/new.html")]
struct Page {
    frame: Frame,
    w: &'static Words,
    id: String,
    moment: MomentField,
    problem: &'static str,
    person: String,
    person_error: &'static str,
    given: String,
    family: String,
    wards: Vec<Choice>,
    municipalities: Vec<Choice>,
    agreements: Vec<Choice>,
    facts: Vec<Field>,
}

/// What is wrong with what was typed.
#[derive(Default)]
struct Wrong {
    person: &'static str,
    moment: &'static str,
    problem: &'static str,
}

pub(super) async fn page(State(app): State<App>, frame: Frame) -> Result<Response, Refused> {
    let mut said = Said::default();
    said.set("id", new_id());
    let desk = Reception { app: &app, frame: &frame, said };
    desk.allowed(&desk.entry(NOWHERE, frame.now, None)).await?;
    desk.page(&Wrong::default())
}

pub(super) async fn taken(
    State(app): State<App>,
    frame: Frame,
    RawForm(bytes): RawForm,
) -> Result<Response, Refused> {
    let desk = Reception { app: &app, frame: &frame, said: Said::read(&bytes)? };
    desk.allowed(&desk.entry(NOWHERE, frame.now, None)).await?;
    let mut wrong = Wrong::default();
    let person = desk.person().unwrap_or_else(|trouble| {
        wrong.person = trouble.text(Words::of(frame.language()));
        None
    });
    let happened = desk.happened(&mut wrong);
    let (Some(happened), "") = (happened, wrong.person) else { return desk.page(&wrong) };
    let typed = desk.typed(NOWHERE)?;
    if !typed.misfits.is_empty() {
        return desk.page(&wrong);
    }
    desk.begin(happened, person).await
}

/// Why a number isn't taken.
enum BadNumber {
    NotValid,
    OfSeries(SeriesRefused),
}

impl BadNumber {
    fn text(&self, w: &'static Words) -> &'static str {
        match self {
            Self::NotValid => w.bad_person,
            Self::OfSeries(SeriesRefused::Synthetic(_)) => w.synthetic_person,
            Self::OfSeries(SeriesRefused::MayBeReal) => w.real_person,
        }
    }
}

/// Where stays begin.
struct Reception<'r> {
    app: &'r App,
    frame: &'r Frame,
    said: Said,
}

impl Reception<'_> {
    /// The wards of the writer's hospital; of somebody in a ward, theirs.
    fn wards(&self) -> Vec<String> {
        let subject = &self.frame.signed.subject;
        let own = self.app.book().find(&subject.party).filter(|address| address.role_id() == "sykehus");
        let units =
            own.into_iter().flat_map(|address| address.open_services().map(|(_, unit)| unit.name.clone()));
        let mut names: Vec<String> =
            units.filter(|unit| subject.units.is_empty() || subject.units.contains(unit)).collect();
        names.sort();
        names.dedup();
        names
    }

    fn ward(&self) -> Option<String> {
        let wards = self.wards();
        wards.iter().find(|ward| *ward == self.said.get("post")).or(wards.first()).cloned()
    }

    fn agreement(&self) -> Option<String> {
        let all = self.app.parts().projections.agreements().all();
        let named = all.iter().find(|agreement| agreement.id.as_str() == self.said.get(AGREEMENT));
        (all.len() > 1).then(|| named.or(all.first()).map(|agreement| agreement.id.to_string()))?
    }

    /// The entry that a stay begins with.
    fn entry(&self, case: &str, happened: Timestamp, person: Option<String>) -> Entry {
        let mut entry = Entry::new(case, ADMITTED, Position(0), happened);
        entry.recorded = Some(self.frame.now);
        entry.from = self.ward();
        entry.person = person;
        let named = self.agreement().map(|name| (AGREEMENT.to_owned(), Value::text(name)));
        entry.facts.extend(named);
        entry
    }

    /// Registers a stay, once, under a name that no other has.
    async fn begin(&self, happened: Timestamp, person: Option<String>) -> Result<Response, Refused> {
        let (mail, frame) = (&self.app.parts().mailroom, self.frame);
        let (id, digest) = (self.said.id()?, self.said.digest());
        let letters = id.replace('-', "");
        let day = happened.to_zoned(self.frame.zone()).date();
        for count in NAME_LETTERS {
            let case = format!("opphold-{day}-{}", letters.get(..count).unwrap_or(&letters));
            let mut entry = self.entry(&case, happened, person.clone());
            entry.facts.extend(self.facts(&case)?);
            entry.id = Some(id.clone());
            self.allowed(&entry).await?;
            let plan = Plan { steps: vec![Step::Register(entry)] };
            let against = Against { form: &id, said: &digest, last: Position(0) };
            let (beside, by) = (Beside::default(), &frame.signed.subject.name);
            let done = mail.carry_out_form(&plan, &against, &beside, by, frame.now).await;
            match done.map_err(Refused::failed)? {
                // Another stay has that name: nobody writes into it by calling a new one so.
                FormDone::Moved => {}
                FormDone::Done(_) => {
                    self.learn_name().await?;
                    self.app.live().catch_up(frame.now).await.map_err(Refused::failed)?;
                    return Ok(see_other(&link::path(&["opphold", &case, "skriv"])));
                }
                FormDone::Before(stands) => return self.begun(stands).await,
            }
        }
        Err(Refused::Changed)
    }

    /// The form was registered before: the same leads to its stay, something else is kept in a form of its own.
    async fn begun(&self, stands: FormStands) -> Result<Response, Refused> {
        if let FormStands::Same(case) = stands {
            let stay =
                self.app.live().involvement_of(&case, self.frame.now).await.map_err(Refused::failed)?;
            let (stay, signed) = (stay.ok_or(Refused::NotThere)?, &self.frame.signed);
            self.app.may(signed, signed.purpose(), Action::WriteStay, &stay).await?;
            return Ok(see_other(&link::path(&["opphold", &case, "skriv"])));
        }
        let mut said = self.said.clone();
        said.set("id", new_id());
        let anew = Self { app: self.app, frame: self.frame, said };
        let wrong = Wrong { problem: Words::of(self.frame.language()).begun_before, ..Wrong::default() };
        Ok((StatusCode::CONFLICT, anew.page(&wrong)?).into_response())
    }

    /// Whether the writer may begin such a stay: what would stand in the log decides, as it does afterwards.
    async fn allowed(&self, entry: &Entry) -> Result<(), Refused> {
        if self.wards().is_empty() {
            return Err(Refused::NotThere);
        }
        let log = CaseLog { case: entry.case.clone(), entries: vec![entry.clone()] };
        let row = self.app.parts().projections.read(&log, self.frame.now).stay;
        let stay = Involvement::of(&log, &row, Openness::Open, self.app.book());
        let signed = &self.frame.signed;
        self.app.may(signed, signed.purpose(), Action::WriteStay, &stay).await.map(drop)
    }

    /// The person, as the log names it; none where it is unknown.
    fn person(&self) -> Result<Option<String>, BadNumber> {
        let typed: String = self.said.get("person").split_whitespace().collect();
        if typed.is_empty() {
            return Ok(None);
        }
        let today = self.frame.now.to_zoned(self.frame.zone()).date();
        let number = PersonNumber::parse(&typed, today).map_err(|_| BadNumber::NotValid)?;
        let policy = self.app.parts().mailroom.settings().recipients.policy.synthetic;
        policy.admit(number.series()).map_err(BadNumber::OfSeries)?;
        Ok(Some(typed))
    }

    /// Tells the register what the patient is called, where the form says that. What it knows already stands.
    async fn learn_name(&self) -> Result<(), Refused> {
        let Ok(Some(id)) = self.person() else { return Ok(()) };
        let (given, family) = (self.said.get("fornavn").to_owned(), self.said.get("etternavn").to_owned());
        if family.is_empty() {
            return Ok(());
        }
        let parts = self.app.parts();
        let person = Person { id, given, family, ..Person::default() };
        let mut tx = parts.store.begin(&parts.community).await.map_err(Refused::failed)?;
        let learnt = parts.people_register.learn(&mut tx, &person, &SystemRandom, self.frame.now).await;
        learnt.map_err(Refused::failed)?;
        tx.commit().await.map_err(Refused::failed)
    }

    fn happened(&self, wrong: &mut Wrong) -> Option<Timestamp> {
        let w = Words::of(self.frame.language());
        match HAPPENED.read(&self.said, &self.frame.zone()) {
            Moment::At(at) | Moment::Skipped(at) => return Some(at),
            Moment::Unsaid | Moment::Bad => wrong.moment = w.bad_moment,
            Moment::Twice => wrong.moment = w.twice,
        }
        None
    }

    /// The form of the first entry: of the facts that it asks for.
    fn form(&self, case: &str) -> Result<Form, Refused> {
        let first = self.entry(case, self.frame.now, None);
        let log = CaseLog { case: case.to_owned(), entries: vec![first] };
        let agreements = self.app.parts().projections.agreements();
        let view = StayView::of(agreements, &log, self.frame.now).ok_or(Refused::NotThere)?;
        let kind: &Kind = view.version.kinds.get(ADMITTED).ok_or(Refused::NotThere)?;
        let table = &self.app.parts().mailroom.settings().table;
        Ok(Form::of(&view, kind, "sykehus", table, &BTreeMap::default()))
    }

    fn typed(&self, case: &str) -> Result<Typed, Refused> {
        Ok(read_typed(&self.form(case)?, &self.said.fields()))
    }

    fn facts(&self, case: &str) -> Result<BTreeMap<String, Value>, Refused> {
        let mut facts = self.typed(case)?.facts;
        let liable =
            self.municipalities().into_iter().find(|choice| choice.selected && !choice.value.is_empty());
        facts.extend(liable.map(|choice| (LIABLE.to_owned(), Value::text(choice.value))));
        Ok(facts)
    }

    fn municipalities(&self) -> Vec<Choice> {
        let w = Words::of(self.frame.language());
        let chosen = self.said.get("kommune");
        let is_one = |address: &&Address| address.role_id() == "kommune";
        let mut names: Vec<&str> =
            self.app.book().parties.iter().filter(is_one).map(|address| address.name.as_str()).collect();
        names.sort_unstable();
        let none = Choice::new("", w.not_said, chosen);
        std::iter::once(none).chain(names.into_iter().map(|name| Choice::new(name, name, chosen))).collect()
    }

    /// The fields with what can't be read in them pointed out.
    fn with_misfits(&self, mut fields: Vec<Field>) -> Result<Vec<Field>, Refused> {
        for misfit in self.typed(NOWHERE)?.misfits {
            let error = Words::of(self.frame.language()).misfit;
            let name = format!("f_{}", misfit.field);
            fields
                .iter_mut()
                .filter(|field| field.name == name)
                .for_each(|field| error.clone_into(&mut field.error));
        }
        Ok(fields)
    }

    fn page(&self, wrong: &Wrong) -> Result<Response, Refused> {
        let w = Words::of(self.frame.language());
        let names = self.frame.names(self.app);
        let form = self.form(NOWHERE)?;
        let (_, facts) = fields::all(&form, Some(&self.said), &names, "", self.frame.language());
        let facts = self.with_misfits(facts)?;
        let ward = self.ward().unwrap_or_default();
        let all = self.app.parts().projections.agreements().all();
        let chosen = self.agreement().unwrap_or_default();
        let several = all.iter().filter(|_| all.len() > 1);
        let language = self.frame.language();
        let agreements = several.map(|agreement| {
            Choice::new(agreement.id.as_str(), agreement.newest().name.in_language(language), &chosen)
        });
        let moment = HAPPENED.field(&self.said, (&self.frame.zone(), Some(self.frame.now)), self.frame);
        let moment =
            if wrong.moment.is_empty() { moment } else { MomentField { error: wrong.moment, ..moment } };
        html(&Page {
            frame: self.frame.clone().titled(w.new_title),
            w,
            id: self.said.get("id").to_owned(),
            moment,
            problem: wrong.problem,
            person: self.said.get("person").to_owned(),
            person_error: wrong.person,
            given: self.said.get("fornavn").to_owned(),
            family: self.said.get("etternavn").to_owned(),
            wards: self.wards().iter().map(|name| Choice::new(name, name, &ward)).collect(),
            municipalities: self.municipalities(),
            agreements: agreements.collect(),
            facts: facts.into_iter().filter(|field| field.name != format!("f_{LIABLE}")).collect(),
        })
    }
}
