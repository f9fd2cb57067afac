use samspill_store::SealError;

use super::{
    PersonRegister,
    seal::{open_bytes, seal_bytes},
};
use crate::people::Random;

/// Sealed texts are filled up with spaces to a whole number of so many bytes, so that their length says little.
const FILL: usize = 64;

impl PersonRegister {
    /// Seals what somebody who uses the node has said of themselves, with the newest key, for one account and no other. Gives the name of
    /// the key, and what is sealed. The text may end in spaces when it is opened.
    ///
    /// # Errors
    ///
    /// A ring without its own newest key.
    pub fn seal_own(
        &self,
        account: &str,
        text: &str,
        random: &dyn Random,
    ) -> Result<(String, Vec<u8>), SealError> {
        let mut clear = text.as_bytes().to_vec();
        clear.resize(clear.len().next_multiple_of(FILL), b' ');
        let newest = self.ring.newest().to_owned();
        let sealed = seal_bytes(&self.ring, &bound(account, &newest), clear, random)?;
        Ok((newest, sealed))
    }

    /// Opens what was sealed for an account.
    ///
    /// # Errors
    ///
    /// A key that isn't on the ring, a row that was changed, and one of another account.
    pub fn open_own(&self, account: &str, key_id: &str, sealed: &[u8]) -> Result<String, SealError> {
        let clear = open_bytes(&self.ring, key_id, &bound(account, key_id), sealed)?;
        String::from_utf8(clear).map_err(|_| SealError::NotOurs(key_id.to_owned()))
    }

    /// What the key is called that seals.
    pub fn newest_key(&self) -> &str {
        self.ring.newest()
    }
}

/// What it is bound to: never what a person or a message is.
fn bound(account: &str, key_id: &str) -> Vec<u8> {
    format!("samspill own 1\n{account}\n{key_id}").into_bytes()
}
