//! Bytes in frames with checksums: nothing is handed on that wasn't checked.
//!
//! A frame is its length (four bytes), the checksum of its place and contents (eight) and the contents. One without contents
//! is the last.

use std::io::{self, Read, Write};

use super::encode::corrupt;

/// Bytes of contents at the most.
const FRAME_BYTES: usize = 1 << 16;

/// A hash that spreads well; no protection against whoever forges it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Checksum(u64);

impl Default for Checksum {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Checksum {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add_word(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.add_word(u64::from_le_bytes(last) ^ (bytes.len() as u64).rotate_left(56));
    }

    fn add_word(&mut self, word: u64) {
        let mixed = (self.0 ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }

    pub(super) fn sum(self) -> u64 {
        self.0
    }
}

fn checksum(number: u64, contents: &[u8]) -> u64 {
    let mut sum = Checksum::default();
    sum.add(&number.to_le_bytes());
    sum.add(contents);
    sum.sum()
}

/// Writes frames.
#[derive(Debug)]
pub(super) struct FrameWriter<W> {
    to: W,
    contents: Vec<u8>,
    number: u64,
}

impl<W: Write> FrameWriter<W> {
    pub(super) fn new(to: W) -> Self {
        Self { to, contents: Vec::with_capacity(FRAME_BYTES), number: 0 }
    }

    fn end_frame(&mut self) -> io::Result<()> {
        let len = u32::try_from(self.contents.len()).unwrap_or(u32::MAX);
        self.to.write_all(&len.to_le_bytes())?;
        self.to.write_all(&checksum(self.number, &self.contents).to_le_bytes())?;
        self.to.write_all(&self.contents)?;
        self.contents.clear();
        self.number += 1;
        Ok(())
    }

    /// Writes the last frame.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if !self.contents.is_empty() {
            self.end_frame()?;
        }
        self.end_frame()?;
        self.to.flush()
    }
}

impl<W: Write> Write for FrameWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = FRAME_BYTES - self.contents.len();
        let taken = bytes.len().min(room);
        self.contents.extend_from_slice(&bytes[..taken]);
        if self.contents.len() == FRAME_BYTES {
            self.end_frame()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads frames.
#[derive(Debug)]
pub(super) struct FrameReader<R> {
    from: R,
    contents: Vec<u8>,
    read: usize,
    number: u64,
    ended: bool,
}

impl<R: Read> FrameReader<R> {
    pub(super) fn new(from: R) -> Self {
        Self { from, contents: Vec::new(), read: 0, number: 0, ended: false }
    }

    fn next_frame(&mut self) -> io::Result<()> {
        let mut head = [0; 12];
        self.from.read_exact(&mut head)?;
        let (len, sum) = head.split_at(4);
        let len = len.iter().rev().fold(0, |len, byte| len << 8 | usize::from(*byte));
        let sum = sum.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        if len > FRAME_BYTES {
            return Err(corrupt("a frame that is too long"));
        }
        self.contents.resize(len, 0);
        self.read = 0;
        self.from.read_exact(&mut self.contents)?;
        if checksum(self.number, &self.contents) != sum {
            return Err(corrupt("a frame with another checksum"));
        }
        self.number += 1;
        self.ended = len == 0;
        Ok(())
    }

    /// Makes sure that the last frame follows, and that all of the others were read.
    pub(super) fn finish(mut self) -> io::Result<()> {
        while self.read == self.contents.len() && !self.ended {
            self.next_frame()?;
        }
        if self.ended { Ok(()) } else { Err(corrupt("more than there should be")) }
    }
}

impl<R: Read> Read for FrameReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.read == self.contents.len() && !self.ended {
            self.next_frame()?;
        }
        let left = &self.contents[self.read..];
        let given = left.len().min(into.len());
        into[..given].copy_from_slice(&left[..given]);
        self.read += given;
        Ok(given)
    }
}
