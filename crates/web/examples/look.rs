//! The pages of a made-up month on a port of this machine, to look at: `cargo run -p samspill-web --example look -- 8090`.
//!
//! Who asks stands in the address: `?som=tildelingskontor` makes everything after it that role's; without it, a ward's.

#[path = "../tests/support/mod.rs"]
mod support;

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use axum::{
    extract::Request,
    middleware::{self, Next},
};
use samspill_agreement::model::Language;
use samspill_service::access::Role;
use samspill_web::{Signed, pages::Look};
use support::{Side, TestApp};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::args().nth(1).map_or(Ok(8090), |port| port.parse())?;
    let test = Arc::new(TestApp::with(|settings| settings.origin = format!("http://127.0.0.1:{port}")).await);
    let role = Arc::new(Mutex::new(Role::Ward));
    let shown = test.clone();
    let router = test.router.clone().layer(middleware::from_fn(move |mut request: Request, next: Next| {
        let (test, role) = (shown.clone(), role.clone());
        async move {
            let asked = request
                .uri()
                .query()
                .unwrap_or_default()
                .split('&')
                .find_map(|pair| pair.strip_prefix("som="));
            if let Some(asked) = asked.and_then(Role::called) {
                *role.lock().expect("nobody fails while holding it") = asked;
            }
            let role = *role.lock().expect("nobody fails while holding it");
            let language = Look::of(request.headers()).language.unwrap_or(Language::Bokmal);
            let subject = test.subject(role, Side::of(role));
            request.extensions_mut().insert(Signed::new(subject, "token".to_owned(), language));
            next.run(request).await
        }
    }));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let case = test.case_of(Side::First);
    writeln!(std::io::stdout(), "http://127.0.0.1:{port}/ and /opphold/{case}")?;
    axum::serve(listener, router).await?;
    Ok(())
}
