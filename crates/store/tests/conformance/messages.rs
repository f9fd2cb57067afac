//! Messages: kept as they are, found again, and never changed.

use samspill_base::Position;
use samspill_store::{
    Before, Came, Direction, KeptMessage, LifeRow, MessageFilter, MessageLine, MessageNumber, NameError,
    NewMessage, NewOutgoing, OutboxState, Outcome, Standing, StoreError,
};

use crate::{
    bench::{Bench, on_both},
    samples::{append, at, community, entry, incoming, nord, one, outgoing, ties},
};

/// What must be read of a message that was kept.
fn kept(number: u64, message: &NewMessage) -> KeptMessage {
    let NewMessage { direction, id, kind, from, to, case, about, made, at, channel, parcel, bytes, ties } =
        message.clone();
    KeptMessage {
        number: MessageNumber(number),
        direction,
        id,
        kind,
        from,
        to,
        case,
        about,
        made,
        at,
        channel,
        parcel,
        bytes,
        ties,
        standing: Standing::Taken,
        notes: String::new(),
    }
}

/// A message with what is hard to keep.
fn hard() -> NewMessage {
    NewMessage {
        id: "ø\u{1F600}'\"\\\n".to_owned(),
        kind: String::new(),
        case: Some("sak ø".to_owned()),
        made: Some(at("1969-12-31T23:59:59.999999Z")),
        at: at("9999-12-30T00:00:00.000001Z"),
        bytes: (0..=255).cycle().take(70_000).collect(),
        ties: (0..33).map(|number| format!("bånd {number:02}")).collect(),
        ..incoming("x")
    }
}

/// A message of one sender or kind among others.
fn numbered(number: u64) -> NewMessage {
    let minute = at("2025-01-01T12:00:00Z") + jiff::SignedDuration::from_mins(i64::try_from(number).unwrap());
    NewMessage {
        direction: if number.is_multiple_of(3) { Direction::Out } else { Direction::In },
        kind: format!("kind {}", number % 2),
        from: format!("fra {}", number % 4),
        to: format!("til {}", number % 5),
        case: number.is_multiple_of(2).then(|| format!("sak {}", number % 6)),
        at: minute,
        ..incoming(&format!("m{}", number % 7))
    }
}

fn numbers(lines: &[MessageLine]) -> Vec<u64> {
    lines.iter().map(|line| line.number.0).collect()
}

