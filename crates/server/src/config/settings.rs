//! The configuration as the program uses it. What each setting means stands in the table, once.

use std::{collections::BTreeSet, net::IpAddr, path::PathBuf, time::Duration};

use samspill_service::exchange::receipts::{
    AckField, DirectMail, LocalNumbers, OwnId, OwnOrganisation, OwnParty, Policy, ReasonCodes, Recipients,
    SchemaFaults, SyntheticPolicy, System, UnknownService,
};
use samspill_store::{CommunityId, Place, StoreError};
use serde::{Deserialize, Deserializer};

use super::secret::{SecretError, SecretPlace};

/// A configuration that holds together.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What this process is.
    pub node: NodeConfig,
    /// Where the log is kept.
    pub store: StoreConfig,
    /// Health, readiness and metrics.
    pub http: HttpConfig,
    /// The front door, where there is one.
    pub web: Option<WebConfig>,
    /// The mail server for notices, where there is one.
    pub mail: Option<MailConfig>,
    /// Ways to other systems.
    #[serde(rename = "channel")]
    pub channels: Vec<ChannelConfig>,
    /// Our organisations.
    #[serde(rename = "organisation")]
    pub organisations: Vec<OrganisationConfig>,
    /// What is chosen where the standards leave a choice.
    pub policy: PolicyConfig,
    /// Whom messages are sent to.
    pub addresses: AddressesConfig,
    /// Receipts that we wait for.
    pub receipts: ReceiptsConfig,
    /// What is done when a message can't be handed over.
    pub retry: RetryConfig,
    /// When somebody must be told.
    pub alerts: AlertsConfig,
    /// What the process tells of itself.
    pub log: LogConfig,
    /// What is done again and again.
    pub jobs: JobsConfig,
    /// Backups, where they are made.
    pub backup: Option<BackupConfig>,
}

/// `[node]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeConfig {
    /// The node's name, under which it holds leases.
    pub name: String,
    /// The community whose log it keeps.
    #[serde(deserialize_with = "community")]
    pub community: CommunityId,
    /// Names of shipped agreements, and folders.
    pub agreements: Vec<String>,
    /// Whose practice of announcing downtime is followed.
    pub downtime_practice: Option<String>,
    /// What the node itself writes.
    pub data: PathBuf,
}

/// `[store]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    /// Where it lies, without a password; see [`StoreConfig::open_place`].
    pub place: String,
    /// The password for PostgreSQL.
    pub password: Option<SecretPlace>,
    /// What messages are sealed with, where no front door says it.
    pub person_keys: Option<SecretPlace>,
    /// Connections at the most.
    pub connections_max: u32,
    /// How long to wait for a lock.
    #[serde(deserialize_with = "time")]
    pub wait: Duration,
}

/// `[http]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpConfig {
    /// Where to listen.
    pub address: IpAddr,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// A request that takes as long is too late.
    #[serde(deserialize_with = "time")]
    pub request_time_max: Duration,
    /// A larger body is refused.
    pub body_bytes_max: usize,
    /// How long work under way may go on after the signal to stop.
    #[serde(deserialize_with = "time")]
    pub stop_within: Duration,
}

/// `[web]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebConfig {
    /// What users write in the browser.
    pub origin: String,
    /// Where to listen.
    pub address: IpAddr,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// The certificate, where TLS is done here.
    pub certificate: Option<PathBuf>,
    /// Its key.
    pub certificate_key: Option<SecretPlace>,
    /// Proxies whose word about who asks is taken.
    pub proxies: Vec<IpAddr>,
    /// What all nodes know, for logins under way.
    pub secrets: Option<SecretPlace>,
    /// What names and numbers are sealed with.
    pub person_keys: SecretPlace,
    /// Whether accounts log in with a password.
    pub passwords: bool,
    /// How long a session may lie still.
    #[serde(deserialize_with = "time")]
    pub idle_max: Duration,
    /// How long a session lasts at the most.
    #[serde(deserialize_with = "time")]
    pub session_max: Duration,
    /// Wrong passwords in a row that lock an account.
    pub lock_after: u32,
    /// For how long.
    #[serde(deserialize_with = "time")]
    pub lock_for: Duration,
    /// How long the link for a first password lasts.
    #[serde(deserialize_with = "time")]
    pub setup_link_max: Duration,
    /// A request that takes as long is too late.
    #[serde(deserialize_with = "time")]
    pub request_time_max: Duration,
    /// A larger body is refused.
    pub body_bytes_max: usize,
    /// The same of a form that files go with.
    pub files_bytes_max: usize,
    /// The same where much is brought at a time.
    pub bulk_bytes_max: usize,
    /// Attempts to log in, a minute.
    pub login_rate: u32,
    /// Requests of an account to pages, a minute.
    pub page_rate: u32,
    /// Requests of an account to the API, a minute.
    pub api_rate: u32,
    /// Requests from an address, a minute.
    pub address_rate: u32,
    /// A login provider.
    pub oidc: Option<OidcConfig>,
    /// Tokens of other systems.
    pub machines: Option<MachinesConfig>,
}

