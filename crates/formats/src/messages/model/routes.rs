//! Which elements are missing between one place among children and another.

use super::{
    check::Run,
    compiled::{Model, StateId, Step},
    symbols::{Symbol, UNKNOWN},
};

/// The shortest way to an element, past others that are missing.
pub(super) struct Route {
    /// The step that the element takes at the end of it.
    pub(super) step: Step,
    /// What is missing, in order: each a choice of elements.
    pub(super) missing: Vec<Vec<Symbol>>,
}

/// The shortest way to where an element of this name may come; none if it may come nowhere from here on.
pub(super) fn to_symbol(model: &Model, run: &Run<'_>, symbol: Symbol) -> Option<Route> {
    let far = Distances::to(model, run, |state| model.step(state, symbol).is_some());
    let (state, missing) = far.walk(run.state)?;
    Some(Route { step: model.step(state, symbol)?, missing })
}

/// What is missing before the children may end.
pub(super) fn to_end(model: &Model, run: &Run<'_>) -> Vec<Vec<Symbol>> {
    let far = Distances::to(model, run, |state| model.state(state).accepts);
    far.walk(run.state).map(|(_, missing)| missing).unwrap_or_default()
}

/// How many elements lie between each state of a type and a goal.
struct Distances<'m> {
    model: &'m Model,
    first: StateId,
    far: Vec<u32>,
}

const NEVER: u32 = u32::MAX;

impl<'m> Distances<'m> {
    fn to(model: &'m Model, run: &Run<'_>, is_goal: impl Fn(StateId) -> bool) -> Self {
        let (first, end) = model.type_of(run.kind).states;
        let far = (first..end).map(|state| if is_goal(state) { 0 } else { NEVER }).collect();
        let mut distances = Self { model, first, far };
        // Steps mostly lead forward, so that the first pass, which goes backward, settles nearly all.
        while (first..end).rev().filter(|state| distances.settle(*state)).count() > 0 {}
        distances
    }

    /// Takes over the nearest of the next states; whether that changed anything.
    fn settle(&mut self, state: StateId) -> bool {
        let nearest = self.model.steps(state).iter().map(|step| self.of(step.target)).min().unwrap_or(NEVER);
        let through = nearest.saturating_add(1);
        let is_nearer = through < self.of(state);
        if is_nearer {
            self.far[(state - self.first) as usize] = through;
        }
        is_nearer
    }

    fn of(&self, state: StateId) -> u32 {
        self.far[(state - self.first) as usize]
    }

    /// The goal that is reached from a state, and the elements on the way.
    fn walk(&self, mut state: StateId) -> Option<(StateId, Vec<Vec<Symbol>>)> {
        let mut missing = Vec::new();
        let mut left = self.of(state);
        if left == NEVER {
            return None;
        }
        while left > 0 {
            left -= 1;
            let nearer = || self.model.steps(state).iter().filter(|step| self.of(step.target) == left);
            missing.push(nearer().map(|step| step.symbol).filter(|symbol| *symbol != UNKNOWN).collect());
            state = nearer().next()?.target;
        }
        Some((state, missing))
    }
}
