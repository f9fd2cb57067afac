use std::fmt::Debug;

/// Where random bytes come from. An argument, as time is.
pub trait Random: Debug + Send + Sync {
    /// Fills with bytes that nobody can foretell.
    fn fill(&self, bytes: &mut [u8]);
}

/// The random bytes of the operating system, through the TLS library's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    /// # Panics
    ///
    /// Where the operating system has no random bytes: then nothing that needs secrets may go on.
    fn fill(&self, bytes: &mut [u8]) {
        aws_lc_rs::rand::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// So many random bytes.
pub(crate) fn bytes<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}
