//! From a regular expression to states: each place of a leaf in the expression is a state, and what may follow it are the
//! steps from there (Glushkov's construction). Schemas promise that one look tells which step it is.

use super::notation::Occurs;

/// Leaves in the order they are written, and which may follow which.
#[derive(Clone, Debug)]
pub(super) struct Positions<L> {
    pub(super) leaves: Vec<L>,
    pub(super) follow: Vec<Vec<u16>>,
    /// The place of a leaf in the order of writing: leaves of a group that repeats share the place of its first.
    pub(super) ranks: Vec<u16>,
}

/// A part of the expression: where it may begin and end, and whether it may be left out.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) first: Vec<u16>,
    pub(super) last: Vec<u16>,
    pub(super) optional: bool,
    from: u16,
}

impl<L> Positions<L> {
    pub(super) fn new() -> Self {
        Self { leaves: Vec::new(), follow: Vec::new(), ranks: Vec::new() }
    }

    /// Nothing at all: the neutral part of a sequence.
    pub(super) fn nothing(&self) -> Part {
        Part { first: Vec::new(), last: Vec::new(), optional: true, from: self.next() }
    }

    /// A leaf of its own.
    pub(super) fn leaf(&mut self, leaf: L) -> Part {
        let at = self.next();
        self.leaves.push(leaf);
        self.follow.push(Vec::new());
        self.ranks.push(at);
        Part { first: vec![at], last: vec![at], optional: false, from: at }
    }

    /// `before after`
    pub(super) fn sequence(&mut self, before: Part, after: Part) -> Part {
        self.link(&before.last, &after.first);
        let mut first = before.first;
        if before.optional {
            first.extend(after.first);
        }
        let mut last = after.last;
        if after.optional {
            last.extend(before.last);
        }
        Part { first, last, optional: before.optional && after.optional, from: before.from }
    }

    /// `one | other`
    pub(super) fn choice(one: Part, other: Part) -> Part {
        let first = [one.first, other.first].concat();
        let last = [one.last, other.last].concat();
        Part { first, last, optional: one.optional || other.optional, from: one.from }
    }

    /// `part?`, `part*`, `part+`
    pub(super) fn repeat(&mut self, mut part: Part, occurs: Occurs) -> Part {
        if matches!(occurs, Occurs::Any | Occurs::Some) {
            self.link(&part.last, &part.first);
            self.ranks[usize::from(part.from)..].fill(part.from);
        }
        part.optional |= matches!(occurs, Occurs::Any | Occurs::Optional);
        part
    }

    fn link(&mut self, last: &[u16], first: &[u16]) {
        for place in last {
            let follow = &mut self.follow[usize::from(*place)];
            follow.extend(first);
            follow.sort_unstable();
            follow.dedup();
        }
    }

    fn next(&self) -> u16 {
        u16::try_from(self.leaves.len()).unwrap_or(u16::MAX)
    }
}
