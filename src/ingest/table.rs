//! CSV: the sign between cells is sniffed, the encoding checked, rows streamed.

use std::{cell::Cell, fs::File, io::Read, path::Path, rc::Rc};

use csv::{ByteRecord, Position, Reader, ReaderBuilder};

use super::{
    error::IngestError,
    raw::{Column, RawFeature, Shape, Value, Wanted},
    request::Limits,
    text_input::{Encoding, ROW_TOO_LONG, TextInput},
};

/// A CSV file, opened: its headings are read, its rows are not.
pub struct Table {
    file: String,
    reader: Reader<TextInput>,
    columns: Vec<Column>,
    since_row: Rc<Cell<u64>>,
    limits: Limits,
    /// The sign between cells.
    pub delimiter: u8,
    /// The encoding.
    pub encoding: Encoding,
}

/// How much of the file is looked at for the sign between cells.
const HEAD: usize = 1 << 16;

impl Table {
    /// Opens `path`, called `file` in messages.
    ///
    /// # Errors
    ///
    /// [`IngestError`] where it cannot be read, is empty, is no text or has no headings.
    pub fn open(path: &Path, file: &str, limits: Limits) -> Result<Self, IngestError> {
        let unreadable = |error: std::io::Error| IngestError::Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        let mut handle = File::open(path).map_err(unreadable)?;
        let mut head = Vec::new();
        handle.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(unreadable)?;
        if !head.starts_with(&[0xff, 0xfe])
            && !head.starts_with(&[0xfe, 0xff])
            && let Some(at) = head.iter().take(4096).position(|byte| *byte == 0)
        {
            return Err(IngestError::Encoding {
                file: file.to_owned(),
                row: head[..at].split(|byte| *byte == b'\n').count() as u64,
                column: None,
                what: format!(
                    "byte 0 at offset {at}: this is UTF-16 without a byte order mark, or no text"
                ),
            });
        }
        let sniffed = sniff(&handle, &head, limits).map_err(unreadable)?;
        let since_row = Rc::new(Cell::new(0));
        let (input, encoding) =
            TextInput::open(handle, &head, Rc::clone(&since_row), limits.row_bytes)
                .map_err(unreadable)?;
        let mut reader = ReaderBuilder::new()
            .delimiter(sniffed.delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(input);
        let mut record = ByteRecord::new();
        let mut table_row = 0;
        loop {
            let more = reader
                .read_byte_record(&mut record)
                .map_err(|error| too_long_or_damaged(file, 1, limits, &error))?;
            since_row.set(0);
            if !more {
                return Err(IngestError::Empty {
                    file: file.to_owned(),
                    what: "a row of headings and rows below it were looked for".into(),
                });
            }
            table_row += 1;
            // Excel writes `sep=;` above the headings.
            let excel_hint =
                table_row == 1 && record.get(0).is_some_and(|c| c.starts_with(b"sep="));
            if !excel_hint && record.iter().any(|cell| !cell.trim_ascii().is_empty()) {
                break;
            }
        }
        let mut columns = Vec::with_capacity(record.len());
        for (index, cell) in record.iter().enumerate() {
            let name = std::str::from_utf8(cell).map_err(|error| {
                broken(file, 1, None, cell, error.valid_up_to(), record.position(), index)
            })?;
            columns.push(Column::text(name.trim().trim_start_matches('\u{feff}').trim()));
        }
        Ok(Self {
            file: file.to_owned(),
            reader,
            columns,
            since_row,
            limits,
            delimiter: sniffed.delimiter,
            encoding,
        })
    }

    /// The headings.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Hands every row to `take`, with the wanted cells and how many of the counted ones it fills.
    ///
    /// # Errors
    ///
    /// Bytes that are no UTF-8, too many rows, a row without end, or what `take` answers.
    pub fn read(
        &mut self,
        wanted: &Wanted,
        mut take: impl FnMut(RawFeature, &[bool]) -> Result<(), IngestError>,
    ) -> Result<(), IngestError> {
        let mut record = ByteRecord::new();
        let mut row = 1;
        let mut rows = 0;
        let mut filled = vec![false; wanted.counted.len()];
        loop {
            let more = self
                .reader
                .read_byte_record(&mut record)
                .map_err(|error| too_long_or_damaged(&self.file, row + 1, self.limits, &error))?;
            self.since_row.set(0);
            if !more {
                return Ok(());
            }
            row += 1;
            if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                continue;
            }
            rows += 1;
            if rows > self.limits.rows {
                return Err(IngestError::TooLarge {
                    file: self.file.clone(),
                    what: format!("it has more than {} rows", self.limits.rows),
                    limit: format!("{} rows", self.limits.rows),
                    right: "split the file".into(),
                });
            }
            for (index, cell) in record.iter().enumerate() {
                if let Err(error) = std::str::from_utf8(cell) {
                    let column = self.columns.get(index).map(|column| column.name.clone());
                    let (at, position) = (error.valid_up_to(), record.position());
                    return Err(broken(&self.file, row, column, cell, at, position, index));
                }
            }
            let text = |index: usize| {
                record.get(index).and_then(|cell| std::str::from_utf8(cell).ok()).unwrap_or("")
            };
            for (place, index) in wanted.counted.iter().enumerate() {
                filled[place] = !text(*index).trim().is_empty();
            }
            let fault = (record.len() > self.columns.len()
                && record.iter().skip(self.columns.len()).any(|c| !c.trim_ascii().is_empty()))
            .then(|| {
                format!(
                    "has {} cells where there are {} headings: is a cell with `{}` in it not in \
                     quotation marks?",
                    record.len(),
                    self.columns.len(),
                    char::from(self.delimiter)
                )
            });
            let values = wanted.columns.iter().map(|index| Value::of_text(text(*index))).collect();
            take(RawFeature { row, shape: Shape::None, values, fault }, &filled)?;
        }
    }
}

