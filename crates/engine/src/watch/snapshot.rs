//! A watch as bytes, and back.
//!
//! Kept are the cases with what rules ask of their entries. Duties and limits are not: they are read anew, so that nothing
//! derived is believed. The head says the format, and which rules the snapshot was made under.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
    io::{self, Read, Write},
};

use samspill_base::{
    Entry, Position, Value,
    columns::{NO_TIME, instant},
};

use super::{
    Arrival, Event, Watch,
    encode::{
        byte, corrupt, difference, number, put_difference, put_number, put_text, put_value, text, value,
    },
    frames::{Checksum, FrameReader, FrameWriter},
    kept::{Extra, HAS_BODY, Packed},
};
use crate::program::Program;

/// How a snapshot begins: what it is, and the version of the format.
const HEAD: [u8; 12] = *b"SAMSPILLW\0\0\x01";

/// Why a snapshot can't be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum SnapshotError {
    /// It isn't a snapshot, or one of another format.
    OtherFormat,
    /// It was made under other rules: read the log anew.
    OtherAgreement,
    /// It was cut off or changed, or can't be read at all. What the reader said.
    Read(io::Error),
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherFormat => f.write_str("this is no snapshot of this format: read the log anew"),
            Self::OtherAgreement => f.write_str(
                "the snapshot was made under another agreement or by another build: read the log anew",
            ),
            Self::Read(error) => {
                write!(f, "the snapshot can't be read, take an older one or read the log anew: {error}")
            }
        }
    }
}

impl std::error::Error for SnapshotError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read(error) => Some(error),
            Self::OtherFormat | Self::OtherAgreement => None,
        }
    }
}

impl From<io::Error> for SnapshotError {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

/// Which of the rest an entry has, as bits.
const BODY: u64 = 1;
const EXTRA: u64 = 2;

impl Watch {
    /// Writes all cases.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_snapshot(&self, mut to: impl Write) -> io::Result<()> {
        to.write_all(&HEAD)?;
        to.write_all(&fingerprint(&self.program).to_le_bytes())?;
        let mut to = FrameWriter::new(to);
        put_difference(&mut to, 0, self.now)?;
        put_number(&mut to, self.words.kind_names.len() as u64)?;
        for name in &self.words.kind_names {
            put_text(&mut to, name)?;
        }
        put_number(&mut to, self.len() as u64)?;
        for (case, open) in self.cases.iter().filter(|(_, open)| open.entries.len() > 0) {
            put_text(&mut to, self.name(case))?;
            put_number(&mut to, open.entries.len() as u64)?;
            let mut last = (0, 0);
            for entry in self.entries.get(open.entries) {
                self.put_entry(&mut to, entry, last)?;
                last = (entry.happened, entry.position);
            }
        }
        to.finish()
    }

    fn put_entry(&self, to: &mut impl Write, entry: &Packed, last: (i64, u64)) -> io::Result<()> {
        let extra = (entry.extra != u32::MAX).then(|| self.extras.get(entry.extra));
        let has =
            if entry.flags & HAS_BODY == 0 { 0 } else { BODY } | if extra.is_some() { EXTRA } else { 0 };
        put_number(to, u64::from(entry.kind) << 2 | has)?;
        put_difference(to, last.0, entry.happened)?;
        put_number(to, entry.position.wrapping_sub(last.1))?;
        extra.map_or(Ok(()), |extra| self.put_extra(to, entry.happened, extra))
    }

    fn put_extra(&self, to: &mut impl Write, happened: i64, extra: &Extra) -> io::Result<()> {
        for at in extra.clocks.into_iter().chain([extra.as_of]) {
            to.write_all(&[u8::from(at != NO_TIME)])?;
            if at != NO_TIME {
                put_difference(to, happened, at)?;
            }
        }
        to.write_all(&[u8::from(extra.id.is_some())])?;
        if let Some(id) = &extra.id {
            put_text(to, id)?;
        }
        for (said, names) in
            [(&extra.facts, &self.words.facts.names), (&extra.fields, &self.words.fields.names)]
        {
            put_number(to, said.len() as u64)?;
            for (name, number) in said {
                put_text(to, &names[usize::from(*name)])?;
                let mut bytes = Vec::new();
                put_value(&mut bytes, self.words.values.get(*number));
                to.write_all(&bytes)?;
            }
        }
        Ok(())
    }

    /// Reads what [`Self::write_snapshot`] wrote, under the same program, and each case once.
    ///
    /// # Errors
    /// Where it is something else, was made under other rules, or isn't whole.
    pub fn read_snapshot(program: Program, from: impl Read) -> Result<Self, SnapshotError> {
        Self::new(program).fill(from)
    }

    /// Likewise, into a watch that was made by [`Self::seeded`] and has no cases yet.
    ///
    /// # Errors
    /// As [`Self::read_snapshot`].
    pub fn fill(mut self, mut from: impl Read) -> Result<Self, SnapshotError> {
        let mut head = [0; HEAD.len()];
        from.read_exact(&mut head)?;
        if head != HEAD {
            return Err(SnapshotError::OtherFormat);
        }
        let mut print = [0; 8];
        from.read_exact(&mut print)?;
        if u64::from_le_bytes(print) != fingerprint(&self.program) {
            return Err(SnapshotError::OtherAgreement);
        }
        let mut from = FrameReader::new(from);
        self.now = difference(&mut from, 0)?;
        let mut kinds = Vec::new();
        for _ in 0..number(&mut from)? {
            kinds.push(text(&mut from)?);
        }
        for _ in 0..number(&mut from)? {
            self.read_case(&mut from, &kinds)?;
        }
        from.finish()?;
        Ok(self)
    }

