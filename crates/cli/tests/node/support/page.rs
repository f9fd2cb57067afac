//! A browser that reads pages, keeps cookies and sends forms.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    time::{Duration, Instant},
};

use reqwest::{
    Certificate, Client, Method, RequestBuilder,
    header::{CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE},
    redirect::Policy,
};
use tokio::runtime::Runtime;

/// What came back.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) text: String,
    pub(crate) location: String,
}

/// A browser at one address. It goes where it is told to, and nowhere else.
#[derive(Debug)]
pub(crate) struct Browser {
    runtime: Runtime,
    client: Client,
    origin: String,
    cookies: BTreeMap<String, String>,
    headers: Vec<(String, String)>,
}

impl Browser {
    /// One that finds the host of `origin` at an address.
    pub(crate) fn new(at: SocketAddr, origin: &str) -> Self {
        Self::made(at, origin, None, None)
    }

    /// The same, that believes this certificate too.
    pub(crate) fn trusting(at: SocketAddr, origin: &str, certificate: Option<&str>) -> Self {
        Self::made(at, origin, certificate, None)
    }

    /// The same, that comes from an address of its own.
    pub(crate) fn from_address(own: IpAddr, at: SocketAddr, origin: &str, certificate: &str) -> Self {
        Self::made(at, origin, Some(certificate), Some(own))
    }

    fn made(at: SocketAddr, origin: &str, certificate: Option<&str>, own: Option<IpAddr>) -> Self {
        let host = origin.split("://").nth(1).unwrap().split(':').next().unwrap();
        let believed = certificate.map(|pem| Certificate::from_pem(pem.as_bytes()).unwrap());
        let client = Client::builder().redirect(Policy::none()).no_proxy().timeout(Duration::from_mins(1));
        let client = client.resolve(host, at).local_address(own).tls_certs_merge(believed).build().unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { runtime, client, origin: origin.to_owned(), cookies: BTreeMap::new(), headers: Vec::new() }
    }

    /// The same person and browser, sent to another address by a proxy.
    pub(crate) fn sent_to(&self, at: SocketAddr) -> Self {
        Self { cookies: self.cookies.clone(), headers: self.headers.clone(), ..Self::new(at, &self.origin) }
    }

    /// With a header in all that it sends.
    pub(crate) fn says(&mut self, name: &str, value: &str) {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    #[track_caller]
    pub(crate) fn get(&mut self, path: &str) -> Page {
        self.try_get(path).unwrap()
    }

    /// A page, or why there is no answer.
    pub(crate) fn try_get(&mut self, path: &str) -> Result<Page, String> {
        let request = self.request(Method::GET, path).header("accept", "text/html");
        self.send(request)
    }

    /// Sends a form, as the page had it that this one's hidden field stood in.
    #[track_caller]
    pub(crate) fn post(&mut self, path: &str, from: &Page, fields: &[(&str, &str)]) -> Page {
        let token =
            from.text.split("name=\"_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let token = [("_token", token.unwrap_or_else(|| panic!("the page has no form: {}", from.text)))];
        let fields = token.iter().chain(fields).map(|(name, value)| format!("{name}={}", escaped(value)));
        let body = fields.collect::<Vec<_>>().join("&");
        let request = self.request(Method::POST, path).header(ORIGIN, &self.origin);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        self.send(request).unwrap()
    }

    /// Sends a document, as a program does.
    #[track_caller]
    pub(crate) fn send_xml(&mut self, path: &str, bytes: &[u8]) -> Page {
        let request = self.request(Method::POST, path).header(CONTENT_TYPE, "application/xml");
        self.send(request.body(bytes.to_vec())).unwrap()
    }

    /// What comes of a stream that doesn't end, until an event has come or time is up.
    #[track_caller]
    pub(crate) fn hears(&mut self, path: &str, header: (&str, &str), limit: Duration) -> String {
        let request = self.request(Method::GET, path).header("accept", "text/event-stream");
        let request = request.header(header.0, header.1);
        let begun = Instant::now();
        self.runtime.block_on(async {
            let mut answer = request.send().await.unwrap();
            let mut heard = format!("{}\n", answer.status());
            while !heard.contains("data:") && begun.elapsed() < limit {
                let Ok(chunk) = tokio::time::timeout(limit, answer.chunk()).await else { return heard };
                let Some(chunk) = chunk.unwrap() else { return heard };
                heard += &String::from_utf8_lossy(&chunk);
            }
            heard
        })
    }

    /// Whether it keeps a cookie of this name.
    pub(crate) fn has_cookie(&self, name: &str) -> bool {
        self.cookies.contains_key(name)
    }

    /// Sets the first password, by the link that was given.
    #[track_caller]
    pub(crate) fn set_password(&mut self, path: &str, password: &str) {
        let form = self.get(path);
        let answer = self.post(path, &form, &[("passord", password), ("igjen", password)]);
        assert_eq!(answer.status, 303, "{}", answer.text);
    }

    /// Logs in with a password, or fails.
    #[track_caller]
    pub(crate) fn log_in(&mut self, login: &str, password: &str) {
        let form = self.get("/logg-inn");
        let answer = self.post("/logg-inn", &form, &[("navn", login), ("passord", password)]);
        assert_eq!(answer.status, 303, "{login}: {}", answer.text);
        assert!(!answer.location.contains("logg-inn"), "{login}: {}", answer.location);
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.origin));
        let request = self.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if cookies.is_empty() { request } else { request.header(COOKIE, cookies.join("; ")) }
    }

    fn send(&mut self, request: RequestBuilder) -> Result<Page, String> {
        let failed = |error: reqwest::Error| format!("{error:?}");
        // What waits within it needs the runtime from the beginning.
        let answer = self.runtime.block_on(async { request.send().await }).map_err(failed)?;
        for set in answer.headers().get_all(SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let location = answer.headers().get(LOCATION).map(|it| it.to_str().unwrap().to_owned());
        let (status, location) = (answer.status().as_u16(), location.unwrap_or_default());
        let text = self.runtime.block_on(answer.text()).map_err(failed)?;
        Ok(Page { status, text, location })
    }
}

/// As forms write it.
fn escaped(value: &str) -> String {
    value.bytes().fold(String::new(), |text, byte| {
        if byte.is_ascii_alphanumeric() {
            text + char::from(byte).encode_utf8(&mut [0; 4])
        } else {
            text + &format!("%{byte:02X}")
        }
    })
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}
