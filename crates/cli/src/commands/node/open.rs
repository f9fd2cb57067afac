//! From a configuration file to an open store.

use std::{future::Future, path::Path, process::ExitCode};

use samspill_server::{
    config::{self, Config, WebConfig},
    node,
};
use samspill_service::exchange::mailroom::Mailroom;
use samspill_store::{IfMissing, Options, Store};

use crate::{output, trouble::Trouble};

/// The configuration, or its mistakes on standard error.
pub(super) fn configuration(path: &Path) -> Result<Config, Trouble> {
    let loaded = config::load(path);
    if let Some(config) = loaded.config {
        return Ok(config);
    }
    output::note(loaded.mistakes.render().trim_end());
    Err(Trouble::Configuration { count: loaded.mistakes.list.len() })
}

/// The front door's settings, which accounts and the access log need.
pub(super) fn web(config: &Config) -> Result<&WebConfig, Trouble> {
    let none = || {
        Trouble::Node("this node has no front door: add the section [web] to its configuration".to_owned())
    };
    config.web.as_ref().ok_or_else(none)
}

/// The store of a configuration. A command doesn't make one but where it says so: a wrong path must not pass for an empty log.
pub(super) async fn store(config: &Config, if_missing: IfMissing) -> Result<Store, Trouble> {
    let failed = |error: &dyn std::fmt::Display| Trouble::Node(error.to_string());
    let projections = node::projections(config).map_err(|error| failed(&error))?;
    let options = Options {
        if_missing,
        wait: config.store.wait,
        connections_max: config.store.connections_max,
        projections: projections.map(|all| all.all()).unwrap_or_default(),
        seal: node::seal(config).map_err(|error| failed(&error))?,
        ..Options::default()
    };
    let place = config.store.open_place().map_err(|error| failed(&error))?;
    Ok(Store::open(&place, options).await?)
}

/// The mailroom of a configuration.
pub(super) async fn mailroom(config: &Config, if_missing: IfMissing) -> Result<Mailroom, Trouble> {
    let store = store(config, if_missing).await?;
    node::mailroom(config, store).await.map_err(|error| Trouble::Node(error.to_string()))
}

/// Runs a command's work to its end.
pub(super) fn run(work: impl Future<Output = Result<ExitCode, Trouble>>) -> Result<ExitCode, Trouble> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| Trouble::Node(error.to_string()))?.block_on(work)
}
