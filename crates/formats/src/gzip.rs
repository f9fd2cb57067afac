use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use crate::{Limits, item::PastLimit};

/// A source whose first bytes have been looked at and put back.
pub type Head<R> = Chain<Cursor<Vec<u8>>, R>;

/// Bytes that may be packed.
#[derive(Debug)]
pub struct MaybeGz<R: BufRead> {
    bytes: Bytes<R>,
    left: u64,
    limit: PastLimit,
}

#[derive(Debug)]
enum Bytes<R: BufRead> {
    Plain(Head<R>),
    Packed(Box<BufReader<MultiGzDecoder<Head<R>>>>),
}

/// Unpacks `reader` if it starts with the two bytes that start every gzip file; otherwise leaves it as it is.
///
/// Several gzip members in a row are one file. More than [`Limits::file_bytes_max`] unpacked bytes are an error of
/// kind `Other`, which the readers of this crate turn into [`ReadError::TooLarge`](crate::ReadError::TooLarge); memory
/// doesn't grow with the size.
pub fn maybe_gz<R: BufRead>(reader: R, limits: &Limits) -> io::Result<MaybeGz<R>> {
    const MAGIC: [u8; 2] = [0x1F, 0x8B];
    const BUFFER_BYTES: usize = 256 << 10;
    let (head, reader) = look_at_head(reader, MAGIC.len())?;
    let bytes = if head == MAGIC {
        let unpacked = MultiGzDecoder::new(put_back(head, reader));
        Bytes::Packed(Box::new(BufReader::with_capacity(BUFFER_BYTES, unpacked)))
    } else {
        Bytes::Plain(put_back(head, reader))
    };
    Ok(MaybeGz { bytes, left: limits.file_bytes_max, limit: PastLimit::File(limits.file_bytes_max) })
}

/// The first `count` bytes, or fewer where there are no more; and the rest.
pub(crate) fn look_at_head<R: BufRead>(mut reader: R, count: usize) -> io::Result<(Vec<u8>, R)> {
    let mut head = Vec::new();
    reader.by_ref().take(count as u64).read_to_end(&mut head)?;
    Ok((head, reader))
}

/// The source as it was before [`look_at_head`].
pub(crate) fn put_back<R: BufRead>(head: Vec<u8>, reader: R) -> Head<R> {
    Cursor::new(head).chain(reader)
}

impl<R: BufRead> BufRead for MaybeGz<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let available = match &mut self.bytes {
            Bytes::Plain(plain) => plain.fill_buf()?,
            Bytes::Packed(packed) => packed.fill_buf()?,
        };
        if self.left == 0 && !available.is_empty() {
            return Err(self.limit.into());
        }
        let allowed = usize::try_from(self.left).unwrap_or(usize::MAX).min(available.len());
        Ok(&available[..allowed])
    }

    fn consume(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count as u64);
        match &mut self.bytes {
            Bytes::Plain(plain) => plain.consume(count),
            Bytes::Packed(packed) => packed.consume(count),
        }
    }
}

impl<R: BufRead> Read for MaybeGz<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(into.len());
        into[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}
