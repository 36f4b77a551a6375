//! `analyse`: every method of the statistics core on any file, no deployment needed.
//!
//! A file is read whole (`input`), a method asks its flags of a `Job`, and answers with an
//! `Outcome`: a table, shapes where it has them, and figures about the whole (`output` writes
//! them). One file a method; [`METHODS`] lists them all, and the command line, its help and the
//! tests read the list.

mod cells;
mod columns;
mod error;
mod examples;
mod input;
mod job;
mod method;
mod methods;
mod options;
mod output;
mod plane;
mod weighing;

pub use error::AnalyseError;
pub use examples::example;
pub use input::Input;
pub use job::{Given, Job};
pub use method::{Cell, Column, Method, Opt, Outcome};
pub use methods::METHODS;
pub use output::{OutputFormat, csvw, provenance, shown, summary, tell_format, write_outcome};
pub use plane::Plane;

/// Flags whose value may be a file that is read.
pub const FILES: [&str; 4] = ["weights", "outline", "ground", "window"];

/// The flags of a method: its own, then those that say where things are.
pub fn flags(method: &'static Method) -> impl Iterator<Item = &'static Opt> {
    method.options.iter().chain(options::PLACE)
}

/// The method of a name.
pub fn method(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name).copied()
}
