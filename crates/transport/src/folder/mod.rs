//! A folder that another program puts files in, and one that it takes files from.
//!
//! ```text
//!   incoming/x.xml ──claimed──▶ incoming/.taken-<node>-<n>-x.xml ──▶ done/x.xml         Taken
//!                                        │ Later: stays, and comes      refused/x.xml      Refused, with x.xml.why.txt beside it
//!                                        ▼ again after a pause
//!   outgoing/.<name>.part ──linked──▶ outgoing/LOG_INNLAGT-<message>.xml
//! ```
//!
//! - A file is taken when its size and its time were the same at two looks: whoever writes slowly is waited for. Names that begin
//!   with `.` or end in `.part` or `.tmp` are left alone, and so are folders and symbolic links. Oldest first, then by name.
//! - Several nodes can share a folder. A node claims a file by renaming it, which one of them manages, and holds a lock on
//!   a file of its own (`.node-<node>`) as long as it lives. What a node had claimed when it died is claimed by another as soon
//!   as the lock is free: at once on a machine of its own, and after the file server's own wait on a share. The file system must have
//!   locks (local disks, NFS 4 and SMB have); otherwise the channel is down and says so.
//! - In `done` and `refused` another file of the same name gets a number (`x.2.xml`). The same bytes under the same name are the same
//!   file, also when a node died while it moved it.
//! - The id of a parcel is made from its bytes: the same file again is the same parcel again.

mod files;
mod incoming;
mod outgoing;

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::{task::spawn_blocking, time::sleep};

use crate::{Arrival, Channel, Doing, Health, Parcel, SendFault};
use incoming::Inbox;

/// What a [`Folder`] channel is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderOptions {
    /// The channel's name in the configuration.
    pub name: String,
    /// Where files come in.
    pub incoming: PathBuf,
    /// Where files go out. Without it nothing can be sent.
    pub outgoing: Option<PathBuf>,
    /// Where files go that were taken. Without it they are removed.
    pub done: Option<PathBuf>,
    /// Where files go that were refused.
    pub refused: PathBuf,
    /// How long to wait between two looks.
    pub poll: Duration,
    /// The largest file in bytes. A larger one is refused unread.
    pub file_bytes_max: u64,
    /// The first pause after `Later`; each one after it is twice as long.
    pub later_first: Duration,
    /// The longest pause after `Later`.
    pub later_longest: Duration,
}

impl FolderOptions {
    /// A folder with `inn`, `ut`, `ferdig` and `avvist` in it, looked at every second, for files up to 20 MiB.
    pub fn new(name: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        Self {
            name: name.into(),
            incoming: folder.join("inn"),
            outgoing: Some(folder.join("ut")),
            done: Some(folder.join("ferdig")),
            refused: folder.join("avvist"),
            poll: Duration::from_secs(1),
            file_bytes_max: 20 << 20,
            later_first: Duration::from_secs(5),
            later_longest: Duration::from_mins(10),
        }
    }
}

/// A watched folder.
#[derive(Debug)]
pub struct Folder {
    inbox: Arc<Inbox>,
}

impl Folder {
    /// A channel that begins to look when something is received. Folders that are missing are not made: a share that is
    /// not there must not become a folder on the wrong disk.
    pub fn new(options: FolderOptions) -> Self {
        Self { inbox: Arc::new(Inbox::new(options)) }
    }
}

impl Channel for Folder {
    fn name(&self) -> &str {
        &self.inbox.options.name
    }

    fn send<'a>(&'a self, parcel: &'a Parcel) -> Doing<'a, Result<(), SendFault>> {
        Box::pin(async {
            let inbox = Arc::clone(&self.inbox);
            let parcel = parcel.clone();
            let sent = spawn_blocking(move || outgoing::send(&inbox.options, &parcel)).await;
            sent.unwrap_or_else(|_| {
                Err(SendFault::Unknown { says: "the task that wrote it stopped".to_owned() })
            })
        })
    }

    fn receive(&self) -> Doing<'_, Arrival> {
        Box::pin(async {
            loop {
                let inbox = Arc::clone(&self.inbox);
                // Where we are dropped meanwhile, the arrival is dropped with the task, and comes again.
                if let Ok(Some(arrival)) = spawn_blocking(move || incoming::next(&inbox)).await {
                    return arrival;
                }
                sleep(self.inbox.options.poll).await;
            }
        })
    }

    fn health(&self) -> Health {
        self.inbox.health()
    }

    fn close(&self) -> Doing<'_, ()> {
        Box::pin(async {
            let inbox = Arc::clone(&self.inbox);
            let _ = spawn_blocking(move || inbox.leave()).await;
        })
    }
}