/// `[web.oidc]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcConfig {
    /// The provider.
    pub issuer: String,
    /// Our id there.
    pub client: String,
    /// Our key there.
    pub key: SecretPlace,
    /// The one before.
    pub old_key: Option<SecretPlace>,
    /// What is asked for.
    pub scope: String,
    /// What the button says.
    pub shown: Option<String>,
    /// What ties somebody to an account.
    pub login_claim: Option<String>,
    /// What a login must hold, as `claim=value`.
    pub demands: Vec<String>,
    /// Claims beside those of the standard in what says who we are.
    pub assertion: serde_json::Map<String, serde_json::Value>,
    /// The claim with the organisation that somebody logs in for.
    pub organisation_claim: Option<String>,
    /// Which parties these organisations are.
    #[serde(rename = "organisation")]
    pub organisations: Vec<OidcOrganisationConfig>,
}

/// `[[web.oidc.organisation]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcOrganisationConfig {
    /// What the claim holds.
    pub number: String,
    /// The party, as the address book calls it.
    pub party: String,
}

/// `[web.machines]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachinesConfig {
    /// Who made the tokens.
    pub issuer: String,
    /// Whom they are for.
    pub audience: String,
    /// The scope that they must hold.
    pub scope: String,
    /// Whether tokens without a key are taken.
    pub bearer: BearerTokens,
}

/// Whether tokens that whoever finds them can use are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BearerTokens {
    /// Only those that are bound to a key.
    Refused,
    /// All.
    Allowed,
}

/// `[mail]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// The mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the line to it is encrypted.
    pub tls: MailTls,
    /// Certificates to believe, and no others.
    pub certificates: Option<PathBuf>,
    /// The user there; without it, nobody logs in.
    pub user: Option<String>,
    /// The user's password.
    pub password: Option<SecretPlace>,
    /// The address that messages come from.
    pub from: String,
    /// How long the server may take for one message.
    #[serde(deserialize_with = "time")]
    pub timeout: Duration,
    /// How often it is looked whether anybody is to be told something.
    #[serde(deserialize_with = "time")]
    pub every: Duration,
}

/// How a line to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailTls {
    /// By a word after the greeting. A server that doesn't know the word gets nothing.
    #[serde(rename = "starttls")]
    StartTls,
    /// From the first byte.
    Tls,
    /// Not at all: to a server on this machine alone.
    None,
}

/// `[[channel]]`
#[derive(Clone, Debug, Deserialize)]
pub struct ChannelConfig {
    /// Its name.
    pub name: String,
    /// HER-ids of ours whose messages come this way.
    pub own: BTreeSet<String>,
    /// HER-ids of receivers whose messages go this way.
    pub to: BTreeSet<String>,
    /// Whether messages go this way whose receiver stands under no channel.
    #[serde(rename = "default")]
    pub is_default: bool,
    /// What it is.
    #[serde(flatten)]
    pub line: LineConfig,
}

/// What a channel is, with what only its kind has.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum LineConfig {
    /// A watched folder.
    Folder(FolderConfig),
    /// A broker.
    Amqp(AmqpConfig),
    /// The message service's REST API.
    Edi(EdiConfig),
}

