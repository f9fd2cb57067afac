//! People at their desks: they open a form, fill it in, look it over, and send it.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use samspill_base::CaseLog;
use samspill_engine::{DutyStatus, Evaluation};
use samspill_service::access::Role;

use crate::support::{Answer, Side, TestApp, User};

/// A hospital and a municipality, and what time it is.
pub(crate) struct Region {
    pub(crate) t: TestApp,
    pub(crate) hospital: User,
    pub(crate) municipality: User,
}

pub(crate) fn at(text: &str) -> Timestamp {
    let local: DateTime = text.parse().unwrap();
    local.to_zoned(TimeZone::get("Europe/Oslo").unwrap()).unwrap().timestamp()
}

impl Region {
    pub(crate) async fn new(now: &str) -> Self {
        let t = TestApp::new().await;
        t.clock.set(at(now));
        let hospital = t.user(Role::Coordination, Side::Trust);
        let municipality = t.user(Role::CaseOffice, Side::First);
        Self { t, hospital, municipality }
    }

    /// What is sent between parties of the node arrives.
    pub(crate) async fn deliver(&self) {
        let (mail, now) = (&self.t.app.parts().mailroom, self.t.now());
        while mail.hand_over_here("node", &move || now).await.unwrap().is_something() {}
        self.t.app.live().catch_up(now).await.unwrap();
    }

    /// Registers an admission by the form. Gives the case.
    pub(crate) async fn admit(&self, now: &str, day: &str, time: &str) -> String {
        self.t.clock.set(at(now));
        let form = self.hospital.get("/opphold/ny").await;
        assert_eq!(form.status, 200, "{}", form.text());
        let first = self.t.first.clone();
        let wards = &self.t.world().region.trust.wards;
        let ward = wards.iter().find(|ward| ward.name.starts_with("Medisinsk")).unwrap();
        let fields = [
            ("id", &*hidden(&form, "id")),
            ("person", "23914111277"),
            ("fornavn", "Alma"),
            ("etternavn", "Nordvik"),
            ("post", &ward.name),
            ("dag", day),
            ("tid", time),
            ("kommune", &first),
            ("f_fagomrade", "somatikk"),
            ("f_kommunale-tjenester", "ja"),
            ("f_kommunalt-behov", "ja"),
            ("f_problem", "Lårhalsbrudd"),
        ];
        let answer = self.hospital.post_form("/opphold/ny", &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let place = answer.header("location").to_owned();
        let case = place.trim_start_matches("/opphold/").trim_end_matches("/skriv");
        case.to_owned()
    }

    /// Opens a form, fills it in, looks it over and sends it. Gives what was seen before it went.
    pub(crate) async fn write(
        &self,
        user: &User,
        case: &str,
        kind: &str,
        now: &str,
        fields: &[(&str, &str)],
    ) -> String {
        self.t.clock.set(at(now));
        let path = format!("/opphold/{case}/skriv/{kind}");
        let form = user.get(&path).await;
        assert_eq!(form.status, 200, "{kind}: {}", form.text());
        let (id, seen) = (hidden(&form, "id"), hidden(&form, "seen"));
        let mut all = vec![("id", &*id), ("seen", &*seen)];
        all.extend_from_slice(fields);
        let preview = user.post_form(&path, &[&all[..], &[("gjor", "vis")]].concat()).await;
        assert_eq!(preview.status, 200, "{kind}: {}", preview.text());
        assert!(preview.text().contains("value=\"send\""), "{kind}: {}", preview.text());
        let sent = user.post_form(&path, &[&all[..], &[("gjor", "send")]].concat()).await;
        assert_eq!(sent.status, 303, "{kind}: {}", sent.text());
        self.deliver().await;
        preview.text()
    }

    pub(crate) async fn log(&self, case: &str) -> CaseLog {
        let parts = self.t.app.parts();
        let entries = parts.store.case_entries(&parts.community, case).await.unwrap();
        CaseLog { case: case.to_owned(), entries }
    }

    pub(crate) async fn evaluation(&self, case: &str, now: &str) -> Evaluation {
        let log = self.log(case).await;
        self.t.app.parts().projections.agreements().evaluate(&log, at(now)).unwrap()
    }
}

/// What a hidden field of a form holds.
pub(crate) fn hidden(page: &Answer, name: &str) -> String {
    let text = page.text();
    let start = format!("name=\"{name}\" value=\"");
    let from = text.find(&start).unwrap_or_else(|| panic!("no field {name}: {text}")) + start.len();
    text[from..].split('"').next().unwrap().to_owned()
}

pub(crate) fn duty(evaluation: &Evaluation, duty: &str) -> Vec<DutyStatus> {
    evaluation.duties.iter().filter(|it| it.duty.as_str() == duty).map(|it| it.status).collect()
}

pub(crate) fn days(evaluation: &Evaluation) -> Vec<String> {
    let days = evaluation.meters.iter().flat_map(|meter| &meter.days);
    days.filter(|day| day.status.counts()).map(|day| day.date.to_string()).collect()
}
