//! The message service, in memory: keeps messages, hands them out, brings receipts, and fails when it is told to.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use samspill_formats::{
    messages::{
        make::{Answering, ReceiptDraft, receipt},
        read::{MessageLimits, read},
        types::{Code, Message, Party, Version},
    },
    xml::{XmlLimits, decode, parse, write},
};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

use crate::{
    contract::{CONTRACT, query_of},
    http::{self, Answer, Request},
    tokens::Desk,
};

/// The token that the stub takes where nothing else is set up.
pub(crate) const TOKEN: &str = "test-token";

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    List,
    Document,
    Read,
    Post,
    PostReceipt,
    Status,
    Receipts,
    Token,
    Other,
}

/// What goes wrong with the next request of a kind.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// This answer, and nothing is done.
    Says(Answer),
    /// The request is done, and this answered instead of the truth.
    Lies(Answer),
    /// The line breaks, and nothing is done.
    CutBefore,
    /// The request is done, and the line breaks before the answer.
    CutAfter,
    /// The request is done, and the line breaks in the answer, before its last byte.
    CutWithin,
    /// The request is done, and the answer takes so long.
    Slow(Duration),
    /// The answer has fields that the API doesn't describe.
    MoreFields,
    /// The message isn't there any more.
    Vanished,
}

/// A message at the service.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) id: Uuid,
    pub(crate) from: u32,
    /// By receiver: whether it is read.
    pub(crate) to: BTreeMap<u32, bool>,
    pub(crate) message: String,
    pub(crate) made: Timestamp,
    pub(crate) is_receipt: bool,
    pub(crate) bytes: Vec<u8>,
    /// By receiver: the receipt as it was posted.
    pub(crate) receipts: BTreeMap<u32, Value>,
}

/// What the stub knows.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) kept: Vec<Kept>,
    pub(crate) seen: Vec<(Op, Request)>,
    pub(crate) desk: Option<Desk>,
    faults: VecDeque<(Op, Fault)>,
    violations: Vec<String>,
}

/// The service. Dropped, it says what was not as the API describes it.
pub(crate) struct Stub {
    pub(crate) address: String,
    pub(crate) state: Arc<Mutex<State>>,
    task: tokio::task::JoinHandle<()>,
}

impl Stub {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { address, state, task }
    }

    pub(crate) fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock().unwrap())
    }

    /// Lets the next request of this kind go wrong; those ordered first go first.
    pub(crate) fn order(&self, op: Op, fault: Fault) {
        self.with(|state| state.faults.push_back((op, fault)));
    }

    /// How many requests of a kind came.
    pub(crate) fn count(&self, op: Op) -> usize {
        self.with(|state| state.seen.iter().filter(|(is, _)| *is == op).count())
    }

    /// The messages that are no receipts.
    pub(crate) fn messages(&self) -> Vec<Kept> {
        self.with(|state| state.kept.iter().filter(|kept| !kept.is_receipt).cloned().collect())
    }

    /// Puts a message there, as if somebody had sent it.
    pub(crate) fn put(&self, bytes: &[u8]) -> Uuid {
        self.with(|state| state.keep(bytes, None))
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.task.abort();
        if !std::thread::panicking() {
            let violations = self.with(|state| std::mem::take(&mut state.violations));
            assert!(violations.is_empty(), "not as the API describes it:\n{}", violations.join("\n"));
        }
    }
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    while let Some(request) = http::read(&mut stream).await {
        let op = op(&request);
        let fault = state.lock().unwrap().begin(op, &request);
        let answer = match &fault {
            Some(Fault::Says(answer)) => answer.clone(),
            Some(Fault::CutBefore) => return,
            Some(Fault::Vanished) => not_found(),
            _ => state.lock().unwrap().answer(op, &request, fault.is_none()),
        };
        match fault {
            Some(Fault::CutAfter) => return,
            Some(Fault::CutWithin) => {
                let bytes = answer.bytes();
                http::write(&mut stream, &bytes[..bytes.len() - 1]).await;
                return;
            }
            Some(Fault::Lies(lie)) => http::write(&mut stream, &lie.bytes()).await,
            Some(Fault::MoreFields) => http::write(&mut stream, &with_more(answer).bytes()).await,
            Some(Fault::Slow(wait)) => {
                tokio::time::sleep(wait).await;
                http::write(&mut stream, &answer.bytes()).await;
            }
            Some(Fault::Says(_) | Fault::Vanished | Fault::CutBefore) | None => {
                http::write(&mut stream, &answer.bytes()).await;
            }
        }
    }
}

