//! The official messages, from a system outside that speaks AMQP.

use std::{fs, path::Path, time::Duration};

use jiff::Timestamp;
use samspill_formats::{
    messages::types::{Body, Kind, Message, Party},
    xml::XmlLimits,
};
use samspill_service::exchange::receipts::open;
use samspill_store::{Direction, Standing};
use samspill_transport::{
    Channel, Parcel, Received, Settle,
    amqp::{Amqp, AmqpOptions},
    testing::PrivateRabbit,
};

use crate::{
    over_rabbitmq::{broker, node_at},
    support::{names, node::Setup, root, stay::organisation_of, tell, view::View},
};

/// The services of the hospital, which is outside, and of the municipality and the practice, which the node serves.
const OUTSIDE: [&str; 2] = ["90998", "91090"];
const OURS: [&str; 2] = ["5078", "91100"];

fn her_of(party: &Party) -> String {
    let ids = party.levels.iter().rev().flat_map(|level| &level.ids);
    ids.filter(|id| id.kind.value == "HER").map(|id| id.value.clone()).next().unwrap_or_default()
}

fn read(bytes: &[u8]) -> Message {
    open(bytes, &XmlLimits::default(), &samspill_formats::messages::read::MessageLimits::default())
        .message
        .unwrap()
}

/// Sends the messages that are from the outside to us, and gives their ids.
async fn send_all(line: &Amqp, samples: &Path) -> Vec<String> {
    let mut sent = Vec::new();
    for (number, name) in names(samples).iter().enumerate() {
        let bytes = fs::read(samples.join(name)).unwrap();
        let message = read(&bytes);
        let (from, to) = (her_of(&message.head.sender), her_of(&message.head.receiver));
        if !OUTSIDE.contains(&from.as_str()) || !OURS.contains(&to.as_str()) {
            continue;
        }
        let parcel = Parcel {
            id: format!("5b1d6c1e-0000-4000-8000-{number:012}"),
            from,
            to,
            kind: message.head.type_code.value.clone(),
            message: message.head.id.clone(),
            conversation: None,
            made: Timestamp::UNIX_EPOCH,
            bytes,
        };
        line.send(&parcel).await.unwrap();
        sent.push(message.head.id.to_lowercase());
    }
    sent
}

/// The ids of the messages that so many receipts are for, each of them accepting.
async fn accepted(line: &Amqp, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    while ids.len() < count {
        let arrival = tokio::time::timeout(Duration::from_mins(2), line.receive()).await;
        let arrival = arrival.unwrap_or_else(|_| panic!("only {} of {count} receipts came", ids.len()));
        let Received::Parcel(parcel) = &arrival.received else { panic!("{arrival:?}") };
        let message = read(&parcel.bytes);
        assert_eq!((message.kind, parcel.kind.as_str()), (Kind::Kvittering, "APPREC"));
        let Body::Receipt(receipt) = message.body else { panic!("{parcel:?}") };
        assert_eq!(receipt.status.value, "1", "{receipt:?}");
        let id = receipt.original_id.to_lowercase();
        if !ids.contains(&id) {
            ids.push(id);
        }
        arrival.settle(Settle::Taken).await;
    }
    ids
}

#[test]
fn the_official_messages_over_a_broker_become_cases_with_receipts() {
    let samples = root().join("../shared/standards/plo/samples/plo-1.6");
    if !samples.exists() {
        tell("skipped: the reference folder with the official messages is not beside this checkout");
        return;
    }
    let hers: Vec<String> = OUTSIDE.iter().chain(&OURS).map(|her| (*her).to_owned()).collect();
    let Some(rabbit) = broker(&hers) else { return };
    let own =
        [("99387", OURS[0]), ("91096", OURS[1])].map(|(her, service)| organisation_of(her, her, [service]));
    let setup = Setup { name: "mottak".to_owned(), own: own.concat(), ..Setup::default() };
    let mut node = node_at(&rabbit, setup, &hers[OUTSIDE.len()..]);
    node.start();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (mut sent, mut answered) = runtime.block_on(async {
        let mut options = AmqpOptions::new("ute", rabbit.url(), hers[..OUTSIDE.len()].to_vec());
        PrivateRabbit::NAMESPACE.clone_into(&mut options.namespace);
        let line = Amqp::start(options);
        let sent = send_all(&line, &samples).await;
        let answered = accepted(&line, sent.len()).await;
        (sent, answered)
    });
    sent.sort();
    answered.sort();
    assert!(sent.len() >= 5, "{sent:?}");
    assert_eq!(sent, answered);
    let view = View::of(&node);
    assert!(
        view.messages(Direction::In).all(|line| {
            matches!(line.standing, Standing::Taken | Standing::Question | Standing::Settled)
        })
    );
    assert!(!view.cases().is_empty());
    let log = node.path("logg.jsonl").display().to_string();
    node.does(&["export", "--form", "entries", "-o", &log]);
    let report = node.does(&["check", &log, "-a", "unn", "--newest", "--format", "json"]);
    assert!(report.contains("tidligmelding-for-utskrivningsklar"), "{report}");
    assert!(node.stop().success());
}
