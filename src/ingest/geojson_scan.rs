//! A first look at a GeoJSON file, before GDAL builds it up in memory: how many features, how many
//! vertices in the largest, and what it declares. One pass, a few bytes of state.

use std::{fs::File, io::Read, path::Path};

use super::{error::IngestError, request::Limits};

/// What the look found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scan {
    /// Features; `None`: a single feature or geometry.
    pub features: u64,
    /// The text of the old `crs` member, where there is one.
    pub crs: Option<String>,
}

const MAX_DEPTH: usize = 64;
const MAX_CRS: usize = 4096;

/// Looks through `path`, called `file` in messages.
///
/// # Errors
///
/// [`IngestError`] for what is no JSON object, too many features, a feature with too many
/// vertices, or lists nested deeper than any geometry.
pub fn scan(path: &Path, file: &str, limits: Limits) -> Result<Scan, IngestError> {
    let unreadable = |error: std::io::Error| IngestError::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    let mut handle = File::open(path).map_err(unreadable)?;
    let mut scanner = Scanner::new(file, limits);
    let mut buffer = vec![0; 1 << 16];
    let mut first = true;
    loop {
        let n = handle.read(&mut buffer).map_err(unreadable)?;
        if n == 0 {
            break;
        }
        let mut bytes = &buffer[..n];
        if std::mem::take(&mut first) {
            bytes = scanner.begin(bytes)?;
        }
        for byte in bytes {
            scanner.see(*byte)?;
        }
    }
    scanner.end()
}

#[expect(clippy::struct_excessive_bools, reason = "where in the text it stands, flag by flag")]
struct Scanner<'a> {
    file: &'a str,
    limits: Limits,
    /// For every open bracket: whether it is an array, and whether numbers stand in it directly.
    open: Vec<(bool, bool)>,
    in_string: bool,
    escaped: bool,
    /// The last text at depth 1, bounded: the name of a member of the root.
    name: Vec<u8>,
    /// Whether the array of features is open: at depth 2, below the member of that name.
    in_features: bool,
    features: u64,
    vertices: u64,
    /// Whether the value of the `crs` member is being read, and its text, bounded.
    in_crs: bool,
    crs: Vec<u8>,
    started: bool,
}

impl<'a> Scanner<'a> {
    fn new(file: &'a str, limits: Limits) -> Self {
        Self {
            file,
            limits,
            open: Vec::new(),
            in_string: false,
            escaped: false,
            name: Vec::new(),
            in_features: false,
            features: 0,
            vertices: 0,
            in_crs: false,
            crs: Vec::new(),
            started: false,
        }
    }

    fn format(&self, reason: &str) -> IngestError {
        IngestError::Format { file: self.file.to_owned(), reason: reason.to_owned() }
    }

