//! Who looked at what, from the node's machine.

use std::process::ExitCode;

use jiff::Timestamp;
use samspill_formats::messages::norway;
use samspill_server::{
    config::{Config, WebConfig},
    node,
};
use samspill_service::{
    access::{Action, Means, Policy, Purpose, Resource, Subject},
    audit::{AccessFilter, KeptAccess, MACHINE, Search},
    people::Account,
};
use samspill_store::{IfMissing, Store};

use super::{AccessLogCommand, NodeArgs, open};
use crate::{output, trouble::Trouble};

/// Does what the call asks for.
pub(super) fn run(node: &NodeArgs, command: &AccessLogCommand) -> Result<ExitCode, Trouble> {
    let config = open::configuration(&node.config)?;
    let web = open::web(&config)?.clone();
    open::run(async {
        let store = open::store(&config, IfMissing::Refuse).await?;
        let done = match command {
            AccessLogCommand::Verify => verify(&config, &web, &store).await,
            AccessLogCommand::Search { by, person, case, account, limit } => {
                let filter =
                    AccessFilter { person: person.clone(), case: case.clone(), ..AccessFilter::default() };
                let search = Asked { by, account: account.as_deref(), filter, limit: *limit };
                search.run(&config, &web, &store).await
            }
        };
        store.close().await;
        done
    })
}

async fn verify(config: &Config, web: &WebConfig, store: &Store) -> Result<ExitCode, Trouble> {
    let audit = node::audit(config, web, store).map_err(told)?;
    let found = audit.verify().await.map_err(told)?;
    match found.broken {
        None => {
            output::line(&format!("the access log is whole: {} rows", found.rows))?;
            Ok(ExitCode::SUCCESS)
        }
        Some(fault) => {
            output::line(&format!("the access log isn't whole: {fault}"))?;
            Ok(ExitCode::FAILURE)
        }
    }
}

struct Asked<'a> {
    by: &'a str,
    account: Option<&'a str>,
    filter: AccessFilter,
    limit: usize,
}

impl Asked<'_> {
    /// Who searches must be somebody who may: the same policy as in the pages, and written down in the same place.
    async fn run(&self, config: &Config, web: &WebConfig, store: &Store) -> Result<ExitCode, Trouble> {
        let (accounts, audit) =
            (node::accounts(config, web, store), node::audit(config, web, store).map_err(told)?);
        let now = Timestamp::now();
        let known = async |login: &str| -> Result<Account, Trouble> {
            let found = accounts.by_login(login).await.map_err(told)?;
            found.ok_or_else(|| Trouble::Node(format!("there is no account {login}")))
        };
        let by = known(self.by).await?;
        let mut filter = self.filter.clone();
        filter.account = match self.account {
            Some(MACHINE) => Some(MACHINE.to_owned()),
            Some(login) => Some(known(login).await?.id),
            None => None,
        };
        let policy = Policy::shipped();
        for role in by.roles.iter().filter(|role| role.runs(now)) {
            let subject = accounts.subject_of(&by, &role.key(), Means::Person, now).await.map_err(told)?;
            let Some(subject) = subject else { continue };
            let resource = Resource::Party(&subject.party);
            let decision = policy.decide(&subject, Purpose::Oversight, Action::ReadAccessLog, resource, now);
            if decision.is_allowed {
                let search = Search {
                    by: &subject,
                    purpose: Purpose::Oversight,
                    decision,
                    filter: &own(&filter, &subject),
                    before: None,
                    limit: self.limit,
                    request: "kommando",
                    now,
                };
                let rows = audit.search(&search).await.map_err(told)?;
                rows.iter().try_for_each(|row| output::line(&shown(row)))?;
                return Ok(ExitCode::SUCCESS);
            }
        }
        Err(Trouble::Node(format!("{} has no role that may read the access log", self.by)))
    }
}

/// Only what people of the same party did: an auditor looks after their own. What was done at the node's machine concerns all, and
/// whoever asks sits there.
fn own(filter: &AccessFilter, by: &Subject) -> AccessFilter {
    if filter.account.as_deref() == Some(MACHINE) {
        return filter.clone();
    }
    AccessFilter { party: Some(by.party.clone()), ..filter.clone() }
}

fn shown(row: &KeptAccess) -> String {
    let at = row.access.at.to_zoned(norway()).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let it = &row.access;
    let outcome = if it.is_refused { "refused" } else { "allowed" };
    let case = it.case.as_deref().unwrap_or("-");
    format!(
        "{}\t{at}\t{}\t{}\t{}\t{}\t{case}\t{}\t{outcome}\t{}\t{}",
        row.number, it.name, it.role, it.party, it.action, it.purpose, it.rule, it.detail
    )
}

fn told(error: impl std::fmt::Display) -> Trouble {
    Trouble::Node(error.to_string())
}
