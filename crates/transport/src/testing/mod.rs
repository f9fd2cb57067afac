//! Help for tests, of this crate and of others: behind the feature `testing`, and never part of a product.

mod rabbit;

pub use rabbit::PrivateRabbit;
