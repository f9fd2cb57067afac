//! The AMQP channel against a `RabbitMQ` of its own.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::support::{next, parcel, parcel_in, until};
use fe2o3_amqp::{
    Connection, Receiver, Sender, Session, connection::ConnectionHandle, session::SessionHandle,
};
use fe2o3_amqp_types::{
    messaging::{ApplicationProperties, Body, Header, Message, Properties},
    primitives::{Binary, SimpleValue, Symbol, Value},
};
use samspill_transport::{
    Channel, FaultReport, Health, Parcel, Received, SendFault, Settle,
    amqp::{Addressing, Amqp, AmqpOptions, Backoff, Directory, Process, QueueCheck},
    testing::PrivateRabbit,
};
use tokio::sync::{Mutex, MutexGuard};

/// Each test has HER-ids of its own, so that they don't see each other's messages.
const HER_IDS: std::ops::Range<u32> = 100..130;

/// One broker for all tests here, one test at a time: some of them kill it.
async fn rabbit() -> Option<MutexGuard<'static, PrivateRabbit>> {
    static RABBIT: OnceLock<Option<Mutex<PrivateRabbit>>> = OnceLock::new();
    let start = || {
        let queues: Vec<_> = HER_IDS.flat_map(|id| [format!("{id}_async"), format!("{id}_error")]).collect();
        let queues: Vec<_> = queues.iter().map(String::as_str).collect();
        PrivateRabbit::start(&queues).map(Mutex::new)
    };
    let rabbit = tokio::task::spawn_blocking(move || RABBIT.get_or_init(start)).await.unwrap();
    Some(rabbit.as_ref()?.lock().await)
}

fn options(url: &str, own: &str) -> AmqpOptions {
    let mut options = AmqpOptions::new("amqp", url, vec![own.to_owned()]);
    PrivateRabbit::NAMESPACE.clone_into(&mut options.namespace);
    options.reconnect = Backoff { first: Duration::from_millis(20), longest: Duration::from_millis(200) };
    options.later = Backoff { first: Duration::from_millis(20), longest: Duration::from_millis(100) };
    options
}

fn channel(rabbit: &PrivateRabbit, own: &str) -> Amqp {
    Amqp::start(options(&rabbit.url(), own))
}

/// A client that can also do what it shouldn't.
struct Raw {
    _connection: ConnectionHandle<()>,
    session: SessionHandle<()>,
}

impl Raw {
    async fn new(rabbit: &PrivateRabbit) -> Self {
        let url = rabbit.url();
        let mut connection = Connection::open("raw", url.as_str()).await.unwrap();
        let session = Session::begin(&mut connection).await.unwrap();
        Self { _connection: connection, session }
    }

    async fn send(&mut self, queue: &str, message: Message<Body<Value>>) {
        let mut sender =
            Sender::attach(&mut self.session, "raw", format!("/amq/queue/{queue}")).await.unwrap();
        sender.send(message).await.unwrap().accepted_or("not accepted").unwrap();
        let _ = sender.close().await;
    }

    async fn receive(&mut self, queue: &str) -> Message<Body<Value>> {
        let mut receiver =
            Receiver::attach(&mut self.session, "raw-reader", format!("/amq/queue/{queue}")).await.unwrap();
        let delivery = tokio::time::timeout(crate::support::LIMIT, receiver.recv::<Body<Value>>())
            .await
            .unwrap()
            .unwrap();
        receiver.accept(&delivery).await.unwrap();
        // RabbitMQ 3 doesn't always answer a good-bye as the library wants it.
        let _ = receiver.close().await;
        delivery.into_message()
    }
}