struct Sniffed {
    delimiter: u8,
}

/// The sign that stands most often outside quotation marks in the first row.
fn sniff(handle: &File, head: &[u8], limits: Limits) -> std::io::Result<Sniffed> {
    let since = Rc::new(Cell::new(0));
    let (input, _) = TextInput::open(handle.try_clone()?, head, since, limits.row_bytes)?;
    let mut text = Vec::new();
    input.take(HEAD as u64).read_to_end(&mut text)?;
    if let Some(rest) = text.strip_prefix(b"sep=")
        && let Some(sign) = rest.first().copied().filter(|b| b";,\t|".contains(b))
    {
        return Ok(Sniffed { delimiter: sign });
    }
    let (mut quoted, mut counts) = (false, [0u32; 4]);
    for byte in text {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted && counts.iter().any(|n| *n > 0) => break,
            b';' if !quoted => counts[0] += 1,
            b'\t' if !quoted => counts[1] += 1,
            b',' if !quoted => counts[2] += 1,
            b'|' if !quoted => counts[3] += 1,
            _ => {}
        }
    }
    let signs = [b';', b'\t', b',', b'|'];
    let best = (0..4).rev().max_by_key(|index| counts[*index]).unwrap_or(2);
    Ok(Sniffed { delimiter: if counts[best] == 0 { b',' } else { signs[best] } })
}

fn too_long_or_damaged(file: &str, row: u64, limits: Limits, error: &csv::Error) -> IngestError {
    if error.to_string().contains(ROW_TOO_LONG) {
        return IngestError::TooLarge {
            file: file.to_owned(),
            what: format!("row {row} is longer than {} MiB", limits.row_bytes >> 20),
            limit: format!("{} MiB a row", limits.row_bytes >> 20),
            right: "a quotation mark was probably opened and never closed".into(),
        };
    }
    IngestError::Damaged { file: file.to_owned(), row: row - 1, reason: error.to_string() }
}

