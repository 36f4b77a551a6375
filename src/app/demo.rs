//! The demo deployment: its files are inside the program and go in the ordinary way.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use rust_embed::RustEmbed;

use super::{App, AppError, Strictness};
use crate::{
    demo::Manifest,
    ingest::{ImportRequest, Progress},
    store::Appended,
};

/// The demo's files, with their licences.
#[derive(RustEmbed)]
#[folder = "data/demo/"]
struct Files;

/// One file of the demo, imported.
#[derive(Debug)]
pub struct DemoStep {
    /// Its title.
    pub title: String,
    /// What it did to the log.
    pub appended: Appended,
}

/// Writes the demo's files into `folder`; returns their names.
///
/// # Errors
///
/// [`AppError::File`] where the folder takes no file.
pub fn demo_files(folder: &Path) -> Result<Vec<String>, AppError> {
    let mut names: Vec<String> = Files::iter().map(std::borrow::Cow::into_owned).collect();
    names.sort();
    for name in &names {
        let target = folder.join(relative(name)?);
        let write = || {
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&target, content(name)?)
        };
        write().map_err(|source| AppError::File {
            what: format!("writing {}", target.display()),
            source,
        })?;
    }
    Ok(names)
}

impl App {
    /// Imports the demo, file by file. A second time changes nothing.
    ///
    /// # Errors
    ///
    /// [`AppError`] where a file of the demo cannot be imported whole: then it is our fault.
    pub fn load_demo(&self, progress: &dyn Progress) -> Result<Vec<DemoStep>, AppError> {
        let manifest = content("manifest.toml")
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or_else(|| AppError::Input("the demo's manifest is missing".into()))?;
        let manifest = Manifest::from_toml(&manifest)
            .map_err(|reason| AppError::Input(format!("the demo's manifest: {reason}")))?;
        let folder = Folder::new()?;
        demo_files(&folder.0)?;
        let mut steps = Vec::new();
        for file in manifest.files {
            let path = folder.0.join(relative(&file.path)?);
            let request = ImportRequest {
                dataset: Some(file.dataset),
                title: Some(file.title.clone()),
                licence: Some(file.licence),
                attribution: file.attribution,
                simulated: file.simulated,
                approximate: file.approximate,
                crs: file.crs,
                ..ImportRequest::new(path, file.kind)
            };
            let imported = self.import(&request, Strictness::AllRows, true, progress)?;
            if let Some(appended) = imported.appended {
                steps.push(DemoStep { title: file.title, appended });
            }
        }
        Ok(steps)
    }
}

fn content(name: &str) -> std::io::Result<Vec<u8>> {
    Files::get(name)
        .map(|file| file.data.into_owned())
        .ok_or_else(|| std::io::Error::new(std::io::ErrorKind::NotFound, name.to_owned()))
}

/// `name` as a path that stays below its folder.
fn relative(name: &str) -> Result<PathBuf, AppError> {
    let path = PathBuf::from(name);
    let stays = path.components().all(|part| matches!(part, Component::Normal(_)));
    if stays {
        Ok(path)
    } else {
        Err(AppError::Input(format!("`{name}` leaves the demo's folder")))
    }
}

/// A folder of our own that goes when we go.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, AppError> {
        let base = std::env::temp_dir();
        let made = (0..100_u32).find_map(|turn| {
            let path = base.join(format!("poppywatch-demo-{}-{turn}", std::process::id()));
            // Only a folder that nobody made before us: in a shared folder it could be a trap.
            fs::create_dir(&path).ok().map(|()| Self(path))
        });
        made.ok_or_else(|| AppError::File {
            what: format!("making a folder in {}", base.display()),
            source: std::io::Error::other("no name was free"),
        })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is left in the temporary folder, for the system to clear.
        let _left = fs::remove_dir_all(&self.0);
    }
}
