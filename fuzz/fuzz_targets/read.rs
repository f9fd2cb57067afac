use jiff::tz::TimeZone;
use samspill_formats::{Format, Item, Limits, LogReader, ReadOptions, open_log};

/// Reads to the end with generous and with tight limits, plain and as if packed. Every entry must have been worth its
/// bytes, and after an error nothing more may come.
pub fn read(bytes: &[u8], format: Format) {
    let tight =
        Limits { line_bytes_max: 200, file_bytes_max: 4000, document_bytes_max: 4000, depth_max: 6, fields_max: 6 };
    for limits in [Limits::default(), tight] {
        let options = ReadOptions { limits, format: Some(format), ..ReadOptions::new(TimeZone::UTC) };
        to_the_end(LogReader::new(bytes, format, &options), bytes.len());
        if let Ok(opened) = open_log(bytes, &options) {
            opened.take(100_000).for_each(drop);
        }
    }
}

fn to_the_end(mut reader: LogReader<&[u8]>, bytes: usize) {
    let mut entries = 0;
    while let Some(item) = reader.next() {
        match item {
            Ok(Item::Entry(_)) => entries += 1,
            Ok(Item::CaseEnd(_) | Item::Trouble(_)) => {}
            Err(_) => assert!(reader.next().is_none(), "nothing comes after an error"),
        }
    }
    assert!(entries <= bytes, "{entries} entries of {bytes} bytes");
}
