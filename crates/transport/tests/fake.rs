//! The network in memory does what the test says and nothing else.

#[expect(dead_code, reason = "nothing here waits")]
mod support;

use samspill_transport::{
    Channel, FaultReport, Health, Received, SendFault, Settle,
    fake::{FakeChannel, Mishap, Network},
};
use support::{parcel, parcel_in};

fn two() -> (Network, FakeChannel, FakeChannel) {
    let network = Network::new();
    let (one, other) = (network.channel("sykehus", &["10"]), network.channel("kommune", &["20"]));
    (network, one, other)
}

#[tokio::test]
async fn nothing_arrives_before_it_is_delivered_and_then_in_the_order_that_the_test_wants() {
    let (network, one, other) = two();
    for number in 1..=3 {
        one.send(&parcel(number, "10", "20")).await.unwrap();
    }
    assert!(other.try_receive().is_none());
    network.deliver(2).unwrap();
    network.deliver_all();
    for number in [3, 1, 2] {
        let arrival = other.receive().await;
        assert_eq!(parcel_in(&arrival), &parcel(number, "10", "20"));
        arrival.settle(Settle::Taken).await;
    }
    assert!(network.is_quiet());
}

#[tokio::test]
async fn mishaps_happen_to_one_sending_each() {
    let (network, one, _other) = two();
    network.plan([
        Mishap::AnswerLost,
        Mishap::Lost,
        Mishap::Later,
        Mishap::Refused("amqp:not-found".into()),
        Mishap::Doubled,
        Mishap::None,
    ]);
    for on_their_way in [1, 1, 1, 1, 3, 4, 5] {
        let sent = one.send(&parcel(1, "10", "20")).await;
        assert_eq!(network.on_their_way(), on_their_way, "{sent:?}");
    }
    network.double(0).unwrap();
    network.lose(0).unwrap();
    assert_eq!(network.on_their_way(), 5);
}

#[tokio::test]
async fn later_and_dropped_come_again_and_refused_is_told_the_sender() {
    let (network, one, other) = two();
    one.send(&parcel(1, "10", "20")).await.unwrap();
    network.deliver_all();
    other.receive().await.settle(Settle::Later).await;
    drop(other.receive().await);
    let fault = FaultReport {
        about: String::new(),
        condition: "transport:invalid-encoding".into(),
        says: "x".into(),
        at: None,
    };
    other.receive().await.settle(Settle::Refused(fault.clone())).await;
    assert!(other.try_receive().is_none());
    network.deliver_all();
    let told = one.receive().await;
    assert_eq!(told.received, Received::Fault(FaultReport { about: parcel(1, "10", "20").id, ..fault }));
    told.settle(Settle::Taken).await;
    assert!(network.is_quiet());
}

#[tokio::test]
async fn a_channel_that_is_down_neither_sends_nor_receives() {
    let (network, one, other) = two();
    one.send(&parcel(1, "10", "20")).await.unwrap();
    network.deliver_all();
    network.take_down("kommune");
    assert!(other.try_receive().is_none());
    assert!(matches!(other.send(&parcel(2, "20", "10")).await, Err(SendFault::Later { .. })));
    assert!(matches!(other.health(), Health::Down { .. }));
    network.bring_up("kommune");
    assert_eq!(parcel_in(&other.receive().await).id, parcel(1, "10", "20").id);
    assert_eq!(other.health(), Health::Up);
}

#[tokio::test]
async fn a_waiting_receive_hears_of_what_is_delivered() {
    let (network, one, other) = two();
    one.send(&parcel(1, "10", "20")).await.unwrap();
    let (arrival, _) = tokio::join!(other.receive(), async {
        tokio::task::yield_now().await;
        network.deliver_next()
    });
    assert_eq!(parcel_in(&arrival).id, parcel(1, "10", "20").id);
}
