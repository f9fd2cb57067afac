//! E-mail to people who use the node: to a mail server, by its protocol.
//!
//! ```text
//!   MailConfig ─▶ Smtp ── open ─▶ Line ── send(address, letter) ─▶ taken │ Refused: this address │ Later: this one │ Line, Broken: the line
//! ```
//!
//! Nothing of an address goes into an error or the program's log, and no word of a server either: servers repeat addresses.

mod fault;
mod line;
#[cfg(test)]
pub(crate) mod stub;
#[cfg(test)]
mod tests;

use lettre::Address;
use rustls_pki_types::{CertificateDer, pem::PemObject as _};

pub(crate) use fault::{LineFault, SendFault};
pub(crate) use line::{Line, Smtp};

/// Whether a text is an address for e-mail, and nothing beside it.
pub(crate) fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok()
}

/// Whether a text holds certificates in PEM, and nothing that only looks like one.
pub(crate) fn are_certificates(text: &str) -> bool {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    read.is_ok_and(|all| !all.is_empty())
}