on_both! {
    async fn a_message_is_read_as_it_was_kept(bench: Bench) {
        let store = bench.open().await;
        let all = [
            hard(),
            NewMessage { id: String::new(), bytes: Vec::new(), ties: ties(&[]), made: None, ..incoming("x") },
            outgoing("ut"),
            // Of a receipt, what it is about is a tie.
            NewMessage { about: Some("ut".to_owned()), ties: ties(&["ut", "pasient"]), ..incoming("kvittering") },
        ];
        let mut tx = store.begin(&nord()).await.unwrap();
        for (message, number) in all.iter().zip(1..) {
            assert_eq!(tx.keep_message(message).await.unwrap(), MessageNumber(number));
            assert_eq!(tx.message(MessageNumber(number)).await.unwrap(), Some(kept(number, message)));
        }
        tx.commit().await.unwrap();
        for (message, number) in all.iter().zip(1..) {
            let found = store.message(&nord(), MessageNumber(number)).await.unwrap();
            assert_eq!(found, Some(kept(number, message)));
        }
        for number in [0, 5, u64::MAX] {
            assert_eq!(store.message(&nord(), MessageNumber(number)).await.unwrap(), None);
        }
        assert_eq!(store.message(&community("sor"), MessageNumber(1)).await.unwrap(), None);
    }

    async fn instants_are_kept_in_microseconds_rounded_down(bench: Bench) {
        let store = bench.open().await;
        let mut tx = store.begin(&nord()).await.unwrap();
        let message = NewMessage { at: at("1969-12-31T23:59:59.999999999Z"), made: Some(at("2025-01-01T00:00:00.000001999Z")), ..incoming("a") };
        let number = tx.keep_message(&message).await.unwrap();
        let found = tx.message(number).await.unwrap().unwrap();
        assert_eq!((found.at, found.made), (at("1969-12-31T23:59:59.999999Z"), Some(at("2025-01-01T00:00:00.000001Z"))));
        tx.commit().await.unwrap();
        assert!(store.verify(&nord(), &[]).await.unwrap().is_whole());
    }

    async fn messages_entries_and_parcels_stand_together_or_not_at_all(bench: Bench) {
        let store = bench.open().await;
        for round in 0..3 {
            let mut tx = store.begin(&nord()).await.unwrap();
            let number = tx.keep_message(&incoming("a")).await.unwrap();
            tx.append(&one("a", "1", "inn")).await.unwrap();
            assert!(tx.enqueue(&parcel("p", number)).await.unwrap(), "round {round}");
            tx.set_life(&LifeRow { id: "a".to_owned(), message: number, deadline: None, needs_person: false, json: "{}".to_owned() }).await.unwrap();
            drop(tx);
        }
        assert_eq!(store.head(&nord()).await.unwrap().position, Position(0));
        assert_eq!(store.messages(&nord(), &MessageFilter::default(), MessageNumber(0), 9).await.unwrap(), []);
        assert_eq!(store.outbox(&nord(), None, "", 9).await.unwrap(), []);
        let mut tx = store.begin(&nord()).await.unwrap();
        assert_eq!(tx.life("a").await.unwrap(), None);
        assert_eq!(tx.keep_message(&incoming("a")).await.unwrap(), MessageNumber(1), "no number is lost");
    }

    async fn each_community_has_its_own_numbers(bench: Bench) {
        let store = bench.open().await;
        for (community, number) in [(nord(), 1), (community("sor"), 1), (nord(), 2)] {
            let kept = store.write::<_, StoreError>(&community, async |tx| tx.keep_message(&incoming("a")).await).await;
            assert_eq!(kept.unwrap(), MessageNumber(number));
        }
        assert_eq!(store.communities().await.unwrap(), [], "messages are no entries");
    }

    async fn messages_are_found_by_id_and_by_parcel(bench: Bench) {
        let store = bench.open().await;
        let mut tx = store.begin(&nord()).await.unwrap();
        for (id, channel, parcel, direction) in [
            ("a", "amqp", "p1", Direction::In),
            ("A", "amqp", "p2", Direction::In),
            ("a", "mappe", "p1", Direction::Out),
            ("", "amqp", "p1", Direction::In),
            ("", "amqp", "", Direction::In),
        ] {
            let (channel, parcel) = (channel.to_owned(), parcel.to_owned());
            tx.keep_message(&NewMessage { channel, parcel, direction, ..incoming(id) }).await.unwrap();
        }
        for (id, numbers) in [("a", vec![1, 3]), ("A", vec![2]), ("", vec![4, 5]), ("b", vec![])] {
            let found = tx.messages_of_id(id).await.unwrap();
            assert_eq!(found.iter().map(|it| it.number.0).collect::<Vec<_>>(), numbers, "{id}");
        }
        for (direction, id, number) in [(Direction::In, "a", Some(1)), (Direction::Out, "a", Some(3)), (Direction::Out, "A", None)] {
            let found = tx.first_of_id(direction, id).await.unwrap();
            assert_eq!(found.map(|it| it.number.0), number, "{id}");
        }
    }

    async fn what_came_before_is_the_first_of_its_id_and_the_very_same_parcel(bench: Bench) {
        let store = bench.open().await;
        let mut tx = store.begin(&nord()).await.unwrap();
        for (id, parcel, bytes) in [("a", "p1", "1"), ("a", "p2", "2"), ("a", "p2", "3"), ("", "p3", "4"), ("", "p3", "5"), ("", "", "6")] {
            let (channel, parcel, bytes) = ("amqp".to_owned(), parcel.to_owned(), bytes.as_bytes().to_vec());
            tx.keep_message(&NewMessage { channel, parcel, bytes, ..incoming(id) }).await.unwrap();
        }
        let sent = NewMessage { direction: Direction::Out, ..incoming("b") };
        tx.keep_message(&sent).await.unwrap();
        for (id, channel, parcel, bytes, first, again) in [
            ("a", "amqp", "p1", "1", Some(1), Some(1)),
            ("a", "amqp", "p2", "3", Some(1), Some(3)),
            ("a", "amqp", "p2", "9", Some(1), None),
            ("a", "mappe", "p2", "3", Some(1), None),
            ("", "amqp", "p3", "5", Some(4), Some(5)),
            ("", "mappe", "p3", "5", None, None),
            ("", "amqp", "", "6", None, None),
            ("b", "amqp", "p1", "1", None, None),
        ] {
            let came = Came { id, channel, parcel, bytes: bytes.as_bytes() };
            let Before { first: found, again: same } = tx.came_before(&came).await.unwrap();
            let number = |kept: Option<KeptMessage>| kept.map(|it| it.number.0);
            assert_eq!((number(found), number(same)), (first, again), "{id} {channel} {parcel} {bytes}");
        }
    }

    async fn what_became_of_a_message_is_told_beside_it(bench: Bench) {
        let store = bench.open().await;
        let mut tx = store.begin(&nord()).await.unwrap();
        let first = NewMessage { case: Some("sak 1".to_owned()), ..incoming("a") };
        let number = tx.keep_message(&first).await.unwrap();
        for standing in Standing::ALL {
            tx.stand(number, *standing, None, "{\"a\":1}").await.unwrap();
            let found = tx.message(number).await.unwrap().unwrap();
            assert_eq!((found.standing, found.case.as_deref(), found.notes.as_str()), (*standing, Some("sak 1"), "{\"a\":1}"));
        }
        tx.stand(number, Standing::Settled, Some("sak 2"), "").await.unwrap();
        let found = tx.message(number).await.unwrap().unwrap();
        assert_eq!((found.case.as_deref(), found.notes.as_str()), (Some("sak 2"), ""));
        for number in [0, 2, u64::MAX] {
            let error = tx.stand(MessageNumber(number), Standing::Taken, None, "").await.unwrap_err();
            assert!(matches!(error, StoreError::NoMessage(_)), "{error}");
        }
        tx.commit().await.unwrap();
        assert!(store.verify(&nord(), &[]).await.unwrap().is_whole(), "where it stands is no part of it");
    }

    async fn what_cant_be_kept_is_refused_and_the_transaction_goes_on(bench: Bench) {
        let store = bench.open().await;
        let long = |bytes: usize| "x".repeat(bytes);
        let mut tx = store.begin(&nord()).await.unwrap();
        for (message, fits) in [
            (incoming(&long(1000)), true),
            (incoming(&long(1001)), false),
            (incoming("a\0b"), false),
            (NewMessage { parcel: "\0".to_owned(), ..incoming("a") }, false),
            (NewMessage { about: Some(long(1001)), ..incoming("a") }, false),
            (NewMessage { case: Some(String::new()), ..incoming("a") }, false),
            (NewMessage { ties: [long(1000)].into(), ..incoming("a") }, true),
            (NewMessage { ties: [long(1001)].into(), ..incoming("a") }, false),
            (NewMessage { ties: ties(&[""]), ..incoming("a") }, false),
            (NewMessage { ties: (0..256).map(|it| it.to_string()).collect(), ..incoming("a") }, true),
            (NewMessage { ties: (0..257).map(|it| it.to_string()).collect(), ..incoming("a") }, false),
        ] {
            let done = tx.keep_message(&message).await;
            assert_eq!(done.is_ok(), fits, "{done:?}");
        }
        let error = tx.keep_message(&incoming("\0")).await.unwrap_err();
        assert!(matches!(error, StoreError::Name(NameError::Nul { what: "id of a message" })), "{error}");
        tx.commit().await.unwrap();
        let all = store.messages(&nord(), &MessageFilter::default(), MessageNumber(0), 9).await.unwrap();
        assert_eq!(numbers(&all), [1, 2, 3]);
    }

    async fn rows_of_messages_ties_and_decisions_are_only_ever_added(bench: Bench) {
        let store = bench.open().await;
        let mut tx = store.begin(&nord()).await.unwrap();
        tx.keep_message(&incoming("a")).await.unwrap();
        tx.decide(&crate::samples::decision("stay", "a", "sak 1")).await.unwrap();
        tx.commit().await.unwrap();
        for table in ["message", "message_tie", "decision"] {
            for sql in [format!("UPDATE {table} SET number = 7"), format!("DELETE FROM {table}")] {
                let error = bench.raw(&sql).await.unwrap_err().to_string();
                assert!(error.contains("only grow"), "{sql}: {error}");
            }
        }
        bench.raw_each("SELECT 1", "DO $$ BEGIN TRUNCATE message; RAISE EXCEPTION 'truncated'; EXCEPTION WHEN raise_exception THEN IF SQLERRM NOT LIKE '%only grow%' THEN RAISE; END IF; END $$").await.unwrap();
        for (columns, table) in [
            ("community, 3, direction, message_id, kind, sender, receiver, case_name, about, made_us, at_us, channel, parcel, digest, bytes, key_id, size", "message"),
            ("community, 1, direction, message_id, kind, sender, receiver, case_name, about, made_us, at_us, channel, parcel, digest, bytes, key_id, size", "message"),
            ("community, 3, what, subject, decided, decided_by, at_us, why, digest, key_id, sealed", "decision"),
        ] {
            let error = bench.raw(&format!("INSERT INTO {table} SELECT {columns} FROM {table}")).await.unwrap_err().to_string();
            assert!(error.contains("next number"), "{error}");
        }
        assert!(store.verify(&nord(), &[]).await.unwrap().is_whole());
    }

    async fn lists_give_what_all_that_is_asked_for_fits(bench: Bench) {
        let store = bench.open().await;
        let mut tx = store.begin(&nord()).await.unwrap();
        let mut all = Vec::new();
        for number in 1..=60 {
            let message = numbered(number);
            tx.keep_message(&message).await.unwrap();
            let standing = if number % 8 == 0 { Standing::Question } else { Standing::Taken };
            tx.stand(MessageNumber(number), standing, None, "").await.unwrap();
            all.push((number, message, standing));
        }
        tx.commit().await.unwrap();
        let any = MessageFilter::default;
        let text = |text: &str| Some(text.to_owned());
        for filter in [
            any(),
            MessageFilter { direction: Some(Direction::Out), ..any() },
            MessageFilter { kind: text("kind 1"), ..any() },
            MessageFilter { from: text("fra 3"), to: text("til 2"), ..any() },
            MessageFilter { ends: ties(&["fra 3", "til 2"]), ..any() },
            MessageFilter { ends: ties(&["fra"]), ..any() },
            MessageFilter { ends: ties(&["til 2"]), standing: Some(Standing::Question), ..any() },
            MessageFilter { ends: ties(&["fra 3", "til 2"]), direction: Some(Direction::In), ..any() },
            MessageFilter { ends: ties(&["fra 3"]), since: Some(at("2025-01-01T12:10:00Z")), until: Some(at("2025-01-01T12:30:00Z")), ..any() },
            MessageFilter { case: text("sak 4"), ..any() },
            MessageFilter { case: text("sak 4"), standing: Some(Standing::Question), ..any() },
            MessageFilter { standing: Some(Standing::Question), ..any() },
            MessageFilter { standing: Some(Standing::Taken), kind: text("kind 0"), ..any() },
            MessageFilter { id: text("m3"), ..any() },
            MessageFilter { id: text("m3"), direction: Some(Direction::In), ..any() },
            MessageFilter { id: text("finnes ikke"), ..any() },
            MessageFilter { since: Some(at("2025-01-01T12:10:00Z")), ..any() },
            MessageFilter { until: Some(at("2025-01-01T12:10:00Z")), ..any() },
            MessageFilter { since: Some(at("2025-01-01T12:10:00Z")), until: Some(at("2025-01-01T12:11:00Z")), ..any() },
            MessageFilter { since: Some(at("2025-01-02T00:00:00Z")), ..any() },
            MessageFilter { until: Some(at("2025-01-01T00:00:00Z")), ..any() },
            MessageFilter { since: Some(at("2025-01-01T12:20:00Z")), standing: Some(Standing::Question), to: text("til 0"), ..any() },
        ] {
            let fits = |message: &NewMessage, standing: Standing| {
                filter.direction.is_none_or(|it| it == message.direction)
                    && filter.kind.as_ref().is_none_or(|it| *it == message.kind)
                    && filter.from.as_ref().is_none_or(|it| *it == message.from)
                    && filter.to.as_ref().is_none_or(|it| *it == message.to)
                    && filter.case.as_ref().is_none_or(|it| Some(it) == message.case.as_ref())
                    && filter.standing.is_none_or(|it| it == standing)
                    && filter.since.is_none_or(|it| message.at >= it)
                    && filter.until.is_none_or(|it| message.at < it)
                    && filter.id.as_ref().is_none_or(|it| *it == message.id)
                    && (filter.ends.is_empty() || filter.ends.contains(&message.from) || filter.ends.contains(&message.to))
            };
            let expected: Vec<u64> = all.iter().filter(|(_, message, standing)| fits(message, *standing)).map(|(number, ..)| *number).collect();
            let found = store.messages(&nord(), &filter, MessageNumber(0), 100).await.unwrap();
            assert_eq!(numbers(&found), expected, "{filter:?}");
            // In pages of three, each after the last of the one before.
            let (mut pages, mut after) = (Vec::new(), MessageNumber(0));
            loop {
                let page = store.messages(&nord(), &filter, after, 3).await.unwrap();
                let Some(last) = page.last() else { break };
                after = last.number;
                pages.extend(numbers(&page));
            }
            assert_eq!(pages, expected, "{filter:?}");
        }
    }

    async fn few_messages_of_a_party_are_found_among_many_of_others(bench: Bench) {
        let store = bench.open().await;
        let mut tx = store.begin(&nord()).await.unwrap();
        let own = [1, 2, 70, 200, 265, 299];
        for number in 1..=300 {
            let mut message = numbered(number);
            if own.contains(&number) {
                let end = if number % 2 == 0 { &mut message.from } else { &mut message.to };
                "vår".clone_into(end);
            }
            tx.keep_message(&message).await.unwrap();
        }
        tx.commit().await.unwrap();
        let filter = MessageFilter { ends: ties(&["vår", "finnes ikke"]), ..MessageFilter::default() };
        for limit in [1, 2, 5, 6, 7] {
            let (mut pages, mut after) = (Vec::new(), MessageNumber(0));
            loop {
                let page = store.messages(&nord(), &filter, after, limit).await.unwrap();
                let Some(last) = page.last() else { break };
                after = last.number;
                assert!(page.len() <= limit);
                pages.extend(numbers(&page));
            }
            assert_eq!(pages, own, "pages of {limit}");
        }
        assert_eq!(store.messages(&nord(), &filter, MessageNumber(0), 0).await.unwrap().len(), 0);
    }

    async fn what_a_person_may_have_to_look_at_is_found_among_all_else(bench: Bench) {
        let store = bench.open().await;
        let mut tx = store.begin(&nord()).await.unwrap();
        let now = at("2025-01-02T00:00:00Z");
        let just_after = now + jiff::SignedDuration::from_micros(1);
        for number in 1..=300 {
            tx.keep_message(&numbered(number)).await.unwrap();
        }
        for (number, standing) in [
            (1, Standing::Question),
            (2, Standing::Conflict),
            (3, Standing::Unreadable),
            (4, Standing::NotOurs),
            (5, Standing::Taken),
            (6, Standing::Settled),
            (7, Standing::Refused),
            (8, Standing::Duplicate),
        ] {
            tx.stand(MessageNumber(number), standing, None, "").await.unwrap();
        }
        for (number, deadline, needs_person) in
            [(100, None, true), (101, None, false), (102, Some(now), false), (103, Some(just_after), false), (104, Some(just_after), true)]
        {
            let (id, message, json) = (number.to_string(), MessageNumber(number), "{}".to_owned());
            tx.set_life(&LifeRow { id, message, deadline, needs_person, json }).await.unwrap();
        }
        for number in [200, 201] {
            tx.enqueue(&parcel(&number.to_string(), MessageNumber(number))).await.unwrap();
        }
        assert!(tx.outgoing_dead("200", now, "borte", "").await.unwrap());
        tx.commit().await.unwrap();
        let any = || MessageFilter { for_persons_at: Some(now), ..MessageFilter::default() };
        for (filter, expected) in [
            (any(), vec![1, 2, 3, 4, 100, 102, 104, 200]),
            (MessageFilter { for_persons_at: Some(just_after), ..any() }, vec![1, 2, 3, 4, 100, 102, 103, 104, 200]),
            (MessageFilter { direction: Some(Direction::Out), ..any() }, vec![3, 102]),
            (MessageFilter { ends: ties(&["fra 0"]), ..any() }, vec![4, 100, 104, 200]),
            (MessageFilter { since: Some(at("2025-01-01T13:42:00Z")), ..any() }, vec![102, 104, 200]),
        ] {
            for limit in [2, 100] {
                let (mut pages, mut after) = (Vec::new(), MessageNumber(0));
                loop {
                    let page = store.messages(&nord(), &filter, after, limit).await.unwrap();
                    let Some(last) = page.last() else { break };
                    after = last.number;
                    pages.extend(numbers(&page));
                }
                assert_eq!(pages, expected, "{filter:?}, in pages of {limit}");
            }
        }
    }

    async fn a_line_tells_where_the_message_is(bench: Bench) {
        let store = bench.open().await;
        let mut tx = store.begin(&nord()).await.unwrap();
        let first = tx.keep_message(&outgoing("a")).await.unwrap();
        let second = tx.keep_message(&outgoing("b")).await.unwrap();
        let life = LifeRow { id: "b".to_owned(), message: second, deadline: Some(at("2025-01-02T00:00:00Z")), needs_person: true, json: "{}".to_owned() };
        tx.set_life(&life).await.unwrap();
        tx.enqueue(&parcel("p2", second)).await.unwrap();
        tx.enqueue(&parcel("p1", second)).await.unwrap();
        tx.commit().await.unwrap();
        let lines = store.messages(&nord(), &MessageFilter::default(), MessageNumber(0), 9).await.unwrap();
        assert_eq!(numbers(&lines), [first.0, second.0]);
        assert_eq!((lines[0].outgoing.len(), lines[0].life.clone()), (0, None));
        assert_eq!(lines[1].outgoing.iter().map(|it| (it.id.as_str(), it.state)).collect::<Vec<_>>(), [("p1", OutboxState::Waiting), ("p2", OutboxState::Waiting)]);
        assert_eq!(lines[1].life, Some(life));
        assert_eq!(lines[1].size, 3);
    }

    async fn the_entries_of_a_case_are_read_with_what_was_appended_just_now(bench: Bench) {
        let store = bench.open().await;
        store.append(&nord(), &append("a", &[entry("1", "inn"), entry("2", "inn")])).await.unwrap();
        let mut tx = store.begin(&nord()).await.unwrap();
        assert_eq!(tx.append(&one("b", "1", "ut")).await.unwrap().outcome, Outcome::Appended);
        let found = tx.case_entries("1").await.unwrap();
        assert_eq!(found.iter().map(|it| (it.position.0, it.kind.as_str())).collect::<Vec<_>>(), [(1, "inn"), (3, "ut")]);
        assert_eq!(store.case_entries(&nord(), "1").await.unwrap().len(), 1, "others don't see it yet");
        tx.commit().await.unwrap();
        assert_eq!(store.case_entries(&nord(), "1").await.unwrap(), found);
        assert_eq!(store.case_entries(&nord(), "3").await.unwrap(), []);
        let mut tx = store.begin(&nord()).await.unwrap();
        assert_eq!(tx.case_entries("3").await.unwrap(), []);
    }

    async fn cases_are_listed_in_pages(bench: Bench) {
        let store = bench.open().await;
        for (key, case) in ["b", "a", "ø", "c", "a"].into_iter().enumerate() {
            store.append(&nord(), &one(&key.to_string(), case, "inn")).await.unwrap();
        }
        assert_eq!(store.cases(&nord(), "", 9).await.unwrap(), ["a", "b", "c", "ø"]);
        assert_eq!(store.cases(&nord(), "a", 2).await.unwrap(), ["b", "c"]);
        assert_eq!(store.cases(&nord(), "ø", 2).await.unwrap(), [""; 0]);
        assert_eq!(store.cases(&community("sor"), "", 2).await.unwrap(), [""; 0]);
    }
}

fn parcel(id: &str, message: MessageNumber) -> NewOutgoing {
    NewOutgoing {
        id: id.to_owned(),
        message,
        channel: "amqp".to_owned(),
        to: "HER:2".to_owned(),
        due: at("2025-01-01T00:00:00Z"),
        made: at("2025-01-01T00:00:00Z"),
    }
}
