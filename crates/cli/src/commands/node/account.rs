//! Accounts of a node, from its machine.

use std::process::ExitCode;

use jiff::{SignedDuration, Timestamp, ToSpan as _};
use samspill_formats::messages::norway;
use samspill_server::{config::WebConfig, node};
use samspill_service::people::{
    Account, AccountState, Accounts, NewAccount, PeopleError, RoleHeld, RoleKey, SystemRandom,
};
use samspill_store::IfMissing;

use super::{AccountCommand, NodeArgs, open};
use crate::{output, trouble::Trouble};

/// Does what the call asks for.
pub(super) fn run(node: &NodeArgs, command: &AccountCommand) -> Result<ExitCode, Trouble> {
    let config = open::configuration(&node.config)?;
    let web = open::web(&config)?.clone();
    open::run(async {
        let store = open::store(&config, IfMissing::Create).await?;
        let accounts = node::accounts(&config, &web, &store);
        let done = Desk { accounts: &accounts, web: &web, now: Timestamp::now() }.run(command).await;
        store.close().await;
        done?;
        Ok(ExitCode::SUCCESS)
    })
}

struct Desk<'d> {
    accounts: &'d Accounts,
    web: &'d WebConfig,
    now: Timestamp,
}

impl Desk<'_> {
    async fn run(&self, command: &AccountCommand) -> Result<(), Trouble> {
        match command {
            AccountCommand::Add { login, name, email, role, unit } => {
                let new = NewAccount { email: email.clone(), ..NewAccount::new(login, name) };
                self.add(&new, role, unit.as_deref()).await
            }
            AccountCommand::List => self.list().await,
            AccountCommand::Close { login } => {
                let account = self.called(login).await?;
                self.accounts.close(&account.id, self.now).await.map_err(told)
            }
            AccountCommand::Reset { login } => self.reset(login).await,
            AccountCommand::Role { login, role, unit, until, end } => {
                let account = self.called(login).await?;
                let held = self.held(role, unit.as_deref(), *until)?;
                if *end { self.end(&account, &held).await } else { self.give(&account, &held).await }
            }
            AccountCommand::Token { login, role, name, days } => {
                let account = self.called(login).await?;
                let until =
                    self.now.checked_add(SignedDuration::from_hours(24 * i64::from(*days))).map_err(told)?;
                let role = key(role)?;
                let token =
                    self.accounts.make_token(&account.id, &role, name, until, &SystemRandom, self.now);
                output::line(&token.await.map_err(told)?)
            }
        }
    }

    async fn add(&self, new: &NewAccount, roles: &[String], unit: Option<&str>) -> Result<(), Trouble> {
        let held: Result<Vec<RoleHeld>, Trouble> =
            roles.iter().map(|role| self.held(role, unit, None)).collect();
        let held = held?;
        let account = self.accounts.make(new, &SystemRandom, self.now).await.map_err(told)?;
        for role in &held {
            self.give(&account, role).await?;
        }
        self.invite(&account).await
    }

    async fn reset(&self, login: &str) -> Result<(), Trouble> {
        let account = self.called(login).await?;
        let account = match account.state {
            AccountState::Closed => self.accounts.reopen(&account.id, self.now).await,
            AccountState::Invited | AccountState::Active => self.accounts.unlock(&account.id).await,
        };
        self.invite(&account.map_err(told)?).await
    }

    /// Prints the link by which the person sets a password. It is as good as one until it is used.
    async fn invite(&self, account: &Account) -> Result<(), Trouble> {
        let link = self.accounts.invite(&account.id, &SystemRandom, self.now).await.map_err(told)?;
        let until = link.until.to_zoned(norway()).strftime("%Y-%m-%d %H:%M");
        output::note(&format!("{} sets a password here, once, until {until}:", account.login));
        output::line(&format!("{}/oppsett/{}", self.web.origin.trim_end_matches('/'), link.token))
    }

    async fn list(&self) -> Result<(), Trouble> {
        let mut after = String::new();
        loop {
            let page = self.accounts.list(&after, PAGE).await.map_err(told)?;
            let Some(last) = page.last() else { return Ok(()) };
            after.clone_from(&last.login);
            for account in &page {
                output::line(&self.shown(account))?;
            }
        }
    }

    fn shown(&self, account: &Account) -> String {
        let roles = account.roles.iter().filter(|role| role.runs(self.now)).map(|role| {
            let unit = role.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default();
            format!("{}{unit}", role.key())
        });
        let roles: Vec<String> = roles.collect();
        let state = match account.locked_until.filter(|until| *until > self.now) {
            Some(_) => "locked",
            None => account.state.as_str(),
        };
        format!("{}\t{state}\t{}\t{}", account.login, account.name, roles.join("; "))
    }

    async fn give(&self, account: &Account, role: &RoleHeld) -> Result<(), Trouble> {
        self.accounts.give_role(&account.id, role).await.map_err(told)
    }

    /// Takes the role as it is held now, whenever it began.
    async fn end(&self, account: &Account, role: &RoleHeld) -> Result<(), Trouble> {
        let is_it =
            |held: &&RoleHeld| held.key() == role.key() && held.unit == role.unit && held.runs(self.now);
        let held = account.roles.iter().find(is_it);
        let held = held.ok_or_else(|| {
            Trouble::Node(format!("{} doesn't have the role {}", account.login, role.key()))
        })?;
        self.accounts.end_role(&account.id, held, self.now).await.map_err(told)
    }

    fn held(
        &self,
        role: &str,
        unit: Option<&str>,
        last: Option<jiff::civil::Date>,
    ) -> Result<RoleHeld, Trouble> {
        let RoleKey { role, party } = key(role)?;
        let ends = |day: jiff::civil::Date| day.checked_add(1.day())?.to_zoned(norway());
        let until = last.map(|day| ends(day).map(|end| end.timestamp())).transpose().map_err(told)?;
        Ok(RoleHeld { role, party, unit: unit.map(str::to_owned), from: self.now, until })
    }

    async fn called(&self, login: &str) -> Result<Account, Trouble> {
        let found = self.accounts.by_login(login).await.map_err(told)?;
        found.ok_or_else(|| told(PeopleError::NoAccount(login.to_owned())))
    }
}

/// Accounts that are read at a time.
const PAGE: usize = 200;

fn key(text: &str) -> Result<RoleKey, Trouble> {
    text.parse().map_err(told)
}

fn told(error: impl std::fmt::Display) -> Trouble {
    Trouble::Node(error.to_string())
}
