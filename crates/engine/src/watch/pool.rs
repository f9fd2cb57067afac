//! Memory in small runs that grow one by one: nothing but the run itself is ever copied.

/// Bytes of a chunk, unless one item or run needs more: so few that to get one takes no longer than the rest of a step.
const CHUNK_BYTES: usize = 8_192;

/// Items of a chunk: a power of two.
const fn chunk_items<T>() -> usize {
    let items = CHUNK_BYTES / if size_of::<T>() == 0 { 1 } else { size_of::<T>() };
    if items < 2 { 1 } else { 1 << items.ilog2() }
}

/// A list that grows by chunks: what is in it never moves.
#[derive(Clone, Debug)]
pub(super) struct ChunkList<T> {
    chunks: Vec<Vec<T>>,
    len: usize,
}

impl<T> Default for ChunkList<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T> ChunkList<T> {
    const CHUNK_ITEMS: usize = chunk_items::<T>();

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn push(&mut self, item: T) {
        if self.len == self.chunks.len() * Self::CHUNK_ITEMS {
            self.chunks.push(Vec::with_capacity(Self::CHUNK_ITEMS));
        }
        self.chunks[self.len / Self::CHUNK_ITEMS].push(item);
        self.len += 1;
    }

    pub(super) fn pop(&mut self) -> Option<T> {
        let last = self.len.checked_sub(1)?;
        self.len = last;
        let item = self.chunks[last / Self::CHUNK_ITEMS].pop();
        self.chunks.truncate(last / Self::CHUNK_ITEMS + 1);
        item
    }

    pub(super) fn get(&self, place: usize) -> &T {
        &self.chunks[place / Self::CHUNK_ITEMS][place % Self::CHUNK_ITEMS]
    }

    pub(super) fn get_mut(&mut self, place: usize) -> &mut T {
        &mut self.chunks[place / Self::CHUNK_ITEMS][place % Self::CHUNK_ITEMS]
    }

    fn bytes(&self) -> usize {
        self.chunks.len() * Self::CHUNK_ITEMS * size_of::<T>()
    }
}

/// Places that are taken and given back.
#[derive(Clone, Debug)]
pub(super) struct Slots<T> {
    items: ChunkList<T>,
    free: ChunkList<u32>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { items: ChunkList::default(), free: ChunkList::default() }
    }
}

impl<T: Default> Slots<T> {
    /// Takes a place.
    ///
    /// # Panics
    /// With more than [`u32::MAX`] − 1 places.
    pub(super) fn add(&mut self, item: T) -> u32 {
        if let Some(place) = self.free.pop() {
            *self.items.get_mut(place as usize) = item;
            return place;
        }
        let place = u32::try_from(self.items.len()).ok().filter(|place| *place != u32::MAX);
        self.items.push(item);
        place.expect("fewer places")
    }

    /// Gives a place back.
    pub(super) fn remove(&mut self, place: u32) -> T {
        self.free.push(place);
        std::mem::take(self.items.get_mut(place as usize))
    }

    pub(super) fn get(&self, place: u32) -> &T {
        self.items.get(place as usize)
    }

    pub(super) fn get_mut(&mut self, place: u32) -> &mut T {
        self.items.get_mut(place as usize)
    }

    /// All places, also those given back: these hold the default.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        (0..).zip(self.items.chunks.iter().flatten())
    }

    pub(super) fn bytes(&self) -> usize {
        self.items.bytes() + self.free.bytes()
    }
}

/// A run of items in a [`Pool`]; the default is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Run {
    at: u32,
    len: u32,
}

impl Run {
    pub(super) fn len(self) -> usize {
        self.len as usize
    }
}

/// Runs by size: 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, …: at most a quarter of a run is unused.
#[derive(Clone, Debug)]
pub(super) struct Pool<T> {
    classes: Vec<Class<T>>,
}

/// The runs of one size.
#[derive(Clone, Debug)]
struct Class<T> {
    size: usize,
    /// Runs in a chunk: a power of two, so that no division is needed.
    shift: u32,
    chunks: Vec<Box<[T]>>,
    used: usize,
    free: ChunkList<u32>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { classes: Vec::new() }
    }
}

/// The class of runs that hold so many; at least one.
fn class_of(len: usize) -> usize {
    let last = len - 1;
    if last < 4 {
        return last;
    }
    let power = last.ilog2() as usize;
    (power - 2) * 4 + (last >> (power - 2))
}

/// How many the runs of a class hold.
fn size_of_class(class: usize) -> usize {
    if class < 4 {
        return class + 1;
    }
    let power = class / 4 - 1;
    (class % 4 + 5) << power
}

impl<T: Copy + Default> Class<T> {
    fn new(class: usize) -> Self {
        let size = size_of_class(class);
        let shift = (chunk_items::<T>() / size).max(1).ilog2();
        Self { size, shift, chunks: Vec::new(), used: 0, free: ChunkList::default() }
    }