    /// Takes off a byte order mark.
    fn begin<'b>(&self, bytes: &'b [u8]) -> Result<&'b [u8], IngestError> {
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(self.format("it is UTF-16, and GeoJSON is UTF-8: save it as UTF-8"));
        }
        Ok(bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes))
    }

    fn see(&mut self, byte: u8) -> Result<(), IngestError> {
        if self.in_crs {
            let ends = !self.in_string && self.open.len() == 1 && matches!(byte, b',' | b'}');
            if ends {
                self.in_crs = false;
            } else if self.crs.len() < MAX_CRS {
                self.crs.push(byte);
            }
        }
        if self.in_string {
            self.see_in_string(byte);
            return Ok(());
        }
        match byte {
            b'"' => {
                self.in_string = true;
                if self.open.len() == 1 {
                    self.name.clear();
                }
            }
            b'{' | b'[' => self.opened(byte == b'[')?,
            b'}' | b']' => self.closed()?,
            b':' if self.open.len() == 1 && self.name == b"crs" => {
                self.in_crs = true;
            }
            b'0'..=b'9' => {
                if let Some((true, numbers)) = self.open.last_mut() {
                    *numbers = true;
                }
            }
            _ if !self.started && !byte.is_ascii_whitespace() => {
                return Err(self.format("it does not begin with `{`, so it is no GeoJSON"));
            }
            _ => {}
        }
        Ok(())
    }

    fn see_in_string(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => self.in_string = false,
            _ if self.open.len() == 1 && self.name.len() < 16 => self.name.push(byte),
            _ => {}
        }
    }

    fn opened(&mut self, array: bool) -> Result<(), IngestError> {
        if !self.started {
            self.started = true;
            if array {
                return Err(self.format("it begins with `[`: a FeatureCollection was looked for"));
            }
        }
        if self.open.len() == MAX_DEPTH {
            return Err(self.format("its lists are nested more than 64 deep, so it is no GeoJSON"));
        }
        match (self.open.len(), array) {
            (1, true) if self.name == b"features" => self.in_features = true,
            (2, false) if self.in_features => {
                self.features += 1;
                self.vertices = 0;
                if self.features > self.limits.rows {
                    return Err(IngestError::TooLarge {
                        file: self.file.to_owned(),
                        what: format!("it has more than {} features", self.limits.rows),
                        limit: format!("{} rows", self.limits.rows),
                        right: "split the file".into(),
                    });
                }
            }
            _ => {}
        }
        self.open.push((array, false));
        Ok(())
    }

    fn closed(&mut self) -> Result<(), IngestError> {
        if let Some((true, true)) = self.open.pop() {
            self.vertices += 1;
        }
        let depth = self.open.len();
        let feature_ends = depth == 2 && self.in_features || depth == 0;
        if feature_ends && self.vertices > self.limits.vertices {
            return Err(too_many_vertices(
                self.file,
                self.features.max(1),
                self.vertices,
                self.limits,
            ));
        }
        if depth == 1 {
            self.in_features = false;
        }
        Ok(())
    }

    fn end(self) -> Result<Scan, IngestError> {
        if !self.started {
            return Err(IngestError::Empty {
                file: self.file.to_owned(),
                what: "a FeatureCollection was looked for".into(),
            });
        }
        let crs = String::from_utf8_lossy(&self.crs).trim().to_owned();
        let crs = Some(crs).filter(|text| !text.is_empty() && text != "null");
        Ok(Scan { features: self.features, crs })
    }
}

/// The refusal of a feature with too many vertices.
pub fn too_many_vertices(file: &str, row: u64, vertices: u64, limits: Limits) -> IngestError {
    IngestError::TooLarge {
        file: file.to_owned(),
        what: format!("feature {row} has {vertices} vertices"),
        limit: format!("{} vertices a feature", limits.vertices),
        right: "simplify or split it".into(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn look(text: &str, limits: Limits) -> Result<Scan, IngestError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        scan(file.path(), "a.geojson", limits)
    }

    #[test]
    fn features_and_crs_are_seen() {
        let text = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3405"}},
            "features":[{"type":"Feature","properties":{"features":"]}","a\"b":[1]},"geometry":{"type":"Point","coordinates":[1,2]}},
            {"type":"Feature","properties":null,"geometry":null}]}"#;
        let scan = look(text, Limits::default()).unwrap();
        assert_eq!(scan.features, 2);
        assert!(scan.crs.unwrap().contains("EPSG::3405"));
        let plain = r#"{"type":"FeatureCollection","features":[]}"#;
        assert_eq!(look(plain, Limits::default()).unwrap(), Scan::default());
    }

    #[test]
    fn a_ring_that_is_too_large_is_named() {
        let ring = vec!["[103.5,22.5]"; 101].join(",");
        let text = format!(
            r#"{{"type":"FeatureCollection","features":[{{"geometry":null}},{{"geometry":{{"coordinates":[[{ring}]]}}}}]}}"#
        );
        let limits = Limits { vertices: 100, ..Limits::default() };
        let error = look(&text, limits).unwrap_err().to_string();
        assert!(error.contains("feature 2 has 101 vertices"), "{error}");
        assert!(look(&text, Limits { vertices: 101, ..limits }).is_ok());
    }

    #[test]
    fn what_is_no_geojson_is_said() {
        assert!(look("", Limits::default()).is_err());
        assert!(look("hello", Limits::default()).is_err());
        assert!(look("[1,2]", Limits::default()).is_err());
        let deep = "{\"a\":".to_owned() + &"[".repeat(100_000);
        assert!(look(&deep, Limits::default()).unwrap_err().to_string().contains("64 deep"));
    }
}
