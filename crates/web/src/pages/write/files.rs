//! Files that go with a message that is being written.
//!
//! They travel with the form, as everything else in it: nothing is kept of what isn't sent, but in a draft that somebody saves.

use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request},
    http::header,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use samspill_formats::messages::{make::FileDraft, read::MessageLimits, types::Detected};

use super::{Said, Words};
use crate::{
    App, Refused,
    pages::{fill, message::file_kind},
};

/// What stands before the number of a file that the form brings along.
const KEPT: &str = "v_";
/// The name of the field that takes new ones.
const NEW: &str = "vedlegg";
/// Bytes of all files of a message: base64 makes four of three, and the message service carries 35 MB.
const TOTAL_MAX: usize = 25 << 20;
/// Letters of what a file is called.
const NAME_MAX: usize = 100;

/// A file that goes with the message.
#[derive(Clone, Debug)]
pub(super) struct Attached {
    /// The field that brings it along.
    pub(super) field: String,
    pub(super) name: String,
    /// `application/pdf`.
    pub(super) kind: &'static str,
    /// `123 kB`.
    pub(super) size: String,
    /// As the field has it.
    pub(super) value: String,
    bytes: Vec<u8>,
}

/// What a form brought, with its new files taken in; and what is wrong with those that weren't, in sentences.
pub(super) async fn read(app: &App, request: Request, w: &Words) -> Result<(Said, Vec<String>), Refused> {
    let sent = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !sent.is_some_and(|sent| sent.starts_with("multipart/form-data")) {
        let bytes = Bytes::from_request(request, &()).await.map_err(|_| Refused::TooLarge)?;
        return Ok((Said::read(&bytes)?, Vec::new()));
    }
    let wrong = |error: axum::extract::multipart::MultipartError| Refused::Wrong(error.to_string());
    let mut parts =
        Multipart::from_request(request, &()).await.map_err(|error| Refused::Wrong(error.to_string()))?;
    let (mut said, mut new) = (Said::default(), Vec::new());
    while let Some(part) = parts.next_field().await.map_err(wrong)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(wrong)?;
        match file {
            Some(file) if name == NEW => new.push((file, bytes)),
            Some(_) => {}
            None => said.set(&name, String::from_utf8_lossy(&bytes)),
        }
    }
    // A browser sends a nameless, empty one where nothing was chosen.
    new.retain(|(name, bytes)| !name.is_empty() || !bytes.is_empty());
    let limits = &app.parts().mailroom.settings().limits;
    let problems =
        new.into_iter().filter_map(|(name, bytes)| take(&mut said, &name, &bytes, limits, w).err());
    let problems = problems.collect();
    Ok((said, problems))
}

/// The files that a form brings along, in their order.
pub(super) fn attached(said: &Said, w: &Words) -> Result<Vec<Attached>, Refused> {
    let mut all = Vec::new();
    for (field, value) in said.starting(KEPT) {
        let wrong = || Refused::Wrong(field.to_owned());
        let (name, content) = value.rsplit_once('|').ok_or_else(wrong)?;
        let bytes = URL_SAFE_NO_PAD.decode(content).map_err(|_| wrong())?;
        let kind = kind_of(&bytes).ok_or_else(wrong)?;
        let size = fill(w.kilobytes, &[("n", &bytes.len().div_ceil(1024))]);
        let (field, name, value) = (field.to_owned(), name.to_owned(), value.to_owned());
        all.push(Attached { field, name, kind, size, value, bytes });
    }
    Ok(all)
}

/// They as the message takes them.
pub(super) fn drafted(said: &Said, w: &Words, limits: &MessageLimits) -> Result<Vec<FileDraft>, Refused> {
    let all = attached(said, w)?;
    let total: usize = all.iter().map(|it| it.bytes.len()).sum();
    let fits = all.len() <= limits.attachments_max
        && total <= limits.attachments_bytes_max.min(TOTAL_MAX)
        && all.iter().all(|it| it.bytes.len() <= limits.attachment_bytes_max);
    if !fits {
        return Err(Refused::TooLarge);
    }
    let drafts = all.into_iter().map(|it| FileDraft {
        mime_type: it.kind.to_owned(),
        description: it.name,
        dated: None,
        content: STANDARD.encode(it.bytes),
    });
    Ok(drafts.collect())
}

/// Takes a new file in, if it is one that goes with messages.
fn take(said: &mut Said, name: &str, bytes: &[u8], limits: &MessageLimits, w: &Words) -> Result<(), String> {
    let name = tidy(name);
    if kind_of(bytes).is_none() {
        return Err(fill(w.file_kind, &[("name", &name)]));
    }
    let before = attached(said, w).unwrap_or_default();
    let total: usize = before.iter().map(|it| it.bytes.len()).sum::<usize>() + bytes.len();
    let megabytes = |bytes: usize| bytes >> 20;
    let total_max = limits.attachments_bytes_max.min(TOTAL_MAX);
    if bytes.len() > limits.attachment_bytes_max || total > total_max {
        let (one, all) = (megabytes(limits.attachment_bytes_max), megabytes(total_max));
        return Err(fill(w.file_size, &[("name", &name), ("one", &one), ("all", &all)]));
    }
    if before.len() >= limits.attachments_max {
        return Err(fill(w.file_count, &[("name", &name), ("n", &limits.attachments_max)]));
    }
    let content = URL_SAFE_NO_PAD.encode(bytes);
    let place = before.iter().filter_map(|it| it.field.strip_prefix(KEPT)?.parse::<u32>().ok()).max();
    said.set(&format!("{KEPT}{:03}", place.map_or(0, |place| place + 1)), format!("{name}|{content}"));
    Ok(())
}

/// What a file is, by its content and whatever it is called; none of what doesn't go with messages.
fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    let detected = Detected::of(bytes);
    (detected != Detected::Other).then(|| file_kind(detected).0)
}

/// A file's name without its folders, and without letters that no document may hold.
fn tidy(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|letter| !letter.is_control() && *letter != '|').take(NAME_MAX).collect()
}
