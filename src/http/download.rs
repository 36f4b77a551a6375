//! Whole layers as files: written to the disk by a compute thread, then sent from there, so that
//! memory stays flat and a slow client holds no thread.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
};

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use flate2::{Compression, write::GzEncoder};
use tempfile::TempDir;

use super::{
    answer::{Keep, knows, put, snapshot, tag},
    asked::Asked,
    negotiate,
    problem::Problem,
    state::HttpState,
    stream::FileBody,
};
use crate::{
    encode::{About, EncodeError, Format, write_csv, write_gpkg},
    layers::{Layer, LayerQuery},
    snapshot::Snapshot,
};

/// Sends all features that answer `query`, or `limit` of them.
pub(super) async fn download(
    state: &HttpState,
    asked: &Asked,
    layer: &'static dyn Layer,
    query: LayerQuery,
    limit: Option<usize>,
    format: Format,
) -> Result<Response, Problem> {
    let snapshot = snapshot(state, asked.as_of).await?;
    let gzip = format == Format::Csv && negotiate::gzip(&asked.headers);
    // The same question, snapshot, day and program give the same bytes: the tag need not be of
    // the bytes themselves, and a client that has them costs nothing.
    let question = format!(
        "{} {} {} {} {query:?} {limit:?} {format:?}",
        env!("CARGO_PKG_VERSION"),
        snapshot.revision().0,
        asked.today,
        layer.id(),
    );
    let etag = format!("\"{}{}\"", tag(question.as_bytes()), if gzip { "-gz" } else { "" });
    let mut response = Response::default();
    let name = file_name(layer, &query, format);
    fields(response.headers_mut(), &etag);
    if knows(&asked.headers, &etag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    let today = asked.today;
    let body = state
        .compute
        .run(move || {
            let about = About::layer(layer, &snapshot, today);
            write(layer, &snapshot, &query, limit, format, gzip, &about)
        })
        .await??;
    let headers = response.headers_mut();
    put(headers, header::CONTENT_TYPE, format.media_type());
    put(headers, header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""));
    put(headers, header::CONTENT_LENGTH, &body.length().to_string());
    if gzip {
        put(headers, header::CONTENT_ENCODING, "gzip");
    }
    *response.body_mut() = Body::new(body);
    Ok(response)
}

fn fields(headers: &mut HeaderMap, etag: &str) {
    put(headers, header::ETAG, etag);
    put(headers, header::CACHE_CONTROL, Keep::Document.says());
    put(headers, header::VARY, "Accept, Accept-Encoding");
}

/// Only words of ours: the layer, the season, the format.
fn file_name(layer: &dyn Layer, query: &LayerQuery, format: Format) -> String {
    let season = query.season.map(|season| format!("-{season}")).unwrap_or_default();
    format!("{}{season}.{}", layer.id(), format.ending())
}

fn write(
    layer: &dyn Layer,
    snapshot: &Snapshot,
    query: &LayerQuery,
    limit: Option<usize>,
    format: Format,
    gzip: bool,
    about: &About,
) -> Result<FileBody, EncodeError> {
    let features = layer.features(snapshot, query)?;
    let folder = TempDir::with_prefix("poppywatch-")?;
    let path = folder.path().join("answer");
    if format == Format::GeoPackage {
        let path = path.with_extension("gpkg");
        write_gpkg(&path, layer, features, limit, about)?;
        return Ok(FileBody::new(File::open(path)?)?);
    }
    let file = BufWriter::new(File::create_new(&path)?);
    if gzip {
        let mut packed = GzEncoder::new(file, Compression::new(4));
        write_csv(&mut packed, layer, features, limit, about)?;
        packed.finish()?.flush()?;
    } else {
        let mut file = file;
        write_csv(&mut file, layer, features, limit, about)?;
        file.flush()?;
    }
    // The open file outlives its name: nothing stays behind, even after a kill.
    let body = FileBody::new(File::open(&path)?)?;
    folder.close().map_err(io::Error::from)?;
    Ok(body)
}
