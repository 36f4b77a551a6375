//! `verify` and `backup`.

use std::{path::Path, process::ExitCode};

use super::{
    Done,
    progress::Bar,
    say::{NOT_VERIFIED, say, say_json},
};
use crate::{config::Deployment, ingest::Progress, store::Store};

/// `poppywatch verify`
pub fn verify(deployment: &Deployment, json: bool) -> Done {
    let store = Store::open(&deployment.store, &deployment.country_pack()?)?;
    let bar = Bar::default();
    bar.start(None, "replaying the log");
    let verified = store.verify(&|_, _| bar.advance(1))?;
    bar.finish();
    if json {
        say_json(&verified)?;
    } else {
        say(&verified.to_string())?;
    }
    Ok(if verified.is_whole() { ExitCode::SUCCESS } else { ExitCode::from(NOT_VERIFIED) })
}

/// `poppywatch backup COPY`
pub fn backup(deployment: &Deployment, to: &Path) -> Done {
    let store = Store::open(&deployment.store, &deployment.country_pack()?)?;
    store.backup(to)?;
    say(&format!("{} is a copy of {}", to.display(), deployment.store.display()))?;
    Ok(ExitCode::SUCCESS)
}
