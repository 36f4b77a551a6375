//! Bytes of a text file as UTF-8: a byte order mark is taken off, UTF-16 is turned, and everything
//! else is left for the reader to check field by field.

use std::{
    cell::Cell,
    fs::File,
    io::{self, BufReader, Read},
    rc::Rc,
};

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};

/// A text file as UTF-8, told how many bytes were read since the last row.
pub struct TextInput {
    inner: BufReader<File>,
    decoder: Option<Decoder>,
    /// Decoded bytes not yet handed out.
    ready: Vec<u8>,
    taken: usize,
    /// Bytes that were read but did not end a character yet.
    ended: bool,
    since_row: Rc<Cell<u64>>,
    row_bytes: u64,
}

/// What the first bytes say about the encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, or something that is not UTF-16.
    Utf8,
    /// UTF-16, least byte first.
    Utf16Le,
    /// UTF-16, greatest byte first.
    Utf16Be,
}

impl Encoding {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
        }
    }
}

/// The message of the error that stands for a row without end.
pub const ROW_TOO_LONG: &str = "row without end";

impl TextInput {
    /// Opens a file whose first bytes are `head`; `since_row` is set to zero by whoever reads rows.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn open(
        mut file: File,
        head: &[u8],
        since_row: Rc<Cell<u64>>,
        row_bytes: u64,
    ) -> io::Result<(Self, Encoding)> {
        use std::io::Seek;
        let (encoding, skip) = match head {
            [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, 3),
            [0xff, 0xfe, ..] => (Encoding::Utf16Le, 2),
            [0xfe, 0xff, ..] => (Encoding::Utf16Be, 2),
            _ => (Encoding::Utf8, 0),
        };
        file.seek(io::SeekFrom::Start(skip))?;
        let decoder = match encoding {
            Encoding::Utf8 => None,
            Encoding::Utf16Le => Some(UTF_16LE.new_decoder_without_bom_handling()),
            Encoding::Utf16Be => Some(UTF_16BE.new_decoder_without_bom_handling()),
        };
        let input = Self {
            inner: BufReader::with_capacity(1 << 16, file),
            decoder,
            ready: Vec::new(),
            taken: 0,
            ended: false,
            since_row,
            row_bytes,
        };
        Ok((input, encoding))
    }

    fn refill(&mut self, decoder: &mut Decoder) -> io::Result<()> {
        self.ready.clear();
        self.taken = 0;
        let mut raw = [0u8; 1 << 14];
        while self.ready.is_empty() && !self.ended {
            let n = self.inner.read(&mut raw)?;
            self.ended = n == 0;
            let mut text = String::with_capacity(n * 3 + 16);
            let mut from = 0;
            loop {
                // A lone surrogate becomes U+FFFD and is reported with the row and column it is in.
                let (result, read, _) =
                    decoder.decode_to_string(&raw[from..n], &mut text, self.ended);
                from += read;
                match result {
                    CoderResult::InputEmpty => break,
                    CoderResult::OutputFull => text.reserve(n + 16),
                }
            }
            self.ready.extend_from_slice(text.as_bytes());
        }
        Ok(())
    }
}

impl Read for TextInput {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = match self.decoder.take() {
            None => self.inner.read(buffer)?,
            Some(mut decoder) => {
                if self.taken == self.ready.len() {
                    self.refill(&mut decoder)?;
                }
                self.decoder = Some(decoder);
                let n = buffer.len().min(self.ready.len() - self.taken);
                buffer[..n].copy_from_slice(&self.ready[self.taken..self.taken + n]);
                self.taken += n;
                n
            }
        };
        let since = self.since_row.get() + n as u64;
        if since > self.row_bytes {
            return Err(io::Error::new(io::ErrorKind::InvalidData, ROW_TOO_LONG));
        }
        self.since_row.set(since);
        Ok(n)
    }
}
