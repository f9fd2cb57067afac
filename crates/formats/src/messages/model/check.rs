//! The walk over a document: one look at a table for each element and attribute. What is wrong goes to `faults`.

use std::collections::BTreeSet;

use super::{
    compiled::{Content, Model, StateId, Step, Type, TypeId},
    faults,
    instance_type::instance_type,
    notation::{From, Process},
    simple::Simple,
    symbols::{Symbol, UNKNOWN},
};
use crate::{
    messages::Finding,
    xml::{self, El, NameId},
};

/// How many findings [`check`](super::check) makes. After so many, one more says that there are more.
pub const FINDINGS_MAX: usize = 100;

/// After so many children of one element that don't fit, the rest of its children isn't looked at.
const MISFITS_MAX: usize = 8;

pub(super) struct Checker<'d> {
    pub(super) model: &'static Model,
    pub(super) findings: Vec<Finding>,
    /// The elements whose text is known to be base64, by their numbers.
    base64: &'d [u32],
    ids: BTreeSet<&'d str>,
}

/// How far the check of an element's children has come.
pub(super) struct Run<'d> {
    pub(super) parent: El<'d>,
    pub(super) kind: TypeId,
    pub(super) state: StateId,
    /// The last child that fitted.
    pub(super) last: Option<El<'d>>,
    /// How many children didn't fit.
    pub(super) misfits: usize,
}

impl<'d> Checker<'d> {
    pub(super) fn new(model: &'static Model, base64: &'d [u32]) -> Self {
        Self { model, findings: Vec::new(), base64, ids: BTreeSet::new() }
    }

    pub(super) fn root(&mut self, root: El<'d>) {
        match self.model.global(self.symbol(root)) {
            Some(kind) => self.element(root, kind),
            None => faults::undeclared(self, root),
        }
    }

    pub(super) fn symbol(&self, element: El<'d>) -> Symbol {
        element.name_id().symbol(&self.model.symbols)
    }

    pub(super) fn is_full(&self) -> bool {
        self.findings.len() > FINDINGS_MAX
    }

    fn element(&mut self, element: El<'d>, declared: TypeId) {
        let id =
            if element.document().has_types() { self.instance_type(element, declared) } else { declared };
        let kind = self.model.type_of(id);
        self.attributes(element, id, kind);
        match kind.content {
            Content::Nothing => self.nothing(element),
            Content::Text(simple) => self.text(element, self.model.simple(simple)),
            Content::Elements | Content::Mixed | Content::Any => self.children(element, id, kind),
        }
    }

    fn nothing(&mut self, element: El<'d>) {
        match element.contents().next() {
            None => {}
            Some(xml::Content::Text(text)) => faults::text(self, element, text),
            Some(xml::Content::Element(child)) => faults::no_elements(self, element, child),
        }
    }

    fn text(&mut self, element: El<'d>, simple: &'static Simple) {
        let Some(value) = element.text_alone() else {
            if let Some(child) = element.children().next() {
                faults::no_elements(self, element, child);
            }
            return;
        };
        let is_known = || simple.is_base64() && self.base64.contains(&element.number());
        if simple.is_free_text() || is_known() {
            return;
        }
        let value = element.value(value);
        if !simple.holds(value) {
            faults::value(self, element, simple, value);
        }
    }

    fn children(&mut self, element: El<'d>, id: TypeId, kind: &Type) {
        let mut run = Run { parent: element, kind: id, state: kind.states.0, last: None, misfits: 0 };
        let mut may_have_text = kind.content != Content::Elements;
        for content in element.telling() {
            match content {
                xml::Content::Text(text) => {
                    if !may_have_text && !is_blank(text) {
                        faults::text(self, element, text);
                        may_have_text = true;
                    }
                }
                xml::Content::Element(child) => self.child(&mut run, child),
            }
            if run.misfits > MISFITS_MAX || self.is_full() {
                return;
            }
        }
        if !self.model.state(run.state).accepts {
            faults::unfinished(self, &run);
        }
    }

    fn child(&mut self, run: &mut Run<'d>, child: El<'d>) {
        let symbol = self.symbol(child);
        match self.model.step(run.state, symbol) {
            Some(step) => self.follow(run, child, step),
            None => match self.wildcard(run, child) {
                Some(step) => self.through(run, child, step),
                None => self.misfit(run, child, symbol),
            },
        }
    }

    fn follow(&mut self, run: &mut Run<'d>, child: El<'d>, step: Step) {
        run.state = step.target;
        run.last = Some(child);
        self.element(child, step.child);
    }

    /// The wildcard that lets a child in here.
    fn wildcard(&self, run: &Run<'d>, child: El<'d>) -> Option<Step> {
        let own = self.model.type_of(run.kind).space;
        let lets_in = |step: &&Step| match step.wildcard.map(|wildcard| wildcard.from) {
            None => false,
            Some(From::Anywhere) => true,
            Some(From::Elsewhere) => {
                !child.space().is_empty() && self.model.symbols.space(child.space()) != Some(own)
            }
        };
        self.model.steps(run.state).iter().find(lets_in).copied()
    }