fn op(request: &Request) -> Op {
    let parts: Vec<&str> = request.path.trim_matches('/').split('/').collect();
    match (request.method.as_str(), parts.as_slice()) {
        ("GET", ["Messages"]) => Op::List,
        ("POST", ["Messages"]) => Op::Post,
        ("GET", ["Messages", _, "business-document"]) => Op::Document,
        ("GET", ["Messages", _, "status"]) => Op::Status,
        ("GET", ["Messages", _, "apprec"]) => Op::Receipts,
        ("POST", ["Messages", _, "apprec", _]) => Op::PostReceipt,
        ("PUT", ["Messages", _, "read", _]) => Op::Read,
        ("POST", ["connect", "token"]) => Op::Token,
        _ => Op::Other,
    }
}

impl State {
    fn begin(&mut self, op: Op, request: &Request) -> Option<Fault> {
        self.seen.push((op, request.clone()));
        if op != Op::Token {
            let found = CONTRACT.as_ref().map_or_else(Vec::new, |contract| contract.request(request));
            self.violations.extend(found);
        }
        let place = self.faults.iter().position(|(of, _)| *of == op)?;
        self.faults.remove(place).map(|(_, fault)| fault)
    }

    fn answer(&mut self, op: Op, request: &Request, is_checked: bool) -> Answer {
        if op == Op::Token {
            return self.desk.as_mut().map_or_else(not_found, |desk| desk.token(request));
        }
        if let Some(refused) = self.refused(request) {
            return refused;
        }
        let answer = self.done(op, request);
        if let Some(contract) = CONTRACT.as_ref().filter(|_| is_checked) {
            self.violations.extend(contract.answer(request, &answer));
        }
        answer
    }

    fn refused(&mut self, request: &Request) -> Option<Answer> {
        match &mut self.desk {
            Some(desk) => desk.refused(request),
            None if request.header("authorization") == Some(&format!("Bearer {TOKEN}")) => None,
            None => Some(Answer::new(401, "")),
        }
    }

    fn done(&mut self, op: Op, request: &Request) -> Answer {
        let parts: Vec<&str> = request.path.trim_matches('/').split('/').collect();
        let id = parts.get(1).and_then(|id| id.parse().ok()).unwrap_or_default();
        match op {
            Op::List => self.list(&request.query),
            Op::Post => self.post(&request.body),
            Op::PostReceipt => self.receipt(id, parts[3].parse().unwrap(), &request.body),
            Op::Read => self.read(id, parts[3].parse().unwrap()),
            Op::Document => self.of(id, |kept| {
                json!({
                    "businessDocument": STANDARD.encode(&kept.bytes),
                    "contentType": "application/xml",
                    "contentTransferEncoding": "base64",
                })
            }),
            Op::Status => self.of(id, status),
            Op::Receipts => self.of(id, receipts),
            Op::Token | Op::Other => not_found(),
        }
    }

    fn list(&self, query: &str) -> Answer {
        let query = query_of(query);
        let numbers = |name: &str| -> Vec<u32> {
            query.get(name).into_iter().flatten().map(|number| number.parse().unwrap()).collect()
        };
        let wanted = query.get("BusinessDocumentId").map(|ids| ids[0].as_str());
        let mut found: Vec<(u32, &Kept)> = Vec::new();
        for kept in self.kept.iter().filter(|kept| wanted.is_none_or(|wanted| kept.message == wanted)) {
            let unread = numbers("ReceiverHerIds").into_iter().filter(|her| kept.to.get(her) == Some(&false));
            found.extend(unread.map(|her| (her, kept)));
        }
        found.sort_by_key(|(_, kept)| kept.made);
        if query.get("OrderBy").is_some_and(|order| order[0] == "Descending") {
            found.reverse();
        }
        let count = numbers("MessagesToFetch").first().map_or(10, |count| *count as usize);
        let listed: Vec<Value> = found.iter().take(count).map(|(her, kept)| listed(*her, kept)).collect();
        Answer::new(200, Value::from(listed).to_string())
    }

    fn post(&mut self, body: &[u8]) -> Answer {
        let body: Value = serde_json::from_slice(body).unwrap();
        let bytes = STANDARD.decode(body["businessDocument"].as_str().unwrap()).unwrap();
        let subset = body["receiverHerIdsSubset"].as_array();
        let to =
            subset.map(|to| to.iter().map(|her| u32::try_from(her.as_u64().unwrap()).unwrap()).collect());
        created(self.keep(&bytes, to))
    }

    fn keep(&mut self, bytes: &[u8], to: Option<Vec<u32>>) -> Uuid {
        let message = message(bytes);
        let receivers = || {
            let others = message.head.others.iter().map(|other| her(&other.party));
            std::iter::once(her(&message.head.receiver)).chain(others).collect()
        };
        let id = Uuid::new_v4();
        self.kept.push(Kept {
            id,
            from: her(&message.head.sender),
            to: to.unwrap_or_else(receivers).into_iter().map(|her| (her, false)).collect(),
            message: message.head.id.clone(),
            made: message.head.made.text.parse().unwrap(),
            is_receipt: message.head.type_code.value == "APPREC",
            bytes: bytes.to_vec(),
            receipts: BTreeMap::new(),
        });
        id
    }

