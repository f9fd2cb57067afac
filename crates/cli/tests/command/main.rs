//! The command as its users meet it.

mod agreements;
mod check;
mod clauses;
mod convert;
mod explain;
mod glance;
mod hostile;
mod messages;
mod parquet;
mod readme;
mod real_logs;
mod robust;
mod support;
mod vectors;
mod whatif;
