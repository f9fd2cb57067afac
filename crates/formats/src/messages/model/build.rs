//! From declarations to the compiled model.

use std::collections::BTreeMap;

use super::instance_type::SCHEMA;
use super::{
    compiled::{AttributeRule, Content, Model, NO_TYPE, State, StateId, Step, Type, TypeId, Xsi},
    notation::{
        Attribute, Body, Declaration, Declared, Locals, Occurs, Particle, Reference, Schema, Term, Text,
        Value, Wildcard,
    },
    pattern::Pattern,
    positions::{Part, Positions},
    simple::{Primitive, Simple},
    symbols::{Symbol, Symbols, UNKNOWN, number},
};
use crate::xml::XSI;

type Built<T> = Result<T, String>;
/// A name in a namespace, by its number.
type Key<'s> = (u16, &'s str);

/// Reads and compiles model files.
pub(super) fn build(sources: &[&'static str]) -> Built<Model> {
    let schemas = sources.iter().map(|source| Schema::read(source)).collect::<Built<Vec<_>>>()?;
    let mut builder = Builder::new();
    for schema in &schemas {
        builder.announce(schema)?;
    }
    for schema in &schemas {
        builder.declare(schema).map_err(|says| format!("{}: {says}", schema.namespace))?;
    }
    builder.finish()
}

struct Builder {
    symbols: Symbols,
    types: Vec<Option<Type>>,
    states: Vec<State>,
    steps: Vec<Step>,
    attributes: Vec<AttributeRule>,
    simples: Vec<Simple>,
    simple_types: BTreeMap<u16, TypeId>,
    named_simples: BTreeMap<Key<'static>, u16>,
    named_types: BTreeMap<Key<'static>, TypeId>,
    elements: BTreeMap<Key<'static>, TypeId>,
    global_attributes: BTreeMap<Key<'static>, u16>,
    any: TypeId,
    undeclared: TypeId,
    xsi: Xsi,
}

/// The place of a declaration: its file, and the number of the namespace.
#[derive(Clone, Copy)]
struct Here<'h> {
    schema: &'h Schema<'static>,
    space: u16,
}

/// A place for a child in a body.
#[derive(Clone, Copy)]
enum Leaf {
    Element(Symbol, TypeId),
    Wildcard(Wildcard),
}

impl Builder {
    fn new() -> Self {
        let mut symbols = Symbols::new();
        let space = symbols.add_space(XSI);
        let mut of = |local| symbols.add(space, local);
        let locations = [of("schemaLocation"), of("noNamespaceSchemaLocation")];
        let xsi = Xsi { kind: of("type"), nil: of("nil"), locations };
        let mut builder = Self {
            symbols,
            types: Vec::new(),
            states: Vec::new(),
            steps: Vec::new(),
            attributes: Vec::new(),
            simples: Primitive::ALL.map(Simple::Plain).to_vec(),
            simple_types: BTreeMap::new(),
            named_simples: BTreeMap::new(),
            named_types: BTreeMap::new(),
            elements: BTreeMap::new(),
            global_attributes: BTreeMap::new(),
            any: NO_TYPE,
            undeclared: NO_TYPE,
            xsi,
        };
        builder.any = builder.any_type();
        builder.undeclared = builder.any_type();
        builder
    }

    /// Anything, of which what is known is checked.
    fn any_type(&mut self) -> TypeId {
        use super::notation::{From, Process};
        let wildcard = Wildcard { from: From::Anywhere, process: Process::Lax };
        let mut positions = Positions::new();
        let leaf = positions.leaf(Leaf::Wildcard(wildcard));
        let part = positions.repeat(leaf, Occurs::Any);
        let states = self.lay_out(&positions, &part);
        let id = self.announce_type();
        let kind =
            Type { space: 0, content: Content::Any, states, attributes: (0, 0), attributes_required: 0 };
        self.types[usize::from(id)] = Some(kind);
        id
    }

    fn announce_type(&mut self) -> TypeId {
        self.types.push(None);
        number(self.types.len() - 1)
    }

