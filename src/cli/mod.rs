//! The command line and nothing else: flags in, sentences and exit codes out.

mod analyse;
mod args;
mod export;
mod import;
mod output;
mod progress;
mod say;
mod serve;
mod store;

use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

pub use args::Cli;
use args::Command;
use say::Failure;

/// Does what the command line says.
pub fn run(cli: Cli) -> ExitCode {
    let filter = EnvFilter::builder()
        .with_default_directive(tracing::level_filters::LevelFilter::INFO.into())
        .with_env_var("POPPYWATCH_LOG")
        .from_env_lossy();
    // Only the first of two subscribers in one process counts, and one is enough.
    let _already_set = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .try_init();
    let deployment = cli.deployment;
    // An empty name is no store, and only who needs one is told so.
    if deployment.store.as_os_str().is_empty() && !matches!(cli.command, Command::Analyse(_)) {
        return Failure::input("--store (or POPPYWATCH_STORE) is empty: name a file").tell();
    }
    let done = match cli.command {
        Command::Serve(serving) => serve::serve(&deployment, &serving),
        Command::Import(args) => import::import(&deployment, &args),
        Command::Export(args) => export::export(&deployment, &args),
        Command::Analyse(args) => analyse::analyse(&deployment, &args),
        Command::Verify { json } => store::verify(&deployment, json),
        Command::Backup { to } => store::backup(&deployment, &to),
        Command::Demo { files } => import::demo(&deployment, files.as_deref()),
    };
    match done {
        Ok(code) => code,
        Err(failure) => failure.tell(),
    }
}

/// What a command comes to.
type Done = Result<ExitCode, Failure>;
