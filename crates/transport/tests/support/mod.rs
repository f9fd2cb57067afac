//! What the tests of channels have in common.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use samspill_transport::{Arrival, Channel, Parcel, Received};

/// So long that only a fault reaches it.
pub(crate) const LIMIT: Duration = Duration::from_mins(2);

/// A made-up parcel whose id and text end in this number.
pub(crate) fn parcel(number: u32, from: &str, to: &str) -> Parcel {
    Parcel {
        id: format!("00000000-0000-4000-8000-{number:012}"),
        from: from.to_owned(),
        to: to.to_owned(),
        kind: "LOG_INNLAGT".to_owned(),
        message: String::new(),
        conversation: Some(format!("samtale-{number}")),
        made: Timestamp::constant(1_772_359_200, 0),
        bytes: format!("<melding>{number} æøå</melding>").into_bytes(),
    }
}

/// Waits until something is so.
pub(crate) async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < LIMIT, "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The next arrival.
pub(crate) async fn next(channel: &dyn Channel) -> Arrival {
    tokio::time::timeout(LIMIT, channel.receive()).await.expect("something arrives")
}

/// The parcel in an arrival.
pub(crate) fn parcel_in(arrival: &Arrival) -> &Parcel {
    match &arrival.received {
        Received::Parcel(parcel) => parcel,
        Received::Fault(fault) => panic!("a fault: {fault:?}"),
    }
}
