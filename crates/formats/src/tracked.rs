use std::io::{self, BufRead, Read};

use crate::{Limits, Place, item::PastLimit};

const BUFFER_BYTES: usize = 128 << 10;

/// A buffered source that knows line and column of the token that is being read, and refuses one that is too long.
///
/// Lines are counted a buffer at a time, so that knowing them costs next to nothing.
#[derive(Debug)]
pub(crate) struct Tracked<R> {
    input: R,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    /// Bytes read before those in the buffer.
    before: u64,
    /// `here` is the place of this byte of the buffer.
    settled: usize,
    here: Place,
    mark: Mark,
    /// Where in the log the token starts.
    token_from: u64,
    token_bytes_max: u64,
    file_bytes_max: u64,
}

#[derive(Clone, Copy, Debug)]
enum Mark {
    /// The token starts at this byte of the buffer, or after the blanks there.
    Buffered(usize),
    /// The token started in an earlier buffer, here.
    Known(Place),
}

/// The bytes that have been read and not yet handed out, lent to whoever reads ahead in them.
#[derive(Debug)]
pub(crate) struct Ahead {
    pub(crate) bytes: Box<[u8]>,
    /// Where they end in `bytes`.
    pub(crate) end: usize,
}

impl<R> Tracked<R> {
    /// The bytes that have been read and not yet handed out.
    pub(crate) fn ahead(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Lends the buffer, and says where in it the bytes ahead start. Nothing may be read before it is given back.
    pub(crate) fn lend(&mut self) -> (Ahead, usize) {
        (Ahead { bytes: std::mem::take(&mut self.buffer), end: self.end }, self.start)
    }

    /// Takes the buffer back; the bytes up to `at` have been used.
    pub(crate) fn give_back(&mut self, ahead: Ahead, at: usize) {
        self.buffer = ahead.bytes;
        self.start = at.clamp(self.start, self.end);
    }

    /// The place of a byte of the lent buffer, which none before was asked for.
    pub(crate) fn place_in(&mut self, ahead: &Ahead, at: usize) -> Place {
        if at > self.settled {
            self.here = self.here.after(&ahead.bytes[self.settled..at]);
            self.settled = at;
        }
        self.here
    }
}

impl<R: Read> Tracked<R> {
    pub(crate) fn new(input: R, limits: &Limits) -> Self {
        Self {
            input,
            buffer: vec![0; BUFFER_BYTES].into_boxed_slice(),
            start: 0,
            end: 0,
            before: 0,
            settled: 0,
            here: Place::START,
            mark: Mark::Buffered(0),
            token_from: 0,
            token_bytes_max: limits.line_bytes_max as u64,
            file_bytes_max: limits.file_bytes_max,
        }
    }

    /// A token starts at the next byte that isn't blank.
    pub(crate) fn mark(&mut self) {
        self.mark = Mark::Buffered(self.start);
        self.token_from = self.bytes_read();
    }

    /// Where the token starts.
    pub(crate) fn place(&mut self) -> Place {
        match self.mark {
            Mark::Known(place) => place,
            Mark::Buffered(from) => {
                let token = from + blanks(&self.buffer[from..self.end]);
                self.settle(token);
                self.mark = Mark::Known(self.here);
                self.here
            }
        }
    }

    /// Bytes handed out so far.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.before + self.start as u64
    }

    fn settle(&mut self, to: usize) {
        if to > self.settled {
            self.here = self.here.after(&self.buffer[self.settled..to]);
            self.settled = to;
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        if let Mark::Buffered(from) = self.mark {
            let token = from + blanks(&self.buffer[from..self.end]);
            if token == self.end {
                self.mark = Mark::Buffered(0);
            } else {
                self.place();
            }
        }
        self.settle(self.end);
        let read = self.bytes_read();
        if read - self.token_from > self.token_bytes_max {
            return Err(PastLimit::Tag(self.token_bytes_max).into());
        }
        let count = self.input.read(&mut self.buffer)?;
        self.before += self.end as u64;
        (self.start, self.end, self.settled) = (0, count, 0);
        if read + count as u64 > self.file_bytes_max {
            return Err(PastLimit::File(self.file_bytes_max).into());
        }
        Ok(())
    }
}

fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(bytes.len())
}

impl<R: Read> BufRead for Tracked<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            self.refill()?;
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }
}

impl<R: Read> Read for Tracked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(into.len());
        into[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives three bytes at a time, so that every token spans buffers.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(3).min(into.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    #[test]
    fn a_token_is_found_whatever_the_buffers() {
        let text = "<æ>\n\n   <b>\r\n\t\t\t\t\t<c/>x".as_bytes();
        let mut tracked = Tracked::new(Drip(text), &Limits::default());
        let mut places = Vec::new();
        for _ in 0..3 {
            tracked.mark();
            let mut token = Vec::new();
            tracked.read_until(b'>', &mut token).unwrap();
            let place = tracked.place();
            places.push((place.line, place.column));
        }
        assert_eq!(places, [(1, 1), (3, 4), (4, 6)]);
    }

    #[test]
    fn a_token_longer_than_the_limit_is_refused() {
        let limits = Limits { line_bytes_max: 10, ..Limits::default() };
        let mut tracked = Tracked::new(Drip(&[b'x'; 100]), &limits);
        tracked.mark();
        let error = tracked.read_until(b'>', &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("longer than 10 bytes"), "{error}");
    }
}
