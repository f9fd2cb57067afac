use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    ffi::{OsStr, OsString},
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Instant, SystemTime},
};

use aws_lc_rs::digest;
use jiff::Timestamp;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::{FolderOptions, files};
use crate::{Arrival, Doing, Health, Parcel, Received, Settle, Settlement};

const TAKEN: &str = ".taken-";
const NODE: &str = ".node-";
/// The letters of a node's name: a UUID without hyphens.
const NODE_NAME_BYTES: usize = 32;

/// The receiving half of a folder.
#[derive(Debug)]
pub(super) struct Inbox {
    pub(super) options: FolderOptions,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    node: Option<Node>,
    health: Health,
    /// Size and time of each file at the last look, and since when they are so.
    seen: BTreeMap<OsString, (Look, Instant)>,
    /// Files that can be claimed now, oldest first.
    ready: VecDeque<(OsString, Look)>,
    /// Claimed by us and with somebody, by the name that they have now.
    held: BTreeSet<OsString>,
    /// Claimed by us and to come again.
    waiting: Vec<Claim>,
    claims: u64,
}

/// This process among those that share the folder: alive as long as it holds the lock.
#[derive(Debug)]
struct Node {
    name: String,
    _lock: File,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Look {
    changed: SystemTime,
    bytes: u64,
}

#[derive(Clone, Debug)]
struct Claim {
    /// What it is called while it is claimed.
    taken: OsString,
    /// What it was called.
    name: OsString,
    /// How often it was put off.
    failures: u32,
    /// Not before.
    due: Instant,
}

impl Inbox {
    pub(super) fn new(options: FolderOptions) -> Self {
        let state = State {
            node: None,
            health: Health::Unknown,
            seen: BTreeMap::new(),
            ready: VecDeque::new(),
            held: BTreeSet::new(),
            waiting: Vec::new(),
            claims: 0,
        };
        Self { options, state: Mutex::new(state) }
    }

    pub(super) fn health(&self) -> Health {
        self.state().health.clone()
    }

