//! The word to stop, and who heard it.

use tokio::sync::watch;

/// Heard by all parts of a process. Clones hear the same word.
#[derive(Clone, Debug)]
pub struct Stop(watch::Sender<Word>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Word {
    GoOn,
    Finish,
    Now,
}

impl Default for Stop {
    fn default() -> Self {
        Self(watch::Sender::new(Word::GoOn))
    }
}

impl Stop {
    /// Asks to stop: take nothing new in, and finish what is under way.
    pub fn ask(&self) {
        self.say(Word::Finish);
    }

    /// Asks to stop at once.
    pub fn ask_now(&self) {
        self.say(Word::Now);
    }

    /// Whether it was asked.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow() >= Word::Finish
    }

    /// Waits until it is asked; returns at once where it was.
    pub async fn asked(&self) {
        self.wait_for(Word::Finish).await;
    }

    /// Waits until it is asked to stop at once.
    pub async fn asked_now(&self) {
        self.wait_for(Word::Now).await;
    }

    fn say(&self, word: Word) {
        self.0.send_if_modified(|said| {
            let is_new = word > *said;
            *said = word.max(*said);
            is_new
        });
    }

    async fn wait_for(&self, word: Word) {
        // The sender lives as long as `self`, so there is an end to wait for.
        let _ = self.0.subscribe().wait_for(|said| *said >= word).await;
    }
}
