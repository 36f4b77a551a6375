//! The settings of a run and the country pack: the only reader of the environment.

use std::{fs, net::SocketAddr, path::PathBuf};

use clap::{
    Args,
    builder::{OsStringValueParser, TypedValueParser as _},
};
use jiff::civil::Date;
use thiserror::Error;

use crate::domain::CountryPack;

/// Settings that every command shares.
#[derive(Args, Clone, Debug)]
pub struct Deployment {
    /// The file that holds everything: one `GeoPackage`, opened by QGIS as it is
    #[arg(
        long,
        global = true,
        env = "POPPYWATCH_STORE",
        default_value = "poppywatch.gpkg",
        value_parser = OsStringValueParser::new().map(PathBuf::from),
        value_name = "FILE"
    )]
    pub store: PathBuf,
    /// The country pack (TOML): metric CRS, season calendar, lancing dates. Lai Châu unless given
    #[arg(long, global = true, env = "POPPYWATCH_PACK", value_name = "FILE")]
    pub pack: Option<PathBuf>,
    /// Answer as if it were this day; the clock in the pack's time zone unless given
    #[arg(long, global = true, env = "POPPYWATCH_TODAY", value_name = "YYYY-MM-DD")]
    pub today: Option<Date>,
}

/// Settings of the server.
#[derive(Args, Clone, Debug)]
pub struct Serving {
    /// Where to listen. Loopback unless told otherwise: anybody who reaches it can read everything
    #[arg(
        long,
        env = "POPPYWATCH_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDRESS:PORT"
    )]
    pub listen: SocketAddr,
    /// The address by which clients reach the server from outside, such as `https://maps.example.vn/poppy`
    #[arg(long, env = "POPPYWATCH_BASE_URL", value_name = "URL")]
    pub base_url: Option<String>,
    /// Threads that compute; the number of processors unless given
    #[arg(long, env = "POPPYWATCH_THREADS", value_name = "N")]
    pub threads: Option<usize>,
}

/// A setting that cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The pack cannot be read.
    #[error("country pack {file}: {source}", file = .file.display())]
    Unreadable {
        /// The file named.
        file: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The pack is not well formed.
    #[error("country pack {file}: {reason}; data/packs/lai-chau.toml shows what is right", file = .file.display())]
    Pack {
        /// The file named.
        file: PathBuf,
        /// What is wrong in it.
        reason: String,
    },
}

impl Deployment {
    /// The country pack: the one named, else Lai Châu.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for a pack that cannot be read or is not well formed.
    pub fn country_pack(&self) -> Result<CountryPack, ConfigError> {
        let Some(file) = &self.pack else { return Ok(CountryPack::lai_chau()) };
        let text = fs::read_to_string(file)
            .map_err(|source| ConfigError::Unreadable { file: file.clone(), source })?;
        CountryPack::from_toml(&text)
            .map_err(|reason| ConfigError::Pack { file: file.clone(), reason })
    }
}
