//! Keys of the front door.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
    time::Instant,
};

use jiff::Timestamp;
use samspill_server::{
    config::{Config, SecretPlace, WebConfig},
    node,
};
use samspill_service::{
    audit::PersonRegister,
    notices::Notices,
    people::{Random as _, SystemRandom},
};
use samspill_store::{IfMissing, Store};

use super::{KeysCommand, KeysFor, open, terminal};
use crate::{output, trouble::Trouble};

/// Does what the call asks for.
pub(super) fn run(command: &KeysCommand) -> Result<ExitCode, Trouble> {
    match command {
        KeysCommand::New { what: KeysFor::Persons } => output::line(persons().trim_end())?,
        KeysCommand::New { what: KeysFor::Login } => output::line(&random_key())?,
        KeysCommand::Rotate { what, node } => {
            let config = open::configuration(&node.config)?;
            let web = open::web(&config)?.clone();
            return match what {
                KeysFor::Login => rotate_login(&config, &web),
                KeysFor::Persons => rotate_persons(&config, &web),
            };
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A new ring of keys for persons: one that seals, and the one that makes the rows' keys.
pub(super) fn persons() -> String {
    format!("{}: {}\nindex: {}\n", key_name(), random_key(), random_key())
}

/// A new secret goes first in the file; the two before it stay, for logins under way.
fn rotate_login(config: &Config, web: &WebConfig) -> Result<ExitCode, Trouble> {
    let path = file_of(web.secrets.as_ref(), "secrets")?;
    let text = fs::read_to_string(path).map_err(told)?;
    open::run(async {
        let store = open::store(config, IfMissing::Refuse).await?;
        terminal::note_keys(config, &store, "innlogging").await?;
        store.close().await;
        replace(path, &with_secret(&text, &random_key())).map_err(told)?;
        output::note(
            "a new secret stands first: give the file to all nodes, and start them again one after the other",
        );
        Ok(ExitCode::SUCCESS)
    })
}

/// The secrets before it that stay.
const OLD_SECRETS: usize = 2;

/// A file of secrets with a new one before the others. Lines that are none stay where they are.
fn with_secret(text: &str, new: &str) -> String {
    let is_secret = |line: &str| !line.trim().is_empty() && !line.trim().starts_with('#');
    let first = text.lines().position(is_secret).unwrap_or_else(|| text.lines().count());
    let (head, rest): (Vec<_>, Vec<_>) = text.lines().enumerate().partition(|(place, _)| *place < first);
    let mut left = OLD_SECRETS;
    let kept = rest.into_iter().map(|(_, line)| line).filter(|line| {
        let is_kept = !is_secret(line) || left > 0;
        left = left.saturating_sub(usize::from(is_secret(line)));
        is_kept
    });
    let lines: Vec<&str> =
        head.into_iter().map(|(_, line)| line).chain(std::iter::once(new)).chain(kept).collect();
    lines.join("\n") + "\n"
}

/// A new key goes first in the file, unless it is there and persons or messages are still sealed with older ones, or not at all: then
/// they are sealed anew.
fn rotate_persons(config: &Config, web: &WebConfig) -> Result<ExitCode, Trouble> {
    open::run(async {
        let store = open::store(config, IfMissing::Refuse).await?;
        terminal::note_keys(config, &store, "personer").await?;
        let register = node::register(config, web, &store).map_err(told)?;
        let persons = reseal_persons(&register).await?;
        let notices = Notices::new(store.clone(), config.node.community.clone(), register);
        let persons = sum(persons, reseal_notices(&notices).await?);
        let messages = reseal_messages(config, &store).await?;
        store.close().await;
        if persons.0 + messages.0 > 0 {
            let ((persons, persons_left), (messages, messages_left)) = (persons, messages);
            output::note(&format!(
                "{persons} persons and {messages} messages, decisions and persons of the log are sealed with the newest key, {} are left: older keys may go \
                 when none is",
                persons_left + messages_left
            ));
            return Ok(ExitCode::SUCCESS);
        }
        let path = file_of(Some(&web.person_keys), "person_keys")?;
        let text = fs::read_to_string(path).map_err(told)?;
        replace(path, &format!("{}: {}\n{text}", key_name(), random_key())).map_err(told)?;
        output::note(
            "a new key stands first: give the file to all nodes, start them again, and then run this once more",
        );
        Ok(ExitCode::SUCCESS)
    })
}

/// How many persons were sealed anew, and how many are left.
async fn reseal_persons(register: &PersonRegister) -> Result<(u64, u64), Trouble> {
    let mut resealed = 0;
    loop {
        let done = register.rotate(&SystemRandom, AT_ONCE, Timestamp::now()).await.map_err(told)?;
        resealed += done.resealed;
        if done.left == 0 || done.resealed == 0 {
            return Ok((resealed, done.left));
        }
    }
}

/// How many choices of notices were sealed anew, and how many are left.
async fn reseal_notices(notices: &Notices) -> Result<(u64, u64), Trouble> {
    let mut resealed = 0;
    loop {
        let (done, left) = notices.rotate(&SystemRandom, AT_ONCE, Timestamp::now()).await.map_err(told)?;
        resealed += done;
        if left == 0 || done == 0 {
            return Ok((resealed, left));
        }
    }
}

fn sum((one, one_left): (u64, u64), (other, other_left): (u64, u64)) -> (u64, u64) {
    (one + other, one_left + other_left)
}

/// How many messages, decisions and persons of the log were sealed anew, and how many are left.
async fn reseal_messages(config: &Config, store: &Store) -> Result<(u64, u64), Trouble> {
    let mut resealed = 0;
    loop {
        let begun = Instant::now();
        let done = store.reseal(&config.node.community, MESSAGES_AT_ONCE).await?;
        resealed += done.resealed;
        if done.left == 0 || done.resealed == 0 {
            return Ok((resealed, done.left));
        }
        // A node on the same file asks for the lock now and then, and must find it free as often as not.
        tokio::time::sleep(begun.elapsed()).await;
    }
}

/// Persons that are sealed anew at a time.
const AT_ONCE: usize = 500;

/// Messages that are sealed anew at a time: whoever takes one in waits as long.
const MESSAGES_AT_ONCE: usize = 50;

fn file_of<'w>(place: Option<&'w SecretPlace>, setting: &str) -> Result<&'w Path, Trouble> {
    match place {
        Some(SecretPlace::File(path)) => Ok(path),
        Some(SecretPlace::Env(_)) | None => Err(Trouble::Node(format!(
            "`{setting}` in [web] names no file: keys in a file can be rotated here"
        ))),
    }
}

/// Writes the file whole or not at all, on disk when this returns, with the owner, group and rights that it had.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    // Where the path leads to a file elsewhere, that one is replaced.
    let path = fs::canonicalize(path)?;
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut beside = name.to_owned();
    beside.push(".ny");
    let beside = path.with_file_name(beside);
    let placed = written(&beside, text, &fs::metadata(&path)?).and_then(|()| fs::rename(&beside, &path));
    if placed.is_err() {
        // It holds a key: it must not lie there. Where it isn't there, nothing is to be removed.
        let _ = fs::remove_file(&beside);
    }
    placed.and_then(|()| sync_folder(&path))
}

