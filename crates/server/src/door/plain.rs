//! What is said to who comes without TLS where there is TLS.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// In the three languages of the pages.
const SAYS: &str =
    "Skriv https:// foran adressen.\nSkriv https:// framfor adressa.\nWrite https:// before the address.\n";
/// How long we listen to the rest of what they say. Who is cut off in the middle of it may not read our answer.
const LISTEN_MAX: Duration = Duration::from_secs(1);
/// So much of it is read at the most.
const READ_BYTES_MAX: u64 = 64 * 1024;

/// Answers that the address begins with `https://`, whatever was asked. Nobody is sent on: what was written stays with who wrote it.
pub(super) async fn refuse(mut stream: TcpStream) {
    let head = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nConnection: close\r\n";
    let answer = format!("{head}Content-Length: {}\r\n\r\n{SAYS}", SAYS.len());
    let told = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
        tokio::io::copy(&mut (&mut stream).take(READ_BYTES_MAX), &mut tokio::io::sink()).await
    };
    if let Ok(Err(error)) = tokio::time::timeout(LISTEN_MAX, told).await {
        tracing::debug!(error = %error, "somebody without TLS went away");
    }
}