fn fields(message: &Message<Body<Value>>) -> BTreeMap<String, String> {
    let text = |value: &SimpleValue| {
        let SimpleValue::String(text) = value else { panic!("not text: {value:?}") };
        text.clone()
    };
    let named = message.application_properties.as_ref().unwrap();
    named.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

#[derive(Debug)]
struct WithAgreement;

impl Directory for WithAgreement {
    fn process(&self, parcel: &Parcel) -> Process {
        Process {
            agreement: Some("avtale-1".into()),
            service: Some(format!("S-{}", parcel.kind)),
            action: Some(parcel.kind.clone()),
            from_role: Some(format!("{}sender", parcel.kind)),
            to_role: Some(format!("{}receiver", parcel.kind)),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_property_that_the_specification_requires_is_sent() {
    let Some(rabbit) = rabbit().await else { return };
    let mut options = options(&rabbit.url(), "100");
    options.directory = Arc::new(WithAgreement);
    let sent = parcel(1, "100", "101");
    Amqp::start(options).send(&sent).await.unwrap();
    let message = Raw::new(&rabbit).await.receive("101_async").await;

    let properties = message.properties.clone().unwrap();
    assert_eq!(properties.message_id, Some(sent.id.clone().into()));
    assert_eq!(properties.to.as_deref(), Some("101_async"));
    assert_eq!(properties.subject.as_deref(), Some("LOG_INNLAGT"));
    assert_eq!(properties.reply_to.as_deref(), Some("100_async"));
    assert_eq!(properties.correlation_id, Some(sent.id.clone().into()));
    assert_eq!(properties.content_type.as_ref().map(Symbol::as_str), Some("application/xml"));
    assert!(message.header.as_ref().unwrap().durable);
    let expected = [
        ("Action", "LOG_INNLAGT"),
        ("ConversationId", "samtale-1"),
        ("Service", "S-LOG_INNLAGT"),
        ("applicationTimeStamp", "2026-03-01T10:00:00Z"),
        ("cpaId", "avtale-1"),
        ("fromHerId", "100"),
        ("fromRole", "LOG_INNLAGTsender"),
        ("toHerId", "101"),
        ("toRole", "LOG_INNLAGTreceiver"),
    ];
    let fields = fields(&message);
    assert_eq!(
        fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>(),
        expected
    );
    let Body::Data(sections) = message.body else { panic!("{:?}", message.body) };
    assert_eq!(sections.into_iter().map(|data| data.0.into_vec()).collect::<Vec<_>>(), [sent.bytes]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parcel_arrives_as_it_was_sent_in_both_dialects() {
    let Some(rabbit) = rabbit().await else { return };
    let receiver = channel(&rabbit, "103");
    for (number, addressing, namespace) in
        [(1, Addressing::RabbitMq, PrivateRabbit::NAMESPACE), (2, Addressing::ServiceBus, "/amq/queue")]
    {
        let mut options = options(&rabbit.url(), "102");
        options.addressing = addressing;
        options.namespace = namespace.to_owned();
        let sent = parcel(number, "102", "103");
        Amqp::start(options).send(&sent).await.unwrap();
        let arrival = next(&receiver).await;
        assert_eq!(parcel_in(&arrival), &sent);
        arrival.settle(Settle::Taken).await;
    }
    assert_eq!(receiver.health(), Health::Up);
    let mut options = options(&rabbit.url(), "103");
    options.addressing = Addressing::ServiceBus;
    options.namespace = "/amq/queue".to_owned();
    receiver.close().await;
    let receiver = Amqp::start(options);
    channel(&rabbit, "102").send(&parcel(3, "102", "103")).await.unwrap();
    // The word that 2 was taken may be lost with the line: then it comes again, as itself.
    let mut arrival = next(&receiver).await;
    if parcel_in(&arrival).id == parcel(2, "102", "103").id {
        arrival.settle(Settle::Taken).await;
        arrival = next(&receiver).await;
    }
    assert_eq!(parcel_in(&arrival), &parcel(3, "102", "103"));
}

#[tokio::test(flavor = "multi_thread")]
async fn several_her_ids_are_received_for_at_once_and_a_large_message_comes_whole() {
    let Some(rabbit) = rabbit().await else { return };
    let mut options = options(&rabbit.url(), "104");
    options.own.push("105".to_owned());
    let both = Amqp::start(options);
    let sender = channel(&rabbit, "106");
    let mut large = parcel(1, "106", "104");
    large.bytes = (0..3_000_000_u32).map(|number| u8::try_from(number % 251).unwrap()).collect();
    sender.send(&large).await.unwrap();
    sender.send(&parcel(2, "106", "105")).await.unwrap();
    let mut arrived = BTreeMap::new();
    for _ in 0..2 {
        let arrival = next(&both).await;
        arrived.insert(parcel_in(&arrival).id.clone(), parcel_in(&arrival).clone());
        arrival.settle(Settle::Taken).await;
    }
    assert_eq!(arrived.into_values().collect::<Vec<_>>(), [large, parcel(2, "106", "105")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn later_dropped_and_unsettled_messages_come_again_and_taken_ones_do_not() {
    let Some(rabbit) = rabbit().await else { return };
    let receiver = channel(&rabbit, "107");
    channel(&rabbit, "108").send(&parcel(1, "108", "107")).await.unwrap();
    next(&receiver).await.settle(Settle::Later).await;
    drop(next(&receiver).await);
    let unsettled = next(&receiver).await;
    receiver.close().await;
    let receiver = channel(&rabbit, "107");
    let again = next(&receiver).await;
    assert_eq!(parcel_in(&again).id, parcel(1, "108", "107").id);
    drop(unsettled);
    again.settle(Settle::Taken).await;
    receiver.close().await;
    let receiver = channel(&rabbit, "107");
    channel(&rabbit, "108").send(&parcel(2, "108", "107")).await.unwrap();
    assert_eq!(parcel_in(&next(&receiver).await).id, parcel(2, "108", "107").id);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_told_on_the_senders_error_queue() {
    let Some(rabbit) = rabbit().await else { return };
    let (receiver, sender) = (channel(&rabbit, "109"), channel(&rabbit, "110"));
    let sent = parcel(1, "110", "109");
    sender.send(&sent).await.unwrap();
    let fault = FaultReport {
        about: sent.id.clone(),
        condition: "transport:not-well-formed-xml".into(),
        says: "Not XML.".into(),
        at: Some("2026-03-01T10:00:05Z".parse().unwrap()),
    };
    next(&receiver).await.settle(Settle::Refused(fault.clone())).await;
    let told = next(&sender).await;
    assert_eq!(told.received, Received::Fault(fault.clone()));
    told.settle(Settle::Taken).await;

    // And as others see it: the fields of section 2.2.6, and no document.
    sender.close().await;
    let sender = channel(&rabbit, "111");
    sender.send(&Parcel { from: "110".into(), ..sent }).await.unwrap();
    next(&receiver).await.settle(Settle::Refused(fault)).await;
    let message = Raw::new(&rabbit).await.receive("110_error").await;
    let fields = fields(&message);
    for (name, text) in [
        ("originalMessageId", "00000000-0000-4000-8000-000000000001"),
        ("receiverTimeStamp", "2026-03-01T10:00:05Z"),
        ("errorCondition", "transport:not-well-formed-xml"),
        ("errorDescription", "Not XML."),
        ("fromHerId", "109"),
        ("toHerId", "110"),
    ] {
        assert_eq!(fields.get(name).map(String::as_str), Some(text), "{name}");
    }
    let Body::Data(sections) = message.body else { panic!("{:?}", message.body) };
    assert!(sections.into_iter().all(|data| data.0.is_empty()));
}

fn raw(from: Option<&str>, id: Option<&str>, body: Body<Value>) -> Message<Body<Value>> {
    let mut named = ApplicationProperties::builder();
    if let Some(from) = from {
        named = named.insert("fromHerId", from);
    }
    let mut properties = Properties::builder().subject("LOG_INNLAGT");
    if let Some(id) = id {
        properties = properties.message_id(id.to_owned());
    }
    Message::builder()
        .header(Header::builder().durable(true).build())
        .properties(properties.build())
        .application_properties(named.build())
        .body(body)
        .build()
}

fn data(bytes: &[u8]) -> Body<Value> {
    Body::Data(vec![Binary::from(bytes.to_vec()).into()].into())
}

/// Messages that break the form in every way, and two that don't: a text, and one of exactly as many bytes as are taken.
async fn send_malformed(peer: &mut Raw) {
    let sequence =
        Body::Sequence(vec![fe2o3_amqp_types::messaging::AmqpSequence(vec![Value::Bool(true)])].into());
    let number = || Body::Value(fe2o3_amqp_types::messaging::AmqpValue(Value::Uint(7)));
    let text = Body::Value(fe2o3_amqp_types::messaging::AmqpValue(Value::String("<tekst/>".into())));
    peer.send("112_async", raw(None, Some("uten-avsender"), data(b"x"))).await;
    peer.send("112_async", raw(None, None, number())).await;
    peer.send("112_async", raw(Some("113"), None, data(b"x"))).await;
    peer.send("112_async", raw(Some("113"), Some("sekvens"), sequence)).await;
    peer.send("112_async", raw(Some("113"), Some("tall"), number())).await;
    peer.send("112_async", raw(Some("113"), Some("stor"), data(&[b'x'; 101]))).await;
    let mut sealed = raw(Some("113"), Some("kryptert"), data(b"x"));
    let kind = "application/pkcs7-mime; smime-type=signed-and-enveloped-data";
    sealed.properties.as_mut().unwrap().content_type = Some(kind.into());
    peer.send("112_async", sealed).await;
    peer.send("112_async", raw(Some("113"), Some("tekst"), text)).await;
    peer.send("112_async", raw(Some("113"), Some("grense"), data(&[b'x'; 100]))).await;
}

/// So many faults that a channel is told of, in order.
async fn faults(channel: &Amqp, count: usize) -> Vec<(String, String)> {
    let mut told = Vec::new();
    for _ in 0..count {
        let arrival = next(channel).await;
        let Received::Fault(fault) = arrival.received.clone() else { panic!("{arrival:?}") };
        told.push((fault.about, fault.condition));
        arrival.settle(Settle::Taken).await;
    }
    told.sort();
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_messages_are_told_their_sender_and_block_nothing() {
    let Some(rabbit) = rabbit().await else { return };
    let mut options = options(&rabbit.url(), "112");
    options.message_bytes_max = 100;
    options.credit = 2;
    send_malformed(&mut Raw::new(&rabbit).await).await;
    let receiver = Amqp::start(options);
    let mut understood = Vec::new();
    for _ in 0..2 {
        let arrival = next(&receiver).await;
        understood.push((parcel_in(&arrival).id.clone(), parcel_in(&arrival).bytes.len()));
        arrival.settle(Settle::Taken).await;
    }
    understood.sort();
    assert_eq!(understood, [("grense".to_owned(), 100), ("tekst".to_owned(), 8)]);
    let told = faults(&channel(&rabbit, "113"), 5).await;
    let told: Vec<_> = told.iter().map(|(about, what)| (about.as_str(), what.as_str())).collect();
    let expected = [
        ("", "transport:required-field-missing"),
        ("kryptert", "transport:decryption-failed"),
        ("sekvens", "transport:invalid-field-value"),
        ("stor", "transport:invalid-field-value"),
        ("tall", "transport:invalid-field-value"),
    ];
    assert_eq!(told, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_broker_will_never_take_is_refused() {
    let Some(rabbit) = rabbit().await else { return };
    let sender = channel(&rabbit, "114");
    let refusal = |sent: Result<(), SendFault>| match sent {
        Err(SendFault::Refused { condition, .. }) => condition,
        other => panic!("{other:?}"),
    };
    assert_eq!(refusal(sender.send(&parcel(1, "114", "999")).await), "amqp:not-found");
    let mut elsewhere = options(&rabbit.url(), "114");
    elsewhere.namespace = "finnes-ikke".into();
    elsewhere.check = QueueCheck::Never;
    assert_eq!(refusal(Amqp::start(elsewhere).send(&parcel(1, "114", "115")).await), "amqp:not-found");
    let mut small = options(&rabbit.url(), "114");
    small.message_bytes_max = 10;
    let condition = refusal(Amqp::start(small).send(&parcel(1, "114", "115")).await);
    assert_eq!(condition, "amqp:link:message-size-exceeded");
    let nobody = parcel(1, "114", "");
    assert_eq!(refusal(sender.send(&nobody).await), "transport:required-field-missing");
    let no_uuid = Parcel { id: "1".into(), ..parcel(1, "114", "115") };
    assert_eq!(refusal(sender.send(&no_uuid).await), "transport:invalid-field-value");
    sender.send(&parcel(1, "114", "115")).await.unwrap();
}

fn says(channel: &Amqp) -> String {
    match channel.health() {
        Health::Down { says, .. } => says,
        Health::Up | Health::Unknown => String::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_and_nothing_is_sent() {
    let Some(rabbit) = rabbit().await else { return };
    let channel = Amqp::start(options(&rabbit.url_with_wrong_password(), "116"));
    until("the channel is down", || says(&channel).contains("password")).await;
    assert!(matches!(channel.send(&parcel(1, "116", "117")).await, Err(SendFault::Later { .. })));
    assert!(!format!("{:?}", channel.health()).contains("feil"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_of_ours_that_is_missing_is_told_and_read_once_it_is_there() {
    let Some(mut rabbit) = rabbit().await else { return };
    let receiver = channel(&rabbit, "500");
    until("the queue is missed", || says(&receiver).contains("500_async")).await;
    tokio::task::block_in_place(|| rabbit.declare(&["500_async", "500_error"]));
    channel(&rabbit, "116").send(&parcel(1, "116", "500")).await.unwrap();
    next(&receiver).await.settle(Settle::Taken).await;
    until("all is well", || receiver.health() == Health::Up).await;
}

/// So many that the broker is killed in the middle.
const PARCELS: u32 = 1500;

/// Sends each parcel until the broker has it, as an outbox does.
async fn send_all(sender: &Amqp, numbers: std::ops::Range<u32>, from: &str, to: &str) {
    for number in numbers {
        let parcel = parcel(number, from, to);
        loop {
            match sender.send(&parcel).await {
                Ok(()) => break,
                Err(SendFault::Refused { says, .. }) => panic!("{says}"),
                Err(SendFault::Later { .. } | SendFault::Unknown { .. }) => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_killed_again_and_again_loses_nothing_that_was_acknowledged() {
    let Some(mut rabbit) = rabbit().await else { return };
    let sender = Arc::new(channel(&rabbit, "118"));
    let receiver = channel(&rabbit, "119");
    let sending = tokio::spawn({
        let sender = Arc::clone(&sender);
        async move { send_all(&sender, 0..PARCELS, "118", "119").await }
    });
    let mut times = BTreeMap::new();
    for kill_at in [PARCELS / 5, PARCELS / 2, PARCELS] {
        while times.len() < usize::try_from(kill_at).unwrap() {
            let arrival = next(&receiver).await;
            let arrived = parcel_in(&arrival);
            assert_eq!(arrived.bytes, parcel(arrived.id[24..].parse().unwrap(), "118", "119").bytes);
            *times.entry(arrived.id.clone()).or_insert(0) += 1;
            arrival.settle(Settle::Taken).await;
        }
        if kill_at < PARCELS {
            tokio::task::block_in_place(|| {
                rabbit.kill();
                rabbit.restart();
            });
        }
    }
    sending.await.unwrap();
    let ids: Vec<_> = times.keys().cloned().collect();
    assert_eq!(ids, (0..PARCELS).map(|number| parcel(number, "118", "119").id).collect::<Vec<_>>());
    until("both are up", || sender.health() == Health::Up && receiver.health() == Health::Up).await;
}

/// Between a channel and a broker: passes bytes on until it is told to hold them back, as a broken network does.
struct Wires {
    port: u16,
    silent: Arc<AtomicBool>,
}

impl Wires {
    async fn new(to: u16) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let wires = Self { port: listener.local_addr().unwrap().port(), silent: Arc::default() };
        let silent = Arc::clone(&wires.silent);
        tokio::spawn(async move {
            loop {
                let (near, _) = listener.accept().await.unwrap();
                let Ok(far) = tokio::net::TcpStream::connect(("127.0.0.1", to)).await else { continue };
                let ((near_read, near_write), (far_read, far_write)) = (near.into_split(), far.into_split());
                tokio::spawn(pass_on(near_read, far_write, Arc::clone(&silent)));
                tokio::spawn(pass_on(far_read, near_write, Arc::clone(&silent)));
            }
        });
        wires
    }
}

async fn pass_on(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    silent: Arc<AtomicBool>,
) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut buffer = vec![0; 65536];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        if silent.load(Ordering::SeqCst) {
            // Neither passed on nor closed: nobody hears anything.
            std::future::pending::<()>().await;
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_went_silent_is_noticed_and_made_anew() {
    let Some(rabbit) = rabbit().await else { return };
    let url = rabbit.url();
    let port = url.rsplit(':').next().unwrap().parse().unwrap();
    let wires = Wires::new(port).await;
    let mut options = options(&url.replace(&port.to_string(), &wires.port.to_string()), "120");
    options.silence_max = Duration::from_secs(2);
    options.connect_within = Duration::from_secs(2);
    options.send_within = Duration::from_secs(4);
    let channel = Amqp::start(options);
    channel.send(&parcel(1, "120", "121")).await.unwrap();
    wires.silent.store(true, Ordering::SeqCst);
    let sent = channel.send(&parcel(2, "120", "121")).await;
    assert!(matches!(sent, Err(SendFault::Unknown { .. })), "{sent:?}");
    until("the silence is noticed", || !says(&channel).is_empty()).await;
    wires.silent.store(false, Ordering::SeqCst);
    until("the line is back", || channel.health() == Health::Up).await;
    channel.send(&parcel(3, "120", "121")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_is_no_broker_keeps_nobody_waiting() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut options = options(&format!("amqp://{}", listener.local_addr().unwrap()), "122");
    options.connect_within = Duration::from_millis(200);
    let channel = Amqp::start(options);
    assert_eq!(channel.health(), Health::Unknown);
    let sent = channel.send(&parcel(1, "122", "123")).await;
    assert!(matches!(sent, Err(SendFault::Later { .. })), "{sent:?}");
    assert!(says(&channel).contains("doesn't answer"), "{}", says(&channel));
    channel.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_messages_are_held_than_the_credit_allows() {
    let Some(rabbit) = rabbit().await else { return };
    let sender = channel(&rabbit, "124");
    send_all(&sender, 0..60, "124", "125").await;
    let mut few = options(&rabbit.url(), "125");
    few.credit = 5;
    let receiver = Amqp::start(few);
    let mut held = vec![next(&receiver).await];
    while let Ok(arrival) = tokio::time::timeout(Duration::from_secs(2), receiver.receive()).await {
        held.push(arrival);
    }
    assert!((1..=5).contains(&held.len()), "{}", held.len());
    let mut ids = std::collections::BTreeSet::new();
    for arrival in held {
        ids.insert(parcel_in(&arrival).id.clone());
        arrival.settle(Settle::Taken).await;
    }
    while ids.len() < 60 {
        let arrival = next(&receiver).await;
        assert!(ids.insert(parcel_in(&arrival).id.clone()));
        arrival.settle(Settle::Taken).await;
    }
}