    /// Gives numbers to what has a name, so that others can refer to it in any order; simple types are read.
    fn announce(&mut self, schema: &Schema<'static>) -> Built<()> {
        let here = Here { schema, space: self.symbols.add_space(schema.namespace) };
        for declaration in &schema.declarations {
            let key = (here.space, declaration.name);
            match &declaration.what {
                Declared::Simple(value) => {
                    let simple = self.simple(here, value)?;
                    self.named_simples.insert(key, simple);
                }
                Declared::Attribute(value) => {
                    let simple = self.simple(here, value)?;
                    self.global_attributes.insert(key, simple);
                }
                Declared::Type(_) => {
                    let id = self.announce_type();
                    self.named_types.insert(key, id);
                }
                Declared::Element(_) => {
                    let id = self.announce_type();
                    self.elements.insert(key, id);
                }
                Declared::ElementOf(_) => {}
            }
        }
        for declaration in &schema.declarations {
            if let Declared::ElementOf(value) = &declaration.what {
                let id = self.type_by(here, value)?;
                self.elements.insert((here.space, declaration.name), id);
            }
        }
        Ok(())
    }

    fn declare(&mut self, schema: &Schema<'static>) -> Built<()> {
        let here = Here { schema, space: self.symbols.add_space(schema.namespace) };
        for Declaration { name, what } in &schema.declarations {
            let (body, id) = match what {
                Declared::Element(body) => (body, self.elements[&(here.space, *name)]),
                Declared::Type(body) => (body, self.named_types[&(here.space, *name)]),
                Declared::ElementOf(_) | Declared::Simple(_) | Declared::Attribute(_) => continue,
            };
            self.body(here, body, id).map_err(|says| format!("{name}: {says}"))?;
        }
        Ok(())
    }

    fn body(&mut self, here: Here<'_>, body: &Body<'static>, id: TypeId) -> Built<()> {
        let mut positions = Positions::new();
        let part = self.sequence(here, &body.particles, &mut positions)?;
        let states = self.lay_out(&positions, &part);
        let content = match &body.text {
            Text::Only(value) => Content::Text(self.simple(here, value)?),
            Text::Mixed => Content::Mixed,
            Text::None if positions.leaves.is_empty() => Content::Nothing,
            Text::None => Content::Elements,
        };
        let from = self.attributes.len();
        for attribute in &body.attributes {
            let rule = self.attribute(here, attribute)?;
            self.attributes.push(rule);
        }
        let attributes_required = self.attributes[from..].iter().filter(|rule| rule.required).count();
        let attributes = (place(from), place(self.attributes.len()));
        self.types[usize::from(id)] =
            Some(Type { space: here.space, content, states, attributes, attributes_required });
        Ok(())
    }

