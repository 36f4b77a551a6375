//! The program: reads its settings, then does what the command line says.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    poppywatch::cli::run(poppywatch::cli::Cli::parse())
}