fn broken(
    file: &str,
    row: u64,
    column: Option<String>,
    cell: &[u8],
    at: usize,
    position: Option<&Position>,
    index: usize,
) -> IngestError {
    let column = column.or_else(|| Some(format!("number {}", index + 1)));
    let near = position.map(|p| format!(", in the row that begins at byte {}", p.byte()));
    IngestError::Encoding {
        file: file.to_owned(),
        row,
        column,
        what: format!(
            "byte 0x{:02X} (byte {} of the cell{}) is not UTF-8",
            cell.get(at).copied().unwrap_or_default(),
            at + 1,
            near.unwrap_or_default()
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    type Rows = (Vec<String>, Vec<Vec<Option<Value>>>);

    fn rows_of(bytes: &[u8]) -> Result<Rows, IngestError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let mut table = Table::open(file.path(), "t.csv", Limits::default())?;
        let columns: Vec<String> = table.columns().iter().map(|c| c.name.clone()).collect();
        let wanted = Wanted { columns: (0..columns.len()).collect(), counted: vec![] };
        let mut rows = Vec::new();
        table.read(&wanted, |feature, _| {
            rows.push(feature.values);
            Ok(())
        })?;
        Ok((columns, rows))
    }

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        let mut bytes = if little { vec![0xff, 0xfe] } else { vec![0xfe, 0xff] };
        for unit in text.encode_utf16() {
            bytes.extend(if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
        }
        bytes
    }

    #[test]
    fn every_encoding_and_sign_gives_the_same_rows() {
        let text = "Mã;Xã\nA1;Tà Tổng\n\nA2;\"Sìn; Hồ\"\n";
        let with_bom = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
        let tabs = text.replace(';', "\t").replace("Sìn\t", "Sìn;");
        let commas = text.replace(';', ",").replace("Sìn,", "Sìn;");
        let excel = format!("sep=;\n{text}");
        let expected = rows_of(text.as_bytes()).unwrap();
        assert_eq!(expected.0, ["Mã", "Xã"]);
        assert_eq!(expected.1.len(), 2);
        assert_eq!(expected.1[1][1], Some(Value::Text("Sìn; Hồ".into())));
        for same in [
            with_bom,
            tabs.into_bytes(),
            commas.into_bytes(),
            excel.into_bytes(),
            utf16(text, true),
            utf16(text, false),
        ] {
            assert_eq!(rows_of(&same).unwrap(), expected);
        }
    }

    #[test]
    fn broken_bytes_are_named_with_row_and_column() {
        let error = rows_of(b"id,name\n1,ok\n2,T\xe0 T\xf4ng\n").unwrap_err().to_string();
        assert!(error.contains("row 3, column `name`"), "{error}");
        assert!(error.contains("0xE0"), "{error}");
        let error = rows_of(b"id,nam\xe9\n1,ok\n").unwrap_err().to_string();
        assert!(error.contains("row 1"), "{error}");
        let error = rows_of(b"i\0d\0\n\0").unwrap_err().to_string();
        assert!(error.contains("UTF-16 without"), "{error}");
    }

    #[test]
    fn nothing_is_said_to_be_nothing() {
        for empty in [b"".as_slice(), b"\n\n", b"\xef\xbb\xbf"] {
            assert!(matches!(rows_of(empty), Err(IngestError::Empty { .. })));
        }
    }

    #[test]
    fn a_quotation_mark_that_never_ends_is_refused() {
        let mut text = b"id,name\n1,\"".to_vec();
        text.resize(3 << 20, b'x');
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&text).unwrap();
        let limits = Limits { row_bytes: 1 << 20, ..Limits::default() };
        let mut table = Table::open(file.path(), "t.csv", limits).unwrap();
        let error = table.read(&Wanted::default(), |_, _| Ok(())).unwrap_err().to_string();
        assert!(error.contains("never closed"), "{error}");
    }
}
