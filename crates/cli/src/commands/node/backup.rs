//! Backups, and back.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use samspill_server::config::Config;
use samspill_store::{BackupKey, BackupLock, IfMissing};

use super::{BackupArgs, RestoreArgs, log, open};
use crate::{output, trouble::Trouble};

/// Writes a backup while others go on writing.
pub(super) fn backup(args: &BackupArgs) -> Result<ExitCode, Trouble> {
    let config = open::configuration(&args.node.config)?;
    let lock = BackupLock::Recipients(recipients(args, &config)?);
    open::run(async {
        let store = open::store(&config, IfMissing::Refuse).await?;
        let part = part_of(&args.file);
        let written = write(&store, &lock, &part).await;
        let heads = match written {
            Ok(heads) => heads,
            Err(trouble) => {
                let _ = fs::remove_file(&part);
                return Err(trouble);
            }
        };
        let failed = |source| Trouble::File { what: "writing", path: args.file.clone(), source };
        // Not over one that somebody made meanwhile.
        fs::hard_link(&part, &args.file).map_err(failed)?;
        fs::remove_file(&part).map_err(failed)?;
        let mut out = output::standard();
        for (community, head) in heads {
            writeln!(out, "{community}: up to {}:{}", head.position.0, head.hash)?;
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    })
}

async fn write(
    store: &samspill_store::Store,
    lock: &BackupLock,
    part: &Path,
) -> Result<Vec<(samspill_store::CommunityId, samspill_store::Head)>, Trouble> {
    let failed = |source| Trouble::File { what: "writing", path: part.to_owned(), source };
    let file = OpenOptions::new().write(true).create_new(true).open(part).map_err(failed)?;
    let mut out = BufWriter::new(file);
    let heads = store.backup(lock, &mut out).await?;
    out.flush().map_err(failed)?;
    out.get_ref().sync_all().map_err(failed)?;
    Ok(heads)
}

/// The name while it is written: a backup that is there is whole.
fn part_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

/// Who may open it: those that the call names, or else those of the configuration.
fn recipients(args: &BackupArgs, config: &Config) -> Result<Vec<String>, Trouble> {
    let mut found = Vec::new();
    for named in &args.recipient {
        if named.starts_with("age1") {
            found.push(named.clone());
        } else {
            found.extend(keys_in(Path::new(named))?);
        }
    }
    if let (true, Some(backup)) = (args.recipient.is_empty(), &config.backup) {
        found = keys_in(&backup.recipients)?;
    }
    if found.is_empty() {
        let says = "a backup must be locked for somebody: name a key with --recipient, or in [backup]";
        return Err(Trouble::Call(says.to_owned()));
    }
    Ok(found)
}

fn keys_in(path: &Path) -> Result<Vec<String>, Trouble> {
    let text = fs::read_to_string(path);
    let text = text.map_err(|source| Trouble::File { what: "reading", path: path.to_owned(), source })?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.map(str::to_owned).collect())
}

/// Restores a backup into an empty store.
pub(super) fn restore(args: &RestoreArgs) -> Result<ExitCode, Trouble> {
    let config = open::configuration(&args.node.config)?;
    let key = keys_in(&args.identity)?.into_iter().find(|line| line.starts_with("AGE-SECRET-KEY-"));
    let Some(key) = key else {
        let path = args.identity.display();
        return Err(Trouble::Call(format!("{path} holds no secret key (AGE-SECRET-KEY-1…)")));
    };
    open::run(async {
        let failed = |source| Trouble::File { what: "reading", path: args.file.clone(), source };
        let file = File::open(&args.file).map_err(failed)?;
        let store = open::store(&config, IfMissing::Create).await?;
        let logs = store.restore(&BackupKey::Identity(key), &mut BufReader::new(file)).await?;
        log::tell(&logs)
    })
}
