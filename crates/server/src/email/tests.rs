use std::time::Duration;

use samspill_service::notices::Letter;

use super::{LineFault, SendFault, Smtp, are_certificates, is_address, stub::Stub};
use crate::config::{MailConfig, MailTls, SecretPlace};

const ORIGIN: &str = "https://samspill.example:8443";

fn letter() -> Letter {
    let text =
        "Det er først å si.\n.\nÉn linje til, som er så lang at den må deles et sted før den er over.\n";
    Letter { subject: "Samspill: oppgåver ventar".to_owned(), text: text.to_owned() }
}

async fn fault(config: MailConfig) -> LineFault {
    Smtp::new(&config, ORIGIN).open().await.unwrap_err()
}

#[tokio::test]
async fn a_letter_comes_as_it_was_written() {
    let stub = Stub::new().await;
    let mut line = Smtp::new(&stub.config(), ORIGIN).open().await.unwrap();
    line.send("kari@sykehus.example", &letter(), "nr-1").await.unwrap();
    line.send("ola@sykehus.example", &letter(), "nr-2").await.unwrap();
    line.close().await;
    let taken = stub.taken();
    let to: Vec<&str> = taken.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(to, ["kari@sykehus.example", "ola@sykehus.example"]);
    let (_, text) = &taken[0];
    assert!(text.trim_end().ends_with(letter().text.replace("\n.\n", "\n..\n").trim_end()), "{text}");
    for header in [
        "From: Samspill <samspill@samspill.example>",
        "To: kari@sykehus.example",
        "Message-ID: <nr-1@samspill.example>",
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(text.contains(header), "{header} in {text}");
    }
    assert!(stub.said().contains(&"EHLO samspill.example".to_owned()));
}

#[tokio::test]
async fn an_address_that_is_refused_holds_nobody_else_up() {
    let stub = Stub::new().await;
    let mut line = Smtp::new(&stub.config(), ORIGIN).open().await.unwrap();
    stub.answers("RCPT TO:<kari@", "550 5.1.1 <kari@sykehus.example> is unknown");
    stub.answers("RCPT TO:<ola@", "451 4.7.1 come back later");
    let told = line.send("kari@sykehus.example", &letter(), "1").await.unwrap_err();
    assert!(matches!(told, SendFault::Refused), "{told:?}");
    let told = line.send("ola@sykehus.example", &letter(), "2").await.unwrap_err();
    assert!(matches!(told, SendFault::Later(451)), "{told:?}");
    line.send("per@sykehus.example", &letter(), "3").await.unwrap();
    let told = line.send("ikke en adresse", &letter(), "4").await.unwrap_err();
    assert!(matches!(told, SendFault::Refused), "{told:?}");
    assert_eq!(stub.taken().len(), 1);
}

#[tokio::test]
async fn what_is_said_of_a_message_is_about_the_address_only_where_it_says_so() {
    let stub = Stub::new().await;
    let mut line = Smtp::new(&stub.config(), ORIGIN).open().await.unwrap();
    for (answer, is_refused) in [
        ("550 5.1.10 recipient not found", true),
        ("552 5.2.2 mailbox full", true),
        ("554 5.7.1 looks like spam", false),
        ("451 4.3.0 try again", false),
    ] {
        stub.answers(".", answer);
        let told = line.send("kari@sykehus.example", &letter(), "1").await.unwrap_err();
        assert_eq!(matches!(told, SendFault::Refused), is_refused, "{answer}: {told:?}");
    }
}

#[tokio::test]
async fn a_server_that_doesnt_take_us_is_a_fault_of_the_line() {
    let stub = Stub::new().await;
    stub.answers("MAIL FROM", "550 5.7.1 <samspill@samspill.example> may not");
    let mut line = Smtp::new(&stub.config(), ORIGIN).open().await.unwrap();
    let told = line.send("kari@sykehus.example", &letter(), "1").await.unwrap_err();
    assert!(matches!(told, SendFault::Line(LineFault::NotUs(550))), "{told:?}");
    stub.answers("", "554 go away");
    assert!(matches!(fault(stub.config()).await, LineFault::NotUs(554)));
}