    fn read_case(&mut self, from: &mut impl Read, kinds: &[String]) -> Result<(), SnapshotError> {
        let mut entry = Entry::new(text(from)?, "", Position(0), instant(0));
        let count = number(from)?;
        let (mut last, mut case) = ((0, 0), None);
        for _ in 0..count {
            let event = read_entry(from, kinds, last, &mut entry)?;
            let given = (event.happened, event.position.0);
            let (arrival, put, _) = self.put(&event);
            if arrival != Arrival::New {
                return Err(corrupt("an entry twice").into());
            }
            (last, case) = (given, Some(put));
        }
        let case = case.ok_or_else(|| corrupt("a case without entries"))?;
        self.read_again(case);
        self.scratch.changes.clear();
        Ok(())
    }
}

/// Reads an entry; what it says is put in `into`, and lent.
fn read_entry<'e>(
    from: &mut impl Read,
    kinds: &'e [String],
    last: (i64, u64),
    into: &'e mut Entry,
) -> io::Result<Event<'e>> {
    let head = number(from)?;
    let kind = usize::try_from(head >> 2).ok().and_then(|kind| kinds.get(kind));
    let kind = kind.ok_or_else(|| corrupt("no such kind"))?;
    let happened = difference(from, last.0)?;
    let position = last.1.wrapping_add(number(from)?);
    (into.id, into.body) = (None, None);
    into.facts.clear();
    let (mut clocks, mut as_of) = ([NO_TIME; 4], NO_TIME);
    let mut body = BTreeMap::new();
    if head & EXTRA != 0 {
        for at in clocks.iter_mut().chain([&mut as_of]) {
            if byte(from)? != 0 {
                *at = difference(from, happened)?;
            }
        }
        if byte(from)? != 0 {
            into.id = Some(text(from)?);
        }
        into.facts = named(from)?;
        body = named(from)?;
    }
    into.body = (head & BODY != 0).then_some(body);
    Ok(Event { kind, position: Position(position), happened, clocks, as_of, ..Event::from(&*into) })
}

fn named(from: &mut impl Read) -> io::Result<BTreeMap<String, Value>> {
    let mut named = BTreeMap::new();
    for _ in 0..number(from)? {
        named.insert(text(from)?, value(from)?);
    }
    Ok(named)
}

/// What tells the rules of a program from others: a hash of the compiled rules as they are written for debugging, and of the
/// agreement's id and versions. Another build may write them otherwise. Calendars aren't in it: limits are read anew.
fn fingerprint(program: &Program) -> u64 {
    let mut sum = Sum(Checksum::default());
    let agreement = program.agreement();
    let mut write = |part: &dyn fmt::Debug| {
        let written = write!(sum, "{part:?};");
        debug_assert!(written.is_ok(), "a sum takes all text");
    };
    for version in &agreement.versions {
        write(&(&version.version, version.in_force, version.until));
        for (name, fact) in &version.facts {
            write(&(name, &fact.fact_type, &fact.default));
        }
        for kind in version.kinds.values() {
            write(&(&kind.id, &kind.also_called, &kind.fields.keys().collect::<Vec<_>>()));
        }
    }
    if let Some(code) = program.code() {
        write(&(&code.kinds, &code.kinds_called, &code.facts, &code.fields, &code.field_atoms));
        for version in &code.versions {
            write(&(version.in_force, &version.slots, &version.phases, &version.hours));
            write(&(
                &version.requirements,
                &version.windows,
                &version.contents,
                &version.duties,
                &version.meters,
            ));
        }
    }
    sum.0.sum()
}

/// Text as a sum.
struct Sum(Checksum);

impl fmt::Write for Sum {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.add(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use samspill_agreement::{SourceFile, VersionSources, load};

    use super::*;
    use crate::Dates;

    const RULES: &str = "[agreement]\nid = \"a\"\nname = \"A\"\nin_force = 2020-01-01\n[calendar]\nzone = \"UTC\"\n\
        [[party]]\nid = \"p\"\n[[kind]]\nid = \"q\"\ntype = \"event\"\nfrom = [\"p\"]\n\
        [[kind]]\nid = \"r\"\ntype = \"event\"\nfrom = [\"p\"]\n\
        [[duty]]\nid = \"d\"\nclause = \"1\"\nsays = \"R follows Q.\"\nwho = \"p\"\nmust = \"r\"\nafter = \"q\"\nwithin = \"2 days\"\n";

    fn program() -> Program {
        let file = SourceFile::new("2020-01-01/agreement.toml".to_owned(), RULES);
        let sources = VersionSources { folder_name: "2020-01-01".to_owned(), files: vec![file] };
        let loaded = load(vec![sources], &());
        Program::compile(&loaded.agreement.expect("a right agreement"), Dates::InForce)
    }

    fn framed(contents: &[u8]) -> Vec<u8> {
        let mut made = HEAD.to_vec();
        made.extend(PROGRAM.with(fingerprint).to_le_bytes());
        let mut frames = FrameWriter::new(&mut made);
        frames.write_all(contents).unwrap();
        frames.finish().unwrap();
        made
    }

    thread_local! {
        static PROGRAM: Program = program();
    }

    proptest! {
        /// Someone may have made them so, checksums and all.
        #[test]
        fn any_contents_with_right_checksums_are_refused_or_read(
            mut contents in proptest::collection::vec(prop_oneof![0_u8..6, any::<u8>()], 0..120),
            begins in any::<bool>(),
        ) {
            if begins {
                // An instant, two kinds and some cases: so that most of it is read.
                contents.splice(0..0, [0, 2, 1, b'q', 1, b'r', 3]);
            }
            let read = Watch::read_snapshot(PROGRAM.with(Clone::clone), framed(&contents).as_slice());
            if let Ok(watch) = read {
                prop_assert!(watch.cases().count() == watch.len());
            }
        }
    }
}