    /// Makes the document of a receipt from what was posted, and brings it to the sender.
    fn receipt(&mut self, id: Uuid, from: u32, body: &[u8]) -> Answer {
        let Some(kept) = self.kept.iter_mut().find(|kept| kept.id == id && kept.to.contains_key(&from))
        else {
            return not_found();
        };
        let posted: Value = serde_json::from_slice(body).unwrap();
        if kept.receipts.contains_key(&from) {
            return Answer::new(400, json!({ "error": "there is one", "requestId": "r" }).to_string());
        }
        kept.receipts.insert(from, posted.clone());
        let (document, to) = (receipt_of(&kept.bytes, from, &posted), kept.from);
        created(self.keep(document.as_bytes(), Some(vec![to])))
    }

    fn read(&mut self, id: Uuid, her: u32) -> Answer {
        let kept = self.kept.iter_mut().find(|kept| kept.id == id);
        match kept.and_then(|kept| kept.to.get_mut(&her)) {
            Some(is_read) => *is_read = true,
            None => return not_found(),
        }
        Answer::new(204, "")
    }

    fn of(&self, id: Uuid, show: impl Fn(&Kept) -> Value) -> Answer {
        let kept = self.kept.iter().find(|kept| kept.id == id);
        kept.map_or_else(not_found, |kept| Answer::new(200, show(kept).to_string()))
    }
}

fn listed(her: u32, kept: &Kept) -> Value {
    json!({
        "id": kept.id.to_string(),
        "contentType": "application/xml",
        "receiverHerId": her,
        "senderHerId": kept.from,
        "businessDocumentId": kept.message,
        "businessDocumentGenDate": kept.made.to_string(),
        "isAppRec": kept.is_receipt,
    })
}

fn status(kept: &Kept) -> Value {
    let of = |(her, is_read): (&u32, &bool)| {
        json!({
            "receiverHerId": her,
            "transportDeliveryState": if *is_read { "Acknowledged" } else { "Unconfirmed" },
            "appRecStatus": kept.receipts.get(her).map(|receipt| &receipt["appRecStatus"]),
        })
    };
    kept.to.iter().map(of).collect()
}

fn receipts(kept: &Kept) -> Value {
    let of = |her: &u32| {
        let receipt = kept.receipts.get(her);
        json!({
            "receiverHerId": her,
            "appRecStatus": receipt.map(|receipt| &receipt["appRecStatus"]),
            "appRecErrorList": receipt.and_then(|receipt| receipt.get("appRecErrorList")),
        })
    };
    kept.to.keys().map(of).collect()
}

fn receipt_of(original: &[u8], from: u32, posted: &Value) -> String {
    let message = message(original);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let error = |error: &Value| Code {
        value: text(&error["errorCode"]),
        name: text(&error["description"]),
        table: text(&error["oid"]),
        original: text(&error["details"]),
    };
    let errors: Vec<Code> = posted["appRecErrorList"].as_array().into_iter().flatten().map(error).collect();
    let other = message.head.others.iter().position(|other| her(&other.party) == from);
    let draft = ReceiptDraft {
        original: &message.head,
        version: Version::Plo16,
        answering: other.map_or(Answering::Primary, Answering::Other),
        errors: &errors,
        software: None,
        id: &Uuid::new_v4().to_string(),
        made: Timestamp::now(),
    };
    write(&receipt(&draft))
}

/// What a document says.
pub(crate) fn message(bytes: &[u8]) -> Message {
    let limits = XmlLimits::default();
    let text = decode(bytes, &limits).unwrap();
    read(&parse(&text, &limits).unwrap(), &MessageLimits::default()).0
}

fn her(party: &Party) -> u32 {
    let ids = party.levels.iter().rev().flat_map(|unit| &unit.ids);
    ids.filter(|id| id.kind.value == "HER").map(|id| id.value.parse().unwrap()).next().unwrap()
}

fn created(id: Uuid) -> Answer {
    Answer::new(201, json!(id.to_string()).to_string()).with("location", &format!("/Messages/{id}"))
}

pub(crate) fn not_found() -> Answer {
    let body = json!({ "error": "Could not find database document", "errorCode": 0, "requestId": "r-404" });
    Answer::new(404, body.to_string())
}

fn with_more(answer: Answer) -> Answer {
    let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
    let more = |item: &mut Value| item["seenIn"] = json!({ "v": [3] });
    if let Some(items) = body.as_array_mut() {
        items.iter_mut().for_each(more);
    } else {
        more(&mut body);
    }
    Answer { body: body.to_string().into(), ..answer }
}
