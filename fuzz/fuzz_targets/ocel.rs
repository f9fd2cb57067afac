//! The Ocel reader reads any bytes to the end.
#![no_main]

mod read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| read::read(bytes, samspill_formats::Format::Ocel));