    fn through(&mut self, run: &mut Run<'d>, child: El<'d>, step: Step) {
        run.state = step.target;
        run.last = Some(child);
        let process = step.wildcard.map_or(Process::Strict, |wildcard| wildcard.process);
        match (self.model.global(self.symbol(child)), process) {
            (Some(kind), Process::Strict | Process::Lax) => self.element(child, kind),
            (None, Process::Lax) => self.element(child, self.model.undeclared),
            (None, Process::Strict) => faults::undeclared(self, child),
        }
    }

    /// A child that can't come next: it is told, and the walk goes on behind it or at the same place.
    fn misfit(&mut self, run: &mut Run<'d>, child: El<'d>, symbol: Symbol) {
        run.misfits += 1;
        let kind = self.model.type_of(run.kind);
        match self.model.step_anywhere(kind, symbol) {
            None => faults::unknown(self, run, child),
            Some(elsewhere) => match faults::out_of_order(self, run, child, symbol) {
                Some(step) => self.follow(run, child, step),
                None => self.element(child, elsewhere.child),
            },
        }
    }

    fn attributes(&mut self, element: El<'d>, id: TypeId, kind: &Type) {
        let rules = self.model.attributes(kind);
        let mut required = 0;
        for (name, value) in element.attribute_ids() {
            let symbol = name.symbol(&self.model.symbols);
            // No rule is of a name that isn't known.
            match rules.iter().find(|rule| rule.symbol == symbol) {
                Some(rule) => {
                    required += usize::from(rule.required);
                    let simple = self.model.simple(rule.simple);
                    if !simple.is_free_text() {
                        self.attribute_value(element, simple, name, value);
                    }
                }
                None => self.other_attribute(element, id, (name, value), symbol),
            }
        }
        if required < kind.attributes_required {
            faults::missing_attributes(self, element, rules);
        }
    }

    #[inline]
    fn attribute_value(&mut self, element: El<'d>, simple: &Simple, name: NameId, value: xml::Value) {
        let text = element.value(value);
        if !simple.holds(text) {
            faults::attribute_value(self, element, simple, element.attribute_of(name, value));
        } else if simple.is_id() && !self.ids.insert(text.trim_ascii()) {
            faults::same_id(self, element, element.attribute_of(name, value));
        }
    }

    /// An attribute that the type doesn't have of its own.
    fn other_attribute(
        &mut self,
        element: El<'d>,
        id: TypeId,
        (name, value): (NameId, xml::Value),
        symbol: Symbol,
    ) {
        let xsi = self.model.xsi;
        if symbol != UNKNOWN && (symbol == xsi.kind || xsi.locations.contains(&symbol)) {
            return;
        }
        if symbol == xsi.nil {
            if id != self.model.undeclared {
                faults::nil(self, element, element.attribute_of(name, value));
            }
        } else if self.model.type_of(id).content != Content::Any {
            faults::unknown_attribute(self, element, id, element.attribute_of(name, value));
        } else if let Some((_, simple)) = self.model.global_attributes.iter().find(|(own, _)| *own == symbol)
        {
            self.attribute_value(element, self.model.simple(*simple), name, value);
        }
    }

    /// The type that `xsi:type` gives an element, if it has one that may stand for the declared type.
    fn instance_type(&mut self, element: El<'d>, declared: TypeId) -> TypeId {
        let xsi = self.model.xsi.kind;
        let given = element.attribute_ids().find(|(name, _)| name.symbol(&self.model.symbols) == xsi);
        let Some(given) = given.map(|(name, value)| element.attribute_of(name, value)) else {
            return declared;
        };
        instance_type(self.model, declared, given.value).unwrap_or_else(|| {
            faults::instance_type(self, element, given);
            declared
        })
    }
}

/// Whether there is nothing but white space. XML lets in no other characters up to the space, so that eight bytes at a time
/// can be compared with it.
fn is_blank(text: &str) -> bool {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    const PAST_SPACE: u64 = 0x5F5F_5F5F_5F5F_5F5F;
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let is_past_space = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        (word | (word & !HIGH).wrapping_add(PAST_SPACE)) & HIGH != 0
    };
    !words.iter().any(is_past_space) && rest.iter().all(|byte| *byte <= b' ')
}

#[cfg(test)]
mod tests {
    use super::is_blank;

    #[test]
    fn blank_is_white_space_alone_wherever_else_something_stands() {
        assert!(is_blank("") && is_blank(" \t\r\n") && is_blank(&" \n\t".repeat(9)));
        for length in 0..20 {
            for sign in ["x", "!", "å", "\u{2003}", "~"] {
                let (before, after) = (" ".repeat(length), "\n".repeat(20 - length));
                assert!(!is_blank(&(before + sign + &after)), "{sign} after {length}");
            }
        }
    }
}
