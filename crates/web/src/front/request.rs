//! What the front door knows of a request before anybody is known.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderName},
};

/// The number of a request: in its answer, in the access log, and in the program's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Where a request comes from, as far as it can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

impl RequestId {
    pub(super) fn new() -> Self {
        Self(uuid::Uuid::now_v7().to_string())
    }
}

impl ClientAddress {
    /// The address of the connection; behind proxies that are known, the last that they were told which is none of them.
    pub(super) fn of(request: &Request, proxies: &[IpAddr]) -> Self {
        let connected = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let connected = connected.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_canonical();
        if !proxies.contains(&connected) {
            return Self(connected);
        }
        let told = forwarded(request.headers());
        Self(told.into_iter().rev().find(|address| !proxies.contains(address)).unwrap_or(connected))
    }
}

/// The addresses of the header, up to the last that is none.
fn forwarded(headers: &HeaderMap) -> Vec<IpAddr> {
    let texts = headers.get_all(FORWARDED_FOR).into_iter().filter_map(|value| value.to_str().ok());
    let all: Vec<Option<IpAddr>> =
        texts.flat_map(|text| text.split(',')).map(|text| text.trim().parse().ok()).collect();
    let last: Vec<IpAddr> = all.into_iter().rev().map_while(|address| address).collect();
    last.into_iter().rev().map(|address| address.to_canonical()).collect()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn seen(connected: &str, forwarded: &str, proxies: &[&str]) -> String {
        let mut request = Request::new(Body::empty());
        let connected = SocketAddr::new(connected.parse().unwrap(), 4000);
        request.extensions_mut().insert(ConnectInfo(connected));
        request.headers_mut().insert(FORWARDED_FOR, forwarded.parse().unwrap());
        let proxies: Vec<IpAddr> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        ClientAddress::of(&request, &proxies).0.to_string()
    }

    #[test]
    fn only_proxies_that_are_known_are_believed() {
        assert_eq!(seen("192.0.2.7", "203.0.113.9", &[]), "192.0.2.7");
        assert_eq!(seen("192.0.2.1", "203.0.113.9", &["192.0.2.1"]), "203.0.113.9");
        assert_eq!(seen("::ffff:192.0.2.1", "203.0.113.9", &["192.0.2.1"]), "203.0.113.9");
    }

    #[test]
    fn what_the_client_itself_put_in_front_is_not_believed() {
        assert_eq!(seen("192.0.2.1", "10.0.0.1, 203.0.113.9", &["192.0.2.1"]), "203.0.113.9");
        assert_eq!(seen("192.0.2.1", "203.0.113.9, 192.0.2.2", &["192.0.2.1", "192.0.2.2"]), "203.0.113.9");
        assert_eq!(seen("192.0.2.1", "203.0.113.9, nonsense", &["192.0.2.1"]), "192.0.2.1");
    }
}
