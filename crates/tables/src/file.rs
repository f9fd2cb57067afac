//! Parquet files: logs and reports, a row group at a time.

use std::{fs::File, io::Write, sync::Arc};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use parquet::{
    arrow::{
        ArrowWriter, ProjectionMask,
        arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder},
    },
    basic::{Compression, ZstdLevel},
    file::properties::WriterProperties,
};

use crate::{TableError, places::OTHER_TIMES};

/// Rows that are read and written at a time.
pub const BATCH_ROWS: usize = 16_384;

/// Rows of a row group: what a writer holds before it writes.
const GROUP_ROWS: usize = 131_072;

/// A record batch of a file.
pub type Batch = RecordBatch;

/// Reads the record batches of a Parquet file.
pub fn read(file: File) -> Result<Batches, TableError> {
    Ok(Batches(ParquetRecordBatchReaderBuilder::try_new(file)?.with_batch_size(BATCH_ROWS).build()?))
}

/// Reads those columns of a log that tell which rows are entries, and of which case.
pub fn read_entries(file: File) -> Result<Batches, TableError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
    let telling = ["case", "kind", "at"].into_iter().chain(OTHER_TIMES);
    let numbers: Vec<usize> = telling.filter_map(|name| builder.schema().index_of(name).ok()).collect();
    let only = ProjectionMask::roots(builder.parquet_schema(), numbers);
    Ok(Batches(builder.with_batch_size(BATCH_ROWS).with_projection(only).build()?))
}

/// A batch without rows: the columns of a file and their types.
pub fn look(file: File) -> Result<RecordBatch, TableError> {
    Ok(RecordBatch::new_empty(Arc::clone(ParquetRecordBatchReaderBuilder::try_new(file)?.schema())))
}

/// The record batches of a file, one after another.
#[derive(Debug)]
pub struct Batches(ParquetRecordBatchReader);

impl Iterator for Batches {
    type Item = Result<RecordBatch, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.0.next()?.map_err(TableError::from))
    }
}

/// Writes a Parquet file, packed with zstd.
#[derive(Debug)]
pub struct Writer<W: Write + Send> {
    inner: ArrowWriter<W>,
}

impl<W: Write + Send> Writer<W> {
    /// A file of these columns.
    pub fn new(out: W, schema: SchemaRef) -> Result<Self, TableError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_created_by("samspill".to_owned())
            .build();
        Ok(Self { inner: ArrowWriter::try_new(out, schema, Some(properties))? })
    }

    /// Adds the rows of a batch.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), TableError> {
        Ok(self.inner.write(batch)?)
    }

    /// Writes what is left, and the end of the file.
    pub fn finish(self) -> Result<(), TableError> {
        self.inner.close()?;
        Ok(())
    }
}
