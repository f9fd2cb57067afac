use std::collections::{BTreeMap, BTreeSet};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use futures_util::stream;
use jiff::tz::TimeZone;
use samspill_base::{Entry, Position};
use samspill_formats::write_jsonl;
use samspill_service::{
    access::{Action, Decision, Purpose, Rule, Shown},
    audit::Choices,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    changes::Seen,
    extract::{Caller, Query},
    problem::Problem,
};
use crate::{App, Signed, front::LookedAt};

/// The media type of one JSON object a line.
pub(crate) const NDJSON: &str = "application/x-ndjson";

/// Entries that are read at a time.
const AT_ONCE: usize = 500;

/// The largest position that every program can write as a number in JSON.
pub(crate) const POSITION_MAX: u64 = (1 << 53) - 1;

/// Which part of the log, and what for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LogAsked {
    /// The entries after this position; from the first, if nothing is said.
    #[serde(default)]
    #[param(default = 0, maximum = 9_007_199_254_740_991_i64)]
    after: u64,
    /// What for. With `care` entries are given as they are, to whom may have them so; otherwise persons have pseudonyms and free text
    /// is left out.
    #[param(inline)]
    purpose: Option<LogPurpose>,
}

/// What a log is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogPurpose {
    /// Care of the patients, by their own unit: as it is.
    Care,
    /// Quality and figures: with pseudonyms.
    Quality,
}

/// The log of the stays that the caller may take out, one entry a line, from a position to the end as it is now.
///
/// `Samspill-Until` says how far that is: what comes later is after it. A line also has `position`; otherwise lines are those that
/// `samspill check` reads. Entries of others are passed over.
#[utoipa::path(get, path = "/api/v1/log", tag = "log", operation_id = "exportLog", params(LogAsked),
    responses((status = 200, description = "Entries, one a line", body = String, content_type = "application/x-ndjson",
        headers(("Samspill-Until" = u64, description = "The position up to which entries are given")))))]
pub(crate) async fn stream(
    State(app): State<App>,
    Caller(signed): Caller,
    Query(query): Query<LogAsked>,
) -> Result<Response, Problem> {
    if query.after > POSITION_MAX {
        return Err(Problem::parameter("after", format!("write a position, {POSITION_MAX} at the most")));
    }
    let parts = app.parts();
    let until = parts.store.head(&parts.community).await?.position.0;
    let purpose = query.purpose.unwrap_or(LogPurpose::Quality);
    let choices = choices(&app);
    let out = Out { app, signed, purpose, choices, after: query.after, until };
    let lines = stream::try_unfold(out, |mut out| async move {
        Ok::<_, std::io::Error>(
            out.next().await.map_err(|it| std::io::Error::other(it.detail))?.map(|it| (it, out)),
        )
    });
    let mut response = Body::from_stream(lines).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(NDJSON));
    headers.insert("samspill-until", HeaderValue::from(until));
    Ok(response)
}

/// A log on its way out.
struct Out {
    app: App,
    signed: Signed,
    purpose: LogPurpose,
    choices: Choices,
    after: u64,
    until: u64,
}

/// What fields may say where nobody is named.
fn choices(app: &App) -> Choices {
    let agreements = app.parts().projections.agreements().all();
    Choices::of(agreements.iter().flat_map(|it| &it.versions).map(AsRef::as_ref))
}

