//! Snapshots: whole ones come back as they were, others are refused.

use samspill_base::Value;
use samspill_engine::{
    Dates,
    program::Program,
    watch::{Event, Named, SnapshotError, Watch},
};

use crate::{
    small::{RULES, agreement, event, hour},
    stated::watch,
};

fn filled() -> (Watch, Vec<u8>) {
    let rules = format!("{RULES}when = 'alder >= 67'\n[[fact]]\nid = \"alder\"\ntype = \"number\"\n");
    let mut watch = watch(&agreement(&rules));
    watch.advance(hour(40), |_, _| ());
    for case in 0..40 {
        let alder = [("alder", Value::text(case.to_string()))];
        let name = format!("sak-{case}");
        let facts = if case % 3 == 0 { Named::NONE } else { Named::Pairs(&alder) };
        watch.take(&Event { facts, id: Some("m1"), ..event(&name, "spor", 1, 1) });
        watch.take(&event(&name, "svar", 2, case));
    }
    let mut bytes = Vec::new();
    watch.write_snapshot(&mut bytes).expect("memory takes all bytes");
    (watch, bytes)
}

#[test]
fn a_snapshot_of_a_snapshot_is_the_same() {
    let (watch, bytes) = filled();
    let again = Watch::read_snapshot(watch.program().clone(), bytes.as_slice()).unwrap();
    let mut second = Vec::new();
    again.write_snapshot(&mut second).unwrap();
    assert_eq!((second, again.now(), again.len()), (bytes, watch.now(), watch.len()));
}

#[test]
fn a_snapshot_that_is_cut_off_anywhere_is_refused() {
    let (watch, bytes) = filled();
    for len in 0..bytes.len() {
        let cut = Watch::read_snapshot(watch.program().clone(), &bytes[..len]);
        assert!(matches!(cut, Err(SnapshotError::Read(_))), "{len}");
    }
}

#[test]
fn a_snapshot_with_any_byte_changed_is_refused() {
    let (watch, bytes) = filled();
    for place in 0..bytes.len() {
        for change in [1, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[place] ^= change;
            assert!(Watch::read_snapshot(watch.program().clone(), changed.as_slice()).is_err(), "{place}");
        }
    }
}

#[test]
fn a_snapshot_of_other_rules_is_refused() {
    let (_, bytes) = filled();
    for rules in [RULES.to_owned(), RULES.replace("24 hours", "25 hours")] {
        let other = Program::compile(&agreement(&rules), Dates::InForce);
        let refused = Watch::read_snapshot(other, bytes.as_slice());
        assert!(matches!(refused, Err(SnapshotError::OtherAgreement)));
    }
    let refused =
        Watch::read_snapshot(watch(&agreement(RULES)).program().clone(), &b"something else altogether"[..]);
    assert!(matches!(refused, Err(SnapshotError::OtherFormat)));
}

proptest::proptest! {
    /// What passes the checksums by chance, or was made so by someone, is refused or read; nothing falls over.
    #[test]
    fn any_bytes_behind_a_right_head_are_refused_or_read(contents in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
        let (watch, bytes) = filled();
        let mut made = bytes[..20].to_vec();
        made.extend(contents);
        let _ = Watch::read_snapshot(watch.program().clone(), made.as_slice());
    }
}
