-- The tables of a poppywatch store, schema 1. An ordinary GeoPackage 1.3 (OGC 12-128r18): QGIS and
-- GDAL open it as it is. Registration in gpkg_contents, views and guards are added by schema.rs,
-- table by table.
--
-- rev_from  the event that made the row hold: its revision in the log
-- rev_to    the event from which on it no longer held; null: it holds now
-- as of r   rev_from <= r AND (rev_to IS NULL OR r < rev_to)

CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);

CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));

CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));

INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]', 'longitude and latitude in degrees on the WGS 84 ellipsoid');

-- One row: that this file is ours, and the settings its plots were resolved with.
CREATE TABLE poppywatch (
  id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1), schema_version INTEGER NOT NULL,
  pack TEXT NOT NULL, lancing TEXT NOT NULL);

-- The log. `batch` is the first revision of the append that the event came with: appends are whole
-- or not there at all. An erased payload would be null; its hash stays in the chain.
CREATE TABLE event (
  revision INTEGER PRIMARY KEY NOT NULL, batch INTEGER NOT NULL, recorded_at DATETIME NOT NULL,
  kind TEXT NOT NULL, dataset TEXT NOT NULL, record TEXT, payload TEXT,
  payload_hash BLOB NOT NULL, previous_hash BLOB NOT NULL, hash BLOB NOT NULL);
-- One entry an append: where it begins, and when it was.
CREATE INDEX event_batch ON event (revision, recorded_at) WHERE revision = batch;

CREATE TABLE dataset (
  rev_from INTEGER PRIMARY KEY NOT NULL, rev_to INTEGER, dataset TEXT NOT NULL, kind TEXT NOT NULL,
  file TEXT NOT NULL, sha256 TEXT NOT NULL, title TEXT, licence TEXT, attribution TEXT,
  simulated BOOLEAN NOT NULL, approximate TEXT, accepted INTEGER NOT NULL,
  rejected INTEGER NOT NULL, personal_columns TEXT NOT NULL);
CREATE INDEX dataset_source ON dataset (dataset);

