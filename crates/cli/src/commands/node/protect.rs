//! Whose address or identity is protected, said from the node's machine.

use std::{io::Read as _, process::ExitCode};

use jiff::Timestamp;
use samspill_server::{config::Config, node};
use samspill_service::{
    access::{Action, Decision, Means, Policy, Protection, Purpose, Resource, Subject},
    audit::{About, Audit, Look},
    people::{Accounts, SystemRandom},
};
use samspill_store::{IfMissing, Store};

use super::{NodeArgs, ProtectArgs, ProtectedAs, open};
use crate::{output, trouble::Trouble};

/// Does what the call asks for.
pub(super) fn run(node: &NodeArgs, args: &ProtectArgs) -> Result<ExitCode, Trouble> {
    let config = open::configuration(&node.config)?;
    let person = person(&args.person)?;
    open::run(async {
        let store = open::store(&config, IfMissing::Refuse).await?;
        let done = protect(&config, &store, args, &person).await;
        store.close().await;
        done?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Whom it is about, from the call or from standard input.
fn person(given: &str) -> Result<String, Trouble> {
    let mut text = given.to_owned();
    if given == "-" {
        text.clear();
        std::io::stdin().read_to_string(&mut text).map_err(told)?;
    }
    let person: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    if person.is_empty() { Err(Trouble::Node("say whom: nothing was given".to_owned())) } else { Ok(person) }
}

async fn protect(config: &Config, store: &Store, args: &ProtectArgs, person: &str) -> Result<(), Trouble> {
    let web = open::web(config)?;
    let accounts = node::accounts(config, web, store);
    let audit = node::audit(config, web, store).map_err(told)?;
    let register = node::register(config, web, store).map_err(told)?;
    let now = Timestamp::now();
    let (by, decision) = who(&accounts, &audit, &args.by, person, now).await?;
    let (protection, detail) = match args.protection {
        ProtectedAs::None => (Protection::None, "vern: ingen"),
        ProtectedAs::Address => (Protection::Address, "vern: adresse"),
        ProtectedAs::Identity => (Protection::Identity, "vern: identitet"),
    };
    // First written down, then done, as everywhere.
    audit.record(&look(&by, decision, person, detail, now)).await.map_err(told)?;
    register.protect(person, protection, &SystemRandom, now).await.map_err(told)?;
    output::note(
        "written down, and followed by all nodes at once: stays that say it themselves stay protected",
    );
    Ok(())
}

/// Who says it, by the same policy as in the pages. Whoever may not is written down too.
async fn who(
    accounts: &Accounts,
    audit: &Audit,
    login: &str,
    person: &str,
    now: Timestamp,
) -> Result<(Subject, Decision), Trouble> {
    let account = accounts.by_login(login).await.map_err(told)?;
    let account = account.ok_or_else(|| Trouble::Node(format!("there is no account {login}")))?;
    let mut refused = None;
    for role in account.roles.iter().filter(|role| role.runs(now)) {
        let subject = accounts.subject_of(&account, &role.key(), Means::Person, now).await.map_err(told)?;
        let Some(subject) = subject else { continue };
        let resource = Resource::Party(&subject.party);
        let decision =
            Policy::shipped().decide(&subject, Purpose::Care, Action::ProtectPerson, resource, now);
        if decision.is_allowed {
            return Ok((subject, decision));
        }
        refused = Some((subject, decision));
    }
    if let Some((subject, decision)) = refused {
        audit.record(&look(&subject, decision, person, "", now)).await.map_err(told)?;
    }
    Err(Trouble::Node(format!("{login} has no role that may say whose address or identity is protected")))
}

fn look<'l>(
    by: &'l Subject,
    decision: Decision,
    person: &'l str,
    detail: &'l str,
    at: Timestamp,
) -> Look<'l> {
    Look {
        by,
        action: Action::ProtectPerson,
        purpose: Purpose::Care,
        decision,
        about: About::Person(person),
        detail,
        count: 0,
        request: "kommando",
        at,
    }
}

fn told(error: impl std::fmt::Display) -> Trouble {
    Trouble::Node(error.to_string())
}
