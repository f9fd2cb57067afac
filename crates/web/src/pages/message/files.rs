//! The bytes of messages and of what came with them, for saving. A browser shows none of it: it is another's.

use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use samspill_formats::messages::types::Detected;
use samspill_service::access::Action;
use samspill_store::KeptMessage;

use super::Sight;
use crate::{App, Refused, Signed};

pub(super) async fn raw(
    State(app): State<App>,
    signed: Signed,
    Path(number): Path<u64>,
) -> Result<Response, Refused> {
    let kept = opened(&app, &signed, number).await?;
    Ok(download(kept.bytes, "application/xml", &format!("melding-{number}.xml")))
}

pub(super) async fn attachment(
    State(app): State<App>,
    signed: Signed,
    Path((number, place)): Path<(u64, usize)>,
) -> Result<Response, Refused> {
    let kept = opened(&app, &signed, number).await?;
    let message = app.parts().mailroom.read(&kept).ok_or(Refused::NotThere)?;
    let index = place.checked_sub(1).ok_or(Refused::NotThere)?;
    let attachment = message.attachments.into_iter().nth(index).ok_or(Refused::NotThere)?;
    let bytes = attachment.bytes.ok_or(Refused::NotThere)?;
    let (kind, ending) = kind(attachment.detected);
    Ok(download(bytes, kind, &format!("melding-{number}-vedlegg-{place}.{ending}")))
}

async fn opened(app: &App, signed: &Signed, number: u64) -> Result<KeptMessage, Refused> {
    let sight = Sight::open(app, signed, number, Action::ReadMessage).await?;
    if sight.is_stray {
        return Err(Refused::NotThere);
    }
    let parts = app.parts();
    let kept = parts.store.message(&parts.community, sight.line.number).await.map_err(Refused::failed)?;
    kept.ok_or(Refused::NotThere)
}

/// What a file is, by its first bytes and not by what its sender says; what isn't known is bytes.
pub(in crate::pages) fn kind(detected: Detected) -> (&'static str, &'static str) {
    match detected {
        Detected::Pdf => ("application/pdf", "pdf"),
        Detected::Jpeg => ("image/jpeg", "jpg"),
        Detected::Png => ("image/png", "png"),
        Detected::Other => ("application/octet-stream", "bin"),
    }
}

/// Bytes to save: never shown in place, and never guessed at.
fn download(bytes: Vec<u8>, kind: &'static str, name: &str) -> Response {
    let saved = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, saved.unwrap_or(HeaderValue::from_static("attachment"))),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (headers, bytes).into_response()
}
