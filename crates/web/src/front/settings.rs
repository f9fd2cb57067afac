use std::{net::IpAddr, time::Duration};

/// What the front door goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontSettings {
    /// What users write in the browser, without a path: `https://samspill.example`. Forms from elsewhere are refused, and with
    /// `https` browsers are told never to come without it.
    pub origin: String,
    /// How long a request may take, its body included, until the answer begins. Streams may go on after that.
    pub request_time: Duration,
    /// How long one that brings many entries at a time may take.
    pub bulk_time: Duration,
    /// Bytes of a body at the most; exactly as many are taken.
    pub body_bytes_max: usize,
    /// Bytes of a form that files go with.
    pub files_bytes_max: usize,
    /// Bytes of a body that brings many entries at a time.
    pub bulk_bytes_max: usize,
    /// Where these are sent: paths that begin like this.
    pub bulk_paths: Vec<String>,
    /// Attempts to log in, from one address.
    pub login_rate: Rate,
    /// Requests of one account to the API and FHIR.
    pub api_rate: Rate,
    /// Requests of one account to pages.
    pub page_rate: Rate,
    /// Requests from one address, whoever asks.
    pub address_rate: Rate,
    /// Addresses of proxies that stand in front and say who asks, in `X-Forwarded-For`. Nobody else is believed.
    pub proxies: Vec<IpAddr>,
    /// Whether people can be told by e-mail.
    pub mail: OutgoingMail,
}

/// Whether there is a mail server to tell people by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutgoingMail {
    /// There is.
    SetUp,
    /// There is none: nobody can choose anything.
    NotSetUp,
}

/// How often something may be done: so many at once, and then so many a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// At once.
    pub burst: u32,
    /// A minute, spread evenly. 0: never more than the burst.
    pub per_minute: u32,
}

impl FrontSettings {
    /// The defaults, for a front door that is reached here.
    pub fn new(origin: &str) -> Self {
        let rate = |burst, per_minute| Rate { burst, per_minute };
        Self {
            origin: origin.trim_end_matches('/').to_owned(),
            request_time: Duration::from_secs(30),
            bulk_time: Duration::from_mins(10),
            body_bytes_max: 2 << 20,
            files_bytes_max: 48 << 20,
            bulk_bytes_max: 256 << 20,
            bulk_paths: vec!["/api/v1/log".to_owned(), "/api/v1/messages".to_owned()],
            login_rate: rate(10, 10),
            api_rate: rate(600, 3_000),
            page_rate: rate(300, 600),
            address_rate: rate(3_000, 12_000),
            proxies: Vec::new(),
            mail: OutgoingMail::NotSetUp,
        }
    }

    /// Whether it is reached over TLS.
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https://")
    }

    /// Bytes that a body sent here may have.
    pub(super) fn bytes_max(&self, path: &str) -> usize {
        // Where messages are written, with the files that go with them: `/opphold/…/skriv/…`.
        let takes_files = path.starts_with("/opphold/") && path.contains("/skriv/");
        match (self.is_bulk(path), takes_files) {
            (true, _) => self.bulk_bytes_max,
            (false, true) => self.files_bytes_max.max(self.body_bytes_max),
            (false, false) => self.body_bytes_max,
        }
    }

    /// Whether many entries at a time are brought here.
    pub(super) fn is_bulk(&self, path: &str) -> bool {
        self.bulk_paths.iter().any(|bulk| path.starts_with(bulk.as_str()))
    }
}
