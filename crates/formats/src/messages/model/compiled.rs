//! The models, compiled: types with states, steps between them, and the types that the steps lead into.

use std::sync::LazyLock;

use super::{
    build::build,
    notation::Wildcard,
    simple::Simple,
    sources::SOURCES,
    symbols::{Symbol, Symbols, UNKNOWN},
};

/// The number of a type.
pub(super) type TypeId = u16;
/// The number of a state.
pub(super) type StateId = u32;

/// No type.
pub(super) const NO_TYPE: TypeId = TypeId::MAX;

/// All content models.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) symbols: Symbols,
    pub(super) types: Vec<Type>,
    pub(super) states: Vec<State>,
    pub(super) steps: Vec<Step>,
    /// The names of the steps, in their order: what is looked through is small.
    pub(super) step_symbols: Vec<Symbol>,
    pub(super) attributes: Vec<AttributeRule>,
    pub(super) simples: Vec<Simple>,
    /// The types of elements that are declared outside others, by symbol; [`NO_TYPE`] for other names.
    pub(super) elements: Vec<TypeId>,
    /// Attributes that are declared outside elements.
    pub(super) global_attributes: Vec<(Symbol, u16)>,
    /// Types that have a name: its namespace, the name, the type.
    pub(super) named: Vec<(&'static str, &'static str, TypeId)>,
    /// The type of elements that nothing is known of: anything may be in them, and what is known there is checked.
    pub(super) undeclared: TypeId,
    /// The same for elements that are declared so.
    pub(super) any: TypeId,
    pub(super) xsi: Xsi,
}

/// The attributes that any element may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Xsi {
    pub(super) kind: Symbol,
    pub(super) nil: Symbol,
    pub(super) locations: [Symbol; 2],
}

/// What an element may have in it.
#[derive(Clone, Debug)]
pub(super) struct Type {
    /// The number of the namespace of the file it stands in.
    pub(super) space: u16,
    pub(super) content: Content,
    /// Its first state; the others follow. Types without elements have none.
    pub(super) states: (StateId, StateId),
    pub(super) attributes: (u32, u32),
    pub(super) attributes_required: usize,
}

/// What lies in an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Not even white space.
    Nothing,
    /// Text of a simple type.
    Text(u16),
    /// Elements, and white space.
    Elements,
    /// Elements, and text.
    Mixed,
    /// Elements, text and attributes of any name.
    Any,
}

/// A place among the children of an element.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    pub(super) steps: (u32, u32),
    /// Whether there may be no more children.
    pub(super) accepts: bool,
    /// The place in the order of writing of the element that leads here.
    pub(super) rank: u16,
}

/// A child that may come next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// [`UNKNOWN`] for a wildcard.
    pub(super) symbol: Symbol,
    /// The type of the child; of no meaning for a wildcard.
    pub(super) child: TypeId,
    pub(super) target: StateId,
    pub(super) wildcard: Option<Wildcard>,
}

/// An attribute that an element may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct AttributeRule {
    pub(super) symbol: Symbol,
    pub(super) simple: u16,
    pub(super) required: bool,
}

impl Model {
    /// The models of this crate, compiled at the first call.
    pub(super) fn get() -> &'static Self {
        static MODEL: LazyLock<Model> = LazyLock::new(|| match build(&SOURCES) {
            Ok(model) => model,
            // The sources are part of the program, and a test builds them.
            Err(error) => panic!("a content model can't be read: {error}"),
        });
        &MODEL
    }

    pub(super) fn type_of(&self, id: TypeId) -> &Type {
        &self.types[usize::from(id)]
    }

    pub(super) fn state(&self, id: StateId) -> State {
        self.states[id as usize]
    }

    /// The children that may come next.
    pub(super) fn steps(&self, state: StateId) -> &[Step] {
        let (from, until) = self.states[state as usize].steps;
        &self.steps[from as usize..until as usize]
    }

    /// The step that an element of this name takes, wildcards left out.
    pub(super) fn step(&self, state: StateId, symbol: Symbol) -> Option<Step> {
        if symbol == UNKNOWN {
            return None;
        }
        let (from, until) = self.states[state as usize].steps;
        let symbols = &self.step_symbols[from as usize..until as usize];
        let place = symbols.iter().position(|of_step| *of_step == symbol)?;
        Some(self.steps[from as usize + place])
    }

    /// The first step of this name anywhere in a type.
    pub(super) fn step_anywhere(&self, of: &Type, symbol: Symbol) -> Option<Step> {
        (of.states.0..of.states.1).find_map(|state| self.step(state, symbol))
    }

    pub(super) fn attributes(&self, of: &Type) -> &[AttributeRule] {
        &self.attributes[of.attributes.0 as usize..of.attributes.1 as usize]
    }

    pub(super) fn simple(&self, id: u16) -> &Simple {
        &self.simples[usize::from(id)]
    }

    /// The type of an element that is declared outside others.
    pub(super) fn global(&self, symbol: Symbol) -> Option<TypeId> {
        self.elements.get(usize::from(symbol)).copied().filter(|id| *id != NO_TYPE)
    }

    pub(super) fn knows(&self, space: &str) -> bool {
        let xsi = self.symbols.name(self.xsi.kind).0;
        !space.is_empty() && space != xsi && self.symbols.space(space).is_some()
    }
}