/// A `[[channel]]` of kind `folder`.
#[derive(Clone, Debug, Deserialize)]
pub struct FolderConfig {
    /// What others put documents in.
    pub inbox: PathBuf,
    /// What we put documents in.
    pub outbox: PathBuf,
    /// How often it is looked into.
    #[serde(deserialize_with = "time")]
    pub look_every: Duration,
    /// The largest file, in bytes.
    pub file_bytes_max: u64,
}

/// A `[[channel]]` of kind `amqp`.
#[derive(Clone, Debug, Deserialize)]
pub struct AmqpConfig {
    /// The broker's address.
    pub broker: String,
    /// The user there; without it, anonymous.
    pub user: Option<String>,
    /// The user's password.
    pub password: Option<SecretPlace>,
    /// How the broker names queues.
    pub addressing: Addressing,
    /// What stands before a queue's name.
    pub namespace: String,
    /// Certificates to believe, and no others.
    pub certificates: Option<PathBuf>,
    /// Unsettled messages from one queue at the most.
    pub credit: u32,
    /// The largest message.
    pub message_bytes_max: u64,
}

/// How a broker names queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Addressing {
    /// `/exchange/…`, `/amq/queue/…`.
    #[serde(rename = "rabbitmq")]
    RabbitMq,
    /// `<namespace>/<queue>`.
    ServiceBus,
}

/// A `[[channel]]` of kind `edi`.
#[derive(Clone, Debug, Deserialize)]
pub struct EdiConfig {
    /// The address of the API.
    pub service: String,
    /// Where tokens are fetched.
    pub token_url: String,
    /// Our client id there.
    pub client: String,
    /// Our private key there.
    pub key: SecretPlace,
    /// How long to wait after there was nothing to fetch.
    #[serde(deserialize_with = "time")]
    pub fetch_every: Duration,
}

/// `[[organisation]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganisationConfig {
    /// Its name, for people.
    pub name: String,
    /// Its HER-id.
    pub her: String,
    /// Further ids.
    pub ids: Vec<OwnId>,
    /// What is done with mail to the organisation alone.
    pub direct: DirectMail,
    /// Its services and people.
    #[serde(rename = "service")]
    pub services: Vec<ServiceConfig>,
}

/// `[[organisation.service]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceConfig {
    /// Its name, for people.
    pub name: String,
    /// Its HER-id.
    pub her: String,
    /// Which system takes its messages.
    pub system: System,
}

/// `[policy]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyConfig {
    /// A service that isn't known.
    pub unknown_service: UnknownService,
    /// A message that breaks its schema.
    pub schema_faults: SchemaFaults,
    /// Which codes are used of the patient and the doctor.
    pub codes: ReasonCodes,
    /// Whether local numbers identify.
    pub local_numbers: LocalNumbers,
    /// Which series patients' numbers may be of.
    pub synthetic: SyntheticPolicy,
    /// Whether `Ack` is followed.
    pub ack: AckField,
    /// Further kinds of files.
    pub attachment_types: BTreeSet<String>,
}

/// `[addresses]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddressesConfig {
    /// The address book.
    pub book: Option<PathBuf>,
}

/// `[receipts]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptsConfig {
    /// A limit agreed locally.
    #[serde(default, deserialize_with = "maybe_time")]
    pub limit: Option<Duration>,
}

/// `[retry]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetryConfig {
    /// The first pause.
    #[serde(deserialize_with = "time")]
    pub first: Duration,
    /// No pause is longer.
    #[serde(deserialize_with = "time")]
    pub max: Duration,
    /// After so many failures the message is a dead letter.
    pub attempts: u32,
    /// How long a node keeps a message to itself.
    #[serde(deserialize_with = "time")]
    pub lease: Duration,
    /// Messages at a time.
    pub batch: u32,
}

/// `[alerts]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertsConfig {
    /// Exactly so many are not longer.
    pub queue_longer: u64,
    /// Exactly so long is not older.
    #[serde(deserialize_with = "time")]
    pub queue_older: Duration,
}

/// `[log]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    /// This and all that is graver.
    pub level: LogLevel,
    /// How lines look.
    pub form: LogForm,
    /// Where they go; without it, to standard error.
    pub file: Option<PathBuf>,
    /// What is written of the words of libraries.
    pub libraries: LibraryLogs,
}

