//! Channels as the configuration says.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use samspill_store::Store;
use samspill_transport::{
    Channel,
    amqp::{self, Amqp, AmqpOptions, Login, Trust},
    edi::{ClientCredentials, ClientSettings, Edi, EdiSettings, SigningKey},
    folder::{Folder, FolderOptions},
};

use super::remember::StoreMemory;
use crate::{
    Trouble,
    config::{
        Addressing, AmqpConfig, ChannelConfig, Config, EdiConfig, FolderConfig, LineConfig, SecretPlace,
    },
};

pub(super) fn open(
    config: &Config,
    channel: &ChannelConfig,
    store: &Store,
) -> Result<Arc<dyn Channel>, Trouble> {
    match &channel.line {
        LineConfig::Folder(line) => folder(channel, line),
        LineConfig::Amqp(line) => broker(channel, line),
        LineConfig::Edi(line) => service(config, channel, line, store),
    }
}

/// Documents that were taken in, and refused, lie beside the inbox.
fn folder(channel: &ChannelConfig, line: &FolderConfig) -> Result<Arc<dyn Channel>, Trouble> {
    let beside = line.inbox.parent().unwrap_or(Path::new("."));
    let name = |what: &str| {
        let inbox = line.inbox.file_name().unwrap_or_default().to_string_lossy();
        beside.join(format!("{inbox}-{what}"))
    };
    let options = FolderOptions {
        incoming: line.inbox.clone(),
        outgoing: Some(line.outbox.clone()),
        done: Some(name("ferdig")),
        refused: name("avvist"),
        poll: line.look_every,
        file_bytes_max: line.file_bytes_max,
        ..FolderOptions::new(&channel.name, beside)
    };
    make_beside(&line.inbox, [&options.refused].into_iter().chain(&options.done))?;
    Ok(Arc::new(Folder::new(options)))
}

/// Makes the folders for what was taken in and refused, where the inbox is there. Where it isn't, as with a share that isn't mounted,
/// nothing is made in the wrong place.
fn make_beside<'p>(inbox: &Path, folders: impl Iterator<Item = &'p PathBuf>) -> Result<(), Trouble> {
    for folder in folders.filter(|_| inbox.is_dir()) {
        let made = fs::create_dir_all(folder);
        made.map_err(|error| Trouble(format!("the folder {} can't be made: {error}", folder.display())))?;
    }
    Ok(())
}

fn broker(channel: &ChannelConfig, line: &AmqpConfig) -> Result<Arc<dyn Channel>, Trouble> {
    let login = match &line.user {
        None => None,
        Some(user) => {
            let password = line.password.as_ref().map(secret).transpose()?.unwrap_or_default();
            Some(Login { user: user.clone(), password })
        }
    };
    let options = AmqpOptions {
        login,
        trust: line.certificates.clone().map_or(Trust::System, Trust::File),
        addressing: match line.addressing {
            Addressing::RabbitMq => amqp::Addressing::RabbitMq,
            Addressing::ServiceBus => amqp::Addressing::ServiceBus,
        },
        namespace: line.namespace.clone(),
        credit: line.credit,
        message_bytes_max: line.message_bytes_max,
        ..AmqpOptions::new(&channel.name, &line.broker, channel.own.iter().cloned().collect())
    };
    Ok(Arc::new(Amqp::start(options)))
}

fn service(
    config: &Config,
    channel: &ChannelConfig,
    line: &EdiConfig,
    store: &Store,
) -> Result<Arc<dyn Channel>, Trouble> {
    let wrong = |error: &dyn std::fmt::Display| Trouble(format!("channel {}: {error}", channel.name));
    let key = key(&line.key).map_err(|error| wrong(&error))?;
    let client = ClientSettings {
        token_address: line.token_url.clone(),
        audience: issuer(&line.token_url),
        client: line.client.clone(),
        scope: "nhn:msh/api".to_owned(),
        key,
        claims: serde_json::Map::new(),
    };
    let clock = samspill_transport::edi::Clock::system();
    let tokens = ClientCredentials::new(client, clock.clone()).map_err(|error| wrong(&error))?;
    let own: Result<Vec<u32>, _> = channel.own.iter().map(|her| her.parse()).collect();
    let settings = EdiSettings {
        poll_interval: line.fetch_every,
        ..EdiSettings::new(&channel.name, &line.service, own.map_err(|error| wrong(&error))?)
    };
    let remember = StoreMemory {
        store: store.clone(),
        community: config.node.community.clone(),
        channel: channel.name.clone(),
    };
    let edi = Edi::new(&settings, Arc::new(tokens), Arc::new(remember), clock);
    Ok(Arc::new(edi.map_err(|error| wrong(&error))?))
}

/// The name of a token service: its address without the path to its tokens.
fn issuer(token_url: &str) -> String {
    token_url.strip_suffix("/connect/token").unwrap_or(token_url).to_owned()
}

/// A key that we sign with, as JWK or PEM.
///
/// # Errors
/// A place without a key, and what is no key.
pub(crate) fn key(place: &SecretPlace) -> Result<SigningKey, Trouble> {
    let text = secret(place)?;
    let key =
        if text.starts_with('{') { SigningKey::from_jwk(&text) } else { SigningKey::from_pem(&text, None) };
    key.map_err(|error| Trouble(error.to_string()))
}

fn secret(place: &SecretPlace) -> Result<String, Trouble> {
    let secret = place.read().map_err(|error| Trouble(error.to_string()))?;
    Ok(secret.reveal().to_owned())
}
