use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::Refused;

/// Streams that an account may have open at a time, on one node: more than a system needs, fewer than would wear a node out.
const STREAMS_MAX: usize = 20;

/// When somebody who has too many may try again. Streams end by themselves after some minutes.
const TRY_AGAIN_AFTER_SECONDS: u64 = 30;

/// Who has how many streams open, on this node. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Streams(Arc<Mutex<HashMap<String, usize>>>);

/// A stream that is open. It is counted until it is dropped.
#[derive(Debug)]
pub(crate) struct OpenStream {
    streams: Streams,
    account: String,
}

impl Streams {
    /// Opens a stream for an account.
    ///
    /// # Errors
    /// It has too many.
    pub(crate) fn open(&self, account: &str) -> Result<OpenStream, Refused> {
        let mut counts = self.counts();
        let count = counts.entry(account.to_owned()).or_default();
        if *count >= STREAMS_MAX {
            return Err(Refused::TooMany { seconds: TRY_AGAIN_AFTER_SECONDS });
        }
        *count += 1;
        Ok(OpenStream { streams: self.clone(), account: account.to_owned() })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut counts = self.streams.counts();
        let Some(count) = counts.get_mut(&self.account) else { return };
        *count -= 1;
        if *count == 0 {
            counts.remove(&self.account);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_twenty_streams_and_another_one_when_one_of_them_ends() {
        let streams = Streams::default();
        let mut open: Vec<_> = (0..STREAMS_MAX).map(|_| streams.open("a").unwrap()).collect();
        assert!(streams.open("a").is_err());
        assert!(streams.open("b").is_ok());
        open.pop();
        assert!(streams.open("a").is_ok());
        drop(open);
        assert!(streams.counts().is_empty(), "who has none isn't remembered");
    }
}