impl Out {
    /// The next lines, some at least; none at the end. What is given out is in the access log before it is sent.
    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        while self.after < self.until {
            let parts = self.app.parts();
            let entries = parts.store.read(&parts.community, Position(self.after + 1), AT_ONCE).await?;
            let Some(last) = entries.last() else { return Ok(None) };
            self.after = last.entry.position.0;
            let (mut lines, mut given, mut known) = (Vec::new(), Given::default(), BTreeMap::new());
            for entry in entries.into_iter().map(|line| line.entry) {
                let by =
                    if entry.position.0 <= self.until { self.gives(&mut known, &entry).await? } else { None };
                let Some(by) = by else { continue };
                given.add(&entry, by);
                let shown = Seen::of(&self.app, &mut known, &entry.case).await?.shown(&self.signed);
                write_line(&self.shown(entry, shown), &mut lines).map_err(|error| Problem::failed(&error))?;
            }
            if !lines.is_empty() {
                let rows = given.rows(self.purpose);
                self.app.gave_out(&self.signed, self.policy_purpose(), "log", rows).await?;
                return Ok(Some(lines.into()));
            }
        }
        Ok(None)
    }

    /// What allows an entry to be given out; none where it isn't the caller's.
    async fn gives(
        &self,
        known: &mut BTreeMap<String, Seen>,
        entry: &Entry,
    ) -> Result<Option<Decision>, Problem> {
        let seen = Seen::of(&self.app, known, &entry.case).await?;
        Ok(seen.may(&self.app, &self.signed, Action::Export, self.policy_purpose(), entry))
    }

    fn policy_purpose(&self) -> Purpose {
        match self.purpose {
            LogPurpose::Care => Purpose::Care,
            LogPurpose::Quality => self.signed.purpose(),
        }
    }

    /// An entry as it is given out: with pseudonyms, or without its person where the identity is protected from the caller.
    fn shown(&self, entry: Entry, shown: Shown) -> Entry {
        match self.purpose {
            LogPurpose::Care => Entry { person: entry.person.clone().filter(|_| shown.name), ..entry },
            LogPurpose::Quality => self.app.parts().people_register.without_names(&entry, &self.choices),
        }
    }
}

/// What was given out, for the access log: by stay, who it is about, what allowed it, and how many entries.
#[derive(Debug, Default)]
struct Given(BTreeMap<String, (BTreeSet<String>, Decision, usize)>);

impl Given {
    fn add(&mut self, entry: &Entry, by: Decision) {
        let (persons, _, count) = self.0.entry(entry.case.clone()).or_insert((BTreeSet::new(), by, 0));
        persons.extend(entry.person.clone());
        *count += 1;
    }

    /// As it stands in the access log. Of entries as they are, each patient is to hear: a row for each stay. With pseudonyms it is a list,
    /// with a row for each rule that allowed it.
    fn rows(self, purpose: LogPurpose) -> Vec<(LookedAt, Decision, usize)> {
        let stays = self.0.into_iter();
        match purpose {
            LogPurpose::Care => {
                let row = |(case, (persons, by, count))| (LookedAt::Stay { case, persons }, by, count);
                stays.map(row).collect()
            }
            LogPurpose::Quality => {
                let mut by_rule: BTreeMap<Rule, (Decision, usize)> = BTreeMap::new();
                for (_, (_, by, count)) in stays {
                    by_rule.entry(by.rule).or_insert((by, 0)).1 += count;
                }
                by_rule.into_values().map(|(by, count)| (LookedAt::List, by, count)).collect()
            }
        }
    }
}

/// An entry as a line: as in files, with its position first.
fn write_line(entry: &Entry, out: &mut Vec<u8>) -> std::io::Result<()> {
    let mut line = Vec::new();
    write_jsonl([entry], &TimeZone::UTC, &mut line)?;
    out.extend_from_slice(format!("{{\"position\":{},", entry.position.0).as_bytes());
    out.extend_from_slice(line.get(1..).unwrap_or_default());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_of_a_log_file_with_its_position() {
        let entry = Entry::new("opphold-1", "innlagt", Position(7), jiff::Timestamp::UNIX_EPOCH);
        let mut line = Vec::new();
        write_line(&entry, &mut line).unwrap();
        let text = String::from_utf8(line).unwrap();
        assert_eq!(
            text,
            "{\"position\":7,\"case\":\"opphold-1\",\"kind\":\"innlagt\",\"at\":\"1970-01-01T00:00:00+00:00\"}\n"
        );
    }
}
