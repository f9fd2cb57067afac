//! Accounts of a node, from its machine.

use std::process::ExitCode;

use jiff::{SignedDuration, Timestamp, ToSpan as _};
use samspill_formats::messages::norway;
use samspill_server::{
    config::{Config, WebConfig},
    node,
};
use samspill_service::{
    access::{Action, Policy},
    audit::{About, Doer, MACHINE},
    people::{
        Account, AccountState, Accounts, Keeper, NewAccount, PeopleError, RoleHeld, RoleKey, SetupLink,
        SystemRandom, TokenHeld,
    },
};
use samspill_store::{IfMissing, Store};

use super::{
    AccountCommand, NodeArgs, open,
    terminal::{self, Seen},
};
use crate::{output, trouble::Trouble};

/// Does what the call asks for.
pub(super) fn run(node: &NodeArgs, command: &AccountCommand) -> Result<ExitCode, Trouble> {
    let config = open::configuration(&node.config)?;
    let web = open::web(&config)?.clone();
    // The first account may come before the node's first start; else a wrong path must not pass for a community without accounts.
    let is_new = matches!(command, AccountCommand::Add { .. });
    let if_missing = if is_new { IfMissing::Create } else { IfMissing::Refuse };
    open::run(async {
        let store = open::store(&config, if_missing).await?;
        let book = node::address_book_in_force(&config, &store).await.map_err(told)?;
        let accounts = node::accounts(&config, &web, &store);
        let (who, policy) = (terminal::who(), Policy::shipped());
        let keeper = Keeper {
            accounts: &accounts,
            by: Doer::Machine(&who),
            book: config.addresses.book.is_some().then_some(&book),
            policy: &policy,
            node: &config.node.name,
            request: MACHINE,
            now: Timestamp::now(),
        };
        let desk = Desk { accounts: &accounts, keeper, config: &config, web: &web, store: &store };
        let done = desk.run(command).await;
        store.close().await;
        done?;
        Ok(ExitCode::SUCCESS)
    })
}

