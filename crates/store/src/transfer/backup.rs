use std::{
    collections::BTreeSet,
    fmt,
    io::{BufReader, Read, Write},
    iter,
};

use age::{Decryptor, Encryptor, Identity, Recipient, scrypt, secrecy::SecretString, x25519};

use super::{
    LOG_WITH_PERSONS,
    export::{Exported, export},
    file_error,
    import::{Persons, import},
    mail_export::{export_leases, export_mail},
    people_copy::export_people,
};
use crate::{
    CommunityId, Head, ImportedLog, Store, StoreError, database::Session, entry::head_of, mail, people,
    store::communities, verify::verify,
};

/// Who can open a backup.
pub enum BackupLock {
    /// Whoever knows the words. They are stretched (scrypt), which takes a second or so.
    Passphrase(String),
    /// Whoever holds the secret key of one of these recipients, `age1…`, as `age-keygen` writes them.
    Recipients(Vec<String>),
}

/// What opens a backup.
pub enum BackupKey {
    /// The words.
    Passphrase(String),
    /// A secret key, `AGE-SECRET-KEY-1…`.
    Identity(String),
}

/// Shows what it is and nothing of it.
impl fmt::Debug for BackupLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passphrase(_) => "Passphrase",
            Self::Recipients(_) => "Recipients",
        })
    }
}

/// Shows what it is and nothing of it.
impl fmt::Debug for BackupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passphrase(_) => "Passphrase",
            Self::Identity(_) => "Identity",
        })
    }
}

const DOING: &str = "write the backup";

impl Store {
    /// Writes all logs, all mail and all people as they are at this moment, encrypted so that `age` and other programs for its format open them
    /// too. Others may write meanwhile. Gives the end of each log: keep these elsewhere, for [`Store::verify`].
    ///
    /// The backup is an [export](crate::Store::export) of every log, with the community's messages, decisions, outbox, lives, strays
    /// and alerts after it, and its accounts, roles, tokens, persons (sealed as they are), those that marks of the log stand for, access log and what else stands about people, and the same for both databases: what was backed up on one can be restored on the other. Projections
    /// are not in it; they are made anew. Sessions and links are not in it either. Of leases only the fences are.
    ///
    /// # Errors
    ///
    /// A log or messages that are not whole, a recipient that is none, a file that can't be written. What was put out till then can't be
    /// restored.
    pub async fn backup(
        &self,
        lock: &BackupLock,
        out: &mut (dyn Write + Send),
    ) -> Result<Vec<(CommunityId, Head)>, StoreError> {
        let mut session = self.database().begin_read().await?;
        let mut sealed = encryptor(lock)?.wrap_output(&mut *out).map_err(file_error(DOING))?;
        let mut heads = Vec::new();
        for community in all_communities(session.as_mut()).await? {
            let Exported { head, .. } =
                export(session.as_mut(), &community, LOG_WITH_PERSONS, &mut sealed).await?;
            export_mail(session.as_mut(), &community, &mut sealed).await?;
            export_people(session.as_mut(), &community, &mut sealed).await?;
            heads.push((community, head));
        }
        export_leases(session.as_mut(), &mut sealed).await?;
        sealed.finish().and_then(Write::flush).map_err(file_error(DOING))?;
        Ok(heads)
    }

    /// Takes in a backup, into a store without entries, messages and people, and walks all logs from end to end before anything of it
    /// lasts. Backups that were made before there was mail, or before there were people, are taken in as well.
    ///
    /// A parcel that was handed over after the backup was made waits again, and is handed over a second time; its receiver
    /// knows it by its id. What is sealed stays so, and needs the keys that it was sealed with: not to restore it, but to read it.
    ///
    /// # Errors
    ///
    /// [`StoreError::BackupKey`] for another key; [`StoreError::NotEmpty`]; a backup that was cut off or changed. Nothing is
    /// written then.
    pub async fn restore(
        &self,
        key: &BackupKey,
        input: &mut (dyn Read + Send),
    ) -> Result<Vec<ImportedLog>, StoreError> {
        let mut opened = BufReader::new(opened(key, input)?);
        let mut session = self.database().begin_write().await?;
        refuse_entries(session.as_mut()).await?;
        let logs = import(self, session.as_mut(), &mut opened, Persons::AsTheyStand).await?;
        for log in &logs {
            let found = verify(session.as_mut(), &log.community, &[log.head], None).await?;
            if let Some(fault) = found.faults.first() {
                let (community, position) = (log.community.clone(), log.head.position);
                return Err(StoreError::NotWhole { community, position, says: fault.to_string() });
            }
        }
        session.commit().await?;
        Ok(logs)
    }
}

/// The communities that have entries, mail or people, in the order of their ids.
async fn all_communities(session: &mut dyn Session) -> Result<BTreeSet<CommunityId>, StoreError> {
    let mut all: BTreeSet<_> = communities(session).await?.into_iter().collect();
    all.extend(mail::communities(session).await?);
    all.extend(people::communities(session).await?);
    Ok(all)
}

async fn refuse_entries(session: &mut dyn Session) -> Result<(), StoreError> {
    match all_communities(session).await?.into_iter().next() {
        None => Ok(()),
        Some(community) => {
            let head = head_of(session, &community).await?;
            Err(StoreError::NotEmpty { community, head })
        }
    }
}

fn encryptor(lock: &BackupLock) -> Result<Encryptor, StoreError> {
    let wrong = |says: String| StoreError::BackupKey { says };
    match lock {
        BackupLock::Passphrase(words) if words.is_empty() => {
            Err(wrong("its passphrase would be empty: give it some words".to_owned()))
        }
        BackupLock::Passphrase(words) => {
            Ok(Encryptor::with_user_passphrase(SecretString::from(words.as_str())))
        }
        BackupLock::Recipients(recipients) => {
            let parsed: Result<Vec<x25519::Recipient>, StoreError> = recipients
                .iter()
                .map(|text| {
                    text.parse()
                        .map_err(|error| wrong(format!("«{text}» is no recipient ({error}): write age1…")))
                })
                .collect();
            let parsed = parsed?;
            let recipients = parsed.iter().map(|recipient| recipient as &dyn Recipient);
            Encryptor::with_recipients(recipients)
                .map_err(|error| wrong(format!("nobody could open it: {error}")))
        }
    }
}

fn opened<'a>(
    key: &BackupKey,
    input: &'a mut (dyn Read + Send),
) -> Result<impl Read + Send + use<'a>, StoreError> {
    let wrong = |says: String| StoreError::BackupKey { says };
    let identity: Box<dyn Identity> = match key {
        BackupKey::Passphrase(words) => Box::new(scrypt::Identity::new(SecretString::from(words.as_str()))),
        BackupKey::Identity(text) => {
            let identity: x25519::Identity = text.trim().parse().map_err(|error| {
                wrong(format!("the secret key is none ({error}): write AGE-SECRET-KEY-1…"))
            })?;
            Box::new(identity)
        }
    };
    let sealed =
        Decryptor::new(input).map_err(|error| wrong(format!("{error}: see that the file is the backup")))?;
    let opened = sealed.decrypt(iter::once(identity.as_ref()));
    opened
        .map_err(|error| wrong(format!("{error}: see that the key is the one that the backup was made for")))
}
