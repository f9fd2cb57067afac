//! How much memory this process has had at most.

use crate::Trouble;

/// The most memory that the process has held so far, in bytes.
///
/// # Errors
/// Where the system doesn't tell.
pub fn peak_bytes() -> Result<u64, Trouble> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kibibytes * 1024)
}
