//! The gate: what is let in to be read at all. A plain file of a known ending, not too large, whose
//! first bytes are not those of something else.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{error::IngestError, ogr, request::Limits, shapefile};

/// A file that was let in.
#[derive(Debug)]
pub struct Admitted {
    /// Where it is, without links.
    pub path: PathBuf,
    /// Its name, for messages and for the log.
    pub name: String,
    /// How it is read.
    pub format: Format,
    /// All its parts.
    pub parts: Vec<PathBuf>,
}

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// By GDAL.
    Ogr(ogr::Format),
    /// As a table.
    Table,
}

const READ: &str = ".geojson, .json, .gpkg, .shp, .fgb, .csv, .tsv, .txt";

/// Lets `path` in, or says why not.
///
/// # Errors
///
/// [`IngestError`] for what is no plain file, too large, empty, or not of a format that is read.
pub fn admit(path: &Path, limits: Limits) -> Result<Admitted, IngestError> {
    let unreadable = |reason: String| IngestError::Unreadable { path: path.to_owned(), reason };
    let text = path.to_string_lossy();
    if text.starts_with("/vsi") || text.contains("://") {
        return Err(unreadable(
            "is no file on this machine: files are read from a disk, never over a network or out \
             of another file"
                .into(),
        ));
    }
    let path = fs::canonicalize(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => unreadable("there is no such file".into()),
        _ => unreadable(error.to_string()),
    })?;
    if path.starts_with("/proc") || path.starts_with("/dev") || path.starts_with("/sys") {
        return Err(unreadable("is a device and no file".into()));
    }
    let about = fs::metadata(&path).map_err(|error| unreadable(error.to_string()))?;
    if !about.is_file() {
        return Err(unreadable(format!("is no file; give one of {READ}")));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if about.len() == 0 {
        return Err(IngestError::Empty { file: name, what: "it has no bytes".into() });
    }
    check_size(&name, about.len(), limits)?;
    let format = format_of(&path, &name)?;
    check_first_bytes(&path, &name, unreadable)?;
    let parts = match format {
        Format::Ogr(ogr::Format::Shapefile) => shapefile::look(&path, &name, limits)?.files,
        _ => vec![path.clone()],
    };
    let bytes = parts.iter().filter_map(|part| fs::metadata(part).ok()).map(|it| it.len()).sum();
    check_size(&name, bytes, limits)?;
    Ok(Admitted { path, name, format, parts })
}

fn check_size(name: &str, bytes: u64, limits: Limits) -> Result<(), IngestError> {
    if bytes <= limits.bytes {
        return Ok(());
    }
    Err(IngestError::TooLarge {
        file: name.to_owned(),
        what: format!("it has {:.1} GiB", bytes as f64 / f64::from(1 << 30)),
        limit: format!("{:.1} GiB", limits.bytes as f64 / f64::from(1 << 30)),
        right: "split the file, or take only the columns and rows that are needed".into(),
    })
}

fn format_of(path: &Path, name: &str) -> Result<Format, IngestError> {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let wrong = |reason: String| Err(IngestError::Format { file: name.to_owned(), reason });
    match ending.as_str() {
        "geojson" | "json" => Ok(Format::Ogr(ogr::Format::GeoJson)),
        "gpkg" => Ok(Format::Ogr(ogr::Format::GeoPackage)),
        "shp" => Ok(Format::Ogr(ogr::Format::Shapefile)),
        "fgb" => Ok(Format::Ogr(ogr::Format::FlatGeobuf)),
        "csv" | "tsv" | "txt" => Ok(Format::Table),
        "dbf" | "shx" | "prj" | "cpg" => wrong("is a part of a Shapefile: give the .shp".into()),
        "zip" | "gz" | "7z" | "rar" | "kmz" | "tar" | "tgz" => wrong(ARCHIVE.into()),
        "xlsx" | "xls" | "ods" => wrong("is a workbook: save the sheet as CSV UTF-8".into()),
        "vrt" => wrong("is a virtual file that points elsewhere, which is not followed".into()),
        other => wrong(format!("`.{other}` is not read here; these are: {READ}")),
    }
}

const ARCHIVE: &str =
    "is an archive, and archives are not opened: unpack it and give the file inside";

/// An archive stays one under any name.
fn check_first_bytes(
    path: &Path,
    name: &str,
    unreadable: impl Fn(String) -> IngestError,
) -> Result<(), IngestError> {
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(8).read_to_end(&mut head))
        .map_err(|error| unreadable(error.to_string()))?;
    let archives: [&[u8]; 5] = [b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!"];
    if archives.iter().any(|magic| head.starts_with(magic)) {
        let reason = format!("{ARCHIVE} (an .xlsx is one too: save it as CSV UTF-8)");
        return Err(IngestError::Format { file: name.to_owned(), reason });
    }
    Ok(())
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _never_fails = write!(text, "{byte:02x}");
        text
    })
}

/// SHA-256 over the parts, one behind the other, in hexadecimal.
///
/// # Errors
///
/// [`IngestError::Unreadable`].
pub fn sha256(parts: &[PathBuf], told: &mut dyn FnMut(u64)) -> Result<String, IngestError> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    for part in parts {
        let unreadable = |error: std::io::Error| IngestError::Unreadable {
            path: part.clone(),
            reason: error.to_string(),
        };
        let mut file = File::open(part).map_err(unreadable)?;
        loop {
            let n = file.read(&mut buffer).map_err(unreadable)?;
            if n == 0 {
                break;
            }
            hasher.update(&buffer[..n]);
            told(n as u64);
        }
    }
    Ok(hex(&hasher.finalize()))
}
