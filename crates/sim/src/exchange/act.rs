//! What a party does, through its node.

use jiff::SignedDuration;
use samspill_base::{Entry, Position, Value};
use samspill_service::exchange::{mailroom::MailError, meaning::Known};
use samspill_store::{Append, AppendKey};
use samspill_transport::Parcel;

use super::{
    Check, Failure,
    crash::stopped_after,
    harness::{Harness, Look, Posted},
};
use crate::{Act, ActKind, Chance, Form, PostError, post, time::after};

impl Harness {
    /// A party reads what is new in its log, and does what it then wants to.
    pub(super) async fn wakes(&mut self, place: usize) -> Result<(), Failure> {
        let news = self.nodes[place].news().await.map_err(|error| self.machine(&error))?;
        let acts = self.partners[place].next(&news, self.now);
        for act in acts {
            match act.what {
                ActKind::Event => self.registers(place, &act).await?,
                ActKind::Message(form) => self.sends(place, &act, form).await?,
            }
        }
        self.plan_wake(place);
        Ok(())
    }

    /// An event goes into the log as somebody types it in, in the case that the log has for the stay.
    async fn registers(&mut self, place: usize, act: &Act) -> Result<(), Failure> {
        let now = self.clock(place);
        self.nodes[place].events.insert(act.entry.id.clone().unwrap_or_default(), act.stay);
        let node = &self.nodes[place];
        let case = node.case(act.stay).unwrap_or(&act.entry.case).to_owned();
        let entry = Entry { case, position: Position(0), recorded: Some(now), ..act.entry.clone() };
        let key = AppendKey::new(format!("hendelse-{}", entry.id.as_deref().unwrap_or_default()));
        let key = key.map_err(|error| self.machine(&error))?;
        let append = Append { key, recorded: now, entries: vec![entry] };
        let done = node.room.store().append(node.room.community(), &append).await;
        done.map_err(|error| self.machine(&error))?;
        self.count("events");
        self.look(Look::Log, place, self.now);
        Ok(())
    }

    async fn sends(&mut self, place: usize, act: &Act, form: Form) -> Result<(), Failure> {
        let posted = match self.write(place, act) {
            Ok(posted) => posted,
            Err(error) => {
                let says = format!("{} can't be sent: {error}", act.entry.kind);
                return Err(self.failure(Check::Send, act.entry.id.as_deref(), says));
            }
        };
        let sent = self.send(place, &posted.bytes).await;
        let is_by_mailroom = match sent {
            Ok(()) => true,
            // What a mailroom doesn't send, another system may.
            Err(MailError::Unreadable(_)) if matches!(form, Form::Wrong(_)) => false,
            Err(error) => return Err(self.failure(Check::Send, Some(&posted.id), error.to_string())),
        };
        let named = act.entry.field("gjelder").and_then(Value::as_text).map(str::to_owned);
        let note = Posted {
            by: place,
            to: self.node_of(&posted.to),
            at: act.at,
            stay: act.stay,
            cancels: named.filter(|_| act.entry.kind == "kansellering"),
            is_by_mailroom,
        };
        self.posted.insert(posted.id.clone(), note);
        if is_by_mailroom {
            self.count("messages");
            self.look(Look::Outbox, place, after(self.now, SignedDuration::from_secs(1)));
        } else {
            self.count("messages past the mailroom");
            self.net.send_past(past(act, posted));
        }
        self.look(Look::Log, place, self.now);
        Ok(())
    }

    /// Makes the message. The system of the party knows its log, and what it wrote itself that waits for a person there.
    fn write(&mut self, place: usize, act: &Act) -> Result<crate::Posted, PostError> {
        let log = self.nodes[place].stays.get(&act.stay).cloned().unwrap_or_default();
        let own = self.written.entry((place, act.stay)).or_default();
        let (known, world) = (Known::default(), &self.world);
        let posted = post(act, &log, &known, world)
            .or_else(|_| post(act, &[log, own.clone()].concat(), &known, world));
        own.push(act.entry.clone());
        posted
    }

    /// Sends, and where the node stops in the middle sends again when it is there again.
    async fn send(&mut self, place: usize, bytes: &[u8]) -> Result<(), MailError> {
        let now = self.clock(place);
        if let Some(turns) = self.stops(place) {
            let room = self.nodes[place].room.clone();
            let _stopped = stopped_after(turns, Box::pin(room.send(bytes, now))).await;
            drop(room);
            self.nodes[place].restart().await?;
        }
        Box::pin(self.nodes[place].room.send(bytes, now)).await.map(drop)
    }

    /// Whether a node stops in the middle of the step that it takes now, and after how many turns.
    pub(super) fn stops(&mut self, place: usize) -> Option<u32> {
        let node = &mut self.nodes[place];
        node.steps += 1;
        if self.is_calm || !self.plan.crashes(&node.name, node.steps) {
            return None;
        }
        let mut chance = Chance::of(self.seed).branch("turns").branch(&node.name).nth(node.steps);
        self.count("crashes");
        Some(1 + chance.below(60))
    }
}

fn past(act: &Act, posted: crate::Posted) -> Parcel {
    Parcel {
        id: format!("utenom-{}", posted.id),
        from: posted.from,
        to: posted.to,
        kind: posted.kind.message_type().to_owned(),
        message: posted.id,
        conversation: None,
        made: act.at,
        bytes: posted.bytes,
    }
}
