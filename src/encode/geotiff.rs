//! GeoTIFF, written by GDAL: bands of 32-bit floats, deflated, unknown cells NaN and declared
//! so, with the system of the coordinates where it is known.
//!
//! What was measured in which unit stands in the metadata of each band, that of the first in the
//! file's too. The same raster gives the same bytes.

use gdal::{
    DriverManager, Metadata,
    raster::{Buffer, RasterCreationOptions},
    spatial_ref::SpatialRef,
};

use super::{About, EncodeError};
use crate::{
    analysis::density::{Lattice, Raster},
    crs::Epsg,
    layers::{Layer, LayerRaster},
};

/// The file's bytes; `about` is its metadata by name.
///
/// # Errors
///
/// [`EncodeError`] where GDAL or the disk refuses.
pub fn geotiff(
    raster: &Raster,
    crs: Option<Epsg>,
    about: &[(&str, &str)],
) -> Result<Vec<u8>, EncodeError> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("answer.tif");
    let Lattice { first, cell, cols, rows } = raster.lattice;
    let options = RasterCreationOptions::from_iter(["COMPRESS=DEFLATE", "PREDICTOR=3"]);
    let mut file = DriverManager::get_driver_by_name("GTiff")?
        .create_with_band_type_with_options::<f32, _>(
            &path,
            cols,
            rows,
            raster.bands.len(),
            &options,
        )?;
    // From the outer corner in the north-west, rows southward.
    let west = first.x - cell / 2.0;
    let north = first.y + (rows as f64 - 0.5) * cell;
    file.set_geo_transform(&[west, cell, 0.0, north, 0.0, -cell])?;
    if let Some(Epsg(code)) = crs {
        file.set_spatial_ref(&SpatialRef::from_epsg(code)?)?;
    }
    if let Some(first) = raster.bands.first() {
        file.set_metadata_item("unit", first.unit, "")?;
    }
    for (name, value) in about {
        file.set_metadata_item(name, value, "")?;
    }
    for (number, of) in raster.bands.iter().enumerate() {
        let mut band = file.rasterband(number + 1)?;
        band.set_description(of.name)?;
        band.set_metadata_item("unit", of.unit, "")?;
        band.set_no_data_value(Some(f64::NAN))?;
        let value = |value: &Option<f64>| value.map_or(f32::NAN, |value| value as f32);
        let southward = of.values.chunks(cols).rev().flatten().map(value).collect();
        band.write((0, 0), (cols, rows), &mut Buffer::new((cols, rows), southward))?;
    }
    file.close()?;
    Ok(std::fs::read(&path)?)
}

/// The file of a layer's answer, with all that must be said with it in its metadata.
///
/// # Errors
///
/// As [`geotiff`].
pub fn layer_geotiff(
    layer: &dyn Layer,
    drawn: &LayerRaster,
    about: &About,
) -> Result<Vec<u8>, EncodeError> {
    let title = format!("{} / {}", layer.title().vi, layer.title().en);
    let (revision, said) = (about.revision.0.to_string(), about.line_in_full());
    let today = about.today.map(|today| today.to_string()).unwrap_or_default();
    let (simulated, approximate) = (about.simulated.to_string(), about.approximate.to_string());
    let told = [
        ("layer", layer.id()),
        ("title", &title),
        ("revision", &revision),
        ("today", &today),
        ("simulated", &simulated),
        ("approximate", &approximate),
        ("source_notes", &said),
    ];
    geotiff(&drawn.raster, Some(drawn.crs), &told)
}

#[cfg(test)]
mod tests {
    use gdal::Dataset;
    use geo_types::Coord;

    use super::*;
    use crate::analysis::density::Band;

    #[test]
    fn a_raster_is_read_back() {
        let lattice = Lattice {
            first: Coord { x: 300_050.0, y: 2_400_050.0 },
            cell: 100.0,
            cols: 3,
            rows: 2,
        };
        let values = vec![Some(0.5), None, Some(2.0), Some(3.0), Some(0.0), Some(1e-9)];
        let density = Band { name: "density", unit: "1/km2", values };
        let seen = vec![Some(1.0), None, Some(0.0), None, None, Some(1.0)];
        let searched = Band { name: "searched", unit: "1", values: seen };
        let raster = Raster { lattice, bands: vec![density, searched] };
        let bytes = geotiff(&raster, Some(Epsg(3405)), &[("kernel", "quartic")]).unwrap();
        assert_eq!(bytes, geotiff(&raster, Some(Epsg(3405)), &[("kernel", "quartic")]).unwrap());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tif");
        std::fs::write(&path, &bytes).unwrap();
        let file = Dataset::open(&path).unwrap();
        assert_eq!(
            file.geo_transform().unwrap(),
            [300_000.0, 100.0, 0.0, 2_400_200.0, 0.0, -100.0]
        );
        assert_eq!(file.spatial_ref().unwrap().auth_code().unwrap(), 3405);
        assert_eq!(file.metadata_item("kernel", "").as_deref(), Some("quartic"));
        let band = file.rasterband(1).unwrap();
        assert!(band.no_data_value().unwrap().is_nan());
        let read = band.read_band_as::<f32>().unwrap();
        assert_eq!(read.data()[..3], [3.0, 0.0, 1e-9]);
        assert!(read.data()[4].is_nan());
        assert_eq!((read.data()[3], read.data()[5]), (0.5, 2.0));
        assert_eq!(band.metadata_item("unit", "").as_deref(), Some("1/km2"));
        assert_eq!((file.raster_count(), band.description().unwrap()), (2, "density".into()));
        let second = file.rasterband(2).unwrap();
        assert_eq!(second.description().unwrap(), "searched");
        let seen = second.read_band_as::<f32>().unwrap();
        assert_eq!((seen.data()[3], seen.data()[5], seen.data()[2]), (1.0, 0.0, 1.0));
    }
}