    fn sequence(
        &mut self,
        here: Here<'_>,
        particles: &[Particle<'static>],
        positions: &mut Positions<Leaf>,
    ) -> Built<Part> {
        let mut all = positions.nothing();
        for particle in particles {
            let part = self.term(here, &particle.term, positions)?;
            let part = positions.repeat(part, particle.occurs);
            all = positions.sequence(all, part);
        }
        Ok(all)
    }

    fn term(&mut self, here: Here<'_>, term: &Term<'static>, positions: &mut Positions<Leaf>) -> Built<Part> {
        let leaf = match term {
            Term::Global(reference) => {
                let (space, local) = self.key(here, *reference)?;
                let id =
                    *self.elements.get(&(space, local)).ok_or_else(|| format!("no element `{local}`"))?;
                Leaf::Element(self.symbols.add(space, local), id)
            }
            Term::Local { name, value } => Leaf::Element(self.local(here, name), self.type_by(here, value)?),
            Term::Inline { name, body } => {
                let id = self.announce_type();
                self.body(here, body, id)?;
                Leaf::Element(self.local(here, name), id)
            }
            Term::Wildcard(wildcard) => Leaf::Wildcard(*wildcard),
            Term::Group(alternatives) => return self.group(here, alternatives, positions),
        };
        Ok(positions.leaf(leaf))
    }

    fn group(
        &mut self,
        here: Here<'_>,
        alternatives: &[Vec<Particle<'static>>],
        positions: &mut Positions<Leaf>,
    ) -> Built<Part> {
        let mut parts = Vec::new();
        for alternative in alternatives {
            parts.push(self.sequence(here, alternative, positions)?);
        }
        parts.into_iter().reduce(Positions::<Leaf>::choice).ok_or_else(|| "an empty group".to_owned())
    }

    fn local(&mut self, here: Here<'_>, name: &'static str) -> Symbol {
        let space = match here.schema.locals {
            Locals::Qualified => here.space,
            Locals::Unqualified => 0,
        };
        self.symbols.add(space, name)
    }

    /// States for the places of a body: one to begin with, and one after each place.
    fn lay_out(&mut self, positions: &Positions<Leaf>, part: &Part) -> (StateId, StateId) {
        let first = place(self.states.len());
        self.state(positions, &part.first, first, State { steps: (0, 0), accepts: part.optional, rank: 0 });
        for (at, follow) in positions.follow.iter().enumerate() {
            let accepts = part.last.iter().any(|last| usize::from(*last) == at);
            self.state(positions, follow, first, State { steps: (0, 0), accepts, rank: positions.ranks[at] });
        }
        (first, place(self.states.len()))
    }

    fn state(&mut self, positions: &Positions<Leaf>, follow: &[u16], first: StateId, state: State) {
        let from = place(self.steps.len());
        for at in follow {
            let target = first + 1 + u32::from(*at);
            self.steps.push(match positions.leaves[usize::from(*at)] {
                Leaf::Element(symbol, child) => Step { symbol, child, target, wildcard: None },
                Leaf::Wildcard(wildcard) => {
                    Step { symbol: UNKNOWN, child: NO_TYPE, target, wildcard: Some(wildcard) }
                }
            });
        }
        self.states.push(State { steps: (from, place(self.steps.len())), ..state });
    }

    fn attribute(&mut self, here: Here<'_>, attribute: &Attribute<'static>) -> Built<AttributeRule> {
        let (symbol, mut simple) = if let Some(value) = &attribute.value {
            (self.symbols.add(0, attribute.name.local), self.simple(here, value)?)
        } else {
            let (space, local) = self.key(here, attribute.name)?;
            let simple = self.global_attributes.get(&(space, local));
            let simple = *simple.ok_or_else(|| format!("no attribute `{local}`"))?;
            (self.symbols.add(space, local), simple)
        };
        if let Some(fixed) = attribute.fixed {
            simple = self.add_simple(Simple::Fixed(fixed));
        }
        Ok(AttributeRule { symbol, simple, required: attribute.required })
    }

    /// The type of an element: one with a name, or a simple one.
    fn type_by(&mut self, here: Here<'_>, value: &Value<'static>) -> Built<TypeId> {
        if let [reference] = value.types[..] {
            let key = self.key(here, reference)?;
            if let Some(id) = self.named_types.get(&key) {
                return Ok(*id);
            }
            if reference == (Reference { prefix: None, local: "anyType" }) {
                return Ok(self.any);
            }
        }
        let simple = self.simple(here, value)?;
        Ok(self.type_of_simple(simple))
    }

    fn type_of_simple(&mut self, simple: u16) -> TypeId {
        if let Some(id) = self.simple_types.get(&simple) {
            return *id;
        }
        let content = Content::Text(simple);
        let kind = Type { space: 0, content, states: (0, 0), attributes: (0, 0), attributes_required: 0 };
        self.types.push(Some(kind));
        let id = number(self.types.len() - 1);
        self.simple_types.insert(simple, id);
        id
    }

    fn simple(&mut self, here: Here<'_>, value: &Value<'static>) -> Built<u16> {
        let simple = match &value.types[..] {
            [one] => self.named_simple(here, *one)?,
            several => {
                let primitives = several.iter().map(|one| primitive(one.local)).collect::<Built<Vec<_>>>()?;
                self.add_simple(Simple::Union(primitives))
            }
        };
        let base = self.simples[usize::from(simple)].base();
        let base = base.ok_or("a union can't be narrowed");
        Ok(match (value.fixed, value.pattern, &value.listed[..]) {
            (None, None, []) => simple,
            (Some(fixed), None, []) => self.add_simple(Simple::FixedOrEmpty(fixed)),
            (None, Some(pattern), []) => self.add_simple(Simple::Pattern(base?, Pattern::read(pattern)?)),
            (None, None, listed) => self.add_simple(Simple::Listed(base?, listed.to_vec())),
            (_, _, _) => return Err("a type can be narrowed in one way only".to_owned()),
        })
    }

    fn named_simple(&mut self, here: Here<'_>, reference: Reference<'static>) -> Built<u16> {
        let key = self.key(here, reference)?;
        if let Some(simple) = self.named_simples.get(&key) {
            return Ok(*simple);
        }
        let primitive = primitive(reference.local)?;
        Ok(Primitive::ALL.iter().position(|one| *one == primitive).map(number).unwrap_or_default())
    }

    fn add_simple(&mut self, simple: Simple) -> u16 {
        self.simples.push(simple);
        number(self.simples.len() - 1)
    }

    fn key(&mut self, here: Here<'_>, reference: Reference<'static>) -> Built<Key<'static>> {
        let Some(prefix) = reference.prefix else { return Ok((here.space, reference.local)) };
        let declared = here.schema.prefixes.iter().find(|(own, _)| *own == prefix);
        let (_, space) = declared.ok_or_else(|| format!("the prefix `{prefix}` stands in no `with`"))?;
        Ok((self.symbols.add_space(space), reference.local))
    }

    /// The types that have a name, those of XML Schema among them.
    fn named(&mut self) -> Vec<(&'static str, &'static str, TypeId)> {
        let mut named = vec![(SCHEMA, "anyType", self.any)];
        for (simple, primitive) in (0..).zip(Primitive::ALL) {
            named.push((SCHEMA, primitive.name(), self.type_of_simple(simple)));
        }
        let simples: Vec<_> = self.named_simples.iter().map(|(key, simple)| (*key, *simple)).collect();
        for (key, simple) in simples {
            let id = self.type_of_simple(simple);
            named.push((self.symbols.space_name(key.0), key.1, id));
        }
        named.extend(self.named_types.iter().map(|(key, id)| (self.symbols.space_name(key.0), key.1, *id)));
        named
    }

    fn finish(mut self) -> Built<Model> {
        let globals: Vec<_> =
            self.elements.iter().map(|((space, local), id)| (*space, *local, *id)).collect();
        let globals: Vec<_> =
            globals.into_iter().map(|(space, local, id)| (self.symbols.add(space, local), id)).collect();
        let attributes = self.global_attributes.iter();
        let global_attributes =
            attributes.map(|((space, local), simple)| (self.symbols.add(*space, local), *simple)).collect();
        let mut elements = vec![NO_TYPE; self.symbols.len()];
        for (symbol, id) in globals {
            elements[usize::from(symbol)] = id;
        }
        let named = self.named();
        let types = self.types.into_iter().collect::<Option<Vec<_>>>().ok_or("a type has no body")?;
        Ok(Model {
            symbols: self.symbols,
            types,
            states: self.states,
            step_symbols: self.steps.iter().map(|step| step.symbol).collect(),
            steps: self.steps,
            attributes: self.attributes,
            simples: self.simples,
            elements,
            global_attributes,
            named,
            any: self.any,
            undeclared: self.undeclared,
            xsi: self.xsi,
        })
    }
}

fn primitive(name: &str) -> Built<Primitive> {
    let found = Primitive::ALL.into_iter().find(|primitive| primitive.name() == name);
    found.ok_or_else(|| format!("no type `{name}`"))
}

/// Places are far fewer than this counts.
fn place(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
