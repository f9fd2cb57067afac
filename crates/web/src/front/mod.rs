//! What all requests go through, and what all answers share.

mod access_log;
mod clock;
mod guard;
mod layers;
mod newcomer;
mod own_ends;
mod rate;
mod reasoning;
mod refused;
mod request;
mod settings;
mod signed;
mod streams;
mod token;
mod waiting;
mod wording;

pub use access_log::{AccessLog, InMemoryLog, Looked, LookedAt, Recording};
pub use clock::Clock;
pub use guard::{Allowed, OpenedStay};
pub use layers::{inside, outside};
pub(crate) use own_ends::own_ends;
pub(crate) use rate::Limiter;
pub(crate) use reasoning::BetweenOthers;
pub use refused::Refused;
pub use request::{ClientAddress, RequestId};
pub use settings::{FrontSettings, OutgoingMail, Rate};
pub use signed::Signed;
pub(crate) use streams::{OpenStream, Streams};
pub(crate) use token::is_from_here;
pub(crate) use waiting::Waiting;
