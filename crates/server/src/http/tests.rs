use super::*;

fn config() -> HttpConfig {
    HttpConfig {
        address: [127, 0, 0, 1].into(),
        port: 0,
        request_time_max: Duration::from_millis(300),
        body_bytes_max: 100,
        stop_within: Duration::from_secs(5),
    }
}

/// Routes that misbehave, behind the same limits.
async fn serve_misbehaving() -> (String, Stop) {
    let desk = Desk { board: Board::default(), metrics: Arc::new(Metrics::new()), requests: Arc::default() };
    let misbehaving = Router::new()
        .route("/slow", get(async || tokio::time::sleep(Duration::from_mins(1)).await))
        .route("/panic", get(async || -> () { panic!("with a secret") }))
        .route("/health", get(health).post(async |_: axum::body::Bytes| ()));
    let config = config();
    let router = limited(misbehaving, config.request_time_max, config.body_bytes_max, desk);
    let listener = TcpListener::bind((config.address, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = Stop::default();
    let own = stop.clone();
    tokio::spawn(Listening { address, listener, router }.answer(own));
    (format!("http://{address}"), stop)
}

async fn problem_at(url: &str) -> (u16, serde_json::Value) {
    let answer = reqwest::get(url).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/problem+json", "{url}");
    assert!(answer.headers().contains_key("x-request-id"));
    (answer.status().as_u16(), serde_json::from_str(&answer.text().await.unwrap()).unwrap())
}

#[tokio::test]
async fn what_goes_wrong_is_a_problem_in_json() {
    let (at, _stop) = serve_misbehaving().await;
    for (path, status) in [("/none", 404), ("/slow", 503), ("/panic", 500)] {
        let (found, problem) = problem_at(&format!("{at}{path}")).await;
        assert_eq!((found, problem["status"].as_u64()), (status, Some(status.into())), "{path}");
        assert!(!problem.to_string().contains("secret"));
    }
}

#[tokio::test]
async fn a_body_of_the_limit_is_taken_and_one_byte_more_is_not() {
    let (at, _stop) = serve_misbehaving().await;
    for (bytes, status) in [(99, 200), (100, 200), (101, 413)] {
        let sent = reqwest::Client::new().post(format!("{at}/health")).body("a".repeat(bytes)).send().await;
        assert_eq!(sent.unwrap().status().as_u16(), status, "{bytes}");
    }
}

#[tokio::test]
async fn what_is_read_can_not_be_written() {
    let listening = listen(&config(), Board::default(), Arc::new(Metrics::new())).await.unwrap();
    let at = format!("http://{}/metrics", listening.address);
    tokio::spawn(listening.answer(Stop::default()));
    let sent = reqwest::Client::new().delete(at).send().await.unwrap();
    assert_eq!(sent.status().as_u16(), 405);
}
