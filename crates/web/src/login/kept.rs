//! What somebody had filled in when their session was over: kept until they are logged in again.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request},
    http::{HeaderMap, Method, header},
};
use jiff::{SignedDuration, Timestamp};

/// How long a form is kept.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(12);
/// Bytes of a form's fields at the most: more than anybody types into one.
const BYTES_MAX: usize = 128 << 10;
/// Forms that are kept at the most. Who comes then loses what they typed, as if nothing were kept.
const FORMS_MAX: usize = 200;

/// A form that was sent too late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeptForm {
    /// Where it goes.
    pub(super) path: String,
    /// Its fields but for the token of the session that is over, in their order. Files aren't among them.
    pub(super) fields: Vec<(String, String)>,
    kept: Timestamp,
}

/// The forms that this node keeps, the last one of each account. They are in its memory alone, and nobody but the account gets them.
#[derive(Debug, Default)]
pub(crate) struct KeptForms(Mutex<BTreeMap<String, KeptForm>>);

impl KeptForms {
    /// Keeps a form of an account in place of the one before; `false` where there is no room.
    pub(super) fn keep(&self, account: &str, path: &str, fields: Fields, now: Timestamp) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, form| is_fresh(form, now));
        if all.len() >= FORMS_MAX && !all.contains_key(account) {
            return false;
        }
        all.insert(account.to_owned(), KeptForm { path: path.to_owned(), fields: fields.0, kept: now });
        true
    }

    /// The form of an account.
    pub(super) fn of(&self, account: &str, now: Timestamp) -> Option<KeptForm> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(account).filter(|form| is_fresh(form, now)).cloned()
    }

    /// Forgets the form of an account.
    pub(super) fn forget(&self, account: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
    }
}

fn is_fresh(form: &KeptForm, now: Timestamp) -> bool {
    now.duration_since(form.kept) <= KEPT_FOR
}

/// Whether a request is a form that somebody filled in on a page: what scripts and systems send isn't, nor what logs in or searches.
pub(super) fn is_form(method: &Method, path: &str, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let others =
        ["/api", "/fhir", "/logg-inn", "/logg-ut", "/oppsett", "/oidc", "/velg-rolle", "/konto/passord"];
    let is_others = others.iter().any(|root| path.starts_with(root));
    let sent = text(header::CONTENT_TYPE.as_str());
    let is_form =
        sent.starts_with("application/x-www-form-urlencoded") || sent.starts_with("multipart/form-data");
    let is_part = ["hx-request", "x-samspill-del"].iter().any(|name| headers.contains_key(*name));
    let is_asking = ["/tavle", "/sok", "/visning", "/fortsett"].contains(&path);
    method == Method::POST
        && is_form
        && !is_others
        && !is_part
        && !is_asking
        && text("accept").contains("text/html")
}

/// Fields of a form.
#[derive(Debug)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// What a form says; none where that can't be read or is too much. Files are left out: they are chosen anew.
    pub(super) async fn read(headers: &HeaderMap, bytes: Bytes) -> Option<Self> {
        let sent = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let mut fields = if sent.starts_with("multipart/form-data") {
            of_parts(sent, bytes).await?
        } else {
            serde_html_form::from_bytes::<Vec<(String, String)>>(&bytes).ok()?
        };
        fields.retain(|(name, _)| name != "_token");
        let size: usize = fields.iter().map(|(name, text)| name.len() + text.len()).sum();
        (size <= BYTES_MAX && !fields.is_empty()).then_some(Self(fields))
    }
}

async fn of_parts(sent: &str, bytes: Bytes) -> Option<Vec<(String, String)>> {
    let again = Request::builder().header(header::CONTENT_TYPE, sent).body(axum::body::Body::from(bytes));
    let mut again = again.ok()?;
    // The layer outside has limited it.
    DefaultBodyLimit::disable().apply(&mut again);
    let mut parts = Multipart::from_request(again, &()).await.ok()?;
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.ok()? {
        let Some(name) = part.name().map(str::to_owned) else { continue };
        if part.file_name().is_none() {
            fields.push((name, part.text().await.ok()?));
        }
    }
    Some(fields)
}