#[tokio::test]
async fn what_is_said_of_us_in_answer_to_an_address_is_a_fault_of_the_line() {
    let stub = Stub::new().await;
    for (answer, is_about_us) in [
        ("530 5.7.0 authentication required", true),
        ("530 log in first", true),
        ("535 5.7.8 authentication credentials invalid", true),
        ("550 5.7.1 relaying denied", true),
        ("554 5.7.26 unauthenticated mail", true),
        ("550 5.1.1 unknown", false),
        ("550 no such user", false),
        ("553 5.1.3 5.7.1 is no address", false),
        ("451 4.7.1 come back later", false),
    ] {
        stub.answers("RCPT", answer);
        let mut line = Smtp::new(&stub.config(), ORIGIN).open().await.unwrap();
        let told = line.send("kari@sykehus.example", &letter(), "1").await.unwrap_err();
        let told_of_us = matches!(told, SendFault::Line(LineFault::NotUs(_)));
        assert_eq!(told_of_us, is_about_us, "{answer}: {told:?}");
    }
}

#[tokio::test]
async fn no_fault_repeats_an_address() {
    let stub = Stub::new().await;
    let mut line = Smtp::new(&stub.config(), ORIGIN).open().await.unwrap();
    for (command, answer) in [
        ("RCPT", "550 <kari@sykehus.example>"),
        ("RCPT", "450 kari"),
        (".", "550 kari"),
        ("MAIL", "550 kari"),
    ] {
        stub.answers_as_usual();
        stub.answers(command, answer);
        let told = line.send("kari@sykehus.example", &letter(), "1").await.unwrap_err();
        let shown = format!("{told} {told:?} {:?}", std::error::Error::source(&told));
        assert!(!shown.contains("kari"), "{shown}");
    }
}

#[tokio::test]
async fn a_server_that_is_away_or_silent_is_waited_for_no_longer_than_it_may() {
    let stub = Stub::new().await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = nobody.local_addr().unwrap().port();
    // It is listened there, and nobody ever answers.
    let silent = MailConfig { port, timeout: Duration::from_millis(100), ..stub.config() };
    assert!(matches!(fault(silent).await, LineFault::Away));
    drop(nobody);
    assert!(matches!(fault(MailConfig { port, ..stub.config() }).await, LineFault::Away));
    stub.answers(".", "-");
    let mut line = Smtp::new(&stub.config(), ORIGIN).open().await.unwrap();
    let told = line.send("kari@sykehus.example", &letter(), "1").await.unwrap_err();
    assert!(matches!(told, SendFault::Broken(LineFault::Away)), "{told:?}");
    assert_eq!(stub.taken().len(), 1, "it was taken, and nobody was told");
    stub.answers_as_usual();
    stub.answers("RCPT", "~");
    let patient = MailConfig { timeout: Duration::from_millis(200), ..stub.config() };
    let mut line = Smtp::new(&patient, ORIGIN).open().await.unwrap();
    let told = line.send("kari@sykehus.example", &letter(), "1").await.unwrap_err();
    assert!(matches!(told, SendFault::Line(LineFault::Away)), "{told:?}");
}

#[tokio::test]
async fn nothing_goes_in_the_clear_where_it_must_not() {
    let stub = Stub::new().await;
    for (host, tls) in [("samspill.example", MailTls::None), ("192.0.2.7", MailTls::None)] {
        let config = MailConfig { host: host.to_owned(), tls, ..stub.config() };
        assert!(matches!(fault(config).await, LineFault::Tls), "{host}");
    }
    // The server doesn't know STARTTLS: nothing is said after the greeting, no password either.
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), "hemmelig\n").unwrap();
    let password = Some(SecretPlace::File(secret.path().to_owned()));
    let config = MailConfig { tls: MailTls::StartTls, user: Some("ola".into()), password, ..stub.config() };
    assert!(matches!(fault(config.clone()).await, LineFault::Tls));
    assert_eq!(stub.said(), ["EHLO samspill.example"]);
    assert!(!matches!(fault(MailConfig { tls: MailTls::Tls, ..config.clone() }).await, LineFault::NotUs(_)));
    // Within this machine it may be said.
    let config = MailConfig { tls: MailTls::None, ..config };
    Smtp::new(&config, ORIGIN).open().await.unwrap().close().await;
    assert!(stub.said().iter().any(|said| said.starts_with("AUTH PLAIN ")));
    assert!(!format!("{config:?}").contains("hemmelig"));
}

#[test]
fn an_address_is_one_and_nothing_beside_it() {
    for good in ["kari@sykehus.example", "k.n+varsel@post.sykehus.example"] {
        assert!(is_address(good), "{good}");
    }
    for bad in [
        "",
        "kari",
        "kari@",
        "@sykehus",
        "Kari <kari@sykehus.example>",
        "a@b.example, c@d.example",
        "a@b.example\r\nBcc: c@d.example",
    ] {
        assert!(!is_address(bad), "{bad}");
    }
    assert!(!are_certificates("") && !are_certificates("kari"));
}