CREATE TABLE boundary (
  rev_from INTEGER PRIMARY KEY NOT NULL, rev_to INTEGER, geom MULTIPOLYGON NOT NULL,
  scheme TEXT NOT NULL, level TEXT NOT NULL, code TEXT NOT NULL, valid_from DATE NOT NULL,
  valid_to DATE, name TEXT NOT NULL, aliases TEXT NOT NULL, parent TEXT, error_m DOUBLE NOT NULL,
  legal_act TEXT, dataset TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX boundary_source ON boundary (dataset, record);
CREATE INDEX boundary_unit ON boundary (scheme, level, code, valid_from)
  WHERE rev_to IS NULL;

CREATE TABLE border_line (
  rev_from INTEGER PRIMARY KEY NOT NULL, rev_to INTEGER, geom MULTILINESTRING NOT NULL,
  level TEXT NOT NULL, name TEXT NOT NULL, side_a TEXT NOT NULL, side_b TEXT NOT NULL,
  error_m DOUBLE NOT NULL, valid_from DATE NOT NULL, valid_to DATE,
  dataset TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX border_line_source ON border_line (dataset, record);

-- Which number stands for which plot id, given in the order in which they were first named.
CREATE TABLE plot_number (
  plot INTEGER PRIMARY KEY NOT NULL, plot_id TEXT NOT NULL UNIQUE, rev_from INTEGER NOT NULL);

CREATE TABLE sighting (
  rev_from INTEGER PRIMARY KEY NOT NULL, rev_to INTEGER, geom POINT NOT NULL,
  plot INTEGER NOT NULL, plot_id TEXT NOT NULL, season TEXT NOT NULL, date DATE NOT NULL,
  seen_by TEXT NOT NULL, error_m DOUBLE, stage TEXT, outline BLOB,
  dataset TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX sighting_source ON sighting (dataset, record);
CREATE INDEX sighting_plot ON sighting (plot);

CREATE TABLE measurement (
  rev_from INTEGER PRIMARY KEY NOT NULL, rev_to INTEGER, plot INTEGER NOT NULL,
  plot_id TEXT NOT NULL, date DATE NOT NULL, area_m2 DOUBLE NOT NULL, method TEXT NOT NULL,
  dataset TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX measurement_source ON measurement (dataset, record);
CREATE INDEX measurement_plot ON measurement (plot);

CREATE TABLE destruction (
  rev_from INTEGER PRIMARY KEY NOT NULL, rev_to INTEGER, plot INTEGER NOT NULL,
  plot_id TEXT NOT NULL, date DATE NOT NULL, method TEXT, area_m2 DOUBLE, unit TEXT,
  dataset TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX destruction_source ON destruction (dataset, record);
CREATE INDEX destruction_plot ON destruction (plot);

CREATE TABLE verification (
  rev_from INTEGER PRIMARY KEY NOT NULL, rev_to INTEGER, plot INTEGER NOT NULL,
  plot_id TEXT NOT NULL, date DATE NOT NULL, result TEXT NOT NULL, remaining_m2 DOUBLE, unit TEXT,
  dataset TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX verification_source ON verification (dataset, record);
CREATE INDEX verification_plot ON verification (plot);

CREATE TABLE rejection (
  rev_from INTEGER PRIMARY KEY NOT NULL, rev_to INTEGER, plot INTEGER NOT NULL,
  plot_id TEXT NOT NULL, date DATE NOT NULL, reason TEXT NOT NULL, duplicate_of TEXT,
  dataset TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX rejection_source ON rejection (dataset, record);
CREATE INDEX rejection_plot ON rejection (plot);

CREATE TABLE site_link (
  rev_from INTEGER PRIMARY KEY NOT NULL, rev_to INTEGER, plot INTEGER NOT NULL,
  plot_id TEXT NOT NULL, site TEXT NOT NULL, date DATE NOT NULL, rule TEXT NOT NULL,
  dataset TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX site_link_source ON site_link (dataset, record);
CREATE INDEX site_link_plot ON site_link (plot);

CREATE TABLE patrol_leg (
  rev_from INTEGER PRIMARY KEY NOT NULL, rev_to INTEGER, geom MULTILINESTRING NOT NULL,
  leg_id TEXT NOT NULL, season TEXT NOT NULL, date DATE NOT NULL, team TEXT,
  started_at DATETIME, ended_at DATETIME, sweep_width_m DOUBLE,
  dataset TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX patrol_leg_source ON patrol_leg (dataset, record);

-- A point with a radius, or an outline without one.
CREATE TABLE empty_search (
  rev_from INTEGER PRIMARY KEY NOT NULL, rev_to INTEGER, geom GEOMETRY NOT NULL,
  search_id TEXT NOT NULL, season TEXT NOT NULL, date DATE NOT NULL, team TEXT, radius_m DOUBLE,
  dataset TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX empty_search_source ON empty_search (dataset, record);

CREATE TABLE outreach (
  rev_from INTEGER PRIMARY KEY NOT NULL, rev_to INTEGER, outreach_id TEXT NOT NULL,
  season TEXT NOT NULL, date DATE NOT NULL, commune TEXT NOT NULL, hamlet TEXT,
  meetings INTEGER NOT NULL, pledges INTEGER, dataset TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX outreach_source ON outreach (dataset, record);

-- What is true of a plot, by all that was told about it and stands. One append resolves a plot
-- once: rev_from is the append's last event about it.
CREATE TABLE plot (
  fid INTEGER PRIMARY KEY NOT NULL, rev_from INTEGER NOT NULL, rev_to INTEGER,
  geom POINT NOT NULL, plot INTEGER NOT NULL, plot_id TEXT NOT NULL, season TEXT NOT NULL,
  site TEXT, error_m DOUBLE NOT NULL, error_assumed BOOLEAN NOT NULL, area_m2 DOUBLE,
  area_method TEXT, first_source TEXT NOT NULL, reported_on DATE NOT NULL, confirmed_on DATE,
  stage TEXT, lancing_on DATE NOT NULL, lancing_assumed BOOLEAN NOT NULL, destroyed_on DATE,
  destroyed_m2 DOUBLE, destruction_method TEXT, verified_on DATE, verified_m2 DOUBLE,
  in_time_m2 DOUBLE, regrown_on DATE, rejected_on DATE, rejected_as TEXT, duplicate_of TEXT,
  dataset TEXT NOT NULL);
CREATE INDEX plot_now ON plot (plot) WHERE rev_to IS NULL;
CREATE INDEX plot_since ON plot (rev_from);
CREATE INDEX plot_until ON plot (rev_to) WHERE rev_to IS NOT NULL;
CREATE INDEX plot_site ON plot (site) WHERE rev_to IS NULL AND site IS NOT NULL;

CREATE TABLE plot_outline (
  fid INTEGER PRIMARY KEY NOT NULL, rev_from INTEGER NOT NULL, rev_to INTEGER,
  geom MULTIPOLYGON NOT NULL, plot INTEGER NOT NULL, plot_id TEXT NOT NULL);
CREATE INDEX plot_outline_now ON plot_outline (plot) WHERE rev_to IS NULL;

-- A place over all seasons, at the best position of the plots linked to it.
CREATE TABLE site (
  fid INTEGER PRIMARY KEY NOT NULL, rev_from INTEGER NOT NULL, rev_to INTEGER,
  geom POINT NOT NULL, site TEXT NOT NULL, plots INTEGER NOT NULL, first_season TEXT NOT NULL,
  last_season TEXT NOT NULL);
CREATE INDEX site_now ON site (site) WHERE rev_to IS NULL;
