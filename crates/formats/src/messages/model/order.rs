use super::{
    compiled::{Content, Model, Type, TypeId},
    symbols::Symbol,
};
use crate::xml::{Child, Element};

/// Sorts what lies in an element, at every depth.
pub(super) fn order(model: &Model, element: &mut Element, id: TypeId) {
    let kind = model.type_of(id);
    match kind.content {
        Content::Nothing | Content::Text(_) => return,
        Content::Elements if !fits(model, kind, element) => sort(model, kind, element),
        Content::Elements | Content::Mixed | Content::Any => {}
    }
    for child in &mut element.children {
        if let Child::Element(child) = child {
            let symbol = symbol(model, child);
            let inner = model.step_anywhere(kind, symbol).map(|step| step.child);
            if let Some(inner) = inner.or_else(|| model.global(symbol)) {
                order(model, child, inner);
            }
        }
    }
}

pub(super) fn symbol(model: &Model, element: &Element) -> Symbol {
    model.symbols.find(&element.name.space, &element.name.local)
}

/// Whether the children are in order as they are.
fn fits(model: &Model, kind: &Type, element: &Element) -> bool {
    let mut children = element.elements();
    let end = children.try_fold(kind.states.0, |state, child| {
        model.step(state, symbol(model, child)).map(|step| step.target)
    });
    end.is_some_and(|state| model.state(state).accepts)
}

/// Puts children in the order in which the model first names them; those of a group that repeats keep their order among
/// themselves, what the model doesn't know stays after what it stood after, and text stays before what it stood before, or at the end.
fn sort(model: &Model, kind: &Type, element: &mut Element) {
    let mut ranks = Vec::with_capacity(element.children.len());
    let mut last = 0;
    for child in &element.children {
        last = match child {
            Child::Element(child) => rank(model, kind, symbol(model, child)).unwrap_or(last),
            Child::Text(_) => u16::MAX,
        };
        ranks.push(last);
    }
    let mut next = last;
    for rank in ranks.iter_mut().rev() {
        next = if *rank == u16::MAX { next } else { *rank };
        *rank = next;
    }
    let mut children: Vec<_> = ranks.into_iter().zip(std::mem::take(&mut element.children)).collect();
    children.sort_by_key(|(rank, _)| *rank);
    element.children = children.into_iter().map(|(_, child)| child).collect();
}

/// The first place of a name in a type.
fn rank(model: &Model, kind: &Type, symbol: Symbol) -> Option<u16> {
    let steps = (kind.states.0..kind.states.1).flat_map(|state| model.steps(state));
    steps.filter(|step| step.symbol == symbol).map(|step| model.state(step.target).rank).min()
}