    /// Lets other nodes have what we claimed.
    pub(super) fn leave(&self) {
        let node = self.state().node.take();
        if let Some(node) = node {
            let _ = fs::remove_file(self.options.incoming.join(format!("{NODE}{}", node.name)));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn down(&self, what: &str, error: &io::Error) {
        let mut state = self.state();
        let since = match &state.health {
            Health::Down { since, .. } => *since,
            Health::Unknown | Health::Up => Timestamp::now(),
        };
        state.health =
            Health::Down { since, says: format!("{what} {}: {error}", self.options.incoming.display()) };
    }

    /// The file comes again, after a pause.
    fn put_off(&self, mut claim: Claim) {
        let options = &self.options;
        let doubled = options.later_first.saturating_mul(1 << claim.failures.min(20));
        claim.due = Instant::now() + doubled.min(options.later_longest);
        claim.failures += 1;
        let mut state = self.state();
        state.held.remove(&claim.taken);
        state.waiting.push(claim);
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        self.leave();
    }
}

/// The next file, if there is one now.
pub(super) fn next(inbox: &Arc<Inbox>) -> Option<Arrival> {
    match look_for_next(inbox) {
        Ok(arrival) => {
            inbox.state().health = Health::Up;
            arrival
        }
        Err(error) => {
            inbox.down("can't read the folder", &error);
            None
        }
    }
}

fn look_for_next(inbox: &Arc<Inbox>) -> io::Result<Option<Arrival>> {
    let node = enlist(inbox)?;
    while let Some(claim) = due(inbox) {
        if let Some(arrival) = take(inbox, claim)? {
            return Ok(Some(arrival));
        }
    }
    if inbox.state().ready.is_empty() {
        look(inbox, &node)?;
    }
    loop {
        let Some((name, look)) = inbox.state().ready.pop_front() else { return Ok(None) };
        if let Some(claim) = claim(inbox, &node, &name, look)?
            && let Some(arrival) = take(inbox, claim)?
        {
            return Ok(Some(arrival));
        }
    }
}

/// Makes and locks the file that shows that we live, unless it is there.
fn enlist(inbox: &Inbox) -> io::Result<String> {
    let mut state = inbox.state();
    if let Some(node) = &state.node
        && inbox.options.incoming.join(format!("{NODE}{}", node.name)).try_exists()?
    {
        return Ok(node.name.clone());
    }
    let name = match state.node.take() {
        Some(node) => node.name,
        None => Uuid::new_v4().simple().to_string(),
    };
    let lock = File::create(inbox.options.incoming.join(format!("{NODE}{name}")))?;
    lock.try_lock()?;
    state.node = Some(Node { name: name.clone(), _lock: lock });
    Ok(name)
}

/// A claim of ours whose pause is over.
fn due(inbox: &Inbox) -> Option<Claim> {
    let mut state = inbox.state();
    let now = Instant::now();
    let index = state.waiting.iter().position(|claim| claim.due <= now)?;
    Some(state.waiting.remove(index))
}

/// Looks through the folder: what didn't change since the last look is ready, and what dead nodes claimed waits for us.
fn look(inbox: &Inbox, node: &str) -> io::Result<()> {
    let now = Instant::now();
    let mut seen = BTreeMap::new();
    let mut taken = Vec::new();
    for entry in fs::read_dir(&inbox.options.incoming)? {
        let entry = entry?;
        let name = entry.file_name();
        let Ok(metadata) = entry.metadata() else { continue };
        if !metadata.is_file() {
            continue;
        }
        if name.as_encoded_bytes().starts_with(TAKEN.as_bytes()) {
            taken.push(name);
        } else if files::is_wanted(&name) {
            seen.insert(name, Look { changed: metadata.modified()?, bytes: metadata.len() });
        }
    }
    adopt(inbox, node, taken)?;
    let mut state = inbox.state();
    let mut ready = Vec::new();
    let mut known = BTreeMap::new();
    for (name, look) in seen {
        let since = match state.seen.get(&name) {
            Some((before, since)) if *before == look => *since,
            Some(_) | None => now,
        };
        if now.saturating_duration_since(since) >= inbox.options.poll && since != now {
            ready.push((name.clone(), look));
        }
        known.insert(name, (look, since));
    }
    ready.sort_by(|(name, look), (other_name, other_look)| (look, name).cmp(&(other_look, other_name)));
    state.ready = ready.into();
    state.seen = known;
    Ok(())
}

/// Claims what nobody alive has claimed.
fn adopt(inbox: &Inbox, node: &str, mut taken: Vec<OsString>) -> io::Result<()> {
    taken.sort();
    let mut dead = BTreeMap::new();
    for name in taken {
        let Some((owner, original)) = parse_taken(&name) else { continue };
        if owner == node {
            readopt(inbox, name.clone(), original);
            continue;
        }
        let is_dead = match dead.get(&owner) {
            Some(is_dead) => *is_dead,
            None => is_dead(&inbox.options.incoming, &owner)?,
        };
        dead.insert(owner, is_dead);
        if is_dead {
            let claimed = rename_claim(inbox, node, &name, &original)?;
            inbox.state().waiting.extend(claimed);
        }
    }
    for owner in dead.into_iter().filter_map(|(owner, is_dead)| is_dead.then_some(owner)) {
        let _ = fs::remove_file(inbox.options.incoming.join(format!("{NODE}{owner}")));
    }
    Ok(())
}

/// A claim of ours that nobody holds and that doesn't wait.
fn readopt(inbox: &Inbox, taken: OsString, name: OsString) {
    let mut state = inbox.state();
    let known = state.held.contains(&taken) || state.waiting.iter().any(|claim| claim.taken == taken);
    if !known {
        state.waiting.push(Claim { taken, name, failures: 0, due: Instant::now() });
    }
}

fn is_dead(incoming: &Path, owner: &str) -> io::Result<bool> {
    match File::open(incoming.join(format!("{NODE}{owner}"))) {
        Ok(file) => match file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// Claims a file that didn't change. `None` where it did, or somebody else was first.
fn claim(inbox: &Inbox, node: &str, name: &OsStr, look: Look) -> io::Result<Option<Claim>> {
    let path = inbox.options.incoming.join(name);
    let metadata = match fs::symlink_metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let now = Look { changed: metadata.modified()?, bytes: metadata.len() };
    if !metadata.is_file() || now != look {
        return Ok(None);
    }
    rename_claim(inbox, node, name, name)
}

fn rename_claim(inbox: &Inbox, node: &str, from: &OsStr, name: &OsStr) -> io::Result<Option<Claim>> {
    let mut taken;
    {
        let mut state = inbox.state();
        state.claims += 1;
        taken = OsString::from(format!("{TAKEN}{node}-{}-", state.claims));
        taken.push(name);
        // Before it has the name: a look at the same time must not think that nobody holds it.
        state.held.insert(taken.clone());
    }
    let incoming = &inbox.options.incoming;
    if let Err(error) = fs::rename(incoming.join(from), incoming.join(&taken)) {
        inbox.state().held.remove(&taken);
        // Somebody else was first.
        return if error.kind() == io::ErrorKind::NotFound { Ok(None) } else { Err(error) };
    }
    Ok(Some(Claim { taken, name: name.to_owned(), failures: 0, due: Instant::now() }))
}

/// The node and the name in `.taken-<node>-<number>-<name>`.
fn parse_taken(taken: &OsStr) -> Option<(String, OsString)> {
    let bytes = taken.as_encoded_bytes().strip_prefix(TAKEN.as_bytes())?;
    let node = str::from_utf8(bytes.get(..NODE_NAME_BYTES)?).ok()?;
    let rest = bytes.get(NODE_NAME_BYTES..)?.strip_prefix(b"-")?;
    let hyphen = rest.iter().position(|byte| *byte == b'-')?;
    str::from_utf8(rest.get(..hyphen)?).ok()?.parse::<u64>().ok()?;
    let skip = TAKEN.len() + NODE_NAME_BYTES + 1 + hyphen + 1;
    // Everything before the name is ASCII, and so many signs as bytes.
    let name = after(taken, skip)?;
    Some((node.to_owned(), name))
}

#[cfg(unix)]
fn after(name: &OsStr, bytes: usize) -> Option<OsString> {
    use std::os::unix::ffi::OsStrExt;
    Some(OsStr::from_bytes(name.as_bytes().get(bytes..)?).to_owned())
}

#[cfg(not(unix))]
fn after(name: &OsStr, bytes: usize) -> Option<OsString> {
    Some(OsString::from(name.to_str()?.get(bytes..)?))
}

/// Reads a file that we claimed. `None` where it was refused at once.
fn take(inbox: &Arc<Inbox>, claim: Claim) -> io::Result<Option<Arrival>> {
    inbox.state().held.insert(claim.taken.clone());
    match read(inbox, &claim) {
        Ok(Some(parcel)) => {
            let settlement = Claimed { inbox: Arc::clone(inbox), claim: Some(claim) };
            Ok(Some(Arrival::new(Received::Parcel(parcel), settlement)))
        }
        Ok(None) => {
            inbox.state().held.remove(&claim.taken);
            Ok(None)
        }
        Err(error) => {
            inbox.put_off(claim);
            Err(error)
        }
    }
}

fn read(inbox: &Inbox, claim: &Claim) -> io::Result<Option<Parcel>> {
    let path = inbox.options.incoming.join(&claim.taken);
    let metadata = match fs::symlink_metadata(&path) {
        Ok(metadata) => metadata,
        // Somebody took it away by hand.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let limit = inbox.options.file_bytes_max;
    if metadata.len() > limit {
        refuse(inbox, claim, &too_large(limit))?;
        return Ok(None);
    }
    let Some(bytes) = files::read_within(&path, limit)? else {
        refuse(inbox, claim, &too_large(limit))?;
        return Ok(None);
    };
    let made = metadata.modified().ok().and_then(|changed| Timestamp::try_from(changed).ok());
    Ok(Some(parcel(bytes, made.unwrap_or_else(Timestamp::now))))
}

fn too_large(limit: u64) -> String {
    format!(
        "Filen er større enn {limit} byte, som er den største denne kanalen leser (`file_bytes_max`).\n\
         Den er ikke lest. Del den, eller øk grensen, og legg filen inn igjen.\n"
    )
}

fn parcel(bytes: Vec<u8>, made: Timestamp) -> Parcel {
    Parcel {
        id: identity(&bytes),
        from: String::new(),
        to: String::new(),
        kind: String::new(),
        message: String::new(),
        conversation: None,
        made,
        bytes,
    }
}

/// A UUID (version 8) of the bytes' SHA-256.
fn identity(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, bytes);
    let mut first = [0; 16];
    for (to, from) in first.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    uuid::Builder::from_custom_bytes(first).into_uuid().to_string()
}

fn refuse(inbox: &Inbox, claim: &Claim, why: &str) -> io::Result<PathBuf> {
    let folder = &inbox.options.refused;
    let path = files::move_into(&inbox.options.incoming.join(&claim.taken), folder, &claim.name)?;
    let mut name = path.file_name().unwrap_or(&claim.name).to_owned();
    name.push(".why.txt");
    fs::write(folder.join(name), why)?;
    files::sync_folder(folder)?;
    Ok(path)
}

/// A file that somebody holds. Dropped, it comes again.
#[derive(Debug)]
struct Claimed {
    inbox: Arc<Inbox>,
    claim: Option<Claim>,
}

impl Settlement for Claimed {
    fn settle(mut self: Box<Self>, settle: Settle) -> Doing<'static, ()> {
        Box::pin(async move {
            // In a task that is done also where nobody waits for it.
            let _ = spawn_blocking(move || self.end(&settle)).await;
        })
    }
}

impl Claimed {
    fn end(&mut self, settle: &Settle) {
        let Some(claim) = self.claim.take() else { return };
        let inbox = &self.inbox;
        let path = inbox.options.incoming.join(&claim.taken);
        let ended = match settle {
            Settle::Later => return inbox.put_off(claim),
            Settle::Taken => match &inbox.options.done {
                Some(done) => files::move_into(&path, done, &claim.name).map(|_| ()),
                None => fs::remove_file(&path).and_then(|()| files::sync_folder(&inbox.options.incoming)),
            },
            Settle::Refused(fault) => {
                let why =
                    format!("Filen kunne ikke tas imot.\n\n{}\n\nKode: {}\n", fault.says, fault.condition);
                refuse(inbox, &claim, &why).map(|_| ())
            }
        };
        match ended {
            Ok(()) => drop(inbox.state().held.remove(&claim.taken)),
            // Another node thought us dead and has it, or a person moved it.
            Err(error) if error.kind() == io::ErrorKind::NotFound && !path.exists() => {
                inbox.state().held.remove(&claim.taken);
            }
            Err(error) => {
                inbox.down("can't move a file out of the folder", &error);
                inbox.put_off(claim);
            }
        }
    }
}

impl Drop for Claimed {
    fn drop(&mut self) {
        if let Some(claim) = self.claim.take() {
            self.inbox.put_off(claim);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_claim_tells_whose_it_is_and_what_the_file_was_called() {
        let node = "0123456789abcdef0123456789abcdef";
        for (taken, parsed) in [
            (format!(".taken-{node}-7-a-b.xml"), Some("a-b.xml")),
            (format!(".taken-{node}-7-æ.xml"), Some("æ.xml")),
            (format!(".taken-{node}-x-a.xml"), None),
            (format!(".taken-{node}"), None),
            (".taken-kort-1-a.xml".to_owned(), None),
        ] {
            let expected = parsed.map(|name| (node.to_owned(), OsString::from(name)));
            assert_eq!(parse_taken(OsStr::new(&taken)), expected, "{taken}");
        }
    }

    #[test]
    fn the_same_bytes_are_the_same_parcel() {
        assert_eq!(identity(b"x"), identity(b"x"));
        assert_ne!(identity(b"x"), identity(b"y"));
        assert_eq!(identity(b"x").len(), 36);
    }
}
