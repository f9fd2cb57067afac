//! A mail server for tests: it takes what it is given, and says no where it is told to.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::config::{MailConfig, MailTls};

/// A mail server on a free port of this machine, in the clear.
#[derive(Clone, Debug)]
pub(crate) struct Stub {
    pub(crate) port: u16,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// What came: to whom, and the message as it went over the line.
    taken: Vec<(String, String)>,
    /// Commands as they came.
    said: Vec<String>,
    /// The answer to a command that begins like this, in place of the usual one.
    answers: BTreeMap<String, String>,
}

impl Stub {
    /// Listens.
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let stub = Self { port, shared: Arc::default() };
        let own = stub.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move { own.serve(stream).await });
            }
        });
        stub
    }

    /// From now on a command that begins like this gets another answer; `""` is what is said first, and `.` the end of a message. The
    /// answer `-` is none: the line ends. `~` is none either, and the line stays.
    pub(crate) fn answers(&self, command: &str, answer: &str) {
        self.with(|shared| shared.answers.insert(command.to_owned(), answer.to_owned()));
    }

    /// Answers as usual again.
    pub(crate) fn answers_as_usual(&self) {
        self.with(|shared| shared.answers.clear());
    }

    /// What was taken since it was last asked: to whom, and the text as people read it.
    pub(crate) fn taken(&self) -> Vec<(String, String)> {
        let taken = self.with(|shared| std::mem::take(&mut shared.taken));
        taken.into_iter().map(|(to, raw)| (to, readable(&raw))).collect()
    }

    /// The commands that came.
    pub(crate) fn said(&self) -> Vec<String> {
        self.with(|shared| shared.said.clone())
    }

    /// The configuration that leads here.
    pub(crate) fn config(&self) -> MailConfig {
        MailConfig {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            tls: MailTls::None,
            certificates: None,
            user: None,
            password: None,
            from: "samspill@samspill.example".to_owned(),
            timeout: std::time::Duration::from_secs(5),
            every: std::time::Duration::from_mins(1),
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Shared) -> T) -> T {
        work(&mut self.shared.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The answer to a command; none where the line is to end.
    fn answer(&self, command: &str, usual: &str) -> Option<String> {
        let answer = self.with(|shared| {
            let told = shared.answers.iter().find(|(begin, _)| {
                if begin.is_empty() { command.is_empty() } else { command.starts_with(begin.as_str()) }
            });
            told.map_or_else(|| usual.to_owned(), |(_, answer)| answer.clone())
        });
        (answer != "-").then(|| format!("{answer}\r\n"))
    }

    /// Waits for ever where no answer is to come.
    async fn hold(answer: &str) {
        if answer.starts_with('~') {
            std::future::pending::<()>().await;
        }
    }

    async fn serve(self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        let mut to = String::new();
        stream.write_all(self.answer("", "220 stub")?.as_bytes()).await.ok()?;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            let line = line.trim_end().to_owned();
            self.with(|shared| shared.said.push(line.clone()));
            let usual = match line.split(' ').next().unwrap_or_default() {
                "EHLO" => "250-stub\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
                "AUTH" => "235 in",
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                _ => "250 well",
            };
            let answer = self.answer(&line, usual)?;
            Self::hold(&answer).await;
            stream.write_all(answer.as_bytes()).await.ok()?;
            if let Some(address) = line.strip_prefix("RCPT TO:") {
                address.trim_matches(['<', '>']).clone_into(&mut to);
            }
            if answer.starts_with("354") {
                self.message(&mut stream, &to).await?;
            }
        }
    }

    async fn message(&self, stream: &mut BufReader<TcpStream>, to: &str) -> Option<()> {
        let mut message = String::new();
        while !message.ends_with("\r\n.\r\n") {
            if stream.read_line(&mut message).await.ok()? == 0 {
                return None;
            }
        }
        // What was taken counts also where nobody is told.
        let answer = self.answer(".", "250 taken");
        if answer.as_ref().is_none_or(|answer| answer.starts_with('2')) {
            self.with(|shared| shared.taken.push((to.to_owned(), message)));
        }
        stream.write_all(answer?.as_bytes()).await.ok()
    }
}

/// The headers as they came, and the text with its letters put together again.
fn readable(raw: &str) -> String {
    let (headers, body) = raw.split_once("\r\n\r\n").unwrap();
    let body = body.trim_end_matches("\r\n.\r\n");
    assert!(!headers.contains("base64"), "{headers}");
    let is_quoted = headers.contains("quoted-printable");
    let body = if is_quoted { unquoted(body) } else { body.to_owned() };
    format!("{headers}\n\n{}", body.replace("\r\n", "\n"))
}

/// RFC 2045, 6.7.
fn unquoted(body: &str) -> String {
    let (body, mut bytes) = (body.replace("=\r\n", ""), Vec::new());
    let mut parts = body.split('=');
    bytes.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let (code, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).unwrap());
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).unwrap()
}
