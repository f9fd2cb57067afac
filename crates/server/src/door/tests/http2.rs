//! HTTP/2 at the front door.

use axum::http::{HeaderMap, Request, Version, header::COOKIE};
use hyper::client::conn::http2::SendRequest;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio_rustls::rustls::version::TLS13;

use super::{
    tls::{Pair, TlsTest},
    *,
};

const BOTH: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// A browser on one connection.
async fn browser(test: &TlsTest, pair: &Pair) -> SendRequest<Body> {
    let stream = test.connect(&[pair], &TLS13, &BOTH).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(BOTH[0]));
    let (sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender
}

fn request(path: &str) -> Request<Body> {
    let request = Request::builder().uri(format!("https://localhost{path}"));
    request.header(COOKIE, "en=1").header(COOKIE, "to=2").body(Body::empty()).unwrap()
}

async fn text(body: hyper::body::Incoming) -> String {
    let bytes = axum::body::to_bytes(Body::new(body), usize::MAX).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn begin(routes: Router) -> (TlsTest, Pair) {
    let pair = Pair::new();
    let test = TlsTest::bare(&pair).await;
    test.test.door.open(routes);
    (test, pair)
}

async fn events() -> Sse<impl futures_util::Stream<Item = Result<Event, std::convert::Infallible>>> {
    let first = futures_util::stream::iter([Ok(Event::default().data("1"))]);
    Sse::new(first.chain(futures_util::stream::pending()))
}

#[tokio::test]
async fn many_streams_of_events_and_a_page_share_a_connection() {
    let page = |version: Version| async move { format!("{version:?}") };
    let routes = Router::new().route("/strom", get(events));
    let routes = routes.route("/", get(move |request: axum::extract::Request| page(request.version())));
    let (test, pair) = begin(routes).await;
    let mut browser = browser(&test, &pair).await;
    let mut streams = Vec::new();
    for _ in 0..20 {
        let answer = browser.send_request(request("/strom")).await.unwrap();
        assert_eq!(answer.status(), 200);
        streams.push(Body::new(answer.into_body()).into_data_stream());
    }
    for stream in &mut streams {
        assert!(stream.next().await.unwrap().unwrap().starts_with(b"data: 1"));
    }
    let answer = browser.send_request(request("/")).await.unwrap();
    assert_eq!(text(answer.into_body()).await, "HTTP/2.0");
    test.test.stop.ask();
    for mut stream in streams {
        let rest = async {
            while let Some(bytes) = stream.next().await {
                assert!(bytes.unwrap().is_empty(), "a stop ends streams");
            }
        };
        tokio::time::timeout(Duration::from_secs(5), rest).await.unwrap();
    }
    tokio::time::timeout(Duration::from_secs(5), test.test.answering).await.unwrap().unwrap();
}

/// A browser sends each in a header of its own.
#[tokio::test]
async fn cookies_come_as_one_header() {
    let told = |headers: HeaderMap| async move {
        let all: Vec<_> = headers.get_all(COOKIE).iter().map(|it| it.to_str().unwrap().to_owned()).collect();
        all.join(" | ")
    };
    let (test, pair) = begin(Router::new().route("/", get(told))).await;
    let answer = browser(&test, &pair).await.send_request(request("/")).await.unwrap();
    assert_eq!(text(answer.into_body()).await, "en=1; to=2");
}

#[tokio::test]
async fn a_program_that_offers_http_1_alone_gets_it() {
    let (test, pair) = begin(Router::new().route("/", get(|| async { "her" }))).await;
    for offered in [&[BOTH[1]][..], &[]] {
        let mut stream = test.connect(&[&pair], &TLS13, offered).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), offered.first().copied());
        stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("her"), "{answer}");
    }
}

#[tokio::test]
async fn who_agrees_on_http_2_and_says_nothing_is_let_go() {
    let (test, pair) = begin(Router::new()).await;
    let mut stream = test.connect(&[&pair], &TLS13, &BOTH).await.unwrap();
    let mut settings = [0; 9];
    stream.read_exact(&mut settings).await.unwrap();
    tokio::time::pause();
    let mut rest = Vec::new();
    let _cut_or_ended = stream.read_to_end(&mut rest).await;
    tokio::time::resume();
    assert!(browser(&test, &pair).await.send_request(request("/")).await.is_ok(), "others come in");
}
