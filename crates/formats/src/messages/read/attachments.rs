//! Files that come with a message, as base64.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use memchr::{memchr2, memchr2_iter};

use super::{
    kind::{File, Sorted},
    reading::Reading,
    values::{shown, text_in},
};
use crate::{
    messages::{
        Severity, base64_text,
        types::{Attachment, Detected},
    },
    xml::El,
};

/// Forgiving where nothing can be misunderstood: padding may be left out.
static BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The files of a message, within the limits.
pub(super) fn all(reading: &mut Reading<'_>, sorted: &Sorted<'_>) -> Vec<Attachment> {
    let most = reading.limits.attachments_max;
    let mut left = reading.limits.attachments_bytes_max;
    let mut attachments = Vec::new();
    for file in sorted.files.iter().take(most) {
        let attachment = attachment(reading, file, left);
        left -= attachment.bytes.as_ref().map_or(0, Vec::len);
        attachments.push(attachment);
    }
    if let Some(next) = sorted.files.get(most) {
        reading.tell(next.reference, Severity::Error, "too-many-attachments", || {
            format!("has {} files: at most {most} are read of one message", sorted.files.len())
        });
    }
    attachments
}

fn attachment(reading: &mut Reading<'_>, file: &File<'_>, left: usize) -> Attachment {
    let mime_type = text_in(file.reference, "MimeType");
    let bytes = match file.container {
        Some(container) => decode(reading, container, left),
        None => elsewhere(reading, file.reference),
    };
    let detected = bytes.as_deref().map_or(Detected::Other, Detected::of);
    if let (Some(container), Some(_)) = (file.container, &bytes) {
        compare(reading, container, &mime_type, detected);
    }
    Attachment { mime_type, detected, description: text_in(file.reference, "Description"), bytes }
}

/// A file that isn't in the message. It isn't fetched.
fn elsewhere(reading: &mut Reading<'_>, reference: El<'_>) -> Option<Vec<u8>> {
    reading.tell(reference, Severity::Error, "attachment-not-included", || {
        match reference.child("FileReference").map(El::text) {
            Some(place) => {
                let place = shown(&place);
                format!("the file isn't in the message but at `{place}`, which isn't fetched: put it in Base64Container")
            }
            None => "the file has no content: put it in Base64Container".to_owned(),
        }
    });
    None
}

/// The bytes of a container. How many they are is known before any is decoded.
fn decode(reading: &mut Reading<'_>, container: El<'_>, left: usize) -> Option<Vec<u8>> {
    let text = container.text();
    if text.len() / 4 * 3 + 3 <= left.min(reading.limits.attachment_bytes_max)
        && let Some(decoded) = base64_text::decode_usual(text.as_bytes())
    {
        reading.base64.push(container.number());
        return Some(decoded);
    }
    let digits = spaceless(text.as_bytes());
    let padding = digits.iter().rev().take_while(|byte| **byte == b'=').count();
    let size = (digits.len() - padding) * 3 / 4;
    if tell_of_size(reading, container, size, left) {
        return None;
    }
    let decoded = BASE64.decode(digits);
    if let Err(error) = &decoded {
        reading.tell(container, Severity::Error, "not-base64", || {
            format!("the content isn't base64 ({error}, white space left out)")
        });
    }
    decoded.ok()
}

/// Tells if a file of so many bytes is too large, alone or together with those before it.
fn tell_of_size(reading: &mut Reading<'_>, container: El<'_>, size: usize, left: usize) -> bool {
    let (one, all) = (reading.limits.attachment_bytes_max, reading.limits.attachments_bytes_max);
    if size > one {
        reading.tell(container, Severity::Error, "attachment-too-large", || {
            format!("the file has {size} bytes: at most {one} are read of one file")
        });
    } else if size > left {
        reading.tell(container, Severity::Error, "attachments-too-large", || {
            format!("the file of {size} bytes makes the files of the message more than {all} bytes")
        });
    }
    size > one || size > left
}

/// Without white space. Mostly that is line ends, so that whole lines are copied.
fn spaceless(text: &[u8]) -> Vec<u8> {
    let mut all = Vec::with_capacity(text.len());
    let mut copy = |line: &[u8]| match memchr2(b' ', b'\t', line) {
        None => all.extend_from_slice(line),
        Some(_) => all.extend(line.iter().filter(|byte| !byte.is_ascii_whitespace())),
    };
    let mut from = 0;
    for end in memchr2_iter(b'\n', b'\r', text) {
        copy(text[from..end].trim_ascii());
        from = end + 1;
    }
    copy(text[from..].trim_ascii());
    all
}

/// Tells if the content shows something else than the sender says that it is.
fn compare(reading: &mut Reading<'_>, container: El<'_>, mime_type: &str, detected: Detected) {
    let plain = mime_type.split(';').next().unwrap_or_default().trim_ascii().to_ascii_lowercase();
    let said = match plain.as_str() {
        "" | "application/octet-stream" => return,
        "application/pdf" => Detected::Pdf,
        "image/jpeg" | "image/jpg" => Detected::Jpeg,
        "image/png" => Detected::Png,
        _ => Detected::Other,
    };
    if said != detected {
        let shows = match detected {
            Detected::Pdf => "PDF",
            Detected::Jpeg => "JPEG",
            Detected::Png => "PNG",
            Detected::Other => "neither PDF, JPEG nor PNG",
        };
        reading.tell(container, Severity::Error, "attachment-type", || {
            format!("the file is said to be `{}`, but its content shows {shows}", shown(mime_type))
        });
    }
}