struct Desk<'d> {
    accounts: &'d Accounts,
    keeper: Keeper<'d>,
    config: &'d Config,
    web: &'d WebConfig,
    store: &'d Store,
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
                self.keeper.close(&account.id).await.map_err(told)
            }
            AccountCommand::Reset { login } => self.reset(login).await,
            AccountCommand::Role { login, role, unit, until, end } => {
                let account = self.called(login).await?;
                let held = self.held(role, unit.as_deref(), *until)?;
                if *end { self.end(&account, held).await } else { self.give(&account, &held).await }
            }
            AccountCommand::Token { login, role, name, days, end } => {
                let account = self.called(login).await?;
                match (end, role, name) {
                    (Some(called), _, _) => self.keeper.end_token(&account.id, called).await.map_err(told),
                    (None, Some(role), Some(name)) => self.make_token(&account, role, name, *days).await,
                    (None, _, _) => Err(Trouble::Call("write the role and --name of the token".to_owned())),
                }
            }
            AccountCommand::Tokens { login } => self.tokens(login).await,
            AccountCommand::LogOut { login } => {
                let account = self.called(login).await?;
                let ended = self.keeper.log_out(&account.id).await.map_err(told)?;
                output::note(&format!("{ended} sessions of {} have ended", account.login));
                Ok(())
            }
        }
    }

    async fn add(&self, new: &NewAccount, roles: &[String], unit: Option<&str>) -> Result<(), Trouble> {
        let held: Result<Vec<RoleHeld>, Trouble> =
            roles.iter().map(|role| self.held(role, unit, None)).collect();
        let made = self.keeper.make(new, &held?, self.web.passwords, &SystemRandom).await.map_err(told)?;
        if let Some(link) = made.link {
            return self.print(&made.account, &link);
        }
        self.say_no_link(&made.account);
        Ok(())
    }

    async fn reset(&self, login: &str) -> Result<(), Trouble> {
        let account = self.called(login).await?;
        let account = match account.state {
            AccountState::Closed => self.keeper.reopen(&account.id).await,
            AccountState::Invited | AccountState::Active => self.keeper.unlock(&account.id).await,
        };
        let account = account.map_err(told)?;
        if !self.web.passwords {
            self.say_no_link(&account);
            return Ok(());
        }
        let link = self.keeper.invite(&account.id, &SystemRandom).await.map_err(told)?;
        self.print(&account, &link)
    }

    /// Prints the link by which the person sets a password. It is as good as one until it is used.
    fn print(&self, account: &Account, link: &SetupLink) -> Result<(), Trouble> {
        let until = link.until.to_zoned(norway()).strftime("%Y-%m-%d %H:%M");
        output::note(&format!("{} sets a password here, once, until {until}:", account.login));
        output::line(&format!("{}/oppsett/{}", self.web.origin.trim_end_matches('/'), link.token))
    }

    /// A link would lead nowhere where nobody logs in with a password.
    fn say_no_link(&self, account: &Account) {
        let claim = self.web.oidc.as_ref().and_then(|oidc| oidc.login_claim.as_deref());
        let how = match claim {
            Some(claim) => format!("whose {claim} is «{}»", account.login),
            None => "once an administrator has tied them".to_owned(),
        };
        output::note(&format!(
            "{} logs in through the provider, {how}: there is no link, as `passwords` in [web] is false",
            account.login
        ));
    }

    async fn list(&self) -> Result<(), Trouble> {
        let count = self.accounts.count().await.map_err(told)?;
        let (action, about) = (Action::ManageAccounts, About::Community);
        terminal::look(self.config, self.store, Seen { action, about, detail: "liste", count }).await?;
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
        let now = self.keeper.now;
        let roles = account.roles.iter().filter(|role| role.runs(now)).map(role_shown);
        let roles: Vec<String> = roles.collect();
        let state = match account.locked_until.filter(|until| *until > now) {
            Some(_) => "locked",
            None => account.state.as_str(),
        };
        format!("{}\t{state}\t{}\t{}", account.login, account.name, roles.join("; "))
    }

    async fn make_token(&self, account: &Account, role: &str, name: &str, days: u16) -> Result<(), Trouble> {
        let lasts = SignedDuration::from_hours(24 * i64::from(days));
        let until = self.keeper.now.checked_add(lasts).map_err(told)?;
        let role = key(role)?;
        let token = self.keeper.make_token(&account.id, (&role, name), until, &SystemRandom).await;
        output::line(&token.map_err(told)?)
    }

    async fn tokens(&self, login: &str) -> Result<(), Trouble> {
        let account = self.called(login).await?;
        let tokens = self.accounts.tokens(&account.id).await.map_err(told)?;
        let count = u64::try_from(tokens.len()).unwrap_or(u64::MAX);
        let (action, about) = (Action::ManageAccounts, About::Community);
        terminal::look(self.config, self.store, Seen { action, about, detail: "nøkler", count }).await?;
        tokens.iter().try_for_each(|token| output::line(&self.token_shown(token)))
    }

    fn token_shown(&self, token: &TokenHeld) -> String {
        let role = token.role.as_ref().map(RoleKey::to_string).unwrap_or_default();
        let until = token.until.to_zoned(norway()).strftime("%Y-%m-%d %H:%M");
        let state = match token.ended {
            Some(_) => "ended",
            None if token.runs(self.keeper.now) => "runs",
            None => "over",
        };
        format!("{}\t{state}\t{until}\t{role}\t{}", token.handle, output::clean(&token.name))
    }

    async fn give(&self, account: &Account, role: &RoleHeld) -> Result<(), Trouble> {
        if role.until.is_some_and(|until| until <= role.from) {
            return Err(Trouble::Call("--until lies behind: write a day to come, or --end".to_owned()));
        }
        self.keeper.give_role(&account.id, role).await.map_err(told)
    }

    /// Takes the role whenever it began, and what of it is to come.
    async fn end(&self, account: &Account, role: RoleHeld) -> Result<(), Trouble> {
        let always = RoleHeld { from: Timestamp::MIN, until: None, ..role };
        let done = self.keeper.end_role(&account.id, &always).await;
        if matches!(done, Err(PeopleError::NoRole(_))) {
            return Err(self.no_such_role(account, &always));
        }
        done.map_err(told)
    }

    fn no_such_role(&self, account: &Account, role: &RoleHeld) -> Trouble {
        let held: Vec<String> =
            account.roles.iter().filter(|held| held.lasts(self.keeper.now)).map(role_shown).collect();
        let held = if held.is_empty() { "none".to_owned() } else { held.join("; ") };
        Trouble::Node(format!("{} doesn't have the role {}; it has {held}", account.login, role_shown(role)))
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
        Ok(RoleHeld { role, party, unit: unit.map(str::to_owned), from: self.keeper.now, until })
    }

    async fn called(&self, login: &str) -> Result<Account, Trouble> {
        let found = self.accounts.by_login(login).await.map_err(told)?;
        found.ok_or_else(|| told(PeopleError::NoAccount(login.to_owned())))
    }
}

/// Accounts that are read at a time.
const PAGE: usize = 200;

fn role_shown(role: &RoleHeld) -> String {
    let unit = role.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default();
    format!("{}{unit}", role.key())
}

fn key(text: &str) -> Result<RoleKey, Trouble> {
    text.parse().map_err(told)
}

fn told(error: impl std::fmt::Display) -> Trouble {
    Trouble::Node(error.to_string())
}
