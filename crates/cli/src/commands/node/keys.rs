//! Keys of the front door.

use std::{fmt::Write as _, fs, path::Path, process::ExitCode};

use jiff::Timestamp;
use samspill_server::{
    config::{Config, SecretPlace, WebConfig},
    node,
};
use samspill_service::people::{Random as _, SystemRandom};
use samspill_store::IfMissing;

use super::{KeysCommand, KeysFor, open};
use crate::{output, trouble::Trouble};

/// Does what the call asks for.
pub(super) fn run(command: &KeysCommand) -> Result<ExitCode, Trouble> {
    match command {
        KeysCommand::New { what: KeysFor::Persons } => output::line(persons().trim_end())?,
        KeysCommand::New { what: KeysFor::Login } => output::line(&random_key())?,
        KeysCommand::Rotate { what, node } => {
            let config = open::configuration(&node.config)?;
            let web = open::web(&config)?.clone();
            match what {
                KeysFor::Login => rotate_login(&web)?,
                KeysFor::Persons => return rotate_persons(&config, &web),
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A new ring of keys for persons: one that seals, and the one that makes the rows' keys.
pub(super) fn persons() -> String {
    format!("{}: {}\nindex: {}\n", key_name(), random_key(), random_key())
}

/// A new secret goes first in the file; the two before it stay, for logins under way.
fn rotate_login(web: &WebConfig) -> Result<(), Trouble> {
    let path = file_of(web.secrets.as_ref(), "secrets")?;
    let text = fs::read_to_string(path).map_err(told)?;
    let kept = text.lines().filter(|line| !line.trim().is_empty()).take(2);
    let lines: Vec<String> = std::iter::once(random_key()).chain(kept.map(str::to_owned)).collect();
    replace(path, &(lines.join("\n") + "\n"))?;
    output::note(
        "a new secret stands first: give the file to all nodes, and start them again one after the other",
    );
    Ok(())
}

/// A new key goes first in the file, unless it is there and persons are still sealed with older ones: then they are sealed anew.
fn rotate_persons(config: &Config, web: &WebConfig) -> Result<ExitCode, Trouble> {
    open::run(async {
        let store = open::store(config, IfMissing::Refuse).await?;
        let register = node::register(config, web, &store).map_err(told)?;
        let mut resealed = 0;
        let left = loop {
            let done = register.rotate(&SystemRandom, AT_ONCE, Timestamp::now()).await.map_err(told)?;
            resealed += done.resealed;
            if done.left == 0 || done.resealed == 0 {
                break done.left;
            }
        };
        store.close().await;
        if resealed > 0 {
            output::note(&format!(
                "{resealed} persons are sealed with the newest key, {left} are left: older keys may go when none is"
            ));
            return Ok(ExitCode::SUCCESS);
        }
        let path = file_of(Some(&web.person_keys), "person_keys")?;
        let text = fs::read_to_string(path).map_err(told)?;
        replace(path, &format!("{}: {}\n{text}", key_name(), random_key()))?;
        output::note(
            "a new key stands first: give the file to all nodes, start them again, and then run this once more",
        );
        Ok(ExitCode::SUCCESS)
    })
}

/// Persons that are sealed anew at a time.
const AT_ONCE: usize = 500;

fn file_of<'w>(place: Option<&'w SecretPlace>, setting: &str) -> Result<&'w Path, Trouble> {
    match place {
        Some(SecretPlace::File(path)) => Ok(path),
        Some(SecretPlace::Env(_)) | None => Err(Trouble::Node(format!(
            "`{setting}` in [web] names no file: keys in a file can be rotated here"
        ))),
    }
}

/// Writes the file whole or not at all, with the rights that it had.
fn replace(path: &Path, text: &str) -> Result<(), Trouble> {
    let rights = fs::metadata(path).map_err(told)?.permissions();
    let beside = path.with_extension("ny");
    fs::write(&beside, "").map_err(told)?;
    fs::set_permissions(&beside, rights).map_err(told)?;
    fs::write(&beside, text).map_err(told)?;
    fs::rename(&beside, path).map_err(told)
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
    fn a_file_is_replaced_with_its_rights() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("nokler.txt");
        fs::write(&path, "gammel\n").unwrap();
        let mut rights = fs::metadata(&path).unwrap().permissions();
        #[cfg(unix)]
        std::os::unix::fs::PermissionsExt::set_mode(&mut rights, 0o600);
        fs::set_permissions(&path, rights).unwrap();
        let rights = fs::metadata(&path).unwrap().permissions();
        replace(&path, "ny\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "ny\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions(), rights);
    }
}