/// How grave a line of the log must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogLevel {
    /// Something failed and somebody must look.
    Error,
    /// Something failed and is tried again.
    Warn,
    /// What the process does.
    Info,
    /// Each step.
    Debug,
}

/// How lines of the log look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogForm {
    /// One object a line.
    Json,
    /// For people.
    Text,
}

/// What is written of warnings of libraries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LibraryLogs {
    /// Where they arose.
    Places,
    /// Their words too, masked.
    Texts,
}

/// `[jobs]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobsConfig {
    /// How often limits are looked at.
    #[serde(deserialize_with = "time")]
    pub tick: Duration,
    /// How often queues are read for the metrics.
    #[serde(deserialize_with = "time")]
    pub measure: Duration,
    /// How often the chain is verified.
    #[serde(deserialize_with = "time")]
    pub verify: Duration,
    /// How long a job belongs to a node.
    #[serde(deserialize_with = "time")]
    pub lease: Duration,
}

/// `[backup]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupConfig {
    /// Where backups are put.
    pub folder: PathBuf,
    /// The file of public keys.
    pub recipients: PathBuf,
    /// How often.
    #[serde(deserialize_with = "time")]
    pub every: Duration,
    /// How many are kept.
    pub keep: u32,
}

/// Why the place of a store isn't known.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// The password isn't where it should be.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The place is none.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl StoreConfig {
    /// The place with its password, to be opened.
    ///
    /// # Errors
    /// A password that isn't where it should be.
    pub fn open_place(&self) -> Result<Place, PlaceError> {
        let Some(password) = &self.password else { return Ok(self.place.parse()?) };
        let secret = password.read()?;
        Ok(with_password(&self.place, secret.reveal()).parse()?)
    }
}

impl MailConfig {
    /// Whether the server is on this machine.
    pub fn is_here(&self) -> bool {
        let address = self.host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        self.host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }
}

impl Config {
    /// Who we are, as receipts want to know it.
    pub fn recipients(&self) -> Recipients {
        Recipients {
            organisations: self.organisations.iter().map(OrganisationConfig::own).collect(),
            policy: Policy {
                unknown_service: self.policy.unknown_service,
                schema_faults: self.policy.schema_faults,
                codes: self.policy.codes,
                local_numbers: self.policy.local_numbers,
                synthetic: self.policy.synthetic,
                ack: self.policy.ack,
                attachment_types: self.policy.attachment_types.clone(),
                ..Policy::default()
            },
        }
    }

    /// The channel by which a message to this HER-id goes: the one it stands under, or else the default one. None: the
    /// message is a dead letter.
    pub fn route(&self, to: &str) -> Option<&ChannelConfig> {
        let named = self.channels.iter().find(|channel| channel.to.contains(to));
        named.or_else(|| self.channels.iter().find(|channel| channel.is_default))
    }
}

impl OrganisationConfig {
    fn own(&self) -> OwnOrganisation {
        let mut ids = vec![her(&self.her)];
        ids.extend(self.ids.iter().cloned());
        let parties = self
            .services
            .iter()
            .map(|service| OwnParty { ids: vec![her(&service.her)], system: service.system })
            .collect();
        OwnOrganisation { ids, parties, direct: self.direct }
    }
}

fn her(value: &str) -> OwnId {
    OwnId { kind: "HER".to_owned(), value: value.to_owned() }
}

/// `postgres://user@host` with the password after the user. An address without a user is left alone.
fn with_password(place: &str, password: &str) -> String {
    let escaped = password.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"));
    let parts = place.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.split_once('@')?)));
    match parts {
        Some((scheme, (user, host))) => format!("{scheme}://{user}:{escaped}@{host}"),
        None => place.to_owned(),
    }
}

/// A time as the checker leaves it: milliseconds.
fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_millis)
}

fn maybe_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    time(deserializer).map(Some)
}

fn community<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CommunityId, D::Error> {
    CommunityId::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_put_after_the_user_and_never_shown() {
        let place = with_password("postgres://ola@db.example:5433/samspill", "a@b:/c %");
        let place: Place = place.parse().unwrap();
        assert_eq!(place.to_string(), "postgres://ola@db.example:5433/samspill");
        assert_eq!(with_password("postgres:///samspill", "a"), "postgres:///samspill");
    }
}
