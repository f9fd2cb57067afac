//! The front door's application, by the configuration.

use std::{sync::Arc, time::Duration};

use samspill_service::{access::Policy, exchange::mailroom::Mailroom, live::Live};
use samspill_web::{
    App, Parts,
    front::{Clock, FrontSettings, OutgoingMail, Rate},
    login::{DemoLogin, Login},
};

use super::login;
use crate::{
    Trouble,
    config::{Config, WebConfig},
};

/// The application over a mailroom's store.
///
/// # Errors
/// A configuration without agreements, secrets that aren't where they should be, and a log that can't be read.
pub(super) async fn open(
    config: &Config,
    web: &WebConfig,
    room: Mailroom,
    demo: Vec<DemoLogin>,
) -> Result<App, Trouble> {
    let failed = |error: &dyn std::fmt::Display| Trouble(error.to_string());
    let no_agreement = || {
        Trouble("the front door shows cases by agreements: name some under `agreements` in [node]".to_owned())
    };
    let projections = super::projections(config)?.ok_or_else(no_agreement)?;
    let (store, community) = (room.store().clone(), room.community().clone());
    let accounts = super::accounts(config, web, &store);
    let login = Login::new(login::settings(web, demo)?).map_err(|error| failed(&error))?;
    let audit = super::audit(config, web, &store)?;
    let (book, clock) = (Arc::new(room.settings().addresses.clone()), Clock::system());
    let register = super::register(config, web, &store)?;
    let live = Live::open_with_register(
        &store,
        &community,
        &projections,
        book.clone(),
        register.clone(),
        clock.now(),
    )
    .await;
    Ok(App::new(Parts {
        live: live.map_err(|error| failed(&error))?,
        store,
        community,
        projections,
        mailroom: room,
        book,
        policy: Policy::shipped(),
        clock,
        settings: FrontSettings { mail: mail(config), ..settings(web) },
        accounts,
        access_log: Arc::new(audit.clone()),
        audit,
        login,
        people_register: register,
    }))
}

/// Whether people can be told by e-mail.
fn mail(config: &Config) -> OutgoingMail {
    if config.mail.is_some() { OutgoingMail::SetUp } else { OutgoingMail::NotSetUp }
}

/// Limits of requests.
fn settings(web: &WebConfig) -> FrontSettings {
    let defaults = FrontSettings::new(&web.origin);
    let rate = |per_minute: u32, part: u32| Rate { burst: per_minute.div_ceil(part), per_minute };
    FrontSettings {
        request_time: web.request_time_max,
        bulk_time: defaults.bulk_time.max(web.request_time_max + Duration::from_secs(1)),
        body_bytes_max: web.body_bytes_max,
        files_bytes_max: web.files_bytes_max,
        bulk_bytes_max: web.bulk_bytes_max,
        login_rate: rate(web.login_rate, 1),
        api_rate: rate(web.api_rate, 5),
        page_rate: rate(web.page_rate, 2),
        address_rate: rate(web.address_rate, 4),
        proxies: web.proxies.clone(),
        ..defaults
    }
}
