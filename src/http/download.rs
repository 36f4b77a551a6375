//! Whole layers as files: written to the disk by a compute thread, then sent from there, so that
//! memory stays flat and a slow client holds no thread.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Seek, Write},
};

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::{
    answer::{Keep, knows, lane, put, short, snapshot},
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
    let mut response = Response::default();
    let name = file_name(layer, &query, format);
    let (body, etag) = state
        .compute
        .run_for(lane(layer), move |asker| {
            let query = LayerQuery { asker, ..query };
            let about = About::answer(layer, &snapshot, &query)?;
            let file = write(layer, &snapshot, &query, limit, format, gzip, &about)?;
            let etag = file_tag(&file, if gzip { "-gz" } else { "" })?;
            Ok::<_, EncodeError>((FileBody::new(file)?, etag))
        })
        .await??;
    fields(response.headers_mut(), &etag);
    if knows(&asked.headers, &etag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
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

/// A tag of the bytes of `file`, which is left at its beginning. Of the bytes and not of the
/// question: another store of the same revision gives other bytes to the same question.
fn file_tag(mut file: &File, ending: &str) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => break,
            read => hash.update(&piece[..read]),
        }
    }
    file.rewind()?;
    Ok(format!("\"{}{ending}\"", short(&hash.finalize())))
}

/// Only words of ours: the layer, the season, the format.
pub(super) fn file_name(layer: &dyn Layer, query: &LayerQuery, format: Format) -> String {
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
) -> Result<File, EncodeError> {
    let features = layer.features(snapshot, query)?;
    let folder = TempDir::with_prefix("poppywatch-")?;
    let path = folder.path().join("answer");
    if format == Format::GeoPackage {
        let path = path.with_extension("gpkg");
        write_gpkg(&path, layer, features, limit, about)?;
        return Ok(File::open(path)?);
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
    let file = File::open(&path)?;
    folder.close()?;
    Ok(file)
}
