//! A layer goes out as a file: whole, or not at all.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use super::{App, AppError, AsOf, Part};
use crate::{
    encode::{About, Format, Page, write_collection, write_csv, write_gpkg},
    layers::{self, LayerQuery},
};

/// Which layer, how asked, into which file.
#[derive(Clone, Debug)]
pub struct ExportRequest {
    /// The layer's id.
    pub layer: String,
    /// The question to it.
    pub query: LayerQuery,
    /// What was known when; `None`: now.
    pub as_of: Option<AsOf>,
    /// The file to write; its ending says the format.
    pub out: PathBuf,
    /// Replace the file if there is one.
    pub overwrite: bool,
}

impl App {
    /// Writes a layer to a file; returns how many features. The file appears under its name only
    /// when it is whole.
    ///
    /// # Errors
    ///
    /// [`AppError::Input`] for an unknown layer or ending, or a file that is there already;
    /// [`AppError`] where the layer gives no answer or the disk takes no more.
    pub fn export(&self, request: &ExportRequest) -> Result<usize, AppError> {
        let layer = layers::layer(&request.layer).ok_or_else(|| {
            let ids: Vec<_> = layers::CATALOGUE.iter().map(|layer| layer.id()).collect();
            AppError::Input(format!("no layer `{}`: there are {}", request.layer, ids.join(", ")))
        })?;
        let ending = request.out.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let format: Format = ending.to_lowercase().parse().map_err(|_| {
            AppError::Input(format!(
                "{}: the ending says the format: .geojson, .gpkg or .csv",
                request.out.display()
            ))
        })?;
        if request.out.is_dir() {
            return Err(AppError::Input(format!(
                "{} is a folder: name a file in it",
                request.out.display()
            )));
        }
        if request.out.exists() && !request.overwrite {
            return Err(AppError::Input(format!(
                "{} is there already: --overwrite replaces it",
                request.out.display()
            )));
        }
        let snapshot = self.snapshot(request.as_of)?;
        let features = layer.features(&snapshot, &request.query)?;
        let about = About::answer(layer, &snapshot, &request.query)?;
        let whole = Part::of(&request.out);
        let part = whole.path();
        let written = match format {
            Format::GeoPackage => write_gpkg(part, layer, features, None, &about)?,
            Format::Csv => {
                let mut out = BufWriter::new(create(part)?);
                let rows = write_csv(&mut out, layer, features, None, &about)?;
                finish(out, part)?;
                rows
            }
            _ => {
                let mut out = BufWriter::new(create(part)?);
                let matched = Some(layer.count(&snapshot, &request.query)?);
                let page = Page { limit: None, offset: 0, matched };
                let written =
                    write_collection(&mut out, layer, features, &page, &about, |_| Vec::new())?;
                finish(out, part)?;
                written.returned
            }
        };
        whole.name().map_err(|source| AppError::File {
            what: format!("naming {}", request.out.display()),
            source,
        })?;
        Ok(written)
    }
}

fn create(file: &Path) -> Result<File, AppError> {
    File::create(file)
        .map_err(|source| AppError::File { what: format!("writing {}", file.display()), source })
}

fn finish(mut out: BufWriter<File>, file: &Path) -> Result<(), AppError> {
    out.flush()
        .and_then(|()| out.get_ref().sync_all())
        .map_err(|source| AppError::File { what: format!("writing {}", file.display()), source })
}
