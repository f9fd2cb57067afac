use std::{fs, future::Future, time::Duration};

use lettre::{
    Address, Message,
    message::{
        Mailbox,
        header::{ContentType, Header, HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters},
        commands::{Data, Mail, Rcpt, Rset},
        extension::ClientId,
    },
};
use samspill_service::notices::Letter;

use super::{LineFault, SendFault};
use crate::config::{MailConfig, MailTls};

/// A mail server, and how it is spoken to.
#[derive(Clone, Debug)]
pub(crate) struct Smtp {
    config: MailConfig,
    /// What we call ourselves there: the host of the front door.
    name: String,
}

/// A line to a mail server that waits for messages.
pub(crate) struct Line {
    connection: AsyncSmtpConnection,
    from: Address,
    name: String,
    timeout: Duration,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Says to programs that answer by themselves that nobody wrote this (RFC 3834).
#[derive(Clone, Debug)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Smtp {
    /// The server of a configuration. `origin` is where people find the front door.
    pub(crate) fn new(config: &MailConfig, origin: &str) -> Self {
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        let name = host.split([':', '/']).next().unwrap_or_default();
        Self { config: config.clone(), name: name.to_owned() }
    }

    /// Opens a line: encrypted as the configuration says, or not at all. Passwords go over an encrypted line, or within this machine.
    ///
    /// # Errors
    /// A server that isn't there, isn't who it should be, or doesn't take us.
    pub(crate) async fn open(&self) -> Result<Line, LineFault> {
        let from = self.config.from.parse().map_err(|_| LineFault::From)?;
        if self.config.tls == MailTls::None && !self.config.is_here() {
            return Err(LineFault::Tls);
        }
        let connection = within(self.config.timeout, self.greet()).await?;
        Ok(Line { connection, from, name: self.name.clone(), timeout: self.config.timeout })
    }

    async fn greet(&self) -> Result<AsyncSmtpConnection, LineFault> {
        let hello = ClientId::Domain(self.name.clone());
        let first = if self.config.tls == MailTls::Tls { Some(self.tls()?) } else { None };
        let (place, timeout) = ((self.config.host.as_str(), self.config.port), Some(self.config.timeout));
        let opened = AsyncSmtpConnection::connect_tokio1(place, timeout, &hello, first, None).await;
        let mut connection = opened.map_err(|error| LineFault::of(&error))?;
        if self.config.tls == MailTls::StartTls {
            let tls = self.tls()?;
            if !connection.can_starttls() {
                return Err(LineFault::Tls);
            }
            connection.starttls(tls, &hello).await.map_err(|error| LineFault::of(&error))?;
        }
        if let (Some(user), Some(password)) = (&self.config.user, &self.config.password) {
            let credentials = Credentials::new(user.clone(), password.read()?.reveal().to_owned());
            let ways = [Mechanism::Plain, Mechanism::Login];
            connection.auth(&ways, &credentials).await.map_err(|error| LineFault::of(&error))?;
        }
        Ok(connection)
    }

    fn tls(&self) -> Result<TlsParameters, LineFault> {
        let mut tls = TlsParameters::builder(self.config.host.clone());
        if let Some(file) = &self.config.certificates {
            let bad = |_| LineFault::Certificates;
            let text = fs::read(file).map_err(|_| LineFault::Certificates)?;
            tls = tls.certificate_store(CertificateStore::None);
            tls = tls.add_root_certificate(Certificate::from_pem(&text).map_err(bad)?);
        }
        tls.build_rustls().map_err(|_| LineFault::Tls)
    }
}

impl Line {
    /// Sends a letter to one address. `key` names the message: sent again under the same key, it is the same message to mail programs.
    ///
    /// # Errors
    /// What the server says of this address or message; [`SendFault::Line`] and [`SendFault::Broken`] where the line is of no use any
    /// more.
    pub(crate) async fn send(&mut self, to: &str, letter: &Letter, key: &str) -> Result<(), SendFault> {
        let Ok(to) = to.parse::<Address>() else { return Err(SendFault::Refused) };
        let message = self.message(to.clone(), letter, key).ok_or(LineFault::From)?;
        let (timeout, mut has_gone) = (self.timeout, false);
        let sent = within(timeout, self.deliver(to, &message.formatted(), &mut has_gone)).await;
        sent.map_err(|fault| if has_gone { fault.with_message_gone() } else { fault })
    }

    /// Ends the line politely.
    pub(crate) async fn close(mut self) {
        // What was taken is taken, whatever the server answers now.
        let _ = tokio::time::timeout(self.timeout, self.connection.quit()).await;
    }

    /// `has_gone` is set when the message begins to go.
    async fn deliver(&mut self, to: Address, message: &[u8], has_gone: &mut bool) -> Result<(), SendFault> {
        let line = &mut self.connection;
        let begun = line.command(Mail::new(Some(self.from.clone()), Vec::new())).await;
        begun.map_err(|error| LineFault::of(&error))?;
        if let Err(error) = line.command(Rcpt::new(to, Vec::new())).await {
            let fault = SendFault::of_address(&error);
            if !matches!(fault, SendFault::Line(_)) {
                line.command(Rset).await.map_err(|error| LineFault::of(&error))?;
            }
            return Err(fault);
        }
        line.command(Data).await.map_err(|error| LineFault::of(&error))?;
        *has_gone = true;
        line.message(message).await.map(drop).map_err(|error| SendFault::of_message(&error))
    }

    fn message(&self, to: Address, letter: &Letter, key: &str) -> Option<Message> {
        Message::builder()
            .from(Mailbox::new(Some("Samspill".to_owned()), self.from.clone()))
            .to(Mailbox::new(None, to))
            .subject(letter.subject.clone())
            .message_id(Some(format!("<{key}@{}>", self.name)))
            .header(AutoSubmitted)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .ok()
    }
}

/// Does it, or is away.
async fn within<T, E: From<LineFault>>(
    time: Duration,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    match tokio::time::timeout(time, work).await {
        Ok(done) => done,
        Err(_) => Err(LineFault::Away.into()),
    }
}
