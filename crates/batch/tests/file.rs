//! A file read by several threads holds what it holds read by one.

use std::{
    fs::File,
    io::{Seek, SeekFrom, Write},
    num::NonZeroUsize,
};

use jiff::tz::TimeZone;
use samspill_batch::{Threads, read_file};
use samspill_formats::{Format, Limits, ReadOptions, Wanted, read_columns};

fn options(format: Format) -> ReadOptions {
    ReadOptions { format: Some(format), ..ReadOptions::new(TimeZone::UTC) }
}

/// A file that nobody else sees.
fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(bytes).expect("written");
    file.seek(SeekFrom::Start(0)).expect("rewound");
    file
}

fn table(rows: usize) -> Vec<u8> {
    let mut table = b"case,kind,at,amount,note\n".to_vec();
    for row in 0..rows {
        let line = match row % 50 {
            7 => format!("c{},fine,not a time,1,\n", row / 4),
            9 => format!("c{},fine,2024-03-01T08:00:00Z,35.0,\"two\nlines, and a comma\"\n", row / 4),
            _ => format!(
                "c{},kind {},2024-03-{:02}T08:00:00+01:00,{row}.5,x\n",
                row / 4,
                row % 3,
                row % 28 + 1
            ),
        };
        table.extend_from_slice(line.as_bytes());
    }
    table
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).expect("packed");
    packer.finish().expect("packed")
}

#[test]
fn any_number_of_threads_reads_the_same() {
    let table = table(20_000);
    let (packed, empty) = (packed(&table), b"case,kind,at\n".to_vec());
    for bytes in [&table, &packed, &empty, &b"".to_vec(), &b"case,kind\nA,b\n".to_vec()] {
        let expected = read_columns(&bytes[..], &options(Format::Csv), &Wanted::all());
        for number in 1..=4 {
            let threads = Threads::new(NonZeroUsize::new(number).expect("at least one"));
            let read = read_file(file_of(bytes), &options(Format::Csv), &Wanted::all(), threads);
            assert_eq!(format!("{read:?}"), format!("{expected:?}"), "{number} threads");
        }
    }
}

#[test]
fn a_packed_log_that_breaks_off_is_an_error_for_any_number_of_threads() {
    let whole = packed(&table(5_000));
    let torn = &whole[..whole.len() / 2];
    for threads in [Threads::ONE, Threads::new(NonZeroUsize::new(2).expect("two"))] {
        let error =
            read_file(file_of(torn), &options(Format::Csv), &Wanted::all(), threads).expect_err("torn");
        assert!(error.to_string().starts_with("reading the log failed at line"), "{error}");
    }
}

#[test]
fn a_file_past_the_limit_is_refused_by_any_number_of_threads() {
    let table = table(1_000);
    let limits = Limits { file_bytes_max: table.len() as u64 / 2, ..Limits::default() };
    for bytes in [&table, &packed(&table)] {
        for threads in [Threads::ONE, Threads::new(NonZeroUsize::new(2).expect("two"))] {
            let options = ReadOptions { limits: limits.clone(), ..options(Format::Csv) };
            let error = read_file(file_of(bytes), &options, &Wanted::all(), threads).expect_err("too large");
            assert!(error.to_string().contains("is larger than"), "{error}");
        }
    }
}
