use std::{collections::BTreeSet, time::Duration};

use reqwest::Url;

/// How a line to the message service is set up.
#[derive(Clone, Debug)]
pub struct EdiSettings {
    /// The channel's name.
    pub name: String,
    /// The address of the API, up to what comes before `/Messages`. Must be `https`, but for this machine itself.
    pub address: String,
    /// The HER-ids that messages are fetched for; at least one.
    pub own: BTreeSet<u32>,
    /// Name and version of the program, which the service asks for (`nhn-source-system`): `Samspill, v0.1.0`.
    pub source_system: String,
    /// How long to wait after there was nothing to fetch. Default: 10 s.
    pub poll_interval: Duration,
    /// How many messages to list at a time, 1 to 100. Default: 50.
    pub page: u32,
    /// How long the service has for a whole answer. Default: 100 s.
    pub timeout: Duration,
    /// How long to wait after the first failure; twice as long after each that follows. Default: 1 s.
    pub retry_first: Duration,
    /// The longest wait after a failure, also where the service asks for a longer one. Default: 5 min.
    pub retry_longest: Duration,
    /// The largest answer with a document that is taken in, in bytes. Default: 36 MiB, a little over what the service takes
    /// (35 MB). Exactly as many are taken.
    pub answer_bytes_max: usize,
    /// The largest request that is sent, in bytes of its JSON. Default: 35 MiB.
    pub request_bytes_max: usize,
}

/// A setting that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{setting}`: {says}")]
pub struct SettingsFault {
    /// Which one.
    pub setting: &'static str,
    /// What is wrong with it, and what to write.
    pub says: String,
}

impl EdiSettings {
    /// The usual settings for this address and these HER-ids.
    pub fn new(name: &str, address: &str, own: impl IntoIterator<Item = u32>) -> Self {
        Self {
            name: name.to_owned(),
            address: address.to_owned(),
            own: own.into_iter().collect(),
            source_system: concat!("Samspill, v", env!("CARGO_PKG_VERSION")).to_owned(),
            poll_interval: Duration::from_secs(10),
            page: 50,
            timeout: Duration::from_secs(100),
            retry_first: Duration::from_secs(1),
            retry_longest: Duration::from_mins(5),
            answer_bytes_max: 36 << 20,
            request_bytes_max: 35 << 20,
        }
    }

    pub(super) fn check(&self) -> Result<(), SettingsFault> {
        checked_url("address", &self.address)?;
        if self.own.is_empty() {
            return Err(fault("own", "no HER-id: write at least one".to_owned()));
        }
        if let Some(her) = self.own.iter().find(|her| !(1..=i32::MAX.unsigned_abs()).contains(*her)) {
            return Err(fault("own", format!("{her} isn't a HER-id: write a number from 1 to {}", i32::MAX)));
        }
        if !(1..=100).contains(&self.page) {
            return Err(fault("page", format!("{} at a time: write a number from 1 to 100", self.page)));
        }
        if self.poll_interval.is_zero() || self.retry_first.is_zero() || self.timeout.is_zero() {
            let says =
                "no time at all: `poll_interval`, `retry_first` and `timeout` must be longer than nothing";
            return Err(fault("poll_interval", says.to_owned()));
        }
        Ok(())
    }
}

/// An address that tokens may be sent to: over TLS, or to this machine itself.
pub(super) fn checked_url(setting: &'static str, address: &str) -> Result<Url, SettingsFault> {
    let url = Url::parse(address).map_err(|error| fault(setting, format!("{address}: {error}")))?;
    if url.scheme() == "https" || (url.scheme() == "http" && is_this_machine(&url)) {
        return Ok(url);
    }
    Err(fault(setting, format!("{address} isn't encrypted: write an address that begins with https://")))
}

/// Whether an address leads no further than this machine.
pub(super) fn is_this_machine(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

pub(super) fn fault(setting: &'static str, says: String) -> SettingsFault {
    SettingsFault { setting, says }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> EdiSettings {
        EdiSettings::new("edi", "https://edi.example", [1])
    }

    #[test]
    fn the_usual_settings_can_be_used() {
        assert_eq!(settings().check(), Ok(()));
    }

    #[test]
    fn an_address_is_encrypted_or_on_this_machine() {
        let check = |address: &str| EdiSettings { address: address.to_owned(), ..settings() }.check().is_ok();
        assert!(check("http://127.0.0.1:80/api") && check("http://localhost") && check("http://[::1]:1"));
        assert!(!check("http://edi.example") && !check("http://127.0.0.1.example") && !check("edi.example"));
    }

    #[test]
    fn numbers_stay_within_what_the_service_takes() {
        let page = |page| EdiSettings { page, ..settings() }.check().is_ok();
        assert_eq!([page(0), page(1), page(100), page(101)], [false, true, true, false]);
        let own = |her| EdiSettings { own: [her].into(), ..settings() }.check().is_ok();
        assert_eq!([own(0), own(1), own(2_147_483_647), own(2_147_483_648)], [false, true, true, false]);
        assert!(EdiSettings { own: BTreeSet::new(), ..settings() }.check().is_err());
    }
}