/// A new file, first readable by nobody else, then as the old one was.
fn written(path: &Path, text: &str, old: &fs::Metadata) -> io::Result<()> {
    // Of a run that was cut off.
    if path.exists() {
        fs::remove_file(path)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    #[cfg(unix)]
    give(&file, old)?;
    file.set_permissions(old.permissions())?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Gives a file to whom another belongs.
#[cfg(unix)]
fn give(file: &fs::File, old: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let (owner, group) = (old.uid(), old.gid());
    fchown(file, Some(owner), Some(group)).map_err(|error| {
        let says = format!(
            "the new file can't be given to {owner}:{group}, who has the old one ({error}): run this as root"
        );
        io::Error::new(error.kind(), says)
    })
}

/// So that the new file is there also after a power cut.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => fs::File::open(folder)?.sync_all(),
        Some(_) | None => Ok(()),
    }
}

/// What a key made today is called.
fn key_name() -> String {
    Timestamp::now().strftime("%Y%m%dT%H%M%S").to_string()
}

/// 32 bytes of the operating system's chance, as hexadecimal digits.
fn random_key() -> String {
    let mut bytes = [0; 32];
    SystemRandom.fill(&mut bytes);
    bytes.iter().fold(String::new(), |mut text, byte| {
        let written = write!(text, "{byte:02x}");
        debug_assert!(written.is_ok(), "a string takes all letters");
        text
    })
}

fn told(error: impl std::fmt::Display) -> Trouble {
    Trouble::Node(error.to_string())
}

#[cfg(test)]
mod tests {
    use samspill_service::audit::KeyRing;

    use super::*;

    #[test]
    fn new_keys_for_persons_are_a_ring_and_never_the_same() {
        assert!(KeyRing::from_text(&persons()).is_ok());
        assert_ne!(persons(), persons());
    }

    #[test]
    fn a_new_secret_stands_first_with_two_before_it_and_lines_that_are_none() {
        for (text, expected) in [
            ("", "ny\n"),
            ("a\n", "ny\na\n"),
            ("a\nb\nc\n", "ny\na\nb\n"),
            (
                "# nyest først\na\n\n# gammel\nb\n# eldst\nc\n",
                "# nyest først\nny\na\n\n# gammel\nb\n# eldst\n",
            ),
            ("# tom\n", "# tom\nny\n"),
            ("  # innrykket\n a \nb", "  # innrykket\nny\n a \nb\n"),
        ] {
            assert_eq!(with_secret(text, "ny"), expected, "{text:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_replaced_with_its_rights_and_its_owner() {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nokler.txt");
        fs::write(&path, "gammel\n").unwrap();
        fs::write(folder.path().join("nokler.txt.ny"), "av en avbrutt kjøring").unwrap();
        // Only root can give files away; anybody else tries it with what is theirs.
        let given = chown(&path, Some(12_345), Some(23_456)).is_ok();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let of = |path: &Path| {
            let about = fs::metadata(path).unwrap();
            (about.uid(), about.gid(), about.mode() & 0o7777)
        };
        let old = of(&path);
        assert!(!given || (old.0, old.1) == (12_345, 23_456));
        replace(&path, "ny\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "ny\n");
        assert_eq!(of(&path), old);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[cfg(unix)]
    #[test]
    fn where_a_path_leads_elsewhere_the_file_there_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("ekte.txt"), folder.path().join("lenke.txt"));
        fs::write(&real, "gammel\n").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        replace(&link, "ny\n").unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "ny\n");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(replace(&folder.path().join("finnes-ikke"), "ny\n").is_err());
    }
}
