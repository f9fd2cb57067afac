//! A person sees to a message that didn't get through.

use samspill_store::MessageNumber;

use super::{MailError, Mailroom, Notes, Settling, decide::keep, past::decided};

impl Mailroom {
    /// Says that a message that was sent and didn't get through is seen to: told in another way, or written anew. It is pointed out no
    /// longer, unless something comes later that says anew that it didn't get through. What became of the message stays as it is.
    ///
    /// # Errors
    ///
    /// A message that isn't there; and the store's.
    pub async fn see_to(&self, number: MessageNumber, settling: Settling<'_>) -> Result<(), MailError> {
        let mut tx = self.store.begin(&self.community).await?;
        let kept = tx.message(number).await?.ok_or(MailError::NoMessage(number.0))?;
        keep(&mut tx, decided::SEEN_TO, &kept.id, "", settling.by, settling.why, settling.now).await?;
        let notes = Notes { seen_to: Some(settling.now), ..Notes::read(&kept.notes) };
        tx.stand(number, kept.standing, None, &notes.write()).await?;
        tx.commit().await?;
        Ok(())
    }
}
