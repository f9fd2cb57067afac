//! The API's own words, as its description has them. What it says beside them is passed over.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// `Message`, of a list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Message {
    pub(super) id: Option<String>,
    pub(super) receiver_her_id: Option<u32>,
    pub(super) sender_her_id: Option<u32>,
    pub(super) business_document_id: Option<String>,
    pub(super) business_document_gen_date: Option<String>,
    pub(super) is_app_rec: Option<bool>,
}

/// `GetBusinessDocumentResponse`. The document is borrowed: it may be large.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BusinessDocument<'a> {
    #[serde(borrow)]
    pub(super) business_document: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) content_transfer_encoding: Cow<'a, str>,
}

/// `PostMessageRequest`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PostMessage<'a> {
    pub(super) business_document: &'a str,
    pub(super) content_type: &'a str,
    pub(super) content_transfer_encoding: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) receiver_her_ids_subset: Option<[u32; 1]>,
}

/// `PostAppRecRequest`.
#[derive(Debug, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) struct PostAppRec {
    pub(super) app_rec_status: AppRecStatus,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) app_rec_error_list: Vec<AppRecError>,
}

/// `AppRecError`.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) struct AppRecError {
    #[serde(default)]
    pub(super) error_code: Option<String>,
    #[serde(default)]
    pub(super) details: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) oid: Option<String>,
}

/// `AppRecStatus`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) enum AppRecStatus {
    Ok,
    Rejected,
    OkErrorInMessagePart,
}

/// `DeliveryState`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub(super) enum DeliveryState {
    Unconfirmed,
    Acknowledged,
    Rejected,
}

/// `StatusInfo`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StatusInfo {
    pub(super) receiver_her_id: u32,
    pub(super) transport_delivery_state: DeliveryState,
    #[serde(default)]
    pub(super) app_rec_status: Option<AppRecStatus>,
}

/// `ApprecInfo`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ApprecInfo {
    pub(super) receiver_her_id: u32,
    #[serde(default)]
    pub(super) app_rec_status: Option<AppRecStatus>,
    #[serde(default)]
    pub(super) app_rec_error_list: Option<Vec<AppRecError>>,
}

/// `ErrorMessage`. Its `stackTrace` is nobody's business.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ErrorMessage {
    pub(super) error: Option<String>,
    pub(super) error_code: Option<i64>,
    pub(super) validation_errors: Option<Vec<String>>,
    pub(super) request_id: Option<String>,
}
