//! A region from a seed: the same bytes, sound messages, logs that can be read.
#![expect(clippy::print_stdout, reason = "figures of a region are shown")]

#[cfg(test)]
mod faulty;
#[cfg(test)]
mod log;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod north;
#[cfg(test)]
mod same;
