//! What must be known of a Shapefile before GDAL opens it: whether its parts are there, how its
//! text is encoded, and whether a record is too large.

use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use super::{error::IngestError, geojson_scan::too_many_vertices, request::Limits};

/// The parts of a Shapefile, and how to read its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// The parts that are there, the `.shp` first, in an order that is always the same.
    pub files: Vec<PathBuf>,
    /// Whether there is a `.prj`.
    pub has_prj: bool,
    /// The encoding that GDAL is told to use; `None`: GDAL reads it off the `.cpg` or the header.
    pub encoding: Option<&'static str>,
    /// How the encoding was found, for the report.
    pub encoding_because: String,
}

/// Looks at the Shapefile `shp`, called `file` in messages.
///
/// # Errors
///
/// [`IngestError`] for a missing `.shx` or `.dbf`, a damaged header, or a record with too many
/// vertices.
pub fn look(shp: &Path, file: &str, limits: Limits) -> Result<Parts, IngestError> {
    let part = |ending: &str| sibling(shp, ending);
    let stem = shp.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let missing = |ending: &str, what: &str| IngestError::Format {
        file: file.to_owned(),
        reason: format!(
            "`{stem}.{ending}` ({what}) is missing beside it; a Shapefile is several files: copy \
             .shp, .shx, .dbf and .prj together"
        ),
    };
    let shx = part("shx").ok_or_else(|| missing("shx", "where its records are"))?;
    let dbf = part("dbf").ok_or_else(|| missing("dbf", "its columns"))?;
    let (prj, cpg) = (part("prj"), part("cpg"));
    let unreadable = |error: std::io::Error| IngestError::Unreadable {
        path: shp.to_owned(),
        reason: error.to_string(),
    };
    check_records(shp, &shx, file, limits).map_err(unreadable)??;
    let (encoding, encoding_because) = match &cpg {
        Some(_) => (None, "its .cpg file".to_owned()),
        None => encoding_of(&dbf).map_err(unreadable)?,
    };
    let has_prj = prj.is_some();
    let files =
        [Some(shp.to_owned()), Some(dbf), Some(shx), prj, cpg].into_iter().flatten().collect();
    Ok(Parts { files, has_prj, encoding, encoding_because })
}

/// The file beside `path` with another ending, written in small or capital letters.
fn sibling(path: &Path, ending: &str) -> Option<PathBuf> {
    [ending.to_owned(), ending.to_uppercase()]
        .into_iter()
        .map(|ending| path.with_extension(ending))
        .find(|path| path.is_file())
}

/// Every record's length stands in the `.shx`; only suspiciously long ones are opened to read how
/// many points they have.
fn check_records(
    shp: &Path,
    shx: &Path,
    file: &str,
    limits: Limits,
) -> std::io::Result<Result<(), IngestError>> {
    let mut index = BufReader::new(File::open(shx)?);
    let mut header = [0; 100];
    let damaged = |reason: &str| {
        Ok(Err(IngestError::Format { file: file.to_owned(), reason: reason.to_owned() }))
    };
    if index.read_exact(&mut header).is_err() || header[..4] != [0, 0, 0x27, 0x0a] {
        return damaged("its .shx does not begin like one of a Shapefile");
    }
    let mut shapes = File::open(shp)?;
    if shapes.read_exact(&mut header).is_err() || header[..4] != [0, 0, 0x27, 0x0a] {
        return damaged("it does not begin like a Shapefile");
    }
    let mut entry = [0; 8];
    let mut row = 0;
    while index.read_exact(&mut entry).is_ok() {
        row += 1;
        if row > limits.rows {
            return Ok(Err(IngestError::TooLarge {
                file: file.to_owned(),
                what: format!("it has more than {} rows", limits.rows),
                limit: format!("{} rows", limits.rows),
                right: "split the file".into(),
            }));
        }
        let words = |at: usize| {
            u64::from(u32::from_be_bytes([entry[at], entry[at + 1], entry[at + 2], entry[at + 3]]))
        };
        let (offset, length) = (words(0) * 2, words(4) * 2);
        if length / 16 <= limits.vertices {
            continue;
        }
        // Content: type, box, parts, points.
        let mut head = [0; 44];
        shapes.seek(SeekFrom::Start(offset + 8))?;
        let points = if shapes.read_exact(&mut head).is_ok() {
            u64::from(u32::from_le_bytes([head[40], head[41], head[42], head[43]]))
        } else {
            length / 16
        };
        if points > limits.vertices {
            return Ok(Err(too_many_vertices(file, row, points, limits)));
        }
    }
    Ok(Ok(()))
}

/// Without a `.cpg`: the language byte of the header where it names one code page, else UTF-8 if
/// every text in the file is UTF-8. (Most programs write the byte for "ANSI" whatever they write.)
fn encoding_of(dbf: &Path) -> std::io::Result<(Option<&'static str>, String)> {
    let mut reader = BufReader::new(File::open(dbf)?);
    let mut header = [0; 32];
    if reader.read_exact(&mut header).is_err() {
        return Ok((None, "nothing: its .dbf is cut off".into()));
    }
    let language = header[29];
    // 0: none. 0x57 and 0x03: "ANSI", which says nothing about which.
    if !matches!(language, 0 | 0x57 | 0x03) {
        return Ok((None, format!("the language byte 0x{language:02X} of its .dbf")));
    }
    let start = u64::from(u16::from_le_bytes([header[8], header[9]]));
    reader.seek(SeekFrom::Start(start))?;
    let record = usize::from(u16::from_le_bytes([header[10], header[11]])).max(1);
    let mut row = vec![0; record];
    let (mut ascii, mut utf8) = (true, true);
    while utf8 && reader.read_exact(&mut row).is_ok() {
        if row.is_ascii() {
            continue;
        }
        ascii = false;
        // A cell may end inside a letter; what is before must be UTF-8.
        utf8 =
            row.split(|byte| *byte == b' ' || *byte == 0).all(|word| {
                match std::str::from_utf8(word) {
                    Ok(_) => true,
                    Err(error) => error.error_len().is_none(),
                }
            });
    }
    Ok(match (ascii, utf8) {
        (true, _) => (None, "nothing but ASCII is in it".into()),
        (_, true) => (Some("UTF-8"), "its bytes, which are UTF-8; there is no .cpg file".into()),
        // Without recoding the bytes come as they are, and what is no UTF-8 is named by row.
        (_, false) => (Some(""), "nothing: there is no .cpg file and its text is not UTF-8".into()),
    })
}