    fn take(&mut self) -> u32 {
        if let Some(at) = self.free.pop() {
            return at;
        }
        if self.used >> self.shift == self.chunks.len() {
            self.chunks.push(vec![T::default(); self.size << self.shift].into_boxed_slice());
        }
        self.used += 1;
        u32::try_from(self.used - 1).expect("fewer runs")
    }

    fn place(&self, at: u32) -> (usize, usize) {
        let at = at as usize;
        (at >> self.shift, (at & ((1 << self.shift) - 1)) * self.size)
    }
}

impl<T: Copy + Default> Pool<T> {
    pub(super) fn get(&self, run: Run) -> &[T] {
        if run.len == 0 {
            return &[];
        }
        let class = &self.classes[class_of(run.len())];
        let (chunk, from) = class.place(run.at);
        &class.chunks[chunk][from..from + run.len()]
    }

    pub(super) fn get_mut(&mut self, run: Run) -> &mut [T] {
        if run.len == 0 {
            return &mut [];
        }
        let class = &mut self.classes[class_of(run.len())];
        let (chunk, from) = class.place(run.at);
        &mut class.chunks[chunk][from..from + run.len()]
    }

    /// Room for so many, which hold anything.
    fn take(&mut self, len: usize) -> Run {
        if len == 0 {
            return Run::default();
        }
        let class = class_of(len);
        while self.classes.len() <= class {
            self.classes.push(Class::new(self.classes.len()));
        }
        Run { at: self.classes[class].take(), len: u32::try_from(len).expect("a shorter run") }
    }

    pub(super) fn put(&mut self, items: &[T]) -> Run {
        let run = self.take(items.len());
        self.get_mut(run).copy_from_slice(items);
        run
    }

    pub(super) fn free(&mut self, run: Run) {
        if run.len > 0 {
            self.classes[class_of(run.len())].free.push(run.at);
        }
    }

    /// Makes a run hold these.
    pub(super) fn replace(&mut self, run: &mut Run, items: &[T]) {
        if !items.is_empty() && run.len > 0 && class_of(items.len()) == class_of(run.len()) {
            run.len = u32::try_from(items.len()).expect("a shorter run");
            self.get_mut(*run).copy_from_slice(items);
            return;
        }
        self.free(*run);
        *run = self.put(items);
    }

    /// Puts an item at its place in a run.
    pub(super) fn insert(&mut self, run: &mut Run, place: usize, item: T) {
        let len = run.len();
        if len == 0 || class_of(len) != class_of(len + 1) {
            let grown = self.take(len + 1);
            self.move_to(*run, grown);
            self.free(*run);
            *run = grown;
        } else {
            run.len += 1;
        }
        let items = self.get_mut(*run);
        items.copy_within(place..len, place + 1);
        items[place] = item;
    }

    fn move_to(&mut self, from: Run, to: Run) {
        if from.len == 0 {
            return;
        }
        // Runs that grow into another class lie in another one.
        let (small, large) = self.classes.split_at_mut(class_of(to.len()));
        let (source, target) = (&small[class_of(from.len())], &mut large[0]);
        let ((chunk, start), (to_chunk, to_start)) = (source.place(from.at), target.place(to.at));
        target.chunks[to_chunk][to_start..to_start + from.len()]
            .copy_from_slice(&source.chunks[chunk][start..start + from.len()]);
    }

    pub(super) fn bytes(&self) -> usize {
        let class = |class: &Class<T>| {
            class.chunks.len() * (class.size << class.shift) * size_of::<T>() + class.free.bytes()
        };
        self.classes.iter().map(class).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_length_has_a_class_that_holds_it_and_the_class_before_does_not() {
        for len in 1..5_000 {
            let class = class_of(len);
            assert!(size_of_class(class) >= len, "{len}");
            assert!(class == 0 || size_of_class(class - 1) < len, "{len}");
        }
    }

    #[test]
    fn runs_keep_what_is_put_in_them_whatever_happens_to_others() {
        let mut pool = Pool::default();
        let mut runs = vec![(Run::default(), Vec::new()); 50];
        for step in 0_usize..20_000 {
            let which = step * 7_919 % runs.len();
            let (run, items) = &mut runs[which];
            let place = step * 31 % (items.len() + 1);
            if items.len() > 300 {
                items.truncate(which);
                pool.replace(run, items);
            } else {
                items.insert(place, step);
                pool.insert(run, place, step);
            }
        }
        for (run, items) in &runs {
            assert_eq!(pool.get(*run), items);
        }
        let before = pool.bytes();
        for (run, _) in &runs {
            pool.free(*run);
        }
        for (_, items) in &runs {
            pool.put(items);
        }
        assert!(pool.bytes() <= before + CHUNK_BYTES * 60, "freed runs are used again");
    }
}
