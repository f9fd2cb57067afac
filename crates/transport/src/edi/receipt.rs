//! A receipt as the API takes it: what its document says, in JSON.

use samspill_formats::{
    messages::{
        make::REASON_TABLE,
        read::{MessageLimits, read},
        types::{Body, Code, Message, Party, Receipt},
    },
    xml::{XmlLimits, decode, parse},
};

use super::{
    problem::clean,
    wire::{AppRecError, AppRecStatus, PostAppRec},
};
use crate::FaultReport;

/// Longest explanation of a rejection that is sent, in characters.
const DETAILS_CHARS_MAX: usize = 400;

/// A receipt of ours, ready to be sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ready {
    /// The `MsgId` of the message that it answers.
    pub(super) original: String,
    /// The HER-id of who answers: the innermost that has one.
    pub(super) sender: Option<String>,
    pub(super) request: PostAppRec,
}

/// Whether a document is a receipt.
pub(super) fn is_receipt(document: &[u8]) -> bool {
    message(document).is_ok_and(|message| matches!(message.body, Body::Receipt(_)))
}

/// What a receipt's document says. An `Err` says why it can't be sent.
pub(super) fn ready(document: &[u8]) -> Result<Ready, String> {
    let message = message(document)?;
    let Body::Receipt(receipt) = message.body else {
        return Err("the document is no receipt (AppRec)".to_owned());
    };
    let request = request(&receipt)?;
    Ok(Ready { original: receipt.original_id, sender: her_id(&message.head.sender), request })
}

fn message(document: &[u8]) -> Result<Message, String> {
    let limits = XmlLimits::default();
    let text = decode(document, &limits).map_err(|error| error.to_string())?;
    let tree = parse(&text, &limits).map_err(|error| error.to_string())?;
    Ok(read(&tree, &MessageLimits::default()).0)
}

fn request(receipt: &Receipt) -> Result<PostAppRec, String> {
    let app_rec_status = match receipt.status.value.as_str() {
        "1" => AppRecStatus::Ok,
        "2" => AppRecStatus::Rejected,
        "3" => AppRecStatus::OkErrorInMessagePart,
        other => return Err(format!("the receipt has the status `{}`: write 1, 2 or 3", clean(other, 20))),
    };
    let app_rec_error_list = receipt.errors.iter().map(error).collect();
    Ok(PostAppRec { app_rec_status, app_rec_error_list })
}

/// `V`, `OT`, `DN` and `S`, in this order. The API needs the first two, which may be empty.
fn error(code: &Code) -> AppRecError {
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    AppRecError {
        error_code: Some(code.value.clone()),
        details: Some(code.original.clone()),
        description: filled(&code.name),
        oid: filled(&code.table),
    }
}

fn her_id(party: &Party) -> Option<String> {
    let ids = party.levels.iter().rev().flat_map(|unit| &unit.ids);
    ids.filter(|id| id.kind.value == "HER" && !id.value.is_empty()).map(|id| id.value.clone()).next()
}

/// The rejection of a message that can't be unpacked (8221): T01 is no XML, T10 a format that isn't known, T99 all else.
pub(super) fn rejection(report: &FaultReport) -> PostAppRec {
    let (code, name) = match report.condition.as_str() {
        "transport:not-well-formed-xml" => ("T01", "Ikke XML eller ikke 'well formed' eller uleselig"),
        "transport:xml-not-interpretable" | "transport:unsupported-message" => {
            ("T10", "Støtter ikke meldingsformatet")
        }
        _ => ("T99", "Annen teknisk feil"),
    };
    let error = AppRecError {
        error_code: Some(code.to_owned()),
        details: Some(clean(&report.says, DETAILS_CHARS_MAX)),
        description: Some(name.to_owned()),
        oid: Some(REASON_TABLE.to_owned()),
    };
    PostAppRec { app_rec_status: AppRecStatus::Rejected, app_rec_error_list: vec![error] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(rest: &str) -> String {
        format!(
            "<AppRec xmlns=\"http://www.kith.no/xmlstds/apprec/2012-02-15\"><MsgType V=\"APPREC\"/>\
             <Id>a</Id><Sender><HCP><Inst><Name>A</Name><Id>1</Id><TypeId V=\"HER\"/>\
             <Dept><Name>B</Name><Id>2</Id><TypeId V=\"HER\"/></Dept></Inst></HCP></Sender>{rest}\
             <OriginalMsgId><MsgType V=\"X\"/><Id>m</Id></OriginalMsgId></AppRec>"
        )
    }

    #[test]
    fn a_receipt_is_sent_by_the_innermost_her_id_about_its_original() {
        let ready = ready(document("<Status V=\"1\" DN=\"OK\"/>").as_bytes()).unwrap();
        assert_eq!((ready.original.as_str(), ready.sender.as_deref()), ("m", Some("2")));
        assert_eq!(serde_json::to_string(&ready.request).unwrap(), r#"{"appRecStatus":"Ok"}"#);
    }

    #[test]
    fn a_rejection_says_in_json_what_it_says_in_xml() {
        let errors = "<Status V=\"2\"/><Error S=\"1.2\" V=\"E36\" DN=\"a\" OT=\"b &lt;\"/><Error V=\"X99\"/>";
        let ready = ready(document(errors).as_bytes()).unwrap();
        let expected = r#"{"appRecStatus":"Rejected","appRecErrorList":[{"errorCode":"E36","details":"b <","description":"a","oid":"1.2"},{"errorCode":"X99","details":""}]}"#;
        assert_eq!(serde_json::to_string(&ready.request).unwrap(), expected);
    }

    #[test]
    fn what_is_no_receipt_is_not_sent_as_one() {
        assert!(ready(b"not xml").is_err());
        assert!(ready(b"<Other/>").is_err());
        assert!(ready(document("<Status V=\"4\"/>").as_bytes()).is_err());
        assert!(is_receipt(document("").as_bytes()) && !is_receipt(b"<Other/>"));
    }

    #[test]
    fn what_cannot_be_unpacked_is_rejected_with_the_code_for_it() {
        let code = |condition: &str| {
            let (about, says) = (String::new(), "why\u{1b}".to_owned());
            let report = FaultReport { about, condition: condition.to_owned(), says, at: None };
            let error = rejection(&report).app_rec_error_list.remove(0);
            assert_eq!(error.details.as_deref(), Some("why"));
            error.error_code.unwrap()
        };
        assert_eq!(code("transport:not-well-formed-xml"), "T01");
        assert_eq!(code("transport:unsupported-message"), "T10");
        assert_eq!(code("transport:invalid-signature"), "T99");
    }
}
