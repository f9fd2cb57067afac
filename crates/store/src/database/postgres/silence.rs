use std::time::Duration;

use tokio_postgres::Config;

/// How long a server may be silent before the system takes its connection for broken, by libpq's names and units. A socket in a folder
/// knows none of it: there the other end's machine is ours.
///
/// A machine that dies takes no leave. Left to themselves, systems wait a quarter of an hour for what they sent to be acknowledged, and
/// two hours before they ask whether an end that they wait for is still there; whoever waited for an answer would hold a log as long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Silence {
    /// Whether an end that says nothing is asked.
    is_asked: bool,
    /// After how many seconds it is first asked. With 0 the system decides; so below.
    asked_after: u64,
    /// Seconds from one asking to the next.
    asked_every: u64,
    /// Askings without an answer after which it isn't there.
    asked_times: u32,
    /// Milliseconds in which what was sent must be acknowledged.
    unacknowledged_max: u64,
    /// Seconds in which a connection must be made.
    connected_within: u64,
}

impl Default for Silence {
    /// Asked after 15 seconds and every 5, gone after three; 20 seconds for what was sent; a connection is waited for as long as whoever
    /// wants it waits.
    fn default() -> Self {
        Self {
            is_asked: true,
            asked_after: 15,
            asked_every: 5,
            asked_times: 3,
            unacknowledged_max: 20_000,
            connected_within: 0,
        }
    }
}

impl Silence {
    /// Takes up a key of an address, if it is one of these. `None` for a value that can't be.
    pub(super) fn take(&mut self, key: &str, value: &str) -> Option<IsKnown> {
        match key {
            "keepalives" => self.is_asked = value.parse::<i32>().ok()? != 0,
            "keepalives_idle" => self.asked_after = value.parse().ok()?,
            "keepalives_interval" => self.asked_every = value.parse().ok()?,
            "keepalives_count" => self.asked_times = value.parse().ok()?,
            "tcp_user_timeout" => self.unacknowledged_max = value.parse().ok()?,
            "connect_timeout" => self.connected_within = value.parse().ok()?,
            _ => return Some(IsKnown::No),
        }
        Some(IsKnown::Yes)
    }

    /// Tells the driver.
    pub(super) fn tell(&self, config: &mut Config) {
        config.keepalives(self.is_asked);
        if self.asked_after > 0 {
            config.keepalives_idle(Duration::from_secs(self.asked_after));
        }
        if self.asked_every > 0 {
            config.keepalives_interval(Duration::from_secs(self.asked_every));
        }
        if self.asked_times > 0 {
            config.keepalives_retries(self.asked_times);
        }
        if self.unacknowledged_max > 0 {
            config.tcp_user_timeout(Duration::from_millis(self.unacknowledged_max));
        }
        if self.connected_within > 0 {
            config.connect_timeout(Duration::from_secs(self.connected_within));
        }
    }
}

/// Whether a key was one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IsKnown {
    Yes,
    No,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(keys: &[(&str, &str)]) -> Option<Config> {
        let mut silence = Silence::default();
        for (key, value) in keys {
            assert_eq!(silence.take(key, value)?, IsKnown::Yes, "{key}");
        }
        let mut config = Config::new();
        silence.tell(&mut config);
        Some(config)
    }

    #[test]
    fn a_silent_server_is_given_up_within_half_a_minute() {
        let config = told(&[]).unwrap();
        let asked = config.get_keepalives_interval().unwrap() * config.get_keepalives_retries().unwrap();
        assert!(config.get_keepalives());
        assert_eq!(config.get_keepalives_idle() + asked, Duration::from_secs(30));
        assert_eq!(config.get_tcp_user_timeout(), Some(&Duration::from_secs(20)));
        assert_eq!(config.get_connect_timeout(), None);
    }

    #[test]
    fn an_address_may_say_otherwise_by_libpqs_names() {
        let config = told(&[
            ("keepalives_idle", "60"),
            ("keepalives_interval", "0"),
            ("keepalives_count", "7"),
            ("tcp_user_timeout", "1500"),
            ("connect_timeout", "2"),
        ])
        .unwrap();
        assert_eq!(config.get_keepalives_idle(), Duration::from_mins(1));
        assert_eq!((config.get_keepalives_interval(), config.get_keepalives_retries()), (None, Some(7)));
        assert_eq!(config.get_tcp_user_timeout(), Some(&Duration::from_millis(1500)));
        assert_eq!(config.get_connect_timeout(), Some(&Duration::from_secs(2)));
        assert!(!told(&[("keepalives", "0")]).unwrap().get_keepalives());
        assert!(told(&[("keepalives_idle", "soon")]).is_none());
    }
}
