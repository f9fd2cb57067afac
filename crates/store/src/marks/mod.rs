//! Marks: what stands in the log, and in what is derived from it, for the numbers of persons.
//!
//! ```text
//! given    person 41814061033                        ── put ──▶  p~ab…   ──▶ canonical bytes, chain, projections
//!          «mor er 41812345678», 41814061033             │       «mor er p~cd…», n~ef…
//!                                                        └──▶ log_person: mark, key_id, sealed, with the entry
//! read     the same as was given            ◀── opened ──┘
//!
//! mark     = "p~" for a text, "n~" for a value that is a number · 32 letters: Base32, in small letters, of the first 20 bytes of
//!            SHA-256( "samspill log person 1\n" · what the seal gives for: "log person\n" · community · "\n" · p or n · "\n" · number )
//! sealed   = seal( number ), bound to
//!            SHA-256( "samspill sealed log person 1\n" · text(community) · text(mark) · text(key id) )
//! ```
//!
//! What an entry says that it is about is always marked; of its other texts only what [`Seal::finds`](crate::Seal::finds) finds, and the
//! entry's person where it is written as a number. Case and kind are not: they are names that the database asks by.
//!
//! A mark hangs on the seal's own key for marks, and on the community: it stays when other keys change, and is nowhere else the
//! same. No number looks like one. An entry that is given with a mark of this log in it is refused: whoever has seen a mark, in a log
//! that was taken out, must not be told here whose it is; and whoever lacks a key must not write what it couldn't read.

mod entry;
mod keep;
mod mark;
mod open;
mod put;
mod seal_again;
mod verify;

pub(crate) use entry::Texts;
pub(crate) use keep::{Marked, Marks, Unopened, no_key, refuse_sealed};
pub(crate) use mark::{AFTER_ALL, is_mark};
pub(crate) use seal_again::seal_again;
pub(crate) use verify::Named;
