//! A hospital and a municipality with a line each, and what they send.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use samspill_formats::{
    messages::{
        make::{self, Answering, MakeContext, ReceiptDraft},
        types::{Code, Kind, Version},
    },
    xml::write,
};
use samspill_transport::{
    Arrival, Channel, Doing, Parcel, Received, Settle,
    edi::{Arrived, Clock, Edi, EdiSettings, Fixed, Remember, Tokens},
};
use uuid::Uuid;

use crate::stub::{Stub, TOKEN, message};

pub(crate) const HOSPITAL: u32 = 8_000_002;
pub(crate) const TOWN: u32 = 8_000_012;
pub(crate) const COPY: u32 = 8_000_022;

/// What an inbox and an outbox keep.
#[derive(Debug, Default)]
pub(crate) struct Notebook {
    arrived: Mutex<BTreeMap<(String, String), String>>,
    sent: Mutex<BTreeMap<String, String>>,
}

impl Notebook {
    pub(crate) fn note(&self, parcel: &Parcel) {
        let key = (parcel.message.clone(), parcel.to.clone());
        self.arrived.lock().unwrap().insert(key, parcel.id.clone());
    }

    pub(crate) fn sent(&self, parcel: &Parcel) -> Option<String> {
        self.sent.lock().unwrap().get(&parcel.id).cloned()
    }
}

impl Remember for Notebook {
    fn arrived<'a>(&'a self, what: Arrived<'a>) -> Doing<'a, Result<Option<String>, String>> {
        let key = (what.message.to_owned(), what.to.to_owned());
        Box::pin(async move { Ok(self.arrived.lock().unwrap().get(&key).cloned()) })
    }

    fn sent<'a>(&'a self, parcel: &'a Parcel, id: &'a str) -> Doing<'a, ()> {
        Box::pin(async move {
            self.sent.lock().unwrap().insert(parcel.id.clone(), id.to_owned());
        })
    }
}

/// Settings that don't keep a test waiting.
pub(crate) fn settings(stub: &Stub, own: &[u32]) -> EdiSettings {
    EdiSettings {
        poll_interval: Duration::from_millis(20),
        retry_first: Duration::from_millis(10),
        retry_longest: Duration::from_millis(500),
        timeout: Duration::from_secs(30),
        ..EdiSettings::new("edi", &stub.address, own.iter().copied())
    }
}

pub(crate) fn line_with(settings: &EdiSettings, notebook: &Arc<Notebook>) -> Edi {
    edi(settings, Arc::new(Fixed::new(TOKEN)), notebook)
}

pub(crate) fn edi(settings: &EdiSettings, tokens: Arc<dyn Tokens>, notebook: &Arc<Notebook>) -> Edi {
    Edi::new(settings, tokens, Arc::clone(notebook) as Arc<dyn Remember>, Clock::system()).unwrap()
}

/// A line for one HER-id that nothing has come over yet.
pub(crate) fn line(stub: &Stub, own: u32) -> Edi {
    line_with(&settings(stub, &[own]), &Arc::default())
}

/// A notice from the hospital that a patient is admitted, with the number in its id and its minutes.
pub(crate) fn notice(number: u32, copies: &str) -> Parcel {
    let id = Uuid::from_u128(0x0d3b_1a52_7a64_4f0e_9d0f_0000_0000_0000 + u128::from(number)).to_string();
    let made = "2026-03-02T09:30:00Z".parse::<jiff::Timestamp>().unwrap()
        + jiff::SignedDuration::from_mins(i64::from(number));
    let json = format!(
        r#"{{
            "hode": {{
                "avsender": {{
                    "virksomhet": {{ "navn": "Fjordheim HF", "her": "8000001" }},
                    "tjeneste": {{ "navn": "Medisinsk avdeling", "her": "{HOSPITAL}" }}
                }},
                "mottaker": {{
                    "virksomhet": {{ "navn": "Nesodal kommune", "her": "8000011" }},
                    "tjeneste": {{ "navn": "Sykepleietjenesten", "her": "{TOWN}" }}
                }},
                "kopimottakere": [{copies}],
                "pasient": {{ "fornavn": "Ola", "etternavn": "Testmann", "fodt": "1950-03-01", "kjonn": "1" }}
            }},
            "innhold": {{ "hendelser": [{{ "hva": "innlagt", "tid": "2026-03-02T08:15" }}] }}
        }}"#
    );
    let context = MakeContext { id: &id, made };
    let made_message = make::from_json(Kind::Innlagt, &json, &context).unwrap();
    Parcel {
        id: Uuid::new_v4().to_string(),
        from: HOSPITAL.to_string(),
        to: TOWN.to_string(),
        kind: "LOG_INNLAGT".to_owned(),
        message: id.clone(),
        conversation: None,
        made,
        bytes: made_message.xml.into_bytes(),
    }
}

/// The unit that gets a copy.
pub(crate) fn copy() -> String {
    format!(
        r#"{{ "virksomhet": {{ "navn": "Nesodal kommune", "her": "8000011" }},
             "tjeneste": {{ "navn": "Saksbehandling", "her": "{COPY}" }} }}"#
    )
}

/// The receipt for a message that came, from the one it came to.
pub(crate) fn receipt(arrived: &Parcel, errors: &[Code]) -> Parcel {
    let head = message(&arrived.bytes).head;
    let id = Uuid::new_v4().to_string();
    let made = "2026-03-02T10:00:00Z".parse().unwrap();
    let draft = ReceiptDraft {
        original: &head,
        version: Version::Plo16,
        answering: if arrived.to == COPY.to_string() { Answering::Other(0) } else { Answering::Primary },
        errors,
        software: None,
        id: &id,
        made,
    };
    Parcel {
        id: Uuid::new_v4().to_string(),
        from: arrived.to.clone(),
        to: arrived.from.clone(),
        kind: "APPREC".to_owned(),
        message: id.clone(),
        conversation: None,
        made,
        bytes: write(&make::receipt(&draft)).into_bytes(),
    }
}

/// The next that comes, still in hand.
pub(crate) async fn next(line: &Edi) -> (Parcel, Arrival) {
    let arrival =
        tokio::time::timeout(Duration::from_mins(1), line.receive()).await.expect("something comes");
    let Received::Parcel(parcel) = arrival.received.clone() else { panic!("a parcel") };
    (parcel, arrival)
}

/// The next that comes, kept.
pub(crate) async fn take(line: &Edi) -> Parcel {
    let (parcel, arrival) = next(line).await;
    arrival.settle(Settle::Taken).await;
    parcel
}

/// Whether nothing comes for a while.
pub(crate) async fn is_quiet(line: &Edi) -> bool {
    tokio::time::timeout(Duration::from_millis(150), line.receive()).await.is_err()
}
