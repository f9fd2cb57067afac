use std::fmt;

use super::{Ask, Credentials, TokenFault, Tokens};
use crate::Doing;

/// A token that is always the same, for a stub that stands for the service.
#[derive(Clone)]
pub struct Fixed(String);

impl Fixed {
    /// This token, sent as `Bearer`.
    pub fn new(token: &str) -> Self {
        Self(token.to_owned())
    }
}

impl fmt::Debug for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fixed")
    }
}

impl Tokens for Fixed {
    fn credentials<'a>(&'a self, _: Ask<'a>) -> Doing<'a, Result<Credentials, TokenFault>> {
        let authorization = format!("Bearer {}", self.0);
        Box::pin(async { Ok(Credentials { authorization, proof: None }) })
    }
}
